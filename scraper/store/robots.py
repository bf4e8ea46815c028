"""What did each site's robots.txt say when it was last read? The rows of `robots`, so that a day's runs ask for it once."""

from datetime import UTC, datetime, timedelta
from typing import Final

from scraper.politeness import RobotsCopy
from scraper.records import Validators
from scraper.store.connection import Connection
from scraper.store.rows import instant, utc_text

__all__ = ["forget_unused_robots", "keep_robots", "kept_robots"]

UNUSED: Final = timedelta(days=90)  # a site that no run has asked for so long is no source any more


def kept_robots(store: Connection, origin: str) -> RobotsCopy | None:
    """Give the last copy of an origin's robots.txt."""
    row = store.row("SELECT * FROM robots WHERE origin = ?", (origin,))
    if row is None:
        return None
    validators = Validators(etag=row["etag"], last_modified=row["last_modified"])
    return RobotsCopy(row["content"], validators, instant(row["fetched_at"]) or datetime.min.replace(tzinfo=UTC))


def keep_robots(store: Connection, origin: str, copy: RobotsCopy) -> None:
    """Keep a copy in place of the one before."""
    store.run(
        "INSERT OR REPLACE INTO robots (origin, content, etag, last_modified, fetched_at) VALUES (?, ?, ?, ?, ?)",
        (origin, copy.content, copy.validators.etag, copy.validators.last_modified, utc_text(copy.at)),
    )


def forget_unused_robots(store: Connection, now: datetime) -> None:
    """Let go of the copies that nobody asks for any more."""
    store.run("DELETE FROM robots WHERE fetched_at < ?", (utc_text(now - UNUSED),))
