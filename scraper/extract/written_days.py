"""Which days does a short text name as people write them, in some ninety languages? "5 May 2020", "5.5.2020", "2020年5月5日".

ISO 8601 and times of day are read in `moments`.
"""

# ruff: noqa: PLR2004 - the numbers of the calendar are their own explanation

import re
from collections.abc import Iterator
from datetime import date
from typing import Final, Literal, NamedTuple

from scraper.extract.months import is_month, month_of

__all__ = ["Day", "Order", "Reading", "day_of", "written_days"]

Order = Literal["dmy", "mdy", "ymd"]

ASIAN: Final = re.compile(r"(令和|平成|昭和|民國|民国)?\s?(?<!\d)(\d{1,4}|元)\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일号號]?")
# The year before an era's first; the first is also written 元.
ERAS: Final = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
# As blogs turn it: 5月 21, 2025; 21 5月, 2025; 五月 21, 2025.
ASIAN_MONTH: Final = r"(?:(?<!\d)(?P<month>\d{1,2})|(?P<name>十?[一二三四五六七八九十]))\s?[月월]"
ASIAN_TURNED: Final = re.compile(
    rf"{ASIAN_MONTH}\s(?P<day>\d{{1,2}}),\s?(?P<year>(?:19|20)\d\d)(?!\d)|"
    rf"(?<!\d)(?P<day2>\d{{1,2}})\s{ASIAN_MONTH.replace('month', 'month2').replace('name', 'name2')},?\s(?P<year2>(?:19|20)\d\d)(?!\d)"
)
NUMERALS: Final = "一二三四五六七八九十"
TENS: Final = ("một", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười", "mười một", "mười hai")
VIETNAMESE_MONTH: Final = rf"(?:tháng|thang|thg)\s(?P<month>\d{{1,2}}|{'|'.join(sorted(TENS, key=len, reverse=True))})"
VIETNAMESE: Final = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})\s{VIETNAMESE_MONTH},?\s(?:năm\s)?(?P<year>\d{{4}})(?!\d)|"
    rf"{VIETNAMESE_MONTH.replace('month', 'month2')}\s(?P<day2>\d{{1,2}}),\s(?P<year2>\d{{4}})(?!\d)",
    re.IGNORECASE,
)
ORDINALS: Final = (
    "нэгдүгээр", "хоёрдугаар", "гуравдугаар", "дөрөвдүгээр", "тавдугаар", "зургаадугаар", "долоодугаар", "наймдугаар", "есдүгээр",
    "аравдугаар", "арван нэгдүгээр", "арван хоёрдугаар",
)  # fmt: skip
MONGOLIAN: Final = re.compile(rf"(?<!\d)(\d{{4}})\sоны\s(?:(\d{{1,2}})[-\s]?р|({'|'.join(ORDINALS)}))\sсарын\s(\d{{1,2}})(?!\d)")
NUMERIC: Final = re.compile(r"(?<![\d.,:/-])(\d{1,4})(\s?[./|-]\s?|\s)(\d{1,2})(?:\2|[./-]\s?)(\d{4}|\d{1,2})(?![\d:]|[./-]\d)")
TOKEN: Final = re.compile(r"\d+|[^\W\d_][^\s\d.,/|()\[\]{}:;·•–—_-]*")
# Three numbers, as every date in numbers has them: asked before the dearer patterns.
SEVERAL: Final = re.compile(r"[0-9][^\w:]{1,3}[0-9]{1,2}[^\w:]{1,3}[0-9]")
# What may stand between the parts of a written date: "5th of May, 2020", "5 de mayo de 2020", "5. Mai 2020", "12 ივნ",
# "2020. gada 5. maijs", "2020 m. gegužės 5", "2020 ж. 5 мамыр", "2020ko maiatzaren 5a", "2020-yil 5-may", "5 พฤษภาคม พ.ศ. 2563".
GAP: Final = re.compile(
    r"[\s_.,'’/()\[\]–-]*(?:(?:st|nd|rd|th|er|ère|º|ª|°|de|of|the|di|do|del|d|u|den|ta|da|ng|y|г|წ|ad|a|à|e?\)?ko|gada|m|ж|жыл|оны|ел|елның|թ|"
    r"թվականի|yil|йил|соли|د|ی|คศ|พศ)\b|শে|ই|লা)?"
    r"[\s_.,'’/()\[\]–-]*(?:(?:de|of|del)\b)?[\s.,'’/()\[\]-]*\Z",
    re.IGNORECASE,
)
UNIX: Final = re.compile(r"([^\W\d_]{3,9})\s(\d{1,2})\s\d{1,2}:\d\d(?::\d\d)?\s(?:[A-Z]{2,5}\s)?((?:19|20)\d\d)(?!\d)")
# What stands within it, told at a tenth of the cost: it begins at a digit, not at every letter.
UNIX_CLOCK: Final = re.compile(r"[0-9]\s[0-9]{1,2}:[0-9]")
LETTER: Final = re.compile(r"[^\W\d_]")


class Reading(NamedTuple):
    """How a page's dates are to be read: the order of day and month in numbers, its language, and its country for names of zones."""

    order: Order = "dmy"
    language: str | None = None
    country: str | None = None


class Day(NamedTuple):
    """A day, where it stands in the text, and whether the order of day and month was a guess."""

    day: date
    start: int
    end: int
    guessed: bool = False


def written_days(text: str, reading: Reading) -> Iterator[Day]:
    """Find the days of a text whose digits are 0 to 9, in no order; several readings of one place are left to the caller."""
    if not text.isascii():
        for match in ASIAN.finditer(text) if "年" in text or "년" in text else ():
            yield from _asian(match)
        for match in ASIAN_TURNED.finditer(text) if "月" in text or "월" in text else ():
            yield from _turned(match)
    if LETTER.search(text):
        yield from _worded(text, reading)
    if SEVERAL.search(text):
        for match in NUMERIC.finditer(text):
            yield from _numeric(match, reading)


def _asian(match: re.Match[str]) -> Iterator[Day]:
    era, year = ERAS.get(match[1] or "", 0), 1 if match[2] == "元" else int(match[2])
    if era or len(match[2]) > 1:
        yield from day_of(era + year, int(match[3]), int(match[4]), match.span())


def _turned(match: re.Match[str]) -> Iterator[Day]:
    month, name = match["month"] or match["month2"], match["name"] or match["name2"]
    number = int(month) if month else 10 * (len(name) > 1) + NUMERALS.index(name[-1]) + 1
    yield from day_of(int(match["year"] or match["year2"]), number, int(match["day"] or match["day2"]), match.span())


def _vietnamese(match: re.Match[str]) -> Iterator[Day]:
    month = (match["month"] or match["month2"]).lower()
    number = int(month) if month.isdigit() else TENS.index(month) + 1
    yield from day_of(int(match["year"] or match["year2"]), number, int(match["day"] or match["day2"]), match.span())


def _worded(text: str, reading: Reading) -> Iterator[Day]:
    for match in VIETNAMESE.finditer(text) if "ng " in text or "thg " in text else ():
        yield from _vietnamese(match)
    for match in MONGOLIAN.finditer(text) if "сарын" in text else ():
        yield from day_of(int(match[1]), int(match[2] or ORDINALS.index(match[3]) + 1), int(match[4]), match.span())
    for match in UNIX.finditer(text) if ":" in text and UNIX_CLOCK.search(text) else ():
        month = month_of(match[1], reading.language)
        if month:
            yield from day_of(int(match[3]), month, int(match[2]), match.span())
    yield from _named(text, reading)


def _numeric(match: re.Match[str], reading: Reading) -> Iterator[Day]:
    first, second, third = match[1], match[3], match[4]
    if match[2] == " " and len(first) < 4 and len(third) < 4:
        return
    if len(first) > 2:
        if len(first) == 4:
            # 2025-5-6 is a date, "2017 10.5" two numbers.
            sure = len(third) == 2 or match[0] == f"{first}{match[2]}{second}{match[2]}{third}" != f"{first} {second} {third}"
            yield from day_of(int(first), int(second), int(third) if len(third) < 3 else 0, match.span()) if sure else ()
        return
    if len(third) == 1:
        return
    a, b, year = int(first), int(second), int(third)
    if len(third) < 3 and reading.order == "ymd":
        yield from day_of(a, b, year, match.span())
        return
    guessed = a <= 12 and b <= 12 and a != b
    # Where the month comes first it is written with slashes; hyphens and dots are the day-first world's, English pages of Asia included.
    month_first = b > 12 or (a <= 12 and reading.order == "mdy" and "/" in match[2])
    yield from day_of(year, a if month_first else b, b if month_first else a, match.span(), guessed=guessed)


def _named(text: str, reading: Reading) -> Iterator[Day]:
    """Find dates whose month is a word: day month year, month day year, year month day."""
    tokens = list(TOKEN.finditer(text))
    for index, token in enumerate(tokens):
        word = token[0]
        if word[0].isdigit() or (word.isascii() and not is_month(_bare(word) if "'" in word else word)):
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
    word = _bare(tokens[index][0])
    if index + 1 < len(tokens) and not tokens[index + 1][0][0].isdigit():
        month = month_of(f"{word} {tokens[index + 1][0]}", language)
        if month is not None:
            return month, index + 1
    return month_of(word, language), index


def _bare(word: str) -> str:
    """Take off what clings to a month: "d’abril", "ta'", the sign of a Hebrew abbreviation."""
    if word[0] in "dD" and word[1:2] in ("'", "’"):
        word = word[2:]
    return word.rstrip("'’°ºª׳")


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


def _arranged(month: int, before: list[re.Match[str]], after: list[re.Match[str]], span: tuple[int, int]) -> Day | None:
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
            found = next(day_of(int(year[0]), month, int(day[0]), (start, end)), None)
            if found is not None:
                return found
    return None


def _short_year(year: re.Match[str]) -> bool:
    """Say whether two digits can be a year: not when they begin a time of day ("May 5, 10:30")."""
    following = year.string[year.end() : year.end() + 2]
    return not (
        following[:1] in (":", "h") or (following[:1] == "." and following[1:].isdigit()) or following.strip()[:1].lower() in ("a", "p")
    )


def day_of(year: int, month: int, day: int, span: tuple[int, int], *, guessed: bool = False) -> Iterator[Day]:
    """Give the day of a calendar date, if there is one; two digits of a year are of this century or the last."""
    if year < 100:
        year += 2000 if year < 70 else 1900
    elif 2400 < year < 2700:
        year -= 543  # the Buddhist era of Thai pages
    try:
        yield Day(date(year, month, day), *span, guessed)
    except ValueError:
        return
