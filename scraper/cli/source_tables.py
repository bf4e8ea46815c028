"""How does a list of sources look on a terminal? One line a source, in the file's order."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from scraper.export import printable
from scraper.records import Source

__all__ = ["sources_table"]

KINDS = ("feeds", "news_sitemaps", "sections")


def sources_table(sources: Sequence[Source], last: Mapping[str, datetime | None]) -> list[RenderableType]:
    """Show the sources; `last` is when each gave its last article."""
    table = Table(box=SIMPLE_HEAD, padding=0, pad_edge=False)
    for name in ("Source", "name", "domain"):
        table.add_column(name, overflow="fold")
    table.add_column("listings", justify="right")
    for name in ("on", "last article"):
        table.add_column(name, no_wrap=True)
    for source in sources:
        when = last.get(source.id)
        cells = (
            source.id,
            source.name,
            source.domain,
            _listings(source),
            "yes" if source.enabled else "no",
            f"{when:%Y-%m-%d}" if when else "",
        )
        table.add_row(*(Text(printable(cell)) for cell in cells), style="" if source.enabled else "dim")
    return [table]


def _listings(source: Source) -> str:
    """Count the feeds, sitemaps and sections; a source without has a home page where they are looked up, or nothing."""
    count = sum(len(getattr(source, kind)) for kind in KINDS)
    return "home" if source.home and not count else str(count)
