"""When is what waits sent on together? When it is enough to be worth the journey, or has waited for long enough."""

import asyncio
from collections.abc import Callable

__all__ = ["Gathering"]


class Gathering:
    """Waits for `enough` of something, for `seconds` at most, and calls `send` when the time is over."""

    def __init__(self, send: Callable[[], None], *, enough: int, seconds: float) -> None:
        self._send = send
        self._enough = enough
        self._seconds = seconds
        self._timer: asyncio.TimerHandle | None = None
        self._is_over = False

    def is_done(self, waiting: int) -> bool:
        """Tell whether so many are to be sent now; if not, `send` is called in time."""
        if waiting >= self._enough or self._is_over:
            self.stop()
            return True
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._seconds, self._end)
        return False

    def stop(self) -> None:
        """Begin anew with what comes next."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._is_over = None, False

    def _end(self) -> None:
        self._timer, self._is_over = None, True
        self._send()
