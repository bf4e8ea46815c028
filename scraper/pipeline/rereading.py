"""What does today's extractor make of the pages that were kept? Each is read again in a worker, and compared with what is stored of it.

Each page is one transaction, in which its fetch's row says which extractor has read it. So a process that is killed loses nothing, and the
next one goes on from there. Nothing is learned: pages are read with the templates as they are now.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Concatenate, Final, ParamSpec, Protocol, Self, TypeVar

from scraper.archive import page_at
from scraper.errors import ScraperError, StoreError, WorkerError
from scraper.pipeline.boundary import boundary
from scraper.pipeline.exit_codes import INTERRUPTED, SOME_FAILED
from scraper.pipeline.extraction import prepare_page
from scraper.pipeline.logfile import Event
from scraper.pipeline.lone import when_free
from scraper.pipeline.order import in_order
from scraper.pipeline.rereport import Report, Tally
from scraper.pipeline.runlog import failure_line
from scraper.pipeline.stop import Stop
from scraper.pipeline.watch import UNWATCHED, Watch
from scraper.pipeline.workers import Workers
from scraper.pipeline.writer import Writer
from scraper.records import Kept, Link, Page, Source, Template
from scraper.store import Chosen, Difference, KeptPage, Prepared, RunStatus, Store

__all__ = ["Rereading", "reread"]

PAGES_PER_WORKER: Final = 16  # under way at once: two tasks of eight
ROWS_AT_ONCE: Final = 400  # of the database's, half a megabyte
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rereading:
    """What is to be read again: which pages, from the archive in `folder`, and, if not `dry`, into which database what comes of it goes.

    `sources` have rules and patterns of their own; a page of any other is read without. `examples` is how many differences are to be shown,
    `wait_s` how long to wait for another process that writes to the database.
    """

    db: Path
    folder: Path
    chosen: Chosen
    sources: Sequence[Source] = ()
    dry: bool = False
    examples: int = 5
    wait_s: float | None = None
    watch: Watch = UNWATCHED


class Asks(Protocol):
    """Calls a method of the store somewhere else than in the event loop."""

    async def do(self, method: Callable[Concatenate[Store, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Give what the method gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The tools of one rereading; without a `run_id` nothing is written."""

    asked: Rereading
    store: Asks
    workers: Workers
    log: logging.Logger
    now: Callable[[], datetime]
    run_id: int | None
    sources: Mapping[str, Source] = field(default_factory=dict)


class Looking:
    """A store that is only read, in threads; a context manager."""

    def __init__(self, db: Path) -> None:
        self._store = Store.open(db, read_only=True)

    async def do(self, method: Callable[Concatenate[Store, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Give what the method gives."""
        return await asyncio.to_thread(lambda: method(self._store, *args, **kwargs))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._store.close()


async def reread(asked: Rereading, *, now: Callable[[], datetime], log: logging.Logger) -> Report:
    """Read the pages again, store what comes of it unless it is a dry run, and say what that was.

    Raises StoreError, and UsageError (`unknown_source`) before anything is written.
    """
    tally = Tally(asked.examples)
    async with _desk(asked, now, log) as desk:
        after = 0
        while rows := await desk.store.do(Store.archived, asked.chosen, after=after, limit=ROWS_AT_ONCE):
            after = rows[-1].fetch_id
            at_once = desk.workers.count * PAGES_PER_WORKER
            async with aclosing(in_order((_reread(desk, row) for row in rows), at_once=at_once)) as found:
                async for difference in found:
                    tally.add(difference)
                    asked.watch.page()
    report = tally.report(dry=asked.dry)
    log.info(Event("reextract", dry=asked.dry, pages=report.pages, **report.outcomes))
    return report


@asynccontextmanager
async def _desk(asked: Rereading, now: Callable[[], datetime], log: logging.Logger) -> AsyncIterator[Desk]:
    """Open the database, with a run in it that ends with the block if something is to be written."""
    by_id = {source.id: source for source in asked.sources}
    async with AsyncExitStack() as tools:
        store = await tools.enter_async_context(Looking(asked.db)) if asked.dry else await _writer(asked, tools)
        asked.watch.links(await store.do(Store.count_archived, asked.chosen))
        run_id = None if asked.dry else await store.do(Store.begin_run, "reextract", started_at=now())
        with Workers() as workers:
            try:
                yield Desk(asked=asked, store=store, workers=workers, log=log, now=now, run_id=run_id, sources=by_id)
            except BaseException as error:
                if run_id is not None:
                    with suppress(StoreError):  # the one that is on its way says more
                        interrupted = isinstance(error, asyncio.CancelledError)
                        code = INTERRUPTED if interrupted else SOME_FAILED
                        status: RunStatus = "interrupted" if interrupted else "failed"
                        await store.do(Store.finish_run, run_id, finished_at=now(), status=status, exit_code=code)
                raise
        if run_id is not None:
            await store.do(Store.finish_run, run_id, finished_at=now(), status="ok", exit_code=0)


async def _writer(asked: Rereading, tools: AsyncExitStack) -> Writer:
    """Open the database for writing, when nobody else writes to it."""
    return await when_free(
        lambda: tools.enter_async_context(Writer(asked.db, lock_s=0.0)), stop=Stop(), wait_s=asked.wait_s, told=asked.watch.waiting
    )


async def _reread(desk: Desk, row: KeptPage) -> Difference | ScraperError:
    """Read one page again and give what has come of it, or why it could not be read."""
    try:
        with boundary(row.url):
            return await _compared(desk, row)
    except (StoreError, WorkerError):
        raise
    except ScraperError as error:
        failure_line(desk.log, error, source_id=row.source_id, url=row.url, kind="archive")
        return error


async def _compared(desk: Desk, row: KeptPage) -> Difference:
    source = desk.sources.get(row.source_id)
    link = await desk.store.do(Store.link, row.url) or Link(url=row.url, source_id=row.source_id)
    link = replace(link, source_id=row.source_id)
    template = await desk.store.do(Store.template, row.source_id)
    page, told, number = await desk.workers.run(_read, desk.asked.folder, row, source, link, template, url=row.url)
    link = replace(link, source_article_id=number) if number else link
    if desk.run_id is None:
        return await desk.store.do(Store.compare, link, page, told)
    return await desk.store.do(Store.reread, desk.run_id, link, page, told, desk.now())


def _read(folder: Path, row: KeptPage, source: Source | None, link: Link, template: Template | None) -> tuple[Page, Prepared, str | None]:
    """Find a page in the archive and read it: in a worker. It goes back without its content, which is no longer needed."""
    page = replace(page_at(folder, Kept(*row.kept)), rendering=row.rendering, kept=row.kept)
    pattern, rules = (source.article_id, source.rules) if source else (None, None)
    ready = prepare_page(page, pattern, link, template, rules)
    return replace(page, content=b"", headers=()), ready.told, ready.number
