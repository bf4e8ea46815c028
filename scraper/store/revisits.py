"""Which stories are to be looked at again, and what of one that has not changed? Fresh stories are corrected within hours.

The schedule is a source's: so long after a link was first seen. Nothing is written down ahead: a step is due once its time has come and the
page was not asked for since. So a run that comes late takes several steps at once, and one that never comes owes nothing. A page that did
change is saved by `articles` like any other visit.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from scraper.records import Link, NotModified, Validators
from scraper.store.connection import Connection
from scraper.store.frontier import link_of
from scraper.store.rows import utc_text
from scraper.urls import canonical_url

__all__ = ["LATEST", "Due", "due_revisits", "note_unchanged"]

# A story that was older than the last step when it was found (in an archive, with --since) is not fresh; one that was missed for this many
# times the last step is not any more.
LATEST: Final = 2
_OWN: Final = """
    EXISTS (SELECT 1 FROM articles WHERE articles.canonical_url = links.canonical_url)
    OR EXISTS (SELECT 1 FROM article_urls WHERE normal_url = links.canonical_url AND matched_by IN ('new', 'url'))"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A link to fetch, and what its request can be made conditional with."""

    link: Link
    validators: Validators | None = None


def due_revisits(store: Connection, source_id: str, now: datetime, schedule: Sequence[timedelta], limit: int) -> tuple[Due, ...]:
    """Give the stories of which a step of the schedule is due, those found last first. Other addresses of a story are not asked again."""
    if not schedule or limit < 1:
        return ()
    longest = max(schedule)
    steps = " OR ".join(
        f"(first_seen_at <= :before_{step} AND last_attempt_at < datetime(first_seen_at, :after_{step}))" for step in range(len(schedule))
    )
    found = store.rows(
        "SELECT links.*, etag, last_modified FROM links LEFT JOIN validators ON validators.url = links.url"  # noqa: S608 - names of our own
        " WHERE links.source_id = :source AND state = 'done' AND first_seen_at >= :oldest"
        " AND (published_utc IS NULL OR published_utc >= datetime(first_seen_at, :fresh))"
        # One that failed for a reason that will not pass has no next attempt: the story is kept, its page is left alone.
        " AND (last_outcome IN ('ok', 'not_modified') OR next_attempt_at <= :now)"
        f" AND ({steps}) AND ({_OWN})"
        " ORDER BY first_seen_at DESC, links.id LIMIT :limit",
        {"source": source_id, "now": utc_text(now), "limit": limit, "oldest": utc_text(now - longest * LATEST), "fresh": _seconds(-longest)}
        | {f"before_{step}": utc_text(now - pause) for step, pause in enumerate(schedule)}
        | {f"after_{step}": _seconds(pause) for step, pause in enumerate(schedule)},
    )
    return tuple(Due(link=link_of(row), validators=_validators(row)) for row in found)


def note_unchanged(store: Connection, link: Link, outcome: NotModified) -> int | None:
    """Note that a story stands as it was stored, and give its number; None when no story is known at this address."""
    at, key = utc_text(outcome.fetched_at), canonical_url(link.url)
    article_id = store.value("SELECT article_id FROM article_urls WHERE normal_url = ?", (key,))
    store.run("UPDATE articles SET last_seen_at = max(last_seen_at, ?) WHERE id = ?", (at, article_id))
    store.run(
        "UPDATE links SET attempts = attempts + 1, next_attempt_at = NULL, last_attempt_at = ?, last_outcome = 'not_modified',"
        " last_message = NULL WHERE canonical_url = ? OR url = ?",
        (at, key, link.url),
    )
    return None if article_id is None else int(article_id)


def _validators(row: sqlite3.Row) -> Validators | None:
    found = Validators(etag=row["etag"], last_modified=row["last_modified"])
    return None if found == Validators() else found


def _seconds(pause: timedelta) -> str:
    """Write a pause as SQLite's `datetime` takes it."""
    return f"{round(pause.total_seconds())} seconds"
