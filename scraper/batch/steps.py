"""How do the records of a stretch become rows? Some dozen at a time, step by step: all are unpacked, all extracted, all made rows of.

What a step needs of code and tables is then at hand for the next page, too. Page by page, each step puts out of the processor's caches what
the others need, and that costs as much as unpacking does. A large page goes by itself, since memory is limited, and so does each page where
one is looked for that a process has died over.
"""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import chain, repeat
from typing import Final, NamedTuple, TypeVar

from scraper.archive.cutting import Lost, Raw, raw_records
from scraper.archive.unpacking import Container, container
from scraper.batch.dataset import Record, Reject, Warc
from scraper.batch.pages import MOST_BYTES, fetched_at_of, is_page, page_of, place_of_original, source_of, url_of
from scraper.batch.places import opened, translated
from scraper.batch.telling import Asked, Ended, Mark, Told
from scraper.errors import ArchiveError, ExtractionError, ScraperError
from scraper.pipeline.boundary import boundary
from scraper.records import Article, Page

__all__ = ["LARGE", "TOGETHER", "row_of", "told"]

HEADING_BYTES: Final = 100_000  # of an answer, before its content
TOGETHER, TOGETHER_BYTES = 32, 8_000_000  # pages, and what they have unpacked
LARGE: Final = 1_000_000  # bytes: such a page may take a tenth of the memory that there is
T = TypeVar("T")


def told(asked: Asked) -> Iterator[list[Told | Ended]]:
    """Read what was asked for, and give what came of it by the dozen. Raises ScraperError where the file cannot be read."""
    clock, number, group = _Clock(), asked.mark.number - 1, _Group(asked)
    with translated(asked.place), opened(asked.place, allow_private=asked.allow_private) as file:
        packed = container(file, asked.place)
        records = raw_records(file, packed, asked.mark.offset, asked.end, most_bytes=MOST_BYTES + HEADING_BYTES)
        for number, raw in enumerate(records, start=asked.mark.number):
            if number <= asked.after or (isinstance(raw, Raw) and not is_page(raw)):
                continue
            if not group.has_room_for(raw):
                yield group.told(clock)
            group.add(number, raw, packed)
        if not group.is_empty:
            yield group.told(clock)
    yield [Ended(number, clock.spent())]


class _One(NamedTuple):
    """A record of a number, and where it stands."""

    number: int
    raw: Raw | Lost
    warc: Warc


class _Group:
    """Records that are read together, and the page of each, or why there is none."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._singly = asked.singly
        self._blamed = asked.blamed
        self._waiting: list[tuple[_One, Page | Reject]] = []
        self._bytes = 0

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing waits."""
        return not self._waiting

    def has_room_for(self, raw: Raw | Lost) -> bool:
        """Tell whether a record may be read with those that wait."""
        few = len(self._waiting) < TOGETHER and self._bytes + _share_of(raw) <= TOGETHER_BYTES
        return self.is_empty or (few and not self._singly)

    def add(self, number: int, raw: Raw | Lost, packed: Container) -> None:
        """Take a record, and unpack its page."""
        if isinstance(raw, Lost):
            lost = _One(number, raw, Warc(self._asked.place, raw.offset))
            self._waiting.append((lost, _failed(ArchiveError(raw.reason, code="archive_damaged"), lost)))
            return
        one = _One(number, raw, Warc(self._asked.place, raw.offset, raw.length, raw.head.get("warc-payload-digest")))
        self._waiting.append((one, self._tried(one, self._page, raw, packed)))
        self._bytes += _share_of(raw)
        self._blamed = None

    def told(self, clock: "_Clock") -> list[Told | Ended]:
        """Read what waits, and give what came of it."""
        ones, pages = zip(*self._waiting, strict=True)
        self._waiting, self._bytes, self._singly = [], 0, max(self._singly - len(ones), 0)
        articles = [page if isinstance(page, Reject) else self._tried(one, _extracted, page) for one, page in zip(ones, pages, strict=True)]
        rows = [
            article if isinstance(article, Reject) else self._tried(one, row_of, article, page, one.warc, source_of(one.raw))
            for one, page, article in zip(ones, pages, articles, strict=True)
        ]
        times = chain([clock.spent()], repeat(0.0))
        return [_said(one, row, cpu_s) for one, row, cpu_s in zip(ones, rows, times, strict=False)]

    def _page(self, raw: Raw, packed: Container) -> Page:
        if self._blamed is not None:
            raise self._blamed
        place = place_of_original(raw)
        return page_of(raw, _original(self._asked, packed, *place) if place else None)

    def _tried(self, one: _One, step: Callable[..., T], *args: object) -> T | Reject:
        try:
            with _limited(self._asked.limits.page_s), boundary(_url_of(one)), _memory_named():
                return step(*args)
        except ScraperError as error:
            return _failed(error, one)


def row_of(article: Article, page: Page, warc: Warc, source_id: str | None) -> Record | Reject:
    """Make a page that was extracted a row."""
    from scraper.batch.dataset_rows import page_row
    from scraper.pipeline.extraction import marked
    from scraper.store import prepared

    return page_row(page, prepared(marked(article, page), stored=False), warc, source_id=source_id)


def _extracted(page: Page) -> Article:
    from scraper.extract import extract

    return extract(page.content, page.url, headers=page.headers, fetched_at=page.fetched_at)


def _original(asked: Asked, packed: Container, offset: int, length: int) -> Raw:
    """Find the record that holds the content of a revisit: in the same file, and a member of its own."""
    with opened(asked.place, allow_private=asked.allow_private) as file:
        file.seek(offset)
        found = next(raw_records(BytesIO(file.read(length)), packed, most_bytes=MOST_BYTES + HEADING_BYTES), None)
    if not isinstance(found, Raw):
        raise ArchiveError("a record cannot be read: that of its content is damaged", code="archive_damaged")
    return found


def _share_of(raw: Raw | Lost) -> int:
    """Give how much of the room for a group a record takes: a large one all of it."""
    size = raw.size if isinstance(raw, Raw) else 0
    return size if size < LARGE else TOGETHER_BYTES


def _url_of(one: _One) -> str | None:
    return url_of(one.raw) if isinstance(one.raw, Raw) else None


def _failed(error: ScraperError, one: _One) -> Reject:
    from scraper.batch.dataset_rows import failed_row

    return failed_row(error, one.warc, url=_url_of(one), fetched_at=fetched_at_of(one.raw) if isinstance(one.raw, Raw) else None)


def _said(one: _One, row: Record | Reject, cpu_s: float) -> Told:
    if isinstance(one.raw, Lost):
        return Told(one.number, None, row, True, 0, cpu_s)
    mark = Mark(one.raw.offset, one.number) if one.raw.leads else None
    return Told(one.number, mark, row, False, one.raw.size, cpu_s)


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
