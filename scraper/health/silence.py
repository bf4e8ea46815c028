"""Does a source say nothing where it usually would, or can its listings not be read at all? Findings about `items` and `listings`."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate
from typing import Final

from scraper.health.chance import at_most
from scraper.health.figures import Hour, summed
from scraper.health.findings import DOWN, SHORT, WINDOW, Finding, State, recent
from scraper.health.rhythm import Rhythm

__all__ = ["silence", "unread"]

UNLIKELY: Final = 3e-4  # asked at every look
HOLIDAY: Final = 0.25  # of what is expected comes on a quiet one
HOLIDAYS: Final = 0.04  # of the days of a year; two of them together are a quarter as many, three a ninth
QUIET: Final = 0.12  # of what is expected: more than that is a quiet day, however unlikely
HEARD_AGAIN: Final = 0.25
SPANS: Final = (0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 7.0)  # days
FEWEST_READS: Final = 2  # a feed that is empty once says nothing
STREAK: Final = 3


def silence(rhythm: Rhythm | None, hours: Sequence[Hour], before: Finding | None) -> Finding | None:
    """Say whether the source brings far less than its weekdays and hours let expect, since its last story or in the last day.

    Up to the last look that could read a listing: what could not be read says nothing of what is in it.
    """
    read = [hour for hour in hours if hour.number("looks") > hour.unread]
    if rhythm is None or not read:
        return before
    if before is not None:
        return _still(before, rhythm, read)
    until = later = read[-1].at
    expected, heard_of = 0.0, list(accumulate([hour.number("items") for hour in reversed(read)], initial=0))
    for place in _starts(read):
        since, heard = read[place].at, heard_of[len(read) - place - 1]
        expected, later = expected + rhythm.expected(since, later), since
        if heard <= QUIET * expected and _chance(heard, expected, rhythm.size, (until - since) / WINDOW) < UNLIKELY:
            return _silent(since, heard, expected)
    return None


def _starts(read: Sequence[Hour]) -> Sequence[int]:
    """Give the looks since which a source is asked whether it has fallen silent, the latest first: that of its last story, and those of
    half a day ago and more.
    """
    until, looks = read[-1].at, [hour.at for hour in read]
    last = next((place for place in range(len(read) - 1, -1, -1) if read[place].number("items")), 0)
    ago = [bisect_left(looks, until - days * WINDOW) for days in SPANS]
    return sorted({place for place in [last, *ago] if place < len(read) - FEWEST_READS and until - looks[place] >= SHORT}, reverse=True)


def _heard(read: Sequence[Hour], since: datetime) -> int:
    return sum([hour.number("items") for hour in read if hour.at > since])


def _chance(heard: int, expected: float, size: float, days: float) -> float:
    """Give the chance that so little is heard on common days, or on holidays; several days are more alike than one."""
    days = max(1.0, days)
    quiet = HOLIDAYS / days**2
    return (1 - quiet) * at_most(heard, expected, size * days) + quiet * at_most(heard, HOLIDAY * expected, size * days)


def _still(before: Finding, rhythm: Rhythm, read: Sequence[Hour]) -> Finding | None:
    """Look whether a silent source is heard again: since it fell silent, or in the last day if that is longer ago."""
    since, until = max(before.since, read[-1].at - WINDOW), read[-1].at
    heard = _heard(read, since)
    if heard and heard >= HEARD_AGAIN * rhythm.expected(since, until):
        return None
    return _silent(before.since, _heard(read, before.since), rhythm.expected(before.since, until))


def unread(hours: Sequence[Hour], now: datetime, before: Finding | None) -> Finding | None:
    """Say whether every listing of the last looks could not be read: three in a row, for some hours; at once where the host is resting."""
    window = recent(hours, now, "looks")
    if not window or window[-1].unread < window[-1].number("looks"):
        return None
    streak = [hour for place, hour in enumerate(window) if all(later.unread >= later.number("looks") for later in window[place:])]
    lasting = len(streak) >= STREAK and streak[-1].at - streak[0].at >= DOWN
    resting = streak[-1].number("listing:resting") > 0
    if not (lasting or resting or before):
        return None
    counts = summed(hour.counts for hour in streak)
    state = _why(counts["listing:refused"], counts["listing:unreachable"], counts["listing:failed"], before)
    since = before.since if before else streak[0].at
    return Finding(about="listings", state=state, since=since, seen=counts["looks"], of=counts["looks"], usual=0.0)


def _why(refused: int, unreachable: int, failed: int, before: Finding | None) -> State:
    """Name the trouble by what most looks came to; while a host rests nothing new is known of it."""
    if refused and refused >= max(unreachable, failed):
        return "blocked"
    if failed > unreachable:
        return "silent"
    return before.state if before and not unreachable else "backing_off"


def _silent(since: datetime, seen: int, expected: float) -> Finding:
    return Finding(about="items", state="silent", since=since, seen=seen, of=0, usual=expected)
