"""`scraper run`: crawl the sources once. The work is `pipeline.crawl`'s."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scraper.cli import options
from scraper.cli.say import complain
from scraper.cli.work import finished
from scraper.records import Source

if TYPE_CHECKING:
    import logging

    from scraper.pipeline.summary import RunSummary
    from scraper.pipeline.watch import Watch

__all__ = ["run"]


@click.command()
@options.sources
@options.db
@options.run_log
@click.option("--source", "ids", multiple=True, metavar="ID", help="Crawl only this source, even a disabled one. Repeatable.")
@options.quiet
@options.as_json
def run(sources_file: Path, db: Path, log_file: Path, ids: tuple[str, ...], quiet: bool, as_json: bool) -> int:
    """Find, fetch and store what is new at the sources.

    Reads the sources' feeds and news sitemaps, fetches the articles that are new, politely, and stores them. Safe to repeat: a second run
    fetches only what is new. Ctrl-C ends a run within seconds; what was finished is stored, and the next run goes on from there.
    """
    from scraper.cli.progress import progress
    from scraper.pipeline.choice import chosen
    from scraper.pipeline.runlog import log_to
    from scraper.sources import load

    sources = chosen(load(sources_file), ids)
    with log_to(log_file) as logger, progress(shown=not (quiet or as_json)) as watch:
        summary = finished(_crawl(sources, db, logger, watch))
    _report(summary, log_file, quiet=quiet, as_json=as_json)
    return summary.exit_code


async def _crawl(sources: Sequence[Source], db: Path, log: "logging.Logger", watch: "Watch") -> "RunSummary":
    from scraper.pipeline.conduct import Conduct
    from scraper.pipeline.crawl import crawl

    conduct = Conduct(watch=watch)
    with conduct.stop.on_signals():
        return await crawl(sources, db=db, now=lambda: datetime.now(UTC), log=log, conduct=conduct)


def _report(summary: "RunSummary", log_file: Path, *, quiet: bool, as_json: bool) -> None:
    from scraper.cli.tables import show, summary_table

    if as_json:
        click.echo(json.dumps(summary.to_dict(), ensure_ascii=False, indent=2))
    elif not quiet:
        show(summary_table(summary), err=True)
    if summary.interrupted:
        complain("interrupted: what was finished is stored, the next run goes on from there")
    if refused := summary.total.refused:
        complain(f"{refused} {'URL is' if refused == 1 else 'URLs are'} forbidden by robots.txt and left alone")
    if failed := summary.total.failed:
        complain(f"{failed} {'URL' if failed == 1 else 'URLs'} failed; {log_file} says which and why")
