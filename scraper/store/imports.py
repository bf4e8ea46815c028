"""Which pages of a batch has the database, and where did they come from? The rows of `imported_parts` and `imported_pages`.

A page is known by its address and the moment it was fetched, whether an import or a run of ours has stored it.
"""

from datetime import datetime
from typing import Final, NamedTuple

from scraper.records import Page
from scraper.store.connection import Connection
from scraper.store.rows import utc_text
from scraper.urls import canonical_url

__all__ = ["Origin", "is_known", "later_story", "note_imported"]


_NOTE: Final = (
    "INSERT OR IGNORE INTO imported_pages (url, at, part_id, run_id, article_id, outcome, warc_offset, warc_length, warc_digest)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


class Origin(NamedTuple):
    """Where a page of a batch comes from: the batch's folder, its part, and the page's place in a WARC file."""

    batch: str
    part: str
    file: str
    offset: int | None = None
    length: int | None = None
    digest: str | None = None


def is_known(store: Connection, url: str, at: datetime) -> bool:
    """Tell whether the page that was fetched from this address at this moment is stored."""
    if store.waiting.meets((url, canonical_url(url))):
        store.settle()
    known = (
        "SELECT 1 FROM imported_pages WHERE url = :url AND at = :at"
        " UNION ALL SELECT 1 FROM fetches WHERE url = :url AND at = :at AND outcome = 'ok' LIMIT 1"
    )
    return store.value(known, {"url": url, "at": utc_text(at)}) is not None


def later_story(store: Connection, page: Page) -> int | None:
    """Give the story that this page's address has told at a later moment: what stands in an older page must not take its place."""
    if store.waiting.meets((page.url, canonical_url(page.url), canonical_url(page.requested_url))):
        store.settle()
    found = store.value(
        "SELECT articles.id FROM article_urls JOIN articles ON articles.id = article_id"
        " WHERE normal_url IN (?, ?) AND articles.last_seen_at > ? LIMIT 1",
        (canonical_url(page.url), canonical_url(page.requested_url), utc_text(page.fetched_at)),
    )
    return None if found is None else int(found)


def note_imported(store: Connection, run_id: int, page: Page, origin: Origin, outcome: str, article_id: int | None) -> None:
    """Write down where a page came from and what became of it."""
    batch, part, file, *place = origin
    key = (batch, part, file)
    store.run("INSERT INTO imported_parts (batch, part, warc_file) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", key)
    part_id = store.value("SELECT id FROM imported_parts WHERE batch = ? AND part = ? AND warc_file = ?", key)
    row = (page.requested_url, utc_text(page.fetched_at), part_id, run_id, article_id, outcome, *place)
    if outcome == "new":
        store.later(_NOTE, [row])  # as its story does
    else:
        store.run(_NOTE, row)
