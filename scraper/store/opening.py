"""May this file be our database, and how is it opened? What is missing is made, what is not ours is refused in one sentence.

    journal_mode=WAL      readers never wait for the writer, nor it for them
    synchronous=NORMAL    a power cut may take the last commits but never the database; a killed process takes nothing
    foreign_keys=ON       SQLite leaves them off otherwise
    one writer            see `lock`

docs/decisions/0009-sqlite-schema.md has the reasons. What happens on the open database is `connection`'s question.
"""

import errno
import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scraper.errors import StoreError
from scraper.store.connection import Connection, wal_of
from scraper.store.faults import translated
from scraper.store.lock import WriterLock

if TYPE_CHECKING:
    from sqlite_utils import Database

__all__ = ["connected", "open_as_it_is", "open_for_reading", "open_for_writing"]

OLDEST_SQLITE: Final = (3, 37, 0)  # STRICT tables
# Folding the WAL into the file costs two waits for the disk: every 16 MB instead of 4, 306 to 340 new pages a second became of 184 to 294.
WRITING: Final = (
    "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "wal_autocheckpoint=4000", "cache_size=-65536", "temp_store=MEMORY",
)  # fmt: skip


def open_for_writing(path: Path, *, busy_s: float, lock_s: float) -> Connection:
    """Open, make what is missing (directory, file, schema), and make sure that a transaction can begin. Raises StoreError."""
    _refuse_old_sqlite()
    lock = _lock(path, lock_s)
    try:
        with translated(path):
            db = _connect(f"{path.resolve().as_uri()}?mode=rwc", busy_s)
            try:
                _refuse_foreign(path, db)
                for pragma in WRITING:
                    db.execute(f"PRAGMA {pragma}").fetchall()
                _migrate(Connection(path, db))
            except BaseException:
                db.close()
                raise
    except BaseException:
        lock.release()
        raise
    return Connection(path, db, lock=lock)


def open_for_reading(path: Path, *, busy_s: float) -> Connection:
    """Open an existing database of today's schema without ever writing to it. Raises StoreError."""
    connection = open_as_it_is(path, busy_s=busy_s)
    try:
        _refuse_older(path, connection.db)
    except BaseException:
        connection.close()
        raise
    return connection


def open_as_it_is(path: Path, *, busy_s: float) -> Connection:
    """Open an existing database of today's schema or an older one without ever writing to it. Raises StoreError."""
    _refuse_old_sqlite()
    _refuse_no_file(path)
    if not path.exists():
        raise StoreError(f"there is no database at {path}", code="store_missing")
    with translated(path):
        db = _connect_read_only(path, busy_s)
        try:
            _refuse_foreign(path, db)
            _refuse_empty(path, db)
        except BaseException:
            db.close()
            raise
    return Connection(path, db)


def connected(path: Path, *, busy_s: float) -> sqlite3.Connection:
    """Give a bare connection that can only read, to a database that `open_for_reading` has found to be ours. Raises StoreError."""
    with translated(path):
        connection: sqlite3.Connection = _connect_read_only(path, busy_s).conn
        connection.execute("PRAGMA query_only = 1")
        connection.execute("PRAGMA cache_size = -32768")  # 32 MB: views look up rows by the hundred thousand
    return connection


def _connect(uri: str, busy_s: float) -> "Database":
    from sqlite_utils import Database

    # isolation_level=None: transactions begin where we say so, and never behind our back.
    connection = sqlite3.connect(uri, uri=True, timeout=busy_s, isolation_level=None, check_same_thread=False)
    return Database(connection, execute_plugins=False)


def _connect_read_only(path: Path, busy_s: float) -> "Database":
    """Connect with mode=ro; where even that needs to write (a WAL database in a read-only directory), as a file that never changes."""
    uri = path.resolve().as_uri()
    db = _connect(f"{uri}?mode=ro", busy_s)
    try:
        db.execute("SELECT 1 FROM sqlite_master").fetchall()
    except sqlite3.OperationalError as error:
        db.close()
        if error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY} or not os.access(path, os.R_OK):
            raise
        _refuse_unread_changes(path)
        return _connect(f"{uri}?immutable=1", busy_s)
    except BaseException:
        db.close()
        raise
    return db


def _lock(path: Path, lock_s: float) -> WriterLock:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _refuse_no_file(path)
        return WriterLock(path, busy_s=lock_s)
    except (PermissionError, FileExistsError, NotADirectoryError) as error:
        raise StoreError(f"{path} cannot be written: {_reason(error)} ({error.filename})", code="store_readonly") from error
    except OSError as error:
        code = {errno.ENOSPC: "store_full", errno.EROFS: "store_readonly"}.get(error.errno or 0, "store_failed")
        raise StoreError(f"{path} cannot be written: {_reason(error)}", code=code) from error


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _refuse_old_sqlite() -> None:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        oldest = ".".join(map(str, OLDEST_SQLITE))
        raise StoreError(f"Python carries SQLite {sqlite3.sqlite_version}; {oldest} or newer is needed", code="store_failed")


def _refuse_no_file(path: Path) -> None:
    if path.exists() and not path.is_file():
        raise StoreError(f"{path} is {'a directory' if path.is_dir() else 'not a regular file'}, not a database", code="not_a_database")


def _refuse_foreign(path: Path, db: "Database") -> None:
    """Refuse a database that a newer version has changed, or that belongs to somebody else."""
    from scraper.store.migrations import MIGRATIONS, unknown_steps

    if newer := unknown_steps(db):
        raise StoreError(f"{path} was written by a newer version of this program (it has {', '.join(newer)})", code="store_newer")
    strangers = [name for name in db.table_names() if name != MIGRATIONS.migrations_table]
    if strangers and not MIGRATIONS.applied(db):
        raise StoreError(f"{path} is another program's database (it holds a table `{strangers[0]}`)", code="not_a_database")


def _refuse_empty(path: Path, db: "Database") -> None:
    from scraper.store.migrations import MIGRATIONS

    if not MIGRATIONS.applied(db):
        raise StoreError(f"{path} is empty: nothing has been stored in it yet", code="store_missing")


def _refuse_older(path: Path, db: "Database") -> None:
    from scraper.store.migrations import MIGRATIONS

    if MIGRATIONS.pending(db):
        raise StoreError(f"{path} was written by an older version; the next `scraper run` brings it up to date", code="store_older")


def _refuse_unread_changes(path: Path) -> None:
    wal = wal_of(path)
    if wal.exists() and wal.stat().st_size > 0:
        sentence = f"{path} cannot be read here: changes stand in {wal.name}, and SQLite needs a directory it can write to for reading them"
        raise StoreError(sentence, code="store_readonly")


def _migrate(connection: Connection) -> None:
    """Take the missing steps, all or none, and make sure that the database can be written at all."""
    from scraper.store.migrations import MIGRATIONS

    with connection.transaction():
        MIGRATIONS.apply(connection.db)
        connection.run("DELETE FROM runs WHERE false")  # BEGIN IMMEDIATE alone does not notice that the file is read-only
