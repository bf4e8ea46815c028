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

__all__ = ["ADDRESSES", "AUTHORS", "EVIDENCE", "FETCHES", "LONG_WORDS", "SHINGLES", "TAGS", "Newcomer", "Waiting"]

ADDRESSES: Final = "INSERT INTO article_urls (url, article_id, normal_url, source_id, matched_by, first_seen_at) VALUES (?, ?, ?, ?, ?, ?)"
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


class Newcomer(NamedTuple):
    """A story that waits: its row, which begins with its number; and what is asked of it when another may be its copy."""

    row: tuple[Any, ...]
    original_id: int | None
    text_hash: str | None
    body: str | None


class Newcomers:
    """Stories of which nobody has heard: each with its row for `articles`, by the number it will have, and all by which they are known."""

    def __init__(self) -> None:
        self.insert = ""
        self.stories: dict[int, Newcomer] = {}
        self.keys: dict[str, None] = {}

    def cut_to(self, stories: int, keys: int) -> None:
        """Let go of those that came after so many."""
        for whole, left in ((self.stories, stories), (self.keys, keys)):
            while len(whole) > left:
                whole.popitem()


class Mark(NamedTuple):
    """What waits at one moment: of each statement its rows, which may grow, and how many they were; the same of stories and their keys."""

    rows: Sequence[tuple[str, list[tuple[Any, ...]], int]]
    newcomers: Newcomers
    stories: int
    keys: int
    searched: bool


class Waiting:
    """The rows that wait, by the statement that will write them; stories before all others, since these speak of them."""

    def __init__(self) -> None:
        self._rows: dict[str, list[tuple[Any, ...]]] = {}
        self._newcomers = Newcomers()
        self._searched = False
        self._held: dict[int, list[int]] = {}
        self._held_rows = 0

    def __bool__(self) -> bool:
        return bool(self._rows) or self._searched

    def add(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Let rows wait for this statement."""
        self._rows.setdefault(sql, []).extend(rows)

    def add_story(self) -> None:
        """Let a story that was added to `articles` wait for the search index."""
        self._searched = True

    def add_newcomer(self, insert: str, newcomer: Newcomer, keys: Iterable[str]) -> None:
        """Let a story wait for this statement, and for the search index. `keys` are what other pages may have in common with its page."""
        self._newcomers.insert = insert
        self._newcomers.stories[newcomer.row[0]] = newcomer
        self._newcomers.keys.update(dict.fromkeys(keys))
        self._rows.setdefault(ADDRESSES, [])
        self._searched = True

    def next_number(self, store: "Connection") -> int:
        """Give the number that the next story will have."""
        stories = self._newcomers.stories
        return next(reversed(stories)) + 1 if stories else int(store.value("SELECT coalesce(max(id), 0) + 1 FROM articles"))

    def newcomer(self, article_id: int) -> Newcomer | None:
        """Give the story of this number, if it waits."""
        return self._newcomers.stories.get(article_id)

    def meets(self, keys: Iterable[str]) -> bool:
        """Tell whether a page has any of these in common with a story that waits."""
        return not self._newcomers.keys.keys().isdisjoint(keys)

    def holders(self) -> Mapping[int, Sequence[int]]:
        """Give the stories that have a shingle, of those that wait."""
        rows = self._rows.get(SHINGLES, [])
        for mark, article_id in rows[self._held_rows :]:
            self._held.setdefault(mark, []).append(article_id)
        self._held_rows = len(rows)
        return self._held

    def mark(self) -> Mark:
        """Note what waits."""
        known = self._newcomers
        return Mark(
            [(sql, rows, len(rows)) for sql, rows in self._rows.items()], known, len(known.stories), len(known.keys), self._searched
        )

    def back_to(self, mark: Mark) -> None:
        """Let wait what waited at a mark: without what came later, and with what was settled since, which is undone in the database."""
        self._rows = {sql: rows[:count] for sql, rows, count in mark.rows}
        self._newcomers = mark.newcomers
        self._newcomers.cut_to(mark.stories, mark.keys)
        self._searched = mark.searched
        self._held.clear()
        self._held_rows = 0

    def settle(self, store: "Connection") -> None:
        """Write what waits, the search index last."""
        rows, newcomers, searched = self._rows, self._newcomers, self._searched
        self._rows, self._newcomers, self._searched = {}, Newcomers(), False
        self._held.clear()
        self._held_rows = 0
        if newcomers.stories:
            store.write(newcomers.insert, [newcomer.row for newcomer in newcomers.stories.values()])
        for sql, found in rows.items():
            if sql in _SORTED:
                store.write(sql, sorted(set(found) if sql == LONG_WORDS else found))  # many stories have a word
            elif sql in _PREPARED:
                store.write(sql, found)
            else:
                store.run_many(sql, found)
        if searched:
            store.run(SEARCHED_STORIES)
        if LONG_WORDS in rows:
            store.run(SEARCHED_WORDS)
