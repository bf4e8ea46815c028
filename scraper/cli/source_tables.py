"""How do sources look on a terminal? One line a source, in the file's order; and what was found at a site that is to become one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text

from scraper.cli.tables import folding_table
from scraper.export import printable
from scraper.records import Source, iso_date

if TYPE_CHECKING:
    from scraper.pipeline.survey import Sample, Survey

__all__ = ["sources_table", "survey_tables"]

KINDS = ("feeds", "news_sitemaps", "sections")


def sources_table(sources: Sequence[Source], last: Mapping[str, datetime | None]) -> list[RenderableType]:
    """Show the sources; `last` is when each gave its last article."""
    table = folding_table("Source", "name", "domain")
    table.add_column("listings", justify="right")
    for name in ("on", "last article"):
        table.add_column(name, no_wrap=True)
    for source in sources:
        when = last.get(source.id)
        cells = (
            source.id,
            source.name,
            source.domain,
            _listings(source),
            "yes" if source.enabled else "no",
            f"{when:%Y-%m-%d}" if when else "",
        )
        table.add_row(*(Text(printable(cell)) for cell in cells), style="" if source.enabled else "dim")
    return [table]


def _listings(source: Source) -> str:
    """Count the feeds, sitemaps and sections; a source without has a home page where they are looked up, or nothing."""
    count = sum(len(getattr(source, kind)) for kind in KINDS)
    return "home" if source.home and not count else str(count)


def survey_tables(found: "Survey") -> list[RenderableType]:
    """Show what was found at a site: a line for each listing, one for each page that was read, and how its times are told."""
    from scraper.pipeline.proposal import clocks, stories

    listings = folding_table("Listing", "links")
    for listing in found.listings:
        listings.add_row(Text(printable(listing.url)), Text(listing.error.code if listing.error else str(len(listing.links))))
    pages = folding_table("Page", "verdict", "published", "by", "words")
    for sample in found.samples:
        pages.add_row(*(Text(printable(cell)) for cell in _sample_cells(sample)))
    told = ", ".join(f"{clock} ({count})" for clock, count in clocks(stories(found)).most_common())
    shown = [table for table in (listings, pages) if table.row_count]
    return [*shown, *([Text(f"times are told with: {told}\n")] if told else [])]


def _sample_cells(sample: "Sample") -> tuple[str, ...]:
    if sample.article is None:
        return sample.url, sample.error.code if sample.error else "", "", "", ""
    article = sample.article
    published = iso_date(article.published, article.published_precision) or "none"
    authors = ", ".join(article.authors) or "nobody"
    return article.headline or sample.url, article.verdict, published[:16], authors, str(len((article.body or "").split()))
