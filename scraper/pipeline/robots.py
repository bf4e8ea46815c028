"""Where are robots.txt files kept between runs? In the database, read and written by the writer's thread."""

from scraper.pipeline.writer import Writer
from scraper.politeness import RobotsCopy
from scraper.store import Store

__all__ = ["KeptRobots"]


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
