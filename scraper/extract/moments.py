"""Which day, and which time of day, does a short text name? ISO 8601, RFC 822, and the dates people write, in some ninety languages.

Only reading is done here; which of a page's dates is the story's is decided in `dates`. A label around the date is no hindrance; a relative
date ("24 minutes ago") is no date. The slow library for the rest is asked in `slow_dates`.
"""

# ruff: noqa: PLR2004 - the numbers of the calendar are their own explanation

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Final, NamedTuple

from scraper.extract.clock import Clock, clock
from scraper.extract.glance import FIGURES, LONG_FIGURE, YEAR
from scraper.extract.inner_loops import figures
from scraper.extract.months import month_of
from scraper.extract.written_days import Day, Order, Reading, day_of, written_days
from scraper.records import Precision

__all__ = ["Moment", "Order", "Reading", "moment", "moments"]

MAX_CHARS: Final = 400

ISO: Final = re.compile(
    r"(?<!\d)(\d{4})-?(\d\d)-?(\d\d)(?:[T\s_]\s?(\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?\s?(Z|UTC|GMT)?\s?([+\u2212-]\d\d:?\d\d(?!\d)|[+-]\d\d(?!\d))?)?(?![\d-])",
    re.IGNORECASE,
)
EPOCH: Final = re.compile(r"\s*(\d{10})(?:\d{3})?\s*\Z")
STAMP: Final = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)?\Z", re.ASCII)
PLAIN: Final = re.compile(r"(?:([A-Za-z]{3,9})\.? (\d\d?),? (\d{4})|(\d\d?)\.? ([A-Za-z]{3,9})\.?,? (\d{4}))\Z")
# Marks that no reader sees, and signs that stand for our own: the comma of Arabic script, the full stop of Hindi abbreviations.
SIGNS: Final = {**dict.fromkeys(map(ord, "\u200b\u200e\u200f\u061c\u202a\u202b\u202c\u2066\u2067\u2069"), None), 0x060C: ",", 0x0970: "."}
THAI_STOP: Final = re.compile(r"(?<=[\u0e00-\u0eff])\.(?=[\u0e00-\u0eff])")  # ม.ค. is a word: January
FOREIGN_DIGIT: Final = re.compile(r"[^\D0-9]")
MIDNIGHT: Final = time()
NEAR: Final = 40


class Moment(NamedTuple):
    """A day, its time of day where given, and whether the order of day and month was a guess. `start` and `end` are offsets in the text."""

    when: datetime
    precision: Precision
    guessed: bool = False
    start: int = 0
    end: int = 0

    @property
    def day(self) -> date:
        """Give the calendar day as written."""
        return self.when.date()


def moment(text: str, reading: Reading = Reading()) -> Moment | None:  # noqa: B008 a frozen value
    """Read the first date of a short text, with the time of day beside it; None where there is none, or only a relative one."""
    epoch = EPOCH.match(text)
    if epoch:
        return Moment(datetime.fromtimestamp(int(epoch[1]), UTC), "second", end=len(text))
    return next(iter(moments(text, reading)), None)


def moments(text: str, reading: Reading = Reading()) -> tuple[Moment, ...]:  # noqa: B008
    """Read every date of a text of at most 400 characters, in order."""
    text = text[:MAX_CHARS]
    return _read(text, reading) if figures(text) & FIGURES else ()


@lru_cache(maxsize=4096)
def _read(text: str, reading: Reading) -> tuple[Moment, ...]:
    # Kept, since a page's lines are read for several fields.
    return tuple(_moments(_western(text), reading))


def _moments(text: str, reading: Reading) -> Iterator[Moment]:
    signs = figures(text)
    if not signs & FIGURES:
        return
    whole = _stamp(text) or _plain(text, reading)
    if whole is not None:
        yield whole
        return
    iso = list(_iso(text)) if signs & YEAR and (signs & LONG_FIGURE or "-" in text) else []
    seen_to = 0
    days = [Day(found.day, found.start, found.end) for found in iso]
    exact = {found.start: found for found in iso}
    days.extend(written_days(text, reading))
    for day in sorted(days, key=lambda found: (found.start, found.start - found.end)):
        if day.start < seen_to:
            continue
        seen_to = day.end
        found = exact.get(day.start)
        if found is not None and (found.precision != "day" or found.end - found.start > len("2025-05-21")):
            yield found
        else:
            yield _timed(text, day, reading)


def _stamp(text: str) -> Moment | None:
    """Read a text that is nothing but 2020-05-05T10:00:00+02:00, as most in markup are."""
    if STAMP.match(text) is None:
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    day_only = len(text) <= 10 or (when.tzinfo is None and when.hour == when.minute == when.second == 0)
    return Moment(when, "day" if day_only else "second", start=0, end=len(text))


def _plain(text: str, reading: Reading) -> Moment | None:
    """Read a text that is nothing but "May 5, 2020" or "5. Mai 2020", as most that a reader is shown are."""
    match = PLAIN.match(text)
    if match is None:
        return None
    month = month_of(match[1] or match[5], reading.language)
    found = next(day_of(int(match[3] or match[6]), month, int(match[2] or match[4]), (0, len(text))), None) if month else None
    return Moment(datetime.combine(found.day, MIDNIGHT), "day", start=0, end=len(text)) if found else None


def _western(text: str) -> str:
    """Write every digit as 0 to 9: Arabic, Persian, Devanagari, Bengali, Thai and full-width ones alike. White space is single."""
    text = " ".join(text.split())
    if text.isascii():
        return text
    text = THAI_STOP.sub("", text.translate(SIGNS))
    return FOREIGN_DIGIT.sub(lambda match: str(int(match[0])), text)


def _iso(text: str) -> Iterator[Moment]:
    for match in ISO.finditer(text):
        year, month, day, hour, minute, second, fraction, utc, offset = match.groups()
        zone = f"{offset[:3]}:{offset[-2:] if len(offset) > 3 else '00'}".replace("\u2212", "-") if offset else "+00:00" if utc else ""
        clock_text = f"T{hour}:{minute}:{second or '00'}{'.' + fraction[:6].ljust(6, '0') if fraction else ''}{zone}" if hour else ""
        try:
            when = datetime.fromisoformat(f"{year}-{month}-{day}{clock_text}")
        except ValueError:
            continue
        # Midnight without a zone is how databases write a day.
        day_only = not hour or (not zone and when.hour == when.minute == when.second == 0)
        yield Moment(when, "day" if day_only else "second" if second else "minute", start=match.start(), end=match.end())


def _timed(text: str, day: Day, reading: Reading) -> Moment:
    """Join a day with the time beside it: behind it first, else close before it."""
    after = text[day.end : day.end + NEAR]
    found: Clock | None = clock(after, day.day, reading.country)
    if found is None or found.start > NEAR // 2:
        before = text[max(0, day.start - NEAR // 2) : day.start]
        found = clock(before, day.day, reading.country) or found
    if found is None and ":" in text[day.start : day.end]:
        found = clock(text[day.start : day.end], day.day, reading.country)
    if found is None:
        return Moment(datetime.combine(day.day, MIDNIGHT), "day", day.guessed, day.start, day.end)
    return Moment(datetime.combine(day.day, found.time), "second" if found.seconds else "minute", day.guessed, day.start, day.end)
