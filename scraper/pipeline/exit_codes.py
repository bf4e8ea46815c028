"""With which code does a command end? The table that cron, monitoring and docs/cli.md rely on."""

from types import MappingProxyType
from typing import Final

from scraper.errors import ScraperError, SourcesError, StoreError, UsageError, WorkerError

__all__ = [
    "ALL_WELL",
    "INTERRUPTED",
    "LATE",
    "LOCKED",
    "MEANINGS",
    "NEEDS_ATTENTION",
    "SOME_FAILED",
    "UNUSABLE",
    "USAGE",
    "exit_code_of",
]

ALL_WELL: Final = 0
SOME_FAILED: Final = 1
USAGE: Final = 2
LOCKED: Final = 3
NEEDS_ATTENTION: Final = 4
UNUSABLE: Final = 5
LATE: Final = 6
INTERRUPTED: Final = 130  # what a shell reports for a process that SIGINT ended: 128 + 2
MEANINGS: Final = MappingProxyType(
    {
        ALL_WELL: "all well",
        SOME_FAILED: "some URLs, sources or files failed; everything else was done",
        USAGE: "the command line or sources.yaml cannot be used; nothing was done",
        LOCKED: "the database is being written by another process",
        NEEDS_ATTENTION: "a source needs attention: `scraper health` says why",
        UNUSABLE: "the database is missing, read-only, none, or too new, the disk is full, or no worker can be started",
        LATE: "the deadline came before all was done; the rest waits for the next run",
        INTERRUPTED: "interrupted by Ctrl-C or SIGTERM; what was finished is stored",
    }
)


def exit_code_of(error: ScraperError) -> int:
    """Give the exit code of a command that this error ended."""
    if isinstance(error, UsageError | SourcesError):
        return USAGE
    if isinstance(error, StoreError):
        return LOCKED if error.code == "store_locked" else UNUSABLE
    if isinstance(error, WorkerError):
        return UNUSABLE
    return SOME_FAILED
