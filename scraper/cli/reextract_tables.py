"""How does the result of reading the archive again look on a terminal? Counts, then what stood there before and does now, by story."""

from collections.abc import Iterator, Mapping
from typing import Final

from rich.console import RenderableType
from rich.text import Text

from scraper.cli.diff import pieces_of
from scraper.cli.differences import marked
from scraper.cli.say import complain
from scraper.cli.tables import show
from scraper.export import printable
from scraper.pipeline.rereport import Report
from scraper.store import Difference

__all__ = ["show_report"]

SAID: Final[Mapping[str, str]] = {
    "unchanged": "read as before",
    "changed": "say something else",
    "chrome": "lost or won only what the site writes around its stories",
    "new": "were rejected, and tell a story",
    "no_story": "are stories, and read as none: they stay as they are",
    "rejected": "rejected as before",
    "reason": "rejected for another reason",
    "elsewhere": "are another address of a story",
}
SHOWN_CHARS: Final = 300  # of a paragraph
SHOWN_PARAGRAPHS: Final = 3  # of a story's, each way


def show_report(report: Report, *, quiet: bool) -> None:
    """Print the report, unless it is to be quiet, and complain of pages that could not be read."""
    if not quiet:
        show(_lines(report))
    if report.failures:
        failures = ", ".join(f"{code} {count}" for code, count in report.failures.items())
        complain(f"{sum(report.failures.values())} of the pages could not be read: {failures}")


def _lines(report: Report) -> Iterator[RenderableType]:
    """Show the counts, and the examples."""
    if report.pages:
        yield Text(f"{report.pages} pages read again{': what would come of it' if report.dry else ''}", style="bold")
    for outcome, count in report.outcomes.items():
        yield Text(f"{count:>8,}  {SAID[outcome]}")
    if report.fields:
        yield Text()
        yield Text("fields that read otherwise: " + _counted(report.fields))
        yield Text("kinds of change: " + _counted(report.kinds))
        yield Text(
            f"paragraphs: {report.paragraphs_gained} gained, {report.paragraphs_lost} lost;"
            f" words: {report.words_added} added, {report.words_removed} removed"
        )
    for example in report.examples:
        yield Text()
        yield from _example(example)


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in counts.items())


def _example(found: Difference) -> Iterator[RenderableType]:
    kinds = ", ".join(kind.replace("_", " ") for kind in found.kinds) or found.verdict or ""
    yield Text(printable(f"{found.headline or '(no headline)'}"), style="bold")
    yield Text(printable(f"{found.source_id}, {found.outcome.replace('_', ' ')} ({kinds}): {found.url}"), style="dim")
    for name, before, after in found.fields:
        yield Text(f"  {name}: ").append_text(marked(pieces_of(before, after)))
    for mark, paragraphs in (("-", found.lost), ("+", found.gained)):
        for paragraph in paragraphs[:SHOWN_PARAGRAPHS]:
            yield Text(printable(f"  {mark} {paragraph[:SHOWN_CHARS]}{'…' if len(paragraph) > SHOWN_CHARS else ''}"))
        if (more := len(paragraphs) - SHOWN_PARAGRAPHS) > 0:
            yield Text(f"  {mark} ({more} more)")
