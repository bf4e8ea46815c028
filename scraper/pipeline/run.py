"""What does every step of a run need at hand? One frozen value: the tools it works with, and what each failure becomes."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from scraper.errors import ExtractionError, ScraperError, StoreError, WorkerError
from scraper.fetch import Fetcher
from scraper.fetch.browser import Browser
from scraper.pipeline.boundary import boundary
from scraper.pipeline.conduct import Conduct
from scraper.pipeline.keeping import Keeper
from scraper.pipeline.runlog import failure_line
from scraper.pipeline.stop import Stop
from scraper.pipeline.summary import Tally
from scraper.pipeline.watch import Watch
from scraper.pipeline.workers import Workers
from scraper.pipeline.writer import Writer
from scraper.records import ListingKind
from scraper.store import Store

__all__ = ["Failure", "Run", "Subject", "failures_recorded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run and its tools. `now` gives an aware datetime in UTC."""

    id: int
    now: Callable[[], datetime]
    fetcher: Fetcher
    browser: Browser
    workers: Workers
    writer: Writer
    keeper: Keeper
    log: logging.Logger
    conduct: Conduct

    @property
    def stop(self) -> Stop:
        """Give what asks this run to end early."""
        return self.conduct.stop

    @property
    def watch(self) -> Watch:
        """Give who is told how far this run is."""
        return self.conduct.watch


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is being worked on, for the row and the line that a failure writes."""

    source_id: str
    url: str
    kind: ListingKind | Literal["page"]


@dataclass(slots=True)
class Failure:
    """How a block under `failures_recorded` ended: with the code of its failure, or None when it went well."""

    code: str | None = None


@asynccontextmanager
async def failures_recorded(run: Run, subject: Subject, tally: Tally) -> AsyncIterator[Failure]:
    """Turn a failure inside into a row, a line in the log and a count, and go on after the block.

    A StoreError passes, and so does a WorkerError: without a database, or workers, there is nothing to go on with. A worker that dies
    while the run is being stopped was stopped with it, so its link stays pending and nothing is recorded.
    """
    failure = Failure()
    try:
        with boundary(subject.url):
            yield failure
    except StoreError:
        raise
    except ScraperError as error:
        if run.stop.requested and isinstance(error, ExtractionError | WorkerError):
            return
        if isinstance(error, WorkerError):
            raise
        failure.code = error.code
        tally.fail(error.code)
        failure_line(run.log, error, source_id=subject.source_id, url=subject.url, kind=subject.kind)
        await run.writer.do(
            Store.record_failure, run.id, error, source_id=subject.source_id, url=subject.url, kind=subject.kind, at=run.now()
        )
