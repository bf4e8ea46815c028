"""`scraper export`: stored articles as one file for other programs: Parquet, CSV or JSON lines."""

from pathlib import Path
from typing import Any

import click

from scraper.cli import options
from scraper.cli.say import complain

__all__ = ["export"]


@click.command()
@click.argument("target", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path), metavar="FILE")
@click.argument("words", nargs=-1, metavar="[WORDS]...")
@options.db
@click.option("--format", "form", type=click.Choice(["parquet", "csv", "jsonl"]), help="The format, if the name of FILE does not say it.")
@options.narrowing
@click.option("--limit", type=click.IntRange(min=1), help="At most so many.")
@click.option("--without-copies", is_flag=True, help="Only the first article of each text.")
@click.option("--columns", metavar="A,B,...", help="Only these columns, in this order.")
@click.option("--no-body", is_flag=True, help="All columns but the text of the story.")
@click.option("--force", is_flag=True, help="Write over a file that exists.")
@options.quiet
def export(target: Path, words: tuple[str, ...], db: Path, **more: Any) -> int:
    """Write stored articles to FILE, as Parquet (.parquet), CSV (.csv) or JSON lines (.jsonl).

    Those that hold all the WORDS, or all; in the order they were stored. `-` is standard output.
    """
    from scraper.cli.work import interruptible
    from scraper.pipeline.exporting import STANDARD_OUTPUT, Choice
    from scraper.pipeline.exporting import export as write
    from scraper.store import Filters

    form, force, quiet = more.pop("form"), more.pop("force"), more.pop("quiet")
    columns = _columns(more.pop("columns"), without_body=more.pop("no_body"))
    with_copies = not more.pop("without_copies")
    filters = Filters(**options.filter_values(more))
    choice = Choice(filters=filters, words=" ".join(words) or None, with_copies=with_copies, columns=columns)
    with interruptible():
        counted = write(db, target, choice, form=form, replace=force)
    if not quiet:
        where = "to standard output" if target == STANDARD_OUTPUT else f"to {target}: {target.stat().st_size / 1e6:.1f} MB"
        complain(f"{counted} article{'' if counted == 1 else 's'} written {where}")
    return 0


def _columns(named: str | None, *, without_body: bool) -> tuple[str, ...]:
    from scraper.export import COLUMNS

    chosen = COLUMNS if named is None else tuple(name.strip() for name in named.split(","))
    return tuple(name for name in chosen if not (without_body and name == "body"))
