"""A host that refuses or keeps failing: asked more slowly, left alone for growing pauses, remembered between runs, never given up."""

import asyncio
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from fault_server import FaultServer, Route, answer, in_turn
from fetching import NOW, failure_of, fetcher_with, page_of
from newsroom import Answer, Newsroom, newsroom
from test_cli import Command, scraper, write_sources
from test_pipeline import POLICY, outcomes, rows, run, source

from scraper.errors import BadStatus, BodyError, FetchError, NetworkError
from scraper.fetch import Patience, Surroundings
from scraper.politeness import Trouble, is_hosts_fault
from scraper.records import Policy

__all__ = ["scraper"]
URL = "https://coast.example/a"
DOWN = NetworkError("nobody there", code="connect_failed", url=URL, retryable=True)


def refusal(status: int, retry_after_s: float | None = None) -> BadStatus:
    return BadStatus("no", code=f"http_{status}", url=URL, retryable=True, status=status, retry_after_s=retry_after_s)


def after(failures: int, error: FetchError = DOWN) -> Trouble:
    trouble = Trouble()
    for _ in range(failures):
        trouble = trouble.after_failure(error, NOW)
    return trouble


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with newsroom() as site:
        yield site


# --- the rules ---


def test_pauses_grow_from_a_quarter_of_an_hour_to_a_day_and_no_further() -> None:
    minutes = [after(failures).resting_s(NOW) / 60 for failures in range(1, 14)]
    assert minutes == [0, 0, 0, 0, 15, 30, 60, 120, 240, 480, 960, 1440, 1440]
    assert after(10_000).resting_s(NOW) == 86_400


def test_a_retry_after_is_kept_where_it_is_longer_for_a_week_at_most() -> None:
    assert after(1, refusal(503, 3_600.0)).resting_s(NOW) == 3_600
    assert after(6, refusal(503, 60.0)).resting_s(NOW) == 30 * 60
    assert after(1, refusal(429, 1e300)).resting_s(NOW) == 7 * 86_400


def test_a_rest_that_a_wrong_clock_wrote_down_is_over() -> None:
    trouble = Trouble(failures=5, resting_until=NOW + timedelta(days=400))
    assert trouble.resting_s(NOW) == 0
    assert trouble.resting_s(NOW + timedelta(days=400, hours=1)) == 0


def test_one_answer_ends_the_failures_and_success_takes_the_slowness_away() -> None:
    slow = Trouble().after_refusal(2.0)
    assert [slow.delay_s, slow.after_refusal(2.0).delay_s] == [4.0, 8.0]
    for _ in range(20):
        slow = slow.after_refusal(2.0)
    assert slow.delay_s == 120
    delays = []
    while slow != Trouble():
        slow = slow.after_answer(2.0)
        delays.append(slow.delay_s)
    assert delays[:2] == [pytest.approx(96), pytest.approx(76.8)]
    assert len(delays) < 25
    assert after(7).after_answer(2.0) == Trouble()


@pytest.mark.parametrize("error", [DOWN, refusal(429), refusal(503), refusal(500), refusal(522)])
def test_what_says_something_of_the_host_is_counted(error: FetchError) -> None:
    assert is_hosts_fault(error)


@pytest.mark.parametrize("error", [refusal(404), refusal(403), BodyError("short", code="truncated_body", url=URL)])
def test_what_says_something_of_the_page_is_not(error: FetchError) -> None:
    assert not is_hosts_fault(error)


# --- within a run, as the server sees it ---


async def gaps_of(first: Route, own: Patience) -> list[float]:
    """Ask for eight pages of a host, of which one is answered by `first`, in two errands side by side as two sources would.

    Gives the seconds between two requests from that one on.
    """
    async with FaultServer({f"/{number}": answer() for number in range(8)}) as server, fetcher_with(patience=own) as fetcher:
        server.routes["/0"] = first
        policy = Policy(allow_private=True, delay_s=0.02, obey_robots=False)

        async def source_of(numbers: range) -> None:
            for number in numbers:
                await page_of(fetcher, server.url(f"/{number}"), policy)

        await asyncio.gather(source_of(range(0, 8, 2)), source_of(range(1, 8, 2)))
        assert len(server.log) == 9
        refused = [seen.path for seen in server.log].index("/0")
        return [later.at - earlier.at for earlier, later in pairwise(server.log[refused:])]


@pytest.mark.parametrize("status", [429, 503])
async def test_a_refusal_slows_the_whole_host_down_and_success_makes_it_quicker_again(status: int) -> None:
    gaps = await gaps_of(in_turn(answer(status=status), answer()), Patience(first_wait_s=0.08, jitter_s=0.0))
    assert gaps[0] >= 0.15, "twice as slow at once, for whoever comes next"
    assert gaps[1] >= 0.12
    assert gaps[2] >= 0.09
    assert min(gaps) >= 0.02


async def test_a_host_that_was_slow_in_an_earlier_run_is_still_asked_slowly() -> None:
    async with FaultServer({"/a": answer(), "/b": answer()}) as server:
        troubles = {f"127.0.0.1:{server.port}": Trouble(delay_s=0.1)}
        async with fetcher_with(surroundings=Surroundings(troubles=troubles)) as fetcher:
            for path in ("/a", "/b"):
                await page_of(fetcher, server.url(path))
            assert [round(trouble.delay_s, 3) for trouble in fetcher.changed_troubles().values()] == [0.051]
        first, second = (later.at - earlier.at for earlier, later in pairwise(server.log))
        assert first >= 0.079
        assert second >= 0.063


async def test_a_host_that_fails_five_times_in_a_run_is_left_alone_for_the_rest_of_it() -> None:
    async with FaultServer({f"/{number}": answer(status=500) for number in range(7)}) as server:
        async with fetcher_with(patience=Patience(tries=1)) as fetcher:
            policy = Policy(allow_private=True, delay_s=0.0, obey_robots=False)
            codes = [(await failure_of(fetcher, server.url(f"/{number}"), policy)).code for number in range(7)]
        assert codes == ["http_500"] * 5 + ["host_resting"] * 2
        assert len(server.log) == 5


# --- from run to run ---


def hourly(count: int, start: int = 0) -> list[datetime]:
    return [NOW + timedelta(hours=hour) for hour in range(start, start + count)]


def test_a_dead_host_is_asked_less_and_less_and_its_links_wait_unharmed(room: Newsroom, database: Path) -> None:
    room.feed("/feed.xml", [room.story("/a", "Ostvik")])
    room.answers["/robots.txt"] = Answer(b"", status=500)
    asked = []
    for now in hourly(60):
        before = len(room.requests)
        summary, _ = run(database, source(room), now=now)
        asked.append(len(room.requests) > before)
        assert summary.exit_code == (4 if summary.ailing else 1)
    assert asked[:8] == [True] * 5 + [True, True, True], "rests of up to an hour are over when the next run comes"
    assert [hour for hour, was in enumerate(asked) if was][8:] == [9, 13, 21, 37], "then after 2, 4, 8 and 16 hours"
    assert rows(database, "SELECT failures, last_outcome, resting_until_at > updated_at FROM hosts") == [(12, "http_500", 1)]
    assert "host_resting" in outcomes(database).values()
    del room.answers["/robots.txt"]
    summary, _ = run(database, source(room), now=NOW + timedelta(hours=70))
    assert (summary.total.new, summary.exit_code) == (1, 0)
    assert rows(database, "SELECT * FROM hosts") == []


def test_links_of_a_resting_host_lose_none_of_their_attempts(room: Newsroom, database: Path) -> None:
    """The feed lies elsewhere, as feeds do that a service carries."""
    with newsroom() as service:
        service.feed("/feed.xml", [room.story("/a", "Ostvik")])
        room.answers["/robots.txt"] = Answer(b"", status=503, headers={"Retry-After": "172800"})
        feed = source(room, feeds=(f"{service.origin}/feed.xml",))
        for now in hourly(40):
            run(database, feed, now=now)
        assert rows(database, "SELECT state, attempts FROM links") == [("pending", 1)]
        assert room.asked("/robots.txt") == 1
        room.answers["/robots.txt"] = Answer(b"User-agent: *", type="text/plain")
        summary, _ = run(database, feed, now=NOW + timedelta(hours=50))
        assert summary.total.new == 1


def test_nothing_is_held_against_hosts_while_nobody_answers(database: Path) -> None:
    with newsroom() as one, newsroom() as other:
        dead = [source(gone, id=name) for name, gone in (("one", one), ("other", other))]
    for now in hourly(7):
        run(database, *dead, now=now)
    assert rows(database, "SELECT * FROM hosts") == []


def test_a_dead_host_among_living_ones_is_in_trouble(room: Newsroom, database: Path) -> None:
    with newsroom() as gone:
        dead = source(gone, id="dead")
    room.feed("/feed.xml", [room.story("/a", "Ostvik")])
    for now in hourly(6):
        run(database, source(room), dead, now=now)
    assert rows(database, "SELECT failures, last_outcome FROM hosts") == [(6, "connect_failed")]


def test_a_slow_down_is_remembered_for_the_host_and_shared_by_its_sources(room: Newsroom, database: Path) -> None:
    """A run ends with the first answer after a refusal, so of 0.02 s (twice the first wait) a part is left."""
    room.feed("/feed.xml", [room.story("/a", "Ostvik")])
    room.answers["/robots.txt"] = Answer(b"", status=429)
    run(database, source(room, policy=POLICY), source(room, id="second", policy=POLICY))
    ((host, failures, delay_s),) = rows(database, "SELECT host, failures, delay_s FROM hosts")
    assert (host, failures) == (room.origin.removeprefix("http://"), 1)
    assert isinstance(delay_s, float)
    assert delay_s >= 0.02


# --- for whoever runs it ---


def test_the_command_says_that_a_host_is_left_alone_and_until_when(scraper: Command, room: Newsroom, tmp_path: Path) -> None:
    room.answers["/robots.txt"] = Answer(b"", status=503, headers={"Retry-After": "7200"})
    sources = write_sources(tmp_path / "s.yaml", room)
    assert scraper("run", "--sources", sources).code == 1
    again = scraper("run", "--sources", sources)
    assert again.code == 4  # a host that is left alone is one to look at
    assert "not asked for: the host is left alone; `scraper stats` says until when" in again.err
    assert "host_resting" in again.err
    assert room.asked("/robots.txt") == 1
    stats = scraper("stats").out
    assert "Host in trouble" in stats
    (host,) = json.loads(scraper("stats", "--json").out)["hosts"]
    assert (host["host"], host["failures"], host["last_outcome"]) == (room.origin.removeprefix("http://"), 1, "http_503")
    assert host["resting_until_at"][:16].replace("T", " ") in stats
