"""How do figures look on a terminal? As tables that fit 80 columns, without colour in a pipe. Home of rich, with `progress`.

Lines of text are folded on a terminal only: what reads a pipe reads by the line, and takes an address that was folded for two.
"""

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from scraper.export import printable
from scraper.pipeline.summary import RunSummary, SourceSummary
from scraper.store import HostStats, SearchHit, SourceHealth, SourceStats, Stats
from scraper.store import RunSummary as StoredRun

__all__ = ["folding_table", "health_table", "hit_lines", "show", "stats_tables", "summary_table"]

PIPE_WIDTH: Final = 80
SOURCES_SHOWN: Final = 40  # two screens; a run over more shows those with news or trouble, and the log file has a line for each
Cell = str | int | float | None


def show(renderables: Iterable[RenderableType], *, err: bool = False) -> None:
    """Print to standard output or standard error."""
    stream = sys.stderr if err else sys.stdout
    is_read = stream.isatty()
    console = Console(file=stream, width=None if is_read else PIPE_WIDTH, highlight=False)
    for renderable in renderables:
        console.print(renderable, soft_wrap=isinstance(renderable, Text) and not is_read)


def summary_table(summary: RunSummary) -> list[RenderableType]:
    """Show what a run did: a line a source, the totals, and the failures by code."""
    table = _table("Source", "links", "fresh", "pages", "304", "new", "upd", "same", "dup", "rej", "fail", "s")
    for source in _worth_showing(summary.sources):
        _add(table, _summary_cells(source))
    table.add_section()
    total = summary.total
    _add(table, _summary_cells(total))
    failures = ", ".join(f"{code} {count}" for code, count in total.failures)
    misfits = ", ".join(f"{source.source_id} {source.template_misfit}" for source in summary.sources if source.template_misfit)
    notes = [f"{title}: {text}" for title, text in (("failed", failures), ("built otherwise than before", misfits)) if text]
    return [table, *(Padding(Text(note), (0, 0, 1, 1)) for note in notes)]


def stats_tables(stats: Stats) -> list[RenderableType]:
    """Show a database at a glance: its size, its sources and its latest runs."""
    head = Text(
        f"{stats.path}: {stats.articles} articles under {stats.urls} URLs, {stats.rejects} rejected, "
        f"{stats.links_pending} links pending, {stats.size_bytes / 1e6:.1f} MB"
    )
    hosts = [_hosts_table(stats.hosts)] if stats.hosts else []
    return [head, _sources_table(stats.sources), *hosts, _runs_table(stats.runs)]


def health_table(sources: Sequence[SourceHealth]) -> list[RenderableType]:
    """Show how sources fare: the state of each, since when, and what speaks for it."""
    table = folding_table("Source", "state", "since", "why")
    for source in sources:
        _add(table, (source.source_id, source.state.replace("_", " "), _minute(source.since), "\n".join(source.evidence)))
    return [table]


def hit_lines(hit: SearchHit) -> list[RenderableType]:
    """Show one article that a search found: headline, who and when and where, the words in their context, the address."""
    credits_line = " · ".join(part for part in (hit.source, hit.published, hit.authors) if part)
    lines = [Text(_one_line(hit.headline or "(no headline)"), style="bold")]
    lines += [Text(_one_line(line)) for line in (credits_line, hit.snippet)]
    return [*lines, Text(hit.url, style="blue", overflow="fold"), Text()]


def _one_line(text: str) -> str:
    """Leave out the line breaks between paragraphs: they would look like the end of a hit."""
    return " ".join(printable(text).split())


def _sources_table(sources: Sequence[SourceStats]) -> Table:
    table = _table("Source", "articles", "last article", "rejected", "pending", "failing", "misfits")
    for source in sources:
        _add(
            table,
            (
                *(source.source_id, source.articles, _minute(source.last_article_at), source.rejects, source.links_pending),
                *(source.failures, source.template_misfits),
            ),
        )
    return table


def _hosts_table(hosts: Sequence[HostStats]) -> Table:
    table = _table("Host in trouble", "failures", "last", "left alone until", "delay s")
    for host in hosts:
        _add(table, (host.host, host.failures, host.last_outcome, _minute(host.resting_until_at), f"{host.delay_s:.1f}"))
    return table


def _runs_table(runs: Sequence[StoredRun]) -> Table:
    table = _table("Run", "command", "started", "status", "pages", "new", "failed")
    for run in runs:
        _add(table, (str(run.run_id), run.command, _minute(run.started_at), run.status, run.pages, run.articles_new, run.failures))
    return table


def _summary_cells(source: SourceSummary) -> tuple[Cell, ...]:
    counts = (source.links_found, source.links_new, source.fetched, source.not_modified, source.new, source.updated)
    return (source.source_id, *counts, source.unchanged, source.duplicate, source.rejected, source.failed, f"{source.seconds:.1f}")


def _worth_showing(sources: Sequence[SourceSummary]) -> Sequence[SourceSummary]:
    return sources if len(sources) <= SOURCES_SHOWN else [source for source in sources if source.fetched or source.failed]


def folding_table(*names: str) -> Table:
    """Give an empty table of texts, each of which may go on on the next line."""
    table = Table(box=SIMPLE_HEAD, padding=0, pad_edge=False)  # the box itself puts a space between two columns
    for name in names:
        table.add_column(name, overflow="fold")
    return table


def _table(first: str, *others: str) -> Table:
    table = folding_table(first)
    for name in others:
        table.add_column(name, justify="right")
    return table


def _add(table: Table, cells: Sequence[Cell]) -> None:
    table.add_row(*(Text("" if cell is None else printable(str(cell))) for cell in cells))


def _minute(when: datetime | None) -> str | None:
    return None if when is None else f"{when:%Y-%m-%d %H:%M}"
