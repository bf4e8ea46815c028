"""`scraper extract FILE…|-`: what do saved pages say? Offline; the work is `pipeline.files`'."""

from collections.abc import Sequence
from contextlib import aclosing

import click

from scraper.cli import options
from scraper.cli.record import RecordPrinter
from scraper.cli.say import complain
from scraper.cli.work import finished
from scraper.export import Format

__all__ = ["extract"]


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...|-")
@click.option("--url", help="The address the page was saved from: relative links and the site's name come from it.")
@options.form
@options.explain
def extract(files: tuple[str, ...], url: str | None, form: Format, explain: bool) -> int:
    """Print a record of each saved page, offline.

    Files are HTML or plain text, also packed with gzip; `-` reads standard input. Nothing leaves this machine.
    """
    printer = RecordPrinter(form=form, explain=explain, several=len(files) > 1)
    return finished(_extract(files, url, printer))


async def _extract(files: Sequence[str], url: str | None, printer: RecordPrinter) -> int:
    from scraper.pipeline.files import STDIN, extract_files

    well = True
    async with aclosing(extract_files(files, url=url)) as results:
        async for result in results:
            name = "standard input" if result.path == STDIN else result.path
            if result.article is None:
                complain(f"{name}: {result.error}")
                well = False
            else:
                well = printer.show(result.article, name) and well
    return 0 if well else 1
