"""Which day, and which time of day, does a short text name? ISO 8601, RFC 822, and the dates people write, in some seventy languages.

Only reading is done here; which of a page's dates is the story's is decided in `dates`. A label around the date is no hindrance; a relative
date ("24 minutes ago") is no date. The slow library for the rest is asked in `slow_dates`.
"""

# ruff: noqa: PLR2004 - the numbers of the calendar are their own explanation

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Literal, NamedTuple

from scraper.extract.clock import Clock, clock
from scraper.extract.months import month_of
from scraper.records import Precision

__all__ = ["Moment", "Order", "Reading", "moment", "moments"]

Order = Literal["dmy", "mdy", "ymd"]
MAX_CHARS = 400

ISO = re.compile(
    r"(?<!\d)(\d{4})-?(\d\d)-?(\d\d)(?:[T\s_]\s?(\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?\s?(Z|UTC|GMT)?\s?([+\u2212-]\d\d:?\d\d(?!\d)|[+-]\d\d(?!\d))?)?(?![\d-])",
    re.IGNORECASE,
)
ASIAN = re.compile(r"(?<!\d)(\d{2,4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일号號]?")
VIETNAMESE = re.compile(r"(?<!\d)(\d{1,2})\s(?:tháng|thang)\s(\d{1,2}),?\s(?:năm\s)?(\d{4})(?!\d)", re.IGNORECASE)
NUMERIC = re.compile(r"(?<![\d.,:/-])(\d{1,4})(\s?[./-]\s?|\s)(\d{1,2})(?:\2|[./-]\s?)(\d{4}|\d{2})(?![\d:]|[./-]\d)")
TOKEN = re.compile(r"\d+|[^\W\d_][^\s\d.,/|()\[\]{}:;·•–—_-]*")
DIGIT, YEAR, LETTER = re.compile(r"\d"), re.compile(r"\d{4}"), re.compile(r"[^\W\d_]")
# Three numbers, as every date in numbers has them: asked before the dearer patterns.
SEVERAL = re.compile(r"\d[^\w:]{1,3}\d{1,2}[^\w:]{1,3}\d\d")
EPOCH = re.compile(r"\s*(\d{10})(?:\d{3})?\s*\Z")
# What may stand between the parts of a written date: "5th of May, 2020", "5 de mayo de 2020", "5. Mai 2020", "12 ივნ".
GAP = re.compile(
    r"[\s_.,'’/()\[\]–-]*(?:(?:st|nd|rd|th|er|ère|º|ª|°|de|of|the|di|do|del|d|u|den|ta|da|y|г|წ|ad|a|à)\b|শে|ই|লা)?"
    r"[\s_.,'’/()\[\]–-]*(?:(?:de|of|del)\b)?[\s.,'’/()\[\]-]*\Z",
    re.IGNORECASE,
)
UNIX = re.compile(r"([^\W\d_]{3,9})\s(\d{1,2})\s\d{1,2}:\d\d(?::\d\d)?\s(?:[A-Z]{2,5}\s)?((?:19|20)\d\d)(?!\d)")
NEAR = 40


class Reading(NamedTuple):
    """How a page's dates are to be read: the order of day and month in numbers, its language, and its country for names of zones."""

    order: Order = "dmy"
    language: str | None = None
    country: str | None = None


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


class _Day(NamedTuple):
    day: date
    start: int
    end: int
    guessed: bool = False


def moment(text: str, reading: Reading = Reading()) -> Moment | None:  # noqa: B008 a frozen value
    """Read the first date of a short text, with the time of day beside it; None where there is none, or only a relative one."""
    epoch = EPOCH.match(text)
    if epoch:
        return Moment(datetime.fromtimestamp(int(epoch[1]), UTC), "second", end=len(text))
    return next(iter(moments(text, reading)), None)


def moments(text: str, reading: Reading = Reading()) -> tuple[Moment, ...]:  # noqa: B008
    """Read every date of a text of at most 400 characters, in order."""
    return _read(text[:MAX_CHARS], reading) if DIGIT.search(text, 0, MAX_CHARS) else ()


@lru_cache(maxsize=4096)
def _read(text: str, reading: Reading) -> tuple[Moment, ...]:
    # Kept, since a page's lines are read for several fields.
    return tuple(_moments(_western(text), reading))


def _moments(text: str, reading: Reading) -> Iterator[Moment]:
    seen_to = 0
    iso = list(_iso(text)) if YEAR.search(text) else []
    days = [_Day(found.day, found.start, found.end) for found in iso]
    exact = {found.start: found for found in iso}
    days.extend(_written(text, reading))
    for day in sorted(days, key=lambda found: (found.start, found.start - found.end)):
        if day.start < seen_to:
            continue
        seen_to = day.end
        found = exact.get(day.start)
        if found is not None and (found.precision != "day" or found.end - found.start > len("2025-05-21")):
            yield found
        else:
            yield _timed(text, day, reading)


def _western(text: str) -> str:
    """Write every digit as 0 to 9: Arabic, Persian, Devanagari, Bengali, Thai and full-width ones alike. White space is single."""
    text = " ".join(text.split())
    if text.isascii():
        return text
    return "".join(str(int(char)) if char.isdecimal() and not char.isascii() else char for char in text)


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


def _written(text: str, reading: Reading) -> Iterator[_Day]:
    for match in ASIAN.finditer(text) if not text.isascii() else ():
        yield from _day(int(match[1]), int(match[2]), int(match[3]), match.span())
    if LETTER.search(text):
        yield from _worded(text, reading)
    if SEVERAL.search(text):
        for match in NUMERIC.finditer(text):
            yield from _numeric(match, reading)


def _worded(text: str, reading: Reading) -> Iterator[_Day]:
    for match in VIETNAMESE.finditer(text) if "ng " in text else ():
        yield from _day(int(match[3]), int(match[2]), int(match[1]), match.span())
    for match in UNIX.finditer(text) if ":" in text else ():
        month = month_of(match[1], reading.language)
        if month:
            yield from _day(int(match[3]), month, int(match[2]), match.span())
    yield from _named(text, reading)


def _numeric(match: re.Match[str], reading: Reading) -> Iterator[_Day]:
    first, second, third = match[1], match[3], match[4]
    if match[2] == " " and len(first) < 4 and len(third) < 4:
        return
    if len(first) > 2:
        if len(first) == 4:
            yield from _day(int(first), int(second), int(third) if len(third) < 3 else 0, match.span())
        return
    a, b, year = int(first), int(second), int(third)
    if len(third) < 3 and reading.order == "ymd":
        yield from _day(a, b, year, match.span())
        return
    guessed = a <= 12 and b <= 12 and a != b
    # Where the month comes first it is written with slashes; hyphens and dots are the day-first world's, English pages of Asia included.
    month_first = b > 12 or (a <= 12 and reading.order == "mdy" and "/" in match[2])
    yield from _day(year, a if month_first else b, b if month_first else a, match.span(), guessed=guessed)


def _named(text: str, reading: Reading) -> Iterator[_Day]:
    """Find dates whose month is a word: day month year, month day year, year month day."""
    tokens = list(TOKEN.finditer(text))
    for index, token in enumerate(tokens):
        if token[0][0].isdigit():
            continue
        month, last = _month(tokens, index, reading.language)
        if month is None:
            continue
        before = _numbers(text, tokens, index, -1, token.start())
        after = _numbers(text, tokens, last, 1, tokens[last].end())
        found = _arranged(month, before, after, (token.start(), tokens[last].end()))
        if found is not None:
            yield found


def _month(tokens: list[re.Match[str]], index: int, language: str | None) -> tuple[int | None, int]:
    word = tokens[index][0].rstrip("'’°ºª")
    if index + 1 < len(tokens) and not word.isascii():
        month = month_of(f"{word} {tokens[index + 1][0]}", language)
        if month is not None:
            return month, index + 1
    return month_of(word, language), index


def _numbers(text: str, tokens: list[re.Match[str]], index: int, step: int, edge: int) -> list[re.Match[str]]:
    """Give up to two numbers next to the month's word, nearest first, as long as only fillers stand between."""
    numbers: list[re.Match[str]] = []
    position = index + step
    while 0 <= position < len(tokens) and len(numbers) < 2 and abs(position - index) <= 5:
        token = tokens[position]
        if token[0][0].isdigit():
            gap = text[edge : token.start()] if step > 0 else text[token.end() : edge]
            if len(gap) > 14 or not GAP.match(gap):
                break
            numbers.append(token)
            edge = token.end() if step > 0 else token.start()
        position += step
    return numbers


def _arranged(month: int, before: list[re.Match[str]], after: list[re.Match[str]], span: tuple[int, int]) -> _Day | None:
    options = []
    if before and after:
        options.append((after[0], before[0]))  # 5 May 2020
        options.append((before[0], after[0]))  # 2020 May 5
    if len(after) > 1:
        options.append((after[1], after[0]))  # May 5, 2020
    if len(before) > 1:
        options.append((before[1], before[0]))  # 2015, 12 May
    for year, day in sorted(options, key=lambda option: -len(option[0][0])):
        if len(day[0]) <= 2 and (len(year[0]) == 4 or (len(year[0]) == 2 and _short_year(year))):
            start, end = min(span[0], year.start(), day.start()), max(span[1], year.end(), day.end())
            found = next(_day(int(year[0]), month, int(day[0]), (start, end)), None)
            if found is not None:
                return found
    return None


def _short_year(year: re.Match[str]) -> bool:
    """Say whether two digits can be a year: not when they begin a time of day ("May 5, 10:30")."""
    following = year.string[year.end() : year.end() + 2]
    return not (
        following[:1] in (":", "h") or (following[:1] == "." and following[1:].isdigit()) or following.strip()[:1].lower() in ("a", "p")
    )


def _day(year: int, month: int, day: int, span: tuple[int, int], *, guessed: bool = False) -> Iterator[_Day]:
    if year < 100:
        year += 2000 if year < 70 else 1900
    elif 2400 < year < 2700:
        year -= 543  # the Buddhist era of Thai pages
    try:
        yield _Day(date(year, month, day), *span, guessed)
    except ValueError:
        return


def _timed(text: str, day: _Day, reading: Reading) -> Moment:
    """Join a day with the time beside it: behind it first, else close before it."""
    after = text[day.end : day.end + NEAR]
    found: Clock | None = clock(after, day.day, reading.country)
    if found is None or found.start > NEAR // 2:
        before = text[max(0, day.start - NEAR // 2) : day.start]
        found = clock(before, day.day, reading.country) or found
    if found is None and ":" in text[day.start : day.end]:
        found = clock(text[day.start : day.end], day.day, reading.country)
    if found is None:
        return Moment(datetime.combine(day.day, datetime.min.time()), "day", day.guessed, day.start, day.end)
    return Moment(datetime.combine(day.day, found.time), "second" if found.seconds else "minute", day.guessed, day.start, day.end)
