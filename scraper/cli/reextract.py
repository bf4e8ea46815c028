"""`scraper reextract`: what does today's extractor make of the pages that were kept? The work is `pipeline.rereading`'s."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from scraper.cli import options
from scraper.cli.say import complain
from scraper.cli.work import finished

__all__ = ["reextract"]


@click.command()
@options.db
@options.sources
@options.optional_log
@options.archive_dir
@click.option("--source", "source_ids", multiple=True, metavar="ID", help="Only pages of this source. Repeatable.")
@click.option("--since", type=options.DAY, metavar="DATE", help="Only pages fetched since then (UTC).")
@click.option("--until", type=options.DAY, metavar="DATE", help="Only pages fetched before then (UTC).")
@click.option("--all", "every_page", is_flag=True, help="Also pages that today's extractor has read already.")
@click.option("--dry-run", "dry", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--examples", type=click.IntRange(min=0), default=5, show_default=True, help="Show at most so many differences.")
@options.wait
@options.quiet
@options.as_json
def reextract(**given: Any) -> int:
    """Read the pages of the archive again, with today's extractor.

    A story that reads otherwise gets a new version (`scraper diff` shows it), and a rejected page that tells a story is stored as one. Safe
    to repeat and to interrupt. Look first with --dry-run.
    """
    from scraper.cli.progress import progress
    from scraper.cli.reextract_tables import show_report
    from scraper.pipeline.logfile import log_to
    from scraper.pipeline.rereading import reread

    quiet, as_json, every_page = given.pop("quiet"), given.pop("as_json"), given["every_page"]
    with log_to(given.pop("log_file"), complain) as log, progress(shown=not (quiet or as_json)) as watch:
        report = finished(reread(_asked(watch=watch, **given), now=lambda: datetime.now(UTC), log=log))
    if as_json:
        click.echo(json.dumps(report.to_dict(), ensure_ascii=False, indent=2))
    show_report(report, quiet=quiet or as_json)
    if not report.pages:
        left = "no page of the archive is left to be read again; --all takes those too that today's extractor has read"
        complain("the archive holds no such page" if every_page else left)
    return report.exit_code


def _asked(*, db: Path, sources_file: Path, archive_dir: Path | None, source_ids: tuple[str, ...], every_page: bool, **more: Any) -> Any:
    from scraper.extract.version import extractor_version
    from scraper.pipeline.keeping import archive_folder
    from scraper.pipeline.rereading import Rereading
    from scraper.store import Chosen

    known = options.catalogue(sources_file)
    days = options.filter_values({name: more.pop(name) for name in ("since", "until")})
    chosen = Chosen(source_ids=source_ids, not_read_by=None if every_page else extractor_version(), **days)
    return Rereading(db=db, folder=archive_dir or archive_folder(known.archive, db), chosen=chosen, sources=known.sources, **more)
