"""How does a run end before its work does? Asked once it ends cleanly, asked twice it ends at once.

The first signal starts nothing new, cancels what waits for the network, and lets what has been fetched be extracted and stored. The rest
of the work needs no saving: it stands in the database as links that are still pending.
"""

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final, Literal, TypeVar

from scraper.pipeline.exit_codes import INTERRUPTED

__all__ = ["Reason", "Stop"]

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
T = TypeVar("T")
Reason = Literal["interrupted", "deadline"]


class Stop:
    """A request to end early, shared by everything that waits in one run. It is used in one event loop."""

    def __init__(self) -> None:
        self._reason: Reason | None = None
        self._callbacks: list[Callable[[], object]] = []
        self._waiting: set[asyncio.Task[Any]] = set()

    @property
    def requested(self) -> bool:
        """Tell whether the run has been asked to end."""
        return self._reason is not None

    @property
    def reason(self) -> Reason | None:
        """Give why the run was asked to end, or None while it was not. A person who interrupts has the last word."""
        return self._reason

    def request(self, reason: Reason = "interrupted") -> None:
        """Ask the run to end: whatever runs under `unless_stopped` is cancelled, then the callbacks are called."""
        if self._reason != "interrupted":
            self._reason = reason
        for task in tuple(self._waiting):
            task.cancel()
        for callback in self._callbacks:
            callback()

    def when_asked(self, callback: Callable[[], object]) -> None:
        """Have `callback` called, in the event loop, when the run is asked to end."""
        self._callbacks.append(callback)

    async def unless_stopped(self, work: Coroutine[Any, Any, T]) -> T | None:
        """Await `work` and give its result, or None when the run was asked to end before it had one."""
        task = asyncio.ensure_future(work)
        self._waiting.add(task)
        if self.requested:
            task.cancel()  # before its first step
        try:
            return await task
        except asyncio.CancelledError:
            if _cancelled_from_outside() or not self.requested:
                raise
            return None
        finally:
            self._waiting.discard(task)

    @contextmanager
    def after(self, seconds: float | None) -> Iterator[None]:
        """Ask by itself when the block has taken so long; never, if that is None. The system's clock may jump meanwhile."""
        loop = asyncio.get_running_loop()
        timer = None if seconds is None else loop.call_later(seconds, self.request, "deadline")
        try:
            yield
        finally:
            if timer is not None:
                timer.cancel()

    @contextmanager
    def on_signals(self) -> Iterator[None]:
        """Let the first SIGINT or SIGTERM ask, and a second one end the process on the spot.

        The handlers are plain ones, not the event loop's, so that the second signal works even when the loop itself is stuck. Ending on
        the spot is safe: SQLite rolls back what was not committed, and the workers end when their pipe closes.
        """
        loop = asyncio.get_running_loop()

        def asked(_number: int, _frame: FrameType | None) -> None:
            if self.requested:
                os._exit(INTERRUPTED)
            self._reason = "interrupted"  # at once, so that a second signal counts even before the loop has run `request`
            loop.call_soon_threadsafe(self.request)

        before = {number: signal.signal(number, asked) for number in SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _cancelled_from_outside() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
