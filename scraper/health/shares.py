"""Which share of a source's stories, pages and listings usually has something? Learned from its days, those that stray most left out.

How much one day differs from another, beyond chance, is learned with it (`correlation`, of the beta-binomial distribution, by the analysis
of variance). Weekends have a share of their own: where a Sunday is half wire copy, that is no odd day.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

__all__ = ["Counted", "Share", "share_of"]

FEWEST_DAYS: Final = 5
FEWEST: Final = 20  # of what a share is of
LEANING: Final = 20.0  # stories
STRAYING: Final = 20  # of so many days one is left out: an odd day must not make the source look wild for eight weeks
LEAST_CORRELATION, MOST_CORRELATION = 0.005, 0.15  # beyond that nothing that a day shows could ever be told from chance


class Share(NamedTuple):
    """What is usual: the share on working days, how alike the stories of one day are, of how many it was learned, the share at weekends."""

    share: float
    correlation: float
    of: int
    weekend: float | None = None

    def mixed(self, part: float) -> float:
        """Give the share that is usual where such a part of the stories, 0 to 1, is a weekend's."""
        return self.share if self.weekend is None else (1 - part) * self.share + part * self.weekend


UNKNOWN: Final[Mapping[str, Share]] = {  # of what needs no history: a source that refuses us from its first day on is refused
    "listing": Share(0.04, 0.1, 0),
    "page": Share(0.04, 0.1, 0),
}


class Counted(NamedTuple):
    """One day of a source: how many had something, out of how many."""

    seen: int
    of: int
    is_weekend: bool


def share_of(days: Sequence[Counted]) -> Share | None:
    """Learn from days; None where there is too little."""
    days = [day for day in days if day.of]
    if len(days) < FEWEST_DAYS or sum([day.of for day in days]) < FEWEST:
        return None
    means = _means(days)
    left = sorted(days, key=lambda day: _straying(day, means[day.is_weekend]))[: len(days) - round(len(days) / STRAYING)]
    means = _means(left)
    return Share(means[False], _correlation(left, means), sum([day.of for day in left]), means[True])


def _means(days: Sequence[Counted]) -> tuple[float, float]:
    """Give the share on working days and at weekends, never quite none or all: who has seen it a hundred times has not seen it always.

    Each leans on the other as far as it was seen seldom.
    """
    working, weekend = ([day for day in days if day.is_weekend is kind] for kind in (False, True))
    all_days = _mean(days, 0.5, 1.0)
    return _mean(working, LEANING * all_days, LEANING), _mean(weekend, LEANING * all_days, LEANING)


def _mean(days: Sequence[Counted], seen: float, of: float) -> float:
    return (sum([day.seen for day in days]) + seen) / (sum([day.of for day in days]) + of)


def _straying(day: Counted, mean: float) -> float:
    return day.of * (day.seen / day.of - mean) ** 2


def _correlation(days: Sequence[Counted], means: tuple[float, float]) -> float:
    beyond = room = 0.0
    for kind in (False, True):
        group = [day for day in days if day.is_weekend is kind]
        total, chance = sum([day.of for day in group]), means[kind] * (1 - means[kind])
        if len(group) > 1:
            beyond += sum([_straying(day, means[kind]) for day in group]) - chance * (len(group) - 1)
            room += chance * (total - sum([day.of**2 for day in group]) / total - (len(group) - 1))
    return min(MOST_CORRELATION, max(LEAST_CORRELATION, beyond / room)) if room > 0 else LEAST_CORRELATION
