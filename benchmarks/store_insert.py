"""What does the store add to what SQLite itself takes? The same stories through the Store, and their rows again by `executemany`.

Both write transactions of as many stories, turn by turn, so that a busy machine slows both down alike; CPU time is what counts. The rows
are read back from the Store's own database: the same in every table, index and search index, and ready made. The Store makes them ready
(which a run leaves to its workers), looks for the story by its addresses and its text, and finds what it is a copy of.
"""

import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.store_pages import BEGAN, SOURCES, Told, told
from scraper.store import Store, prepared

__all__ = ["Block", "filled", "table"]

TOGETHER: Final = 1_000  # stories in a transaction
BLOCK: Final = 10  # transactions in a line of the table
# The tables of a story, each with the column that tells which stories are new.
TABLES: Final[Mapping[str, str]] = {
    "articles": "id", "article_urls": "article_id", "article_authors": "article_id", "article_tags": "article_id", "evidence": "article_id",
    "fetches": "id", "links": "id", "shingles": "article_id", "long_words": "id",
}  # fmt: skip
SEARCHED: Final = ("id", "headline", "standfirst", "body", "authors", "agencies")


class Block(NamedTuple):
    """CPU seconds of some stories: to make them ready, to store them, and by `executemany`, which is 0 where it did not run."""

    stories: int
    ready_s: float
    store_s: float
    raw_s: float


class Raw:
    """A database with the Store's schema that rows are copied into, as fast as Python's sqlite3 does it."""

    def __init__(self, path: Path, original: Path) -> None:
        Store.open(path).close()
        self._from = sqlite3.connect(original)
        self._into = sqlite3.connect(path, isolation_level=None)
        for pragma in ("synchronous=normal", "wal_autocheckpoint=4000", "cache_size=-65536"):
            self._into.execute(f"PRAGMA {pragma}")
        self._copied = dict.fromkeys(TABLES, 0)
        for name in ("sources", "runs"):
            self._insert(name, self._from.execute(f"SELECT * FROM {name}").fetchall())

    def copy(self) -> float:
        """Copy the rows that were added since the last time, and give the CPU seconds that takes once they are read."""
        rows = {name: self._new(name, key) for name, key in TABLES.items()}
        searched = self._columns("articles", rows["articles"], SEARCHED)
        started = time.process_time()
        self._into.execute("BEGIN IMMEDIATE")
        for name, found in rows.items():
            self._insert(name, found)
        self._insert("articles_fts", searched, ("rowid", *SEARCHED[1:]))
        self._insert("long_words_fts", rows["long_words"], ("rowid", "word"))
        self._into.execute("COMMIT")
        return time.process_time() - started

    def close(self) -> None:
        self._from.close()
        self._into.close()

    def _new(self, name: str, key: str) -> list[tuple[object, ...]]:
        """Read the rows of stories that are new; a table has as many ids as it has, or as there are articles."""
        before = self._copied[name]
        counted, number = ("articles", "id") if key == "article_id" else (name, key)
        self._copied[name] = self._from.execute(f"SELECT coalesce(max({number}), 0) FROM {counted}").fetchone()[0]
        return self._from.execute(f"SELECT * FROM {name} WHERE {key} > ? ORDER BY {key}", (before,)).fetchall()

    def _columns(self, name: str, rows: Sequence[tuple[object, ...]], wanted: Sequence[str]) -> list[tuple[object, ...]]:
        names = [row[1] for row in self._from.execute(f"PRAGMA table_info({name})")]
        places = [names.index(column) for column in wanted]
        return [tuple(row[place] for place in places) for row in rows]

    def _insert(self, name: str, rows: Sequence[tuple[object, ...]], columns: Sequence[str] = ()) -> None:
        if rows:
            head = f" ({', '.join(columns)})" if columns else ""
            self._into.executemany(f"INSERT INTO {name}{head} VALUES ({', '.join('?' * len(rows[0]))})", rows)


def filled(path: Path, stories: int, *, raced: int) -> Iterator[Block]:
    """Fill a database with so many stories, the first ones in a race against `executemany`, and tell of each block."""
    stream = told(stories)
    with Store.open(path) as store:
        store.remember_sources(SOURCES, BEGAN)
        run = store.begin_run("bench", started_at=BEGAN)
        with closing(Raw(path.with_suffix(".raw.db"), path)) as raw:
            for start in range(0, stories, TOGETHER * BLOCK):
                batches = (list(islice(stream, TOGETHER)) for _ in range(BLOCK))
                turns = [(len(batch), *_stored(store, run, batch), raw.copy() if start < raced else 0.0) for batch in batches if batch]
                yield Block(*map(sum, zip(*turns, strict=True)))


def table(blocks: Sequence[Block]) -> list[str]:
    """Lay out what each block cost, in milliseconds a story, and what the race came to."""
    lines = [f"{'stories':>9} {'ready':>7} {'store':>7} {'executemany':>12}"]
    stored = 0
    for block in blocks:
        stored += block.stories
        costs = [seconds / block.stories * 1e3 for seconds in block[1:]]
        lines.append(f"{stored:>9,} {costs[0]:>7.3f} {costs[1]:>7.3f} {costs[2]:>12.3f}".rstrip("0. "))
    ready_s, store_s, raw_s = (sum(block[place] for block in blocks if block.raw_s) for place in (1, 2, 3))
    return [*lines, f"{raw_s / (ready_s + store_s):.2f} x executemany, {raw_s / store_s:.2f} where workers make the stories ready"]


def _stored(store: Store, run: int, batch: Sequence[Told]) -> tuple[float, float]:
    started = time.process_time()
    ready = [prepared(story.article) for story in batch]
    between = time.process_time()
    with store.together():
        for story, told in zip(batch, ready, strict=True):
            store.record_prepared(run, story.link, story.page, told)
    return between - started, time.process_time() - between
