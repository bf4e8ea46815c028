"""Which articles are meant? Source, days, author, language and tag, as a condition on the table `articles`: for search and export alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from scraper.store.rows import utc_text

__all__ = ["Filters", "narrowed"]

_CONDITIONS: Mapping[str, str] = {
    "source": "articles.source_id = :source",
    "since": "articles.published_utc >= :since",
    "until": "articles.published_utc < :until",
    "author": "EXISTS (SELECT 1 FROM article_authors WHERE article_id = articles.id AND name LIKE :author ESCAPE '!')",
    "language": "(articles.language = :language OR articles.language LIKE :language || '-%')",
    "tag": "EXISTS (SELECT 1 FROM article_tags WHERE article_id = articles.id AND tag LIKE :tag ESCAPE '!')",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What narrows a search or an export; None narrows nothing.

    `source_id` is a source's id. `since` and `until` are days or moments (naive means UTC): published on or after the one, and before the
    other. `author` is part of a name, `tag` a whole one, both in any case; `language` a code, with or without a region. At most `limit`.
    """

    source_id: str | None = None
    since: date | None = None
    until: date | None = None
    author: str | None = None
    language: str | None = None
    tag: str | None = None
    limit: int | None = 20


def narrowed(filters: Filters) -> tuple[str, dict[str, object]]:
    """Give the conditions as SQL, each after an AND, and the values for it."""
    values: dict[str, object] = {
        "source": filters.source_id,
        "since": _moment(filters.since),
        "until": _moment(filters.until),
        "author": None if filters.author is None else f"%{_literal(filters.author)}%",
        "language": filters.language,
        "tag": None if filters.tag is None else _literal(filters.tag),
    }
    given = {name: value for name, value in values.items() if value is not None}
    return "".join(f" AND {_CONDITIONS[name]}" for name in given), given


def _literal(text: str) -> str:
    """Write a text so that LIKE takes it letter for letter."""
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _moment(day: date | None) -> str | None:
    return utc_text(day) if day is None or isinstance(day, datetime) else day.isoformat()
