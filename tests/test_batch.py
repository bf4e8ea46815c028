"""Does a batch give every record once, whatever happens to its workers, its files and itself? With real processes, killed for real."""

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pyarrow.dataset as ds
import pytest
from refusals import assert_refused
from warcs import PACKINGS, html, http, record, url, warc, warcs

from scraper.batch import engine as batch_engine
from scraper.batch import planning
from scraper.batch.commit import BOOKS, Manifest, Output
from scraper.batch.dataset_layout import Layout
from scraper.batch.engine import engine
from scraper.batch.job import Batch, Outcome, run_batch
from scraper.batch.reader import Reader
from scraper.batch.stretch import Job, Progress, Stretch, work
from scraper.batch.telling import Mark
from scraper.cli.app import main

WORKERS, KILLED = 2, 3


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A cluster of several worker processes, and its client."""
    with engine(workers=WORKERS, address=None, watched=False) as client:
        yield client


@pytest.fixture
def address(cluster: Any) -> str:
    return str(cluster.scheduler.address)


class Watched:
    """Counts what is done, and calls a function after each stretch."""

    def __init__(self, after: Callable[[int], object] = lambda _: None) -> None:
        self.done = 0
        self.total = 0
        self._after = after

    def begin(self, *, stretches: int, done: int, **_: object) -> None:
        self.total, self.done = stretches, done

    def under_way(self, progress: Progress) -> None:
        pass

    def stretch(self, done: object, size: int) -> None:
        self.done += 1
        self._after(self.done)


def batch(out: Path | str, *words: Path | str, **more: Any) -> Outcome:
    more.setdefault("watching", Watched())
    return run_batch(Batch(words=[str(word) for word in words], out=str(out), **more))


def rows(out: Path | str, dataset: str = "records", filesystem: Any = None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ds.dataset(f"{out}/{dataset}", filesystem=filesystem, partitioning="hive").to_table().to_pylist()
    return found


def addresses(out: Path | str, filesystem: Any = None) -> list[str]:
    return sorted(row["url"] for row in rows(out, filesystem=filesystem))


def left_behind(out: Path) -> list[str]:
    return [str(path) for path in out.rglob("*") if path.is_file() and ("unfinished" in path.parts or path.suffix == ".tmp")]


def test_every_page_of_every_file_becomes_a_row_once(address: str, tmp_path: Path) -> None:
    expected = warcs(tmp_path / "in", files=6, pages=15)
    shutil.copy(tmp_path / "in" / "crawl-000.warc.gz", tmp_path / "in" / "readme.txt")  # no archive by its name
    outcome = batch(tmp_path / "out", tmp_path / "in", address=address, part_pages=6)
    assert addresses(tmp_path / "out") == sorted(expected)
    assert (outcome.files, outcome.pages, outcome.records, outcome.damaged, outcome.exit_code) == (6, 90, 90, 0, 0)
    counted = rows(tmp_path / "out", "counters")
    assert sum(row["pages"] for row in counted) == 90
    assert Counter(row["input"] for row in counted) == {str(path): 3 for path in (tmp_path / "in").glob("*.warc.gz")}
    assert {row["date"] for row in rows(tmp_path / "out")} == {"2026-01-06"}
    assert left_behind(tmp_path / "out") == []


def test_a_batch_goes_on_where_it_was_and_takes_what_is_new(address: str, tmp_path: Path) -> None:
    expected = warcs(tmp_path / "in", files=3, pages=5)
    (tmp_path / "in" / "crawl-002.warc.gz").rename(tmp_path / "later.warc.gz")
    assert batch(tmp_path / "out", tmp_path / "in", address=address).records == 10
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.parquet")}
    (tmp_path / "later.warc.gz").rename(tmp_path / "in" / "crawl-002.warc.gz")
    again = batch(tmp_path / "out", tmp_path / "in", address=address)
    assert (again.stretches, again.before, again.records) == (3, 2, 15)
    assert addresses(tmp_path / "out") == sorted(expected)
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert batch(tmp_path / "out", tmp_path / "in").before == 3  # nothing to do: no cluster is started


def test_workers_that_are_killed_cost_no_record_and_double_none(tmp_path: Path) -> None:
    """SIGKILL to one of the workers that are there after the second, fourth and sixth stretch, while others are under way."""
    expected = warcs(tmp_path / "in", files=12, pages=12)
    with engine(workers=KILLED, address=None, watched=False) as client:
        killed: list[int] = []

        def kill(done: int) -> None:
            if done in {2, 4, 6}:
                while not (pids := sorted(client.run(os.getpid, on_error="ignore").values())):
                    client.wait_for_workers(1, timeout=600)
                killed.append(pids[done % len(pids)])
                os.kill(killed[-1], signal.SIGKILL)

        outcome = batch(tmp_path / "out", tmp_path / "in", address=client.scheduler.address, watching=Watched(kill), part_pages=5)
    assert len(killed) == KILLED
    assert addresses(tmp_path / "out") == sorted(expected)
    assert (outcome.records, outcome.failures) == (len(expected), [])
    assert sum(row["pages"] for row in rows(tmp_path / "out", "counters")) == len(expected)


COMMAND = """
import sys, time
from scraper.cli import batch_progress
from scraper.batch import job
class Watched(batch_progress._Nothing):
    def stretch(self, done, size):
        print("done", flush=True)
        time.sleep(600)
batch_progress._Nothing = Watched
from scraper.__main__ import main
sys.exit(main())
"""


def started(*arguments: str | Path) -> "subprocess.Popen[str]":
    """Start the command; when a stretch is done it writes a line, and waits there until it is ended, while its workers go on."""
    words = [sys.executable, "-c", COMMAND, "batch", *map(str, arguments), "--quiet"]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)


def family(process: "subprocess.Popen[str]") -> list[psutil.Process]:
    return list(psutil.Process(process.pid).children(recursive=True))


def test_a_job_that_is_killed_whole_is_gone_on_with_and_leaves_no_process(address: str, tmp_path: Path) -> None:
    expected = warcs(tmp_path / "in", files=8, pages=12)
    process = started(tmp_path / "in", "--out", tmp_path / "out", "--workers", "2")
    assert process.stdout is not None
    assert process.stdout.readline() == "done\n"
    children = family(process)
    process.kill()
    process.communicate()
    _, alive = psutil.wait_procs(children, timeout=60)
    assert alive == []
    outcome = batch(tmp_path / "out", tmp_path / "in", address=address)
    assert outcome.before >= 1
    assert addresses(tmp_path / "out") == sorted(expected)
    assert outcome.records == len(expected)
    assert left_behind(tmp_path / "out") == []


def test_ctrl_c_leaves_what_is_committed_and_says_how_to_go_on(tmp_path: Path) -> None:
    warcs(tmp_path / "in", files=8, pages=12)
    process = started(tmp_path / "in", "--out", tmp_path / "out", "--workers", "1")
    assert process.stdout is not None
    assert process.stdout.readline() == "done\n"
    children = family(process)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 130
    assert [line for line in said.splitlines() if line] == [
        f"scraper: what is committed stays in {tmp_path / 'out'}; the same command goes on from there",
        "scraper: interrupted",
    ]
    _, alive = psutil.wait_procs(children, timeout=60)
    assert alive == []
    for row in rows(tmp_path / "out"):
        assert row["url"]


def test_damage_is_counted_and_named_and_stops_nothing(address: str, tmp_path: Path) -> None:
    expected = warcs(tmp_path / "in", files=2, pages=8)
    good = (tmp_path / "in" / "crawl-000.warc.gz").read_bytes()
    (tmp_path / "in" / "torn.warc.gz").write_bytes(PACKINGS["gzip"](warc([100, 101]))[:-40])
    (tmp_path / "in" / "page.warc.gz").write_bytes(gzip.compress(html(1)))
    (tmp_path / "in" / "empty.warc.gz").write_bytes(b"")
    (tmp_path / "in" / "plain.warc.gz").write_bytes(b"".join(warc([200])))
    (tmp_path / "in" / "forbidden.warc.gz").symlink_to(tmp_path / "nowhere.warc.gz")
    assert good
    outcome = batch(tmp_path / "out", tmp_path / "in", address=address)
    assert addresses(tmp_path / "out") == sorted([*expected, url(100), url(200)])
    assert outcome.damaged == 1
    assert outcome.damage[0].startswith(f"{tmp_path / 'in' / 'torn.warc.gz'}, byte ")
    failed = {Path(failure.place).name: failure.code for failure in outcome.failures}
    assert failed == {"page.warc.gz": "archive_damaged", "forbidden.warc.gz": "archive_missing"}
    assert outcome.exit_code == 1
    assert [row["code"] for row in rows(tmp_path / "out", "rejects")] == ["archive_damaged"]


@pytest.mark.parametrize("packing", ["gzip", "plain", "zstd", "gzip-whole"])
def test_a_few_large_files_are_cut_so_that_all_workers_have_work(
    packing: str, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "SMALLEST_STRETCH", 2_000)
    path = tmp_path / "large.warc"
    path.write_bytes(PACKINGS[packing](warc(range(80))))
    outcome = batch(tmp_path / "out", path, address=address, part_pages=9)
    assert addresses(tmp_path / "out") == sorted(url(number) for number in range(80))
    assert (outcome.stretches > 4) is (packing != "gzip-whole")
    monkeypatch.undo()
    assert batch(tmp_path / "out", path, address=address).before == outcome.stretches  # cut once, cut for good


def test_a_file_that_is_another_one_now_is_refused(address: str, tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(b"".join(warc([1])))
    batch(tmp_path / "out", path, address=address)
    path.write_bytes(b"".join(warc([1, 2])))
    outcome = batch(tmp_path / "out", path, address=address)
    assert [failure.code for failure in outcome.failures] == ["input_changed"]
    assert addresses(tmp_path / "out") == [url(1)]


def job_for(out: Path) -> tuple[Job, Output]:
    output = Output(str(out), "run")
    return Job(output.place, "run", output.layout(Layout()), part_pages=4), output


@pytest.fixture
def reader() -> Iterator[Reader]:
    made = Reader()
    yield made
    made.close()


def test_of_two_attempts_at_a_part_one_counts(tmp_path: Path, reader: Reader) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(b"".join(warc(range(10))))
    job, output = job_for(tmp_path / "out")
    stretch = Stretch(str(path), None)
    first = work(job, stretch, reader)
    for name in ("records", "counters"):  # as if another attempt had begun before the first one committed
        assert (tmp_path / "out" / name).is_dir()
    manifests = {manifest.part: manifest for manifest in output.manifests()}
    second = Output(str(tmp_path / "out"), "other")
    attempt = second.attempt()
    victim = manifests[stretch.part(0)]
    for file in victim.files:
        target = tmp_path / "out" / attempt / file
        target.parent.mkdir(parents=True)
        shutil.copy(tmp_path / "out" / file, target)
    stands = second.commit(victim._replace(attempt=attempt, counted=victim.counted._replace(seconds=99.0)))
    assert stands == victim
    assert work(job, stretch, reader).counted == first.counted
    assert addresses(tmp_path / "out") == sorted(url(number) for number in range(10))
    assert left_behind(tmp_path / "out") == []


def test_what_a_killed_attempt_leaves_is_brought_home_or_done_again(address: str, tmp_path: Path, reader: Reader) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(b"".join(warc(range(10))))
    out = tmp_path / "out"
    job, output = job_for(out)
    stretch = Stretch(str(path), path.stat().st_size, str(path.stat().st_size))
    planning.write_plan(output, [(stretch,)])
    work(job, stretch, reader)
    first, second, _ = (output.manifest(stretch.part(ordinal)) for ordinal in range(3))
    assert first is not None
    assert second is not None
    for file in first.files:  # killed between the manifest and the files' last move
        (out / first.attempt / file).parent.mkdir(parents=True, exist_ok=True)
        (out / file).rename(out / first.attempt / file)
    for file in second.files:  # a disk that forgot
        (out / file).unlink()
    orphan = out / "records" / "date=2026-01-06" / "publishers=g00" / "orphan.parquet"
    orphan.parent.mkdir(parents=True, exist_ok=True)
    orphan.write_bytes(b"half a file")
    (out / BOOKS / "parts" / "some.json.0123456789abcdef.tmp").write_bytes(b"half a manifest")
    outcome = batch(out, path, address=address, part_pages=4)
    assert outcome.records == 10
    assert addresses(out) == sorted(url(number) for number in range(10))
    assert not orphan.exists()
    assert left_behind(out) == []


def test_a_manifest_reads_back_as_it_was_written(tmp_path: Path, reader: Reader) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(b"".join(warc([1])))
    job, output = job_for(tmp_path / "out")
    work(job, Stretch(str(path), None), reader)
    (manifest,) = output.manifests()
    assert Manifest.from_json(manifest.to_json()) == manifest
    assert (manifest.ends, manifest.after, manifest.counted.pages) == (True, 3, 1)
    assert Mark(*manifest.mark).number <= manifest.after


def test_lists_patterns_and_folders_name_the_same_files_once(tmp_path: Path) -> None:
    from scraper.batch.inputs import Input, Missing, inputs

    warcs(tmp_path / "in", files=3, pages=1)
    names = sorted(str(path) for path in (tmp_path / "in").iterdir())
    listed = tmp_path / "in" / "some.paths"
    listed.write_text("# a comment\n\ncrawl-000.warc.gz\n" + names[1] + "\nnone.warc.gz\n")
    (tmp_path / "in" / "packed.paths.gz").write_bytes(gzip.compress(b"crawl-002.warc.gz\n"))

    def meant(*words: str) -> list[str]:
        return [found.place for found in inputs(words) if isinstance(found, Input)]

    assert meant(f"{tmp_path}/in/") == meant(f"{tmp_path}/in/*.warc.gz") == meant(f"{tmp_path}/in/**/crawl*") == names
    assert meant(names[0], names[0], f"{tmp_path}/in") == names
    assert meant(str(listed)) == meant(f"@{listed}") == names[:2]
    assert meant(f"{tmp_path}/in/packed.paths.gz") == names[2:]
    assert [found for found in inputs([str(listed)]) if isinstance(found, Missing)] == [
        Missing(f"{tmp_path}/in/none.warc.gz", "archive_missing", f"{tmp_path}/in/none.warc.gz is not there")
    ]


def test_bad_input_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    out = ["--out", str(tmp_path / "out"), "--quiet"]
    assert_refused(capsys, ["batch", str(tmp_path / "none.warc"), *out], 2, f"{tmp_path / 'none.warc'} is not there")
    assert_refused(capsys, ["batch", str(tmp_path), *out], 2, f"there is no WARC file at {tmp_path}")
    assert_refused(capsys, ["batch", f"@{tmp_path / 'list'}", *out], 2, f"the list {tmp_path / 'list'} is not there")
    assert_refused(capsys, ["batch", "http://127.0.0.1:9/a.warc.gz", *out], 2, "127.0.0.1 is not a public host")
    assert main(["batch", "nosuch://a/b.warc.gz", *out]) == 2
    assert capsys.readouterr().err.startswith("scraper: nosuch://a/b.warc.gz is no place that fsspec knows: ")
    path = tmp_path / "a.warc"
    path.write_bytes(b"".join(warc([1])))
    assert_refused(capsys, ["batch", str(path), "--out", str(path), "--quiet"], 2, f"{path} is no folder")
    monkeypatch.setattr(batch_engine, "CONNECT_S", 1)
    assert main(["batch", str(path), *out, "--address", "tcp://127.0.0.1:1"]) == 2
    assert capsys.readouterr().err.startswith("scraper: there is no scheduler of a cluster at tcp://127.0.0.1:1: ")
    assert not (tmp_path / "out" / "records").exists()


def test_the_command_tells_what_came_of_it(address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    warcs(tmp_path / "in", files=2, pages=3)
    (tmp_path / "in" / "more.warc").write_bytes(record(http(b"gone", status="404 Not Found"), url(9)))
    words = ["batch", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--address", address]
    assert main(words) == 0
    assert capsys.readouterr().out.splitlines() == [f"6 stories of 7 pages in 3 files: {tmp_path / 'out'}", "no stories: 1 http_404"]
    assert main([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["records"], told["pages"], told["done_before"], told["rejects"]) == (6, 7, 3, {"http_404": 1})


def test_a_folder_has_one_batch_at_a_time(address: str, tmp_path: Path) -> None:
    from scraper.batch.job import _alone
    from scraper.errors import StoreError

    path = tmp_path / "a.warc"
    path.write_bytes(b"".join(warc([1])))
    with _alone(Output(str(tmp_path / "out"), "x")), pytest.raises(StoreError, match="another batch is writing"):
        batch(tmp_path / "out", path, address=address)
    assert (tmp_path / "out" / BOOKS).is_dir()
