"""How does the archive look on a terminal? A line a file, the oldest first, and what becomes of them when the room is used up."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from scraper.archive import Held
from scraper.records import ArchiveSettings

__all__ = ["archive_lines"]

MB: Final = 1e6


def archive_lines(folder: Path, settings: ArchiveSettings, found: Sequence[Held], pages: Mapping[str, int]) -> Iterator[RenderableType]:
    """Show the files; `pages` is how many the database has in each."""
    if found:
        table = Table(box=SIMPLE_HEAD, padding=0, pad_edge=False)
        table.add_column("File", overflow="fold")
        for name in ("first page (UTC)", "MB", "pages", ""):
            table.add_column(name, justify="right" if name in {"MB", "pages"} else "left", no_wrap=True)
        for file in found:
            size, count = f"{file.size / MB:,.1f}", f"{pages.get(file.name, 0):,}"
            table.add_row(file.name, f"{file.begun:%Y-%m-%d %H:%M}", size, count, "open" if file.is_open else "")
        yield table
    used, most = sum(file.size for file in found) / MB, settings.max_bytes / MB
    files = "1 file" if len(found) == 1 else f"{len(found)} files"
    yield Text(f"{files} in {folder}, {used:,.1f} MB of at most {most:,.0f} (archive.max_gb); the oldest go when that is full")
    if not settings.enabled:
        yield Text("nothing more is kept: archive.enabled is false")
