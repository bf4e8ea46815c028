"""How far has one figure of a source moved from what is usual, and could that be chance, an odd day, or a mood? The least moves asked for,
and the chances below which nobody believes in chance any more, stand here.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from math import log
from typing import Final

from scraper.health.chance import share_at_least, share_at_most
from scraper.health.figures import Hour, is_weekend, of
from scraper.health.shares import Share
from scraper.health.usual import number

__all__ = ["FALLING", "FEWEST_LOOKS", "SHIFT", "Moved", "move", "tail", "told_of", "weekend_part"]

FEWEST_LOOKS: Final = 3
UNLIKELY: Final = 2e-4  # with the moves asked for below; thirty figures a day would come so far twice a year by chance alone
FEWEST, FEWEST_NEW = 5, 3  # stories, or pages: two of three are chance, but not three of three that never were so
LITTLE, NOTHING = 0.1, 0.08  # of a usual share that is left where nearly all has broken, and where all has
HALF: Final = 0.5  # of what could yet rise, where nearly all has risen
THIRD, UNLIKELY_THIRD, UNLIKELY_HALF = 0.3, 2e-5, 1e-7  # the same since some moment, which is chosen from many
SHIFT: Final = 0.25  # smaller moves are the site's own business, however sure they are
LONG_SHIFT: Final = 0.45  # and smaller ones than that, where a part has broken: so far two days of elections go
ODD_DAYS, ODD_SHARE, ODD_CORRELATION = 0.015, 0.15, 0.05  # of the days, and what is left of a usual share on such a one
UNLIKELY_ODD: Final = 1e-3
PART_OF_DAY: Final = timedelta(hours=8)  # an odd night is no day of its own
TOTAL: Final = timedelta(hours=12)  # since which nothing is left
FALLING: Final = frozenset({"field", "signal"})  # these are missed when they fall; all others when they rise
NOT_EDITED: Final = frozenset({"page", "listing"})  # an editor has no odd days in these


@dataclass(frozen=True, slots=True)
class Moved:
    """How far one figure has moved from what is usual, in any hours."""

    name: str
    share: Share
    edges: Mapping[str, int]

    def count(self, hours: Sequence[Hour]) -> tuple[int, int]:
        """Give how many have it, and of how many."""
        whole = of(self.name)
        return sum([number(hour.counts, self.name, self.edges) for hour in hours]), sum([hour.number(whole) for hour in hours])

    def by(self, hours: Sequence[Hour]) -> float:
        """Give how far the share has moved the way that is missed."""
        seen, whole = self.count(hours)
        return move(self.name, seen / whole, self.usual(hours))

    def usual(self, hours: Sequence[Hour]) -> float:
        """Give the share that is usual in such hours."""
        return self.share.mixed(weekend_part(hours, of(self.name)))

    def is_unlikely(self, hours: Sequence[Hour], least: float) -> bool:
        """Say whether chance is no explanation."""
        return self.chance(hours) <= least

    def chance(self, hours: Sequence[Hour]) -> float:
        """Give the chance that so many, or more, are other than usual."""
        return tail(self.name)(*self.count(hours), self.usual(hours), self.share.correlation)

    def left(self, hours: Sequence[Hour]) -> float:
        """Give how much is left of what is usual, 1 for all."""
        return self.left_of(*self.count(hours), self.usual(hours))

    def left_of(self, seen: int, whole: int, usual: float) -> float:
        """Give the same of numbers."""
        return seen / whole / usual if _falls(self.name) else (1 - seen / whole) / (1 - usual)

    @property
    def fewest(self) -> int:
        """Give how many stories it takes."""
        return FEWEST if _falls(self.name) or self.is_not_edited else FEWEST_NEW

    @property
    def is_not_edited(self) -> bool:
        """Say whether this is a matter of machines, in which editors have no odd days."""
        return self.name.partition(":")[0] in NOT_EDITED

    def gone(self, window: Sequence[Hour]) -> Sequence[Hour]:
        """Give the last of some hours since which nothing is left, or half where it rises, if that is half a day or more: of all hours
        that are kept, so that a source of few stories is found in the end.
        """
        if self.is_not_edited:
            return ()  # `silence` asks of these
        starts = [start for start in self.starts(window) if told_of(window, start) >= TOTAL]
        return next((window[start:] for start in starts if self.is_gone(window[start:])), ())

    def starts(self, window: Sequence[Hour]) -> Sequence[int]:
        """Give where the ends of some hours begin, two at least, of which little enough is left to ask further."""
        seen = total = weekend = 0
        whole, found = of(self.name), []
        for start in range(len(window) - 1, -1, -1):
            hour = window[start]
            total, seen = total + hour.number(whole), seen + number(hour.counts, self.name, self.edges)
            weekend += hour.number(whole) * is_weekend(hour.at)
            if self.left_of(seen, total, self.share.mixed(weekend / total)) <= (NOTHING if _falls(self.name) else HALF):
                found.append(start)
        return [start for start in reversed(found) if start < len(window) - 1]

    def is_gone(self, hours: Sequence[Hour]) -> bool:
        """Say whether nothing is left in some hours, chosen from many; or where it rises a third, or half if that is surer."""
        left = self.left(hours)
        if self.count(hours)[1] < FEWEST and left > NOTHING:
            return False
        if _falls(self.name):
            return left <= NOTHING and self.is_unlikely(hours, UNLIKELY) and self.is_no_odd_day(hours)
        return left <= HALF and self.chance_of_days(hours) <= (UNLIKELY_THIRD if left <= THIRD else UNLIKELY_HALF)

    def is_nearly_all(self, window: Sequence[Hour]) -> bool:
        """Say whether next to nothing is left."""
        if self.by(window) < SHIFT or not self.is_unlikely(window, UNLIKELY):
            return False
        if self.count(window)[1] < FEWEST:
            return self.left(window) <= NOTHING
        if self.is_not_edited:
            return True
        return self.left(window) <= LITTLE and self.is_no_odd_day(window) if _falls(self.name) else self.left(window) <= HALF

    def is_no_odd_day(self, hours: Sequence[Hour]) -> bool:
        """Say whether it would be unlikely, too, if any of the days were an odd one, on which much is otherwise."""
        chance = 1.0
        for day in _by_day(hours):
            (seen, whole), share = self.count(day), self.usual(day)
            odd_share = ODD_SHARE * share if _falls(self.name) else 1 - ODD_SHARE * (1 - share)
            odd = tail(self.name)(seen, whole, odd_share, ODD_CORRELATION)
            chance *= (1 - ODD_DAYS) * self.chance(day) + ODD_DAYS * odd
        return chance <= UNLIKELY_ODD

    def chance_of_days(self, hours: Sequence[Hour]) -> float:
        """Give the chance of days as unlikely as these taken together, by Fisher's method."""
        product, days = 1.0, 0
        for day in _by_day(hours):
            product, days = product * self.chance(day), days + 1
        term = total = 1.0
        for place in range(1, days):
            term *= -log(product) / place
            total += term
        return product * total

    def is_lasting(self, window: Sequence[Hour], longer: Sequence[Hour]) -> bool:
        """Say whether it is so on each of two days; where there is a look a day or less, in each of three."""
        older = longer[: len(longer) - len(window)]
        parts = [older, window] if older else [[hour] for hour in window]
        if len(window) < FEWEST_LOOKS or not all(self.by(part) >= LONG_SHIFT for part in parts):
            return False
        return self.is_unlikely(window, UNLIKELY) and (not older or self.is_unlikely(older, UNLIKELY))


def _falls(name: str) -> bool:
    return name.partition(":")[0] in FALLING


def move(name: str, seen: float, usual: float) -> float:
    """Give how far a share has moved the way that is missed."""
    return usual - seen if _falls(name) else seen - usual


def tail(name: str) -> Callable[[int, int, float, float], float]:
    """Give the function for the chance of so few, or so many."""
    return share_at_most if _falls(name) else share_at_least


def weekend_part(hours: Sequence[Hour], whole: str) -> float:
    """Give the part of what the looks found that a weekend's looks did."""
    numbers = [(hour.number(whole), is_weekend(hour.at)) for hour in hours]
    return sum([number for number, weekend in numbers if weekend]) / max(1, sum([number for number, _ in numbers]))


def told_of(window: Sequence[Hour], start: int) -> timedelta:
    """Give of how long a time the looks from one on tell: what the first of them finds has come since the look before it."""
    return window[-1].at - window[max(0, start - 1)].at


def _by_day(window: Sequence[Hour]) -> Iterator[Sequence[Hour]]:
    """Give the looks that tell of each day, each from the look before it on; a few hours belong to the day beside them."""
    parts: list[list[Hour]] = []
    length, day = timedelta(), None
    for before, hour in pairwise([window[0], *window]):
        told = hour.at - before.at
        other = (hour.at - told / 2).date()
        if not parts or (other != day and length >= PART_OF_DAY):
            parts.append([])
            length, day = timedelta(), other
        parts[-1].append(hour)
        length += told
    if len(parts) > 1 and length < PART_OF_DAY:
        last = parts.pop()
        parts[-1] += last
    yield from parts
