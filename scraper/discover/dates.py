"""When does a listing say that something was published? The two forms its standards know, RFC 822 and ISO 8601, and their usual slips.

Prose dates in many languages are `extract`'s business. A time without zone stays naive, one with a zone keeps it.
"""

import re
from datetime import datetime
from email.utils import parsedate_to_datetime

__all__ = ["listed_date"]

_ISO = re.compile(
    r"(?P<day>\d{4}-\d\d?-\d\d?)(?:[T\s]\s*(?P<time>\d\d?:\d\d(?::\d\d)?)(?:[.,]\d+)?\s*(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?)?",
    re.IGNORECASE,
)
_PLAIN_ISO = re.compile(
    r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?)?"
)  # most of a large sitemap's, and read four times as fast
_PARTIAL_ISO = re.compile(r"(\d{4})(?:-(\d\d))?$")
_DOUBLE_ZONE = re.compile(r"\b(?:GMT|UTC)(?=[+-]\d{4}$)|\s*\([^()]*\)\s*$")  # "GMT+0200" and "+0000 (UTC)"


def listed_date(written: str | None) -> datetime | None:
    """Read a feed's or sitemap's date; `None` for what is no date in these forms, or none that can be."""
    written = " ".join((written or "").split())
    if not written:
        return None
    try:
        return _iso(written) or parsedate_to_datetime(_DOUBLE_ZONE.sub("", written))
    except (ValueError, OverflowError, IndexError):  # parsedate_to_datetime lets an IndexError through for some fragments
        return None


def _iso(written: str) -> datetime | None:
    """Read ISO 8601 and W3C-DTF, with one-digit months and a space before the zone; raise ValueError if the date cannot be."""
    if _PLAIN_ISO.fullmatch(written):
        return datetime.fromisoformat(written)
    if partial := _PARTIAL_ISO.match(written):
        return datetime.fromisoformat(f"{partial[1]}-{partial[2] or '01'}-01")
    match = _ISO.match(written)
    if match is None:
        return None
    year, month, day = match["day"].split("-")
    time = (match["time"] or "00:00").rjust(len("00:00"), "0")
    zone = (match["zone"] or "").upper().replace("UTC", "Z").replace("GMT", "Z")
    return datetime.fromisoformat(f"{year}-{month:0>2}-{day:0>2}T{time}{zone}")
