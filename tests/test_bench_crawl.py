"""The papers that `make bench-crawl` crawls are whole, the same each time, and served by a server that tells what it saw."""

import json
import subprocess
import sys
import urllib.request

from benchmarks.press import Paper
from benchmarks.press_server import NETWORK
from benchmarks.processes import watched
from scraper import extract

ORIGIN = "http://127.0.1.1:80"


def test_a_made_up_story_is_drawn_the_same_each_time_and_read_whole() -> None:
    for number in range(4):
        paper = Paper(number=number, count=9, origin=ORIGIN)
        story = paper.story(4)
        assert story == Paper(number=number, count=9, origin=ORIGIN).story(4)
        found = paper.answer(story.path)
        assert found is not None
        assert 60_000 < len(found[0]) < 200_000, "what a news page weighs"
        article = extract(found[0], ORIGIN + story.path)
        assert (article.headline, article.body, article.verdict) == (story.headline, "\n\n".join(story.paragraphs), "article")


def test_the_server_tells_what_it_was_asked_and_how_fast() -> None:
    command = [sys.executable, "-m", "benchmarks.press_server", "--stories", "3", "--wait-ms", "0"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin
        assert server.stdout
        origin = f"http://{NETWORK}2:{int(server.stdout.readline())}"
        for path in ("/robots.txt", "/moved/feed.xml"):
            with urllib.request.urlopen(origin + path) as answer:
                assert answer.status == 200
        server.stdin.write("\n")
        server.stdin.flush()
        seen = json.loads(server.stdout.readline())[f"{NETWORK}2"]
        server.stdin.close()
    assert (seen["requests"], seen["in_hand"], seen["connections"]) == (3, 1, 1)
    assert (seen["listings"], seen["conditional"]) == ({"/feed.xml": 1}, {"/feed.xml": 0})
    assert seen["shortest_gap_s"] > 0


def test_a_command_is_watched_with_all_its_processes() -> None:
    program = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; [0] * 9_000_000; time.sleep(.3)'])"
    cost = watched([sys.executable, "-c", program])
    assert cost.wall_s >= 0.3
    main, other = cost.memory
    assert (main.name, other.name) == ("main", "other")
    assert main.most_mb > 3
