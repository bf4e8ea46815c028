"""Which articles leave the database, and as what? Those that filters and words name, in the order they were stored, one at a time.

They are read from one snapshot while a run goes on writing, and never sorted: their numbers are found first, then each row by its number.
"""

import json
from collections.abc import Callable, Iterator
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from scraper.records import StoredArticle
from scraper.store.connection import Connection
from scraper.store.filters import Filters, narrowed
from scraper.store.rows import instant
from scraper.store.search import asked, refuse_unknown_source

__all__ = ["stories"]

_NAMES: Final = (
    "(SELECT json_group_array(name) FROM"
    " (SELECT name FROM article_authors WHERE article_id = articles.id AND kind = '{}' ORDER BY position))"
)
_COLUMNS: Final = MappingProxyType(
    {
        "source": "sources.name",
        "day": "articles.published_day",
        "authors": _NAMES.format("person"),
        "agencies": _NAMES.format("agency"),
        "tags": "(SELECT json_group_array(tag) FROM (SELECT tag FROM article_tags WHERE article_id = articles.id ORDER BY position))",
        "words": "articles.word_count",
        "urls": "(SELECT count(*) FROM article_urls WHERE article_urls.article_id = articles.id)",
    }
)
_SELECTED: Final = ", ".join(_COLUMNS.get(name, f"articles.{name}") for name in StoredArticle._fields)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _names(text: str) -> tuple[str, ...]:
    return () if text == "[]" else tuple(json.loads(text))


def _yes_or_no(value: int | None) -> bool | None:
    return None if value is None else bool(value)


_READ: Final = MappingProxyType[str, Callable[[Any], object]](
    {
        "day": _day, "authors": _names, "agencies": _names, "tags": _names, "paywalled": _yes_or_no,
        "published_utc": instant, "first_seen_at": instant, "content_changed_at": instant,
    }
)  # fmt: skip
_READERS: Final = tuple((StoredArticle._fields.index(name), read) for name, read in _READ.items())


def stories(store: Connection, filters: Filters, words: str | None, *, with_copies: bool) -> Iterator[StoredArticle]:
    """Give the articles one at a time. Raises UsageError for a query that cannot be understood and for a source that does not exist."""
    refuse_unknown_source(store, filters.source_id)
    conditions, values = narrowed(filters)
    if not with_copies:
        conditions += " AND articles.original_id IS NULL"
    if words is not None:
        index, query = asked(store, words)
        conditions += f" AND articles.id IN (SELECT rowid FROM {index} WHERE {index} MATCH :query)"  # noqa: S608 - names of our own
        values["query"] = query
    chosen = f"WHERE articles.id IN (SELECT articles.id FROM articles WHERE true {conditions})" if conditions else ""  # noqa: S608 - conditions of our own
    sql = (
        f"SELECT {_SELECTED} FROM articles NOT INDEXED CROSS JOIN sources ON sources.id = articles.source_id {chosen}"  # noqa: S608 - names of our own
        " ORDER BY articles.id LIMIT :limit"
    )
    return map(_story, store.run(sql, {**values, "limit": -1 if filters.limit is None else filters.limit}))


def _story(row: tuple[Any, ...]) -> StoredArticle:
    values = list(row)
    for place, read in _READERS:
        values[place] = read(values[place])
    return StoredArticle._make(values)
