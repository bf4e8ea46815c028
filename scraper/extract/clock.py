"""What time of day, and in which zone, does a short text give? Dates are left to `moments`.

A zone is read only where its name is sure: an offset, or an abbreviation that news pages use for one zone. IST (India, Ireland, Israel) and
CST (America, China) are decided by the page's country or left out. A time is never shifted.
"""

# ruff: noqa: PLR2004 - hours and minutes are their own explanation

import re
from datetime import date, time, timedelta, timezone
from typing import Final, NamedTuple

__all__ = ["Clock", "clock", "zone_named"]

# Offsets in minutes. Sorted by zone; adding one is a line. BST is British: in Bangladesh pages write +06.
ZONES: Final = {
    "acdt": 630, "acst": 570, "adt": -180, "aedt": 660, "aest": 600, "akdt": -480, "akst": -540, "art": -180, "awst": 480, "brt": -180,
    "bst": 60, "cat": 120, "cdt": -300, "cest": 120, "cet": 60, "clt": -240, "cot": -300, "eat": 180, "edt": -240, "eest": 180, "eet": 120,
    "est": -300, "gmt": 0, "hkt": 480, "hst": -600, "ict": 420, "jst": 540, "kst": 540, "mdt": -360, "mesz": 120, "mez": 60, "msk": 180,
    "mst": -420, "nzdt": 780, "nzst": 720, "pdt": -420, "pht": 480, "pkt": 300, "pst": -480, "sast": 120, "sgt": 480, "trt": 180, "utc": 0,
    "wat": 60, "west": 60, "wet": 0, "wib": 420, "wita": 480, "z": 0,
}  # fmt: skip
# Names whose offset depends on the date: hours west of Greenwich in winter. Since 2007: second Sunday of March to first of November.
AMERICAN: Final = {"et": -300, "ct": -360, "mt": -420, "pt": -480}
NATIONAL: Final = {("ist", "in"): 330, ("ist", "ie"): 60, ("ist", "il"): 120, ("cst", "us"): -360, ("cst", "cn"): 480, ("cst", "tw"): 480}

HALF: Final = r"(?P<half>[ap])\.?\s?m\b\.?|(?P<finnish>[ai]p\.)"
# Greek, Arabic, Malay, Albanian, Amharic, Punjabi and Somali halves of the day, which only follow a time with minutes.
SPOKEN: Final = (
    r"(?P<late>μ\.?\s?μ\b|م\b|مساء|ptg\b|petang\b|m\.d\.|ከሰዓት|ਬਾ\.?\s?ਦੁ|(?-i:GD)\b)|"
    r"(?P<early>π\.?\s?μ\b|ص\b|صباح|pg\b|pagi\b|p\.d\.|ጥዋት|ਪੂ\.?\s?ਦੁ|(?-i:GH)\b)"
)
TIME: Final = re.compile(
    r"(?<![\d:.,/-])(?P<hour>[01]?\d|2[0-4])\s?(?P<sign>[:.h٫]|：|h\s|uhr\s|นาฬิกา|ໂມງ)\s?(?P<minute>[0-5]\d)(?!\d|[./-]\d)(?:[:.](?P<second>[0-6]\d)(?:[.,]\d{1,9})?)?"
    rf"(?!\d)\s?(?:{HALF}|{SPOKEN})?",
    re.IGNORECASE,
)
# "23.1.2021 14.35.00", as Danes, Finns and Indonesians write: behind a day only, since 14.05.20 may be a day itself.
DOTTED: Final = re.compile(r"[\s,]{1,3}(?P<hour>[01]?\d|2[0-3])\.(?P<minute>[0-5]\d)\.(?P<second>[0-5]\d)(?![\d.,:/-])")
HOUR: Final = re.compile(rf"(?<![\d:.,/-])(?P<hour>1[0-2]|0?[1-9])\s?(?:{HALF})", re.IGNORECASE)
ASIAN: Final = re.compile(
    r"(?P<before>午前|上午|早上|凌晨|오전|AM)?(?P<after>午後|下午|晚上|오후|PM)?\s?(?P<hour>[01]?\d|2[0-4])\s?(?:[時时点點시]\s?(?:(?P<minute>[0-5]?\d)\s?[分분]?)?|[:：](?P<colon>[0-5]\d))"
    r"(?:\s?(?P<second>[0-5]?\d)\s?[秒초]|:(?P<second2>[0-5]\d))?"
)
EASTERN: Final = re.compile("[\u3000-\u9fff\uac00-\ud7af：]")
DIGIT: Final = re.compile(r"\d")
NOON: Final = re.compile("noon|midnight")
MIDNIGHT: Final = re.compile(r"\b(?:at )?(midnight|noon)\b", re.IGNORECASE)
ZONE: Final = re.compile(
    r"[\s,(]{0,3}(?:uhr\s)?(?:(?:gmt|utc)\s?)?(?P<offset>[+\u2212-](?:0\d|1[0-4]|\d)(?::?[0-5]\d)?)(?!\d)|[\s,(]{0,3}(?P<name>[a-z]{1,5})\b",
    re.IGNORECASE,
)


class Clock(NamedTuple):
    """A time of day, whether its seconds were given, and where it stands in the text."""

    time: time
    seconds: bool
    start: int
    end: int


def clock(text: str, day: date | None = None, country: str | None = None) -> Clock | None:
    """Read the first time of day in a short text. `day` decides on summer for names like ET, `country` for names like IST."""
    match = (_asian(text) or DOTTED.match(text) or TIME.search(text) or HOUR.search(text)) if DIGIT.search(text) else None
    if match is None:
        named = MIDNIGHT.search(text) if NOON.search(text.lower()) else None
        return Clock(time(12 if named[1].lower() == "noon" else 0), False, named.start(), named.end()) if named else None
    parts = match.groupdict()
    hour = _hour(int(parts["hour"]), parts, text[max(0, match.start() - 3) : match.start()].lower())
    if hour is None:
        return None
    minute = int(parts.get("minute") or parts.get("colon") or 0)
    second = parts.get("second") or parts.get("second2")
    zone, end = _zone(text, match.end(), day, country)
    return Clock(time(hour, minute, min(int(second or 0), 59), tzinfo=zone), second is not None, match.start(), end)


def _asian(text: str) -> re.Match[str] | None:
    return ASIAN.search(text) if not text.isascii() and EASTERN.search(text) else None


def _hour(hour: int, parts: dict[str, str | None], ahead: str) -> int | None:
    half = (parts.get("half") or parts.get("finnish") or (ahead if ahead in ("am ", "pm ") else "")).lower()[:1]
    later = half in ("p", "i") or bool(parts.get("after") or parts.get("late"))
    earlier = half == "a" or bool(parts.get("before") or parts.get("early"))
    if later and hour < 12:
        return hour + 12
    if earlier and hour == 12:
        return 0
    return hour if hour < 24 else None


def _zone(text: str, start: int, day: date | None, country: str | None) -> tuple[timezone | None, int]:
    match = ZONE.match(text, start)
    if match is None:
        return None, start
    if match["offset"]:
        return _offset(match["offset"]), match.end()
    zone = zone_named(match["name"], day, country)
    if zone is not None:
        further = ZONE.match(text, match.end()) if match["name"].lower() in ("gmt", "utc") else None
        if further and further["offset"]:
            return _offset(further["offset"]), further.end()
    return (zone, match.end()) if zone else (None, start)


def _offset(text: str) -> timezone:
    digits = text[1:].replace(":", "")
    hours, minutes = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
    total = timedelta(hours=hours, minutes=minutes)
    return timezone(total if text[0] == "+" else -total)


def zone_named(name: str, day: date | None = None, country: str | None = None) -> timezone | None:
    """Give the zone an abbreviation names, or None where it is not sure."""
    name = name.lower()
    minutes = ZONES.get(name, NATIONAL.get((name, country or "")))
    if minutes is None and name in AMERICAN and day is not None:
        minutes = AMERICAN[name] + (60 if _american_summer(day) else 0)
    return None if minutes is None else timezone(timedelta(minutes=minutes))


def _american_summer(day: date) -> bool:
    start = date(day.year, 3, 14) - timedelta(days=(date(day.year, 3, 14).weekday() + 1) % 7)
    end = date(day.year, 11, 7) - timedelta(days=(date(day.year, 11, 7).weekday() + 1) % 7)
    return start <= day < end
