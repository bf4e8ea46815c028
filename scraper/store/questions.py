"""What may the database be asked? Its stories, their history, figures, health: each answer is of one moment, and changes nothing.

`search`, `stories`, `versions`, `reads`, `overview` and `health` say what is asked; `store` has the calls that write.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from scraper.records import StoredArticle
from scraper.store import copying, health, reads, versions
from scraper.store import overview as looking
from scraper.store import search as searching
from scraper.store import stories as streaming
from scraper.store.connection import Connection
from scraper.store.figures import Overview
from scraper.store.filters import Filters
from scraper.store.health_rows import HealthChange, SourceHealth
from scraper.store.rows import RunSummary, SearchHit, Stats, Version

__all__ = ["Questions"]


class Questions:
    """A part of `Store`."""

    _connection: Connection

    def search(self, query: str, filters: Filters | None = None, *, mark: tuple[str, str] = ("[", "]")) -> tuple[SearchHit, ...]:
        """Give the articles that match, best first: an FTS5 query, or words as a person types them.

        `filters` narrow it, to 20 articles if nothing else is said. `mark` stands around each word found in the snippet.
        Raises UsageError for a query that cannot be understood (`bad_query`) and for a source that does not exist (`unknown_source`).
        """
        with self._connection.snapshot() as store:
            return searching.search(store, query, filters or Filters(), mark)

    def asked(self, query: str) -> tuple[str, str]:
        """Give the search index to ask, and the query in the form to ask it, as `search` does. Raises UsageError (`bad_query`)."""
        with self._connection.snapshot() as store:
            return searching.asked(store, query)

    @contextmanager
    def stories(self, filters: Filters, words: str | None = None, *, with_copies: bool = True) -> Iterator[Iterator[StoredArticle]]:
        """Give the articles that match, in the order they were stored, one at a time, from one snapshot: what there is inside the block.

        `words` are as for `search`. Raises UsageError (`bad_query`, `unknown_source`).
        """
        with self._connection.snapshot() as store:
            yield streaming.stories(store, filters, words, with_copies=with_copies)

    def history(self, article: str) -> tuple[Version, ...]:
        """Give every version of one story, the first first. `article` is its number or one of its addresses, in any spelling.

        Raises UsageError (`unknown_article`).
        """
        with self._connection.snapshot() as store:
            return versions.history(store, article)

    def copy_to(self, target: Path, *, replace: bool = False) -> int:
        """Copy the database to a file, checked and in one step, and give its size in bytes.

        Raises UsageError (`output_exists`, `no_directory`) and StoreError.
        """
        with self._connection.snapshot() as store:
            return copying.copy(store, target, replace=replace)

    def faults(self) -> tuple[str, ...]:
        """Say what is wrong inside of the file, in SQLite's words; nothing if it is whole."""
        with self._connection.snapshot() as store:
            return copying.faults(store)

    def stats(self) -> Stats:
        """Give totals, every source, the last runs and the size of the database."""
        with self._connection.snapshot() as store:
            return reads.stats(store)

    def health(self) -> tuple[SourceHealth, ...]:
        """Give how every source fares, the worst first."""
        with self._connection.snapshot() as store:
            return health.health_of_all(store)

    def unlearned(self, now: datetime) -> int:
        """Say of how many sources a run would have to learn anew what is usual."""
        with self._connection.snapshot() as store:
            return health.unlearned(store, now)

    def unsent_alerts(self, since: datetime) -> tuple[HealthChange, ...]:
        """Give the changes of state since a moment of which nobody was told yet, in order."""
        with self._connection.snapshot() as store:
            return health.unsent_alerts(store, since)

    def overview(self, *, today: date, since: date | None = None, until: date | None = None, source_ids: Sequence[str] = ()) -> Overview:
        """Give the figures of the days from `since` to before `until`: of the last ninety if not given, and of all sources if none is.

        Raises UsageError (`unknown_source`, `bad_span`).
        """
        with self._connection.snapshot() as store:
            return looking.overview(store, looking.span_of(store, since, until, tuple(source_ids), today))

    def source_names(self) -> tuple[tuple[str, str], ...]:
        """Give every source's id and name, by name."""
        with self._connection.snapshot() as store:
            return tuple((row["id"], row["name"]) for row in store.rows("SELECT id, name FROM sources ORDER BY name, id"))

    def run_summary(self, run_id: int) -> RunSummary | None:
        """Give what one run did so far, or None if there is no such run."""
        with self._connection.snapshot() as store:
            return reads.run_summary(store, run_id)
