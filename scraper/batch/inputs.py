"""Which files does a batch read? Those that are named, found by a pattern, listed in a file, or below a folder, here or far away."""

import gzip
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import Any, Final, NamedTuple

from scraper.batch.places import filesystem, is_local, named, opened, translated
from scraper.errors import ArchiveError, ScraperError, UsageError

__all__ = ["Input", "Missing", "inputs"]

SUFFIXES: Final = (".warc", ".warc.gz", ".warc.zst", ".wet", ".wet.gz", ".wet.zst", ".arc.gz")
LISTS: Final = (".paths", ".paths.gz", ".txt")
LIST_MARK: Final = "@"
LIST_BYTES: Final = 200_000_000  # a list of a year's files has a tenth of that
PATTERN: Final = frozenset("*?[")
STAMPS: Final = ("ETag", "etag")


class Input(NamedTuple):
    """A file: its address, its size in bytes if that is known, and what tells this content from another that it may have later."""

    place: str
    size: int | None
    stamp: str


class Missing(NamedTuple):
    """An input that cannot be read, and why."""

    place: str
    code: str
    message: str


def inputs(words: Iterable[str], *, allow_private: bool = False) -> Iterator[Input | Missing]:
    """Give the files that are meant by what the command was given, each once, in order. Raises UsageError.

    A word is a file, a pattern (`crawl/*.warc.gz`), a folder or prefix, or, as `@FILE` or `FILE.paths`, a list of such words, one a line.
    """
    seen: set[str] = set()
    for word in words:
        for found in _meant(word, allow_private=allow_private):
            if found.place not in seen:
                seen.add(found.place)
                yield found


def _meant(word: str, *, allow_private: bool) -> Iterator[Input | Missing]:
    if word.startswith(LIST_MARK) or word.endswith((".paths", ".paths.gz")):
        place = named(word.removeprefix(LIST_MARK))
        for line in _lines(place, allow_private=allow_private):
            yield from _found(_beside(line, place), allow_private=allow_private, must_be=False)
        return
    yield from _found(named(word), allow_private=allow_private, must_be=True)


def _found(place: str, *, allow_private: bool, must_be: bool) -> Iterator[Input | Missing]:
    """Give the files of one address; `must_be` says that it is a mistake on the command line if there is none."""
    try:
        with translated(place):
            store, path = filesystem(place, allow_private=allow_private)
            many = PATTERN.intersection(path) or place.endswith("/") or (not _is_file(path) and store.isdir(path))
            if not many:
                yield _input(place, store.info(path))
                return
            names = _globbed(store, path) if PATTERN.intersection(path) else _below(store, path)
    except ScraperError as error:
        if must_be:
            raise UsageError(error.message, code="no_input") from error
        yield Missing(place, error.code, error.message)
        return
    if not names and must_be:
        raise UsageError(f"there is no WARC file at {place}", code="no_input")
    yield from (_input(_address(store, place, name), info) for name, info in sorted(names.items()))


def _globbed(store: Any, path: str) -> dict[str, Any]:
    return {name: info for name, info in store.glob(path, detail=True).items() if info["type"] == "file"}


def _below(store: Any, path: str) -> dict[str, Any]:
    return {name: info for name, info in store.find(path, detail=True).items() if _is_file(name)}


def _is_file(path: str) -> bool:
    return path.partition("?")[0].endswith(SUFFIXES)


def _input(place: str, info: Any) -> Input:
    if info.get("type") == "directory":
        raise ArchiveError(f"{place} is a folder", code="archive_unreadable")
    tag = next((str(info[name]).strip('"') for name in STAMPS if info.get(name)), "")
    return Input(place, info.get("size"), f"{info.get('size')} {tag}".strip())


def _address(store: Any, place: str, name: str) -> str:
    """Give the address of a file that was found at one with a pattern or below one that is a folder."""
    return name if is_local(place) or "://" in name else str(store.unstrip_protocol(name))


def _lines(place: str, *, allow_private: bool) -> Iterator[str]:
    """Read a list: an address a line; empty lines and those that begin with # are passed over. Raises UsageError."""
    try:
        with translated(place), closing(opened(place, allow_private=allow_private)) as file:
            content = file.read(LIST_BYTES)
            text = (gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content).decode("utf-8")
    except ScraperError as error:
        raise UsageError(f"the list {error.message}", code="no_input") from error
    except (ValueError, EOFError) as error:
        raise UsageError(f"the list {place} is no text: an address a line is expected", code="no_input") from error
    for line in text.splitlines():
        if (word := line.strip()) and not word.startswith("#"):
            yield word


def _beside(word: str, listed_in: str) -> str:
    """Give the address that a line of a list means: what is no whole one is taken from where the list is, as a person would."""
    if "://" in word or word.startswith(("/", "~")):
        return named(word)
    return f"{listed_in.rpartition('/')[0]}/{word}"
