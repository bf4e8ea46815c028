"""Which files hold the archive, which of them is being written, and which go when it is full? Names and locks say it.

    pages-20260105165000-3f9c01.warc.zst        closed: only read, until it is the oldest and the room is needed
    pages-20260106071500-b2d77a.warc.zst.open   being written, or left behind by a process that was killed

A file's name begins with the time of its first page, so names sort by age. Who writes holds the file's lock, which the system lets go of
when the process dies, however it dies.
"""

import fcntl
import os
import re
import secrets
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from scraper.archive.packing import FORMATS, Compression, format_of, whole_length

__all__ = ["OPEN", "begin", "closed_files", "finish", "found", "open_files", "overflow", "take_up"]

OPEN: Final = ".open"
NAME: Final = re.compile(r"pages-\d{14}-[0-9a-f]{6}\.warc\.(?:zst|gz)")


def closed_files(folder: Path) -> list[Path]:
    """Give the files that nobody writes to, the oldest first."""
    return sorted(path for path in folder.glob("pages-*.warc.*") if NAME.fullmatch(path.name))


def found(folder: Path, name: str) -> Path | None:
    """Give where a file of that name is, closed or being written; None if it is not there (any more)."""
    for _ in range(2):  # it may be closed between the two looks
        for path in (folder / name, folder / f"{name}{OPEN}"):
            if path.exists():
                return path
    return None


def overflow(folder: Path, *, max_bytes: int, coming_bytes: int) -> list[Path]:
    """Give the oldest files, as many as have to go so that all that is left, and `coming_bytes` more, fit; never one being written."""
    sizes = {path: path.stat().st_size for path in closed_files(folder)}
    open_bytes = sum(path.stat().st_size for path in open_files(folder))
    room, going = max_bytes - coming_bytes - open_bytes - sum(sizes.values()), []
    for path, size in sizes.items():
        if room >= 0:
            break
        going.append(path)
        room += size
    return going


def take_up(folder: Path, compression: Compression, *, below_bytes: int) -> tuple[Path, int] | None:
    """Go on with the last file if it has room: give its path, open for writing, and its descriptor. None: a new one is to be begun.

    What killed processes have left behind is cut back to its last whole record and closed, or gone on with.
    """
    for path in open_files(folder):
        descriptor = _locked(path)
        if descriptor is None:
            continue  # somebody is writing to it
        _mend(path, descriptor)
        finish(path, descriptor)
    last = next(reversed(closed_files(folder)), None)
    if last is None or not last.name.endswith(FORMATS[compression].suffix) or last.stat().st_size >= below_bytes:
        return None
    opened = last.with_name(f"{last.name}{OPEN}")
    with suppress(FileNotFoundError):  # another process was first
        last.rename(opened)
        descriptor = _locked(opened)
        return None if descriptor is None else (opened, descriptor)
    return None


def begin(folder: Path, compression: Compression, when: datetime) -> tuple[Path, int]:
    """Make a new file whose first page is of that moment, and give its path and its descriptor. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"pages-{when.astimezone(UTC):%Y%m%d%H%M%S}-{secrets.token_hex(3)}{FORMATS[compression].suffix}{OPEN}"
    descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o644)
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return folder / name, descriptor


def finish(path: Path, descriptor: int) -> None:
    """Close a file that was being written, and take the mark off its name; one without a record is taken away."""
    try:
        if os.fstat(descriptor).st_size == 0:
            path.unlink()
        else:
            os.fsync(descriptor)
            path.rename(path.with_name(path.name.removesuffix(OPEN)))
    finally:
        os.close(descriptor)


def open_files(folder: Path) -> Sequence[Path]:
    """Give the files that are being written, or that a killed process has left behind."""
    """Give the files that are being written, or were left behind, the oldest first."""
    return sorted(folder.glob(f"pages-*{OPEN}"))


def _locked(path: Path) -> int | None:
    """Open a file for appending and lock it; None if another process holds it, or has just closed it."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if path.exists():  # and under this name: its writer takes the mark off while the lock is held
            return descriptor
    except BlockingIOError:
        pass
    os.close(descriptor)
    return None


def _mend(path: Path, descriptor: int) -> None:
    form = format_of(path.name.removesuffix(OPEN))
    if form is not None:
        with path.open("rb") as file:
            os.ftruncate(descriptor, whole_length(file, form))
