"""A whole run is as polite as it says, by what the servers saw: the delay, one request at a time, redirects and robots.txt included."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from test_pipeline import HASTE, NOW

from benchmarks.press_server import NETWORK
from scraper.pipeline.conduct import Conduct
from scraper.pipeline.crawl import crawl
from scraper.records import Policy, Source

STORIES, SITES = 3, 4


@contextmanager
def press(crawl_delay_s: float) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "benchmarks.press_server", "--stories", str(STORIES), "--crawl-delay", str(crawl_delay_s)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        yield server
        assert server.stdin
        server.stdin.close()


def report(server: "subprocess.Popen[str]") -> list[dict[str, Any]]:
    assert server.stdin
    assert server.stdout
    server.stdin.write("\n")
    server.stdin.flush()
    seen = json.loads(server.stdout.readline())
    return [host for host in seen.values() if host["requests"]]


@pytest.mark.parametrize(("own_s", "asked_s"), [(0.1, 0.02), (0.02, 0.1)])
async def test_no_host_is_asked_more_often_or_by_more_connections_than_it_allows(database: Path, own_s: float, asked_s: float) -> None:
    with press(asked_s) as server:
        assert server.stdout
        port = int(server.stdout.readline())
        sources = []
        for number in range(SITES):
            host = f"{NETWORK}{number + 1}"
            moved = f"http://{host}:{port}/moved"
            policy = Policy(delay_s=own_s, timeout_s=20.0, allow_private=True)
            # Two sources on each host, whose listings are redirected.
            sources += [
                Source(id=f"{number}-feed", name="Feed", domain=host, feeds=(f"{moved}/feed.xml",), policy=policy),
                Source(id=f"{number}-map", name="Map", domain=host, news_sitemaps=(f"{moved}/news.xml",), policy=policy),
            ]
        summary = await crawl(sources, db=database, now=lambda: NOW, log=logging.getLogger("nobody"), conduct=Conduct(patience=HASTE))
        assert (summary.total.new, summary.exit_code) == (STORIES * SITES, 0)
        seen = report(server)
    assert len(seen) == SITES
    assert {host["in_hand"] for host in seen} == {1}
    assert {host["connections"] for host in seen} == {1}
    assert all(host["requests"] >= 1 + 2 * 2 + STORIES for host in seen)
    assert min(host["shortest_gap_s"] for host in seen) >= max(own_s, asked_s)
