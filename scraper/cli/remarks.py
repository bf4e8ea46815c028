"""What is there to say after a run that figures do not say? A sentence each, with its details, for who ends up in the mail of cron."""

from collections.abc import Iterator
from pathlib import Path

from scraper.pipeline.summary import RunSummary

__all__ = ["remarks"]


def remarks(summary: RunSummary, log_file: Path) -> Iterator[tuple[str, ...]]:
    """Give the sentences, each before the details that belong to it; none after a run of which there is nothing to say."""
    yield from _end(summary)
    yield from _left_alone(summary)
    for change in summary.changes:
        yield (f"{change.source_id} is {_worded(change.state)}, was {_worded(change.before)}", *change.evidence)
    known = set(summary.ailing) - {change.source_id for change in summary.changes}
    if known:
        yield (f"{_are(len(known), 'source')} still in need of attention: {', '.join(sorted(known))}; `scraper health` says why",)
    for trouble in summary.unheard:
        yield (f"WARNING: {trouble}",)
    if summary.archive_trouble:
        yield (f"WARNING: not all pages of this run were kept: {summary.archive_trouble}",)
    if failed := summary.total.failed:
        yield (f"{failed} {'URL' if failed == 1 else 'URLs'} failed; {log_file} says which and why",)


def _end(summary: RunSummary) -> Iterator[tuple[str, ...]]:
    if summary.stopped == "deadline":
        left = f"; {summary.not_begun} of the sources were not begun" if summary.not_begun else ""
        yield (f"the deadline came before all was done: the next run goes on from there{left}",)
    elif summary.interrupted:
        yield ("interrupted: what was finished is stored, the next run goes on from there",)


def _left_alone(summary: RunSummary) -> Iterator[tuple[str, ...]]:
    if refused := summary.total.refused:
        yield (f"{_are(refused, 'URL')} forbidden by robots.txt and left alone",)
    if resting := dict(summary.total.failures).get("host_resting"):
        were = "URL was" if resting == 1 else "URLs were"
        yield (f"{resting} {were} not asked for: the host is left alone; `scraper stats` says until when",)


def _are(number: int, thing: str) -> str:
    return f"{number} {thing} is" if number == 1 else f"{number} {thing}s are"


def _worded(state: str) -> str:
    return state.replace("_", " ")
