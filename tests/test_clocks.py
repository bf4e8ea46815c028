"""Clocks that are wrong, ours and the servers': nothing is lost by them, and nobody is left alone for years."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from fault_server import FaultServer, answer
from fetching import NOW, failure_of, fetcher_with
from newsroom import Answer, Newsroom, newsroom
from test_pipeline import rows, run, source

from scraper.politeness import server_time


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with newsroom() as site:
        yield site


@pytest.mark.parametrize("off", [timedelta(days=400), timedelta(days=-400), timedelta(hours=-2)])
def test_a_run_under_a_wrong_clock_is_made_good_by_the_next_one(room: Newsroom, database: Path, off: timedelta) -> None:
    good, bad = room.story("/good", "Ostvik"), room.story("/bad", "Varde")
    room.feed("/feed.xml", [good, bad], ETag='"one"')
    whole, room.answers["/bad"] = room.answers["/bad"], Answer(b"", status=503, headers={"Retry-After": "90"})
    first, _ = run(database, source(room), now=NOW + off)
    assert (first.total.new, first.total.failed) == (1, 1)
    room.answers["/bad"] = whole
    second, _ = run(database, source(room), now=NOW + timedelta(hours=1))
    assert second.exit_code == 0
    assert second.total.new == 1
    assert rows(database, "SELECT count(*), count(DISTINCT url) FROM articles") == [(2, 2)]
    assert rows(database, "SELECT state FROM links") == [("done",), ("done",)]
    assert rows(database, "SELECT * FROM hosts WHERE resting_until_at IS NOT NULL") == []


@pytest.mark.parametrize("off", [timedelta(hours=3), timedelta(hours=-3)])
async def test_a_date_in_retry_after_is_meant_by_the_servers_own_clock(off: timedelta) -> None:
    theirs = NOW + off
    headers = [("Date", format_datetime(theirs, usegmt=True)), ("Retry-After", format_datetime(theirs + timedelta(minutes=5), usegmt=True))]
    async with FaultServer({"/a": answer(status=503, headers=headers)}) as server, fetcher_with() as fetcher:
        error = await failure_of(fetcher, server.url("/a"))
    assert (error.code, error.retry_after_s) == ("http_503", 300.0)


@pytest.mark.parametrize("date", [None, "", "yesterday", "Thu, 01 Jan 1970 00:00:00 GMT", "Sun, 06 Nov 2094 08:49:37 GMT"])
def test_a_clock_that_stands_or_runs_wild_is_none(date: str | None) -> None:
    assert server_time(date, NOW) == NOW


def test_a_clock_without_a_zone_is_in_utc() -> None:
    assert server_time("Mon, 05 Jan 2026 17:00:00 -0000", NOW) == datetime(2026, 1, 5, 17, 0, tzinfo=UTC)
