"""What is other than usual at a source? Findings, each with what was seen, out of what, what is usual, and since when.

Everything is asked of the last day, or of the last three hours that have something to say where that is longer: so what is found is found
within a day or three runs, and the hours of a day, which differ, weigh as they do in the days it is compared with.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, Self

from scraper.health.chance import share_at_least, share_at_most
from scraper.health.figures import WHOLES, Counts, Hour, of, summed
from scraper.health.shares import Share
from scraper.health.usual import Usual, number

__all__ = ["SHORT", "STATES", "WINDOW", "Finding", "State", "recent", "shifts"]

State = Literal["ok", "degraded", "silent", "backing_off", "blocked"]
STATES: Final[tuple[State, ...]] = ("ok", "degraded", "silent", "backing_off", "blocked")  # the worse the later

WINDOW: Final = timedelta(days=1)
FEWEST_LOOKS: Final = 3
UNLIKELY: Final = 1e-5  # a source has some thirty figures and as many independent days a year as there are days: one in ten years
NO_LONGER: Final = 1e-2  # a finding stays until what is seen is no rarer than that
SHORT: Final = timedelta(hours=6)  # what is over sooner is an outage or a batch of columns, several times a year at any site
SHIFT: Final = 0.25  # smaller moves are the site's own business, however sure they are
FALLING: Final = frozenset({"field", "signal"})  # these are missed when they fall; all others when they rise
BLOCKING: Final = frozenset({"page:refused", "verdict:challenge"})


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


def recent(hours: Sequence[Hour], now: datetime, whole: str) -> Sequence[Hour]:
    """Give the hours of the last day that have any of what is to be compared, and at least three of them if there are."""
    fitting = [hour for hour in hours if hour.number(whole)]
    young = sum(hour.at > now - WINDOW for hour in fitting)
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
        found = _shift(name, usual, windows[of(name)], totals[of(name)], known.get(name))
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
    if not what or kind == "never" or name in {"listing:resting", "lines:long"}:
        return False
    return name in usual.edges if kind in {"words", "lines"} else kind not in FALLING or name in usual.shares


def _shift(name: str, usual: Usual, window: Sequence[Hour], total: Counts, before: Finding | None) -> Finding | None:
    """Compare one figure with what is usual; where nothing is known anew, what was found before stands."""
    share, whole = usual.share(name), total.get(of(name), 0)
    if share is None or not whole:
        return before
    seen = number(total, name, usual.edges)
    falls = name.partition(":")[0] in FALLING
    move = (share.share - seen / whole) * (1 if falls else -1)
    if move < (SHIFT / 2 if before else SHIFT):
        return None
    bad = [hour for hour in window if _is_beyond(number(hour.counts, name, usual.edges) / hour.number(of(name)), share, falls=falls)]
    tail = share_at_most if falls else share_at_least
    if before is None and not (bad and bad[-1] is window[-1] and bad[-1].at - bad[0].at >= SHORT):
        return None
    if tail(seen, whole, share.share, share.correlation) > (NO_LONGER if before else UNLIKELY):
        return None
    since = before.since if before else _first_of_last(bad, window)
    return Finding(about=name, state=_state(name), since=since, seen=seen, of=whole, usual=share.share)


def _is_beyond(seen: float, share: Share, *, falls: bool) -> bool:
    return seen < share.share - SHIFT / 2 if falls else seen > share.share + SHIFT / 2


def _first_of_last(bad: Sequence[Hour], window: Sequence[Hour]) -> datetime:
    """Give when it began: the earliest hour after which most were bad."""
    marks = [hour in bad for hour in window]
    best = max(range(len(window)), key=lambda start: (sum(1 if mark else -1 for mark in marks[start:]), -start))
    return window[best].at


def _state(name: str) -> State:
    return "blocked" if name in BLOCKING else "degraded"
