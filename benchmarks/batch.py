"""How fast and how cheap is a batch? `scraper batch` and datatrove with trafilatura over the same archive, in turns; and how far it scales.

    python -m benchmarks.batch [--pages 2000] [--files 8] [--rounds 2] [--workers 2] [--peer .venv-trove/bin/python | --alone]

Figures are CPU of whole processes with all that they start: pages a second of CPU is pages a second of one core, and says the same on a
machine that others use; the wall does not. Each side also runs over a quarter of the files: what the rest costs beyond that is
the work without the start. The bare extractor is `extract` in a loop over the same pages, in memory.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.batch_archive import FETCHED, archived, corpus
from benchmarks.batch_scaling import LOST, overhead, scaled
from benchmarks.corpora import CorpusPage
from benchmarks.processes import Cost, watched

__all__ = ["main"]

COUNTS = (10, 100, 1_000)
WORKERS = (2, 10, 30, 100, 300, 1_000, 3_000, 10_000)
JOB_TASKS, PAGES_A_TASK = 10_000, 3_000
SHARE = 4  # one file in so many is read first


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """One side's two runs: over all pages and over the first files; what each cost, and how many rows the whole one wrote."""

    whole: Cost
    start: Cost
    rows: int

    def pages_a_second(self, pages: int, started: int) -> tuple[float, float]:
        """Give pages a second of CPU, with the start and without."""
        whole, start = (sum(cost.cpu_s.values()) for cost in (self.whole, self.start))
        return pages / whole, (pages - started) / max(whole - start, 0.01)


def main(arguments: Sequence[str] | None = None) -> None:
    options = _options(arguments)
    found = corpus(options.pages)
    first = max(options.files // SHARE, 1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = archived(folder / "archive", found, options.files)
        (folder / "first").mkdir()
        for path in paths[:first]:
            (folder / "first" / path.name).hardlink_to(path)
        size = sum(path.stat().st_size for path in paths) / 1e6
        print(f"{len(found)} pages in {len(paths)} files of {size / len(paths):.1f} MB, {options.workers} workers")
        bare = len(found) / min(_bare(found) for _ in range(options.rounds))
        print(f"the bare extractor: {bare:.1f} pages a second of CPU")
        rounds = [_round(folder, number, options) for number in range(options.rounds)]
        started = sum(len(found[number :: options.files]) for number in range(first))
        print("\n".join(_compared(rounds, len(found), started, bare)))
        print("\n".join(_scaling(folder / "scraper-archive-0")))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Race a batch against datatrove.")
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--files", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--peer", default=".venv-trove/bin/python", help="a Python that has datatrove (default: %(default)s)")
    parser.add_argument("--alone", action="store_true", help="leave the peer out")
    return parser.parse_args(arguments)


def _bare(found: Sequence[CorpusPage]) -> float:
    """Give the CPU seconds that `extract` takes for the pages; a first few are not counted, in which tables are loaded."""
    from scraper import extract

    for page in found[:5]:
        extract(page.content, page.url, fetched_at=FETCHED)
    began = time.process_time()
    for page in found:
        extract(page.content, page.url, fetched_at=FETCHED)
    return time.process_time() - began


def _round(folder: Path, number: int, options: argparse.Namespace) -> dict[str, Ran]:
    ran = {}
    for side in ("scraper", *(() if options.alone else ("datatrove",))):
        costs = {}
        for archive in ("first", "archive"):
            source, out = str(folder / archive), folder / f"{side}-{archive}-{number}"
            commands = {
                "scraper": [sys.executable, "-m", "scraper", "batch", source, "--out", str(out), "--workers", str(options.workers), "-q"],
                "datatrove": [options.peer, "-m", "benchmarks.batch_trove", source, str(out), str(options.workers)],
            }
            costs[archive] = _watched(commands[side], folder / f"{side}.log")
        ran[side] = Ran(whole=costs["archive"], start=costs["first"], rows=_rows(out / "records"))
    return ran


def _watched(command: Sequence[str], complaints: Path) -> Cost:
    try:
        return watched(command, complaints=complaints)
    except subprocess.CalledProcessError:
        print(complaints.read_text(errors="replace")[-2_000:], file=sys.stderr)
        raise


def _rows(folder: Path) -> int:
    """Count the rows of all Parquet files in a folder."""
    from pyarrow.parquet import read_metadata

    return sum(read_metadata(path).num_rows for path in folder.rglob("*.parquet"))


def _compared(rounds: Sequence[dict[str, Ran]], pages: int, started: int, bare: float) -> list[str]:
    """Give a table, with the median of the rounds."""
    lines = [f"{'':<10} {'rows':>6} {'wall s':>7} {'pages/CPU s':>12} {'without start':>14} {'x bare':>7} {'largest process MB':>19}"]
    speeds = {}
    for name in rounds[0]:
        runs = [ran[name] for ran in rounds]
        with_start, without = (statistics.median(each) for each in zip(*(run.pages_a_second(pages, started) for run in runs), strict=True))
        wall = statistics.median(run.whole.wall_s for run in runs)
        most = max(memory.most_mb for run in runs for memory in run.whole.memory)
        speeds[name] = (with_start, without)
        lines.append(f"{name:<10} {runs[0].rows:>6} {wall:>7.1f} {with_start:>12.1f} {without:>14.1f} {without / bare:>7.2f} {most:>19.0f}")
    if len(speeds) > 1:
        ours, theirs = speeds.values()
        lines.append(
            f"scraper batch does {ours[0] / theirs[0]:.1f} times the pages with the same CPU, {ours[1] / theirs[1]:.1f} without the start"
        )
    return lines


def _scaling(ours: Path) -> list[str]:
    """Say what the engine costs a task, and how far tasks like those just measured scale."""
    import pyarrow.parquet as pq

    from scraper.batch.engine import engine

    rows = [row for path in ours.glob("counters/*.parquet") for row in pq.read_table(path).to_pylist()]
    each = [row["cpu_seconds"] / row["pages"] for row in rows if row["pages"]]
    with engine(workers=2, address=None, watched=False) as client:
        client.gather(client.map(len, ["warm", "up"]))
        costs = overhead(client, COUNTS, os.getpid())  # the scheduler lives in this process, as it does in the command's
    lines = [
        f"the engine, {one.tasks} tasks that do nothing: {one.wall_s / one.tasks * 1e3:.2f} ms a task on the wall,"
        f" {one.cpu_s / one.tasks * 1e3:.2f} ms of the scheduler's CPU"
        for one in costs
    ]
    engine_s = costs[-1].cpu_s / costs[-1].tasks
    real = [seconds * PAGES_A_TASK for seconds in each]
    task_s = statistics.mean(real)
    lines.append(
        f"{JOB_TASKS} tasks of {PAGES_A_TASK} pages, {task_s:.1f} s each as pages took here; the engine's {engine_s * 1e3:.2f} ms:"
    )
    found = scaled(real, JOB_TASKS, engine_s, WORKERS)
    lines += [f"  {count:>6} workers {hours:>9.2f} h, {share:.0%} of an ideal speed-up" for count, hours, share in found]
    reached = max((count for count, _, share in found if share >= LOST), default=0)
    return [*lines, json.dumps({"ms_a_page": round(statistics.mean(each) * 1e3, 2), "scales_to_workers": reached})]


if __name__ == "__main__":
    main()
