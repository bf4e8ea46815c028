"""How is a call made in a worker, and how does what came of it travel back? The part of `pipeline.workers` that runs in their processes."""

import gc
import logging
import os
import resource
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from traceback import format_exc
from typing import Any, Final, Generic, NamedTuple, TypeVar

from scraper.errors import ArchiveError, ExtractionError, InternalError, ListingError, ScraperError
from scraper.pipeline.boundary import boundary, internal_error

__all__ = ["Answer", "answered", "rebuilt", "set_limits"]

T = TypeVar("T")
SELDOM: Final = (5_000, 20, 20)  # new objects before garbage is looked for


class Answer(NamedTuple, Generic[T]):
    """What a worker sends back. An error travels as text: what a library raises may not survive pickling, and a traceback never does."""

    value: T | None = None
    error: str | None = None
    code: str | None = None
    trace: str | None = None


def answered(calls: Sequence[tuple[Callable[..., Any], tuple[Any, ...]]]) -> list[Answer[Any]]:
    """Make the calls of one task: in a worker."""
    return [_answer(function, *args) for function, args in calls]


def _answer(function: Callable[..., T], *args: Any) -> Answer[T]:
    try:
        with boundary(None):
            return Answer(value=_with_memory(function, *args))
    except ScraperError as error:
        return Answer(error=error.message, code=error.code, trace=format_exc() if isinstance(error, InternalError) else None)


def _with_memory(function: Callable[..., T], *args: Any) -> T:
    try:
        return function(*args)
    except MemoryError as error:
        raise ExtractionError("it needs more memory than a worker may use", code="extract_memory") from error


def rebuilt(answer: Answer[Any], message: str, url: str | None) -> ScraperError:
    """Make the error of an answer anew, for whoever made the call."""
    code = answer.code or ""
    if code == "not_a_listing" and url is not None:
        return ListingError(message, url=url)
    if code.startswith("archive_"):
        return ArchiveError(message, code=code, url=url)
    if code.startswith("extract_"):
        return ExtractionError(message, code=code, url=url)
    return internal_error(message, url, answer.trace)


def set_limits(memory_bytes: int) -> None:
    """Prepare a worker: no more memory than this, no core file, and an end at SIGTERM even inside a C function."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = memory_bytes if hard == resource.RLIM_INFINITY else min(memory_bytes, hard)
    with suppress(ValueError, OSError):  # macOS has the limit by name only
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # numpy otherwise maps 32 MB a core, on 64 cores more than the limit
    gc.freeze()  # what is loaded stays, and a page leaves hardly a cycle
    gc.set_threshold(*SELDOM)
    logging.getLogger().addHandler(logging.NullHandler())  # libraries' warnings are no news to the person at the terminal
