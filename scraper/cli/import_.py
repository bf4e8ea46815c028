"""`scraper import`: a selection of a batch's stories into the database. The work is `batch.importing`'s."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scraper.cli import options
from scraper.cli.say import complain

if TYPE_CHECKING:
    from scraper.batch.importing import Imported, Importing
    from scraper.records import Source

__all__ = ["import_"]

SHOWN = 5  # files and pages that failed, by name


@click.command("import")
@click.argument("folder", metavar="DIR")
@options.db
@options.sources
@click.option(
    "--publisher", "publishers", multiple=True, metavar="DOMAIN", help="Only stories of this site, and of those under it. Repeatable."
)
@click.option("--source", "source_ids", multiple=True, metavar="ID", help="Only stories of this source. Repeatable.")
@click.option("--since", type=options.DAY, metavar="DATE", help="Only stories published since then (UTC).")
@click.option("--until", type=options.DAY, metavar="DATE", help="Only stories published before then (UTC).")
@click.option("--language", "languages", multiple=True, metavar="CODE", help="Only stories in this language, such as en. Repeatable.")
@click.option("--verdict", "verdicts", multiple=True, type=click.Choice(["article", "live_blog"]), help="Only stories of this kind.")
@options.quiet
@options.as_json
def import_(**given: Any) -> int:
    """Store stories that `scraper batch` wrote to DIR in the database.

    What is stored already is passed over: safe to repeat and to interrupt.
    """
    from scraper.batch.importing import import_batch
    from scraper.cli.progress import progress
    from scraper.cli.work import interruptible

    quiet, as_json = given.pop("quiet"), given.pop("as_json")
    with progress(shown=not (quiet or as_json)) as watch, interruptible():
        done = import_batch(_asked(watch=watch, **given), now=lambda: datetime.now(UTC))
    _show(done, quiet=quiet, as_json=as_json)
    return done.exit_code


def _asked(*, db: Path, folder: str, sources_file: Path, watch: Any, source_ids: tuple[str, ...], **chosen: Any) -> "Importing":
    from scraper.batch.dataset_reading import Selection
    from scraper.batch.importing import Importing

    known = _sources(sources_file)
    domains = {source.id: source.domain.partition(":")[0] for source in known}
    named = tuple((source_id, domains.get(source_id, source_id)) for source_id in source_ids)
    selection = Selection(sources=named, **options.filter_values(chosen))
    return Importing(db=db, folder=folder, selection=selection, sources=known, watch=watch)


def _sources(sources_file: Path) -> "tuple[Source, ...]":
    """Read the sources file, which may be absent unless it was named."""
    from scraper.sources import load_all

    named = click.get_current_context().get_parameter_source("sources_file") is not click.core.ParameterSource.DEFAULT
    return tuple(load_all(sources_file).sources) if named or sources_file.exists() else ()


def _show(done: "Imported", *, quiet: bool, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(done.to_dict(), ensure_ascii=False, indent=2))
    elif not quiet:
        counts = ", ".join(f"{count:,} {outcome}" for outcome, count in done.outcomes.items())
        stories = f"{done.records:,} stor{'y' if done.records == 1 else 'ies'}"
        click.echo(f"{stories} in {done.files:,} file{'' if done.files == 1 else 's'}{f': {counts}' if counts else ''}")
    if not done.records and not done.failures:
        complain("no story of the batch is meant")
    if done.failures:
        some = [f"{name}: {why}" for name, why in list(done.failures.items())[:SHOWN]]
        complain(f"{len(done.failures)} files or stories could not be imported", *some)
