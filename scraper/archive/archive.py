"""How do pages get into the archive? One after another, each as one packed record, in files that follow one another.

An `Archive` belongs to one process and one thread at a time. What it is told to keep is in the file when `keep` returns: a process that is
killed afterwards takes nothing with it, and one that is killed meanwhile leaves the beginning of a record, which the next one cuts off.
"""

import errno
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from scraper import __version__
from scraper.archive import files
from scraper.archive.original import Original
from scraper.archive.packing import FORMATS
from scraper.archive.records import digest_of, record_of, warc_date, warcinfo
from scraper.errors import ArchiveError
from scraper.records import RENDERED, ArchiveSettings, Kept, Page

__all__ = ["Archive"]

FILE_BYTES: Final = 256_000_000  # some eight thousand pages; read through in seconds, and of a full archive 3 % that go at a time
FILES_AT_LEAST: Final = 8  # an archive that may be small has smaller files, so that no eviction takes most of it
SMALLEST_ORIGINAL: Final = 1_000  # bytes: a revisit record is as long


class Archive:
    """The archive, open for writing. It begins with its first page: nothing is touched before `ready`."""

    def __init__(self, folder: Path, settings: ArchiveSettings) -> None:
        self._folder = folder
        self._settings = settings
        self._form = FORMATS[settings.compression]
        self._file_bytes = min(FILE_BYTES, settings.max_bytes // FILES_AT_LEAST)
        self._open: tuple[Path, int] | None = None
        self._size = 0
        self._originals: dict[str, Original] = {}

    @property
    def has_room(self) -> bool:
        """Tell whether there is a file to write to, and room in it."""
        return self._open is not None and self._size < self._file_bytes

    def ready(self, when: datetime) -> str | None:
        """Have a file to write to that has room; give its name if it is another one than before. Raises ArchiveError.

        `when` is the time of the first page that will go there.
        """
        if self.has_room:
            return None
        with self._translated():
            self._close()
            taken_up = files.take_up(self._folder, self._settings.compression, below_bytes=self._file_bytes)
            path, descriptor = self._open = taken_up or files.begin(self._folder, self._settings.compression, when)
            self._size = os.fstat(descriptor).st_size
        name = path.name.removesuffix(files.OPEN)
        if not self._size:
            self._append(descriptor, warcinfo(file=name, software=f"scraper/{__version__}", when=when))
        return name

    def remember(self, originals: Mapping[str, Original]) -> None:
        """Be told what the file that is gone on with holds already, by the digest of its content."""
        self._originals |= originals

    def keep(self, page: Page, source_id: str) -> Kept:
        """Write a page down and give where it is; `ready` comes first. Raises ArchiveError, and the file is as it was."""
        if self._open is None:
            raise ArchiveError(f"the archive {self._folder} is closed", code="archive_failed")
        path, descriptor = self._open
        file, offset, digest = path.name.removesuffix(files.OPEN), self._size, digest_of(page)
        may_repeat = page.rendering != RENDERED and len(page.content) >= SMALLEST_ORIGINAL
        original = self._originals.get(digest) if may_repeat else None
        record = record_of(page, file=file, offset=offset, source_id=source_id, digest=digest, original=original)
        length = self._append(descriptor, record)
        if original or not may_repeat:
            return Kept(file, offset, length)
        self._originals[digest] = Original(offset, length, page.url, warc_date(page.fetched_at))
        return Kept(file, offset, length, digest)

    def overflow(self) -> tuple[str, ...]:
        """Name the oldest files, as many as have to go for the one being written to find room."""
        with self._translated():
            coming = max(self._file_bytes - self._size, 0)
            return tuple(path.name for path in files.overflow(self._folder, max_bytes=self._settings.max_bytes, coming_bytes=coming))

    def let_go(self, names: Iterable[str]) -> None:
        """Delete files. Raises ArchiveError."""
        with self._translated():
            for name in names:
                (self._folder / name).unlink(missing_ok=True)

    def close(self) -> None:
        """Close the file that is being written; the next `ready` goes on with it. Raises ArchiveError."""
        with self._translated():
            self._close()

    def _close(self) -> None:
        if not self._open:
            return
        (path, descriptor), self._open = self._open, None
        self._originals.clear()
        if os.fstat(descriptor).st_size == self._size:
            files.finish(path, descriptor)
        else:  # a record could not be taken back: whoever writes next mends the file
            os.close(descriptor)

    def _append(self, descriptor: int, record: bytes) -> int:
        """Write one packed record at the end, whole or not at all, and give its length."""
        rest = memoryview(self._form.pack(record))
        length = len(rest)
        try:
            with self._translated():
                while rest:
                    rest = rest[os.write(descriptor, rest) :]
        except ArchiveError:
            with suppress(OSError):
                os.ftruncate(descriptor, self._size)
            raise
        self._size += length
        return length

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            full = error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
            said = "cannot grow: the disk is full" if full else f"cannot be written: {(error.strerror or str(error)).lower()}"
            raise ArchiveError(f"the archive {self._folder} {said}", code="archive_full" if full else "archive_failed") from error
