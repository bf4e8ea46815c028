"""In which order does a run do its work? Sources side by side; in each one first the listings, if it is time, then the pages that are due.

    Source ──> Link (written down) ──> Page ──> Article ──> rows
         listings               pages: fetch, workers, writer

This module starts the tools, keeps the order, and sees to it that the run's row is finished whatever happens. What happens to one listing
or one page is asked in `listings` and `pages`.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Final, Literal

from scraper.errors import ScraperError, StoreError
from scraper.fetch import Fetcher
from scraper.fetch.browser import Browser
from scraper.pipeline.conduct import Conduct
from scraper.pipeline.exit_codes import SOME_FAILED, exit_code_of
from scraper.pipeline.keeping import Keeper, archive_folder
from scraper.pipeline.listings import read_listings
from scraper.pipeline.logfile import Event
from scraper.pipeline.lone import when_free
from scraper.pipeline.notices import Notices, sources_changed
from scraper.pipeline.pages import work_through
from scraper.pipeline.robots import KeptRobots
from scraper.pipeline.run import Run
from scraper.pipeline.runlog import health_line, robots_line, run_line, source_line
from scraper.pipeline.stop import Stop
from scraper.pipeline.summary import RunSummary, SourceSummary, Tally
from scraper.pipeline.turns import in_turn, looked_at_now
from scraper.pipeline.workers import Workers
from scraper.pipeline.writer import Writer
from scraper.records import Source
from scraper.store import Store

__all__ = ["crawl"]

SOURCES_AT_ONCE: Final = 100  # each holds one connection and at most one page (174 kB on average) that waits for room
STALE: Final = timedelta(days=7)  # who is told for the first time is not told the whole past
PAGES_PER_WORKER: Final = 24  # fetched pages on their way, a worker: two tasks of eight, so that none idles, and some for the database
Clock = Callable[[], datetime]
RunStatus = Literal["ok", "failed", "interrupted", "deadline"]


@dataclass(frozen=True, slots=True)
class _Round:
    """What the sources of one run share: room for fetched pages, turns, whose listings are due, and what has been done so far."""

    room: asyncio.Semaphore
    turn: asyncio.Semaphore
    due: frozenset[str]
    done: dict[str, SourceSummary]


async def crawl(sources: Sequence[Source], *, db: Path, now: Clock, log: logging.Logger, conduct: Conduct | None = None) -> RunSummary:
    """Crawl every source once and give the summary. `now` gives an aware datetime in UTC.

    Whatever goes wrong with one URL is a row in the database and a count in the summary. Raises StoreError when the database cannot be
    opened or written; what was committed until then stays, and the next run goes on from there.
    """
    conduct = conduct or Conduct()
    notices = Notices(conduct.notices)
    try:
        summary = await _crawled(sources, notices, _running(db, now, log, conduct, len(sources)))
    except ScraperError as error:
        if error.code != "store_locked":  # another run is at work, and speaks for itself
            await notices.failed(error)
        raise
    if not summary.interrupted:
        await notices.ended()
    for trouble in notices.troubles:
        log.warning(Event("notice", message=trouble))
    return replace(summary, unheard=tuple(notices.troubles))


async def _crawled(sources: Sequence[Source], notices: Notices, running: AbstractAsyncContextManager[Run]) -> RunSummary:
    started = monotonic()
    async with running as run:
        notices.begun()
        try:
            done = await _crawl_all(run, sources)
        except BaseException as error:
            with suppress(StoreError):  # the one that is on its way says more than the one that follows from it
                await run.writer.do(Store.finish_run, run.id, finished_at=run.now(), status="failed", exit_code=_exit_code(error))
            raise
        await _remember_troubles(run, at_end=True)
        await run.writer.do(Store.forget_stale, run.now(), last_look=_last_look(sources))
        changes = await run.writer.do(Store.judge_health, run.id, run.now())
        summary = RunSummary(
            run_id=run.id,
            sources=done,
            seconds=round(monotonic() - started, 3),
            stopped=run.stop.reason,
            not_begun=len(sources) - len(done),
            archive_trouble=str(run.keeper.trouble) if run.keeper.trouble else None,
            changes=changes,
            ailing=await _ailing(run, sources),
        )
        status: RunStatus = run.stop.reason or "ok"
        await run.writer.do(Store.finish_run, run.id, finished_at=run.now(), status=status, exit_code=summary.exit_code)
        await _tell(run, notices)
        for change in changes:
            health_line(run.log, change)
        run_line(run.log, summary)
        return summary


async def _ailing(run: Run, sources: Sequence[Source]) -> tuple[str, ...]:
    """Give the sources of this run that a person should look at."""
    ours = {source.id for source in sources}
    return tuple(each.source_id for each in await run.writer.do(Store.health) if each.needs_attention and each.source_id in ours)


async def _tell(run: Run, notices: Notices) -> None:
    """Tell of the sources whose state has changed, also in earlier runs if that could not be delivered then."""
    if not notices.has_listener:
        return
    changes = await run.writer.do(Store.unsent_alerts, run.now() - STALE)
    if changes and await notices.tell(sources_changed(run.id, changes)):
        await run.writer.do(Store.alerts_sent, [change.alert_id for change in changes], run.now())


@asynccontextmanager
async def _running(db: Path, now: Clock, log: logging.Logger, conduct: Conduct, sources: int) -> AsyncIterator[Run]:
    begun = monotonic()
    async with AsyncExitStack() as open_tools:
        open_tools.enter_context(conduct.stop.after(conduct.working_s()))
        writer = await when_free(
            lambda: open_tools.enter_async_context(Writer(db, lock_s=0.0)),
            stop=conduct.stop,
            wait_s=conduct.wait_s,
            told=partial(_wait, conduct, log),
        )
        anew = await writer.do(Store.unlearned, now())
        open_tools.enter_context(conduct.stop.after(conduct.working_s(sources, anew=min(anew, sources), since=begun)))
        surroundings = replace(conduct.surroundings, troubles=await writer.do(Store.troubles), robots=KeptRobots(writer))
        fetcher = await open_tools.enter_async_context(
            Fetcher(now=now, patience=conduct.patience, on_robots=partial(robots_line, log), surroundings=surroundings)
        )
        browser = await open_tools.enter_async_context(Browser(fetcher))
        keeping = Keeper(archive_folder(conduct.archive, db), conduct.archive, writer, log)
        keeper = await open_tools.enter_async_context(keeping)
        run_id = await writer.do(Store.begin_run, "run", started_at=now())
        log.info(Event("run_start", run=run_id, db=db))
        with Workers() as workers:
            yield Run(
                id=run_id, now=now, fetcher=fetcher, browser=browser, workers=workers, writer=writer, keeper=keeper, log=log,
                conduct=conduct,
            )  # fmt: skip


def _wait(conduct: Conduct, log: logging.Logger, why: str) -> None:
    log.info(Event("waiting", message=why))
    conduct.watch.waiting(why)


async def _crawl_all(run: Run, sources: Sequence[Source]) -> tuple[SourceSummary, ...]:
    run.watch.sources(len(sources))
    if since := run.conduct.since:
        days = max((run.now() - since).days + 1, 1)
        sources = [replace(source, max_age_days=days) for source in sources]
    await run.writer.do(Store.remember_sources, sources, run.now())
    paces = await run.writer.do(Store.paces)
    due = frozenset(source.id for source in sources) if run.conduct.looks_at_all else looked_at_now(sources, paces, run.now())
    rounds = _Round(asyncio.Semaphore(run.workers.count * PAGES_PER_WORKER), asyncio.Semaphore(SOURCES_AT_ONCE), due, {})
    try:
        async with _grace_after(run.stop, run.conduct.last_s), asyncio.TaskGroup() as group:
            for source in in_turn(sources, paces):
                group.create_task(_crawl_source(run, source, rounds))
    except BaseExceptionGroup as failed:
        raise _first_of(failed) from failed
    return tuple(rounds.done[source.id] for source in sources if source.id in rounds.done)


async def _crawl_source(run: Run, source: Source, rounds: _Round) -> None:
    async with rounds.turn:
        if run.stop.requested:
            return
        tally, started, looked = Tally(source.id), monotonic(), source.id in rounds.due
        try:
            if looked:
                await _look(run, source, tally)
            await work_through(run, source, tally, rounds.room)
            await _remember_troubles(run)
        finally:
            done = tally.summary(seconds=monotonic() - started, interrupted=run.stop.requested, looked=looked)
            rounds.done[source.id] = done
            source_line(run.log, done)
            run.watch.source(done)


async def _look(run: Run, source: Source, tally: Tally) -> None:
    """Read a source's listings, and write down that its turn was taken; one that the run's end left unread is first in the next run."""
    new = await read_listings(run, source, tally)
    if new is not None or not run.stop.requested:
        await run.writer.do(Store.remember_look, source.id, run.now(), new)


def _last_look(sources: Sequence[Source]) -> timedelta:
    """Give how long after a story was found its page is to be looked at for the last time, at any source."""
    return max((pause for source in sources for pause in source.revisit), default=timedelta())


async def _remember_troubles(run: Run, *, at_end: bool = False) -> None:
    if troubles := run.fetcher.changed_troubles(at_end=at_end):
        await run.writer.do(Store.remember_troubles, troubles, run.now())


@asynccontextmanager
async def _grace_after(stop: Stop, grace_s: float) -> AsyncIterator[None]:
    """Let the block finish, but once a stop was asked for, only for `grace_s` more; then it is cancelled, and that is no error."""
    loop = asyncio.get_running_loop()
    with suppress(TimeoutError):
        async with asyncio.timeout(None) as limit:
            stop.when_asked(lambda: limit.reschedule(loop.time() + grace_s))
            yield


def _first_of(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Give the first exception inside nested groups: sources and pages are tasks within tasks, the caller wants the StoreError itself."""
    error = group.exceptions[0]
    return _first_of(error) if isinstance(error, BaseExceptionGroup) else error


def _exit_code(error: BaseException) -> int:
    return exit_code_of(error) if isinstance(error, ScraperError) else SOME_FAILED
