"""What is other than usual at a source? Findings, each with what was seen, out of what, what is usual, and since when.

Everything is asked of the last day, or of the last three hours that have something to say where that is longer: so what is found is found
within a day or three runs, and the hours of a day, which differ, weigh as they do in the days it is compared with.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal, Self

from scraper.health.chance import share_at_least, share_at_most
from scraper.health.figures import LENGTHS, WHOLES, Counts, Hour, of, summed
from scraper.health.shares import Share
from scraper.health.usual import Usual, number

__all__ = ["FEWEST_LOOKS", "SHORT", "STATES", "WINDOW", "Finding", "State", "recent", "shifts"]

State = Literal["ok", "degraded", "silent", "backing_off", "blocked"]
STATES: Final[tuple[State, ...]] = ("ok", "degraded", "silent", "backing_off", "blocked")  # the worse the later

WINDOW: Final = timedelta(days=1)
FEWEST_LOOKS: Final = 3
UNLIKELY: Final = 1e-4  # with the moves asked for below; thirty figures a day would come so far once a year by chance alone
NO_LONGER: Final = 1e-2  # a finding stays until what is seen is no rarer than that
SHORT: Final = timedelta(hours=6)  # what is over sooner is an outage or a batch of columns, several times a year at any site
LITTLE, NOTHING = 0.25, 0.08  # of a usual share that is left where nearly all has broken, and where all has
HALF: Final = 0.55  # of what could yet rise, where nearly all has risen
SHIFT: Final = 0.25  # smaller moves are the site's own business, however sure they are
LONG_SHIFT: Final = 0.35  # and smaller ones than that, where a part has broken: so far two days of elections go
FEWEST_ANEW: Final = 3  # so many on another day, to tell an odd day from a break
FALLING: Final = frozenset({"field", "signal"})  # these are missed when they fall; all others when they rise
BLOCKING: Final = frozenset({"page:refused", "verdict:challenge"})
NOT_EDITED: Final = frozenset({"page", "listing"})  # an editor has no odd days in these


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is other than usual. `about` is a figure (`health.figures`), or `items`, `listings` for all of either.

    `usual` is a share where `about` is a figure, and the stories expected where it is `items`.
    """

    about: str
    state: State
    since: datetime
    seen: int
    of: int
    usual: float

    def to_dict(self) -> dict[str, Any]:
        """Give it as JSON-ready values."""
        return {
            "about": self.about,
            "state": self.state,
            "since": self.since.isoformat(),
            "seen": self.seen,
            "of": self.of,
            "usual": round(self.usual, 3),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Read what `to_dict` wrote."""
        return cls(**{**values, "since": datetime.fromisoformat(values["since"])})


def recent(hours: Sequence[Hour], now: datetime, whole: str, reach: timedelta = WINDOW) -> Sequence[Hour]:
    """Give the hours of the last day that have any of what is to be compared, and at least three of them if there are."""
    fitting = [hour for hour in hours if hour.counts.get(whole)]
    young = sum([hour.at > now - reach for hour in fitting])
    return fitting[-max(young, FEWEST_LOOKS) :]


def shifts(usual: Usual, hours: Sequence[Hour], now: datetime, open_findings: Sequence[Finding]) -> Iterator[Finding]:
    """Give the shares that have moved, and those that had and have not moved back.

    A field that is missing needs no second finding that says its signal is.
    """
    known = {finding.about: finding for finding in open_findings}
    windows = {whole: recent(hours, now, whole) for whole in WHOLES}
    totals = _totals(windows)
    missing = set()
    for name in sorted({*usual.shares, *(name for total in totals.values() for name in total), *known}):
        if not _is_watched(name, usual) or name.rpartition("=")[0].replace("signal:", "field:") in missing:
            continue
        share, before = usual.share(name), known.get(name)
        if share is None or not totals[of(name)].get(of(name)):
            found = before  # nothing new is known
        elif before is not None:
            found = _kept(before, share, totals[of(name)], usual)
        else:
            found = _found(name, share, usual, (hours, now, windows[of(name)]))
        if found is not None:
            missing.add(name)
            yield found


def _totals(windows: Mapping[str, Sequence[Hour]]) -> Mapping[str, Counts]:
    """Sum up each window; most of them are the same hours."""
    known: list[tuple[Sequence[Hour], Counts]] = []
    totals = {}
    for whole, window in windows.items():
        total = next((total for other, total in known if other == window), None)
        if total is None:
            total = summed(hour.counts for hour in window)
            known.append((window, total))
        totals[whole] = total
    return totals


def _is_watched(name: str, usual: Usual) -> bool:
    kind, _, what = name.partition(":")
    if not what or kind == "never" or name == "listing:resting":
        return False
    return name in usual.edges if kind in LENGTHS else kind not in FALLING or name in usual.shares


def _kept(before: Finding, share: Share, total: Counts, usual: Usual) -> Finding | None:
    """Look whether something has moved back; if not, say what is seen now."""
    seen, whole = number(total, before.about, usual.edges), total[of(before.about)]
    if _move(before.about, seen / whole, share) < SHIFT / 2 or _chance(before.about, seen, whole, share) > NO_LONGER:
        return None
    return replace(before, seen=seen, of=whole)


def _found(name: str, share: Share, usual: Usual, found_in: tuple[Sequence[Hour], datetime, Sequence[Hour]]) -> Finding | None:
    """Compare a figure of the last day with what is usual: nearly all of it has broken, or a good part for two days."""
    hours, now, window = found_in
    moved = _Moved(name, share, usual.edges)
    seen, whole = moved.count(window)
    if moved.by(window) < SHIFT or _chance(name, seen, whole, share) > UNLIKELY:
        return None
    bad = [hour for hour in window if moved.by([hour]) > SHIFT / 2]
    if not bad or bad[-1] is not window[-1] or bad[-1].at - bad[0].at < SHORT:
        return None
    if not (moved.is_nearly_all(window) or moved.is_lasting(window, recent(hours, now, of(name), 2 * WINDOW))):
        return None
    return Finding(about=name, state=_state(name), since=_first_of_last(bad, window), seen=seen, of=whole, usual=share.share)


@dataclass(frozen=True, slots=True)
class _Moved:
    """How far one figure has moved from what is usual, in any hours."""

    name: str
    share: Share
    edges: Mapping[str, int]

    def count(self, hours: Sequence[Hour]) -> tuple[int, int]:
        whole = of(self.name)
        return sum([number(hour.counts, self.name, self.edges) for hour in hours]), sum([hour.number(whole) for hour in hours])

    def by(self, hours: Sequence[Hour]) -> float:
        seen, whole = self.count(hours)
        return _move(self.name, seen / whole, self.share)

    def is_nearly_all(self, window: Sequence[Hour]) -> bool:
        """Say whether next to nothing is left; a little may be, where it is so on two days, and no odd day of one."""
        if self.name.partition(":")[0] in NOT_EDITED:
            return True
        seen, whole = self.count(window)
        if not _falls(self.name):
            return 1 - seen / whole <= HALF * (1 - self.share.share)
        today = [hour for hour in window if hour.at.date() == window[-1].at.date()]
        on_two_days = len(today) < len(window) and self.count(today)[1] >= FEWEST_ANEW and self.by(today) >= SHIFT
        return seen / whole <= (LITTLE if on_two_days else NOTHING) * self.share.share

    def is_lasting(self, window: Sequence[Hour], longer: Sequence[Hour]) -> bool:
        """Say whether it is so on each of two days; where there is a look a day or less, in each of three."""
        older = longer[: len(longer) - len(window)]
        parts = [older, window] if older else [[hour] for hour in window]
        return len(window) >= FEWEST_LOOKS and all(self.by(part) >= LONG_SHIFT for part in parts)


def _falls(name: str) -> bool:
    return name.partition(":")[0] in FALLING


def _move(name: str, seen: float, share: Share) -> float:
    """Give how far a share has moved the way that is missed."""
    return share.share - seen if _falls(name) else seen - share.share


def _chance(name: str, seen: int, whole: int, share: Share) -> float:
    tail = share_at_most if _falls(name) else share_at_least
    return tail(seen, whole, share.share, share.correlation)


def _first_of_last(bad: Sequence[Hour], window: Sequence[Hour]) -> datetime:
    """Give when it began: the earliest hour after which most were bad."""
    marks = [hour in bad for hour in window]
    best = max(range(len(window)), key=lambda start: (sum(1 if mark else -1 for mark in marks[start:]), -start))
    return window[best].at


def _state(name: str) -> State:
    return "blocked" if name in BLOCKING else "degraded"
