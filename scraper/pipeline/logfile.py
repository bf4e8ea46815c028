"""Where does a run's log stand, and in which form? A file to which lines are added: `key=value` (logfmt) for people and grep, or JSON.

What a server sends never breaks a line: control characters are escaped, and in logfmt a value with a space or a quote in it is quoted. What
is logged is an `Event` (`runlog` says which there are), so that both forms say the same.
"""

import json
import logging
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from scraper.errors import UsageError

__all__ = ["Event", "Form", "log_to"]

Form = Literal["text", "json"]
LINE: Final = "%(asctime)s %(levelname)s %(message)s"
TIME: Final = "%Y-%m-%dT%H:%M:%S%z"


class Event:
    """Something that happened, by its name and its values; those that are None are left out. As text it is one line of logfmt."""

    __slots__ = ("name", "values")

    def __init__(self, name: str, **values: object) -> None:
        self.name = name
        self.values: Mapping[str, object] = {key: value for key, value in values.items() if value is not None}

    def __str__(self) -> str:
        """Give the pairs, the event's name first."""
        return " ".join(f"{key}={_quoted(value)}" for key, value in {"event": self.name, **self.values}.items())


class _Json(logging.Formatter):
    """One object a line: time, level, event, and the event's values as JSON has them; a traceback is one more."""

    def format(self, record: logging.LogRecord) -> str:
        event = record.msg if isinstance(record.msg, Event) else Event("message", message=record.getMessage())
        said: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "event": event.name,
            **event.values,
        }
        if record.exc_info:
            said["traceback"] = self.formatException(record.exc_info)
        return json.dumps(said, default=str)  # ASCII: half a surrogate pair is no UTF-8


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
def log_to(path: Path | None, tell: Callable[[str], object] | None = None, *, form: Form = "text") -> Iterator[logging.Logger]:
    """Open a log file for appending and give a logger that writes to it and nowhere else; without a path, to nowhere at all.

    Missing directories are made. Raises UsageError when the file cannot be written. A block that ends well has `tell` told, once, if lines
    were lost meanwhile; one that fails has more to say than that.
    """
    handler = _file_handler(path, form) if path else logging.NullHandler()
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


def _file_handler(path: Path, form: Form) -> logging.Handler:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = _LogFile(path, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise UsageError(f"the log file {path} cannot be written: {error.strerror}") from error
    handler.setFormatter(_Json() if form == "json" else logging.Formatter(LINE, TIME))
    return handler


def _quoted(value: object) -> str:
    if isinstance(value, Mapping):
        return _quoted(",".join(f"{key}:{number}" for key, number in value.items()))
    text = f"{value:.3f}" if isinstance(value, float) else str(value).lower() if isinstance(value, bool) else str(value)
    plain = text.isprintable() and not any(sign in text for sign in ' "=')
    return text if plain and text else json.dumps(text, ensure_ascii=not text.isprintable())
