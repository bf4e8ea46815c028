"""Who may write? One process at a time, for as long as it has the database open; a dead process never leaves the lock behind.

SQLite alone would let two processes take turns, but the versions 3.7.0 to 3.51.2 can damage a WAL database when two connections write or
checkpoint at the same moment (Python 3.11 often carries 3.40.1), so one writer is a matter of correctness. Readers need no lock.

`flock` on a file beside the database: the kernel frees it with the process. The file stays, since deleting it would be a race.
"""

import fcntl
import os
import time
import weakref
from contextlib import suppress
from pathlib import Path
from typing import Final

from scraper.errors import StoreError

__all__ = ["WriterLock"]

POLL_S: Final = 0.05  # flock has no time limit of its own


class WriterLock:
    """The right to write to one database, held from construction to `release`.

    Raises StoreError `store_locked` when another process still holds it after `busy_s` seconds; OSError when the file cannot be made.
    """

    def __init__(self, database: Path, *, busy_s: float) -> None:
        self._file = _lock_file(database).open("a+b", buffering=0)
        try:
            self._acquire(database, busy_s)
        except BaseException:
            self._file.close()
            raise
        _forget_after_fork(self)

    def release(self) -> None:
        """Give up the right; a second call does nothing."""
        self._file.close()

    def _acquire(self, database: Path, busy_s: float) -> None:
        deadline = time.monotonic() + busy_s
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            if time.monotonic() >= deadline:
                raise StoreError(f"{database} is being written by another process{self._holder()}", code="store_locked", retryable=True)
            time.sleep(POLL_S)
        self._file.truncate(0)
        self._file.write(str(os.getpid()).encode())

    def _holder(self) -> str:
        """Name the process that holds the lock, as it wrote it down."""
        self._file.seek(0)
        number = self._file.read(20).decode("ascii", "replace")
        return f" (number {number})" if number.isdecimal() else ""


def _lock_file(database: Path) -> Path:
    file = database.resolve()  # two names of one database must meet at one lock
    return file.with_name(f"{file.name}.lock")


def _forget_after_fork(lock: WriterLock) -> None:
    """Let a forked child let go: it shares the open file, and would keep the lock alive after its parent is dead."""
    held = weakref.ref(lock)

    def release_in_child() -> None:
        if (inherited := held()) is not None:
            inherited.release()

    os.register_at_fork(after_in_child=release_in_child)
