"""How is a run to behave, beside what it is to do? Who watches it, what ends it early, and how patient it is with hosts."""

from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Final

from scraper.fetch import Patience, Surroundings
from scraper.pipeline.stop import Stop
from scraper.pipeline.watch import UNWATCHED, Watch
from scraper.records import ArchiveSettings, NoticeSettings

__all__ = ["Conduct"]

JUDGED_S: Final = 0.002  # a source's health (docs/decisions/0021)
LEARNED_S: Final = 0.010  # what is usual for it, in the first run of a day
GRACE_S: Final = 3.0  # some hundred pages' extraction, and short enough for a person who waits


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """The wishes of whoever starts a run; the defaults suit a run that nobody watches.

    `grace_s` is how long a run that was asked to end may still extract and store what it has fetched. `surroundings` is the network's name
    service and whom TLS trusts. With `since` listings are paged back to that moment, whatever the sources' own `max_age_days` say, and
    every source is looked at, as with `every_source`, whether its time has come or not. `deadline_s` is how long the run may take in all,
    `wait_s` how much of that it may wait for another one that writes to the database. Pages are kept as `archive` says: if nothing is said,
    not at all.
    """

    watch: Watch = UNWATCHED
    stop: Stop = field(default_factory=Stop)
    patience: Patience = field(default_factory=Patience)
    grace_s: float = GRACE_S
    surroundings: Surroundings = field(default_factory=Surroundings)
    since: datetime | None = None
    notices: NoticeSettings = field(default_factory=NoticeSettings)
    deadline_s: float | None = None
    wait_s: float | None = None
    every_source: bool = False
    archive: ArchiveSettings = field(default_factory=lambda: ArchiveSettings(enabled=False))

    @property
    def last_s(self) -> float:
        """Give how long a run that was asked to end may still extract and store: of a short deadline at most a quarter."""
        return self.grace_s if self.deadline_s is None else min(self.grace_s, self.deadline_s / 4)

    def working_s(self, sources: int = 0, *, anew: int = 0, since: float | None = None) -> float | None:
        """Give in how many seconds a run asks itself to end, so that so many sources are judged, too, at its deadline.

        Of `anew` of them what is usual is still to be learned today. `since` is when the run began, by `monotonic`, if it began before.
        """
        if self.deadline_s is None:
            return None
        judging_s = min(sources * JUDGED_S + anew * LEARNED_S, self.deadline_s / 4)
        gone_s = monotonic() - since if since is not None else 0.0
        return max(0.0, self.deadline_s - self.last_s - judging_s - gone_s)

    @property
    def looks_at_all(self) -> bool:
        """Tell whether every source is looked at, due or not."""
        return self.every_source or self.since is not None
