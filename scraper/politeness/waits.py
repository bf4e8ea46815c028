"""How long does a server want us to wait: after a refusal, and between two requests? Waiting itself is left to `fetch`."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

__all__ = ["MAX_ASKED_DELAY_S", "effective_delay_s", "retry_after_s", "server_time"]

# Sites ask for up to a day (Crawl-delay: 86400); at two minutes a source of forty new pages still fits into an hour and a half.
MAX_ASKED_DELAY_S = 120.0
_CLOCK_DIFFERENCE = timedelta(days=1)
_SECONDS = re.compile(r"[0-9]{1,9}")  # no sign, no fraction (RFC 9110 10.2.3); nine digits are thirty years


def retry_after_s(value: str | None, now: datetime) -> float | None:
    """Read Retry-After (RFC 9110 10.2.3: seconds, or a date in any of HTTP's three forms) as seconds from `now`, which is aware.

    A date in the past is 0; what is neither form is `None`.
    """
    value = (value or "").strip()
    if _SECONDS.fullmatch(value):
        return float(value)
    try:
        when = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (aware - now).total_seconds())


def server_time(date: str | None, now: datetime) -> datetime:
    """Give the time by a server's own clock, by which the dates in its answer are meant, as its Date header says it; `now` is aware.

    A clock that is off by more than a day is none.
    """
    try:
        when = parsedate_to_datetime((date or "").strip())
    except (ValueError, OverflowError):
        return now
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    return aware if abs(aware - now) <= _CLOCK_DIFFERENCE else now


def effective_delay_s(own_s: float, asked_s: float | None) -> float:
    """Give the seconds to leave between two requests: the larger of ours and what robots.txt asks for, that one capped."""
    return max(own_s, min(asked_s or 0.0, MAX_ASKED_DELAY_S))
