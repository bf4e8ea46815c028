"""How do statements reach the open database? Through here: transactions, rows by column name, and text made fit for SQLite.

Leaves to others what the statements say, and to `opening` how the file was opened. Transactions are BEGIN IMMEDIATE: a writer waits at its
start, where waiting is possible, and never in the middle, where it is an error.
"""

import re
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from scraper.store.faults import translated
from scraper.store.lock import WriterLock
from scraper.store.waiting import Waiting

if TYPE_CHECKING:
    from sqlite_utils import Database

    from scraper.copies import Marks

__all__ = ["Connection", "storable", "storable_rows", "storable_values", "wal_of"]

_NOT_STORABLE = re.compile("[\0\ud800-\udfff]")  # SQLite's text ends at a NUL for many functions, and half a surrogate pair is no UTF-8

_Row = TypeVar("_Row", bound=tuple[object, ...])
Parameters = Sequence[object] | Mapping[str, object]


class Connection:
    """An open database. Usable from several threads, one at a time; closed once.

    Every sqlite3 error that leaves one of the two contexts, `transaction` and `snapshot`, is a StoreError.
    """

    def __init__(self, path: Path, db: "Database", *, lock: WriterLock | None = None) -> None:
        self.path = path
        self.db = db
        self.texts: OrderedDict[str, Marks] = OrderedDict()  # lately written stories, as `copies` compares them
        self.standing: set[int] = set()  # shingles of so many stories that they say nothing, as `copies` has found them
        self.sources: set[str] = set()  # ids that stand in the table, as far as anybody has asked
        self._writer_lock = lock
        self._execute = db.conn.execute
        self._turn = threading.RLock()
        self._together = False
        self._is_step_due = False
        self.waiting = Waiting()

    @contextmanager
    def transaction(self, *, settled: bool = True) -> Iterator["Connection"]:
        """Do all of what is inside, or nothing of it. Raises StoreError, and whatever the block raises.

        Where it is one of several, what the earlier ones left waiting is written first, unless the block does without it.
        """
        with self._step(settled=settled) if self._together else self._context("BEGIN IMMEDIATE"):
            yield self

    @contextmanager
    def together(self) -> Iterator[None]:
        """Make the transactions inside steps of one: each is done whole or not at all, and all are kept when the block ends.

        What SQLite itself refuses in one of them undoes all. Raises StoreError, and whatever the block raises.
        """
        with self._turn, self._context("BEGIN IMMEDIATE"):
            self._together = True
            try:
                yield
            finally:
                self._together = False

    @contextmanager
    def snapshot(self) -> Iterator["Connection"]:
        """Let several queries see one and the same state. Raises StoreError."""
        with self._look() if self._together else self._context("BEGIN"):
            yield self

    @contextmanager
    def _look(self) -> Iterator[None]:
        with translated(self.path):
            self.settle()
            yield

    @contextmanager
    def _step(self, *, settled: bool) -> Iterator[None]:
        with translated(self.path):
            if settled:
                self.settle()
            mark, self._is_step_due = self.waiting.mark(), True
            try:
                yield
            except sqlite3.Error:
                raise  # some of them have ended the whole transaction, and with it the step
            except BaseException:
                self._end_step("ROLLBACK TO step", "RELEASE step")
                self.waiting.back_to(mark)
                self.standing.clear()
                self.sources.clear()
                raise
            self._end_step("RELEASE step")

    def _end_step(self, *how: str) -> None:
        """End a step in the database, if it has come to write there: of a page that is new all rows wait."""
        if not self._is_step_due:
            for statement in how:
                self._execute(statement)
        self._is_step_due = False

    def _about_to_write(self) -> None:
        if self._is_step_due:
            self._execute("SAVEPOINT step")
            self._is_step_due = False

    @contextmanager
    def _context(self, begin: str) -> Iterator[None]:
        with self._turn, translated(self.path):
            try:
                self._execute(begin)
                yield
                self.settle()
            except BaseException:
                self._undo()
                raise
            try:
                self.db.conn.commit()
            except sqlite3.Error:
                self._undo()
                raise

    def _undo(self) -> None:
        self._is_step_due = False
        self.waiting = Waiting()
        self.standing.clear()
        self.sources.clear()
        self.db.conn.rollback()

    def later(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Write rows at the end of the transaction; see `waiting`."""
        self.waiting.add(sql, rows)

    def settle(self) -> None:
        """Write now what waits for the end of the transaction."""
        if self.waiting:
            self.waiting.settle(self)

    def run(self, sql: str, parameters: Parameters = ()) -> sqlite3.Cursor:
        """Execute one statement that writes. Text that SQLite cannot hold is made storable first: one character of it becomes U+FFFD."""
        self._about_to_write()
        return self._execute(sql, _storable(parameters))

    def ask(self, sql: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
        """Give all rows of a query as plain tuples: for what is asked of every page."""
        return self._execute(sql, _storable(parameters)).fetchall()

    def insert(self, table: str, values: Mapping[str, object]) -> int:
        """Insert one row and give its rowid. Table and columns are names of our own, never data."""
        places = ", ".join(f":{name}" for name in values)
        cursor = self.run(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places})", values)  # noqa: S608
        return cursor.lastrowid or 0

    def update(self, table: str, row_id: int, values: Mapping[str, object]) -> None:
        """Change columns of the row with this `id`. Table and columns are names of our own, never data."""
        changes = ", ".join(f"{name} = :{name}" for name in values)
        self.run(f"UPDATE {table} SET {changes} WHERE id = :id", {**values, "id": row_id})  # noqa: S608

    def run_many(self, sql: str, rows: Sequence[tuple[object, ...]]) -> None:
        """Execute one statement for each row."""
        self._about_to_write()
        self.db.conn.executemany(sql, storable_rows([*rows]))

    def write(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Execute one statement for each row, of which it is known that SQLite can hold it."""
        self._about_to_write()
        self.db.conn.executemany(sql, rows)

    def rows(self, sql: str, parameters: Parameters = ()) -> list[sqlite3.Row]:
        """Give all rows of a query, their values by column name."""
        cursor = self.db.conn.cursor()
        cursor.row_factory = sqlite3.Row
        return cursor.execute(sql, _storable(parameters)).fetchall()

    def row(self, sql: str, parameters: Parameters = ()) -> sqlite3.Row | None:
        """Give the first row of a query, if there is one."""
        return next(iter(self.rows(sql, parameters)), None)

    def value(self, sql: str, parameters: Parameters = ()) -> Any:
        """Give the first column of the first row, if there is one."""
        found = self.row(sql, parameters)
        return None if found is None else found[0]

    def column(self, sql: str, parameters: Parameters = ()) -> list[Any]:
        """Give the first column of all rows of a query."""
        return [first for first, *_ in self._execute(sql, _storable(parameters))]

    def close(self) -> None:
        """Let go of file and lock. The last connection to close folds the WAL into the database."""
        with self._turn:
            self.db.close()
            if self._writer_lock:
                self._writer_lock.release()


def wal_of(path: Path) -> Path:
    """Give the file in which SQLite keeps the commits that are not yet folded into the database at `path`."""
    file = path.resolve()
    return file.with_name(f"{file.name}-wal")


def storable(value: object) -> object:
    """Give a value as SQLite can hold it: characters of a text that it cannot become U+FFFD."""
    if not isinstance(value, str) or _is_storable(value):
        return value
    return _NOT_STORABLE.sub("\ufffd", value)


def storable_values(values: Mapping[str, object]) -> Mapping[str, object]:
    """Give the columns of a row as SQLite can hold them; asked of all their texts at once."""
    texts = "\n".join([value for value in values.values() if isinstance(value, str)])
    return values if _is_storable(texts) else {name: storable(value) for name, value in values.items()}


def storable_rows(rows: list[_Row]) -> list[_Row]:
    """Give rows as SQLite can hold them; asked of all their texts at once."""
    texts = "\n".join([value for row in rows for value in row if isinstance(value, str)])
    return rows if _is_storable(texts) else [cast("_Row", tuple(map(storable, row))) for row in rows]


def _is_storable(text: str) -> bool:
    """Look for a NUL, and let the codec look for surrogates: many times as fast as the pattern, for every text of every row."""
    if "\0" in text:
        return False
    try:
        return text.isascii() or bool(text.encode("utf-8"))
    except UnicodeEncodeError:
        return False


def _storable(parameters: Parameters) -> Parameters:
    if isinstance(parameters, tuple | list):  # asked first: whether a thing is a Mapping costs as much as all the rest
        return _storable_row(parameters)
    if not isinstance(parameters, Mapping):
        return _storable_row(parameters)
    if _are_storable(parameters.values()):
        return parameters
    return {name: storable(value) for name, value in parameters.items()}


def _storable_row(row: Sequence[object]) -> Sequence[object]:
    return row if _are_storable(row) else tuple(map(storable, row))


def _are_storable(values: Iterable[object]) -> bool:
    """Ask all values of a row. Written out, since a call for each of the hundred and thirty texts of a story takes .1 ms."""
    for value in values:  # noqa: SIM110
        if isinstance(value, str) and ("\0" in value or not (value.isascii() or _is_storable(value))):
            return False
    return True
