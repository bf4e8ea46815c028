"""How do the rows of a part become files? Gathered by folder and sorted by publisher, as many as memory allows at once.

All files of a part bear its name, and nothing of another part is touched. Whether they count is decided elsewhere: they are written below
any folder, and become the batch's when whoever does the work says so.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from operator import attrgetter
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

from scraper.batch.dataset import Counted, Record, Reject
from scraper.batch.dataset_layout import COUNTERS, RECORDS, REJECTS, Layout, folder
from scraper.export.parquet import schema_of

__all__ = ["SCHEMAS", "PartWriter", "Written", "arrow_filesystem", "written_rows"]

MOST_CHARACTERS: Final = 24_000_000  # of texts that wait to be written; with all that hangs on them a tenth of a gigabyte
ROW_CHARACTERS: Final = 3_000  # what a row holds beside its body: evidence, names, addresses
SCHEMAS: Final = {RECORDS: Record, REJECTS: Reject, COUNTERS: Counted}
NEVER: Final = datetime.min.replace(tzinfo=UTC)


class Written(NamedTuple):
    """One file that was written: its path below the folder of the batch, and how many rows it has."""

    path: str
    rows: int


class PartWriter:
    """The files of one part; a context manager, that completes them when its block ends well.

    `filesystem` is any that pyarrow takes (its own or fsspec's), `root` the folder there below which `DIR` of the layout begins.
    """

    def __init__(self, filesystem: Any, root: str, part: str, layout: Layout) -> None:
        self._filesystem = filesystem
        self._root = root.rstrip("/")
        self._part = part
        self._layout = layout
        self._waiting: dict[str, list[Any]] = {}
        self._characters = 0
        self._writers: dict[str, Any] = {}
        self._rows: dict[str, int] = {}

    def add(self, row: Record | Reject) -> None:
        """Take a row; it may be written at once or later."""
        name = RECORDS if isinstance(row, Record) else REJECTS
        self._waiting.setdefault(f"{name}/{folder(self._layout, row.fetched_at, row.domain)}", []).append(row)
        self._characters += ROW_CHARACTERS + (len(row.body or "") if isinstance(row, Record) else 0)
        if self._characters >= MOST_CHARACTERS:
            self._flush()

    def count(self, counted: Counted) -> None:
        """Take what the part came to: its last row."""
        self._waiting[COUNTERS] = [counted]

    def close(self) -> tuple[Written, ...]:
        """Complete the files and name them. Raises OSError. A second call does nothing but name them."""
        self._flush()
        while self._writers:
            self._writers.popitem()[1].close()
        return tuple(Written(path, rows) for path, rows in sorted(self._rows.items()))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        if kind is None:
            self.close()
        else:
            self._writers.clear()  # whoever names the files clears them away

    def _flush(self) -> None:
        for place, rows in self._waiting.items():
            self._write(place, rows)
        self._waiting.clear()
        self._characters = 0

    def _write(self, place: str, rows: list[Any]) -> None:
        import pyarrow as pa

        path = f"{place}/{self._part}.parquet"
        schema = _schema(place)
        if not place.startswith(COUNTERS):
            rows.sort(key=lambda row: (row.domain, row.fetched_at or NEVER))
        arrays = [pa.array(map(attrgetter(entry.name), rows), entry.type) for entry in schema]
        self._writer(path, schema).write_table(pa.Table.from_arrays(arrays, schema=schema))
        self._rows[path] = self._rows.get(path, 0) + len(rows)

    def _writer(self, path: str, schema: Any) -> Any:
        from pyarrow.parquet import ParquetWriter

        if path not in self._writers:
            target = f"{self._root}/{path}"
            self._make_folder(target.rpartition("/")[0])
            self._writers[path] = ParquetWriter(target, schema, filesystem=arrow_filesystem(self._filesystem), compression="zstd")
        return self._writers[path]

    def _make_folder(self, path: str) -> None:
        arrow_filesystem(self._filesystem).create_dir(path, recursive=True)


def _schema(place: str) -> Any:
    record: Any = SCHEMAS[place.partition("/")[0]]
    return schema_of(record, record._fields)


def written_rows(files: Iterable[Written]) -> dict[str, int]:
    """Count the rows of each dataset."""
    found = dict.fromkeys(SCHEMAS, 0)
    for file in files:
        found[file.path.partition("/")[0]] += file.rows
    return found


def arrow_filesystem(filesystem: Any) -> Any:
    """Give a filesystem as pyarrow's, whose it may be or fsspec's."""
    from pyarrow.fs import FileSystem, FSSpecHandler, PyFileSystem

    return filesystem if isinstance(filesystem, FileSystem) else PyFileSystem(FSSpecHandler(filesystem))
