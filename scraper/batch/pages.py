"""Which page does a record of any WARC file hold? The same `Page` as a fetch would have given, or the error that it would have ended in.

What a record says of itself is believed as far as its bytes agree: archives are full of answers whose headers tell of a compression that
was undone before they were written.
"""

from datetime import UTC, datetime
from typing import Final

from scraper.archive.cutting import Raw, fields
from scraper.errors import ArchiveError, BadStatus, BodyError, ScraperError
from scraper.fetch.answers import check_kind
from scraper.fetch.body import Limit, content
from scraper.records import Page

__all__ = ["MOST_BYTES", "fetched_at_of", "is_page", "page_of", "place_of_original", "source_of", "url_of"]

MOST_BYTES: Final = 10_000_000  # of a page: what a crawl takes, too
PAGES: Final = frozenset({"response", "revisit", "conversion", "resource"})
SOURCE, REQUESTED = "x-scraper-source", "x-scraper-requested-uri"  # fields of our own archive
OF_OFFSET, OF_LENGTH = "x-scraper-refers-to-offset", "x-scraper-refers-to-length"
RENDERED: Final = "rendered"
OK: Final = range(200, 300)
PARTIAL: Final = 206
BEGINNINGS: Final = {"gzip": b"\x1f\x8b", "x-gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}
LONGEST_CHUNK_LINE: Final = 100
HTTP: Final = b"HTTP/"
USUAL_HEAD: Final = 8_192  # bytes


def is_page(raw: Raw) -> bool:
    """Tell whether a record holds what a server answered, or a text made of it; requests, metadata and look-ups of names do not."""
    return raw.head.get("warc-type", "").lower() in PAGES and not raw.head.get("content-type", "").startswith("text/dns")


def place_of_original(raw: Raw) -> tuple[int, int] | None:
    """Give where in the same file the content of a revisit stands: the offset and length of a member. Raises ScraperError."""
    if raw.head.get("warc-type", "").lower() != "revisit":
        return None
    offset, length = raw.head.get(OF_OFFSET, ""), raw.head.get(OF_LENGTH, "")
    if not offset.isdecimal() or not length.isdecimal() or int(offset) >= raw.offset or int(length) > MOST_BYTES:
        raise _damaged("its content stands in a record elsewhere", url_of(raw))
    return int(offset), int(length)


def url_of(raw: Raw) -> str | None:
    """Give the address of a record, if it names one."""
    return raw.head.get("warc-target-uri", "").strip("<> \t") or None


def source_of(raw: Raw) -> str | None:
    """Give the source for which a page of our own archive was fetched."""
    return raw.head.get(SOURCE) or None


def fetched_at_of(raw: Raw) -> datetime | None:
    """Give when a record was fetched, if it says so."""
    try:
        when = datetime.fromisoformat(raw.head.get("warc-date", ""))
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def page_of(raw: Raw, original: Raw | None = None) -> Page:
    """Give the page of a record; `original` is the one that holds the content of a revisit. Raises ScraperError."""
    url, when = url_of(raw), fetched_at_of(raw)
    if url is None or when is None:
        raise _damaged("it names no address" if url is None else "it has no date", url)
    if not url.lower().startswith(("http://", "https://")):
        raise ArchiveError(f"{url[:200]} is no address of a page", code="bad_url", url=url)
    status, headers, body = _answer(raw, url)
    if original is not None:
        body = _answer(original, url)[2]
    if status not in OK or status == PARTIAL:
        raise BadStatus(f"{url} answered with status {status}", code=f"http_{status}", url=url, status=status)
    _refuse_parts((raw, original) if original else (raw,), url)
    body = _decoded(body, headers, url)
    check_kind(body, url)
    ours = SOURCE in raw.head
    rendered = ours and raw.head.get("warc-type", "").lower() == "conversion"
    return Page(
        url=url,
        requested_url=raw.head.get(REQUESTED) or url,
        status=status,
        headers=headers,
        content=body,
        fetched_at=when,
        rendering=RENDERED if rendered else None,
    )


def _refuse_parts(records: tuple[Raw, ...], url: str) -> None:
    """Refuse pages of which there is only the beginning, as fetching does."""
    for raw in records:
        if raw.size > len(raw.block):
            raise BodyError(f"{url} is larger than {MOST_BYTES:,} bytes", code="too_large", url=url)
        if cut := raw.head.get("warc-truncated"):
            raise BodyError(f"{url} was cut short when it was archived ({cut[:40]})", code="truncated_body", url=url)


def _answer(raw: Raw, url: str) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    """Give status, headers and body. A record that holds no answer but a document itself says of which type it is."""
    label = raw.head.get("content-type", "")
    if bytes(raw.block[: len(HTTP)]) != HTTP:
        if label.startswith("application/http"):
            raise _damaged("it holds no answer of a server", url)
        return OK[0], (("content-type", label),), bytes(raw.block)
    head, line_end, body = _parted(raw.block)
    first, _, lines = head.partition(line_end)
    words = first.split(None, 2)
    if len(words) < 2 or not words[1].isdigit():  # noqa: PLR2004 - protocol and status
        raise _damaged("its first line is none of a server's", url)
    return int(words[1]), tuple(fields(lines, "latin-1").items()), body


def _parted(block: memoryview) -> tuple[bytes, bytes, bytes]:
    """Give an answer's head, what ends its lines, and its body; of a body that follows a head of usual size there is one copy."""
    near = bytes(block[:USUAL_HEAD])
    at = near.find(b"\r\n\r\n")
    if 0 <= at < len(block) - 4:
        return near[:at], b"\r\n", bytes(block[at + 4 :])
    whole = bytes(block)
    head, _, body = whole.partition(b"\r\n\r\n")
    if not body and b"\n\n" in head:
        head, _, body = whole.partition(b"\n\n")
        return head, b"\n", body
    return head, b"\r\n", body


def _decoded(body: bytes, headers: tuple[tuple[str, str], ...], url: str) -> bytes:
    """Undo the ways in which an answer was sent, where they were not undone before."""
    named = dict(headers)
    if "chunked" in named.get("transfer-encoding", "").lower():
        joined = _joined(body)
        body = body if joined is None else joined
    coding = named.get("content-encoding", "").strip().lower()
    if not coding or not body.startswith(BEGINNINGS.get(coding, b"")):
        return body
    try:
        return content(body, coding, limit=Limit(max_bytes=MOST_BYTES), url=url)
    except BodyError as error:
        if error.code == "bad_content_encoding" and coding not in BEGINNINGS:
            return body  # nothing at its beginning would have told
        raise


def _joined(body: bytes) -> bytes | None:
    """Join a body's chunks (RFC 9112 7.1); None if it is not made of chunks."""
    parts: list[bytes] = []
    at = 0
    while (end := body.find(b"\r\n", at, at + LONGEST_CHUNK_LINE)) >= 0:
        try:
            size = int(body[at:end].partition(b";")[0], 16)
        except ValueError:
            return None
        if size < 0:
            return None
        if size == 0:
            return b"".join(parts)
        parts.append(body[end + 2 : end + 2 + size])
        at = end + 2 + size + 2
    return b"".join(parts) if parts and at >= len(body) else None


def _damaged(reason: str, url: str | None) -> ScraperError:
    return ArchiveError(f"a record cannot be read: {reason}", code="archive_damaged", url=url)
