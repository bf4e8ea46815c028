"""Does the bench of batches write archives that others read, and does its simulation say what can be reckoned by hand?"""

from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator

from benchmarks.batch_archive import archived
from benchmarks.batch_scaling import scaled, simulated
from benchmarks.corpora import CorpusPage

PAGES = [
    CorpusPage(set="s", id=f"p{number}", url=None, site="paper.example", content=f"<p>Story {number}</p>".encode(), truth={})
    for number in range(5)
]


def test_every_page_stands_in_one_of_the_files(tmp_path: Path) -> None:
    paths = archived(tmp_path / "archive", PAGES, files=2)
    found = {}
    for path in paths:
        with path.open("rb") as file:
            for record in ArchiveIterator(file, parse_http=True):
                found[record.headers["WARC-Target-URI"]] = record.reader.read()
    assert found == {f"https://paper.example/{page.id}": page.content for page in PAGES}


def test_workers_share_the_tasks_until_the_scheduler_is_what_they_wait_for() -> None:
    assert simulated([1.0] * 10, workers=1, engine_s=0.0) == pytest.approx(10)
    assert simulated([1.0] * 10, workers=5, engine_s=0.0) == pytest.approx(2)
    assert simulated([1.0] * 10, workers=10, engine_s=0.5) == pytest.approx(6)  # the last is handed out after five seconds
    assert simulated([1.0] * 1_000, workers=100, engine_s=0.1) == pytest.approx(101)


def test_a_longer_job_scales_further() -> None:
    (_, _, short), (_, _, long) = (scaled([10.0, 20.0], tasks, 0.001, [100])[0] for tasks in (150, 5_000))
    assert short < 0.8 < long
