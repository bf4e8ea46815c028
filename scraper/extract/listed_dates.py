"""What does a listing's date settle that the page's own leaves open? The time of a day, a zone, or which number is the month.

Values in, value out. Who says what, and how it is written down, is `listed`'s business.
"""

from datetime import UTC, datetime, time, timedelta, timezone
from typing import NamedTuple

from scraper.records import Precision

__all__ = ["Settled", "from_listing", "possible", "same_moment", "settled"]

MONTHS = 12
EASTERNMOST, WESTERNMOST = timedelta(hours=14), timedelta(hours=-12)
ZONE_STEP = timedelta(minutes=30)  # a quarter of an hour exists too, for six million people: there chance agrees too often
SLACK = timedelta(minutes=1)  # the page shows no seconds
SAME = timedelta(hours=1)  # a listing's date is that of its entry, written some minutes before or after


class Settled(NamedTuple):
    """A date as page and listing give it together, and what the listing added."""

    when: datetime
    precision: Precision
    added: str


def from_listing(listed: datetime) -> tuple[datetime, Precision]:
    """Give a listing's date with its precision: midnight is how those that know only the day write it."""
    precision: Precision = "day" if listed.time() == time() else "second"
    return (listed.replace(tzinfo=None), precision) if precision == "day" else (listed, precision)


def possible(listed: datetime, fetched_at: datetime | None) -> bool:
    """Say whether a listing can have meant this: not after the fetch, give or take a day for zones."""
    return fetched_at is None or listed.date() <= fetched_at.date() + timedelta(days=1)


def same_moment(published: datetime, listed: datetime) -> bool:
    """Say whether two dates may be one: the same day by their own calendars, or less than an hour apart."""
    if published.date() == listed.date():
        return True
    return abs(_aware(published) - _aware(listed)) <= SAME


def settled(published: datetime, precision: Precision, listed: datetime, *, shown: bool) -> Settled | None:
    """Give the page's date with what the listing adds, or None where it adds nothing.

    `shown` says that the page's date was read from text meant for people, where 05/06/2025 may be read either way.
    """
    turned = _turned(published) if shown and published.date() != listed.date() else None
    if turned is not None and turned.date() == listed.date():
        finer = settled(turned, precision, listed, shown=False)
        added = "which number is the month"
        return finer._replace(added=f"{added}, and {finer.added}") if finer else Settled(turned, precision, added)
    if precision == "day":
        timed = published.date() == listed.date() and from_listing(listed)[1] != "day"
        return Settled(listed, "second", "the time of the day") if timed else None
    if published.tzinfo is None and listed.tzinfo is not None and listed.time() != time():
        zone = _zone(published, listed)
        return Settled(published.replace(tzinfo=zone), precision, "the zone") if zone else None
    return None


def _turned(when: datetime) -> datetime | None:
    """Read day and month the other way round, where both numbers can be either."""
    return when.replace(month=when.day, day=when.month) if when.day <= MONTHS and when.day != when.month else None


def _zone(clock: datetime, listed: datetime) -> timezone | None:
    """Give the zone in which this clock shows the listing's moment, if there is one: where the clocks agree, the listing's own."""
    offset = listed.utcoffset()
    if offset is not None and abs(clock - listed.replace(tzinfo=None)) < SLACK:
        return timezone(offset)
    apart = clock - listed.astimezone(UTC).replace(tzinfo=None)
    whole = ZONE_STEP * round(apart / ZONE_STEP)
    return timezone(whole) if abs(apart - whole) < SLACK and WESTERNMOST <= whole <= EASTERNMOST else None


def _aware(when: datetime) -> datetime:
    return when if when.tzinfo else when.replace(tzinfo=UTC)
