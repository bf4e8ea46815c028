"""How is one article written as rows? The columns that follow from what its page says, and the rows of authors, tags and evidence."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from scraper import __version__
from scraper.records import Article, Link, Page, iso_date
from scraper.store.connection import Connection, storable
from scraper.store.identity import body_hash
from scraper.store.rows import utc_text, word_count

__all__ = ["Visit", "add_details", "replace_details", "same_tags", "values_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One page as it was found: by which run, for which source, through which link, with what in it."""

    run_id: int
    source_id: str
    link: Link
    page: Page
    article: Article

    @property
    def at(self) -> str | None:
        """Give the time of the visit as the database writes it."""
        return utc_text(self.page.fetched_at)


def values_of(article: Article) -> Mapping[str, object]:
    """Give the columns of `articles` that follow from what the page says."""
    published = iso_date(article.published, article.published_precision)
    return {
        "headline": article.headline,
        "standfirst": article.standfirst,
        "body": article.body,
        "authors": ", ".join(article.authors) or None,
        "agencies": ", ".join(article.agencies) or None,
        "published": published,
        "published_utc": utc_text(article.published),
        "published_day": published[:10] if published else None,
        "published_precision": article.published_precision,
        "modified": iso_date(article.modified),
        "language": article.language,
        "publisher": article.publisher,
        "section": article.section,
        "image": article.image,
        "paywalled": article.paywalled,
        "verdict": article.verdict,
        "confidence": float(article.confidence),
        "word_count": word_count(article.body),
        "text_hash": body_hash(article),
        "extractor_version": __version__,
    }


def same_tags(store: Connection, article_id: int, article: Article) -> bool:
    """Tell whether the tags that are stored are the page's."""
    stored = store.rows("SELECT tag FROM article_tags WHERE article_id = ? ORDER BY position", (article_id,))
    return [row["tag"] for row in stored] == [storable(tag) for tag in article.tags]


def replace_details(store: Connection, article_id: int, article: Article) -> None:
    """Write authors, tags and evidence of an article anew."""
    for table in ("article_authors", "article_tags", "evidence"):
        store.run(f"DELETE FROM {table} WHERE article_id = ?", (article_id,))  # noqa: S608 - the three names above
    add_details(store, article_id, article)


def add_details(store: Connection, article_id: int, article: Article) -> None:
    """Write authors, tags and evidence of an article that has none yet."""
    people = [(name, "person") for name in article.authors] + [(name, "agency") for name in article.agencies]
    store.run_many(
        "INSERT INTO article_authors (article_id, position, name, kind) VALUES (?, ?, ?, ?)",
        [(article_id, position, *person) for position, person in enumerate(people, start=1)],
    )
    store.run_many(
        "INSERT INTO article_tags (article_id, position, tag) VALUES (?, ?, ?)",
        [(article_id, position, tag) for position, tag in enumerate(article.tags, start=1)],
    )
    store.run_many(
        "INSERT OR REPLACE INTO evidence (article_id, field, signal, value, candidates) VALUES (?, ?, ?, ?, ?)",
        [
            (article_id, entry.field, entry.signal, entry.value, json.dumps([asdict(one) for one in entry.candidates], ensure_ascii=False))
            for entry in article.evidence.fields
        ],
    )
