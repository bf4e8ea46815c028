"""What is other than usual at a source? Findings, each with what was seen, out of what, what is usual, and since when.

Everything is asked of the last day, or of the last three hours that have something to say where that is longer: so what is found is found
within a day or three runs, and the hours of a day, which differ, weigh as they do in the days it is compared with. What is gone altogether
is found in less, where no odd day would explain it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any, Final, Literal, Self

from scraper.health.chance import share_at_least, share_at_most
from scraper.health.figures import LENGTHS, WHOLES, Counts, Hour, of, summed
from scraper.health.shares import Share
from scraper.health.usual import Usual, measured, number

__all__ = ["DOWN", "FEWEST_LOOKS", "SHORT", "STATES", "WINDOW", "Finding", "State", "recent", "shifts"]

State = Literal["ok", "degraded", "silent", "backing_off", "blocked"]
STATES: Final[tuple[State, ...]] = ("ok", "degraded", "silent", "backing_off", "blocked")  # the worse the later

WINDOW: Final = timedelta(days=1)
FEWEST_LOOKS: Final = 3
UNLIKELY: Final = 2e-4  # with the moves asked for below; thirty figures a day would come so far twice a year by chance alone
NO_LONGER: Final = 1e-2  # a finding stays until what is seen is no rarer than that
FEWEST: Final = 5  # stories, or pages: two of three are chance
SHORT: Final = timedelta(hours=6)  # what is over sooner is an outage or a batch of columns, several times a year at any site
DOWN: Final = timedelta(hours=9)  # what cannot be reached or read for an afternoon is nobody's business
LITTLE, NOTHING = 0.25, 0.08  # of a usual share that is left where nearly all has broken, and where all has
HALF: Final = 0.5  # of what could yet rise, where nearly all has risen
SHIFT: Final = 0.25  # smaller moves are the site's own business, however sure they are
LONG_SHIFT: Final = 0.45  # and smaller ones than that, where a part has broken: so far two days of elections go
ODD_DAYS, ODD_SHARE, ODD_CORRELATION = 0.015, 0.15, 0.05  # of the days, and what is left of a usual share on such a one
UNLIKELY_ODD: Final = 5e-4
TOTAL: Final = timedelta(hours=12)  # since which nothing is left
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
    totals = _totals(windows, usual.edges)
    missing = set()
    for name in sorted({*usual.shares, *(name for total in totals.values() for name in total), *known}):
        if not _is_watched(name, usual) or name.rpartition("=")[0].replace("signal:", "field:") in missing:
            continue
        share, before = usual.share(name), known.get(name)
        whole = of(name)
        if share is None or not totals[whole].get(whole):
            found = before  # nothing new is known
        elif before is not None:
            found = _kept(before, share, totals[whole])
        elif _move(name, totals[whole].get(name, 0) / totals[whole][whole], share) < SHIFT / 2:
            found = None  # as it nearly always is
        else:
            found = _found(_Moved(name, share, usual.edges), windows[whole], (hours, now))
        if found is not None:
            missing.add(name)
            yield found


def _totals(windows: Mapping[str, Sequence[Hour]], edges: Mapping[str, int]) -> Mapping[str, Counts]:
    """Sum up each window; most of them are the same hours."""
    known: list[tuple[Sequence[Hour], Counts]] = []
    totals = {}
    for whole, window in windows.items():
        total = next((total for other, total in known if other == window), None)
        if total is None:
            total = measured(summed(hour.counts for hour in window), edges)
            known.append((window, total))
        totals[whole] = total
    return totals


def _is_watched(name: str, usual: Usual) -> bool:
    kind, _, what = name.partition(":")
    if not what or kind == "never" or name == "listing:resting":
        return False
    return (kind not in FALLING and kind not in LENGTHS) or name in usual.shares


def _kept(before: Finding, share: Share, total: Counts) -> Finding | None:
    """Look whether something has moved back; if not, say what is seen now."""
    seen, whole = total.get(before.about, 0), total[of(before.about)]
    if _move(before.about, seen / whole, share) < SHIFT / 2 or _chance(before.about, seen, whole, share) > NO_LONGER:
        return None
    return replace(before, seen=seen, of=whole)


def _found(moved: "_Moved", window: Sequence[Hour], among: tuple[Sequence[Hour], datetime]) -> Finding | None:
    """Compare a figure of the last day with what is usual: nearly all of it has broken, or a good part for two days."""
    if moved.by(window[-1:]) <= SHIFT / 2 or moved.count(window)[1] < FEWEST:
        return None
    bad = [hour for hour in window if moved.by([hour]) > SHIFT / 2]
    if len(bad) == 1 or _told_of(window, window.index(bad[0])) < (DOWN if moved.name.startswith("listing:") else SHORT):
        return None
    gone = moved.gone([hour for hour in among[0] if hour.number(of(moved.name))])
    if not (gone or moved.is_nearly_all(window) or moved.is_lasting(window, recent(*among, of(moved.name), 2 * WINDOW))):
        return None
    seen, whole = moved.count(gone or window)
    since = gone[0].at if gone else _first_of_last(bad, window)
    return Finding(about=moved.name, state=_state(moved.name), since=since, seen=seen, of=whole, usual=moved.share.share)


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

    def is_unlikely(self, hours: Sequence[Hour], least: float) -> bool:
        return _chance(self.name, *self.count(hours), self.share) <= least

    def left(self, hours: Sequence[Hour]) -> float:
        """Give how much is left of what is usual, 1 for all."""
        seen, whole = self.count(hours)
        return seen / whole / self.share.share if _falls(self.name) else (1 - seen / whole) / (1 - self.share.share)

    def gone(self, window: Sequence[Hour]) -> Sequence[Hour]:
        """Give the last of some hours since which nothing is left, if that is half a day or more: of all hours that are kept, so that a
        source of few stories is found in the end.
        """
        if self.name.partition(":")[0] == "listing":
            return ()  # `silence` asks of these
        starts = [start for start in range(len(window) - 1) if _told_of(window, start) >= TOTAL]
        hours = next((window[start:] for start in starts if self.left(window[start:]) <= NOTHING), ())
        return hours if hours and self.is_unlikely(hours, UNLIKELY) and self.is_no_odd_day(hours) else ()

    def is_nearly_all(self, window: Sequence[Hour]) -> bool:
        """Say whether next to nothing is left."""
        if self.by(window) < SHIFT or not self.is_unlikely(window, UNLIKELY):
            return False
        if self.name.partition(":")[0] in NOT_EDITED:
            return True
        return self.left(window) <= LITTLE and self.is_no_odd_day(window) if _falls(self.name) else self.left(window) <= HALF

    def is_no_odd_day(self, hours: Sequence[Hour]) -> bool:
        """Say whether it would be unlikely, too, if any of the days were an odd one, on which much is otherwise."""
        tail, share, chance = (share_at_most if _falls(self.name) else share_at_least), self.share.share, 1.0
        odd_share = ODD_SHARE * share if _falls(self.name) else 1 - ODD_SHARE * (1 - share)
        for _, day in groupby(zip(_days(hours), hours, strict=True), key=itemgetter(0)):
            seen, whole = self.count([hour for _, hour in day])
            odd = tail(seen, whole, odd_share, ODD_CORRELATION)
            chance *= (1 - ODD_DAYS) * tail(seen, whole, share, self.share.correlation) + ODD_DAYS * odd
        return chance <= UNLIKELY_ODD

    def is_lasting(self, window: Sequence[Hour], longer: Sequence[Hour]) -> bool:
        """Say whether it is so on each of two days; where there is a look a day or less, in each of three."""
        older = longer[: len(longer) - len(window)]
        parts = [older, window] if older else [[hour] for hour in window]
        if len(window) < FEWEST_LOOKS or not all(self.by(part) >= LONG_SHIFT for part in parts):
            return False
        return self.is_unlikely(window, UNLIKELY) and (not older or self.is_unlikely(older, UNLIKELY))


def _falls(name: str) -> bool:
    return name.partition(":")[0] in FALLING


def _move(name: str, seen: float, share: Share) -> float:
    """Give how far a share has moved the way that is missed."""
    return share.share - seen if _falls(name) else seen - share.share


def _chance(name: str, seen: int, whole: int, share: Share) -> float:
    tail = share_at_most if _falls(name) else share_at_least
    return tail(seen, whole, share.share, share.correlation)


def _told_of(window: Sequence[Hour], start: int) -> timedelta:
    """Give of how long a time the looks from one on tell: what the first of them finds has come since the look before it."""
    return window[-1].at - window[max(0, start - 1)].at


def _days(window: Sequence[Hour]) -> Sequence[date]:
    """Give the day that each look tells of, from the look before it on."""
    return [(at - (at - before) / 2).date() for before, at in pairwise([window[0].at, *(hour.at for hour in window)])]


def _first_of_last(bad: Sequence[Hour], window: Sequence[Hour]) -> datetime:
    """Give when it began: the earliest hour after which most were bad."""
    marks = [hour in bad for hour in window]
    best = max(range(len(window)), key=lambda start: (sum(1 if mark else -1 for mark in marks[start:]), -start))
    return window[best].at


def _state(name: str) -> State:
    return "blocked" if name in BLOCKING else "degraded"
