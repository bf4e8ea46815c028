"""What did the server send once HTTP's compression is undone, and is it all there and no more than we take? Bytes in, bytes out.

Home of brotli and zstandard. Output is made in small pieces and counted while it is made: a bomb costs one piece more than the limit.
(httpx inflates 1 GB at a go and stops after the first member of a gzip file; see docs/decisions/0006-http-client.md.)
"""

import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal

import brotli  # type: ignore[import-untyped]
import zstandard

from scraper.errors import BodyError
from scraper.fetch.spill import Spill

__all__ = ["ACCEPT_ENCODING", "Limit", "content"]

ACCEPT_ENCODING = "gzip, deflate, br, zstd"

_PIECE = 65_536  # bytes of output, and of input, at a time
_ZSTD_PIECE = 256  # bytes of input: its decoder has no limit on output, and 4 bytes can mean 128 KiB
_ZSTD_WINDOW = 8 << 20  # RFC 9659: what a decoder has to support on the web
_MAX_MEMBERS = 1_000  # of one stream; 500,000 empty ones fit in 10 MB, and no page has more than a few
_MAX_CODINGS = 3
_GZIP_WINDOW, _ZLIB_WINDOW, _RAW_WINDOW = 31, 15, -15  # zlib's names for the three formats

_Chunks = Iterator[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How many bytes of content are taken, and whether more is refused (a page) or left off (a robots.txt)."""

    max_bytes: int
    excess: Literal["refuse", "cut"] = "refuse"

    def too_large(self, url: str) -> BodyError:
        """Give the error for a body beyond the limit."""
        return BodyError(f"{url} is larger than {self.max_bytes:,} bytes", code="too_large", url=url)


def content(raw: bytes, content_encoding: str | None, *, limit: Limit, url: str, spill: Spill | None = None) -> bytes:
    """Undo Content-Encoding (RFC 9110 8.4), the last coding first; what is no coding we know ("utf-8", "none") is taken as no coding.

    With a `spill` all of what is beyond the limit goes there, and nothing is given.
    Raises BodyError: `too_large`, `truncated_body` (retryable), `bad_content_encoding`.
    """
    if not raw:
        return b""
    codings = [_CODINGS[name] for name in _names(content_encoding) if name in _CODINGS] if content_encoding else []
    if not codings and len(raw) <= limit.max_bytes:
        return raw  # as it came, without another copy
    if len(codings) > _MAX_CODINGS:
        raise BodyError(f"{url} is compressed {len(codings)} times", code="bad_content_encoding", url=url)
    chunks: _Chunks = iter((raw,))
    for undo in reversed(codings):
        chunks = undo(chunks)
    try:
        taken = _taken(chunks, limit.max_bytes, spill, url)
    except EOFError as error:
        raise BodyError(f"{url} ends in the middle of its compressed body", code="truncated_body", url=url, retryable=True) from error
    except (ValueError, zlib.error, brotli.error, zstandard.ZstdError) as error:
        raise BodyError(f"{url} is not {content_encoding} as it says: {error}", code="bad_content_encoding", url=url) from error
    if len(taken) > limit.max_bytes and limit.excess == "refuse":
        raise limit.too_large(url)
    return taken[: limit.max_bytes]


def _names(content_encoding: str | None) -> list[str]:
    return [name.strip().lower().removeprefix("x-") for name in (content_encoding or "").split(",")]


def _taken(chunks: _Chunks, max_bytes: int, spill: Spill | None, url: str) -> bytes:
    taken = bytearray()
    for chunk in chunks:
        taken += chunk
        if len(taken) > max_bytes:
            if spill is None:
                break
            spill.take(taken, url)
            taken.clear()
    if spill and spill.overflow:
        spill.take(taken, url)
        taken.clear()
    return bytes(taken)


def _slices(chunks: Iterable[bytes], size: int) -> _Chunks:
    for chunk in chunks:
        for start in range(0, len(chunk), size):
            yield chunk[start : start + size]


def _gzip(chunks: _Chunks) -> _Chunks:
    """Undo gzip, all members (RFC 1952 2.2); what follows the last one and is no member is padding."""
    return _members(_slices(chunks, _PIECE), lambda: zlib.decompressobj(_GZIP_WINDOW), _bounded, b"\x1f")


def _deflate(chunks: _Chunks) -> _Chunks:
    """Undo deflate as the standard means it (zlib's format) and as some servers have always sent it (without zlib's header)."""
    slices = _slices(chunks, _PIECE)
    first = next(slices, b"")
    has_header = first[:1] == b"\x78" and int.from_bytes(first[:2]) % 31 == 0
    return _members(chain((first,), slices), lambda: zlib.decompressobj(_ZLIB_WINDOW if has_header else _RAW_WINDOW), _bounded, b"")


def _zstd(chunks: _Chunks) -> _Chunks:
    """Undo Zstandard, all frames, skippable ones too (RFC 8878 3)."""
    decoder = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    return _members(_slices(chunks, _ZSTD_PIECE), decoder.decompressobj, _whole, b"\x28PQRSTUVWXYZ[\\]^_")


def _members(chunks: Iterable[bytes], new: Callable[[], Any], undo: Callable[[Any, bytes], bytes], first_bytes: bytes) -> _Chunks:
    """Undo a stream of members with one decoder each; `first_bytes` are those that a further member can begin with."""
    member, members = new(), 1
    for chunk in chunks:
        rest = chunk
        while rest:
            if member.eof:
                if rest[0] not in first_bytes:
                    return
                member, members = new(), members + 1
            if members > _MAX_MEMBERS:
                raise ValueError(f"more than {_MAX_MEMBERS} members")
            yield undo(member, rest)
            rest = member.unconsumed_tail or member.unused_data
    if not member.eof:
        yield undo(member, b"")  # what the last piece had no room for
    if not member.eof:
        raise EOFError


def _bounded(member: Any, data: bytes) -> bytes:
    piece: bytes = member.decompress(data, _PIECE)
    return piece


def _whole(member: Any, data: bytes) -> bytes:
    piece: bytes = member.decompress(data)
    return piece


def _brotli(chunks: _Chunks) -> _Chunks:
    decoder = brotli.Decompressor()
    for chunk in _slices(chunks, _PIECE):
        if decoder.is_finished():
            return
        yield decoder.process(chunk, output_buffer_limit=_PIECE)
        while not decoder.is_finished() and (more := decoder.process(b"", output_buffer_limit=_PIECE)):
            yield more
    if not decoder.is_finished():
        raise EOFError


_CODINGS: dict[str, Callable[[_Chunks], _Chunks]] = {"br": _brotli, "deflate": _deflate, "gzip": _gzip, "zstd": _zstd}
