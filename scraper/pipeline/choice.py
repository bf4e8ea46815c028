"""Which of the sources does a run work on? The enabled ones, or those that were named."""

from collections.abc import Sequence
from difflib import get_close_matches

from scraper.errors import UsageError
from scraper.records import Source

__all__ = ["chosen"]


def chosen(sources: Sequence[Source], ids: Sequence[str] = ()) -> tuple[Source, ...]:
    """Give the sources with these ids, enabled or not, in the file's order; without ids all that are enabled.

    Raises UsageError for an id that does not exist, with the nearest one that does, and when nothing would be left to do.
    """
    by_id = {source.id: source for source in sources}
    unknown = [_unknown(name, by_id) for name in ids if name not in by_id]
    if unknown:
        raise UsageError("; ".join(unknown), code="unknown_source")
    picked = tuple(source for source in sources if (source.id in ids if ids else source.enabled))
    if not picked:
        raise UsageError(f"no source is enabled (of {len(sources)}): set `enabled: true` on one, or name one with --source ID")
    return picked


def _unknown(name: str, known: dict[str, Source]) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    return f"there is no source {name!r}" + (f", did you mean {near[0]!r}?" if near else "")
