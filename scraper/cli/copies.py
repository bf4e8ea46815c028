"""`scraper copies`: which stories of a batch are copies of which? The work is `batch.copies`'s."""

import json
from typing import TYPE_CHECKING

import click

from scraper.cli import options

if TYPE_CHECKING:
    from scraper.batch.copies import Found

__all__ = ["copies"]


@click.command()
@click.argument("folder", metavar="DIR")
@click.option("--workers", type=click.IntRange(min=1, max=1024), help="So many worker processes; without it, one a core.")
@click.option("--address", metavar="SCHEDULER", help="Have it done by the Dask cluster at this address.")
@options.quiet
@options.as_json
def copies(folder: str, *, workers: int | None, address: str | None, quiet: bool, as_json: bool) -> int:
    """Find copies among the stories that `scraper batch` wrote to DIR, and write them there as the dataset `copies`.

    By the rules of the database: letter for letter, or the same text in other words. An earlier dataset `copies` is replaced.
    """
    from scraper.batch.copies import find_copies_of
    from scraper.cli.work import interruptible

    if workers and address:
        raise click.UsageError("--workers is for this machine; how many workers a cluster has is the cluster's matter.")
    with interruptible():
        found = find_copies_of(folder, workers=workers, address=address)
    if as_json:
        click.echo(json.dumps(found._asdict()))
    elif not quiet:
        click.echo(_sentence(found))
    return 0


def _sentence(found: "Found") -> str:
    clusters = f"{found.clusters:,} text{' is' if found.clusters == 1 else 's are'} told more than once"
    return f"{found.stories:,} stories: {clusters}, by {found.copies:,} {'copy' if found.copies == 1 else 'copies'}"
