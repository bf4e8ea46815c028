"""robots.txt is kept from run to run: it holds for a day, is then asked for with its validators, and stands in where it cannot be read."""

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from newsroom import Answer, Newsroom, newsroom
from test_pipeline import NOW, run, scraped, source

from scraper.politeness import RobotsCopy
from scraper.records import Source, Validators
from scraper.store import Store

HOUR = timedelta(hours=1)
CLOSED = b"User-agent: *\nDisallow: /closed"


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with newsroom() as site:
        yield site


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "news.db"


def since(room: Newsroom, asked: int) -> list[tuple[str, str | None]]:
    return [(path, headers.get("if-none-match")) for path, headers in room.requests[asked:]]


def once(room: Newsroom) -> Source:
    return source(room, revisit=())


def rules(**headers: str) -> Answer:
    return Answer(CLOSED, type="text/plain", headers=headers)


def test_a_second_run_with_nothing_new_asks_for_its_feed_on_a_condition_and_for_nothing_else(room: Newsroom, database: Path) -> None:
    room.answers["/robots.txt"] = rules()
    room.feed("/feed.xml", [room.story("/a", "Ostvik")], ETag='"feed"')
    run(database, once(room))
    asked = len(room.requests)
    summary, _ = run(database, once(room), now=NOW + HOUR)
    assert since(room, asked) == [("/feed.xml", '"feed"')]
    assert (summary.exit_code, summary.total.not_modified) == (0, 1)


def test_what_was_kept_still_forbids(room: Newsroom, database: Path) -> None:
    room.answers["/robots.txt"] = rules()
    room.feed("/feed.xml", [room.story("/a", "Ostvik")])
    run(database, once(room))
    room.feed("/feed.xml", [room.story("/closed/b", "Varde"), room.story("/c", "Hamra")])
    summary, _ = run(database, once(room), now=NOW + HOUR)
    assert (summary.total.new, summary.total.refused, room.asked("/closed/b")) == (1, 1, 0)
    assert room.asked("/robots.txt") == 1


def test_after_a_day_it_is_asked_for_again_on_a_condition_and_holds_for_another_day(room: Newsroom, database: Path) -> None:
    room.answers["/robots.txt"] = rules(ETag='"rules"')
    room.feed("/feed.xml", [room.story("/a", "Ostvik"), room.story("/closed/b", "Varde")])
    for hours in (0, 23, 25, 48, 50):
        run(database, once(room), now=NOW + hours * HOUR)
    asked = [headers.get("if-none-match") for path, headers in room.requests if path == "/robots.txt"]
    assert asked == [None, '"rules"', '"rules"']
    assert room.asked("/closed/b") == 0


def test_a_site_without_robots_txt_is_not_asked_for_it_again_within_the_day(room: Newsroom, database: Path) -> None:
    room.feed("/feed.xml", [room.story("/a", "Ostvik")])
    for hours in (0, 12):
        run(database, once(room), now=NOW + hours * HOUR)
    assert room.asked("/robots.txt") == 1


def test_new_rules_replace_those_that_were_kept(room: Newsroom, database: Path) -> None:
    room.answers["/robots.txt"] = rules(ETag='"old"')
    room.feed("/feed.xml", [room.story("/closed/a", "Ostvik")])
    assert run(database, once(room))[0].total.refused == 1
    room.answers["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /other", type="text/plain", headers={"ETag": '"new"'})
    room.feed("/feed.xml", [room.story("/closed/b", "Varde")])
    assert run(database, once(room), now=NOW + 25 * HOUR)[0].total.new == 1


def test_a_copy_that_is_too_old_stands_in_while_the_site_cannot_give_a_new_one(room: Newsroom, database: Path) -> None:
    room.answers["/robots.txt"] = rules()
    room.feed("/feed.xml", [room.story("/a", "Ostvik")])
    run(database, once(room))
    room.answers["/robots.txt"] = Answer(b"", status=503)
    room.feed("/feed.xml", [room.story("/c", "Hamra"), room.story("/closed/b", "Varde")])
    summary, _ = run(database, once(room), now=NOW + 25 * HOUR)
    assert (summary.total.new, summary.total.refused, room.asked("/closed/b")) == (1, 1, 0)


def test_who_wants_one_page_uses_what_was_kept(room: Newsroom, database: Path) -> None:
    room.answers["/robots.txt"] = rules()
    room.feed("/feed.xml", [room.story("/a", "Ostvik")])
    run(database, once(room))
    closed, other = f"{room.origin}/closed/b", room.story("/c", "Hamra")
    codes = [[result.error and result.error.code for result in scraped([closed, other], robots=database)]]
    codes += [[result.error and result.error.code for result in scraped([closed, other], db=database)]]
    assert codes == [["robots_denied", None]] * 2
    assert (room.asked("/robots.txt"), room.asked("/closed/b")) == (1, 0)


def test_who_wants_one_page_keeps_what_is_saved_and_needs_no_database(room: Newsroom, database: Path) -> None:
    url = room.story("/a", "Ostvik")
    assert [result.error for options in ({}, {"robots": database}, {"db": database}) for result in scraped([url], **options)] == [None] * 3
    assert room.asked("/robots.txt") == 3
    scraped([url], robots=database)
    assert room.asked("/robots.txt") == 3


def test_a_failure_is_not_kept(room: Newsroom, database: Path) -> None:
    room.answers["/robots.txt"] = Answer(b"", status=500)
    room.feed("/feed.xml", [room.story("/a", "Ostvik")])
    run(database, once(room))
    with sqlite3.connect(database) as store:
        assert store.execute("SELECT count(*) FROM robots").fetchone() == (0,)


def test_a_copy_from_the_future_was_written_down_by_a_wrong_clock_and_is_not_used_unasked() -> None:
    copy = RobotsCopy(CLOSED, Validators(), NOW)
    assert [copy.fresh_s(NOW + hours * HOUR) for hours in (-1, 0, 23, 24, 900)] == [0, 86_400, 3_600, 0, 0]


def test_what_no_later_run_can_use_is_let_go(room: Newsroom, database: Path) -> None:
    room.feed("/feed.xml", [room.story("/a", "Ostvik", headers={"ETag": '"story"'})], ETag='"feed"')
    daily = source(room, revisit=(24 * HOUR,))
    kept = []
    for hours in (0, 47, 49):
        run(database, daily, now=NOW + hours * HOUR)
        with Store.open(database, read_only=True) as store:
            kept.append([store.validators(f"{room.origin}{path}") is not None for path in ("/a", "/feed.xml")])
    assert kept == [[True, True], [True, True], [False, True]]
