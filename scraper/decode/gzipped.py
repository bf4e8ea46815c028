"""What is inside a gzip file given as content (RFC 1952)? Damaged and oversized files give what could be read; nothing raises.

HTTP's Content-Encoding is the business of `fetch`, which must know about truncation; here a saved or served `.gz` is merely opened.
"""

import zlib
from collections.abc import Iterable, Iterator
from itertools import chain

__all__ = ["GZIP", "MAX_BYTES", "gunzipped", "gunzipped_pieces"]

MAX_BYTES = 52_428_800  # of output: five times the largest page a policy lets through, and the size limit of a sitemap (sitemaps.org)
GZIP = b"\x1f\x8b"
_GZIP_WINDOW = 31  # zlib's way to say "gzip header, largest window"
_CHUNK = 16_384  # input bytes a step: what a damaged spot can cost
_PIECE = 65_536  # bytes of output at a time
_MAX_MEMBERS = 10_000  # 500,000 empty members fit in a 10 MB body, and each costs some 10 µs to open
_MAX_LAYERS = 2  # a .gz sitemap that the server compressed once more


def gunzipped(content: bytes, *, max_bytes: int = MAX_BYTES) -> bytes:
    """Unpack gzip, all members, at most `max_bytes`; give anything else, and gzip in which nothing is readable, back as it is."""
    for _ in range(_MAX_LAYERS):
        if not content.startswith(GZIP):
            break
        content = _unpacked(content, max_bytes) or content
    return content


def gunzipped_pieces(pieces: Iterable[bytes], *, max_bytes: int = MAX_BYTES) -> Iterator[bytes]:
    """Unpack gzip as it comes, all members, at most some `max_bytes`; give anything else as it is. What cannot be read ends it."""
    pieces = iter(pieces)
    first = next(pieces, b"")
    for _ in range(_MAX_LAYERS):
        if not first.startswith(GZIP):
            break
        pieces = _unpacked_pieces(chain((first,), pieces), max_bytes)
        first = next(pieces, b"")
    yield first
    yield from pieces


def _unpacked_pieces(pieces: Iterable[bytes], max_bytes: int) -> Iterator[bytes]:
    unpacker, members, left = zlib.decompressobj(_GZIP_WINDOW), 1, max_bytes
    for piece in pieces:
        rest = piece
        while rest and left > 0:
            if unpacker.eof:
                if members >= _MAX_MEMBERS or not GZIP.startswith(rest[: len(GZIP)]):
                    return
                unpacker, members = zlib.decompressobj(_GZIP_WINDOW), members + 1
            try:
                found = unpacker.decompress(rest, _PIECE)
            except zlib.error:
                return
            if found:
                yield found
            left -= len(found)
            rest = unpacker.unconsumed_tail or unpacker.unused_data


def _unpacked(content: bytes, max_bytes: int) -> bytes:
    output = bytearray()
    at = 0
    for _ in range(_MAX_MEMBERS):
        if len(output) >= max_bytes or not content.startswith(GZIP, at):
            break
        at = _read_member(content, at, output, max_bytes)
    return bytes(output)


def _read_member(content: bytes, at: int, output: bytearray, max_bytes: int) -> int:
    """Append the member that starts at `at` to `output`; give where the next one starts."""
    unpacker = zlib.decompressobj(_GZIP_WINDOW)
    for start in range(at, len(content), _CHUNK):
        end = min(start + _CHUNK, len(content))
        try:
            output += unpacker.decompress(content[start:end], max_bytes - len(output))
        except zlib.error:
            break
        if unpacker.eof:
            return end - len(unpacker.unused_data)
        if len(output) >= max_bytes:
            break
    return len(content)
