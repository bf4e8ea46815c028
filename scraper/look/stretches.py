"""Into which stretches of days is a span cut, so that a picture of it can be read? Days, weeks from Monday, or months."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from scraper.store import Span

__all__ = ["Cut", "coarse", "cut", "summed"]

Unit = Literal["day", "week", "month"]
MOST_DAYS: Final = 120  # more are bars of less than three pixels on a phone
MOST_WEEKS: Final = 120
MOST_COARSE: Final = 18  # columns of a table, cells on a phone


@dataclass(frozen=True, slots=True)
class Cut:
    """A span in stretches: the first day of each, and the day after the last of them."""

    unit: Unit
    starts: tuple[date, ...]
    end: date

    def pairs(self) -> list[tuple[date, date]]:
        """Give each stretch's first day and the day after its last."""
        return list(zip(self.starts, (*self.starts[1:], self.end), strict=True))

    def start_of(self, day: date) -> date:
        """Give the first day of the stretch that a day is in."""
        return max(self.starts[0], _start(day, self.unit))

    @property
    def date_format(self) -> str:
        """How its days are written on an axis."""
        return "%-d %b" if (self.end - self.starts[0]).days <= MOST_DAYS else "%b %Y"


def cut(span: Span) -> Cut:
    """Cut a span as finely as it can be drawn."""
    return _cut(span, "day" if span.days <= MOST_DAYS else "week" if span.days <= 7 * MOST_WEEKS else "month")


def coarse(span: Span) -> Cut:
    """Cut a span into few stretches: for a narrow screen, and for a table."""
    return _cut(span, "day" if span.days <= MOST_COARSE else "week" if span.days <= 7 * (MOST_COARSE - 1) else "month")


def summed(whole: Cut, days: Iterable[tuple[date, int]]) -> dict[date, int]:
    """Add up numbers by stretch: those of its days."""
    counted: Counter[date] = Counter()
    for day, number in days:
        counted[whole.start_of(day)] += number
    return dict(counted)


def _cut(span: Span, unit: Unit) -> Cut:
    starts: Sequence[date] = [span.since + timedelta(days=number) for number in range(span.days)]
    return Cut(unit, tuple(dict.fromkeys(max(span.since, _start(day, unit)) for day in starts)), span.until)


def _start(day: date, unit: Unit) -> date:
    if unit == "day":
        return day
    return day - timedelta(days=day.weekday()) if unit == "week" else day.replace(day=1)
