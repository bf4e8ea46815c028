"""Which share of a source's stories, pages and listings usually has something? Learned from its days, those that stray most left out.

How much one day differs from another, beyond chance, is learned with it (`correlation`, of the beta-binomial distribution, by the analysis
of variance): where a Sunday is all wire copy, a share may fall a long way and says nothing.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

__all__ = ["Share", "share_of"]

FEWEST_DAYS: Final = 5
FEWEST: Final = 20  # of what a share is of
STRAYING: Final = 20  # of so many days one is left out: an odd day must not make the source look wild for eight weeks
LEAST_CORRELATION, MOST_CORRELATION = 0.005, 0.15  # beyond that nothing that a day shows could ever be told from chance


class Share(NamedTuple):
    """What is usual: the share, how alike the stories of one day are, and of how many it was learned."""

    share: float
    correlation: float
    of: int


UNKNOWN: Final[Mapping[str, Share]] = {  # of what needs no history: a source that refuses us from its first day on is refused
    "listing": Share(0.04, 0.1, 0),
    "page": Share(0.04, 0.1, 0),
}


def share_of(days: Sequence[tuple[int, int]]) -> Share | None:
    """Learn from days, each a number and out of how many; None where there is too little."""
    days = [day for day in days if day[1]]
    if len(days) < FEWEST_DAYS or sum(of for _, of in days) < FEWEST:
        return None
    mean = _mean(days)
    left = sorted(days, key=lambda day: _straying(day, mean))[: len(days) - round(len(days) / STRAYING)]
    return Share(_mean(left), _correlation(left), sum(of for _, of in left))


def _mean(days: Sequence[tuple[int, int]]) -> float:
    """Give the share, never quite none or all: who has seen it a hundred times has not seen it always."""
    seen, of = map(sum, zip(*days, strict=True))
    return (seen + 0.5) / (of + 1)


def _straying(day: tuple[int, int], mean: float) -> float:
    seen, of = day
    return of * (seen / of - mean) ** 2


def _correlation(days: Sequence[tuple[int, int]]) -> float:
    mean, total = _mean(days), sum([of for _, of in days])
    chance = mean * (1 - mean) * (len(days) - 1)
    room = mean * (1 - mean) * (total - sum([of * of for _, of in days]) / total - (len(days) - 1))
    if room <= 0:
        return LEAST_CORRELATION
    found = (sum([_straying(day, mean) for day in days]) - chance) / room
    return min(MOST_CORRELATION, max(LEAST_CORRELATION, found))
