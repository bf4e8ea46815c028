"""In which characters is a listing written? The same witnesses as for a page, but one that declares nothing is UTF-8.

XML 1.0 4.3.3 and RFC 8259 8.1 say so, and most hold to it but for a few bad bytes.
"""

from collections.abc import Iterable, Iterator
from itertools import chain

from scraper.decode import Headers, as_texts, decode, gunzipped, gunzipped_pieces

__all__ = ["text_of", "texts_of"]

_HEAD_BYTES = 1_000_000  # of a listing in pieces, by which its encoding is told; nearly every sitemap is shorter than that
_UNDECLARED = frozenset({"chardet", "default"})


def text_of(content: bytes, headers: Headers) -> str:
    """Decode a listing."""
    return _read(content, headers)[0]


def texts_of(pieces: Iterable[bytes], headers: Headers) -> Iterator[str]:
    """Decode a listing that comes in pieces, so that no more than its head is held at a time."""
    pieces = gunzipped_pieces(pieces)
    head = b""
    for piece in pieces:
        head += piece
        if len(head) >= _HEAD_BYTES:
            break
    else:
        yield text_of(head, headers)
        return
    texts = as_texts(chain((head,), pieces), _read(head, headers)[1])
    del head
    yield next(texts, "").removeprefix("\ufeff")
    yield from texts


def _read(content: bytes, headers: Headers) -> tuple[str, str]:
    """Give the text and the name of its encoding."""
    found = decode(content, headers)
    if found.signal in _UNDECLARED:
        text = gunzipped(content).decode("utf-8", "replace")
        if text.count("\ufffd") * 3 <= sum(character > "\x7f" for character in text):
            return text, "utf-8"
    return found.text, found.encoding
