"""Does a source say nothing where it usually would, or can its listings not be read at all? Findings about `items` and `listings`."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from scraper.health.chance import at_most
from scraper.health.figures import Hour, summed
from scraper.health.findings import DOWN, SHORT, WINDOW, Finding, State, recent
from scraper.health.rhythm import Rhythm

__all__ = ["silence", "unread"]

UNLIKELY: Final = 1.5e-4  # asked at every look
HOLIDAY: Final = 0.25  # of what is expected comes on a quiet one
HOLIDAYS: Final = 0.04  # of the days of a year; two of them together are a quarter as many, three a ninth
QUIET: Final = 0.12  # of what is expected: more than that is a quiet day, however unlikely
HEARD_AGAIN: Final = 0.25
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
    until = read[-1].at
    for since in _spans(read):
        heard, expected = _heard(read, since), rhythm.expected(since, until)
        if heard <= QUIET * expected and _chance(heard, expected, rhythm.size, (until - since) / WINDOW) < UNLIKELY:
            return _silent(since, heard, expected)
    return None


def _spans(read: Sequence[Hour]) -> Iterator[datetime]:
    """Give the moments since which a source is asked whether it has fallen silent: its last story, and one day to three ago."""
    until = read[-1].at
    last = next((hour.at for hour in reversed(read) if hour.number("items")), read[0].at)
    ago = [until - days * WINDOW for days in (1, 2, 3) if read[0].at <= until - days * WINDOW]
    for since in [last, *ago] if until - last >= SHORT else ago:
        if sum([hour.at > since for hour in read]) >= FEWEST_READS:
            yield since


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
