"""What does SQLite's complaint mean? The one place where its error codes are understood; everything else sees a StoreError."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Final

from scraper.errors import StoreError

__all__ = ["translated"]

LITTLE_SPACE_BYTES: Final = 1_000_000  # a full disk shows as an I/O error where SQLite extends its shared memory file

_MEANINGS: Final = MappingProxyType(
    {
        sqlite3.SQLITE_BUSY: ("store_locked", "is locked by another process"),
        sqlite3.SQLITE_LOCKED: ("store_locked", "is locked by another process"),
        sqlite3.SQLITE_READONLY: ("store_readonly", "cannot be written: the file or its directory is read-only"),
        sqlite3.SQLITE_NOTADB: ("not_a_database", "is not a SQLite database"),
        sqlite3.SQLITE_FULL: ("store_full", "cannot grow: the disk is full"),
        sqlite3.SQLITE_CANTOPEN: ("store_failed", "cannot be opened"),
        sqlite3.SQLITE_CORRUPT: ("store_failed", "is damaged; `PRAGMA integrity_check` tells how far"),
    }
)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what sqlite3 raises inside the block into a StoreError about the database at `path`."""
    try:
        yield
    except sqlite3.Error as error:
        code, sentence = _meaning(error, path)
        raise StoreError(f"{path} {sentence}", code=code, retryable=code == "store_locked") from error


def _meaning(error: sqlite3.Error, path: Path) -> tuple[str, str]:
    primary = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if primary == sqlite3.SQLITE_IOERR and shutil.disk_usage(path.resolve().parent).free < LITTLE_SPACE_BYTES:
        primary = sqlite3.SQLITE_FULL
    code, sentence = _MEANINGS.get(primary, ("store_failed", "could not be read or written"))
    return code, f"{sentence} ({error})" if code == "store_failed" else sentence
