"""`scraper serve` and `scraper report`: a look at the database, in the browser or as one page."""

from datetime import UTC, datetime
from pathlib import Path

import click

from scraper.cli import options
from scraper.cli.say import complain

__all__ = ["report", "serve"]


@click.command()
@options.db
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to answer at.")
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="The port; 0 takes any that is free.")
@click.option("--expose", is_flag=True, help="Allow a HOST that other machines reach. They can then read everything, without a password.")
def serve(db: Path, host: str, port: int, expose: bool) -> int:
    """Open the database in the browser: plots, tables, search and SQL.

    Nothing can be written. Ctrl-C ends it.
    """
    from scraper.look.serving import serve as answer

    answer(db, host=host, port=port, is_exposed=expose, say=complain)
    return 0


@click.command()
@click.option("--out", "target", required=True, type=click.Path(dir_okay=False, allow_dash=True, path_type=Path), help="The file to write.")
@options.db
@click.option("--since", type=options.DAY, metavar="DATE", help="The first day; ninety days before the last if not given.")
@click.option("--until", type=options.DAY, metavar="DATE", help="The day after the last; tomorrow if not given.")
@click.option("--source", "source_ids", metavar="ID", multiple=True, help="Only this source; may be given several times.")
@click.option("--force", is_flag=True, help="Write over a file that exists.")
@options.quiet
def report(target: Path, db: Path, since: datetime | None, until: datetime | None, source_ids: tuple[str, ...], **more: bool) -> int:
    """Write one page of plots and figures, for a mail or a wiki.

    The page needs nothing else. `--out -` is standard output.
    """
    from scraper.cli.work import interruptible
    from scraper.look.report import STANDARD_OUTPUT, Asked
    from scraper.look.report import report as write

    asked = Asked(since=since and since.date(), until=until and until.date(), source_ids=source_ids)
    with interruptible():
        size = write(db, target, asked, now=datetime.now(UTC), replace=more["force"])
    if not more["quiet"]:
        complain(f"the report is written to {'standard output' if target == STANDARD_OUTPUT else target}: {size / 1e3:,.0f} KB")
    return 0
