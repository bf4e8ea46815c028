"""In which thread does the database work? In one of its own, so that a lock or a slow disk never holds up the network.

SQLite's calls block. Most take a fraction of a millisecond, but a call that meets another process's lock waits for seconds, and inside
the event loop those seconds would be taken from every page's time-out. One thread also makes one writer: calls run one after another.
Each call is one transaction of the store's own, so none is open while the network is waited for.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Concatenate, ParamSpec, Self, TypeVar

from scraper.store import Store

__all__ = ["Writer"]

P = ParamSpec("P")
T = TypeVar("T")


class Writer:
    """A store that is opened, used and closed in one thread of its own; an async context manager.

    Raises StoreError on entry when the database cannot be used, and from `do` whatever the store's method raises.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")

    async def __aenter__(self) -> Self:
        try:
            self._store = await self._call(lambda: Store.open(self._path).__enter__())
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
        return await self._call(lambda: method(self._store, *args, **kwargs))

    async def _call(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
