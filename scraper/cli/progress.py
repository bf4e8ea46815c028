"""How does a person at a terminal see that a run goes on? Two bars on standard error; in a pipe or under cron, nothing. Home of rich."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from scraper.pipeline.summary import SourceSummary
from scraper.pipeline.watch import UNWATCHED, Watch

__all__ = ["progress"]


@contextmanager
def progress(*, shown: bool) -> Iterator[Watch]:
    """Give a Watch that draws bars while the block runs, if they are wanted and standard error is a terminal."""
    if not (shown and sys.stderr.isatty()):
        yield UNWATCHED
        return
    columns = (
        TextColumn("{task.description:<8}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[now]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        yield Bars(bars)


class Bars:
    """A Watch that moves two bars: sources and pages."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._sources = bars.add_task("sources", total=None, now="")
        self._pages = bars.add_task("pages", total=0, now="")

    def waiting(self, why: str) -> None:
        """Say it above the bars."""
        self._bars.console.print(f"{why}; waiting", highlight=False, markup=False)

    def sources(self, total: int) -> None:
        """Set the length of the sources' bar."""
        self._bars.update(self._sources, total=total)

    def links(self, count: int) -> None:
        """Lengthen the pages' bar."""
        total = self._bars.tasks[self._pages].total or 0
        self._bars.update(self._pages, total=total + count)

    def page(self) -> None:
        """Move the pages' bar."""
        self._bars.advance(self._pages)

    def source(self, summary: SourceSummary) -> None:
        """Move the sources' bar and name the source that is done."""
        self._bars.update(self._sources, advance=1, now=summary.source_id)
