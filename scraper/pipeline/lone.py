"""Who writes to the database while another process does? Nobody: a run begins when it is alone, and waits only if it was told to."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Final, TypeVar

from scraper.errors import StoreError
from scraper.pipeline.stop import Stop

__all__ = ["when_free"]

PAUSE_S: Final = 0.5  # each try waits some seconds for the lock itself
T = TypeVar("T")


async def when_free(begin: Callable[[], Awaitable[T]], *, stop: Stop, wait_s: float | None, told: Callable[[str], object]) -> T:
    """Call `begin`, again and again while another process writes to the database, for `wait_s` seconds in all; None for once.

    `told` hears once that there is something to wait for. Raises StoreError `store_locked` when the wait was too short or the run's
    deadline came first, and KeyboardInterrupt when somebody interrupts it.
    """
    until, waiting = monotonic() + (wait_s or 0.0), False
    while True:
        try:
            return await begin()
        except StoreError as error:
            if stop.reason == "interrupted":
                raise KeyboardInterrupt from error
            if error.code != "store_locked" or stop.requested or monotonic() >= until:
                raise
            if not waiting:
                told(error.message)
            waiting = True
        await stop.unless_stopped(asyncio.sleep(PAUSE_S))
