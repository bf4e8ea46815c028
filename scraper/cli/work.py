"""Runs a command's work so that Ctrl-C interrupts it, and it can put things in order, rather than end the process on the spot.

While nothing is under way the process may just end (`scraper.__main__`).
"""

import asyncio
import gc
import signal
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

__all__ = ["finished", "interruptible", "killed_after", "rarely_collected"]

SELDOM: Final = (5_000, 20, 20)  # new objects, and collections of the younger ones, before the next
OVERTIME_S: Final = 15.0  # a locked database is given up after ten

T = TypeVar("T")


def finished(work: Coroutine[Any, Any, T]) -> T:
    """Run `work` in an event loop of its own and give what it returns. SIGINT cancels it, and then raises KeyboardInterrupt here.

    A signal that comes while the loop is being made waits for it. Otherwise asyncio would complain of work that was never begun.
    """
    before = signal.getsignal(signal.SIGINT)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        if before is not signal.SIG_IGN:
            signal.signal(signal.SIGINT, signal.default_int_handler)  # the one that asyncio replaces by its own
        return asyncio.run(_begun(work))
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        signal.signal(signal.SIGINT, before)


@contextmanager
def interruptible() -> Iterator[None]:
    """Let SIGINT raise KeyboardInterrupt inside the block, where files are half written and have to be cleared away."""
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def killed_after(deadline_s: float | None) -> Iterator[None]:
    """Let the system end the process if the block still runs some seconds after its deadline, whatever it is stuck in.

    By SIGALRM's own action, since Python's handlers wait for Python. What was committed is safe; the workers end with the process.
    """
    signal.setitimer(signal.ITIMER_REAL, 0 if deadline_s is None else deadline_s + OVERTIME_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Let the garbage collector look seldom inside the block, and at nothing that is there already: modules, which stay.

    A run makes thousands of short-lived objects a page and hardly a cycle: it spent 4 % of its own CPU on looking for them.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


async def _begun(work: Coroutine[Any, Any, T]) -> T:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    return await work
