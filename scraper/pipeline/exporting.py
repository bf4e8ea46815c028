"""How do stored articles get out? Into a file that is there whole or not at all, or onto standard output."""

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from scraper.errors import UsageError
from scraper.export import COLUMNS, TableFormat, write_table
from scraper.export.parquet import refuse_without_pyarrow
from scraper.records import StoredArticle
from scraper.store import Filters, Store
from scraper.store.targets import in_place_of, refuse_target, written

__all__ = ["STANDARD_OUTPUT", "Choice", "export"]

STANDARD_OUTPUT: Final = Path("-")
SUFFIXES: Final = MappingProxyType[str, TableFormat](
    {".parquet": "parquet", ".pq": "parquet", ".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What goes out: which articles, and which of their columns."""

    filters: Filters = field(default_factory=lambda: Filters(limit=None))
    words: str | None = None
    with_copies: bool = True
    columns: Sequence[str] = COLUMNS


def export(db: Path, target: Path, choice: Choice, *, form: TableFormat | None = None, replace: bool = False) -> int:
    """Write the chosen articles and give how many there were. `form` is told by the target's suffix if it is None.

    Raises UsageError (`output_exists`, `no_directory`, `unknown_format`, `unknown_column`, `no_parquet`, and as `Store.stories`) and
    StoreError.
    """
    form = form or _form_of(target)
    _refuse(choice.columns, target, form)
    with Store.open(db, read_only=True) as store:
        if target != STANDARD_OUTPUT:
            refuse_target(target, db, replace=replace)
        with store.stories(choice.filters, choice.words, with_copies=choice.with_copies) as articles:
            if target == STANDARD_OUTPUT:
                return _print(articles, form, choice.columns)
            return _write_file(articles, target, form, choice.columns)


def _print(articles: Iterator[StoredArticle], form: TableFormat, columns: Sequence[str]) -> int:
    with written("standard output", to_pipe=True):
        return write_table(articles, sys.stdout.buffer, form, columns)


def _write_file(articles: Iterator[StoredArticle], target: Path, form: TableFormat, columns: Sequence[str]) -> int:
    with written(str(target)), in_place_of(target) as part, part.open("wb") as file:
        counted = write_table(articles, file, form, columns)
        file.flush()
        os.fsync(file.fileno())
    return counted


def _form_of(target: Path) -> TableFormat:
    form = SUFFIXES.get(target.suffix.lower())
    if form is None:
        name = "standard output" if target == STANDARD_OUTPUT else f"the name {target.name}"
        raise UsageError(f"{name} does not say which format is meant: --format parquet, csv or jsonl does", code="unknown_format")
    return form


def _refuse(columns: Sequence[str], target: Path, form: TableFormat) -> None:
    if unknown := [name for name in columns if name not in COLUMNS]:
        raise UsageError(f"there is no column {unknown[0]!r}; there are {', '.join(COLUMNS)}", code="unknown_column")
    if not columns:
        raise UsageError("no column is left to write", code="unknown_column")
    if form != "parquet":
        return
    if target == STANDARD_OUTPUT:
        raise UsageError("Parquet goes to a file, not to standard output", code="unknown_format")
    refuse_without_pyarrow()
