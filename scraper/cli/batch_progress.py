"""How does a person see how far a batch is? Bars on a terminal, a line now and then in a pipe: pages a second, rejects, time left."""

import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from scraper.batch.stretch import Done
    from scraper.batch.stretch import Progress as Way

__all__ = ["Figures", "progress"]

LINE_EVERY_S: Final = 30.0
REJECTS_SHOWN: Final = 4


class Figures:
    """Adds up how far a batch is. `now` is a clock in seconds, an argument of all that needs one."""

    def __init__(self) -> None:
        self._began_s = 0.0
        self._stretches = self._done = 0
        self._bytes_total = self._bytes_before = self._bytes_done = 0
        self._pages = self._records = 0
        self._rejects: Counter[str] = Counter()
        self._failures = 0
        self._ways: dict[tuple[str, int], tuple[int, int]] = {}

    def begin(self, now: float, *, stretches: int, done: int, bytes_total: int, bytes_done: int) -> None:
        """Take what there is to do, and what was done before."""
        self._began_s = now
        self._stretches, self._done = stretches, done
        self._bytes_total, self._bytes_before = bytes_total, bytes_done

    def under_way(self, way: "Way") -> None:
        """Take how far a stretch is."""
        self._ways[way.place, way.begin] = (way.pages, way.bytes)

    def stretch(self, done: "Done", size: int) -> None:
        """Take a stretch that is done."""
        self._ways.pop((done.stretch.place, done.stretch.begin), None)
        self._done += 1
        self._bytes_done += size
        self._failures += done.failure is not None
        for counted in done.counted:
            self._pages += counted.pages
            self._records += counted.records
            self._rejects.update(counted.rejects)

    @property
    def share(self) -> float:
        """Give how much of all is done, by bytes; 1 is all."""
        behind = self._bytes_before + self._behind
        return min(behind / self._bytes_total, 1.0) if self._bytes_total else self._done / max(self._stretches, 1)

    def sentence(self, now: float) -> str:
        """Say it."""
        elapsed_s = max(now - self._began_s, 1e-9)
        pages = self._pages + sum(pages for pages, _ in tuple(self._ways.values()))
        parts = [f"{self._done:,} of {self._stretches:,} pieces", f"{pages:,} pages", f"{pages / elapsed_s:,.0f} a second"]
        if self._rejects:
            common = ", ".join(f"{code} {count:,}" for code, count in self._rejects.most_common(REJECTS_SHOWN))
            parts.append(f"no stories {self._rejects.total():,} ({common})")
        if self._failures:
            parts.append(f"failed {self._failures:,}")
        if self._behind and (left := self._bytes_total - self._bytes_before - self._behind) > 0:
            parts.append(f"{_span(left / self._behind * elapsed_s)} left")
        return " · ".join(parts)

    @property
    def _behind(self) -> int:
        return self._bytes_done + sum(behind for _, behind in tuple(self._ways.values()))


class _Lines:
    """Says it in lines."""

    def __init__(self) -> None:
        self._figures = Figures()
        self._said_s = 0.0

    def begin(self, *, dashboard: str | None, **figures: int) -> None:
        self._said_s = time.monotonic()
        self._figures.begin(self._said_s, **figures)
        if dashboard:
            click.echo(f"the engine's dashboard: {dashboard}", err=True)

    def under_way(self, progress: "Way") -> None:
        self._figures.under_way(progress)
        self._say()

    def stretch(self, done: "Done", size: int) -> None:
        self._figures.stretch(done, size)
        self._say()

    def _say(self) -> None:
        now = time.monotonic()
        if now - self._said_s >= LINE_EVERY_S:
            self._said_s = now
            click.echo(self._figures.sentence(now), err=True)


class _Bar:
    """Draws it as a bar."""

    def __init__(self, bars: Progress) -> None:
        self._figures = Figures()
        self._bars = bars
        self._task = bars.add_task("finding the inputs", total=None, now="")

    def begin(self, *, dashboard: str | None, **figures: int) -> None:
        self._figures.begin(time.monotonic(), **figures)
        if dashboard:
            self._bars.console.print(f"the engine's dashboard: {dashboard}", highlight=False, markup=False)
        self._draw()

    def under_way(self, progress: "Way") -> None:
        self._figures.under_way(progress)
        self._draw()

    def stretch(self, done: "Done", size: int) -> None:
        self._figures.stretch(done, size)
        self._draw()

    def _draw(self) -> None:
        said = self._figures.sentence(time.monotonic())
        self._bars.update(self._task, description="", total=1.0, completed=self._figures.share, now=said)


class _Nothing:
    def begin(self, **_: object) -> None:
        pass

    def under_way(self, progress: "Way") -> None:
        pass

    def stretch(self, done: "Done", size: int) -> None:
        pass


@contextmanager
def progress(*, shown: bool) -> Iterator[_Lines | _Bar | _Nothing]:
    """Give what a batch tells how far it is."""
    if not shown:
        yield _Nothing()
    elif not sys.stderr.isatty():
        yield _Lines()
    else:
        columns = (TextColumn("{task.description}"), BarColumn(bar_width=20), TextColumn("{task.fields[now]}"), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
            yield _Bar(bars)


def _span(seconds: float) -> str:
    minutes = seconds / 60
    if minutes < 1:
        return f"{seconds:.0f} s"
    return f"{minutes:.0f} min" if minutes < 100 else f"{minutes / 60:.1f} h"  # noqa: PLR2004 - two hours or so
