"""Whose turn is it? Which of a run's sources are looked at, and in which order, so that a run that is cut short is still fair.

Who was looked at longest ago comes first, and who never was before all others: a deadline that is always too short then leaves out other
sources each time. A source that is not due costs no request for its listings; its pages that are due are fetched all the same.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from scraper.politeness import Pace, is_due
from scraper.records import Source

__all__ = ["in_turn", "looked_at_now"]

NEVER: Final = datetime.min.replace(tzinfo=UTC)


def in_turn(sources: Sequence[Source], paces: Mapping[str, Pace]) -> tuple[Source, ...]:
    """Give the sources in the order of their last looks, and in their own where that says nothing."""
    return tuple(sorted(sources, key=lambda source: paces[source.id].looked_at if source.id in paces else NEVER))


def looked_at_now(sources: Sequence[Source], paces: Mapping[str, Pace], now: datetime) -> frozenset[str]:
    """Give the ids of those whose listings are due."""
    return frozenset(
        source.id for source in sources if is_due(paces.get(source.id), now, shortest=source.poll_min, longest=source.poll_max)
    )
