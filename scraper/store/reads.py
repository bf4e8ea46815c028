"""What is in the database, at a glance? The figures of `scraper stats`, read from the views that analysts use too."""

import sqlite3
from typing import Any, Final

from scraper.store.connection import Connection, wal_of
from scraper.store.hosts import host_stats
from scraper.store.rows import RunSummary, SourceStats, Stats, instant

__all__ = ["run_summary", "stats"]

LAST_RUNS: Final = 10
_MOMENTS: Final = frozenset({"started_at", "finished_at", "last_article_at", "last_fetch_at"})


def stats(store: Connection) -> Stats:
    """Give totals, every source, and the last runs. One snapshot, so the figures agree with each other."""
    sources = store.rows("SELECT * FROM source_summary ORDER BY articles DESC, source_id")
    runs = store.rows("SELECT * FROM run_summary ORDER BY run_id DESC LIMIT ?", (LAST_RUNS,))
    return Stats(
        path=str(store.path),
        size_bytes=_size_bytes(store),
        articles=store.value("SELECT count(*) FROM articles"),
        urls=store.value("SELECT count(*) FROM article_urls"),
        rejects=store.value("SELECT count(*) FROM rejects"),
        links_pending=store.value("SELECT count(*) FROM links WHERE state = 'pending'"),
        links_failed=store.value("SELECT count(*) FROM links WHERE state = 'failed'"),
        failures=store.value("SELECT count(*) FROM failures"),
        sources=tuple(SourceStats(**_fields(row, SourceStats.__slots__)) for row in sources),
        runs=tuple(RunSummary(**_fields(row, RunSummary.__slots__)) for row in runs),
        hosts=host_stats(store),
    )


def run_summary(store: Connection, run_id: int) -> RunSummary | None:
    """Give what one run did, or None if there is no such run."""
    row = store.row("SELECT * FROM run_summary WHERE run_id = ?", (run_id,))
    return RunSummary(**_fields(row, RunSummary.__slots__)) if row else None


def _fields(row: sqlite3.Row, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: instant(row[name]) if name in _MOMENTS else row[name] for name in names}


def _size_bytes(store: Connection) -> int:
    files = (store.path, wal_of(store.path))
    return sum(file.stat().st_size for file in files if file.exists())
