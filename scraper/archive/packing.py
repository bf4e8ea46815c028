"""How is a record packed, and where does a file end in the middle of one? One record is one member: read alone, or lost alone.

A member is one zstd frame or one gzip member, so any of them can be read without those before it, by other programs too. Packing is done
in one call that lets other threads run; what it costs is in docs/decisions/0022-archive.md.
"""

import gzip
import zlib
from collections.abc import Callable, Iterator, Mapping
from io import SEEK_END, BytesIO
from types import MappingProxyType
from typing import Any, BinaryIO, Final, Literal, NamedTuple

import zstandard

__all__ = ["FORMATS", "Compression", "Format", "Member", "format_of", "members", "unpacked", "whole_length"]

Compression = Literal["zstd", "gzip"]
ZSTD_LEVEL: Final = 3  # level 6 saves 6 % of the room for 2.7 times the time
GZIP_LEVEL: Final = 6
GZIP_WINDOW: Final = 31  # zlib's name for the gzip format
PIECE_BYTES: Final = 1 << 16  # what is read beyond a member is copied: no more of it than a member or two


class Format(NamedTuple):
    """One way to pack: how a file ends that has it, how each member begins, how one is made, and what undoes one."""

    suffix: str
    magic: bytes
    pack: Callable[[bytes], bytes]
    unpacker: Callable[[], Any]


class Member(NamedTuple):
    """A member and the record in it; without one, so many bytes that are none, or none any more."""

    offset: int
    length: int
    record: bytes | None = None


def _zstd(record: bytes) -> bytes:
    packed: bytes = zstandard.ZstdCompressor(level=ZSTD_LEVEL, write_checksum=True).compress(record)
    return packed


FORMATS: Final[Mapping[Compression, Format]] = MappingProxyType(
    {
        "zstd": Format(".warc.zst", b"\x28\xb5\x2f\xfd", _zstd, lambda: zstandard.ZstdDecompressor().decompressobj()),
        "gzip": Format(
            ".warc.gz", b"\x1f\x8b\x08", lambda record: gzip.compress(record, GZIP_LEVEL), lambda: zlib.decompressobj(GZIP_WINDOW)
        ),
    }
)


def format_of(name: str) -> Format | None:
    """Give the format that a file's name says, or None."""
    return next((form for form in FORMATS.values() if name.endswith(form.suffix)), None)


def members(file: BinaryIO, form: Format) -> Iterator[Member]:
    """Give the members of a file in order; where one is damaged, what lies between it and the next whole one, without a record."""
    damaged_from: int | None = None
    for member in _attempts(file, form):
        if member.record is None:
            damaged_from = member.offset if damaged_from is None else damaged_from
            continue
        if damaged_from is not None:
            yield Member(damaged_from, member.offset - damaged_from)
            damaged_from = None
        yield member
    if damaged_from is not None:
        yield Member(damaged_from, file.seek(0, SEEK_END) - damaged_from)


def whole_length(file: BinaryIO, form: Format) -> int:
    """Give how many bytes of a file come before its torn end: all of it, unless its writer was killed at work."""
    whole = 0
    for member in members(file, form):
        if member.record is not None:
            whole = member.offset + member.length
    return whole


def unpacked(packed: bytes, form: Format) -> bytes | None:
    """Give the record that a member holds; None if it is damaged."""
    member = next(members(BytesIO(packed), form), None)
    return member.record if member else None


def _attempts(file: BinaryIO, form: Format) -> Iterator[Member]:
    """Read members one after another; where one cannot be read, try again at each place further on that looks like the beginning of one."""
    position, piece = 0, b""
    file.seek(0)
    while piece := piece or file.read(PIECE_BYTES):
        record, length, rest = _attempt(file, form, piece)
        yield Member(position, length, record)
        if record is not None:
            position, piece = position + length, rest
            continue
        found = _next_beginning(file, form.magic, position + 1)
        if found is None:
            return
        position, piece = file.seek(found), b""


def _attempt(file: BinaryIO, form: Format, piece: bytes) -> tuple[bytes | None, int, bytes]:
    """Read one member that begins with `piece`: give its record, its length, and what was read beyond it."""
    unpacker, parts, length = form.unpacker(), [], 0
    try:
        while piece:
            parts.append(unpacker.decompress(piece))
            length += len(piece)
            if unpacker.eof:
                rest: bytes = unpacker.unused_data
                return b"".join(parts), length - len(rest), rest
            piece = file.read(PIECE_BYTES)
    except (zlib.error, zstandard.ZstdError):
        pass
    return None, length, b""


def _next_beginning(file: BinaryIO, magic: bytes, start: int) -> int | None:
    file.seek(start)
    before = b""
    while piece := file.read(PIECE_BYTES):
        if (at := (before + piece).find(magic)) >= 0:
            return start - len(before) + at
        start += len(piece)
        before = piece[1 - len(magic) :]
    return None
