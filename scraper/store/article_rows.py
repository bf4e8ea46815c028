"""How is one article written as rows? The rows of authors, tags and evidence; what its own row says is made ready by `prepared`."""

from dataclasses import dataclass

from scraper.records import Link, Page
from scraper.store.connection import Connection
from scraper.store.prepared import Prepared
from scraper.store.rows import utc_text

__all__ = ["Visit", "add_details", "replace_details", "same_tags"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One page as it was found: by which run, for which source, through which link, with what in it."""

    run_id: int
    source_id: str
    link: Link
    page: Page
    told: Prepared

    @property
    def at(self) -> str | None:
        """Give the time of the visit as the database writes it."""
        return utc_text(self.page.fetched_at)


def same_tags(store: Connection, article_id: int, told: Prepared) -> bool:
    """Tell whether the tags that are stored are the page's."""
    stored = store.rows("SELECT position, tag FROM article_tags WHERE article_id = ? ORDER BY position", (article_id,))
    return [tuple(row) for row in stored] == told.tags


def replace_details(store: Connection, article_id: int, told: Prepared) -> None:
    """Write authors, tags and evidence of an article anew."""
    for table in ("article_authors", "article_tags", "evidence"):
        store.run(f"DELETE FROM {table} WHERE article_id = ?", (article_id,))  # noqa: S608 - the three names above
    add_details(store, article_id, told)


def add_details(store: Connection, article_id: int, told: Prepared) -> None:
    """Write authors, tags and evidence of an article that has none yet."""
    inserts = (
        ("INSERT INTO article_authors (article_id, position, name, kind) VALUES (?, ?, ?, ?)", told.people),
        ("INSERT INTO article_tags (article_id, position, tag) VALUES (?, ?, ?)", told.tags),
        ("INSERT OR REPLACE INTO evidence (article_id, field, signal, value, candidates) VALUES (?, ?, ?, ?, ?)", told.evidence),
    )
    for sql, rows in inserts:
        if rows:
            store.run_many(sql, [(article_id, *row) for row in rows])
