"""How often does `coverage` call a day a gap that is none, and how many real gaps does it find? On simulated years of sources.

    python -m benchmarks.coverage [--sources 100] [--seed 7]

A source has so many stories a day, quiet weekends, and days that scatter as dice do (Poisson), or by a fifth or a third more of the mean.
No figure is taken from a real source. A real gap is a day of which only a part was collected; the days after it do not know the rest.
"""

import argparse
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

import numpy as np

from scraper.baselines import baseline

__all__ = ["Judged", "lines", "main", "year"]

MEANS: Final = (2, 5, 10, 20, 50, 150)
SCATTERS: Final = {"as dice": 0.0, "by a fifth more": 0.2, "by a third more": 0.33}
WEEK: Final = (1.0, 1.1, 1.1, 1.1, 1.0, 0.5, 0.4)  # from Monday
BEGAN: Final = date(2025, 1, 6)
DAYS: Final = 365
BROKEN: Final = 20  # one day in so many is collected in part only
LEFT: Final = (0.0, 0.5)  # the parts


class Judged(NamedTuple):
    """What became of a year's days: whole ones that were called gaps, broken ones, and how many of these were found."""

    false: int
    broken: int
    found: int


def year(random: np.random.Generator, mean: float, scatter: float, *, left: float) -> Judged:
    """Judge a year of one source, day by day, each by what was collected before it."""
    seen: dict[date, int] = {}
    false = broken = found = 0
    for day in (BEGAN + timedelta(days=number) for number in range(DAYS)):
        brought = int(random.poisson(_rate(random, mean * WEEK[day.weekday()], scatter)))
        is_broken = random.random() < 1 / BROKEN
        seen[day] = int(brought * left) if is_broken else brought
        known = baseline(seen, day)
        is_called = known is not None and seen[day] < known.least
        false += is_called and not is_broken
        broken += is_broken and known is not None and seen[day] < brought
        found += is_called and is_broken
    return Judged(false, broken, found)


def _rate(random: np.random.Generator, mean: float, scatter: float) -> float:
    return float(random.gamma(scatter**-2, mean * scatter**2)) if scatter else mean


def lines(sources: int, seed: int) -> Iterator[str]:
    """Lay out the false gaps of a source and year, and the share of real ones that is found, where none and where half was collected."""
    random = np.random.default_rng(seed)
    yield f"{'a day':>6} {'scatter':<16} {'false gaps a year':>18} {'found, none left':>17} {'half left':>10}"
    for mean in MEANS:
        for name, scatter in SCATTERS.items():
            none, half = ([year(random, mean, scatter, left=left) for _ in range(sources)] for left in LEFT)
            false = sum(judged.false for judged in (*none, *half)) / (2 * sources)
            yield f"{mean:>6} {name:<16} {false:>18.2f} {_share(none):>17} {_share(half):>10}"


def _share(judged: list[Judged]) -> str:
    return f"{sum(one.found for one in judged) / max(1, sum(one.broken for one in judged)):.0%}"


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Measure the gaps that the view coverage calls.")
    parser.add_argument("--sources", type=int, default=100, help="of each kind (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args(arguments)
    for line in lines(options.sources, options.seed):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
