"""Does a person hear how far a batch is, and of a task that is given up?"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dask
import pytest

from scraper.batch.dataset import Counted
from scraper.batch.dataset_layout import Layout
from scraper.batch.engine import each, engine, perform
from scraper.batch.stretch import Done, Job, Progress, Stretch
from scraper.cli.batch_progress import Figures

PLACES = [Stretch(f"crawl-{number}.warc.gz", 1_000) for number in range(3)]


def counted(pages: int, rejects: dict[str, int]) -> Counted:
    zeros: dict[str, Any] = dict.fromkeys(Counted._fields, 0)
    told = {"pages": pages, "records": pages - sum(rejects.values()), "rejects": rejects, "started_at": datetime(2026, 1, 6, tzinfo=UTC)}
    return Counted(**(zeros | told))


@pytest.fixture
def figures() -> Figures:
    found = Figures()
    found.begin(100.0, stretches=3, done=0, bytes_total=3_000, bytes_done=0)
    return found


def test_nothing_is_said_of_what_is_not_known_yet(figures: Figures) -> None:
    assert figures.sentence(110.0) == "0 of 3 pieces · 0 pages · 0 a second"
    assert figures.share == 0


def test_it_says_pages_a_second_rejects_by_reason_and_the_time_left(figures: Figures) -> None:
    figures.stretch(Done(PLACES[0], (counted(900, {}), counted(300, {"listing": 200, "http_404": 50}))), 1_000)
    figures.under_way(Progress(PLACES[1].place, 0, 600, 500))
    said = "1 of 3 pieces · 1,800 pages · 60 a second · no stories 250 (listing 200, http_404 50) · 30 s left"
    assert figures.sentence(130.0) == said
    assert figures.share == 0.5
    figures.under_way(Progress(PLACES[1].place, 0, 1_200, 1_000))  # what is under way is counted once, however often it is told
    assert figures.sentence(7_300.0) == "1 of 3 pieces · 2,400 pages · 0 a second · no stories 250 (listing 200, http_404 50) · 60 min left"


def test_what_was_done_before_is_done_and_says_nothing_of_the_speed() -> None:
    figures = Figures()
    figures.begin(0.0, stretches=3, done=2, bytes_total=3_000, bytes_done=2_000)
    figures.under_way(Progress(PLACES[2].place, 0, 50, 500))
    assert figures.sentence(5.0) == "2 of 3 pieces · 50 pages · 10 a second · 5 s left"


def test_what_failed_is_counted_and_nothing_is_left_at_the_end(figures: Figures) -> None:
    figures.stretch(Done(PLACES[0], (counted(10, {}),)), 1_000)
    for place in PLACES[1:]:
        figures.stretch(Done(place, (), ("archive_damaged", "it is no WARC file")), 1_000)
    assert figures.sentence(110.0) == "3 of 3 pieces · 10 pages · 1 a second · failed 2"
    assert figures.share == 1


def test_a_task_that_fails_each_time_or_ends_its_workers_is_given_up_with_its_name_and_the_others_are_done(tmp_path: Path) -> None:
    """A folder that cannot be written fails each attempt; code that ends the process is not tried again where no death is allowed."""
    (tmp_path / "file").write_text("no folder")
    job = Job(str(tmp_path / "file" / "out"), "run", Layout())
    heard: list[Progress] = []
    with dask.config.set({"distributed.scheduler.allowed-failures": 0}), engine(workers=1, address=None, watched=False) as client:
        (done,) = perform(client, job, [PLACES[0]], heard.append)
        assert done.stretch == PLACES[0]
        assert done.failure is not None
        assert done.failure[0] == "batch_task_failed"
        assert "NotADirectoryError" in done.failure[1]
        ((name, death),) = each(client, eval, [("deadly", ("__import__('os')._exit(3)",))])
        assert (name, type(death).__name__) == ("deadly", "KilledWorker")
        assert dict(each(client, eval, [("sum", ("1 + 1",))])) == {"sum": 2}
