"""What does the store give back? Frozen rows; and how a moment is written in the database.

Every column ending in `_at` or `_utc` holds UTC as `YYYY-MM-DD HH:MM:SS`, the form of SQLite's own `datetime()`, so that an analyst's
`where published_utc >= datetime('now', '-7 days')` compares like with like. The rows give such columns as aware datetimes.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, Literal

from scraper.changes import ChangeKind, Telling
from scraper.fingerprints import text_hash
from scraper.words import count

__all__ = [
    "HostStats",
    "MatchedBy",
    "Outcome",
    "RunSummary",
    "Saved",
    "SearchHit",
    "SourceStats",
    "Stats",
    "Version",
    "hash_of",
    "instant",
    "utc_text",
    "word_count",
]

Outcome = Literal["new", "updated", "unchanged", "duplicate", "rejected"]
MatchedBy = Literal["new", "url", "canonical", "article_id", "text"]

# Two pages with one sentence in common ("This article is for subscribers.") are not one story. In bytes of UTF-8, since 80 Chinese
# characters say as much as 250 Latin letters: about three sentences.
SHORTEST_TEXT_BYTES: Final = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What became of one page.

    `new`: a story not seen before. `updated`: the story's own page says something else now. `unchanged`: it says the same.
    `duplicate`: another address of a story that is stored. `rejected`: no story; `article_id` is then the story that an earlier visit
    found at this address and that was left as it is, if there is one. `matched_by` tells how a story was recognised.
    """

    outcome: Outcome
    article_id: int | None = None
    matched_by: MatchedBy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """One article that matches a search, best first. A lower `rank` is a better match (FTS5's bm25); `snippet` marks the words found.

    Where very many match, only the newest are ranked: `newest` says how many these are, and is None where all that match were ranked.
    """

    article_id: int
    source_id: str
    source: str
    url: str
    headline: str | None
    authors: str | None
    published: str | None
    snippet: str
    rank: float
    newest: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """What one run did. `status` is `running`, `ok`, `failed` or `interrupted`; a run that was killed has no `finished_at`."""

    run_id: int
    command: str
    status: str
    exit_code: int | None
    started_at: datetime
    finished_at: datetime | None
    sources: int
    listings: int
    listings_unchanged: int
    links_new: int
    pages: int
    articles_new: int
    articles_updated: int
    articles_unchanged: int
    duplicates: int
    rejected: int
    failures: int
    refused: int
    bytes: int
    template_misfits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStats:
    """What is stored of one source. `failures` counts the URLs whose latest fetch failed, listings included.

    Its template was learned from `template_pages`; of the pages of its last run, `template_misfits` were built otherwise.
    """

    source_id: str
    source: str
    articles: int
    last_article_at: datetime | None
    rejects: int
    links_pending: int
    links_failed: int
    failures: int
    last_fetch_at: datetime | None
    last_run_id: int | None
    template_pages: int
    template_misfits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HostStats:
    """One host in trouble: failures in a row and the last one's code, until when it is left alone, and the seconds between two requests."""

    host: str
    failures: int
    last_outcome: str | None
    resting_until_at: datetime | None
    delay_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """The database at a glance.

    Sources by the number of their articles, runs newest first, the hosts that are in trouble, the size in bytes with what is in the WAL.
    """

    path: str
    size_bytes: int
    articles: int
    urls: int
    rejects: int
    links_pending: int
    links_failed: int
    failures: int
    sources: tuple[SourceStats, ...]
    runs: tuple[RunSummary, ...]
    hosts: tuple[HostStats, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What a story said from `seen_at` on, until the next version; and the change that led to it: none for the first, `kinds` empty.

    `cause` is `revisit` (its page says something else) or `reextraction` (the page is the same, and read anew).
    """

    article_id: int
    number: int
    seen_at: datetime
    telling: Telling
    authors: str | None
    published: str | None
    kinds: tuple[ChangeKind, ...]
    words_added: int
    words_removed: int
    cause: str | None
    extractor_version: str


@lru_cache(maxsize=200)  # a story's visit and its date are written in seven places
def utc_text(when: datetime | None) -> str | None:
    """Write a moment as the database holds it. A naive one is taken as it is: nobody knows its zone."""
    if when is None:
        return None
    if when.tzinfo is not None:
        with suppress(OverflowError):  # a page may say 9999-12-31T23:59-05:00
            when = when.astimezone(UTC)
    return when.replace(tzinfo=None, microsecond=0).isoformat(sep=" ")


def instant(text: str | None) -> datetime | None:
    """Read a moment that `utc_text` wrote."""
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


def word_count(text: str | None) -> int:
    """Count words; in scripts without spaces, characters."""
    return count(text) if text else 0


def hash_of(body: str) -> str | None:
    """Give the fingerprint by which the same text is recognised, or None when there is too little of it to tell."""
    return text_hash(body) if len(body.encode("utf-8", "replace")) >= SHORTEST_TEXT_BYTES else None
