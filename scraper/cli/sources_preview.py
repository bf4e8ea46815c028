"""`scraper sources preview`: what do the rules in the file change of the pages that were kept? The work is `pipeline.previewing`'s."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scraper.cli import options
from scraper.cli.say import complain
from scraper.cli.work import finished

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.records import Source

__all__ = ["preview"]

PAGES = 20


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@options.sources
@options.db
@options.optional_log
@options.archive_dir
@click.option("--pages", type=click.IntRange(min=1), default=PAGES, show_default=True, help="Of each source so many pages, the last ones.")
@click.option("--whole", is_flag=True, help="Show what the rules change in all, and not only beside those of the last run.")
@click.option("--examples", type=click.IntRange(min=0), default=5, show_default=True, help="Show at most so many differences.")
@options.quiet
@options.as_json
def preview(**given: Any) -> int:
    """Read the last kept pages of sources by the rules in the file, and show what those change. Nothing is stored.

    Without an ID those sources are read whose rules are others than in their last run.
    """
    from scraper.cli.progress import progress
    from scraper.cli.reextract_tables import show_report
    from scraper.pipeline.logfile import log_to
    from scraper.pipeline.previewing import previewed

    quiet, as_json = given.pop("quiet"), given.pop("as_json")
    with log_to(given.pop("log_file"), complain) as log, progress(shown=not (quiet or as_json)) as watch:
        asked = _asked(watch=watch, **given)
        if not asked.sources:
            complain("the rules of no source are others than in its last run; name a source, with --whole, to see what they change")
            return 0
        report = finished(previewed(asked, log=log))
    if as_json:
        click.echo(json.dumps(report.to_dict(), ensure_ascii=False, indent=2))
    show_report(report, quiet=quiet or as_json)
    return report.exit_code


def _asked(*, ids: tuple[str, ...], sources_file: Path, db: Path, archive_dir: Path | None, **more: Any) -> Any:
    from scraper.pipeline.choice import chosen
    from scraper.pipeline.keeping import archive_folder
    from scraper.pipeline.previewing import Previewing
    from scraper.sources import load_all

    known = load_all(sources_file)
    picked = chosen(known.sources, ids) if ids else _changed(known.sources, db, whole=more["whole"])
    return Previewing(db=db, folder=archive_dir or archive_folder(known.archive, db), sources=picked, **more)


def _changed(listed: "Sequence[Source]", db: Path, *, whole: bool) -> "Sequence[Source]":
    """Give the sources whose rules are others than in their last run, or, beside none at all, that have any."""
    from scraper.store import Store

    with Store.open(db, read_only=True) as store:
        return [source for source in listed if source.rules != (None if whole else store.rules(source.id))]
