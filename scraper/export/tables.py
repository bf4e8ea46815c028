"""How are a million articles written to one file? One after another as CSV or JSON lines, and in groups of rows as Parquet (`parquet`).

What a page says is data and is written as it is: also a headline that begins with `=`, which a spreadsheet may take for a formula.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from operator import attrgetter
from types import MappingProxyType
from typing import Any, BinaryIO, Final, Literal, get_args

from scraper.records import StoredArticle

__all__ = ["COLUMNS", "TABLE_FORMATS", "TableFormat", "write_table"]

TableFormat = Literal["parquet", "csv", "jsonl"]
TABLE_FORMATS: Final[tuple[TableFormat, ...]] = get_args(TableFormat)
COLUMNS: Final = StoredArticle._fields
BETWEEN: Final = "; "  # the items of a list in CSV: names and keywords hold commas
CHUNK: Final = 500  # rows that are handed to the file at once
_CONTROL = re.compile(r"[\x7f-\x9f]")  # what JSON may hold as it is and a terminal obeys

Values = tuple[Any, ...]


def write_table(articles: Iterable[StoredArticle], file: BinaryIO, form: TableFormat, columns: Sequence[str] = COLUMNS) -> int:
    """Write the articles to a binary file and give how many there were. What is held in memory does not grow with their number.

    Raises OSError where the file takes no more, and UsageError (`no_parquet`) where pyarrow is not there.
    """
    if form == "parquet":
        from scraper.export.parquet import write_parquet

        return write_parquet(articles, file, columns)
    counted = 0
    chunk = io.StringIO(newline="")
    writes = _WRITERS[form](chunk, columns)
    for counted, values in enumerate(_values(articles, columns), start=1):
        writes(values)
        if counted % CHUNK == 0:
            _pour(chunk, file)
    _pour(chunk, file)
    file.flush()
    return counted


def _values(articles: Iterable[StoredArticle], columns: Sequence[str]) -> Iterator[Values]:
    if len(columns) == 1:
        return ((getattr(article, columns[0]),) for article in articles)
    return map(attrgetter(*columns), articles)


def _pour(chunk: io.StringIO, file: BinaryIO) -> None:
    file.write(chunk.getvalue().encode())
    chunk.seek(0)
    chunk.truncate()


def _csv(file: io.StringIO, columns: Sequence[str]) -> Callable[[Values], object]:
    """Write as RFC 4180 has it: a header, CRLF, quotes where they are needed."""
    writer = csv.writer(file)
    writer.writerow(columns)
    return lambda values: writer.writerow([_cell(value) for value in values])


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return BETWEEN.join(value)
    return value.isoformat() if isinstance(value, date) else value


def _iso(value: date) -> str:
    return value.isoformat()


def _json_lines(file: io.StringIO, columns: Sequence[str]) -> Callable[[Values], object]:
    return lambda values: file.write(_line(dict(zip(columns, values, strict=True))))


def _line(record: dict[str, Any]) -> str:
    text = json.dumps(record, ensure_ascii=False, default=_iso)
    return _CONTROL.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text) + "\n"


_WRITERS: Final = MappingProxyType({"csv": _csv, "jsonl": _json_lines})
