"""How does a file come to be whole or not at all? It is written beside its place and takes it in one step."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from scraper.errors import StoreError, UsageError

__all__ = ["in_place_of", "refuse_target", "written"]

_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EFBIG, errno.EDQUOT})


def refuse_target(target: Path, database: Path, *, replace: bool) -> None:
    """Raise UsageError (`output_exists`, `no_directory`) where the file cannot or must not be written."""
    if not target.parent.is_dir():
        raise UsageError(f"there is no directory {target.parent}", code="no_directory")
    if target.exists() and (target.samefile(database) or not target.is_file()):
        raise UsageError(f"{target} is {'the database itself' if target.is_file() else 'not a regular file'}", code="output_exists")
    if target.exists() and not replace:
        raise UsageError(f"{target} exists; --force writes over it", code="output_exists")


@contextmanager
def in_place_of(target: Path) -> Iterator[Path]:
    """Give the name to write to; what stands there takes the target's place when the block ends well, and is gone when it does not."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(target)
    finally:
        for leftover in (part, part.with_name(f"{part.name}-journal")):  # the second is SQLite's
            leftover.unlink(missing_ok=True)


@contextmanager
def written(name: str, *, to_pipe: bool = False) -> Iterator[None]:
    """Turn what the system says while `name` is written into a StoreError (`store_full`, `store_failed`).

    What it says of a pipe is passed on, but for a full disk: a reader that has gone away is the command's matter.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise StoreError(f"{name} cannot grow: the disk is full", code="store_full") from error
        if to_pipe:
            raise
        raise StoreError(f"{name} cannot be written: {(error.strerror or str(error)).lower()}", code="store_failed") from error
