"""How is a run to behave, beside what it is to do? Who watches it, what ends it early, and how patient it is with hosts."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from scraper.fetch import Patience, Surroundings
from scraper.pipeline.stop import Stop
from scraper.pipeline.watch import UNWATCHED, Watch

__all__ = ["Conduct"]

GRACE_S: Final = 3.0  # some hundred pages' extraction, and short enough for a person who waits


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """The wishes of whoever starts a run; the defaults suit a run that nobody watches.

    `grace_s` is how long a run that was asked to end may still extract and store what it has fetched. `surroundings` is the network's name
    service and whom TLS trusts. With `since` listings are paged back to that moment, whatever the sources' own `max_age_days` say.
    """

    watch: Watch = UNWATCHED
    stop: Stop = field(default_factory=Stop)
    patience: Patience = field(default_factory=Patience)
    grace_s: float = GRACE_S
    surroundings: Surroundings = field(default_factory=Surroundings)
    since: datetime | None = None
