"""How does a run tell its story in the log file? One line a source and one a failure, as `key=value` (logfmt), for people and for grep.

    2026-01-05T16:50:01+0000 INFO event=source source=harbour-post state=ok links_found=14 links_new=3 not_modified=0 fetched=3 new=3 …

What a server sends never breaks a line: control characters are escaped, and a value with a space or a quote in it is quoted.
"""

import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from scraper.errors import FetchError, InternalError, ScraperError, UsageError
from scraper.pipeline.summary import RunSummary, SourceSummary
from scraper.records import NotModified, Page

__all__ = ["failure_line", "log_to", "logfmt", "robots_line", "run_line", "source_line"]

LINE: Final = "%(asctime)s %(levelname)s %(message)s"
TIME: Final = "%Y-%m-%dT%H:%M:%S%z"


class _LogFile(logging.FileHandler):
    """A log file whose disk may fill up: lines are then lost, without a word about each, and the run goes on while the database can."""

    lost: OSError | None = None

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
        """Note what the system refuses; anything else is a fault of ours and shown."""
        error = sys.exc_info()[1]
        if isinstance(error, OSError):
            self.lost = error
        else:
            super().handleError(record)

    def close(self) -> None:
        """Close the file; what could not be written is not written now either."""
        with suppress(OSError):
            super().close()


@contextmanager
def log_to(path: Path | None, tell: Callable[[str], object] | None = None) -> Iterator[logging.Logger]:
    """Open a log file for appending and give a logger that writes to it and nowhere else; without a path, to nowhere at all.

    Missing directories are made. Raises UsageError when the file cannot be written. A block that ends well has `tell` told, once, if lines
    were lost meanwhile; one that fails has more to say than that.
    """
    handler = _file_handler(path) if path else logging.NullHandler()
    log = logging.getLogger("scraper.run")
    log.setLevel(logging.INFO)
    log.propagate = False
    log.addHandler(handler)
    try:
        yield log
    finally:
        log.removeHandler(handler)
        handler.close()
    if tell and isinstance(handler, _LogFile) and handler.lost:
        tell(f"WARNING: lines are missing from the log file {path}: {(handler.lost.strerror or str(handler.lost)).lower()}")


def logfmt(event: str, **values: object) -> str:
    """Write one line of `key=value` pairs; what is None is left out."""
    pairs = {"event": event} | values
    return " ".join(f"{key}={_quoted(value)}" for key, value in pairs.items() if value is not None)


def source_line(log: logging.Logger, summary: SourceSummary) -> None:
    """Log what was done for one source."""
    counts = summary.to_dict() | {"failures": None, "source_id": None}
    failures = ",".join(f"{code}:{count}" for code, count in summary.failures) or None
    log.info(logfmt("source", source=summary.source_id, **counts | {"failures": failures}))


def run_line(log: logging.Logger, summary: RunSummary) -> None:
    """Log the totals of a run, at its end."""
    total = summary.total
    log.info(
        logfmt(
            "run_end", run=summary.run_id, exit_code=summary.exit_code, sources=len(summary.sources), fetched=total.fetched,
            not_modified=total.not_modified, new=total.new, updated=total.updated, rejected=total.rejected, failed=total.failed,
            seconds=summary.seconds,
        )
    )  # fmt: skip


def failure_line(log: logging.Logger, error: ScraperError, *, source_id: str, url: str, kind: str) -> None:
    """Log one URL's failure; of an internal error also the traceback, since it is a fault of ours to be mended."""
    unexpected = isinstance(error, InternalError)
    line = logfmt("failure", source=source_id, kind=kind, code=error.code, retryable=error.retryable, url=url, message=error.message)
    log.log(logging.ERROR if unexpected else logging.WARNING, line, exc_info=error if unexpected else None)


def robots_line(log: logging.Logger, url: str, outcome: Page | NotModified | FetchError) -> None:
    """Log that a robots.txt was asked for, and what came of it."""
    if isinstance(outcome, Page):
        log.info(logfmt("robots", url=url, outcome="ok", status=outcome.status))
    elif isinstance(outcome, NotModified):
        log.info(logfmt("robots", url=url, outcome="not_modified", status=304))
    else:
        log.info(logfmt("robots", url=url, outcome=outcome.code, message=outcome.message))


def _file_handler(path: Path) -> logging.Handler:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = _LogFile(path, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise UsageError(f"the log file {path} cannot be written: {error.strerror}") from error
    handler.setFormatter(logging.Formatter(LINE, TIME))
    return handler


def _quoted(value: object) -> str:
    text = f"{value:.3f}" if isinstance(value, float) else str(value).lower() if isinstance(value, bool) else str(value)
    plain = text.isprintable() and not any(sign in text for sign in ' "=')
    return text if plain and text else json.dumps(text, ensure_ascii=not text.isprintable())
