"""How are many small jobs done at the same time and still reported in the order they were asked for? A window slides over them."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Coroutine, Iterable
from itertools import islice
from typing import Any, TypeVar

__all__ = ["in_order"]

T = TypeVar("T")


async def in_order(jobs: Iterable[Coroutine[Any, Any, T]], *, at_once: int) -> AsyncGenerator[T, None]:
    """Run at most `at_once` of the jobs at a time and give their results in the jobs' own order.

    `jobs` is read as places become free, so a generator of a million makes few. The first exception cancels what is under way.
    """
    waiting = iter(jobs)
    running = deque(asyncio.ensure_future(job) for job in islice(waiting, at_once))
    try:
        while running:
            result = await running[0]
            running.popleft()
            running.extend(asyncio.ensure_future(job) for job in islice(waiting, 1))
            yield result
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
