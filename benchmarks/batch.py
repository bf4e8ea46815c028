"""How fast and how cheap is a batch? `scraper batch` and datatrove with trafilatura over the same archive, in turns; and how far it scales.

    python -m benchmarks.batch [--pages 2000] [--files 8] [--rounds 2] [--workers 2] [--peer .venv-trove/bin/python | --alone]

Figures are CPU of whole processes with all that they start: pages a second of CPU is pages a second of one core, and says the same on a
machine that others use; the wall does not. Each side also runs over as many files with a quarter of the pages: what the others cost beyond
that is the steady work, and the start is what is left: processes, imports, and what each file costs however many pages it has (a public
crawl's has twenty thousand, these a few hundred). The bare extractor is `extract` in a loop over the same pages, in memory, in a process of
its own that meets each of them once.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.batch_archive import archived, corpus
from benchmarks.batch_scaling import LOST, overhead, scaled
from benchmarks.processes import Cost, watched

__all__ = ["main"]

COUNTS = (10, 100, 1_000)
WORKERS = (2, 10, 30, 100, 300, 1_000, 3_000, 10_000)
JOB_TASKS, PAGES_A_TASK = 10_000, 3_000
ONE = "one worker"
SHARE = 4  # one page in so many is read in the shorter run


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """One side's two runs, over all pages and over some: how many these are, what each cost, and how many rows the whole one wrote."""

    pages: int
    some: int
    whole: Cost
    less: Cost
    rows: int

    @property
    def a_second(self) -> float:
        """Give pages a second of CPU, the start included."""
        return self.pages / sum(self.whole.cpu_s.values())

    @property
    def steady(self) -> float:
        """Give pages a second of CPU without the start."""
        whole, less = (sum(cost.cpu_s.values()) for cost in (self.whole, self.less))
        return (self.pages - self.some) / max(whole - less, 0.01)

    @property
    def start_s(self) -> float:
        """Give the seconds of CPU that the start took."""
        return sum(self.whole.cpu_s.values()) - self.pages / self.steady

    @property
    def steady_wall(self) -> float:
        """Give pages a second on the wall without the start."""
        return (self.pages - self.some) / max(self.whole.wall_s - self.less.wall_s, 0.01)


def main(arguments: Sequence[str] | None = None) -> None:
    options = _options(arguments)
    found = corpus(options.pages)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = archived(folder / "archive", found, options.files)
        archived(folder / "some", found[::SHARE], options.files)
        size = sum(path.stat().st_size for path in paths) / 1e6
        print(f"{len(found)} pages in {len(paths)} files of {size / len(paths):.1f} MB, {options.workers} workers")
        rounds, bare = [], []
        for number in range(options.rounds):
            bare.append(_bare_s(options.pages))
            rounds.append(_round(folder, number, len(found), options))
        print(f"the bare extractor: {1 / statistics.median(bare):.1f} pages a second of CPU")
        print("\n".join(_compared(rounds, 1 / statistics.median(bare))))
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


def _bare_s(pages: int) -> float:
    """Give the CPU seconds that `extract` takes for a page."""
    command = [sys.executable, "-m", "benchmarks.batch_bare", str(pages), str(SHARE)]
    return float(json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout))


def _round(folder: Path, number: int, pages: int, options: argparse.Namespace) -> dict[str, Ran]:
    ran = {}
    for side in ("scraper", ONE, *(() if options.alone else ("datatrove",))):
        costs = {}
        for archive in ("some", "archive"):
            source, out = str(folder / archive), folder / f"{side.replace(' ', '-')}-{archive}-{number}"
            costs[archive] = _watched(_command(side, source, out, options), folder / f"{side}.log")
        rows = _rows(out / "records")
        ran[side] = Ran(pages=pages, some=-(-pages // SHARE), whole=costs["archive"], less=costs["some"], rows=rows)
    return ran


def _command(side: str, source: str, out: Path, options: argparse.Namespace) -> list[str]:
    if side == "datatrove":
        return [options.peer, "-m", "benchmarks.batch_trove", source, str(out), str(options.workers)]
    workers = 1 if side == ONE else options.workers
    return [sys.executable, "-m", "scraper", "batch", source, "--out", str(out), "--workers", str(workers), "-q"]


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


def _compared(rounds: Sequence[dict[str, Ran]], bare: float) -> list[str]:
    """Give a table, with the median of the rounds."""
    lines = [
        f"{'':<10} {'rows':>6} {'wall s':>7} {'pages/CPU s':>12} {'start CPU s':>12} {'steady':>7} {'x bare':>7} {'largest process MB':>19}"
    ]
    speeds, walls = {}, {}
    for name in rounds[0]:
        runs = [ran[name] for ran in rounds]
        whole, start, steady = (statistics.median(getattr(run, figure) for run in runs) for figure in ("a_second", "start_s", "steady"))
        wall = statistics.median(run.whole.wall_s for run in runs)
        most = max(memory.most_mb for run in runs for memory in run.whole.memory)
        speeds[name], walls[name] = (whole, steady), statistics.median(run.steady_wall for run in runs)
        lines.append(
            f"{name:<10} {runs[0].rows:>6} {wall:>7.1f} {whole:>12.1f} {start:>12.1f} {steady:>7.1f} {steady / bare:>7.2f} {most:>19.0f}"
        )
    lines.append(f"on the wall, without the start, the workers together do {walls['scraper'] / walls[ONE]:.2f} times what one does")
    if "datatrove" in speeds:
        ours, theirs = speeds["scraper"], speeds["datatrove"]
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
