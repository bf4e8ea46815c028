"""What is Datasette told about the database? Descriptions, saved queries, facets and search, in the form of its metadata."""

import re
from types import MappingProxyType
from typing import Any, Final

from scraper.look.described import described

__all__ = ["NAME", "SETTINGS", "metadata"]

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
# The same query as that of `scraper search`: the functions are `plugin`'s, and say which index holds what is looked for.
SEARCH: Final = """
SELECT * FROM (
    SELECT list.day, list.source, list.headline, snippet(articles_fts, -1, '[', ']', '…', 24) AS found, list.url, list.id AS article_id
    FROM articles_fts CROSS JOIN article_list AS list ON list.id = articles_fts.rowid
    WHERE articles_fts MATCH words_match(:words) AND (:source_id = '' OR list.source_id = :source_id)
        AND (:since = '' OR list.day >= :since) AND (:until = '' OR list.day < :until)
    ORDER BY articles_fts.rank LIMIT 100
)
UNION ALL
SELECT * FROM (
    SELECT list.day, list.source, list.headline, list.section, list.url, list.id
    FROM articles_unspaced_fts CROSS JOIN article_list AS list ON list.id = articles_unspaced_fts.rowid
    WHERE articles_unspaced_fts MATCH characters_match(:words) AND (:source_id = '' OR list.source_id = :source_id)
        AND (:since = '' OR list.day >= :since) AND (:until = '' OR list.day < :until)
    ORDER BY articles_unspaced_fts.rank LIMIT 100
)
UNION ALL
SELECT NULL, NULL, words_complaint(:words), NULL, NULL, NULL WHERE words_complaint(:words) IS NOT NULL
"""
SEARCH_TEXT: Final = (
    "Articles that hold all the words, best match first, as scraper search finds them: in any script, and inside of German compounds. "
    "Words in double quotes are a phrase; AND, OR, NOT, NEAR and word* work. The other fields may stay empty: a source's id, and days such "
    "as 2026-01-31, from the one to before the other."
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
