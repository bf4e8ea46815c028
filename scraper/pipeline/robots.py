"""Where are robots.txt files kept between runs? In the database, read and written by the writer's thread."""

import asyncio
from contextlib import suppress
from pathlib import Path

from scraper.errors import StoreError
from scraper.pipeline.writer import Writer
from scraper.politeness import RobotsCopy
from scraper.store import Store

__all__ = ["KeptRobots", "SeenRobots"]


class KeptRobots:
    """The fetcher's memory for a run; raises StoreError."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def recall(self, origin: str) -> RobotsCopy | None:
        """Give the copy that was kept last."""
        return await self._writer.do(Store.robots, origin)

    async def keep(self, origin: str, copy: RobotsCopy) -> None:
        """Keep a copy in place of what was kept before."""
        await self._writer.do(Store.remember_robots, origin, copy)


class SeenRobots:
    """What the runs of a database keep, for who only reads it. A database that does not exist, or cannot be read, keeps nothing."""

    def __init__(self, db: Path) -> None:
        self._db = db

    async def recall(self, origin: str) -> RobotsCopy | None:
        """Give the copy that was kept last."""
        return await asyncio.to_thread(self._read, origin)

    async def keep(self, origin: str, copy: RobotsCopy) -> None:
        """Let it go: nothing is written."""

    def _read(self, origin: str) -> RobotsCopy | None:
        with suppress(StoreError), Store.open(self._db, read_only=True) as store:
            return store.robots(origin)
        return None
