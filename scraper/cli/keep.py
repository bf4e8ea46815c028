"""`scraper backup` and `scraper check`: a copy of the database while it is in use, and whether it is whole."""

from pathlib import Path

import click

from scraper.cli import options
from scraper.cli.say import complain

__all__ = ["backup", "check"]


@click.command()
@click.argument("target", type=options.PATH, metavar="FILE")
@options.db
@click.option("--force", is_flag=True, help="Write over a file that exists.")
@options.quiet
def backup(target: Path, db: Path, force: bool, quiet: bool) -> int:
    """Copy the database to FILE, also while a run is writing to it.

    The copy is checked before it takes its place: it is there whole or not at all.
    """
    from scraper.cli.work import interruptible
    from scraper.store import Store

    with interruptible(), Store.open_as_it_is(db) as store:
        size_bytes = store.copy_to(target, replace=force)
    if not quiet:
        complain(f"copied {db} to {target}: {size_bytes / 1e6:.1f} MB, whole")
    return 0


@click.command()
@options.db
@options.quiet
def check(db: Path, quiet: bool) -> int:
    """Say whether the database is whole: every page, index and reference of it is read."""
    from scraper.errors import StoreError
    from scraper.store import Store

    with Store.open_as_it_is(db) as store:
        faults = store.faults()
    if faults:
        complain(*faults)
        raise StoreError(f"{db} is damaged; a backup from before is the way back", code="store_failed")
    if not quiet:
        complain(f"{db} is whole")
    return 0
