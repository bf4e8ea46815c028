"""Which events of a run stand in its log? One a source, a failure and a robots.txt; its start and end. `logfile` says in which form."""

import logging

from scraper.errors import FetchError, InternalError, ScraperError
from scraper.pipeline.logfile import Event
from scraper.pipeline.summary import RunSummary, SourceSummary
from scraper.records import NotModified, Page
from scraper.store import HealthChange

__all__ = ["failure_line", "health_line", "robots_line", "run_line", "source_line"]


def source_line(log: logging.Logger, summary: SourceSummary) -> None:
    """Log what was done for one source."""
    counts = summary.to_dict() | {"source_id": None, "failures": dict(summary.failures) or None}
    log.info(Event("source", source=summary.source_id, **counts))


def run_line(log: logging.Logger, summary: RunSummary) -> None:
    """Log the totals of a run, at its end."""
    total = summary.total
    log.info(
        Event(
            "run_end", run=summary.run_id, exit_code=summary.exit_code, sources=len(summary.sources), fetched=total.fetched,
            not_modified=total.not_modified, new=total.new, updated=total.updated, rejected=total.rejected, failed=total.failed,
            seconds=summary.seconds,
        )
    )  # fmt: skip


def health_line(log: logging.Logger, change: HealthChange) -> None:
    """Log that a source's state became another."""
    why = "; ".join(change.evidence) or None
    since = change.since and change.since.isoformat()
    line = Event("health", source=change.source_id, state=change.state, before=change.before, since=since, evidence=why)
    log.log(logging.INFO if change.is_recovery else logging.WARNING, line)


def failure_line(log: logging.Logger, error: ScraperError, *, source_id: str, url: str, kind: str) -> None:
    """Log one URL's failure; of an internal error also the traceback, since it is a fault of ours to be mended."""
    unexpected = isinstance(error, InternalError)
    line = Event("failure", source=source_id, kind=kind, code=error.code, retryable=error.retryable, url=url, message=error.message)
    log.log(logging.ERROR if unexpected else logging.WARNING, line, exc_info=error if unexpected else None)


def robots_line(log: logging.Logger, url: str, outcome: Page | NotModified | FetchError) -> None:
    """Log that a robots.txt was asked for, and what came of it."""
    if isinstance(outcome, Page):
        log.info(Event("robots", url=url, outcome="ok", status=outcome.status))
    elif isinstance(outcome, NotModified):
        log.info(Event("robots", url=url, outcome="not_modified", status=304))
    else:
        log.info(Event("robots", url=url, outcome=outcome.code, message=outcome.message))
