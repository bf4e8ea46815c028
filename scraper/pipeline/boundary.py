"""What becomes of an exception that nobody expected while one URL is worked on? It turns into an InternalError about that URL.

This is the package's only broad `except`. What is done about the error (a row, a line in the log, a count) is `failures`' question.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from scraper.errors import InternalError, ScraperError

__all__ = ["boundary", "internal_error"]


@contextmanager
def boundary(url: str | None) -> Iterator[None]:
    """Let a ScraperError pass and turn every other exception into an InternalError, with the original as its cause.

    It is retryable, since the next version of this program may do better. A cancellation is no `Exception` and passes too.
    """
    try:
        yield
    except ScraperError:
        raise
    except Exception as error:
        raise internal_error(f"{type(error).__name__}: {error}", url) from error


def internal_error(message: str, url: str | None, trace: str | None = None) -> InternalError:
    """Make an InternalError that may be tried again. `trace` is a traceback from another process, for the log."""
    error = InternalError(message, url=url)
    error.retryable = True
    if trace:
        error.add_note(trace)
    return error
