"""Who writes to the database while another process does? Nobody: a run begins alone, and waits for long only if it was told to."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Final, TypeVar

from scraper.errors import StoreError
from scraper.pipeline.stop import Stop

__all__ = ["when_free"]

PATIENCE_S: Final = 10.0  # nobody has to say `--wait` for a run that is about to end
PAUSE_S: Final = 0.5
T = TypeVar("T")


async def when_free(begin: Callable[[], Awaitable[T]], *, stop: Stop, wait_s: float | None, told: Callable[[str], object]) -> T:
    """Call `begin`, which does not wait itself, again and again while another process writes to the database: for `wait_s` seconds in all.

    None are ten seconds; otherwise `told` hears once that there is something to wait for. Raises StoreError `store_locked` when the wait
    was too short or the run's deadline came first, and KeyboardInterrupt when somebody interrupts it.
    """
    until, told_so = monotonic() + (PATIENCE_S if wait_s is None else wait_s), wait_s is None
    while True:
        try:
            return await begin()
        except StoreError as error:
            if stop.reason == "interrupted":
                raise KeyboardInterrupt from error
            if error.code != "store_locked" or stop.requested or monotonic() >= until:
                raise
            if not told_so:
                told(error.message)
            told_so = True
        await stop.unless_stopped(asyncio.sleep(min(PAUSE_S, until - monotonic())))
