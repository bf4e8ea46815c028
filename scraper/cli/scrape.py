"""`scraper scrape URL…`: what do a few pages say, now? The work is `pipeline.scrape`'s."""

from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scraper.cli import options
from scraper.cli.record import RecordPrinter
from scraper.cli.say import complain
from scraper.cli.work import finished
from scraper.errors import ScraperError
from scraper.export import Format
from scraper.records import Article

if TYPE_CHECKING:
    from scraper.pipeline.scrape import Scraped, ScrapeOptions
    from scraper.records import Render

__all__ = ["scrape"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The command line of one `scraper scrape`."""

    urls: tuple[str, ...]
    form: Format
    explain: bool
    save: bool
    db: Path
    sources_file: Path
    log_file: Path | None
    archive_dir: Path | None
    no_archive: bool
    timeout_s: float | None
    render: "Render | None"
    allow_private: bool
    ignore_robots: bool


@click.command()
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@options.form
@options.explain
@click.option("--save", is_flag=True, help="Store the records in the database too.")
@options.db
@options.sources
@options.archiving
@options.optional_log
@click.option("--timeout", "timeout_s", type=click.FloatRange(min=0.1), metavar="SECONDS", help="Time limit for each page.")
@click.option(
    "--render", type=click.Choice(["never", "auto", "always"]), help="Run a page's scripts in a browser; auto: if it is empty without"
)
@click.option("--allow-private", is_flag=True, help="Allow private and loopback addresses.")
@click.option("--ignore-robots", is_flag=True, help="Fetch even what robots.txt forbids. You answer for it.")
def scrape(**given: Any) -> int:
    """Fetch pages and print a record of each.

    A URL of a source in the sources file is fetched by that source's policy. The file may be absent.
    """
    asked = Asked(**given)
    if asked.ignore_robots:
        complain("WARNING: robots.txt is ignored; what the sites forbid is fetched all the same, and you answer for it")
    return finished(_scrape(asked, _scrape_options(asked)))


async def _scrape(asked: Asked, how: "ScrapeOptions") -> int:
    from scraper.pipeline.logfile import log_to
    from scraper.pipeline.scrape import scrape as scraped

    printer = RecordPrinter(form=asked.form, explain=asked.explain, several=len(asked.urls) > 1)
    well = True
    with log_to(asked.log_file, complain) as log:
        async with aclosing(scraped(asked.urls, options=how, now=lambda: datetime.now(UTC), log=log)) as results:
            async for result in results:
                well = _shown(printer, result) and well
    return 0 if well else 1


def _shown(printer: RecordPrinter, result: "Scraped") -> bool:
    if result.error is not None:
        complain(_why(result.url, result.error))
    well = result.article is not None and printer.show(result.article, result.url) and result.error is None
    if result.article is not None and result.error is None and _wants_rendering(result.article):
        complain(f"{result.url} is made by its scripts; --render auto runs them")
    if result.saved is not None:
        complain(f"{result.url}: saved ({result.saved})")
    if result.unkept is not None:
        complain(f"WARNING: {result.url} was not kept: {result.unkept}")
    return well and result.unkept is None


def _wants_rendering(article: Article) -> bool:
    return article.verdict == "js_shell" and article.evidence.of("rendering") is None


def _why(url: str, error: ScraperError) -> str:
    """Say what went wrong with a URL, which most messages name themselves."""
    about = "" if url in error.message else f"{url}: "
    return f"{about}{error.message} ({error.code})"


def _scrape_options(asked: Asked) -> "ScrapeOptions":
    from scraper.pipeline.scrape import ScrapeOptions

    catalogue = options.catalogue(asked.sources_file)
    return ScrapeOptions(
        sources=catalogue.sources,
        archive=options.archive_settings(catalogue.archive, asked.archive_dir, no_archive=asked.no_archive),
        db=asked.db if asked.save else None,
        templates=asked.db if options.is_given("db") else None,
        robots=asked.db,
        timeout_s=asked.timeout_s,
        render=asked.render,
        allow_private=asked.allow_private,
        obey_robots=not asked.ignore_robots,
    )
