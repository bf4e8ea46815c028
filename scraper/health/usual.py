"""What is usual for a source? Everything its own last weeks say that today is measured by; no number of it is set by anybody.

Days on which the source was in trouble teach nothing (`judgement` says which). What the extractor itself decides, from which signal a field
is taken to how long a text is, is learned from days of one version of it only: an update of ours is no change of theirs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final, Self

from scraper.health.figures import LENGTHS, WHOLES, Counts, Day, is_weekend, of, summed
from scraper.health.rhythm import Rhythm
from scraper.health.shares import UNKNOWN, Counted, Share, share_of

__all__ = ["REACH", "Usual", "learned", "measured", "number"]

REACH: Final = timedelta(weeks=8)
OURS: Final = frozenset(
    {"field", "signal", "access", "repeated", "words", "lines", "links", "verdict", "template"}
)  # what our own version has a say in
TAIL: Final = 0.15  # so many stories, at most, are short for their source, and so many long
RAREST_SIGNAL: Final = 0.45  # of the stories: a signal that gives a field in fewer of them is one of several, and not missed


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """What is usual. `edges` are the longest length that is short and the shortest that is long; `days` counts what it was learned from."""

    day: date
    days: int = 0
    version: str = ""
    shares: Mapping[str, Share] = field(default_factory=dict)
    edges: Mapping[str, int] = field(default_factory=dict)
    rhythm: Rhythm | None = None

    def share(self, name: str) -> Share | None:
        """Give what is usual of a figure: what was never seen is rare, as far as there is enough to say so."""
        if (known := self.shares.get(name)) is not None:
            return known
        never = self.shares.get("never:" + of(name))
        return UNKNOWN.get(name.partition(":")[0]) if never is None else never

    def to_dict(self) -> dict[str, Any]:
        """Give it as JSON-ready values."""
        return {
            "day": self.day.isoformat(),
            "days": self.days,
            "version": self.version,
            "shares": {
                name: [round(share.share, 5), round(share.correlation, 4), share.of, share.weekend and round(share.weekend, 5)]
                for name, share in self.shares.items()
            },
            "edges": dict(self.edges),
            "rhythm": self.rhythm.to_dict() if self.rhythm else None,
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """Read what `to_dict` wrote."""
        return cls(
            day=date.fromisoformat(values["day"]),
            days=values["days"],
            version=values["version"],
            shares={name: Share(*share) for name, share in values["shares"].items()},
            edges=values["edges"],
            rhythm=Rhythm.from_dict(values["rhythm"]) if values["rhythm"] else None,
        )


def learned(days: Sequence[Day], today: date, version: str) -> Usual:
    """Learn from the days before today that went well, in order; `version` is that of the extractor at work today."""
    days = [day for day in days if today - REACH <= day.day < today]
    if not days:
        return Usual(day=today, version=version)
    edges = _edges(summed(day.counts for day in days if day.version == version))
    read_alike = [(measured(day.counts, edges), is_weekend(day.day)) for day in days if day.version == version]
    everything = [(day.counts, is_weekend(day.day)) for day in days]
    names = _names([day.counts for day in days])
    shares = {name: share for name in names if (share := _share(name, read_alike if _is_ours(name) else everything))}
    for whole in WHOLES:
        seen = read_alike if whole in {"visits", "stories", "texts", "fitted"} else everything
        if share := share_of([Counted(0, counts.get(whole, 0), weekend) for counts, weekend in seen]):
            shares[f"never:{whole}"] = share
    return Usual(day=today, days=len(days), version=version, shares=_worth_knowing(shares), edges=edges, rhythm=Rhythm.of(days))


def number(counts: Counts, name: str, edges: Mapping[str, int]) -> int:
    """Give one figure, of those of lengths, too."""
    if name not in edges:
        return counts.get(name, 0)
    kind = name.partition(":")[0] + ":"
    return measured({key: count for key, count in counts.items() if key.startswith(kind)}, edges).get(name, 0)


def measured(counts: Counts, edges: Mapping[str, int]) -> Counts:
    """Give figures with those of lengths: `words:short` counts what is no longer than the edge of that name."""
    found = dict(counts)
    for name, number in counts.items():
        what, _, length = name.partition(":")
        if what in LENGTHS and what + ":short" in edges:
            short, long = what + ":short", what + ":long"
            found[short] = found.get(short, 0) + number * (int(length) <= edges[short])
            found[long] = found.get(long, 0) + number * (int(length) >= edges[long])
    return found


def _share(name: str, days: Sequence[tuple[Counts, bool]]) -> Share | None:
    return share_of([Counted(counts.get(name, 0), counts.get(of(name), 0), weekend) for counts, weekend in days])


def _is_ours(name: str) -> bool:
    return name.partition(":")[0] in OURS


def _names(days: Sequence[Counts]) -> list[str]:
    found = {name for counts in days for name in counts if ":" in name and name.partition(":")[0] not in LENGTHS}
    return [*sorted(found), "words:short", "words:long", "lines:short", "links:long"]


def _worth_knowing(shares: Mapping[str, Share]) -> Mapping[str, Share]:
    return {name: share for name, share in shares.items() if not name.startswith("signal:") or share.share >= RAREST_SIGNAL}


def _edges(counts: Counts) -> Mapping[str, int]:
    """Give the lengths below and above which there are few stories."""
    edges = {}
    for what in LENGTHS:
        lengths = sorted((int(name.partition(":")[2]), number) for name, number in counts.items() if name.startswith(what + ":"))
        if not lengths:
            continue
        edges[f"{what}:short"] = _edge(lengths, first=lengths[0][0] - 1)
        edges[f"{what}:long"] = -_edge([(-length, number) for length, number in reversed(lengths)], first=-lengths[-1][0] - 1)
    return edges


def _edge(lengths: Sequence[tuple[int, int]], *, first: int) -> int:
    """Give the length up to which at most a share of the stories lies; `first` where already the shortest are more than that."""
    most, found, edge = TAIL * sum(number for _, number in lengths), 0, first
    for length, number in lengths:
        found += number
        if found > most:
            break
        edge = length
    return edge
