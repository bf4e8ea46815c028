"""Are the fixture sites what their generator makes, is their truth true, and does their server behave as a web server does?"""

import gzip
import re
import shlex
import signal
import subprocess
import sys
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from fixtures.build import files
from fixtures.server import LAST_MODIFIED, Served, serve
from fixtures.stories import Story, stories
from fixtures.truth import SITES, content, expected
from scraper.sources import load

ROOT = Path(__file__).resolve().parents[1]
STORIES = stories()
PAGES = {path: entry for path, entry in expected().items() if entry["verdict"] == "article"}
LAYOUTS = ("bookmark", "aggregator")
MARKUPS = {"semantic", "utility", "hashed", "breaks", "twins", "related_first", "table", "flat", "custom", "text"}


def visible(path: str) -> str:
    """Give what stands on the page, in document order, spaces folded."""
    encoding = "windows-1252" if path.endswith(("marche-couvert.html", "nachtbus.html")) else "utf-8"
    text = content(path).decode(encoding)
    if path.endswith(".html"):
        body = LexborHTMLParser(text).body
        text = body.text(separator=" ") if body else ""
    return re.sub(r"\s+", "", text)


def get(url: str, **headers: str) -> tuple[HTTPResponse, bytes]:
    place = urlsplit(url)
    connection = HTTPConnection(place.netloc, timeout=10)
    try:
        connection.request("GET", place.path or "/", headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def test_committed_sites_are_what_the_generator_makes() -> None:
    committed = {path.relative_to(SITES).as_posix(): path.read_bytes() for path in SITES.rglob("*") if path.is_file()}
    made = files()
    assert sorted(committed) == sorted(made)
    assert [path for path in made if committed[path] != made[path]] == [], "run: python -m fixtures.build"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_seed_layout_is_set_in_every_markup(layout: str) -> None:
    assert {entry["markup"] for entry in PAGES.values() if entry["layout"] == layout} == MARKUPS


def test_stories_are_enough_and_in_several_languages() -> None:
    english = [story for story in STORIES.values() if story.language == "en"]
    assert len(english) >= 16
    assert {story.language for story in STORIES.values()} >= {"en", "de", "fr", "es", "ar", "ja"}


@pytest.mark.parametrize("story", STORIES.values(), ids=lambda story: story.id)
def test_story_is_as_long_as_news_is(story: Story) -> None:
    paragraphs = [part.text for part in story.body if part.kind == "p"]
    assert 6 <= len(paragraphs) <= 14
    assert max(map(len, paragraphs)) <= 700


def test_stories_share_no_run_of_words_with_the_seeds(shared: Path) -> None:
    def runs(lines: list[str]) -> set[tuple[str, ...]]:
        worded = [re.findall(r"\w+", line.lower()) for line in lines]
        return {tuple(words[start : start + 7]) for words in worded for start in range(len(words) - 6)}

    seeds = set().union(*(runs(path.read_text(encoding="utf-8").split("\n")) for path in (shared / "seeds").glob("*.txt")))
    ours = set().union(*(runs(entry["body"] + entry["optional"] + entry["chrome"]) for entry in PAGES.values()))
    assert ours & seeds == set()


@pytest.mark.parametrize("path", PAGES)
def test_page_shows_the_whole_story_in_order(path: str) -> None:
    text, position = visible(path), 0
    for paragraph in PAGES[path]["body"]:
        found = text.find(re.sub(r"\s+", "", paragraph), position)
        assert found >= 0, paragraph
        position = found + 1


@pytest.mark.parametrize("path", PAGES)
def test_no_line_of_chrome_is_part_of_the_story(path: str) -> None:
    story = "\n".join(PAGES[path]["body"])
    assert [line for line in PAGES[path]["chrome"] if len(line) > 25 and line in story] == []
    assert set(PAGES[path]["chrome"]).isdisjoint(PAGES[path]["body"])


def test_server_puts_its_own_and_other_origins_in(sites: Served) -> None:
    response, body = get(sites.url("harbour-times/2026/10/14/heat-pumps.html"))
    assert response.status == 200
    assert f"{sites.origins['harbour-times']}/#website".encode() in body
    assert b"{origin" not in body
    assert f'"{sites.origins["quay-gazette"]}/feed.xml"' in sites.sources_yaml


@pytest.mark.parametrize(
    ("page", "content_type"),
    [
        ("tidewire/post/water-pact.html", "text/html; charset=utf-8"),
        ("quay-gazette/news/marche-couvert.html", "text/html"),
        ("quay-gazette/notices/harbour-dredging.txt", "text/plain; charset=utf-8"),
        ("tidewire/feed.xml", "application/rss+xml"),
        ("talauer-anzeiger/atom.xml", "application/atom+xml"),
        ("tidewire/news-sitemap.xml", "application/xml"),
        ("tidewire/robots.txt", "text/plain; charset=utf-8"),
    ],
)
def test_server_names_the_type_and_the_charset_only_where_it_is_sure(sites: Served, page: str, content_type: str) -> None:
    assert get(sites.url(page))[0].getheader("Content-Type") == content_type


def test_server_packs_only_for_who_accepts_it(sites: Served) -> None:
    url = sites.url("tidewire/post/water-pact.html")
    plain, packed = get(url), get(url, Accept_Encoding="gzip, br")
    assert plain[0].getheader("Content-Encoding") is None
    assert packed[0].getheader("Content-Encoding") == "gzip"
    assert gzip.decompress(packed[1]) == plain[1]


def test_server_answers_not_modified_to_who_has_it(sites: Served) -> None:
    url = sites.url("tidewire/feed.xml")
    etag = get(url)[0].getheader("ETag") or ""
    assert get(url, If_None_Match=etag)[0].status == 304
    assert get(url, If_Modified_Since=LAST_MODIFIED)[0].status == 304
    assert get(url, If_None_Match='"another"', If_Modified_Since=LAST_MODIFIED)[0].status == 200


def test_server_remembers_every_request() -> None:
    with serve(["tidewire"]) as served:
        get(served.url("tidewire/robots.txt"), User_Agent="tester")
        get(served.url("tidewire/nowhere.html"))
    asked = [(request.site, request.method, request.path, request.status) for request in served.requests]
    assert asked == [("tidewire", "GET", "/robots.txt", 200), ("tidewire", "GET", "/nowhere.html", 404)]
    assert served.requests[0].headers["user-agent"] == "tester"
    assert served.requests[0].at <= served.requests[1].at


def test_sources_of_the_sites_can_be_used(sites: Served, sources_file: Path) -> None:
    sources = load(sources_file)
    assert {source.id for source in sources} == set(sites.origins)
    assert all(source.policy.allow_private and source.feeds and source.news_sitemaps for source in sources)


def test_every_listed_page_is_there(sites: Served) -> None:
    for site, origin in sites.origins.items():
        listing = "atom.xml" if (SITES / site / "atom.xml").exists() else "feed.xml"
        links = re.findall(rf"{origin}/[^<\"\s]+\.(?:html|txt)", get(f"{origin}/{listing}")[1].decode())
        assert links
        assert {get(link)[0].status for link in links} == {200}


def test_demonstration_shows_a_run_and_commands_that_work_afterwards(tmp_path: Path) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "fixtures.demo", str(tmp_path / "demo")], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert '"not modified"' in shown.stdout
    steps = [re.sub(r" \\\n\s*", " ", step).strip() for step in shown.stdout.split("try next:")[1].strip().split("\n\n")]
    assert len(steps) == 4
    for step in steps:
        assert tried(step) == 0, step


def tried(step: str) -> int:
    """Type a command, end it with Ctrl-C where it has said that it serves, and give its exit code. It has to say something."""
    serves = " serve " in step
    words = [*shlex.split(step), *(("--port", "0") if serves else ())]  # the usual port may be taken on this machine
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        if serves:
            assert "http://127.0.0.1:" in process.stderr.readline()
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)
        else:
            assert process.communicate(timeout=60)[0]
    return process.returncode
