"""What does the process do that reads a stretch of an archive, apart from the worker it works for? It gives the row of each page in turn.

    python -m scraper.batch     asked on standard input, told on standard output, in pickles of `apart`'s own types

A page can cost a C parser minutes and gigabytes, and nothing in Python can interrupt that. So the system is told to end this process when a
page has taken its share of processor time, and to give it no more memory than a worker may use. Who asked (`reader`) starts another, which
goes on behind that page. Nothing here looks at a clock.
"""

import gc
import os
import pickle
import resource
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from io import BytesIO
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final, NamedTuple

from scraper.archive.cutting import Lost, Raw, raw_records
from scraper.archive.unpacking import Container, container
from scraper.batch.dataset import Record, Reject, Warc
from scraper.batch.pages import MOST_BYTES, fetched_at_of, is_page, page_of, place_of_original, source_of, url_of
from scraper.batch.places import opened, translated
from scraper.errors import ArchiveError, ExtractionError, ScraperError
from scraper.pipeline.boundary import boundary
from scraper.records import Page

__all__ = ["LIMITS", "Asked", "Ended", "Failed", "Full", "Limits", "Mark", "Told", "main", "told"]

HEADING_BYTES: Final = 100_000  # of an answer, before its content
RESIDENT_BYTES: Final = 200_000_000  # what a process may have grown to when it is replaced
EPOCH: Final = datetime(2026, 1, 6, tzinfo=UTC)
LOOKED_EVERY: Final = 50  # pages
SELDOM: Final = (5_000, 20, 20)  # as in a run
SAMPLE: Final = b"""<html><body><article><h1>The harbour at night</h1><p>By Ann Lee, 5 January 2026</p>%s</article></body></html>""" % (
    b"<p>Two barges came in before the tide turned, and the keeper wrote their names in the book by the door.</p>" * 9
)


class Limits(NamedTuple):
    """What one page may cost: seconds of processor time, and bytes of memory with all that the process holds already."""

    page_s: float = 15.0  # as in a crawl
    memory_bytes: int = 320_000_000  # a page of 10 MB that is nothing but tags takes 300


LIMITS: Final = Limits()


class Mark(NamedTuple):
    """A place where reading can begin: the offset of a member, and the number of the record that begins with it."""

    offset: int
    number: int


class Asked(NamedTuple):
    """Read the records of a file from a mark on to before the byte `end`, and give what comes after the record of a number.

    `blamed` is what is said of the first page there, in place of reading it.
    """

    place: str
    mark: Mark
    end: int | None
    after: int
    blamed: ExtractionError | None = None
    allow_private: bool = False
    limits: Limits = LIMITS


class Told(NamedTuple):
    """What came of the record of a number: the row of a page, or what is lost. `size` is its bytes; `cpu_s` what was used for it."""

    number: int
    mark: Mark | None
    row: Record | Reject
    is_lost: bool
    size: int
    cpu_s: float


class Ended(NamedTuple):
    """All has been told; the last record had this number."""

    number: int
    cpu_s: float


class Failed(NamedTuple):
    """The file cannot be read."""

    message: str
    code: str
    retryable: bool


class Full(NamedTuple):
    """This process has grown, and ends: another goes on."""


def told(asked: Asked) -> Iterator[Told | Ended]:
    """Read what was asked for. Raises ScraperError where the file cannot be read."""
    blamed, number, clock = asked.blamed, asked.mark.number - 1, _Clock()
    with translated(asked.place), opened(asked.place, allow_private=asked.allow_private) as file:
        packed = container(file, asked.place)
        records = raw_records(file, packed, asked.mark.offset, asked.end, most_bytes=MOST_BYTES + HEADING_BYTES)
        for number, raw in enumerate(records, start=asked.mark.number):
            if number <= asked.after or (isinstance(raw, Raw) and not is_page(raw)):
                continue
            row: Record | Reject
            if isinstance(raw, Lost):
                row = _failed(ArchiveError(f"{raw.reason}", code="archive_damaged"), Warc(asked.place, raw.offset))
                yield Told(number, None, row, True, 0, clock.spent())
                continue
            row, blamed = _row(raw, asked, packed, blamed), None
            mark = Mark(raw.offset, number) if raw.leads else None
            yield Told(number, mark, row, False, raw.size, clock.spent())
    yield Ended(number, clock.spent())


def _row(raw: Raw, asked: Asked, packed: Container, blamed: ExtractionError | None) -> Record | Reject:
    warc = Warc(asked.place, raw.offset, raw.length, raw.head.get("warc-payload-digest"))
    url = url_of(raw)
    try:
        with boundary(url), _memory_named(), _limited(asked.limits.page_s):
            if blamed is not None:
                raise blamed
            place = place_of_original(raw)
            original = _original(asked, packed, *place) if place else None
            return _read(page_of(raw, original), warc, source_of(raw))
    except ScraperError as error:
        return _failed(error, warc, raw)


def _read(page: Page, warc: Warc, source_id: str | None) -> Record | Reject:
    from scraper.batch.dataset_rows import page_row
    from scraper.extract import extract
    from scraper.pipeline.extraction import marked
    from scraper.store import prepared

    article = extract(page.content, page.url, headers=page.headers, fetched_at=page.fetched_at)
    return page_row(page, prepared(marked(article, page), searched=False), warc, source_id=source_id)


def _original(asked: Asked, packed: Container, offset: int, length: int) -> Raw:
    """Find the record that holds the content of a revisit: in the same file, and a member of its own."""
    with opened(asked.place, allow_private=asked.allow_private) as file:
        file.seek(offset)
        found = next(raw_records(BytesIO(file.read(length)), packed, most_bytes=MOST_BYTES + HEADING_BYTES), None)
    if not isinstance(found, Raw):
        raise ArchiveError("a record cannot be read: that of its content is damaged", code="archive_damaged")
    return found


def _failed(error: ScraperError, warc: Warc, raw: Raw | None = None) -> Reject:
    from scraper.batch.dataset_rows import failed_row

    return failed_row(error, warc, url=url_of(raw) if raw else None, fetched_at=fetched_at_of(raw) if raw else None)


class _Clock:
    """Tells the seconds of processor time between two looks."""

    def __init__(self) -> None:
        self._then = time.process_time()

    def spent(self) -> float:
        """Give those since the last look."""
        before, self._then = self._then, time.process_time()
        return self._then - before


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Let the system end this process when the block has used so many seconds of it. SIGPROF's own action needs no Python to act."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


@contextmanager
def _memory_named() -> Iterator[None]:
    """Give a shortage of memory its name, before it is taken for a fault of ours."""
    try:
        yield
    except MemoryError as error:
        raise ExtractionError("it needs more memory than a worker may use", code="extract_memory") from error


def main() -> None:
    """Answer what is asked on standard input until nobody asks any more."""
    asks, tells = Connection(os.dup(0), writable=False), Connection(os.dup(1), readable=False)
    with Path(os.devnull).open("r+b") as nothing:  # what a library prints is no answer
        os.dup2(nothing.fileno(), 0)
        os.dup2(nothing.fileno(), 1)
    _warm_up()
    gc.freeze()  # what is loaded stays, and a page leaves hardly a cycle
    gc.set_threshold(*SELDOM)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while _answer(asks.recv(), tells):
            pass


def _answer(asked: Asked, tells: Connection) -> bool:
    """Tell what was asked for; False when this process has grown too large to go on."""
    _limit_memory(asked.limits.memory_bytes)
    try:
        with boundary(None):
            for count, answer in enumerate(told(asked)):
                tells.send_bytes(pickle.dumps(answer, pickle.HIGHEST_PROTOCOL))
                out_of_memory = isinstance(answer, Told) and isinstance(answer.row, Reject) and answer.row.code == "extract_memory"
                if isinstance(answer, Told) and (out_of_memory or (count % LOOKED_EVERY == 0 and _resident() > RESIDENT_BYTES)):
                    tells.send_bytes(pickle.dumps(Full()))
                    return False
    except ScraperError as error:
        tells.send_bytes(pickle.dumps(Failed(error.message, error.code, error.retryable)))
    return True


def _limit_memory(limit_bytes: int) -> None:
    """Take no more than this of the system, libraries' code left out, where the system can be told so."""
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (limit_bytes, resource.getrlimit(resource.RLIMIT_DATA)[1]))


def _resident() -> int:
    with suppress(OSError):
        return int(Path("/proc/self/statm").read_bytes().split()[1]) * resource.getpagesize()
    return 0


def _warm_up() -> None:
    """Load what reading a page needs, so that no page pays for it."""
    url = "https://harbour.example/night"
    _read(Page(url=url, requested_url=url, status=200, headers=(), content=SAMPLE, fetched_at=EPOCH), Warc(url, 0), None)
