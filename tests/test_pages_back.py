"""A source without a feed is collected from its section pages, and `since` reads listings back to a day."""

import asyncio
import logging
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from newsroom import Answer, Newsroom, newsroom

from scraper.pipeline.conduct import Conduct
from scraper.pipeline.crawl import crawl
from scraper.pipeline.summary import RunSummary
from scraper.records import Policy, Source

NOW = datetime(2026, 1, 6, 12, 0, tzinfo=UTC)
LOG = logging.getLogger("tests.pages_back")
PLACES = ("Pell", "Saltmere", "Corran", "Ebis", "Talau", "Quay")


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with newsroom() as site:
        site.answers["/robots.txt"] = Answer(status=404)
        yield site


def run(db: Path, *sources: Source, since: datetime | None = None) -> RunSummary:
    return asyncio.run(crawl(sources, db=db, now=lambda: NOW, log=LOG, conduct=Conduct(since=since)))


def source(**listings: tuple[str, ...]) -> Source:
    return Source(id="room", name="Room", domain="127.0.0.1", policy=Policy(delay_s=0, allow_private=True), **listings)  # type: ignore[arg-type]


def section(room: Newsroom, path: str, places: tuple[str, ...], more: str = "", **answer: object) -> str:
    cards = "".join(
        f'<li><h3><a href="{room.story(f"/s/{place}", place)}">The sea wall of {place} is to rise</a></h3></li>' for place in places
    )
    room.answers[path] = Answer(f"<html><body><ul>{cards}</ul>{more}</body></html>".encode(), **answer)  # type: ignore[arg-type]
    return room.origin + path


def headlines(db: Path) -> set[str]:
    with sqlite3.connect(db) as store:
        return {row[0] for row in store.execute("SELECT headline FROM articles")}


def test_a_source_without_a_feed_is_collected_and_asked_conditionally_the_next_time(room: Newsroom, tmp_path: Path) -> None:
    site = source(sections=(section(room, "/news/", PLACES[:4], headers={"ETag": '"1"'}),))
    first = run(tmp_path / "news.db", site)
    assert (first.total.new, first.total.failed, len(headlines(tmp_path / "news.db"))) == (4, 0, 4)
    asked = len(room.requests)
    second = run(tmp_path / "news.db", site)
    assert (second.total.not_modified, second.total.new) == (1, 0)
    assert [path for path, _ in room.requests[asked:]] == ["/news/"]
    with sqlite3.connect(tmp_path / "news.db") as store:
        assert store.execute("SELECT listings, listings_unchanged FROM run_summary WHERE run_id = 2").fetchone() == (1, 1)


def test_pages_are_followed_back_only_when_asked(room: Newsroom, tmp_path: Path) -> None:
    site = source(sections=(section(room, "/news/", PLACES[:3], '<a rel="next" href="/news/?page=2">2</a>'),))
    section(room, "/news/?page=2", PLACES[3:])
    run(tmp_path / "one.db", site)
    assert room.asked("/news/?page=2") == 0
    summary = run(tmp_path / "all.db", site, since=datetime(2025, 12, 1, tzinfo=UTC))
    assert (room.asked("/news/?page=2"), summary.total.new) == (1, 6)


def test_an_index_is_read_back_to_the_day_and_no_further(room: Newsroom, tmp_path: Path) -> None:
    days = [(f"2025-{month}-01", place) for month, place in zip(("12", "11", "10"), PLACES, strict=False)]
    index = "".join(f"<sitemap><loc>{room.origin}/{day}.xml</loc><lastmod>{day}</lastmod></sitemap>" for day, _ in days)
    room.answers["/index.xml"] = Answer(f"<sitemapindex>{index}</sitemapindex>".encode(), type="application/xml")
    for day, place in days:
        entry = f"<url><loc>{room.story(f'/s/{place}', place)}</loc><lastmod>{day}</lastmod></url>"
        room.answers[f"/{day}.xml"] = Answer(f"<urlset>{entry}</urlset>".encode(), type="application/xml")
    summary = run(tmp_path / "news.db", source(news_sitemaps=(f"{room.origin}/index.xml",)), since=datetime(2025, 11, 1, tzinfo=UTC))
    assert (summary.total.new, room.asked("/2025-10-01.xml")) == (2, 0)
