"""What can go wrong, as a tree of exceptions with stable codes; what is done about it is left to the pipeline and the command line.

    ScraperError
    ├── SourcesError         sources.yaml cannot be used: every problem in it, listed at once
    ├── UsageError           the command line asks for something that does not exist
    ├── FetchError           one URL could not be fetched
    │   ├── AddressDenied    not http(s), or a private, loopback, link-local or metadata address
    │   ├── RobotsDenied     robots.txt says no, or could not be read and so says "wait"
    │   ├── HostResting      the host kept failing and is left alone for a while
    │   ├── NetworkError     DNS, connection, TLS, time-out, protocol
    │   ├── BadStatus        the server answered with something other than the page
    │   ├── RedirectError    a loop, too many, or a redirect without a target
    │   ├── BodyError        too large, cut short, or compressed in a way that cannot be undone
    │   └── NotAPage         bytes that are no web page, feed or text, whatever the header says
    ├── ListingError         a feed or sitemap that holds no readable entry
    ├── RenderError          a page's scripts could not be run
    ├── ExtractionError      the worker that extracts died, ran out of memory or out of time
    ├── WorkerError          no worker can be started at all, or a batch has none left: nothing can be read
    ├── InternalError        a fault of ours, caught at the boundary around one URL
    ├── ArchiveError         the archive cannot be written, or a page in it cannot be read
    └── StoreError           the database cannot be opened, read or written

A code is part of the database's public contract (`fetches.outcome`): it is added, never renamed.
"""

from collections.abc import Sequence
from typing import Any

__all__ = [
    "AddressDenied",
    "ArchiveError",
    "BadStatus",
    "BodyError",
    "ExtractionError",
    "FetchError",
    "HostResting",
    "InternalError",
    "ListingError",
    "NetworkError",
    "NotAPage",
    "RedirectError",
    "RenderError",
    "RobotsDenied",
    "ScraperError",
    "SourcesError",
    "StoreError",
    "UsageError",
    "WorkerError",
]


class ScraperError(Exception):
    """Anything this package raises on purpose.

    `code` is stable and stored; `retryable` says whether the same call may succeed later; `url` is what it is about, if anything.
    """

    def __init__(self, message: str, *, code: str, url: str | None = None, retryable: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.url = url
        self.retryable = retryable

    def __str__(self) -> str:
        """Give the one sentence a person reads."""
        return self.message

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy and pickle by attributes: exceptions are otherwise made anew from `args`, which know no keyword arguments."""
        return type(self).__new__, (type(self), *self.args), self.__dict__


class SourcesError(ScraperError):
    """The sources file cannot be used; `problems` holds one line each, with its path: `sources[3].feeds[0]: not a URL`."""

    def __init__(self, path: str, problems: Sequence[str]) -> None:
        count = len(problems)
        super().__init__(f"{path}: {count} problem{'s' if count != 1 else ''}", code="bad_sources")
        self.path = path
        self.problems = tuple(problems)


class UsageError(ScraperError):
    """The caller asks for something that does not exist or does not fit: an unknown source, a query that cannot be parsed."""

    def __init__(self, message: str, *, code: str = "usage") -> None:
        super().__init__(message, code=code)


class FetchError(ScraperError):
    """One URL could not be fetched. `elapsed_ms` and `attempts` tell what the failure cost."""

    def __init__(
        self, message: str, *, code: str, url: str, retryable: bool = False, status: int | None = None, retry_after_s: float | None = None
    ) -> None:
        super().__init__(message, code=code, url=url, retryable=retryable)
        self.status = status
        self.retry_after_s = retry_after_s
        self.elapsed_ms = 0
        self.attempts = 1


class AddressDenied(FetchError):
    """Codes `scheme_denied`, `address_denied`, `bad_url`: decided by the guard before any packet is sent."""


class RobotsDenied(FetchError):
    """Codes `robots_denied` (final) and `robots_unavailable` (RFC 9309 2.3.1.4: unreachable means wait; retryable)."""


class HostResting(FetchError):
    """Code `host_resting`: retryable, decided before anything is sent; `retry_after_s` says for how long."""


class NetworkError(FetchError):
    """Codes `dns_failure`, `connect_failed`, `tls_failure`, `timeout`, `connection_lost`, `protocol_error`."""


class BadStatus(FetchError):
    """Code `http_NNN`; retryable for 408, 425, 429 and 5xx; `retry_after_s` when the server named a wait."""


class RedirectError(FetchError):
    """Codes `redirect_loop`, `too_many_redirects`, `bad_redirect`."""


class BodyError(FetchError):
    """Codes `too_large`, `truncated_body`, `bad_content_encoding`, `empty_body`."""


class NotAPage(FetchError):
    """Code `not_a_page`: a PDF, an image, an archive; named in the message."""


class ListingError(ScraperError):
    """Code `not_a_listing`: the feed or sitemap holds no readable entry and is none by its shape."""

    def __init__(self, message: str, *, url: str) -> None:
        super().__init__(message, code="not_a_listing", url=url)


class RenderError(ScraperError):
    """Codes `no_browser`, `render_timeout`, `render_failed`, `render_too_large`: the page is read as it was fetched."""


class ExtractionError(ScraperError):
    """Codes `extract_timeout`, `extract_memory`, `extract_crashed`: the page cost its worker; nothing else was lost."""


class WorkerError(ScraperError):
    """Code `no_workers`: no worker starts, is left or can be reached: no page can be read. It ends the command, and is nobody's fault."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="no_workers", retryable=True)


class InternalError(ScraperError):
    """Code `internal`: an exception nobody expected, kept with its traceback in the log and in the database."""

    def __init__(self, message: str, *, url: str | None = None) -> None:
        super().__init__(message, code="internal", url=url)


class ArchiveError(ScraperError):
    """Codes `archive_full`, `archive_failed`: nothing more can be written; `archive_missing`, `archive_unreadable`,
    `archive_damaged`: a page cannot be read.
    """


class StoreError(ScraperError):
    """Codes `store_missing`, `store_locked`, `store_readonly`, `not_a_database`, `store_newer`, `store_older`, `store_full`,
    `store_failed`.

    `store_older`: reading never migrates, so a database of an earlier release is refused until something writes to it.
    """
