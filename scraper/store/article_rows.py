"""How is one article written as rows? The rows of authors, tags and evidence; what its own row says is made ready by `prepared`."""

from dataclasses import dataclass
from datetime import datetime

from scraper.records import Link, Page, Validators
from scraper.store.connection import Connection
from scraper.store.prepared import Prepared
from scraper.store.rows import utc_text
from scraper.store.waiting import AUTHORS, EVIDENCE, TAGS

__all__ = ["Visit", "add_details", "replace_details", "same_tags"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One page as it was found: by which run, for which source, through which link, with what in it.

    `read_at` is when a page that was found before was read again, by an extractor that may see more in it.
    """

    run_id: int
    source_id: str
    link: Link
    page: Page
    told: Prepared
    read_at: datetime | None = None

    @property
    def validators(self) -> Validators:
        """Give what the next request for a story's page is made conditional with.

        A shell that stays the same says nothing of what its scripts fill it with.
        """
        return self.page.validators if self.page.rendering is None else Validators()

    @property
    def noted_at(self) -> str | None:
        """Give when what the page says came to be known, as the database writes it."""
        return utc_text(self.read_at) or self.at

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
    for sql, rows in ((AUTHORS, told.people), (TAGS, told.tags), (EVIDENCE, told.evidence)):
        if rows:
            store.later(sql, [(article_id, *row) for row in rows])
