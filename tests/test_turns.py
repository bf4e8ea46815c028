"""Which sources does a run look at, in which order, and when does it end? By the looks before, by its deadline, and alone."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest
from newsroom import Answer, Newsroom, newsroom, wait_until
from test_pipeline import HASTE, NOW, run, source

from scraper.pipeline.conduct import Conduct
from scraper.pipeline.crawl import crawl
from scraper.pipeline.logfile import log_to
from scraper.pipeline.stop import Stop
from scraper.pipeline.summary import RunSummary, SourceSummary
from scraper.pipeline.turns import in_turn
from scraper.pipeline.watch import _Unwatched
from scraper.politeness import Pace, after_look, is_due
from scraper.politeness.pace import pause
from scraper.records import Source
from scraper.store import Store

HOUR = timedelta(hours=1)
BOUNDS = {"shortest": timedelta(minutes=10), "longest": timedelta(hours=12)}


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with newsroom() as site:
        yield site


def watched(stories_an_hour: float, *, hours: int = 48, every: timedelta = HOUR) -> Pace:
    """Give the pace of a source that was looked at steadily and publishes steadily."""
    pace, at, owed = after_look(None, NOW, 30), NOW, 0.0
    while at < NOW + hours * HOUR:
        at += every
        owed += stories_an_hour * (every / HOUR)
        new, owed = int(owed), owed - int(owed)
        pace = after_look(pace, at, new)
    return pace


@pytest.mark.parametrize(("rate", "minutes"), [(60.0, 10), (1.0, 30), (0.25, 120), (0.0, 720)])
def test_a_source_is_looked_at_as_often_as_it_publishes(rate: float, minutes: int) -> None:
    found = pause(watched(rate), **BOUNDS)
    assert found / timedelta(minutes=minutes) == pytest.approx(1.0, abs=0.15)


def test_what_a_first_look_finds_says_nothing_and_every_run_looks_until_hours_have_passed() -> None:
    first = after_look(None, NOW, 500)
    assert pause(first, **BOUNDS) == BOUNDS["shortest"]
    assert is_due(first, NOW + HOUR / 6, **BOUNDS)
    quiet = after_look(after_look(first, NOW + HOUR, 0), NOW + 7 * HOUR, 0)
    assert not is_due(quiet, NOW + 10 * HOUR, **BOUNDS)
    assert is_due(quiet, NOW + 19 * HOUR, **BOUNDS)


def test_a_source_that_wakes_up_is_looked_at_more_often_within_a_few_looks() -> None:
    pace = watched(0.0, hours=24 * 14)
    for number in range(1, 7):
        pace = after_look(pace, NOW + 14 * 24 * HOUR + number * 12 * HOUR, 60)
    assert pause(pace, **BOUNDS) < timedelta(minutes=15)


def test_looks_that_read_nothing_teach_nothing() -> None:
    pace = watched(1.0)
    down = pace
    for number in range(1, 30):
        down = after_look(down, pace.looked_at + number * HOUR, None)
    assert pause(down, **BOUNDS) == pause(pace, **BOUNDS)
    assert down.looked_at == pace.looked_at + 29 * HOUR


def test_a_clock_that_was_wrong_neither_silences_a_source_nor_spoils_what_is_known() -> None:
    ahead = watched(1.0)._replace(looked_at=NOW + 9000 * HOUR)
    assert is_due(ahead, NOW, **BOUNDS)
    after = after_look(ahead, NOW, 3)
    assert after == Pace(NOW, ahead.stories, ahead.watched_h)


def test_the_longest_pause_gives_way_to_the_shortest() -> None:
    assert pause(watched(0.0), shortest=timedelta(hours=6), longest=HOUR) == timedelta(hours=6)


def test_who_waited_longest_comes_first_and_who_was_never_looked_at_before_all() -> None:
    sources = [Source(id=name, name=name, domain="a.example") for name in ("a", "b", "c", "d")]
    paces = {"a": Pace(NOW), "b": Pace(NOW - HOUR), "d": Pace(NOW - 2 * HOUR)}
    assert [each.id for each in in_turn(sources, paces)] == ["c", "d", "b", "a"]


def crawled(db: Path, *sources: Source, now: datetime = NOW, conduct: Conduct) -> RunSummary:
    with log_to(db.with_suffix(".log")) as log:
        return asyncio.run(crawl(sources, db=db, now=lambda: now, log=log, conduct=conduct))


def test_a_source_that_is_not_due_costs_no_request_and_its_due_pages_are_fetched(room: Newsroom, database: Path) -> None:
    room.feed("/feed.xml", [room.story("/a", "Ostvik")], ETag='"x"')
    coast = source(room, revisit=(timedelta(hours=40),), poll_max=timedelta(hours=12))
    for hours in (0, 1, 20):
        assert run(database, coast, now=NOW + hours * HOUR)[0].sources[0].state == "ok"
    asked = len(room.requests)
    late = run(database, coast, now=NOW + 25 * HOUR)[0]
    assert (late.sources[0].state, late.exit_code, len(room.requests)) == ("not_due", 0, asked)
    revisited = run(database, coast, now=NOW + 41 * HOUR)[0]  # the feed is due again by now, but the page in its own right
    assert revisited.total.unchanged == 1
    assert crawled(database, coast, now=NOW + 42 * HOUR, conduct=Conduct(patience=HASTE, every_source=True)).sources[0].state == "ok"


def test_a_clock_that_jumps_ahead_and_is_set_right_again_costs_no_story(room: Newsroom, database: Path) -> None:
    coast = source(room, poll_min=timedelta(minutes=10), max_age_days=36_500)
    moments = [NOW, NOW + HOUR, NOW + 900 * 24 * HOUR, NOW + 2 * HOUR, NOW + 3 * HOUR]
    for number, now in enumerate(moments):
        room.feed("/feed.xml", [room.story(f"/{story}", f"Place{story}") for story in range(number + 1)])
        summary = run(database, coast, now=now)[0]
        assert (summary.total.new, summary.exit_code) == (1, 0)
    with closing(sqlite3.connect(database)) as rows:
        assert rows.execute("SELECT count(*), min(looked_at), max(looked_at) FROM paces").fetchone()[1:] == ("2026-01-06 12:00:00",) * 2
        assert rows.execute("SELECT count(*) FROM collection_days").fetchone()[0] < 1000
    assert run(database, coast, now=moments[-1] + timedelta(minutes=5))[0].sources[0].state == "not_due"


def test_a_host_that_rests_by_a_wrong_clock_is_asked_again_by_the_right_one(room: Newsroom, database: Path) -> None:
    room.answers["/feed.xml"] = Answer(b"", status=503)
    ahead = NOW + 900 * 24 * HOUR
    ends = [run(database, source(room), now=ahead + number * timedelta(minutes=1))[0] for number in range(6)]
    assert dict(ends[-1].total.failures) == {"host_resting": 1}
    room.feed("/feed.xml", [room.story("/a", "Ostvik")])
    summary = run(database, source(room), now=NOW)[0]
    assert (summary.total.new, dict(summary.total.failures)) == (1, {})


class Impatient(_Unwatched):
    """A Watch that has the run's deadline come as soon as two of its sources are done."""

    def __init__(self, stop: Stop) -> None:
        self._stop, self._done = stop, 0

    def source(self, summary: SourceSummary) -> None:
        self._done += 1
        if self._done == 2:
            self._stop.request("deadline")


def test_a_deadline_that_is_always_too_short_reaches_every_source_in_turn(
    room: Newsroom, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scraper.pipeline.crawl.SOURCES_AT_ONCE", 1)
    papers = [source(room, id=f"paper{number}", feeds=(room.feed(f"/{number}.xml", []),)) for number in range(6)]
    reached: list[set[str]] = [set()]
    for number in range(3):
        stop = Stop()
        conduct = Conduct(patience=HASTE, stop=stop, watch=Impatient(stop))
        summary = crawled(database, *papers, now=NOW + number * HOUR, conduct=conduct)
        assert (summary.stopped, summary.exit_code, summary.not_begun) == ("deadline", 6, 4)
        reached.append(looked(database))
    assert [len(names) for names in reached] == [0, 2, 4, 6]
    with closing(sqlite3.connect(database)) as rows:
        assert set(rows.execute("SELECT status, exit_code FROM runs")) == {("deadline", 6)}


def looked(db: Path) -> set[str]:
    with closing(sqlite3.connect(db)) as rows:
        return {name for (name,) in rows.execute("SELECT source_id FROM paces")}


def command(*arguments: object, folder: Path) -> "subprocess.Popen[str]":
    every = [sys.executable, "-m", "scraper", *map(str, arguments)]
    return subprocess.Popen(every, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def described(folder: Path, room: Newsroom) -> Path:
    file = folder / "sources.yaml"
    entry = f"{{id: coast, domain: 127.0.0.1, allow_private: true, delay_s: 0, feeds: ['{room.origin}/feed.xml']}}"
    file.write_text(f"version: 1\nsources:\n  - {entry}\n", encoding="utf-8")
    return file


def test_a_run_ends_by_its_deadline_with_what_it_has_and_the_next_one_goes_on(room: Newsroom, tmp_path: Path) -> None:
    stories = [room.story(f"/{number}", f"Place{number}", wait_s=0.0 if number < 2 else 600.0) for number in range(4)]
    room.feed("/feed.xml", stories)
    file = described(tmp_path, room)
    with command("run", "--sources", file, "--deadline", "8s", folder=tmp_path) as running:
        _, err = running.communicate(timeout=60)
    assert running.returncode == 6
    assert "scraper: the deadline came before all was done: the next run goes on from there" in err
    for answer in room.answers.values():
        answer.wait_s = 0.0
    with command("run", "--sources", file, folder=tmp_path) as running:
        running.communicate(timeout=60)
    assert running.returncode == 0
    with closing(sqlite3.connect(tmp_path / "data" / "news.db")) as rows:
        assert rows.execute("SELECT count(*) FROM articles").fetchone() == (4,)


def test_a_process_that_is_stuck_is_killed_after_its_deadline(tmp_path: Path) -> None:
    program = (
        "import time\nfrom scraper.cli import work\nwork.OVERTIME_S = 0.2\n"
        "with work.killed_after(0.1):\n    import ctypes\n    ctypes.CDLL(None).sleep(60)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], check=False, timeout=50)
    assert done.returncode == -signal.SIGALRM


def test_a_second_run_waits_for_the_first_if_it_is_told_to(room: Newsroom, tmp_path: Path) -> None:
    room.feed("/feed.xml", [room.story("/a", "Ostvik")])
    file = described(tmp_path, room)
    with Store.open(tmp_path / "news.db"):
        waiting = command("run", "--wait", "--sources", file, "--db", "news.db", "--log", "run.log", folder=tmp_path)
        wait_until(lambda: "event=waiting" in read(tmp_path / "run.log"), timeout_s=60)
    with waiting:
        waiting.communicate(timeout=60)
    assert waiting.returncode == 0
    assert room.asked("/a") == 1


def test_an_interrupt_while_it_waits_is_130_and_a_wait_that_was_too_short_is_3(room: Newsroom, tmp_path: Path) -> None:
    room.feed("/feed.xml", [])
    file = described(tmp_path, room)
    with Store.open(tmp_path / "news.db"):
        short = command("run", "--wait", "1s", "--sources", file, "--db", "news.db", folder=tmp_path)
        late = command("run", "--wait", "--deadline", "2s", "--sources", file, "--db", "news.db", folder=tmp_path)
        waiting = command("run", "--wait", "--sources", file, "--db", "news.db", "--log", "run.log", folder=tmp_path)
        wait_until(lambda: "event=waiting" in read(tmp_path / "run.log"), timeout_s=60)
        os.kill(waiting.pid, signal.SIGINT)
        for process, code in ((waiting, 130), (short, 3), (late, 3)):
            with process:
                _, err = process.communicate(timeout=60)
            assert process.returncode == code
            assert err.strip().startswith("scraper: ")
            assert "Traceback" not in err


def test_two_runs_at_once_store_each_story_once(room: Newsroom, tmp_path: Path) -> None:
    room.feed("/feed.xml", [room.story(f"/{number}", f"Place{number}", wait_s=0.1) for number in range(6)])
    file = described(tmp_path, room)
    both = [command("run", "--wait", "--sources", file, folder=tmp_path) for _ in range(2)]
    for process in both:
        with process:
            process.communicate(timeout=90)
        assert process.returncode == 0
    assert [room.asked(f"/{number}") for number in range(6)] == [1] * 6


@pytest.mark.parametrize("span", ["soon", "0", "-5m", "10 weeks", "40d", ""])
def test_a_time_span_that_is_none_is_a_sentence(span: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from scraper.cli import main

    assert main(["run", f"--deadline={span}", "--sources", str(tmp_path / "s.yaml")]) == 2
    assert "is no time span such as 90s, 10m or 2h" in capsys.readouterr().err


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


@pytest.mark.parametrize(
    ("deadline_s", "sources", "anew", "working_s"),
    [(None, 9, 9, None), (60, 0, 0, 57), (60, 500, 0, 56), (60, 500, 500, 51), (60, 5000, 5000, 42), (4, 5000, 0, 2)],
)
def test_a_run_leaves_time_before_its_deadline_to_store_and_to_judge(
    deadline_s: float | None, sources: int, anew: int, working_s: float | None
) -> None:
    assert Conduct(deadline_s=deadline_s).working_s(sources, anew=anew) == working_s


def test_what_a_run_has_waited_is_a_part_of_its_deadline() -> None:
    assert Conduct(deadline_s=3600).working_s(since=monotonic() - 3000) == pytest.approx(597, abs=60)
