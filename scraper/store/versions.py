"""What did a story say before? The state that a change replaced, the kind of the change, and the whole history of one story.

`scraper.changes` says what kind of change it is. What only the site's own chrome or the setting of the text accounts for leaves no version.
"""

import json
import sqlite3
from datetime import datetime
from typing import Final, Literal

from scraper.changes import Change, Telling
from scraper.errors import UsageError
from scraper.store.connection import Connection
from scraper.store.rows import Version, instant
from scraper.urls import canonical_url

__all__ = ["Cause", "history", "keep", "telling"]

Cause = Literal["revisit", "reextraction"]
KEPT: Final = ("headline", "standfirst", "body", "authors", "agencies", "published", "modified", "extractor_version")


def keep(store: Connection, stored: sqlite3.Row, change: Change, *, at: str | None, run_id: int, cause: Cause = "revisit") -> None:
    """Write down what a story said until now, and what kind of change ended that."""
    last = store.row("SELECT number, replaced_at FROM article_versions WHERE article_id = ? ORDER BY number DESC LIMIT 1", (stored["id"],))
    store.insert(
        "article_versions",
        {
            "article_id": stored["id"],
            "number": last["number"] + 1 if last else 1,
            **{name: stored[name] for name in KEPT},
            "seen_at": last["replaced_at"] if last else stored["first_seen_at"],
            "replaced_at": at,
            "change": change.kinds[0],
            "kinds": json.dumps(change.kinds),
            "words_added": change.words_added,
            "words_removed": change.words_removed,
            "cause": cause,
            "run_id": run_id,
        },
    )


def telling(row: sqlite3.Row) -> Telling:
    """Give what a row of a story says to its reader."""
    return Telling(headline=row["headline"], standfirst=row["standfirst"], body=row["body"])


def history(store: Connection, article: str) -> tuple[Version, ...]:
    """Give every version of one story, the first first; `article` is its number or one of its addresses. Raises UsageError."""
    article_id = _found(store, article)
    rows = store.rows("SELECT * FROM versions WHERE article_id = ? ORDER BY number", (article_id,))
    changes = {
        row["version"]: row
        for row in store.rows("SELECT version, kinds, words_added, words_removed, cause FROM changes WHERE article_id = ?", (article_id,))
    }
    return tuple(_version(row, changes.get(row["number"])) for row in rows)


def _version(row: sqlite3.Row, change: sqlite3.Row | None) -> Version:
    return Version(
        article_id=row["article_id"],
        number=row["number"],
        seen_at=_moment(row["seen_at"]),
        telling=telling(row),
        authors=row["authors"],
        published=row["published"],
        kinds=tuple(json.loads(change["kinds"])) if change else (),
        words_added=change["words_added"] if change else 0,
        words_removed=change["words_removed"] if change else 0,
        cause=change["cause"] if change else None,
        extractor_version=row["extractor_version"],
    )


def _moment(text: str) -> datetime:
    moment = instant(text)
    if moment is None:  # the column is NOT NULL
        raise ValueError(text)
    return moment


def _found(store: Connection, article: str) -> int:
    """Find a story by its number or by an address, in any of its spellings."""
    if article.isascii() and article.isdigit():
        found = store.value("SELECT id FROM articles WHERE id = ?", (int(article),)) if len(article) < len(str(2**63)) else None
    else:
        keys = (article, canonical_url(article))
        found = store.value(
            "SELECT article_id FROM article_urls WHERE url IN (:url, :key) OR normal_url = :key"
            " UNION ALL SELECT id FROM articles WHERE canonical_url = :key LIMIT 1",
            dict(zip(("url", "key"), keys, strict=True)),
        )
    if found is None:
        raise UsageError(f"there is no article {article!r} in the database", code="unknown_article")
    return int(found)
