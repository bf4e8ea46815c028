"""When was each source last looked at, and how often does it publish? The rows of `paces`; what follows is `politeness.pace`'s question."""

import sqlite3
from datetime import UTC, datetime

from scraper.politeness import Pace, after_look
from scraper.store.connection import Connection
from scraper.store.rows import instant, utc_text

__all__ = ["keep_look", "kept_paces"]


def kept_paces(store: Connection) -> dict[str, Pace]:
    """Give the pace of every source that was ever looked at, by its id."""
    return {row["source_id"]: _pace(row) for row in store.rows("SELECT * FROM paces")}


def keep_look(store: Connection, source_id: str, at: datetime, new: int | None) -> None:
    """Add one look at a source: how many new stories it found, None where its listings could not be read."""
    row = store.row("SELECT * FROM paces WHERE source_id = ?", (source_id,))
    pace = after_look(_pace(row) if row else None, at, new)
    store.run(
        "INSERT OR REPLACE INTO paces (source_id, looked_at, stories, watched_h) VALUES (?, ?, ?, ?)",
        (source_id, utc_text(pace.looked_at), pace.stories, pace.watched_h),
    )


def _pace(row: sqlite3.Row) -> Pace:
    return Pace(instant(row["looked_at"]) or datetime.min.replace(tzinfo=UTC), row["stories"], row["watched_h"])
