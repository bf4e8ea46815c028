"""What is Datasette told about the database? Descriptions, saved queries, facets and search, in the form of its metadata."""

import re
from types import MappingProxyType
from typing import Any, Final

from scraper.look.described import described
from scraper.store.search import RANKED

__all__ = ["FACETS", "NAME", "SEARCH", "SETTINGS", "metadata"]

NAME: Final = "news"  # in every address, whatever the file is called, so that a saved one keeps working
SETTINGS: Final = MappingProxyType(
    {
        "sql_time_limit_ms": 5000,  # the fifty commonest of the view `tags` take .8 s at 150,000 articles
        "facet_time_limit_ms": 1000,  # each reads an index of all articles: 60 ms at 150,000
        "default_facet_size": 8,  # the rows are to be seen below them
        "suggest_facets": False,  # they cost 400 ms a page
        "allow_download": False,
        "default_cache_ttl": 0,  # a run may be writing
        "max_returned_rows": 1000,
        "default_page_size": 50,
    }
)
FACETS: Final = MappingProxyType(
    {
        "articles": ("source_id", "language", "verdict", {"date": "published_day"}),
        "article_list": ("source", "language", "verdict", {"date": "day"}),
        "originals": ("source", "language", {"date": "day"}),
        "copies": ("source", "kind"),
        "changes": ("source", "change", {"date": "changed_at"}),
        "coverage": ("source", "state"),
        "failures": ("source", "outcome", "kind"),
        "fetches": ("source_id", "kind", "outcome", "saved", {"date": "at"}),
        "links": ("source_id", "state", "kind"),
        "rejected_pages": ("source", "verdict", {"date": "last_seen_at"}),
        "rejects": ("source_id", "verdict", {"date": "last_seen_at"}),
        "runs": ("status", "command"),
    }
)
NEWEST_FIRST: Final = MappingProxyType(
    {"articles": "id", "article_list": "id", "originals": "id", "fetches": "id", "runs": "id", "run_summary": "run_id"}
)
SEARCHED: Final = ("articles", "article_list", "originals")  # by their number in articles_fts
INNER: Final = frozenset({"shingles", "long_words", "_sqlite_migrations"})
# As `scraper search` asks: the functions are `plugin`'s, and say which index holds what is looked for; and of very many matches the newest
# are ranked. To find the oldest of those takes a thirtieth of what ranking them all would.
_FOUND: Final = """
SELECT * FROM (
    SELECT list.day, list.source, list.headline, {excerpt} AS found, list.url, list.id AS article_id
    FROM {index} CROSS JOIN article_list AS list ON list.id = {index}.rowid
    WHERE {index} MATCH {match}(:words) AND (:source_id = '' OR list.source_id = :source_id)
        AND (:since = '' OR list.day >= :since) AND (:until = '' OR list.day < :until)
        AND {index}.rowid >= (
            SELECT min(id) FROM (
                SELECT articles.id FROM {index} CROSS JOIN articles INDEXED BY articles_places ON articles.id = {index}.rowid
                WHERE {index} MATCH {match}(:words) AND (:source_id = '' OR articles.source_id = :source_id)
                    AND (:since = '' OR articles.published_day >= :since) AND (:until = '' OR articles.published_day < :until)
                ORDER BY {index}.rowid DESC LIMIT {ranked}
            )
        )
    ORDER BY {index}.rank LIMIT 100
)
"""
_INDEXES: Final = (
    ("articles_fts", "words_match", "snippet(articles_fts, -1, '[', ']', '…', 24)"),
    ("articles_unspaced_fts", "characters_match", "list.section"),  # it keeps no text to cut from
)
_COMPLAINT: Final = "\nSELECT NULL, NULL, words_complaint(:words), NULL, NULL, NULL WHERE words_complaint(:words) IS NOT NULL\n"
SEARCH: Final = "UNION ALL".join(
    (*(_FOUND.format(index=index, match=match, excerpt=excerpt, ranked=RANKED) for index, match, excerpt in _INDEXES), _COMPLAINT)
)
SEARCH_TEXT: Final = (
    f"Articles that hold all the words, best match first (of the newest {RANKED:,}), as scraper search finds them: in any script, and "
    "inside of German compounds. Words in double quotes are a phrase; AND, OR, NOT, NEAR and word* work. The other fields may stay empty: "
    "a source's id, and days such as 2026-01-31, from the one to before the other."
)


def metadata() -> dict[str, Any]:
    """Give all of it."""
    tables = {entry.name: _table(entry.name, entry.text, dict(entry.columns)) for entry in described()}
    queries = {"search": {"sql": SEARCH.strip(), "title": "Search", "description": SEARCH_TEXT}}
    for entry in described():
        for example in entry.examples:
            queries[_slug(example.title)] = {"sql": example.sql, "title": example.title}
    return {
        "title": "scraper",
        "databases": {
            NAME: {
                "description": "News articles and how they were collected. Columns that end in _at or _utc are UTC; a day is the one the "
                "paper prints. Start with the views and the saved queries below.",
                "tables": tables,
                "queries": queries,
            }
        },
    }


def _table(name: str, text: str, columns: dict[str, str]) -> dict[str, Any]:
    table: dict[str, Any] = {"description": text, "columns": columns}
    if name in FACETS:
        table["facets"] = list(FACETS[name])
    if name in NEWEST_FIRST:
        table["sort_desc"] = NEWEST_FIRST[name]
    if name in SEARCHED:
        table |= {"fts_table": "articles_fts", "fts_pk": "id"}
    if name in INNER:
        table["hidden"] = True
    return table


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60].strip("-")
