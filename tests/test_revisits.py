"""Fresh stories are looked at again, conditionally and within bounds, and what has changed is brought up to date."""

import asyncio
import logging
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from newsroom import Answer, Newsroom, newsroom

from scraper.errors import BadStatus, NetworkError
from scraper.pipeline.crawl import crawl
from scraper.pipeline.summary import RunSummary
from scraper.records import Article, Link, NotModified, Page, Policy, Source, Validators
from scraper.store import Store

NOW = datetime(2026, 1, 6, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
LOG = logging.getLogger("tests.revisits")
SCHEDULE = Source(id="x", name="x", domain="x").revisit


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with newsroom() as site:
        site.answers["/robots.txt"] = Answer(status=404)
        yield site


def run(db: Path, room: Newsroom, after: timedelta = timedelta(), **settings: object) -> RunSummary:
    site = Source(
        id="quay", name="Quay", domain="127.0.0.1", feeds=(f"{room.origin}/rss",), policy=Policy(delay_s=0, allow_private=True),
        **settings,  # type: ignore[arg-type]
    )  # fmt: skip
    return asyncio.run(crawl((site,), db=db, now=lambda: NOW + after, log=LOG))


def rows(db: Path, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(db) as store:
        return store.execute(query).fetchall()


def test_a_story_is_asked_for_again_conditionally_at_each_step_and_not_between(room: Newsroom, tmp_path: Path) -> None:
    db = tmp_path / "news.db"
    room.feed("/rss", [room.story("/wall", "Pell", headers={"ETag": '"one"'})])
    run(db, room)
    for hours, asked in ((0.9, 1), (1.1, 2), (5.9, 2), (6.1, 3), (23, 3), (25, 4), (71, 4), (73, 5), (100, 5)):
        done = run(db, room, HOUR * hours)
        assert (hours, room.asked("/wall")) == (hours, asked)
        assert (done.total.failed, done.total.new) == (0, 0)
    sent = [headers.get("if-none-match") for path, headers in room.requests if path == "/wall"]
    assert sent == [None, '"one"', '"one"', '"one"', '"one"']
    assert rows(db, "SELECT last_seen_at, content_changed_at FROM articles") == [("2026-01-09 13:00:00", "2026-01-06 12:00:00")]
    assert rows(db, "SELECT pages, articles_unchanged FROM run_summary WHERE run_id = 3") == [(1, 1)]
    assert rows(db, "SELECT outcome, saved, article_id FROM fetches WHERE run_id = 3 AND kind = 'page'") == [
        ("not_modified", "unchanged", 1)
    ]


def test_a_corrected_story_is_brought_up_to_date(room: Newsroom, tmp_path: Path) -> None:
    db = tmp_path / "news.db"
    room.feed("/rss", [room.story("/wall", "Pell", headers={"ETag": '"one"'})])
    run(db, room)
    page = room.answers["/wall"]
    page.body, page.headers = page.body.replace(b"nine million crowns", b"twelve million crowns"), {"ETag": '"two"'}
    assert run(db, room, 2 * HOUR).total.updated == 1
    assert rows(db, "SELECT content_changed_at, instr(body, 'twelve million') > 0 FROM articles") == [("2026-01-06 14:00:00", 1)]
    assert rows(db, "SELECT etag FROM validators WHERE url LIKE '%/wall'") == [('"two"',)]


def test_a_run_that_comes_late_looks_once_and_one_that_comes_much_later_not_at_all(room: Newsroom, tmp_path: Path) -> None:
    room.feed("/rss", [room.story("/wall", "Pell")])
    run(tmp_path / "news.db", room)
    run(tmp_path / "news.db", room, 80 * HOUR)
    run(tmp_path / "news.db", room, 81 * HOUR)
    assert room.asked("/wall") == 2
    run(tmp_path / "other.db", room)
    run(tmp_path / "other.db", room, 200 * HOUR)
    assert room.asked("/wall") == 3


def test_a_source_may_have_a_schedule_of_its_own_or_none(room: Newsroom, tmp_path: Path) -> None:
    room.feed("/rss", [room.story("/wall", "Pell")])
    for name, schedule, asked in (("never.db", (), 1), ("soon.db", (timedelta(minutes=30),), 2)):
        before = room.asked("/wall")
        run(tmp_path / name, room, revisit=schedule)
        run(tmp_path / name, room, 0.6 * HOUR, revisit=schedule)
        assert room.asked("/wall") - before == asked


def test_looking_again_takes_at_most_a_quarter_of_the_requests_and_new_stories_come_first(room: Newsroom, tmp_path: Path) -> None:
    db = tmp_path / "news.db"
    stories = [room.story(f"/s/{number}", f"Pell {number}") for number in range(8)]
    room.feed("/rss", stories)
    run(db, room)
    room.feed("/rss", [room.story(f"/new/{number}", f"Corran {number}") for number in range(8)] + stories)
    asked = len(room.requests)
    done = run(db, room, 2 * HOUR, max_items=8)
    paths = [path.split("/")[1] for path, _ in room.requests[asked:]][1:]  # the feed comes first
    assert paths == ["new"] * 6 + ["s"] * 2
    assert (done.total.fetched, done.total.new, done.total.unchanged) == (8, 6, 2)


# --- which of them ---


def saved(db: Path, url: str, *, published: datetime | None = None, headers: tuple[tuple[str, str], ...] = ()) -> Store:
    store = Store.open(db)
    number = store.begin_run("run", started_at=NOW)
    body = " ".join(f"The wall of {url} is to rise by two metres, the council says." for _ in range(9))
    page = Page(url=url, requested_url=url, status=200, headers=headers, content=b"x", fetched_at=NOW)
    link = Link(url=url, source_id="quay", kind="feed", published=published)
    store.record_article(number, link, page, Article(verdict="article", headline="Wall", body=body))
    return store


def due(store: Store, after: timedelta) -> list[tuple[str, Validators | None]]:
    found = store.revisits("quay", now=NOW + after, schedule=SCHEDULE, limit=10)
    return [(each.link.url, each.validators) for each in found]


WALL = "https://quay.example/wall"


def test_a_story_out_of_an_archive_is_not_fresh(tmp_path: Path) -> None:
    with saved(tmp_path / "news.db", WALL, published=NOW - timedelta(days=4)) as store:
        assert due(store, 2 * HOUR) == []


def test_a_story_comes_with_the_validators_of_its_page(tmp_path: Path) -> None:
    with saved(tmp_path / "news.db", WALL, headers=(("last-modified", "Mon, 05 Jan 2026 10:00:00 GMT"),)) as store:
        assert due(store, 2 * HOUR) == [(WALL, Validators(last_modified="Mon, 05 Jan 2026 10:00:00 GMT"))]


def test_a_second_address_of_a_story_is_not_asked_again(tmp_path: Path) -> None:
    with saved(tmp_path / "news.db", WALL) as store:
        body = " ".join(f"The wall of {WALL} is to rise by two metres, the council says." for _ in range(9))
        copy = "https://quay.example/copy"
        page = Page(url=copy, requested_url=copy, status=200, headers=(), content=b"x", fetched_at=NOW)
        story = Article(verdict="article", headline="Wall", body=body)
        assert store.record_article(1, Link(url=copy, source_id="quay"), page, story).outcome == "duplicate"
        assert [url for url, _ in due(store, 2 * HOUR)] == [WALL]


def test_a_page_that_was_no_story_is_not_asked_again(tmp_path: Path) -> None:
    with Store.open(tmp_path / "news.db") as store:
        number = store.begin_run("run", started_at=NOW)
        page = Page(url=WALL, requested_url=WALL, status=200, headers=(), content=b"x", fetched_at=NOW)
        store.record_article(number, Link(url=WALL, source_id="quay"), page, Article(verdict="listing"))
        assert due(store, 2 * HOUR) == []


def test_a_page_that_is_gone_is_left_alone_and_one_that_fails_is_asked_again_in_its_time(tmp_path: Path) -> None:
    gone = BadStatus("gone", code="http_410", url=WALL, status=410)
    slow = NetworkError("slow", code="timeout", url=WALL, retryable=True)
    for name, error, later in (("gone.db", gone, []), ("slow.db", slow, [WALL])):
        with saved(tmp_path / name, WALL) as store:
            store.record_failure(1, error, source_id="quay", url=WALL, kind="page", at=NOW + 2 * HOUR)
            assert due(store, 2.1 * HOUR) == []
            assert [url for url, _ in due(store, 7 * HOUR)] == later


def test_a_304_for_a_story_that_is_not_known_any_more_is_harmless(tmp_path: Path) -> None:
    with Store.open(tmp_path / "news.db") as store:
        number = store.begin_run("run", started_at=NOW)
        store.remember_sources((Source(id="quay", name="Quay", domain="quay.example"),), NOW)
        assert store.record_unchanged(number, Link(url=WALL, source_id="quay"), NotModified(url=WALL, fetched_at=NOW)).article_id is None
