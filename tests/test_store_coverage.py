"""Is an absent story told from a day on which nobody looked? The view `coverage`, filled through the Store as runs fill it."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from test_store_samples import HARBOUR, NOW, SITE, VALLEY, article_of, body_of, link_of, opened, page_of

from scraper.errors import BadStatus
from scraper.records import NotModified
from scraper.store import Store

FEED = HARBOUR.feeds[0]
MIDNIGHT = NOW.replace(hour=0)


def look(store: Store, at: datetime) -> int:
    """Begin a run that finds the feed as it was, and give its number."""
    run = store.begin_run("run", started_at=at)
    store.record_listing(run, HARBOUR.id, FEED, "feed", NotModified(url=FEED, fetched_at=at), ())
    return run


def tell(store: Store, run: int, at: datetime, number: int, **changes: Any) -> None:
    """Store a story that was published at that moment."""
    name = f"{at:%m%d}-{number}"
    url = f"{SITE}/{name}"
    story = article_of(name, headline=f"Story {name}", **{"published": at, "body": f"Told as {name}.\n\n{body_of(name)}"} | changes)
    store.record_article(run, link_of(url), page_of(url, at=at), story)


def coverage(path: Path) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute("SELECT * FROM coverage ORDER BY source_id, day")]


def states(path: Path) -> list[str]:
    return [row["state"] for row in coverage(path)]


def test_a_day_on_which_nobody_looked_is_no_day_without_news(store: Store, database: Path) -> None:
    look(store, NOW)
    run = look(store, NOW + timedelta(days=3))
    tell(store, run, NOW + timedelta(days=2), 1)
    found = [(row["day"][-2:], row["state"], row["looks"], row["collected"]) for row in coverage(database)]
    assert found == [
        ("05", "no history", 1, 0), ("06", "not collected", 0, None), ("07", "not collected", 0, 1), ("08", "unfinished", 1, 0),
    ]  # fmt: skip


def test_looks_are_counted_and_those_that_failed_apart(store: Store, database: Path) -> None:
    run = look(store, NOW)
    look(store, NOW + timedelta(hours=1))
    broken = BadStatus("the server answered 503", code="http_503", url=FEED, status=503, retryable=True)
    store.record_failure(run, broken, source_id=HARBOUR.id, url=FEED, kind="feed", at=NOW)
    store.record_failure(run, broken, source_id=VALLEY.id, url=VALLEY.feeds[0], kind="feed", at=NOW)
    page = f"{SITE}/a-page"
    store.record_failure(run, broken, source_id=HARBOUR.id, url=page, kind="page", at=NOW)
    assert [(row["source_id"], row["looks"], row["looks_failed"], row["state"]) for row in coverage(database)] == [
        ("harbour", 2, 1, "unfinished"), ("valley", 0, 1, "not collected"),
    ]  # fmt: skip


def test_a_day_that_brings_too_little_is_a_gap_and_a_quiet_weekday_is_none(store: Store, database: Path) -> None:
    usual = (24, 24, 24, 24, 24, 4, 4)
    with store.together():
        for days in range(7 * 5):
            at = MIDNIGHT + timedelta(days=days, hours=6)
            run = look(store, at)
            for number in range(usual[days % 7] if days != 7 * 4 + 1 else 1):
                tell(store, run, at, number)
    found = {row["day"]: row for row in coverage(database)}
    gaps = [day for day, row in found.items() if row["state"] == "gap"]
    assert gaps == [f"{MIDNIGHT + timedelta(days=29):%Y-%m-%d}"]
    assert (found[gaps[0]]["collected"], found[gaps[0]]["expected"], found[gaps[0]]["gap"]) == (1, 24, 23)
    sunday = found[f"{MIDNIGHT + timedelta(days=33):%Y-%m-%d}"]
    assert (sunday["state"], sunday["collected"], sunday["expected"], sunday["gap"]) == ("collected", 4, 4, 0)


def test_stories_without_a_date_and_those_told_before_elsewhere_count_when_they_are_found(store: Store, database: Path) -> None:
    run = look(store, NOW)
    tell(store, run, NOW, 1)
    tell(store, run, NOW, 2, published=None, published_precision=None)
    copy = "https://valley.example/copy"
    store.record_listing(run, VALLEY.id, VALLEY.feeds[0], "feed", NotModified(url=VALLEY.feeds[0], fetched_at=NOW), ())
    story = article_of("0105-1", headline="Elsewhere", body=f"Told as 0105-1.\n\n{body_of('0105-1')}")
    saved = store.record_article(run, link_of(copy, source=VALLEY), page_of(copy), story)
    assert (saved.outcome, saved.matched_by) == ("duplicate", "text")
    assert [(row["source_id"], row["collected"]) for row in coverage(database)] == [("harbour", 2), ("valley", 1)]


def test_a_clock_that_jumps_fills_no_table(store: Store, database: Path) -> None:
    look(store, NOW)
    look(store, NOW + timedelta(days=20_000))
    look(store, NOW + timedelta(days=1))
    run = look(store, NOW + timedelta(days=3))
    tell(store, run, NOW, 1)
    rows = coverage(database)
    assert len(rows) < 500
    assert [row["looks"] for row in rows[:4]] == [1, 1, 0, 1]


def test_an_older_database_gets_the_days_of_its_past(database: Path) -> None:
    store, _ = opened(database)
    with store:
        for days in (*range(12), 15):
            tell(store, look(store, NOW + timedelta(days=days)), NOW + timedelta(days=days), 1)
    before = coverage(database)
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.executescript(
            "DROP VIEW coverage; DROP VIEW field_evidence; DROP VIEW rejects_by_reason; DROP VIEW failures_by_host;"
            "DROP TABLE collection_days; DROP INDEX articles_undated; DELETE FROM _sqlite_migrations WHERE name = '0015_coverage'"
        )
    Store.open(database).close()
    after = coverage(database)
    assert [(row["day"], row["state"], row["looks"]) for row in after] == [(row["day"], row["state"], row["looks"]) for row in before]
    assert [row["expected"] for row in after][9:] == [row["expected"] for row in before][9:]


def test_reading_a_day_asks_indexes_only(store: Store, database: Path) -> None:
    look(store, NOW)
    with closing(sqlite3.connect(database)) as connection:
        plan = [row[3] for row in connection.execute("EXPLAIN QUERY PLAN SELECT * FROM coverage WHERE source_id = 'x' AND day >= 'y'")]
    asked = [step for step in plan if "articles" in step and "SEARCH" in step and "rowid" not in step]
    assert len(asked) >= 2
    assert [step for step in asked if "INDEX" not in step] == []
