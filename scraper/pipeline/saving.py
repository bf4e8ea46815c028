"""Where do the records of a one-off scrape go? Into the database, as a run of its own, or nowhere."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path

from scraper.errors import ArchiveError, ScraperError, StoreError
from scraper.pipeline.exit_codes import ALL_WELL, INTERRUPTED, SOME_FAILED
from scraper.pipeline.extraction import Extracted
from scraper.pipeline.keeping import Keeper, archive_folder
from scraper.pipeline.robots import KeptRobots
from scraper.pipeline.writer import Writer
from scraper.records import ArchiveSettings, Link, Page, Source, Template
from scraper.store import RunStatus, Store

__all__ = ["Saving", "saving_to"]


class Saving:
    """One run of `scraper scrape --save`. `exit_code` is what its row ends with."""

    def __init__(self, writer: Writer, keeper: Keeper, run_id: int, now: Callable[[], datetime]) -> None:
        self._writer = writer
        self._keeper = keeper
        self._run_id = run_id
        self._now = now
        self.exit_code = ALL_WELL

    @property
    def trouble(self) -> ArchiveError | None:
        """Give why nothing more is kept in the archive, if so."""
        return self._keeper.trouble

    @property
    def robots(self) -> KeptRobots:
        """Give where robots.txt files are kept."""
        return KeptRobots(self._writer)

    async def link(self, source_id: str, url: str) -> Link:
        """Give the link under which a listing announced this URL, with all that it said, or one that says nothing."""
        return await self._writer.do(Store.link, url) or Link(url=url, source_id=source_id)

    async def kept(self, page: Page, source: Source) -> Page:
        """Keep a page in the archive and give it with its place."""
        page = await self._keeper.kept(page, source)
        if self._keeper.trouble:
            self.exit_code = SOME_FAILED
        return page

    async def record(self, page: Page, extracted: Extracted) -> str:
        """Store one page and give what became of it: `new`, `updated`, `unchanged`, `duplicate` or `rejected`."""
        saved = await self._writer.do(Store.record_article, self._run_id, extracted.link, page, extracted.article, extracted.lesson)
        return saved.outcome

    async def template(self, source_id: str) -> Template | None:
        """Give what the database knows of a source's pages."""
        return await self._writer.do(Store.template, source_id)

    async def fail(self, source_id: str, url: str, error: ScraperError) -> None:
        """Store the failure of one URL."""
        self.exit_code = SOME_FAILED
        await self._writer.do(Store.record_failure, self._run_id, error, source_id=source_id, url=url, kind="direct", at=self._now())

    async def finish(self, status: RunStatus, exit_code: int) -> None:
        """End the run's row."""
        await self._writer.do(Store.finish_run, self._run_id, finished_at=self._now(), status=status, exit_code=exit_code)


@asynccontextmanager
async def saving_to(
    db: Path | None, archive: ArchiveSettings, now: Callable[[], datetime], log: logging.Logger
) -> AsyncIterator[Saving | None]:
    """Open database, archive, and a run that ends with the block; give None when nothing is to be saved. Raises StoreError."""
    if db is None:
        yield None
        return
    async with Writer(db) as writer, Keeper(archive_folder(archive, db), archive, writer, log) as keeper:
        saving = Saving(writer, keeper, await writer.do(Store.begin_run, "scrape", started_at=now()), now)
        try:
            yield saving
        except (asyncio.CancelledError, GeneratorExit):
            await saving.finish("interrupted", INTERRUPTED)
            raise
        except BaseException:
            with suppress(StoreError):  # the error that is on its way says more
                await saving.finish("failed", SOME_FAILED)
            raise
        await saving.finish("ok", saving.exit_code)
