"""How does a page come into the archive before anything is made of it? Written by one thread, beside the network and the database.

An archive that cannot be written ends no run: what is fetched is still read and stored, nothing more is kept until the next run, and that
is said once, in the log and in the run's summary. Files that have to go for newer ones are first forgotten by the database.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Concatenate, ParamSpec, Self, TypeVar

from scraper.archive import Archive, Original
from scraper.errors import ArchiveError
from scraper.pipeline.logfile import Event
from scraper.pipeline.writer import Writer
from scraper.records import ArchiveSettings, Page, Source
from scraper.store import Store

__all__ = ["ARCHIVE", "Keeper", "archive_folder"]

ARCHIVE = "archive"
P = ParamSpec("P")
T = TypeVar("T")


def archive_folder(settings: ArchiveSettings, db: Path) -> Path:
    """Give where the archive of a database is."""
    return settings.folder or db.parent / ARCHIVE


class Keeper:
    """The archive as a run sees it; an async context manager. `trouble` says why nothing more is kept, if so."""

    def __init__(self, folder: Path, settings: ArchiveSettings, writer: Writer, log: logging.Logger) -> None:
        self._archive = Archive(folder, settings) if settings.enabled else None
        self._writer = writer
        self._log = log
        self._turn = asyncio.Lock()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=ARCHIVE)
        self.trouble: ArchiveError | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        try:
            if self._archive is not None:
                with suppress(ArchiveError):
                    await self._call(Archive.close)
        finally:
            self._thread.shutdown()

    async def kept(self, page: Page, source: Source) -> Page:
        """Keep a page and give it with its place. Where nothing is kept it is given as it is. Raises StoreError."""
        if self._archive is None or self.trouble is not None or not source.archived:
            return page
        async with self._turn:
            try:
                if not self._archive.has_room:
                    await self._make_ready(page)
                return replace(page, kept=await self._call(Archive.keep, page, source.id))
            except ArchiveError as error:
                self._give_up(error)
                return page

    async def _make_ready(self, page: Page) -> None:
        """See that there is a file with room, that it knows what it holds, and that no older one is in its way."""
        if (file := await self._call(Archive.ready, page.fetched_at)) is None:
            return
        contents = await self._writer.do(Store.archive_contents, file)
        await self._call(Archive.remember, {one.digest: Original(*one[1:]) for one in reversed(contents)})
        if going := await self._call(Archive.overflow):
            await self._writer.do(Store.forget_archive_files, going)
            await self._call(Archive.let_go, going)
            self._log.info(Event("archive_full", deleted=",".join(going)))

    def _give_up(self, error: ArchiveError) -> None:
        if self.trouble is None:
            self.trouble = error
            self._log.error(Event("archive", code=error.code, message=error.message))

    async def _call(self, method: Callable[Concatenate[Archive, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        archive = self._archive
        if archive is None:
            raise ArchiveError("there is no archive", code="archive_failed")
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: method(archive, *args, **kwargs))
