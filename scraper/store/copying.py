"""Is the database whole, and how is it copied while a run writes to it? By SQLite's own backup, checked, and put in place in one step.

A copy made with `cp` may lack what stands in the WAL, or hold half of it. This one is what the database was at one moment.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from scraper.errors import StoreError
from scraper.store.connection import Connection
from scraper.store.faults import translated
from scraper.store.targets import in_place_of, refuse_target

__all__ = ["copy", "faults"]

MOST_FAULTS: Final = 20  # a damaged file has thousands, and the first ones tell


def copy(store: Connection, target: Path, *, replace: bool) -> int:
    """Copy the database to a file and give its size in bytes; the file is there whole or not at all.

    Raises UsageError (`output_exists`, `no_directory`) and StoreError, also where the copy proves to be damaged.
    """
    refuse_target(target, store.path, replace=replace)
    with in_place_of(target) as part:
        with translated(target), closing(sqlite3.connect(part)) as into:
            store.db.conn.backup(into)  # in one step: in several it begins anew whenever a run commits in between
            into.execute("PRAGMA journal_mode=DELETE").fetchall()  # one file, whatever happens to it next
            found = _faults(into)
        if found:
            raise StoreError(f"{store.path} is damaged: {found[0]}", code="store_failed")
    return target.stat().st_size


def faults(store: Connection) -> tuple[str, ...]:
    """Say what is wrong inside of the database, in SQLite's words; nothing if it is whole."""
    return _faults(store.db.conn)


def _faults(database: sqlite3.Connection) -> tuple[str, ...]:
    found = [text for (text,) in database.execute(f"PRAGMA integrity_check({MOST_FAULTS})") if text != "ok"]
    broken = database.execute("PRAGMA foreign_key_check").fetchmany(MOST_FAULTS)
    return (*found, *(f"row {row} of {table} points to a missing row of {parent}" for table, row, parent, _ in broken))
