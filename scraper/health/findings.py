"""What is other than usual at a source? Findings, each with what was seen, out of what, what is usual, and since when.

Everything is asked of the last day, or of the last three hours that have something to say where that is longer: so what is found is found
within a day or three runs, and the hours of a day, which differ, weigh as they do in the days it is compared with. What is gone altogether
is found in less, where no odd day would explain it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal, Self

from scraper.health.figures import LENGTHS, WHOLES, Counts, Hour, of, summed
from scraper.health.moved import FALLING, FEWEST_LOOKS, SHIFT, Moved, move, tail, told_of, weekend_part
from scraper.health.shares import Share
from scraper.health.usual import Usual, measured

__all__ = ["DOWN", "FEWEST_LOOKS", "SHORT", "STATES", "WINDOW", "Finding", "State", "recent", "shifts"]

State = Literal["ok", "degraded", "silent", "backing_off", "blocked"]
STATES: Final[tuple[State, ...]] = ("ok", "degraded", "silent", "backing_off", "blocked")  # the worse the later

WINDOW: Final = timedelta(days=1)
NO_LONGER: Final = 1e-2  # a finding stays until what is seen is no rarer than that
FEWEST_FAILED: Final = 4  # looks of a day: three of many come together by chance
SHORT: Final = timedelta(hours=6)  # what is over sooner is an outage or a batch of columns, several times a year at any site
DOWN: Final = timedelta(hours=9)  # what cannot be reached or read for an afternoon is nobody's business
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
    weekends = {whole: weekend_part(window, whole) for whole, window in windows.items()}
    missing = set()
    for name in sorted({*usual.shares, *(name for total in totals.values() for name in total), *known}):
        if not _is_watched(name, usual) or name.rpartition("=")[0].replace("signal:", "field:") in missing:
            continue
        share, before = usual.share(name), known.get(name)
        whole = of(name)
        if share is None or not totals[whole].get(whole):
            found = before  # nothing new is known
        elif before is not None:
            found = _kept(before, share, totals[whole], weekends[whole])
        elif move(name, totals[whole].get(name, 0) / totals[whole][whole], share.mixed(weekends[whole])) < SHIFT / 2:
            found = None  # as it nearly always is
        else:
            found = _found(Moved(name, share, usual.edges), windows[whole], (hours, now))
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


def _kept(before: Finding, share: Share, total: Counts, weekend: float) -> Finding | None:
    """Look whether something has moved back; if not, say what is seen now."""
    seen, whole, usual = total.get(before.about, 0), total[of(before.about)], share.mixed(weekend)
    if move(before.about, seen / whole, usual) < SHIFT / 2 or tail(before.about)(seen, whole, usual, share.correlation) > NO_LONGER:
        return None
    return replace(before, seen=seen, of=whole)


def _found(moved: Moved, window: Sequence[Hour], among: tuple[Sequence[Hour], datetime]) -> Finding | None:
    """Compare a figure of the last day with what is usual: nearly all of it has broken, or a good part for two days."""
    if moved.by(window[-1:]) <= SHIFT / 2 or moved.count(window)[1] < moved.fewest:
        return None
    bad = [hour for hour in window if moved.by([hour]) > SHIFT / 2]
    is_listing = moved.name.startswith("listing:")
    if len(bad) == 1 or told_of(window, window.index(bad[0])) < (DOWN if is_listing else SHORT):
        return None
    if is_listing and len(bad) < min(FEWEST_FAILED, len(window) / 2):
        return None
    gone = moved.gone([hour for hour in among[0] if hour.number(of(moved.name))])
    if not (gone or moved.is_nearly_all(window) or moved.is_lasting(window, recent(*among, of(moved.name), 2 * WINDOW))):
        return None
    told = gone or window
    since = _first_of_last([hour for hour in told if moved.by([hour]) > SHIFT / 2], told)
    if gone:
        told = [hour for hour in gone if hour.at >= since]
    seen, whole = moved.count(told)
    return Finding(about=moved.name, state=_state(moved.name), since=since, seen=seen, of=whole, usual=moved.usual(told))


def _first_of_last(bad: Sequence[Hour], window: Sequence[Hour]) -> datetime:
    """Give when it began: the earliest hour after which most were bad."""
    marks = [hour in bad for hour in window]
    best = max(range(len(window)), key=lambda start: (sum(1 if mark else -1 for mark in marks[start:]), -start))
    return window[best].at


def _state(name: str) -> State:
    return "blocked" if name in BLOCKING else "degraded"
