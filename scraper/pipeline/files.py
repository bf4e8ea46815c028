"""What do these saved files say? They are read, unpacked if they are gzip, and extracted; nothing leaves the machine."""

import asyncio
import gzip
import io
import threading
import zlib
from collections.abc import AsyncGenerator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scraper.errors import ScraperError, WorkerError
from scraper.pipeline.boundary import boundary
from scraper.pipeline.order import in_order
from scraper.pipeline.workers import Workers
from scraper.records import Article

__all__ = ["STDIN", "Extracted", "content_of", "extract_files"]

STDIN: Final = "-"
STDIN_NUMBER: Final = 0  # of the file that every process finds open; sys.stdin itself would be locked while a thread waits for it
GZIP_MAGIC: Final = b"\x1f\x8b"
MAX_BYTES: Final = 100_000_000  # after unpacking: ten times what a run accepts from a server, and a tenth of a worker's memory
IN_FLIGHT: Final = 8  # files that are read ahead of the one that is printed


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """What became of one file: an article, or the reason why there is none."""

    path: str
    article: Article | None = None
    error: ScraperError | None = None


async def extract_files(paths: Sequence[str], *, url: str | None = None) -> AsyncGenerator[Extracted, None]:
    """Extract HTML or plain text from files (`-` is standard input) in the order given, as pages of `url` if one is given."""
    turn = asyncio.Lock()  # standard input may be named twice, and is read by one at a time
    with Workers() as workers:
        async for extracted in in_order((_extracted(workers, turn, path, url) for path in paths), at_once=IN_FLIGHT):
            yield extracted


def content_of(path: str) -> bytes:
    """Read a file or standard input, and unpack it if it is gzip.

    Raises ScraperError with code `unreadable_file`: it is missing, a directory, forbidden, too large, or damaged gzip.
    """
    try:
        with open(STDIN_NUMBER, "rb", closefd=False) if path == STDIN else Path(path).open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        if content.startswith(GZIP_MAGIC):
            with gzip.open(io.BytesIO(content)) as unpacked:
                content = unpacked.read(MAX_BYTES + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise _unreadable("gzip that is damaged or cut short") from error
    except OSError as error:
        raise _unreadable(error.strerror or str(error)) from error
    if len(content) > MAX_BYTES:
        raise _unreadable(f"more than {MAX_BYTES // 1_000_000} MB")
    return content


async def _extracted(workers: Workers, turn: asyncio.Lock, path: str, url: str | None) -> Extracted:
    try:
        with boundary(url):
            async with turn:
                content = await _read(path)
            return Extracted(path=path, article=await workers.run(_extract, content, url, url=url))
    except WorkerError:
        raise
    except ScraperError as error:
        return Extracted(path=path, error=error)


async def _read(path: str) -> bytes:
    """Read in a thread that nobody waits for: a terminal or a pipe may never send anything, and Ctrl-C has to end that too."""
    found: Future[bytes] = Future()

    def read() -> None:
        found.set_running_or_notify_cancel()
        try:
            with boundary(None):
                found.set_result(content_of(path))
        except ScraperError as error:
            found.set_exception(error)

    threading.Thread(target=read, name=f"read {path}", daemon=True).start()
    return await asyncio.wrap_future(found)


def _extract(content: bytes, url: str | None) -> Article:
    from scraper.extract import extract

    return extract(content, url)


def _unreadable(reason: str) -> ScraperError:
    return ScraperError(f"cannot be read: {reason}", code="unreadable_file")
