"""In which thread does the database work? In one of its own, so that a lock or a slow disk never holds up the network.

SQLite's calls block. Most take a fraction of a millisecond, but a call that meets another process's lock waits for seconds, and inside
the event loop those seconds would be taken from every page's time-out. One thread also makes one writer: calls run one after another.
Those that wait when the thread is free become one transaction, since what a transaction costs it costs once; each call is kept whole or not
at all, and has its answer only when that is settled. None is open while the network is waited for.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Concatenate, Final, ParamSpec, Self, TypeVar

from scraper.errors import StoreError
from scraper.pipeline.gathering import Gathering
from scraper.store import Store

__all__ = ["Writer"]

MOST_TOGETHER: Final = 32  # calls; a page is three
WORTH_A_TRANSACTION, GATHERED_S = 16, 0.1  # pages, and how long the first of them waits for the others
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Call:
    """One call of a method of the store, and who waits for what comes of it."""

    work: Callable[[], Any]
    answer: asyncio.Future[Any]


class Writer:
    """A store that is opened, used and closed in one thread of its own; an async context manager.

    Raises StoreError on entry when the database cannot be used, or another process writes to it for longer than `lock_s`, and from
    `do` whatever the store's method raises.
    """

    def __init__(self, path: Path, *, lock_s: float | None = None) -> None:
        self._path, self._lock_s = path, lock_s
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        self._waiting: deque[_Call] = deque()
        self._busy = False
        self._is_urgent = False
        self._gathering = Gathering(self._send, enough=WORTH_A_TRANSACTION, seconds=GATHERED_S)

    async def __aenter__(self) -> Self:
        try:
            self._store = await self._call(lambda: Store.open(self._path, lock_s=self._lock_s).__enter__())
        except BaseException:
            self._thread.shutdown()
            raise
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            await self._call(lambda: self._store.__exit__(kind, error, trace))
        finally:
            self._thread.shutdown()

    async def do(self, method: Callable[Concatenate[Store, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call one method of the store: `await writer.do(Store.begin_run, "run", started_at=now)`."""
        answer = self._asked(method, *args, **kwargs)
        self._is_urgent = True
        self._send()
        return await answer

    async def do_with_others(self, method: Callable[Concatenate[Store, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do so, but not at once: for what comes in dozens, and costs a third together of what it costs alone."""
        answer = self._asked(method, *args, **kwargs)
        self._send()
        return await answer

    def _asked(self, method: Callable[Concatenate[Store, P], T], *args: P.args, **kwargs: P.kwargs) -> asyncio.Future[T]:
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Call(lambda: method(self._store, *args, **kwargs), answer))
        return answer

    def _send(self) -> None:
        """Hand all that waits to the thread, if it is free and somebody is in a hurry, or it is enough."""
        if self._busy or not self._waiting or not (self._is_urgent or self._gathering.is_done(len(self._waiting))):
            return
        self._gathering.stop()
        self._busy, self._is_urgent = True, False
        calls = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_TOGETHER))]
        done = asyncio.get_running_loop().run_in_executor(self._thread, _outcomes, self._store, calls)
        done.add_done_callback(lambda done: self._answered(calls, done))

    def _answered(self, calls: Sequence[_Call], done: "asyncio.Future[list[Any]]") -> None:
        self._busy = False
        if done.cancelled():
            return
        for call, outcome in zip(calls, done.result(), strict=True):
            if not call.answer.done():
                _tell(call.answer, outcome)
        self._send()

    async def _call(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


def _outcomes(store: Store, calls: Sequence[_Call]) -> list[Any]:
    """Make the calls, in one transaction if they are several; give for each its value or its exception."""
    if len(calls) == 1:
        return [_outcome(calls[0])]
    try:
        with store.together():
            return [_outcome(call, but=StoreError) for call in calls]
    except StoreError as error:
        return [error] * len(calls)


def _outcome(call: _Call, but: tuple[type[Exception], ...] | type[Exception] = ()) -> Any:
    try:
        return call.work()
    except but:
        raise
    except BaseException as error:  # noqa: BLE001 - handed to who called, in the other thread
        return error


def _tell(answer: asyncio.Future[Any], outcome: Any) -> None:
    if isinstance(outcome, BaseException):
        answer.set_exception(outcome)
    else:
        answer.set_result(outcome)
