"""Where do inputs and outputs lie? On a disk, in an object store or behind http(s), all of it through fsspec. Home of fsspec and aiohttp.

An http(s) address, and each that it redirects to, has to pass the same guard as a crawl's: the connection is made to an address that was
checked. Object stores are reached as their own settings say, which belong to whoever runs the batch.
"""

import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from scraper.errors import ArchiveError, ScraperError, UsageError
from scraper.fetch import guard

__all__ = ["filesystem", "is_local", "named", "opened", "translated"]

BLOCK_BYTES: Final = 4_000_000  # read ahead of what is asked for, from far away
GONE: Final = frozenset({404, 410})
HTTP: Final = ("http://", "https://")


def named(place: str) -> str:
    """Give an address that means the same wherever it is opened: a path becomes whole. Raises UsageError where it cannot be one."""
    return place if "://" in place else str(Path(place).expanduser().absolute())


def is_local(place: str) -> bool:
    """Tell whether a place is on a disk of this machine, or looks like one."""
    return "://" not in place or place.startswith(("file://", "local://"))


def filesystem(place: str, *, allow_private: bool = False) -> tuple[Any, str]:
    """Give fsspec's file system for a place, and the path there. Raises UsageError (`unknown_place`)."""
    import fsspec

    options: dict[str, Any] = {}
    if place.startswith(HTTP):
        guard.target(place, allow_private=allow_private)
        options = {"get_client": _guarded if not allow_private else _guarded_at_home, "block_size": BLOCK_BYTES}
    try:
        found, path = fsspec.url_to_fs(place, **options)
    except ImportError as error:
        raise UsageError(f"{place} cannot be reached: {error}", code="unknown_place") from error
    except ValueError as error:
        raise UsageError(f"{place} is no place that fsspec knows: {error}", code="unknown_place") from error
    return found, path


def opened(place: str, *, allow_private: bool = False) -> BinaryIO:
    """Open a file for reading; it can be read from any byte on. Raises ScraperError."""
    with translated(place):
        if is_local(place):
            return Path(place.partition("://")[2] or place).open("rb")
        found, path = filesystem(place, allow_private=allow_private)
        file: BinaryIO = found.open(path, "rb", block_size=BLOCK_BYTES, cache_type="readahead")
        return file if file.seekable() else _copied(file)


@contextmanager
def translated(place: str) -> Iterator[None]:
    """Say in one sentence what is wrong with a file: ArchiveError `archive_missing` or `archive_unreadable`."""
    try:
        yield
    except ScraperError:
        raise
    except FileNotFoundError as error:
        raise _missing(place, error) from error
    except OSError as error:
        raise _unreadable(place, error.strerror or str(error)) from error
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in {"aiohttp", "botocore", "fsspec", "s3fs"}:
            raise
        raise _unreadable(place, str(error)) from error


def _copied(file: BinaryIO) -> BinaryIO:
    """Give a copy on this machine's disk, until it is closed, of a file that its server gives in one piece only."""
    copy = tempfile.TemporaryFile()  # noqa: SIM115 - whoever reads closes it
    with file:
        shutil.copyfileobj(file, copy, BLOCK_BYTES)
    copy.seek(0)
    return cast("BinaryIO", copy)


def _missing(place: str, error: BaseException) -> ScraperError:
    """Say why a file is not to be had: fsspec calls it missing, too, when the guard refused its address or its server did."""
    reason: BaseException | None = error
    while reason is not None:
        if isinstance(reason, ScraperError):
            return reason
        status = getattr(reason, "status", None)
        if status is not None and status not in GONE:
            return _unreadable(place, f"its server answered with status {status}")
        reason = reason.__cause__ or reason.__context__
    return ArchiveError(f"{place} is not there", code="archive_missing")


def _unreadable(place: str, reason: str) -> ArchiveError:
    return ArchiveError(f"{place} cannot be read: {reason}", code="archive_unreadable", retryable=True)


async def _guarded(loop: Any, **options: Any) -> Any:
    return _client(loop, options, allow_private=False)


async def _guarded_at_home(loop: Any, **options: Any) -> Any:
    return _client(loop, options, allow_private=True)


def _client(loop: Any, options: dict[str, Any], *, allow_private: bool) -> Any:
    """Make aiohttp's client with sockets for addresses that pass the guard: asked with the very address that is connected to."""
    import aiohttp

    def made(info: Any) -> socket.socket:
        family, kind, protocol, _, (address, port, *_) = info
        guard.checked(f"http://{f'[{address}]' if ':' in address else address}:{port}/", [address], allow_private=allow_private)
        return socket.socket(family, kind, protocol)

    return aiohttp.ClientSession(loop=loop, connector=aiohttp.TCPConnector(socket_factory=made, loop=loop), **options)
