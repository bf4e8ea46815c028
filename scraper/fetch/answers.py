"""What does a response mean: the page, "not modified", go elsewhere, or a failure with a name? Pure, once the bytes are there."""

from dataclasses import dataclass
from datetime import datetime

from scraper import urls
from scraper.decode import gunzipped, kind
from scraper.errors import BadStatus, BodyError, NotAPage, RedirectError
from scraper.fetch import body
from scraper.fetch.client import Answer
from scraper.fetch.guard import Target
from scraper.fetch.spill import Spill
from scraper.politeness import retry_after_s, server_time
from scraper.records import NotModified, Page, Validators

__all__ = ["Received", "asked_wait_s", "check_kind", "page", "redirect"]

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NOT_MODIFIED = 304
_PARTIAL = 206  # never asked for, so never whole
_WORTH_REPEATING = frozenset({408, 425, 429})  # RFC 9110 15.5.9, RFC 8470 5.2, RFC 6585 4; and every 5xx
_SERVER_ERRORS = range(500, 600)
_OK = range(200, 300)
_READABLE = frozenset({"html", "json", "text", "xml"})
_PEEK_BYTES = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """An answer, where it came from, and what is needed to say what it means; `any_content` holds for robots.txt and a page's parts."""

    answer: Answer
    target: Target
    requested_url: str
    at: datetime
    limit: body.Limit
    validators: Validators | None = None
    any_content: bool = False
    spill: Spill | None = None


def redirect(answer: Answer, target: Target) -> str | None:
    """Give the URL that the answer sends us to (RFC 9110 15.4), or `None`; raise RedirectError `bad_redirect` if it names none."""
    if answer.status not in _REDIRECTS:
        return None
    location = next((value for name, value in answer.headers if name == "location"), "")
    found = urls.join(target.url, _utf8(location)) if location.strip() else None
    if found is None:
        raise RedirectError(f"{target.url} redirects to {location[:200]!r}, which is no URL", code="bad_redirect", url=target.url)
    return found


def asked_wait_s(answer: Answer, at: datetime) -> float | None:
    """Give the seconds for which Retry-After asks to be left alone, if it does; a date in it is meant by the server's own clock."""
    return retry_after_s(answer.header("retry-after"), server_time(answer.header("date"), at))


def page(received: Received) -> Page | NotModified:
    """Give the page, decompressed; raise BadStatus, BodyError or NotAPage for everything that is none."""
    answer, url = received.answer, received.target.url
    if answer.status == _NOT_MODIFIED and received.validators not in {None, Validators()}:
        return NotModified(url=received.requested_url, fetched_at=received.at)
    if answer.status not in _OK or answer.status == _PARTIAL:
        raise _bad_status(received)
    spill = received.spill
    content = body.content(answer.raw, answer.header("content-encoding"), limit=received.limit, url=url, spill=spill)
    overflow = spill.overflow if spill else None
    if not received.any_content and overflow is None:
        check_kind(content, url)
    return Page(
        url=url,
        requested_url=received.requested_url,
        status=answer.status,
        headers=answer.headers,
        content=content,
        fetched_at=received.at,
        overflow=overflow,
    )


def _bad_status(received: Received) -> BadStatus:
    answer, url = received.answer, received.target.url
    return BadStatus(
        f"{url} answered with status {answer.status}",
        code=f"http_{answer.status}",
        url=url,
        retryable=answer.status in _WORTH_REPEATING or answer.status in _SERVER_ERRORS,
        status=answer.status,
        retry_after_s=asked_wait_s(answer, received.at),
    )


def check_kind(content: bytes, url: str) -> None:
    """Refuse what is empty (BodyError) or no page, feed or text (NotAPage), whatever its header says."""
    found = kind(content)
    if found == "gzip":
        found = kind(gunzipped(content, max_bytes=_PEEK_BYTES))
    if found == "empty":
        raise BodyError(f"{url} is empty", code="empty_body", url=url, retryable=True)
    if found not in _READABLE:
        raise NotAPage(f"{url} is no page but {'an' if found[0] in 'ai' else 'a'} {found} file", code="not_a_page", url=url)


def _utf8(value: str) -> str:
    """Read a header as UTF-8 where it is, as browsers read Location."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return value
