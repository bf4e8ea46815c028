"""How fast and how cheap is a batch? `scraper batch` and datatrove with trafilatura over the same archive, in turns; and how far it scales.

    python -m benchmarks.batch [--pages 2000] [--files 8] [--rounds 2] [--workers 2] [--peer .venv-trove/bin/python | --alone]

Figures are of whole processes with all that they start, start-up included: pages a second of CPU is pages a second of one core, and says
the same on a machine that others use; the wall does not. The bare extractor is `extract` in a loop over the same pages, in memory.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """One run of one side: what it cost, and how many rows it wrote."""

    cost: Cost
    rows: int

    @property
    def cpu_s(self) -> float:
        return sum(self.cost.cpu_s.values())


def main(arguments: Sequence[str] | None = None) -> None:
    options = _options(arguments)
    found = corpus(options.pages)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = archived(folder / "archive", found, options.files)
        size = sum(path.stat().st_size for path in paths) / 1e6
        print(f"{len(found)} pages in {len(paths)} files of {size / len(paths):.1f} MB, {options.workers} workers")
        bare = len(found) / min(_bare(found) for _ in range(options.rounds))
        print(f"the bare extractor: {bare:.1f} pages a second of CPU")
        rounds = [_round(folder, number, options) for number in range(options.rounds)]
        for line in _compared(rounds, len(found), bare):
            print(line)
        for line in _scaling(folder / "ours-0", len(found)):
            print(line)


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
    ours, theirs = folder / f"ours-{number}", folder / f"theirs-{number}"
    command = [
        sys.executable,
        "-m",
        "scraper",
        "batch",
        str(folder / "archive"),
        "--out",
        str(ours),
        "--workers",
        str(options.workers),
        "-q",
    ]
    ran = {"scraper batch": Ran(cost=watched(command), rows=_rows(ours / "records", sys.executable))}
    if not options.alone:
        command = [options.peer, "-m", "benchmarks.batch_trove", str(folder / "archive"), str(theirs), str(options.workers)]
        ran["datatrove"] = Ran(cost=watched(command), rows=_rows(theirs / "records", sys.executable))
    return ran


def _rows(folder: Path, python: str) -> int:
    """Count the rows of all Parquet files in a folder."""
    code = "import sys, glob, pyarrow.parquet as p; print(sum(p.read_metadata(f).num_rows for f in glob.glob(sys.argv[1], recursive=True)))"
    told = subprocess.run([python, "-c", code, f"{folder}/**/*.parquet"], capture_output=True, text=True, check=True)
    return int(told.stdout)


def _compared(rounds: Sequence[dict[str, Ran]], pages: int, bare: float) -> list[str]:
    lines = [f"{'':<14} {'rows':>6} {'wall s':>7} {'CPU s':>7} {'pages/CPU s':>12} {'x bare':>7} {'most MB of a process':>21}"]
    speeds = {}
    for name in rounds[0]:
        best = min((ran[name] for ran in rounds), key=lambda ran: ran.cpu_s)
        speeds[name] = statistics.median(pages / ran[name].cpu_s for ran in rounds)
        most = max(memory.most_mb for memory in best.cost.memory)
        lines.append(
            f"{name:<14} {best.rows:>6} {best.cost.wall_s:>7.1f} {best.cpu_s:>7.1f} {speeds[name]:>12.1f}"
            f" {speeds[name] / bare:>7.2f} {most:>21.0f}"
        )
    if len(speeds) > 1:
        ours, theirs = speeds.values()
        lines.append(f"scraper batch does {ours / theirs:.1f} times the pages of datatrove with the same CPU")
    return lines


def _scaling(ours: Path, pages: int) -> list[str]:
    """Say what the engine costs a task, and how far tasks like those just measured scale."""
    import pyarrow.parquet as pq
    from distributed import Client, LocalCluster

    rows = [row for path in ours.glob("counters/*.parquet") for row in pq.read_table(path).to_pylist()]
    each = [row["seconds"] / row["pages"] for row in rows if row["pages"]]
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        client.gather(client.map(len, ["warm", "up"]))
        costs = overhead(client, COUNTS, os.getpid())  # the scheduler lives in this process, as it does in the command's
    lines = [f"the engine, {one.tasks} tasks that do nothing: {one.wall_s / one.tasks * 1e3:.2f} ms a task on the wall" for one in costs]
    engine_s = max(one.wall_s / one.tasks for one in costs[1:])
    real = [seconds * PAGES_A_TASK for seconds in each]
    task_s = statistics.mean(real)
    lines.append(
        f"{JOB_TASKS} tasks of {PAGES_A_TASK} pages, {task_s:.1f} s each by {pages} pages measured; engine {engine_s * 1e3:.2f} ms:"
    )
    found = scaled(real, JOB_TASKS, engine_s, WORKERS)
    lines += [f"  {count:>6} workers {hours:>9.2f} h, {share:.0%} of an ideal speed-up" for count, hours, share in found]
    reached = max((count for count, _, share in found if share >= LOST), default=0)
    return [*lines, json.dumps({"ms_a_page": round(statistics.mean(each) * 1e3, 2), "scales_to_workers": reached})]


if __name__ == "__main__":
    main()
