"""How do the bytes of a WARC file come out of their packing, whoever packed it? Piece by piece, in bounded memory, past all damage.

A file is plain, or gzip members or zstd frames one after another: a record each, as the standard recommends, or the whole file in one. What
it is says its first bytes, not its name. A few bytes can mean gigabytes, so output is made in small pieces.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, Final, Literal, NamedTuple, Protocol

import zstandard

__all__ = ["Broken", "Container", "Piece", "container", "pieces"]

Packing = Literal["plain", "gzip", "zstd"]
READ_BYTES: Final = 1 << 16  # at a time, of the file
MOST_BYTES: Final = 1 << 20  # at a time, of what comes out of gzip
ZSTD_READ_BYTES: Final = 256  # its decoder has no limit on output, and 4 bytes can mean 128 KiB
ZSTD_WINDOW: Final = 1 << 27  # what `zstd --long` takes; a frame that wants more is damage
GZIP_WINDOW: Final = 31  # zlib's name for the gzip format
MAGIC: Final = {"gzip": b"\x1f\x8b\x08", "zstd": b"\x28\xb5\x2f\xfd"}
SKIPPABLE: Final = b"\x2a\x4d\x18"  # the last three bytes of the magic of a zstd frame that holds no data (RFC 8878 3.1.2)
DICTIONARY: Final = b"\x5d" + SKIPPABLE  # the first frame, where records were packed with a dictionary
FRAME_HEAD: Final = struct.Struct("<4xI")
DICTIONARY_BYTES: Final = 64_000_000
BEGINNING: Final = b"WARC/"


def _inflating() -> Any:
    """Give ISA-L, an extra (`scraper[batch]`), or zlib: the same, in .15 or .33 ms a page of 160 kB."""
    try:
        from isal import isal_zlib
    except ImportError:
        return zlib
    return isal_zlib


INFLATING: Final = _inflating()
DAMAGE: Final[tuple[type[Exception], ...]] = (zlib.error, INFLATING.error, zstandard.ZstdError)


class Container(NamedTuple):
    """How a file is packed. `dictionary` is what its zstd frames need."""

    packing: Packing
    dictionary: bytes | None = None


class Piece(NamedTuple):
    """Bytes of the stream. `begins` is the place in the file where the member begins whose first bytes these are.

    `ends` is the place where one ends whose last bytes these are. In a plain file both are the places of the piece itself.
    """

    data: bytes
    begins: int | None = None
    ends: int | None = None


class Broken(NamedTuple):
    """Here bytes of the file, from `offset`, cannot be unpacked. The next piece, if there is one, begins a member further on."""

    offset: int
    reason: str


class Undo(Protocol):
    """Unpacks one member."""

    def feed(self, data: memoryview) -> tuple[bytes, memoryview]:
        """Give some of what comes out, and what is left of the input. Empty input asks for what is still to come out."""

    @property
    def is_done(self) -> bool:
        """Tell whether the member has ended."""

    @property
    def is_hungry(self) -> bool:
        """Tell whether nothing more comes out without more input."""


def container(file: BinaryIO, name: str) -> Container:
    """Tell how a file is packed by its first bytes, or, where these say nothing, by its name. Raises OSError."""
    file.seek(0)
    head = file.read(FRAME_HEAD.size)
    if head.startswith(DICTIONARY):
        return Container("zstd", _dictionary(file.read(min(FRAME_HEAD.unpack(head)[0], DICTIONARY_BYTES))))
    if head.startswith(MAGIC["zstd"]) or head[1:4] == SKIPPABLE:
        return Container("zstd")
    if head.startswith(MAGIC["gzip"]):
        return Container("gzip")
    if not head.startswith(BEGINNING):
        by_name: dict[str, Packing] = {".gz": "gzip", ".zst": "zstd"}
        return next((Container(packing) for suffix, packing in by_name.items() if name.endswith(suffix)), Container("plain"))
    return Container("plain")


def pieces(file: BinaryIO, packed: Container, start: int) -> Iterator[Piece | Broken]:
    """Give what a file holds from a place on where a member begins, with what cannot be unpacked named in its place. Raises OSError."""
    file.seek(start)
    if packed.packing == "plain":
        while data := file.read(READ_BYTES):
            yield Piece(data, start, start := start + len(data))
        return
    members = _Members(file, packed, start)
    while (found := members.next_piece()) is not None:
        yield found


class _Members:
    """Unpacks one member after another."""

    def __init__(self, file: BinaryIO, packed: Container, start: int) -> None:
        self._file = file
        self._packed = packed
        self._data = memoryview(b"")
        self._at = start  # the place of `_data` in the file
        self._undo: Undo | None = None
        self._begins: int | None = None
        self._opened = start

    def next_piece(self) -> Piece | Broken | None:
        while True:
            if self._undo is None and not self._opens():
                return None
            try:
                piece = self._unpacked()
            except DAMAGE:
                return self._broken("it cannot be unpacked")
            if piece is None:
                return self._broken("it ends in the middle")
            if piece.data or piece.ends is not None:
                return piece

    def _opens(self) -> bool:
        """Begin with the next member, if the file has one."""
        if not self._filled():
            return False
        while self._packed.packing == "zstd" and bytes(self._data[1:4]) == SKIPPABLE and len(self._data) >= FRAME_HEAD.size:
            self._go_to(self._at + FRAME_HEAD.size + FRAME_HEAD.unpack_from(self._data)[0])
            if not self._filled():
                return False
        self._undo, self._begins, self._opened = _undo(self._packed), self._at, self._at
        return True

    def _unpacked(self) -> Piece | None:
        """Give the next piece of the member; None if the file ends before it."""
        undo = self._undo
        if undo is None or (undo.is_hungry and not self._filled()):
            return None
        data, rest = undo.feed(self._data)
        self._at += len(self._data) - len(rest)
        self._data = rest
        begins = self._begins if data else None
        if data:
            self._begins = None
        if undo.is_done:
            self._undo = None
        return Piece(data, begins, self._at if undo.is_done else None)

    def _filled(self) -> bool:
        if not self._data:
            self._data = memoryview(self._file.read(READ_BYTES))
        return bool(self._data)

    def _go_to(self, place: int) -> None:
        self._file.seek(place)
        self._at, self._data = place, memoryview(b"")

    def _broken(self, reason: str) -> Broken:
        """Name the damage, and go to the next place where a record begins with a member."""
        offset, self._undo = self._opened, None
        found = _next_beginning(self._file, self._packed, offset + 1)
        self._go_to(self._file.seek(0, 2) if found is None else found)
        return Broken(offset, reason)


class _Gzip:
    def __init__(self) -> None:
        self._member: Any = INFLATING.decompressobj(GZIP_WINDOW)
        self.is_hungry = True

    @property
    def is_done(self) -> bool:
        return bool(self._member.eof)

    def feed(self, data: memoryview) -> tuple[bytes, memoryview]:
        out = self._member.decompress(data, MOST_BYTES)
        rest = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
        self.is_hungry = len(out) < MOST_BYTES
        return out, data[len(data) - len(rest) :]


class _Zstd:
    is_hungry = True

    def __init__(self, dictionary: bytes | None) -> None:
        known = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
        self._frame: Any = zstandard.ZstdDecompressor(dict_data=known, max_window_size=ZSTD_WINDOW).decompressobj()

    @property
    def is_done(self) -> bool:
        return bool(self._frame.eof)

    def feed(self, data: memoryview) -> tuple[bytes, memoryview]:
        given = min(len(data), ZSTD_READ_BYTES)
        out = self._frame.decompress(data[:given])
        return out, data[given - len(self._frame.unused_data if self._frame.eof else b"") :]


def _undo(packed: Container) -> Undo:
    return _Gzip() if packed.packing == "gzip" else _Zstd(packed.dictionary)


def _dictionary(data: bytes) -> bytes:
    """Give a dictionary, which may itself be packed."""
    if not data.startswith(MAGIC["zstd"]):
        return data
    try:
        unpacked: bytes = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW).decompress(data, max_output_size=DICTIONARY_BYTES)
    except zstandard.ZstdError:
        return data
    return unpacked


def _next_beginning(file: BinaryIO, packed: Container, start: int) -> int | None:
    """Give the next place where bytes look like the beginning of a member, and what comes out of them like that of a record."""
    magic = MAGIC[packed.packing]
    file.seek(start)
    before = b""
    while piece := file.read(READ_BYTES):
        window = before + piece
        at = -1
        while (at := window.find(magic, at + 1)) >= 0:
            place = start - len(before) + at
            if _holds_record(file, packed, place):
                return place
        start += len(piece)
        before = window[1 - len(magic) :]
        file.seek(start)
    return None


def _holds_record(file: BinaryIO, packed: Container, place: int) -> bool:
    file.seek(place)
    undo, out, rest = _undo(packed), b"", memoryview(file.read(READ_BYTES))
    try:
        while rest and len(out) < len(BEGINNING) and not undo.is_done:
            more, rest = undo.feed(rest)
            out += more
    except DAMAGE:
        return False
    return out.startswith(BEGINNING)
