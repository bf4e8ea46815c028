"""How long does a reader wait? Searches and the queries of the dashboard, over a database that `store_insert` filled."""

import random
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Final

import numpy as np

from benchmarks.store_pages import BEGAN, SOURCES, vocabulary
from scraper.store import Filters, Store
from scraper.store.opening import connected
from scraper.store.overview import QUERIES, parameters

__all__ = ["dashboard_lines", "search_lines", "size_lines"]

SEARCHES: Final = 400
# How people search: mostly for what is rare. Ranks of words by frequency, and how often a word is taken from them.
BANDS: Final = (((20, 200), 1), ((200, 2_000), 4), ((2_000, 20_000), 5))
PHRASES, OF_ONE_SOURCE, SINCE_A_DAY = 0.1, 0.2, 0.2  # shares of the searches
MEDIAN_MS, SLOW_MS, DASHBOARD_MS = 20, 250, 300  # to reach


def search_lines(path: Path) -> list[str]:
    """Tell how long searches take, CPU time each: a process that waits for others is not what is asked."""
    chance = random.Random(3)
    words = vocabulary(np.random.default_rng(5))
    with Store.open(path, read_only=True) as store:
        times = sorted(_milliseconds(lambda: _search(store, chance, words)) for _ in range(SEARCHES))
    slow_ms = quantiles(times, n=100)[98]
    return [f"{SEARCHES} searches: median {median(times):.1f} ms (to reach: {MEDIAN_MS}), p99 {slow_ms:.1f} ms (to reach: {SLOW_MS})"]


def dashboard_lines(path: Path) -> list[str]:
    """Tell how long each query of the dashboard takes, asked as it asks them, over the newest ninety days."""
    with Store.open(path, read_only=True) as store, closing(connected(path, busy_s=1.0)) as database:
        (newest,) = database.execute("SELECT max(published_day) FROM articles").fetchone()
        shown = store.overview(today=date.fromisoformat(newest))
        given = parameters(shown.span, shown.sources, shown.days)
        times = [(_milliseconds(partial(_asked, database, sql, given)), name) for name, sql in QUERIES.items()]
    slowest = ", ".join(f"{name} {cost_ms:.0f} ms" for cost_ms, name in sorted(times, reverse=True)[:5])
    return [f"the dashboard's {len(times)} queries, to reach {DASHBOARD_MS} ms each, the slowest: {slowest}"]


def size_lines(path: Path) -> list[str]:
    """Tell what a story takes on disk, and in which tables."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
        stories, text = database.execute("SELECT count(*), avg(length(CAST(body AS BLOB))) FROM articles").fetchone()
        sizes = database.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC").fetchall()
    whole = sum(size for _, size in sizes)
    largest = ", ".join(f"{name} {size / stories:,.0f}" for name, size in sizes[:6])
    return [f"{whole / stories:,.0f} bytes a story on disk, of {text:,.0f} of text: {largest}"]


def _search(store: Store, chance: random.Random, words: list[str]) -> None:
    (low, high), *_ = chance.choices([band for band, _ in BANDS], [weight for _, weight in BANDS])
    asked = [words[chance.randrange(low, high)] for _ in range(chance.choice((1, 1, 1, 2, 2, 3)))]
    query = f'"{" ".join(asked)}"' if chance.random() < PHRASES else " ".join(asked)
    source = chance.choice(SOURCES).id if chance.random() < OF_ONE_SOURCE else None
    since = BEGAN + timedelta(days=chance.randrange(60)) if chance.random() < SINCE_A_DAY else None
    store.search(query, Filters(source_id=source, since=since))


def _asked(database: sqlite3.Connection, sql: str, given: dict[str, object]) -> None:
    database.execute(sql, given).fetchall()


def _milliseconds(work: Callable[[], None]) -> float:
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1e3
