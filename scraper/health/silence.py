"""Does a source say nothing where it usually would, or can its listings not be read at all? Findings about `items` and `listings`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from scraper.health.chance import at_most
from scraper.health.figures import Hour, summed
from scraper.health.findings import SHORT, WINDOW, Finding, State, recent
from scraper.health.rhythm import Rhythm

__all__ = ["silence", "unread"]

UNLIKELY: Final = 3e-5  # asked at every look, and of quiet holidays, too
QUIET: Final = 0.12  # of what is expected: more than that is a quiet day, however unlikely
HEARD_AGAIN: Final = 0.25
FEWEST_READS: Final = 2  # since the last story: a feed that is empty once says nothing
STREAK: Final = 3


def silence(rhythm: Rhythm | None, hours: Sequence[Hour], before: Finding | None) -> Finding | None:
    """Say whether the source brings far less than its weekdays and hours let expect, since its last story or in the last day.

    Up to the last look that could read a listing: what could not be read says nothing of what is in it.
    """
    read = [hour for hour in hours if hour.number("looks") > hour.unread]
    if rhythm is None or not read:
        return before
    until = read[-1].at
    spoke = [hour for hour in read if hour.number("items")]
    last, since = (spoke[-1].at if spoke else read[0].at), max(until - WINDOW, read[0].at)
    heard = summed(hour.counts for hour in read if hour.at > since)["items"]
    expected = rhythm.expected(since, until)
    if before is not None:
        return _still(before, rhythm, read)
    if heard <= QUIET * expected and heard and at_most(heard, expected, rhythm.size) < UNLIKELY:
        return _silent(since, heard, expected)
    expected = rhythm.expected(last, until)
    lasting = until - last >= SHORT and sum(hour.at > last for hour in read) >= FEWEST_READS
    return _silent(last, 0, expected) if lasting and at_most(0, expected, rhythm.size) < UNLIKELY else None


def _still(before: Finding, rhythm: Rhythm, read: Sequence[Hour]) -> Finding | None:
    """Look whether a silent source is heard again: since it fell silent, or in the last day if that is longer ago."""
    since, until = max(before.since, read[-1].at - WINDOW), read[-1].at
    heard = summed(hour.counts for hour in read if hour.at > since)["items"]
    if heard and heard >= HEARD_AGAIN * rhythm.expected(since, until):
        return None
    return _silent(
        before.since, summed(hour.counts for hour in read if hour.at > before.since)["items"], rhythm.expected(before.since, until)
    )


def unread(hours: Sequence[Hour], now: datetime, before: Finding | None) -> Finding | None:
    """Say whether every listing of the last looks could not be read: three in a row, for some hours; at once where the host is resting."""
    window = recent(hours, now, "looks")
    if not window or window[-1].unread < window[-1].number("looks"):
        return None
    streak = [hour for place, hour in enumerate(window) if all(later.unread >= later.number("looks") for later in window[place:])]
    lasting = len(streak) >= STREAK and streak[-1].at - streak[0].at >= SHORT
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
