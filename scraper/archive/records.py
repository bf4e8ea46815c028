"""How does a page stand in a WARC file? As a record of what the server answered, of the same answer again, or of the rendered document.

    response      the answer: status, headers, content, decompressed
    revisit       an answer whose content stands in an earlier record of the file
    conversion    what the page's scripts made of it, as HTML

No request is written, since a source's own headers may hold a key; and of an answer no header that opens a door. Content is written as it
was read: a header that tells how it was compressed is kept under the name that Common Crawl gives it.
"""

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from scraper.archive.original import Original
from scraper.records import RENDERED, Page

__all__ = ["OF_LENGTH", "OF_OFFSET", "REQUESTED", "SOURCE", "digest_of", "record_of", "warc_date", "warcinfo"]

VERSION: Final = "WARC/1.1"
SAME_PAYLOAD: Final = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
# Fields of our own; the standard lets readers pass over what they do not know.
SOURCE, REQUESTED = "X-Scraper-Source", "X-Scraper-Requested-URI"
OF_OFFSET, OF_LENGTH = "X-Scraper-Refers-To-Offset", "X-Scraper-Refers-To-Length"
SECRET: Final = re.compile(r"(set-)?cookie2?|.*auth.*|.*(token|secret|session|api-?key|password|csrf|xsrf).*", re.IGNORECASE)
OF_THE_WAY: Final = frozenset(
    {"content-length", "transfer-encoding", "connection", "keep-alive", "trailer"}
)  # of the connection, not the page
AS_SENT: Final = "X-Crawl-"
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]+")
_LOGIN: Final = re.compile(r"(?<=://)[^/?#@]*@")


def digest_of(page: Page) -> str:
    """Give the digest of a page's content, as WARC-Payload-Digest has it. It tells the same from another; it proves nothing."""
    return f"sha1:{base64.b32encode(hashlib.sha1(page.content, usedforsecurity=False).digest()).decode()}"


def warc_date(when: datetime) -> str:
    """Write a moment as the standard wants it: UTC, to the second."""
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def record_of(page: Page, *, file: str, offset: int, source_id: str, digest: str, original: Original | None = None) -> bytes:
    """Write a page as the record at `offset`: a revisit if its content stands in `original`, a conversion if it was rendered."""
    rendered = page.rendering == RENDERED
    head = {
        "WARC-Type": "revisit" if original else "conversion" if rendered else "response",
        "WARC-Record-ID": _record_id(file, offset),
        "WARC-Date": warc_date(page.fetched_at),
        "WARC-Target-URI": _public(page.url),
        "WARC-Payload-Digest": digest,
        "Content-Type": "text/html; charset=utf-8" if rendered else "application/http; msgtype=response",
        SOURCE: source_id,
        REQUESTED: _public(page.requested_url),
        **(_reference(file, original) if original else {}),
    }
    return _record(head, page.content if rendered else _answer(page, page.content if original is None else b""))


def warcinfo(*, file: str, software: str, when: datetime) -> bytes:
    """Write the record that opens a file: who wrote it, and in which form."""
    head = {
        "WARC-Type": "warcinfo",
        "WARC-Record-ID": _record_id(file, 0),
        "WARC-Date": warc_date(when),
        "WARC-Filename": file,
        "Content-Type": "application/warc-fields",
    }
    return _record(head, f"software: {software}\r\nformat: WARC file version 1.1\r\n".encode())


def _record_id(file: str, offset: int) -> str:
    """Give the id of the record at a place: another one wherever the record stands, and the same whenever it is asked for."""
    return f"<urn:uuid:{uuid5(NAMESPACE_URL, f'{file}#{offset}')}>"


def _record(head: Mapping[str, str], block: bytes) -> bytes:
    lines = [VERSION, *(f"{name}: {_one_line(value)}" for name, value in head.items() if value), f"Content-Length: {len(block)}", "", ""]
    return b"".join(("\r\n".join(lines).encode("utf-8", "replace"), block, b"\r\n\r\n"))


def _reference(file: str, original: Original) -> dict[str, str]:
    return {
        "WARC-Profile": SAME_PAYLOAD,
        "WARC-Refers-To": _record_id(file, original.offset),
        "WARC-Refers-To-Target-URI": _public(original.url),
        "WARC-Refers-To-Date": original.date,
        OF_OFFSET: str(original.offset),
        OF_LENGTH: str(original.length),
    }


def _answer(page: Page, content: bytes) -> bytes:
    lines = [f"HTTP/1.1 {page.status} {_phrase(page.status)}", *(f"{name}: {value}" for name, value in _headers(page)), "", ""]
    return "\r\n".join(lines).encode("latin-1", "replace") + content


def _headers(page: Page) -> Iterator[tuple[str, str]]:
    for name, value in page.headers:
        if name.lower() == "content-encoding":
            yield f"{AS_SENT}{name}", _one_line(value)
        elif name.lower() not in OF_THE_WAY and not SECRET.fullmatch(name):
            yield name, _one_line(value)
    yield "content-length", str(len(page.content))


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _public(url: str) -> str:
    return _LOGIN.sub("", url)


def _one_line(value: str) -> str:
    return _CONTROL.sub(" ", value)
