"""Which articles hold these words? FTS5's query language for those who know it, and plain words for everybody else.

What a person types is first tried as it stands, since it may be a query: `oil AND gas`, `"trade war"`, `headline: budget`, `sanction*`.
Where FTS5 does not accept it, each word is quoted, so that `covid-19`, `don't`, `C++` and `AT&T` are found as they are written, and
operators keep their meaning. Only what then still makes no sense is refused.
"""

import re
import sqlite3
from dataclasses import replace
from difflib import get_close_matches
from typing import Final

from scraper.errors import UsageError
from scraper.store.connection import Connection
from scraper.store.excerpts import excerpt
from scraper.store.filters import Filters, narrowed
from scraper.store.rows import SearchHit
from scraper.store.scripts import is_unspaced
from scraper.store.wording import PLAIN, explicit, widened

__all__ = ["RANKED", "asked", "refuse_unknown_source", "search"]

COLUMNS: Final = ("headline", "standfirst", "body", "authors", "agencies")
SNIPPET_TOKENS: Final = 24  # two lines of a terminal
# So many matches are ranked, the newest ones: to rank one takes 1.2 µs of CPU, and to find it a thirtieth of that. What more stories hold
# than these says little of any of them.
RANKED: Final = 5_000
_SNIPPET: Final = "snippet(articles_fts, -1, :before, :after, '…', :tokens)"
# The index cuts an excerpt by asking the query again for each story: for a word in sixty forms that takes as long as all the rest, for the
# beginning of many words ten times as long.
_AGAIN: Final = " CROSS JOIN articles_fts ON articles_fts.rowid = best.id AND articles_fts MATCH :query"
_BEST: Final = """
WITH newest AS MATERIALIZED (
    SELECT {index}.rowid AS id, {index}.rank AS rank FROM {index} WHERE {index} MATCH :query{conditions}
    ORDER BY {index}.rowid DESC LIMIT :ranked
), best AS MATERIALIZED (
    SELECT id, rank FROM newest ORDER BY rank, id DESC LIMIT :limit
)
SELECT articles.id AS article_id, articles.source_id, sources.name AS source, articles.url, articles.headline, articles.authors,
    articles.published, {excerpt} AS snippet, best.rank,
    CASE WHEN (SELECT count(*) FROM newest) = :ranked THEN :ranked END AS newest
FROM best{again}
CROSS JOIN articles ON articles.id = best.id CROSS JOIN sources ON sources.id = articles.source_id
ORDER BY best.rank, best.id DESC
"""
_TOKEN = re.compile(r'"[^"]*"|[()]|[^\s()"]+')
_LETTERS = re.compile(r"[^\W\d_]+")
_TYPED = re.compile(r'(\w+)(?:"?\s*(\*))?')
_BEGINNINGS = re.compile(r'(?!.*\bNEAR\b)[\w\s"()]+\*[\w\s"()*]*')  # of words, in a query that has nothing else than words and operators
_OPERATORS: Final = frozenset({"AND", "OR", "NOT"})
_PART = re.compile(r'"[^"]*"\*?|[^\s()"]+')
_NEAR = re.compile(r"NEAR(?:/\d{1,4})?")
_WORD: Final = r'(?!(?:AND|OR|NOT|NEAR)(?![^\s()"]))(?:"[^"]*"\*?|[^\s()"]*\w[^\s()"]*)'
_BESIDE = re.compile(rf"(?<![^\s(]){_WORD}(?:\s+{_NEAR.pattern}\s+{_WORD})+")
_BRACKETS: Final = frozenset("()")
_COLUMN_FILTER = re.compile(rf"({'|'.join(COLUMNS)}):(.+)", re.DOTALL)


def search(store: Connection, query: str, filters: Filters, mark: tuple[str, str]) -> tuple[SearchHit, ...]:
    """Give the articles that match, best first. `mark` is put around each word found in the snippet.

    Raises UsageError for a query that cannot be understood and for a source that does not exist.
    """
    refuse_unknown_source(store, filters.source_id)
    understood = _understood(store, query)
    index, asked = widened(store, understood)
    conditions, values = _narrowed(store, index, filters)
    ranked = -1 if filters.limit is None else max(RANKED, filters.limit)
    cuts_itself = index == PLAIN and asked == understood and not _BEGINNINGS.fullmatch(asked)
    found = store.rows(
        _BEST.format(
            index=index, conditions=conditions, excerpt=_SNIPPET if cuts_itself else "articles.body", again=_AGAIN if cuts_itself else ""
        ),
        {
            **values, "query": asked, "before": mark[0], "after": mark[1], "tokens": SNIPPET_TOKENS, "ranked": ranked,
            "limit": -1 if filters.limit is None else filters.limit,
        },
    )  # fmt: skip
    hits = tuple(SearchHit(**dict(row)) for row in found)
    if cuts_itself:
        return hits
    sought = _sought(understood, asked, index)
    return tuple(replace(hit, snippet=excerpt(hit.snippet or "", sought, mark)) for hit in hits)


def _sought(understood: str, asked: str, index: str) -> list[str]:
    """Give the words that an excerpt is to show: what was typed, and the forms that were asked in its place."""
    typed = [f"{word}{star}" for word, star in _TYPED.findall(understood) if word not in _OPERATORS]
    if index != PLAIN:
        return [word for word in typed if is_unspaced(word)]
    return [*typed, *re.findall(r'"([^"]*)"', asked)]


def _narrowed(store: Connection, index: str, filters: Filters) -> tuple[str, dict[str, object]]:
    """Give the conditions on the index, and the values for them. What can be said of the numbers of stories is said of them first.

    The plus keeps SQLite from asking the index anew for each story of the source.
    """
    conditions, values = narrowed(filters)
    if not conditions:
        return "", values
    each = f" AND EXISTS (SELECT 1 FROM articles INDEXED BY articles_places WHERE articles.id = {index}.rowid{conditions})"  # noqa: S608 - our names
    if filters.source_id is not None:
        return f" AND +{index}.rowid IN (SELECT id FROM articles WHERE source_id = :source){each}", values  # noqa: S608
    if filters.since is None and filters.until is None:
        return each, values
    dated, days = narrowed(Filters(since=filters.since, until=filters.until))
    (span,) = store.rows(f"SELECT coalesce(min(id), 0) AS first, coalesce(max(id), 0) AS last FROM articles WHERE true{dated}", days)  # noqa: S608
    return f" AND {index}.rowid BETWEEN :first AND :last{each}", {**values, **dict(span)}


def asked(store: Connection, query: str) -> tuple[str, str]:
    """Give the index to ask, and what a person typed in the form to ask it. Raises UsageError (`bad_query`)."""
    return widened(store, _understood(store, query))


def _understood(store: Connection, query: str) -> str:
    """Give the query in a form that FTS5 accepts."""
    query = query.replace("\0", " ").strip().lstrip("*")  # a leading star is a command to FTS5, and an undocumented one
    if not any(sign.isalnum() for sign in query):
        raise UsageError("the search holds no word to look for", code="bad_query")
    query = _BESIDE.sub(_near, query)
    if _complaint(store, query) is None:
        return query
    repaired = explicit(_quoted(query))
    complaint = "a quotation mark is not closed" if query.count('"') % 2 else _complaint(store, repaired)
    if complaint is not None:
        raise UsageError(f"the search {query!r} cannot be understood: {complaint}", code="bad_query")
    return repaired


def _near(found: re.Match[str]) -> str:
    """Write `sanctions NEAR oil` as FTS5 wants it; without its brackets, NEAR would be a word to look for."""
    words = [part for part in _PART.findall(found[0]) if not _NEAR.fullmatch(part)]
    distances = [int(number) for number in re.findall(r"NEAR/(\d{1,4})", found[0])]
    return f"NEAR({' '.join(_quoted_token(word) for word in words)}{f', {min(distances)}' if distances else ''})"


def _complaint(store: Connection, query: str) -> str | None:
    """Say what FTS5 finds wrong with a query, if anything. Its grammar is its own; nothing here repeats it."""
    try:
        store.rows("SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? LIMIT 1", (query,))
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
            raise
        said = str(error).removeprefix("fts5: ")
        return "it breaks off" if said == 'syntax error near ""' else said
    return None


def _quoted(query: str) -> str:
    """Quote the words of a query. Brackets count only beside operators: a person writes them as punctuation."""
    tokens = _TOKEN.findall(query)
    is_query = not _OPERATORS.isdisjoint(tokens)
    kept = (token for token in tokens if token not in _BRACKETS or is_query)
    return " ".join(part for token in kept if (part := _quoted_token(token)))


def _quoted_token(token: str) -> str:
    if token in _OPERATORS or token in _BRACKETS or token.startswith('"'):
        return token
    if column := _COLUMN_FILTER.fullmatch(token):
        return f"{column[1]} : {_quoted_token(column[2])}" if _quoted_token(column[2]) else ""
    if not any(sign.isalnum() for sign in token):
        return ""
    if _LETTERS.fullmatch(token) and not token.startswith("NEAR"):
        return token  # a bare word may still be widened
    star = "*" if token.endswith("*") else ""
    return f'"{token}"{star}'


def refuse_unknown_source(store: Connection, source_id: str | None) -> None:
    """Raise UsageError (`unknown_source`) for an id that is not None and stands for no source."""
    known = [str(row["id"]) for row in store.rows("SELECT id FROM sources ORDER BY id")]
    if source_id is not None and source_id not in known:
        near = get_close_matches(source_id, known, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise UsageError(f"there is no source {source_id!r} in the database{hint}", code="unknown_source")
