"""Which rows may wait for the end of their transaction? Those that only other transactions read; there they are written table by table.

A row costs several times as much alone: a savepoint keeps a copy of every page that is touched after it, and FTS5 writes what it has
gathered whenever one begins. So what a story adds to the tables beside its own is kept here, and written by one `executemany` each when
many stories are stored together. A step that is taken back takes its rows with it. Who has to read such a table in the same transaction
settles it first.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from scraper.store.connection import Connection

__all__ = ["AUTHORS", "EVIDENCE", "FETCHES", "LONG_WORDS", "SHINGLES", "TAGS", "Waiting"]

AUTHORS: Final = "INSERT INTO article_authors (article_id, position, name, kind) VALUES (?, ?, ?, ?)"
TAGS: Final = "INSERT INTO article_tags (article_id, position, tag) VALUES (?, ?, ?)"
EVIDENCE: Final = "INSERT OR REPLACE INTO evidence (article_id, field, signal, value, candidates) VALUES (?, ?, ?, ?, ?)"
SHINGLES: Final = "INSERT OR IGNORE INTO shingles (hash, article_id) VALUES (?, ?)"
LONG_WORDS: Final = "INSERT OR IGNORE INTO long_words (word) VALUES (?)"
FETCHES: Final = (
    "INSERT INTO fetches (run_id, source_id, url, kind, links_found, links_new, verdict, saved, article_id, template_fit,"
    " extractor_version, link_density, at, outcome, final_url, status, message, retryable, bytes, elapsed_ms, attempts, rendering,"
    " archive_file, archive_offset, archive_length, archive_digest)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
# Stories and long words are numbered in order, and none is left out: an index says itself how far it has come.
SEARCHED_STORIES: Final = (
    "INSERT INTO articles_fts (rowid, headline, standfirst, body, authors, agencies)"
    " SELECT id, headline, standfirst, body, authors, agencies FROM articles"
    " WHERE id > (SELECT coalesce(max(id), 0) FROM articles_fts_docsize) ORDER BY id"
)
SEARCHED_WORDS: Final = (
    "INSERT INTO long_words_fts (rowid, word)"
    " SELECT id, word FROM long_words WHERE id > (SELECT coalesce(max(id), 0) FROM long_words_fts_docsize) ORDER BY id"
)
_SORTED: Final = frozenset({SHINGLES, LONG_WORDS})  # by key, so that neighbours are written together; the order says nothing in these

_PREPARED: Final = frozenset({AUTHORS, TAGS, EVIDENCE})  # `prepared` has seen to it that SQLite can hold what is in them


class Mark(NamedTuple):
    """What waits at one moment: of each statement its rows, which may grow, and how many they were; and whether a story does."""

    rows: Sequence[tuple[str, list[tuple[Any, ...]], int]] = ()
    stories: bool = False


NOTHING: Final = Mark()


class Waiting:
    """The rows that wait, by the statement that will write them."""

    def __init__(self) -> None:
        self._rows: dict[str, list[tuple[Any, ...]]] = {}
        self._stories = False
        self._held: dict[int, list[int]] = {}
        self._held_rows = 0

    def __bool__(self) -> bool:
        return bool(self._rows) or self._stories

    def add(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Let rows wait for this statement."""
        self._rows.setdefault(sql, []).extend(rows)

    def add_story(self) -> None:
        """Let a story that was added to `articles` wait for the search index."""
        self._stories = True

    def holders(self) -> Mapping[int, Sequence[int]]:
        """Give the stories that have a shingle, of those that wait."""
        rows = self._rows.get(SHINGLES, [])
        for mark, article_id in rows[self._held_rows :]:
            self._held.setdefault(mark, []).append(article_id)
        self._held_rows = len(rows)
        return self._held

    def mark(self) -> Mark:
        """Note what waits."""
        return Mark([(sql, rows, len(rows)) for sql, rows in self._rows.items()], self._stories)

    def back_to(self, mark: Mark) -> None:
        """Let wait what waited at a mark: without what came later, and with what was settled since, which is undone in the database."""
        self._rows = {sql: rows[:count] for sql, rows, count in mark.rows}
        self._stories = mark.stories
        self._held.clear()
        self._held_rows = 0

    def settle(self, store: "Connection") -> None:
        """Write what waits, the search index last."""
        rows, stories = self._rows, self._stories
        self.back_to(NOTHING)
        for sql, found in rows.items():
            if sql in _SORTED:
                store.write(sql, sorted(set(found)))
            elif sql in _PREPARED:
                store.write(sql, found)
            else:
                store.run_many(sql, found)
        if stories:
            store.run(SEARCHED_STORIES)
        if LONG_WORDS in rows:
            store.run(SEARCHED_WORDS)
