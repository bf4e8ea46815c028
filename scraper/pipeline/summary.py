"""What did a run do? One frozen summary a source, one for the run; and the tally that is kept while a source is worked on."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, Literal, Self

from scraper.pipeline.exit_codes import ALL_WELL, INTERRUPTED, LATE, NEEDS_ATTENTION, SOME_FAILED
from scraper.pipeline.stop import Reason
from scraper.store import HealthChange

__all__ = ["Count", "RunSummary", "SourceSummary", "State", "Tally"]

REFUSED: Final = "robots_denied"  # the site's wish is obeyed: nothing went wrong, and a run that does so is no failed run
Count = Literal[
    "links_found", "links_new", "not_modified", "fetched", "new", "updated", "unchanged", "duplicate", "rejected", "template_misfit"
]
State = Literal["not_due", "ok", "failed", "interrupted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSummary:
    """What a run did for one source, or for all of them together (`total`).

    `links_found` counts what the listings announced, `links_new` what had not been seen before; `not_modified` the listings that were
    answered with 304; `fetched` the pages, which end as `new`, `updated`, `unchanged`, `duplicate` or `rejected`. `failures` counts the
    URLs that did not come, listings included, by code: `failed` of them failed, `refused` are forbidden by robots.txt;
    `template_misfit` counts pages that are built otherwise than the source's others;
    `postponed` the links left for a later run because the host could not be reached. `not_due` is a source whose listings were left
    alone this time, `interrupted` one that the run's end cut short.
    """

    source_id: str
    state: State = "ok"
    links_found: int = 0
    links_new: int = 0
    not_modified: int = 0
    fetched: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicate: int = 0
    rejected: int = 0
    template_misfit: int = 0
    failed: int = 0
    refused: int = 0
    postponed: int = 0
    failures: tuple[tuple[str, int], ...] = ()
    seconds: float = 0.0

    @classmethod
    def total(cls, summaries: Iterable[Self], *, seconds: float) -> Self:
        """Add up what several sources did; the seconds are the run's own, since sources are worked on at the same time."""
        every = tuple(summaries)
        failures: Counter[str] = Counter()
        for summary in every:
            failures.update(dict(summary.failures))
        counts = [entry.name for entry in fields(cls) if entry.type is int]
        sums = {name: sum(getattr(summary, name) for summary in every) for name in counts}
        return cls(source_id="total", state=_worst(summary.state for summary in every), failures=_ranked(failures), seconds=seconds, **sums)

    def to_dict(self) -> dict[str, Any]:
        """Give the summary as JSON-ready values, the failures as an object of code and count."""
        return asdict(self) | {"failures": dict(self.failures)}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """What one `scraper run` did. `stopped` says why it was asked to end before its work did; `not_begun` sources wait for the next.

    `unheard` says which notices could not be delivered. `archive_trouble` is why pages were no longer kept from some moment on, if so.
    `changes` are those of sources' health, and `ailing` the sources of this run that need attention, changed or not.
    """

    run_id: int
    sources: tuple[SourceSummary, ...]
    seconds: float
    stopped: Reason | None = None
    not_begun: int = 0
    unheard: tuple[str, ...] = ()
    archive_trouble: str | None = None
    changes: tuple[HealthChange, ...] = ()
    ailing: tuple[str, ...] = ()

    @property
    def interrupted(self) -> bool:
        """Tell whether somebody ended the run."""
        return self.stopped == "interrupted"

    @property
    def total(self) -> SourceSummary:
        """Give the sums over all sources."""
        return SourceSummary.total(self.sources, seconds=self.seconds)

    @property
    def exit_code(self) -> int:
        """0 when every URL came; else, what says most: 130 interrupted, 4 a source needs attention, 1 some failed, 6 the deadline came."""
        if self.interrupted:
            return INTERRUPTED
        if self.ailing:
            return NEEDS_ATTENTION
        if self.total.failed or self.archive_trouble:
            return SOME_FAILED
        return LATE if self.stopped else ALL_WELL

    def to_dict(self) -> dict[str, Any]:
        """Give the summary as JSON-ready values."""
        return {
            "run_id": self.run_id,
            "exit_code": self.exit_code,
            "interrupted": self.interrupted,
            "deadline_reached": self.stopped == "deadline",
            "not_begun": self.not_begun,
            "unheard": list(self.unheard),
            "ailing": list(self.ailing),
            "seconds": self.seconds,
            "archive_trouble": self.archive_trouble,
            "total": self.total.to_dict(),
            "sources": [source.to_dict() for source in self.sources],
            "health_changes": [change.to_dict() for change in self.changes],
        }


class Tally:
    """The counts of one source while it is worked on; `summary` freezes them."""

    def __init__(self, source_id: str) -> None:
        self._source_id = source_id
        self._counts: Counter[str] = Counter()
        self._failures: Counter[str] = Counter()

    def add(self, count: Count, number: int = 1) -> None:
        """Count one event, or several of a kind."""
        self._counts[count] += number

    def count(self, count: Count) -> int:
        """Give how many events of a kind were counted so far."""
        return self._counts[count]

    def fail(self, code: str) -> None:
        """Count a URL that failed."""
        self._failures[code] += 1

    def postpone(self, links: int) -> None:
        """Count links that are left for a later run."""
        self._counts["postponed"] += links

    def summary(self, *, seconds: float, interrupted: bool, looked: bool = True) -> SourceSummary:
        """Freeze the counts."""
        refused = self._failures[REFUSED]
        failed = self._failures.total() - refused
        state: State = "interrupted" if interrupted else "failed" if failed else "ok" if looked else "not_due"
        return SourceSummary(
            source_id=self._source_id,
            state=state,
            failed=failed,
            refused=refused,
            failures=_ranked(self._failures),
            seconds=round(seconds, 3),
            **self._counts,
        )


def _ranked(failures: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(failures.items(), key=lambda pair: (-pair[1], pair[0])))


def _worst(states: Iterable[State]) -> State:
    order: tuple[State, ...] = ("not_due", "ok", "failed", "interrupted")
    return max(states, key=order.index, default="ok")
