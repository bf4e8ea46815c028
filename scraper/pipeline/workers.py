"""Where does untrusted content meet a parser? In a worker process, with a limit on its memory and on its time.

A C parser cannot be interrupted from Python, and pages exist that cost one 22 seconds and 5 GB (docs/decisions/0010). The worker that
meets one is killed, the page gets a code, and everything else goes on. This module is the home of pebble; it knows how to call a
function elsewhere and to name what ended it, and leaves the choice of function to its callers.
"""

import asyncio
import fcntl
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from scraper.errors import ExtractionError, WorkerError
from scraper.pipeline.calls import Answer, answered, rebuilt, set_limits
from scraper.pipeline.gathering import Gathering

__all__ = ["Workers", "available_cores", "sigint_blocked"]

T = TypeVar("T")
TASK_LIMIT_S: Final = 15.0  # 300 times what a page of 174 kB takes with the slowest extractor measured (52 ms)
MEMORY_LIMIT_BYTES: Final = 1_500_000_000  # of address space, libraries and all: about 0.2 GB is mapped before the first page
TASKS_PER_WORKER: Final = 400  # lxml keeps up to 1 MB of what odd pages made it allocate; a new worker has none (trafilatura #216)
TASKS_IN_FLIGHT_PER_WORKER: Final = 2  # one at work, one waiting in the pipe so that the worker never idles
CALLS_PER_TASK: Final = 8  # pages: some 50 ms of work
WORTH_A_TASK, GATHERED_S = 4, 0.02  # pages, and how long the first of them waits for the others
PIPE_BYTES: Final = 1 << 20  # the most that Linux gives without being asked by root
PRELOADED: Final = ("scraper.pipeline.hush", "scraper.pipeline.extraction", "scraper.extract.article", "scraper.discover")


@dataclass(frozen=True, slots=True)
class _Job:
    """One call that is to be made in a worker, and who waits for its answer."""

    function: Callable[..., Any]
    args: tuple[object, ...]
    url: str | None
    answer: asyncio.Future[Any]

    def settle(self, answer: Answer[Any]) -> None:
        if self.answer.done():
            return  # whoever asked is gone
        if answer.error is not None:
            self.answer.set_exception(rebuilt(answer, answer.error, self.url))
        else:
            self.answer.set_result(answer.value)

    def fail(self, error: ExtractionError | WorkerError) -> None:
        if self.answer.done():
            return
        if isinstance(error, ExtractionError):
            error = ExtractionError(error.message, code=error.code, url=self.url, retryable=error.retryable)
        self.answer.set_exception(error)


class _Context(ForkServerContext):
    """Makes workers from a fork server, with pipes that hold a task of eight pages: it is handed over at once, not in pieces of 64 kB."""

    def Pipe(self, duplex: bool = True) -> tuple[Connection, Connection]:  # noqa: N802 - as the library has it
        """Make a pipe."""
        reader, writer = super().Pipe(duplex)
        with suppress(AttributeError, OSError):  # Linux only, and no more than the system allows one user in all
            fcntl.fcntl(writer.fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        return reader, writer


class Workers:
    """A pool of worker processes that starts with its first task; a context manager.

    Calls that wait when a worker is free go to it together, as one task: what a task costs here and there it costs once. One that ends
    its worker is found by making the calls of its task again one by one.
    """

    def __init__(self, *, count: int | None = None, limit_s: float = TASK_LIMIT_S, memory_bytes: int = MEMORY_LIMIT_BYTES) -> None:
        self.count = count or available_cores()
        self._limit_s = limit_s
        self._memory_bytes = memory_bytes
        self._waiting: deque[_Job] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._gathering = Gathering(self._send, enough=WORTH_A_TASK, seconds=GATHERED_S)
        self._pool: ProcessPool | None = None
        self._has_lived = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self._waiting.clear()
        self._gathering.stop()
        for task in self._tasks:
            task.cancel()
        if self._pool is not None:
            self._discard(self._pool)

    def start(self) -> None:
        """Start the workers now, so that they load while the first page is being fetched. If that fails, the first page tries again."""
        with suppress(ExtractionError):
            self._started()

    async def run(self, function: Callable[..., T], *args: object, url: str | None = None) -> T:
        """Call `function` in a worker and give what it returns. `function` and `args` must pickle.

        A worker's death is tried once more, since it may have been another's doing: the system's when memory was short, or the pool's.
        Raises ExtractionError when the worker ran out of time or memory or died twice, ListingError and InternalError as the function did,
        and WorkerError when no worker has ever lived.
        """
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Job(function, args, url, answer))
        self._send()
        return await answer

    def _send(self) -> None:
        """Hand out what waits as long as workers take it, in equal parts that are worth a task. The first waits for no others."""
        while self._waiting and len(self._tasks) < self.count * TASKS_IN_FLIGHT_PER_WORKER:
            if self._tasks and not self._gathering.is_done(len(self._waiting)):
                return
            size = min(max(-(-len(self._waiting) // self.count), WORTH_A_TASK), CALLS_PER_TASK, len(self._waiting))
            jobs = [self._waiting.popleft() for _ in range(size)]
            self._tasks.add(task := asyncio.create_task(self._work_on(jobs)))
            task.add_done_callback(self._returned)

    def _returned(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._send()

    async def _work_on(self, jobs: Sequence[_Job]) -> None:
        try:
            if len(jobs) > 1:
                with suppress(ExtractionError):  # one of them is to blame, and is met again below
                    _settle(jobs, await self._answers(jobs))
            for job in jobs:
                if not job.answer.done():
                    await self._alone(job)
        except WorkerError as error:
            for job in jobs:
                job.fail(error)
        finally:
            for job in jobs:
                job.answer.cancel()  # does nothing to one that is answered

    async def _alone(self, job: _Job) -> None:
        """Make one call, and once more where the worker died over it. That is nothing to do with the call if no worker has ever lived."""
        try:
            try:
                answers = await self._answers([job])
            except ExtractionError as error:
                if error.code != "extract_crashed":
                    raise
                answers = await self._answers([job])
        except ExtractionError as error:
            if error.code == "extract_crashed" and not self._has_lived:
                raise WorkerError(f"no worker can be started, so nothing can be read: {error.message}") from error
            job.fail(error)
        else:
            _settle([job], answers)

    async def _answers(self, jobs: Sequence[_Job]) -> list[Answer[Any]]:
        url = jobs[0].url
        pool = self._started(url)
        calls = [(job.function, job.args) for job in jobs]
        try:
            async with asyncio.timeout(self._lost_after_s):
                return await asyncio.wrap_future(pool.schedule(answered, args=(calls,), timeout=self._limit_s))
        except ProcessExpired as error:
            raise _crashed(f"the worker died ({_death(error.exitcode)})", url) from error
        except TimeoutError as error:
            if error.args:  # pebble's; asyncio's has none
                raise ExtractionError(f"it took longer than {self._limit_s:g} s", code="extract_timeout", url=url) from error
            self._discard(pool)
            if not self._has_lived:
                raise WorkerError(f"no worker has started within {self._lost_after_s:g} s, so nothing can be read") from error
            raise _crashed("the page was lost on its way to a worker", url) from error
        except (BrokenProcessPool, RuntimeError) as error:
            self._discard(pool)
            raise _crashed("the pool of workers broke down and was replaced", url) from error

    def _heard(self, first: Future[int]) -> None:
        """Note that a worker has answered a pool's first call."""
        self._has_lived = self._has_lived or (not first.cancelled() and first.exception() is None)

    @property
    def _lost_after_s(self) -> float:
        """How long a task may take with the tasks ahead of it: each of them may use up its whole limit."""
        return self._limit_s * (TASKS_IN_FLIGHT_PER_WORKER + 1) + 10.0

    def _started(self, url: str | None = None) -> ProcessPool:
        if self._pool is None:
            context = _Context()
            context.set_forkserver_preload(list(PRELOADED))
            pool = ProcessPool(self.count, TASKS_PER_WORKER, set_limits, (self._memory_bytes,), context)
            try:
                with sigint_blocked(), _safe_path():
                    pool.schedule(os.getpid).add_done_callback(self._heard)  # the first task starts the workers
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


def _settle(jobs: Sequence[_Job], answers: Sequence[Answer[Any]]) -> None:
    for job, answer in zip(jobs, answers, strict=True):
        job.settle(answer)


def _crashed(message: str, url: str | None) -> ExtractionError:
    return ExtractionError(message, code="extract_crashed", url=url, retryable=True)


@contextmanager
def sigint_blocked() -> Iterator[None]:
    """Start processes and threads that never see Ctrl-C: a terminal sends it to the whole group, and only the parent may decide.

    The resource tracker is started first, because doing so unblocks the signal again.
    """
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _safe_path() -> Iterator[None]:
    """Start the fork server without the working directory on its path, where a folder may have the name of one of our packages."""
    before = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONSAFEPATH"]


def _death(exit_code: int) -> str:
    return signal.Signals(-exit_code).name if exit_code < 0 else f"exit code {exit_code}"
