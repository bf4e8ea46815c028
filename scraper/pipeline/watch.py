"""Who is told how far a run is? Whoever passes a Watch: the command line draws bars with it, tests count with it, and cron passes none."""

from typing import Protocol

from scraper.pipeline.summary import SourceSummary

__all__ = ["UNWATCHED", "Watch"]


class Watch(Protocol):
    """What a run reports while it works; every call returns at once."""

    def waiting(self, why: str) -> None:
        """Say, in a sentence, what the run waits for before it begins."""

    def sources(self, total: int) -> None:
        """Say how many sources the run will work on."""

    def links(self, count: int) -> None:
        """Say that so many more pages will be fetched."""

    def page(self) -> None:
        """Say that one page is done, well or badly."""

    def source(self, summary: SourceSummary) -> None:
        """Say that a source is done."""


class _Unwatched:
    def waiting(self, why: str) -> None:
        pass

    def sources(self, total: int) -> None:
        pass

    def links(self, count: int) -> None:
        pass

    def page(self) -> None:
        pass

    def source(self, summary: SourceSummary) -> None:
        pass


UNWATCHED: Watch = _Unwatched()
