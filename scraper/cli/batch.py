"""`scraper batch`: archives in, Parquet out, on all cores or on a cluster. The work is `batch.job`'s."""

import json
from typing import TYPE_CHECKING, Any

import click

from scraper.cli import options
from scraper.cli.say import complain
from scraper.errors import WorkerError

if TYPE_CHECKING:
    from scraper.batch.job import Outcome

__all__ = ["batch"]

SHOWN = 10  # files that failed, and damage, by name


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="INPUT...")
@click.option("--out", required=True, metavar="DIR", help="The folder that the datasets go to; of an object store, too.")
@click.option("--workers", type=click.IntRange(min=1, max=1024), help="So many worker processes; without it, one a core.")
@click.option("--address", metavar="SCHEDULER", help="Have it done by the Dask cluster at this address, such as tcp://10.0.0.1:8786.")
@click.option("--dashboard", is_flag=True, help="Serve the engine's own dashboard, and say where.")
@click.option(
    "--groups",
    type=click.IntRange(min=0, max=1024),
    default=8,
    show_default=True,
    help="Split each day into so many groups of publishers; 0 is a folder for each publisher.",
)
@click.option("--allow-private", is_flag=True, help="Read http(s) inputs from private and loopback addresses, too.")
@options.quiet
@options.as_json
def batch(words: tuple[str, ...], *, workers: int | None, address: str | None, **given: Any) -> int:
    """Read archived pages (WARC, WET) and write their records to DIR, as Parquet.

    INPUT is a file, a pattern, a folder, a list (@FILE or FILE.paths), or the same in an object store (s3://...) or behind http(s). Safe to
    interrupt: the same command goes on where it was.
    """
    from scraper.batch.dataset_layout import Layout
    from scraper.batch.job import Batch, run_batch
    from scraper.cli.batch_progress import progress
    from scraper.cli.work import interruptible

    if workers and address:
        raise click.UsageError("--workers is for this machine; how many workers a cluster has is the cluster's matter.")
    quiet, as_json = given.pop("quiet"), given.pop("as_json")
    layout = Layout(groups=given.pop("groups"))
    with progress(shown=not (quiet or as_json)) as watching, interruptible():
        asked = Batch(words=words, watching=watching, workers=workers, address=address, layout=layout, **given)
        try:
            outcome = run_batch(asked)
        except (KeyboardInterrupt, WorkerError):
            complain(f"what is committed stays in {asked.out}; the same command goes on from there")
            raise
    _show(outcome, asked.out, quiet=quiet, as_json=as_json)
    return outcome.exit_code


def _show(outcome: "Outcome", out: str, *, quiet: bool, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(outcome.to_dict(), ensure_ascii=False, indent=2))
    elif not quiet:
        files = f"{outcome.files:,} file{'' if outcome.files == 1 else 's'}"
        click.echo(f"{outcome.records:,} stories of {outcome.pages:,} pages in {files}: {out}")
        if outcome.rejects:
            click.echo("no stories: " + ", ".join(f"{count:,} {code}" for code, count in outcome.rejects.most_common()))
    if outcome.damaged:
        complain(f"{outcome.damaged:,} records or stretches of files are damaged", *outcome.damage[:SHOWN])
    if outcome.failures:
        named = [failure.message for failure in outcome.failures[:SHOWN]]
        complain(f"{len(outcome.failures):,} files could not be read, or only in part", *named)
