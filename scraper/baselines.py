"""How many stories does a source usually bring on such a day? What its own weeks say, for the view `coverage` and for watching a source.

A baseline is the median of the same weekday in the last eight weeks, so that a quiet Sunday is none of Monday's business and one election
night moves nothing. Until there are three such days, the days of the last four weeks speak for each other; before there are five of those,
nobody knows. Only days on which the source was looked at count: what was not collected says nothing about what was published.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from math import ceil, sqrt
from statistics import median
from typing import Final, NamedTuple

__all__ = ["REACH", "Baseline", "baseline"]

WEEKS: Final = 8
REACH: Final = timedelta(weeks=WEEKS)  # so far back a baseline looks
FEWEST_WEEKDAYS: Final = 3
RECENT_DAYS: Final = 28
FEWEST_RECENT: Final = 7
SPREADS: Final = 4.0  # how far below the median chance goes, in deviations; docs/database.md has the false gaps this gives
# However days scatter, one of less than a tenth is no chance where this many are expected: benchmarks/coverage.py counts both.
SILENCE: Final = 0.1
ENOUGH: Final = 20
MAD_TO_DEVIATION: Final = 1.4826  # of a normal distribution


class Baseline(NamedTuple):
    """How many stories a day is expected to bring, and the fewest that chance would still account for."""

    expected: float
    least: int


def baseline(seen: Mapping[date, int], day: date) -> Baseline | None:
    """Give what to expect of a day, from the stories of earlier days on which the source was looked at; None where they are too few.

    Yesterday is left out while days speak for each other: a part of its stories is only found today.
    """
    weekdays: dict[int, list[int]] = defaultdict(list)
    for days_before in range(2, 7 * WEEKS + 1):
        if (other := day - timedelta(days=days_before)) in seen:
            weekdays[other.weekday()].append(seen[other])
    if len(weekdays[day.weekday()]) >= FEWEST_WEEKDAYS:
        return _of(weekdays[day.weekday()], weekdays.values())
    recent = [seen[other] for days in range(2, RECENT_DAYS + 1) if (other := day - timedelta(days=days)) in seen]
    return Baseline(float(median(recent)), 0) if len(recent) >= FEWEST_RECENT else None  # it may be the first Sunday


def _of(counts: Collection[int], weekdays: Iterable[Collection[int]]) -> Baseline:
    """Give the median of some days, and how far below it chance goes: as far as days that should be alike differ."""
    expected = float(median(counts))
    scatter = max(1.0, MAD_TO_DEVIATION * median(stray for days in weekdays if len(days) >= FEWEST_WEEKDAYS for stray in _strays(days)))
    silence = ceil(expected * SILENCE) if expected >= ENOUGH else 0
    return Baseline(expected, max(silence, ceil(expected - SPREADS * scatter * sqrt(expected))))


def _strays(counts: Collection[int]) -> list[float]:
    """Give how far each day is from the middle of its like, in units of what independent events would be (the root of their number)."""
    middle = median(counts)
    return [abs(count - middle) / sqrt(max(1.0, middle)) for count in counts]
