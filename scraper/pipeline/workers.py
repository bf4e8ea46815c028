"""Where does untrusted content meet a parser? In a worker process, with a limit on its memory and on its time.

A C parser cannot be interrupted from Python, and pages exist that cost one 22 seconds and 5 GB (docs/decisions/0010). The worker that
meets one is killed, the page gets a code, and everything else goes on. This module is the home of pebble; it knows how to call a
function elsewhere and to name what ended it, and leaves the choice of function to its callers.
"""

import asyncio
import logging
import multiprocessing
import os
import resource
import signal
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from traceback import format_exc
from types import TracebackType
from typing import Any, Final, Generic, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from scraper.errors import ExtractionError, InternalError, ListingError, ScraperError
from scraper.pipeline.boundary import boundary, internal_error

__all__ = ["Workers", "available_cores"]

T = TypeVar("T")
TASK_LIMIT_S: Final = 15.0  # 300 times what a page of 174 kB takes with the slowest extractor measured (52 ms)
MEMORY_LIMIT_BYTES: Final = 1_500_000_000  # of address space, libraries and all: about 0.2 GB is mapped before the first page
TASKS_PER_WORKER: Final = 2_000  # lxml keeps up to 1 MB of what odd pages made it allocate (trafilatura #216); a new worker has none
IN_FLIGHT_PER_WORKER: Final = 3  # one at work, one waiting in the pipe so that the worker never idles, one on its way back
PRELOADED: Final = ("scraper.pipeline.hush", "scraper.extract.article", "scraper.discover")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Generic[T]):
    """What a worker sends back. An error travels as text: what a library raises may not survive pickling, and a traceback never does."""

    value: T | None = None
    error: str | None = None
    code: str | None = None
    trace: str | None = None


class Workers:
    """A pool of worker processes that starts with its first task; a context manager."""

    def __init__(self, *, count: int | None = None, limit_s: float = TASK_LIMIT_S, memory_bytes: int = MEMORY_LIMIT_BYTES) -> None:
        self.count = count or available_cores()
        self._limit_s = limit_s
        self._memory_bytes = memory_bytes
        self._room = asyncio.Semaphore(self.count * IN_FLIGHT_PER_WORKER)
        self._pool: ProcessPool | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        if self._pool is not None:
            self._discard(self._pool)

    def start(self) -> None:
        """Start the workers now, so that they load while the first page is being fetched. If that fails, the first page tries again."""
        with suppress(ExtractionError):
            self._started()

    async def run(self, function: Callable[..., T], *args: object, url: str | None = None) -> T:
        """Call `function` in a worker and give what it returns. `function` and `args` must pickle.

        A worker's death is tried once more, since it may have been another's doing: the system's when memory was short, or the pool's.
        Raises ExtractionError when the worker ran out of time or memory or died twice, ListingError and InternalError as the function did.
        """
        async with self._room:
            try:
                answer = await self._answer(function, args, url)
            except ExtractionError as error:
                if error.code != "extract_crashed":
                    raise
                answer = await self._answer(function, args, url)
        if answer.error is not None:
            raise _rebuilt(answer, answer.error, url)
        return answer.value  # type: ignore[return-value]  # None only where T allows it

    async def _answer(self, function: Callable[..., T], args: tuple[object, ...], url: str | None) -> Answer[T]:
        pool = self._started(url)
        try:
            async with asyncio.timeout(self._lost_after_s):
                return await asyncio.wrap_future(pool.schedule(_answered, args=(function, *args), timeout=self._limit_s))
        except ProcessExpired as error:
            raise _crashed(f"the worker died ({_death(error.exitcode)})", url) from error
        except TimeoutError as error:
            if error.args:  # pebble's; asyncio's has none
                raise ExtractionError(f"it took longer than {self._limit_s:g} s", code="extract_timeout", url=url) from error
            self._discard(pool)
            raise _crashed("the page was lost on its way to a worker", url) from error
        except (BrokenProcessPool, RuntimeError) as error:
            self._discard(pool)
            raise _crashed("the pool of workers broke down and was replaced", url) from error

    @property
    def _lost_after_s(self) -> float:
        """How long a task may take with the tasks ahead of it: each of them may use up its whole limit."""
        return self._limit_s * (IN_FLIGHT_PER_WORKER + 1) + 10.0

    def _started(self, url: str | None = None) -> ProcessPool:
        if self._pool is None:
            context = multiprocessing.get_context("forkserver")
            context.set_forkserver_preload(list(PRELOADED))
            pool = ProcessPool(self.count, TASKS_PER_WORKER, _set_limits, (self._memory_bytes,), context)
            try:
                with _sigint_blocked():
                    pool.schedule(os.getpid)  # the first task starts the workers
            except BrokenProcessPool as error:  # the fork server was killed; asked again, it is a new one
                raise _crashed("no worker could be started", url) from error
            self._pool = pool
        return self._pool

    def _discard(self, pool: ProcessPool) -> None:
        if self._pool is pool:  # not yet replaced by another task that found it broken
            self._pool = None
        pool.stop()  # type: ignore[no-untyped-call]  # pebble is typed but for this
        pool.join()


def available_cores() -> int:
    """How many processor cores this process may use: a container's share, not the machine's, where the system can tell."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _answered(function: Callable[..., T], *args: Any) -> Answer[T]:
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


def _crashed(message: str, url: str | None) -> ExtractionError:
    return ExtractionError(message, code="extract_crashed", url=url, retryable=True)


def _rebuilt(answer: Answer[Any], message: str, url: str | None) -> ScraperError:
    code = answer.code or ""
    if code == "not_a_listing" and url is not None:
        return ListingError(message, url=url)
    if code.startswith("extract_"):
        return ExtractionError(message, code=code, url=url)
    return internal_error(message, url, answer.trace)


def _set_limits(memory_bytes: int) -> None:
    """Prepare a worker: no more memory than this, no core file, and an end at SIGTERM even inside a C function."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = memory_bytes if hard == resource.RLIM_INFINITY else min(memory_bytes, hard)
    with suppress(ValueError, OSError):  # macOS has the limit by name only
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # numpy otherwise maps 32 MB a core, on 64 cores more than the limit
    logging.getLogger().addHandler(logging.NullHandler())  # libraries' warnings are no news to the person at the terminal


@contextmanager
def _sigint_blocked() -> Iterator[None]:
    """Start processes and threads that never see Ctrl-C: a terminal sends it to the whole group, and only the parent may decide.

    The resource tracker is started first, because doing so unblocks the signal again.
    """
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _death(exit_code: int) -> str:
    return signal.Signals(-exit_code).name if exit_code < 0 else f"exit code {exit_code}"
