"""`scraper run`: crawl the sources once. The work is `pipeline.crawl`'s."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scraper.cli import options
from scraper.cli.say import complain
from scraper.cli.work import finished, killed_after, rarely_collected
from scraper.records import Source
from scraper.urls import is_http

if TYPE_CHECKING:
    import logging

    from scraper.pipeline.conduct import Conduct
    from scraper.pipeline.logfile import Form
    from scraper.pipeline.summary import RunSummary
    from scraper.pipeline.watch import Watch
    from scraper.sources import Catalogue

__all__ = ["run"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The command line of one `scraper run`."""

    sources_file: Path
    db: Path
    log_file: Path
    log_form: "Form"
    ids: tuple[str, ...]
    since: datetime | None
    deadline_s: float | None
    wait_s: float | None
    every_source: bool
    heartbeat: str | None
    archive_dir: Path | None
    no_archive: bool
    quiet: bool
    as_json: bool


def _web_address(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    """Refuse what nothing can be sent to before the run, not after it. The address may be a secret: it is not repeated."""
    if value and not is_http(value):
        raise click.BadParameter("is no http or https address")
    return value or None


@click.command()
@options.sources
@options.db
@options.run_log
@options.log_form
@click.option("--source", "ids", multiple=True, metavar="ID", help="Crawl only this source, even a disabled one. Repeatable.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Page back through listings to this day (YYYY-MM-DD), whatever max_age_days says.",
)
@click.option("--all", "every_source", is_flag=True, help="Look at every source, also where it is not yet time to.")
@click.option(
    "--deadline",
    "deadline_s",
    type=options.DURATION,
    metavar="SPAN",
    help="End after so long, such as 10m; the rest waits for the next run.",
)
@options.wait
@options.archiving
@click.option(
    "--heartbeat",
    metavar="URL",
    envvar="SCRAPER_HEARTBEAT",
    callback=_web_address,
    help="Tell this address when the run begins (/start) and ends (/fail if it could not work). [env: SCRAPER_HEARTBEAT]",
)
@options.quiet
@options.as_json
def run(**given: Any) -> int:
    """Find, fetch and store what is new at the sources.

    Reads the sources' feeds, news sitemaps and section pages, fetches the articles that are new, politely, and stores them. Safe to
    repeat: a second run fetches only what is new. Ctrl-C ends a run within seconds; what was finished is stored, and the next run goes on
    from there.
    """
    from scraper.cli.progress import progress
    from scraper.pipeline.choice import chosen
    from scraper.pipeline.logfile import log_to
    from scraper.sources import load_all

    asked = Asked(**given)
    catalogue = load_all(asked.sources_file)
    sources = chosen(catalogue.sources, asked.ids)
    shown = not (asked.quiet or asked.as_json)
    with log_to(asked.log_file, complain, form=asked.log_form) as logger, progress(shown=shown) as watch, killed_after(asked.deadline_s):
        summary = finished(_crawl(sources, asked, _conduct(asked, catalogue, watch), logger))
    _report(summary, asked.log_file, quiet=asked.quiet, as_json=asked.as_json)
    return summary.exit_code


def _conduct(asked: Asked, catalogue: "Catalogue", watch: "Watch") -> "Conduct":
    from scraper.pipeline.conduct import Conduct

    return Conduct(
        watch=watch,
        archive=options.archive_settings(catalogue.archive, asked.archive_dir, no_archive=asked.no_archive),
        notices=replace(catalogue.notices, heartbeat=asked.heartbeat or catalogue.notices.heartbeat),
        since=asked.since.replace(tzinfo=UTC) if asked.since else None,
        deadline_s=asked.deadline_s,
        wait_s=asked.wait_s,
        every_source=asked.every_source or bool(asked.ids),
    )


async def _crawl(sources: Sequence[Source], asked: Asked, conduct: "Conduct", log: "logging.Logger") -> "RunSummary":
    from scraper.pipeline.crawl import crawl

    with conduct.stop.on_signals(), rarely_collected():
        return await crawl(sources, db=asked.db, now=lambda: datetime.now(UTC), log=log, conduct=conduct)


def _report(summary: "RunSummary", log_file: Path, *, quiet: bool, as_json: bool) -> None:
    from scraper.cli.remarks import remarks
    from scraper.cli.tables import show, summary_table

    if as_json:
        click.echo(json.dumps(summary.to_dict(), ensure_ascii=False, indent=2))
    elif not quiet:
        show(summary_table(summary), err=True)
    for sentence, *details in remarks(summary, log_file):
        complain(sentence, *details)
