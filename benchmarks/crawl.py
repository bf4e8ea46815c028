"""How fast, how cheap and how polite is a run? Ours and Scrapy's over the same twenty papers on loopback, in turns.

    python -m benchmarks.crawl [--stories 150] [--rounds 2] [--long 1000] [--without-scrapy]

Four parts. A race from the first request to the last committed row; a second run with nothing new; one with delays, judged by what the
server saw; and a long one, whose memory is looked at all the way. `--long 0` leaves the last one out. The figures are of whole processes,
start-up included; the papers' server, which shares the machine, is told apart. Where others use the machine, only CPU says much: the ratio
to expect of an idle one of two cores is between the two that are printed, since ours uses both and Scrapy one.
"""

import argparse
import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.press import PAPERS
from benchmarks.press_server import NETWORK
from benchmarks.processes import Cost, cpu_s, watched

__all__ = ["main"]

TARGETS = {"ratio": 8.0, "idle_s": 1.0, "memory_mb": 250.0}
POLITE_STORIES, POLITE_DELAY_S, POLITE_CRAWL_DELAY_S = 8, 0.2, 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """The papers as they are being served."""

    process: "subprocess.Popen[str]"
    port: int

    def origins(self) -> list[str]:
        return [f"http://{NETWORK}{number + 1}:{self.port}" for number in range(PAPERS)]

    def cpu_s(self) -> float:
        """Tell what serving has cost so far."""
        return cpu_s(self.process.pid)

    def report(self) -> dict[str, dict[str, Any]]:
        """Tell what each host saw since the last report."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        seen: dict[str, dict[str, Any]] = json.loads(self.process.stdout.readline())
        return seen


@contextmanager
def press(*, stories: int, crawl_delay_s: float = 0.0) -> Iterator[Press]:
    command = [sys.executable, "-m", "benchmarks.press_server", "--stories", str(stories), "--crawl-delay", str(crawl_delay_s)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        yield Press(process=process, port=int(process.stdout.readline()))
        process.stdin.close()


def sources_file(path: Path, served: Press, *, delay_s: float = 0.0, moved: bool = False) -> Path:
    """Write sources.yaml; with `moved`, every listing is asked for at an address that redirects to it."""
    lines = ["version: 1", "defaults:", "  contact: https://example.org/bot", "  allow_private: true", f"  delay_s: {delay_s}"]
    lines += ["  max_items: 10000", "  max_age_days: 3650", "sources:"]
    for number, origin in enumerate(served.origins()):
        start = origin + ("/moved" if moved else "")
        lines += [f"  - id: paper-{number}", f"    name: Paper {number}", f"    domain: {NETWORK}{number + 1}"]
        lines += [f"    feeds: [{start}/feed.xml]", f"    news_sitemaps: [{start}/news.xml]"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def ours(sources: Path, db: Path) -> Cost:
    files = ["--sources", str(sources), "--db", str(db), "--log", f"{db}.log"]
    return watched([sys.executable, "-m", "scraper", "run", "--quiet", "--no-archive", *files])  # the other side keeps no pages either


def scrapys(served: Press, db: Path) -> Cost:
    listings = [f"{origin}/{name}" for origin in served.origins() for name in ("feed.xml", "news.xml")]
    return watched([sys.executable, "-m", "benchmarks.scrapy_crawl", str(db), *listings])


def rows(db: Path) -> int:
    with closing(sqlite3.connect(db)) as connection:
        return int(connection.execute("SELECT count(*) FROM articles").fetchone()[0])


def race(folder: Path, served: Press, *, rounds: int, with_scrapy: bool) -> Path:
    """Let both crawl in turns, print the figures, and give the last database of ours."""
    sources = sources_file(folder / "sources.yaml", served)
    speeds: dict[str, list[tuple[float, float]]] = {"ours": [], "scrapy": []}
    db = folder
    for number in range(rounds):
        db = folder / f"ours-{number}.db"
        before = served.cpu_s()
        speeds["ours"].append(_lap("ours", ours(sources, db), rows(db), served.cpu_s() - before))
        if with_scrapy:
            other = folder / f"scrapy-{number}.db"
            before = served.cpu_s()
            speeds["scrapy"].append(_lap("scrapy", scrapys(served, other), rows(other), served.cpu_s() - before))
    if with_scrapy:
        wall, cpu = (
            statistics.median(lap[part] for lap in speeds["ours"]) / statistics.median(lap[part] for lap in speeds["scrapy"])
            for part in range(2)
        )
        print(f"ratio        {wall:.1f} x Scrapy with trafilatura (to reach: {TARGETS['ratio']:g}); by the second of CPU {cpu:.1f} x")
    return db


def _lap(name: str, cost: Cost, pages: int, served_s: float) -> tuple[float, float]:
    """Print what a lap cost, and give pages a second, by the wall and by the CPU: with other work about, only the latter says much."""
    speed = pages / cost.wall_s
    parts = cost.cpu_s | {"(serving them": served_s}
    cpu = " ".join(f"{part} {seconds * 1000 / max(pages, 1):.2f}" for part, seconds in parts.items()) + ")"
    print(f"{name:12} {pages} pages in {cost.wall_s:.1f} s: {speed:.0f} a second; CPU ms a page: {cpu}", flush=True)
    return speed, pages / sum(cost.cpu_s.values())


def second_run(folder: Path, served: Press, db: Path) -> None:
    """Run again with nothing new, and print what was asked and what it cost."""
    served.report()
    cost = ours(folder / "sources.yaml", db)
    seen = served.report().values()
    asked = sum(host["requests"] for host in seen)
    listings = sum(sum(host["listings"].values()) for host in seen)
    conditional = sum(sum(host["conditional"].values()) for host in seen)
    own_s = sum(cost.cpu_s.values())
    print(
        f"nothing new  {asked} requests to {len(seen)} hosts: {conditional} of {listings} for listings conditional;"
        f" {cost.wall_s:.2f} s, {own_s:.2f} s of CPU (to reach: {TARGETS['idle_s']:g})"
    )


def polite_run(folder: Path) -> None:
    """Crawl with delays, ours below and above what robots.txt asks for, redirects included, and print what the servers saw."""
    for delay_s, asked_s in ((POLITE_DELAY_S, POLITE_CRAWL_DELAY_S), (POLITE_CRAWL_DELAY_S, POLITE_DELAY_S)):
        with press(stories=POLITE_STORIES, crawl_delay_s=asked_s) as served:
            sources = sources_file(folder / "polite.yaml", served, delay_s=delay_s, moved=True)
            ours(sources, folder / f"polite-{delay_s}.db")
            seen = served.report().values()
            gap = min(host["shortest_gap_s"] for host in seen)
            print(
                f"polite       delay {delay_s} s, Crawl-delay {asked_s} s: {sum(host['requests'] for host in seen)} requests, shortest gap"
                f" {gap:.3f} s, at most {max(host['in_hand'] for host in seen)} request and"
                f" {max(host['connections'] for host in seen)} connection a host"
            )


def long_run(folder: Path, *, stories: int) -> None:
    """Crawl many pages and print the memory of the main process and of each worker, at the quarters of the way and at its height."""
    with press(stories=stories) as served:
        sources, db = sources_file(folder / "long.yaml", served), folder / "long.db"
        cost = ours(sources, db)
        head = f"memory       {rows(db)} pages in {cost.wall_s:.0f} s, MB at the quarters of the way and at most"
        print(f"{head} (to reach: {TARGETS['memory_mb']:g})")
        for process in cost.memory:
            print(f"             {process.name:8} {' '.join(f'{size:.0f}' for size in process.quarters_mb)}   most {process.most_mb:.0f}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stories", type=int, default=150, help="a paper, of which there are twenty")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--long", type=int, default=1_000, help="stories a paper in the long run; 0 leaves it out")
    parser.add_argument("--without-scrapy", action="store_true")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with press(stories=asked.stories) as served:
            db = race(folder, served, rounds=asked.rounds, with_scrapy=not asked.without_scrapy)
            second_run(folder, served, db)
        polite_run(folder)
        if asked.long:
            long_run(folder, stories=asked.long)


if __name__ == "__main__":
    main()
