"""How many new stories is a source expected to announce between two moments? Its weekdays and hours, as its last eight weeks had them.

A listing tells of the time since it was last read, so what it brings is spread over the hours between: a source that is read once a day has
days and no hours. A weekday's level is the median of its like, moved by how the last days compare with theirs: so a quiet August is learned
in a week and an election night moves nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any, Final, Self

from scraper.health.figures import Day

__all__ = ["Rhythm"]

HOURS: Final = 24
LONGEST_SPREAD: Final = 36  # hours; what a listing brings after a longer pause is a part of what there was
FEWEST_HOURS: Final = 18  # of a day that were looked at, so that it says what a day brings
FEWEST_DAYS: Final = 5
FEWEST_LIKE: Final = 2  # days of one weekday, before it is measured by itself
RECENT_DAYS: Final = 10
LEAST_LEVEL, MOST_LEVEL = 0.2, 5.0
EVEN_SHARE: Final = 0.1  # of a day's stories that may come at any hour
MAD_TO_DEVIATION: Final = 1.4826
LEAST_SIZE, MOST_SIZE = 4.0, 25.0  # the wildest and the most even days a source is believed to have
COMMON, COMMON_DOUBT = 0.06, 0.04  # how much papers' days differ beyond chance, and how much papers differ in that
SPREAD_DOUBT: Final = 0.35  # of the square of a spread that is taken from eight weeks
WEEKEND: Final = 5
HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Expected stories an hour, by weekday (Monday is 0) and hour, UTC; `size` says how alike the days are (`chance.at_most`)."""

    rates: Sequence[Sequence[float]]
    size: float

    def expected(self, since: datetime, until: datetime) -> float:
        """Give how many stories are expected between two moments, aware; at most four weeks apart are looked at."""
        since = max(since, until - timedelta(weeks=4)).astimezone(UTC)
        hour, total = since.replace(minute=0, second=0, microsecond=0), 0.0
        while hour < until:
            part = (min(until, hour + HOUR) - max(since, hour)) / HOUR
            total += part * self.rates[hour.weekday()][hour.hour]
            hour += HOUR
        return total

    @classmethod
    def of(cls, days: Sequence[Day]) -> Self | None:
        """Learn the rhythm of some days, in order; None where they are too few."""
        totals, shapes = _spread(days)
        if len(totals) < FEWEST_DAYS:
            return None
        like = _medians(totals)
        ratios = {day: total / max(like[day.weekday()], 0.5) for day, total in totals.items()}
        level = min(MOST_LEVEL, max(LEAST_LEVEL, median([ratios[day] for day in sorted(ratios)[-RECENT_DAYS:]])))
        hours = {group: _shape(shapes[group]) for group in (False, True)}
        rates = [[level * like[weekday] * share for share in hours[weekday >= WEEKEND]] for weekday in range(7)]
        return cls(rates=rates, size=_size(ratios, like))

    def to_dict(self) -> dict[str, Any]:
        """Give it as JSON-ready values."""
        return {"rates": [[round(rate, 3) for rate in day] for day in self.rates], "size": round(self.size, 2)}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """Read what `to_dict` wrote."""
        return cls(rates=values["rates"], size=values["size"])


def _spread(days: Sequence[Day]) -> tuple[dict[date, float], dict[bool, list[float]]]:
    """Give the stories of each day that was looked at, and of each hour on working days and at weekends."""
    items: dict[date, list[float]] = defaultdict(lambda: [0.0] * HOURS)
    covered: dict[date, int] = defaultdict(int)
    shapes = {False: [0.0] * HOURS, True: [0.0] * HOURS}
    for hour, number, hours in _arrivals(days):
        covered[hour.date()] += 1
        items[hour.date()][hour.hour] += number / hours
    for day, found in items.items():
        group = day.weekday() >= WEEKEND
        shapes[group] = [sum(pair) for pair in zip(shapes[group], found, strict=True)]
    totals = {day: sum(items[day]) * HOURS / hours for day, hours in covered.items() if hours >= FEWEST_HOURS}
    return totals, shapes


def _arrivals(days: Sequence[Day]) -> Iterator[tuple[datetime, int, int]]:
    """Give each hour that a look covers, with what that look brought and over how many hours it is to be spread."""
    before: datetime | None = None
    for day in days:
        midnight = datetime(day.day.year, day.day.month, day.day.day, tzinfo=UTC)
        for hour_of_day in range(HOURS):
            if not day.reads[hour_of_day]:
                continue
            hour = midnight + HOUR * hour_of_day
            hours = 0 if before is None else (hour - before) // HOUR
            if 0 < hours <= LONGEST_SPREAD:
                yield from ((hour - HOUR * back, day.items[hour_of_day], hours) for back in range(hours))
            before = hour


def _medians(totals: dict[date, float]) -> list[float]:
    """Give what each weekday usually brings; one that is not yet known by itself, what a quiet day of all brings."""
    by_weekday: dict[int, list[float]] = defaultdict(list)
    for day, total in totals.items():
        by_weekday[day.weekday()].append(total)
    quiet = sorted(totals.values())[len(totals) // 4]
    return [median(by_weekday[weekday]) if len(by_weekday[weekday]) >= FEWEST_LIKE else quiet for weekday in range(7)]


def _shape(hours: Iterable[float]) -> list[float]:
    """Give each hour's share of a day."""
    found = list(hours)
    total = sum(found)
    return [EVEN_SHARE / HOURS + (1 - EVEN_SHARE) * (number / total if total else 1 / HOURS) for number in found]


def _size(ratios: dict[date, float], like: Sequence[float]) -> float:
    """Give how alike the days are: what they stray beyond what chance alone would make of their numbers."""
    middle = median(ratios.values())
    spread = MAD_TO_DEVIATION * median([abs(ratio - middle) for ratio in ratios.values()])
    by_chance = 1 / max(median(like), 1.0)
    beyond, doubt = spread**2 - by_chance, SPREAD_DOUBT * (by_chance + COMMON)
    weight = COMMON_DOUBT**2 / (COMMON_DOUBT**2 + doubt**2)
    beyond = weight * beyond + (1 - weight) * COMMON
    return min(MOST_SIZE, max(LEAST_SIZE, 1 / beyond if beyond > 0 else MOST_SIZE))
