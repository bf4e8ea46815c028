"""Was a source looked at on a day, and what was to be expected of it? The rows of `collection_days`, which the view `coverage` reads.

Each look at a listing is counted as it happens. A day without one gets its row when the next run begins, so that it is not taken for a day
without news. What a day is expected to bring (`scraper.baselines`) is written down with its row and stays: nobody knew more on that day.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final

from scraper.baselines import REACH, baseline
from scraper.store.connection import Connection
from scraper.store.rows import utc_text

__all__ = ["add_look", "expect_all", "fill_up"]

DAY: Final = timedelta(days=1)
LONGEST_GAP: Final = timedelta(days=400)  # a clock that jumped must not fill the table; who stops for longer begins anew


def add_look(store: Connection, source_id: str, at: datetime, *, ok: bool) -> None:
    """Count one look at a listing of a source, and whether it could be read."""
    day = (utc_text(at) or "")[:10]
    column = "looks" if ok else "looks_failed"
    count = f"UPDATE collection_days SET {column} = {column} + 1 WHERE source_id = ? AND day = ?"  # noqa: S608 - one of the two above
    if store.run(count, (source_id, day)).rowcount == 0:
        _fill(store, source_id, date.fromisoformat(day))
        store.run(count, (source_id, day))


def fill_up(store: Connection, now: datetime) -> None:
    """Write rows for the days before today on which nobody looked at a source that was looked at before."""
    yesterday = date.fromisoformat((utc_text(now) or "")[:10]) - DAY
    behind = store.column(
        "SELECT id FROM sources WHERE EXISTS (SELECT 1 FROM collection_days WHERE source_id = sources.id AND day < :day)"
        " AND NOT EXISTS (SELECT 1 FROM collection_days WHERE source_id = sources.id AND day = :day)",
        {"day": yesterday.isoformat()},
    )
    for source_id in behind:
        _fill(store, source_id, yesterday)


def expect_all(store: Connection) -> None:
    """Fill in missing days and what was to be expected of each: for a database that was made before this was written down."""
    for source_id in store.column("SELECT DISTINCT source_id FROM collection_days ORDER BY source_id"):
        for earlier, later in pairwise(_days(store, source_id)):
            if later - earlier <= LONGEST_GAP:
                _add(store, source_id, _between(earlier + DAY, later - DAY))
        _expect(store, source_id, _days(store, source_id))


def _fill(store: Connection, source_id: str, until: date) -> None:
    """Write the rows between the last one before a day and that day, itself included."""
    last = store.value("SELECT max(day) FROM collection_days WHERE source_id = ? AND day < ?", (source_id, until.isoformat()))
    after = until - DAY if last is None else max(date.fromisoformat(last), until - LONGEST_GAP)
    missing = _between(after + DAY, until)
    _add(store, source_id, missing)
    if last is not None:
        _expect(store, source_id, missing)


def _expect(store: Connection, source_id: str, wanted: Sequence[date]) -> None:
    """Write down what each of these days, the first first, is expected to bring."""
    found = store.rows(
        "SELECT day, collected FROM coverage WHERE source_id = ? AND day >= ? AND day < ? AND looks > 0",
        (source_id, (wanted[0] - REACH).isoformat(), wanted[-1].isoformat()),
    )
    seen = {date.fromisoformat(row["day"]): int(row["collected"]) for row in found}
    expected = [(known.expected, known.least, source_id, day.isoformat()) for day in wanted if (known := baseline(seen, day))]
    store.run_many("UPDATE collection_days SET expected = ?, least = ? WHERE source_id = ? AND day = ?", expected)


def _add(store: Connection, source_id: str, days: Sequence[date]) -> None:
    store.run_many("INSERT OR IGNORE INTO collection_days (source_id, day) VALUES (?, ?)", [(source_id, day.isoformat()) for day in days])


def _days(store: Connection, source_id: str) -> list[date]:
    return [
        date.fromisoformat(day) for day in store.column("SELECT day FROM collection_days WHERE source_id = ? ORDER BY day", (source_id,))
    ]


def _between(first: date, last: date) -> list[date]:
    return [first + DAY * number for number in range((last - first).days + 1)]
