"""How do articles become Parquet? In groups of rows, typed, with zstd. Home of pyarrow, an extra (`scraper[parquet]`)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from types import MappingProxyType, UnionType
from typing import Any, BinaryIO, Final, get_args, get_origin, get_type_hints

from scraper.errors import UsageError
from scraper.records import StoredArticle

__all__ = ["refuse_without_pyarrow", "schema_of", "write_parquet"]

GROUP_ROWS: Final = 10_000  # a row group is held in memory whole
GROUP_CHARACTERS: Final = 16_000_000  # of bodies: fewer rows where stories are long
BATCH: Final = 500
_TYPES: Final[Mapping[Any, str]] = MappingProxyType(
    {int: "int64", float: "float64", bool: "bool", str: "string", bytes: "binary", date: "date32", datetime: "moment"}
)


def refuse_without_pyarrow() -> None:
    """Raise UsageError (`no_parquet`) where the library is missing: before anything is read or written."""
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError as error:
        sentence = "Parquet cannot be written or read without pyarrow: pip install 'scraper[parquet]'; CSV and JSONL need nothing"
        raise UsageError(sentence, code="no_parquet") from error


def write_parquet(articles: Iterable[StoredArticle], file: BinaryIO, columns: Sequence[str]) -> int:
    """Write the articles to a binary file and give how many there were."""
    refuse_without_pyarrow()
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    schema = schema_of(StoredArticle, columns)
    counted = 0
    with ParquetWriter(file, schema, compression="zstd") as writer:
        for group in _groups(iter(articles)):
            arrays = [pa.array([getattr(article, entry.name) for article in group], entry.type) for entry in schema]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            counted += len(group)
    return counted


def schema_of(record: Any, columns: Sequence[str]) -> Any:
    """Give these fields of a NamedTuple as a Parquet schema, by their annotations. Lists may be empty, all else may be null."""
    import pyarrow as pa

    hints = get_type_hints(record)
    return pa.schema([(name, _column(hints[name])) for name in columns])


def _column(hint: Any) -> Any:
    """Give the type of a column: a tuple is a list, a NamedTuple a struct, a mapping a map."""
    import pyarrow as pa

    if isinstance(hint, UnionType):  # X | None
        return _column(get_args(hint)[0])
    if get_origin(hint) is tuple:
        return pa.list_(_column(get_args(hint)[0]))
    if get_origin(hint) is Mapping:
        return pa.map_(*map(_column, get_args(hint)))
    if hasattr(hint, "_fields"):
        return pa.struct(schema_of(hint, hint._fields))
    kind = _TYPES[hint]
    return pa.timestamp("ms", tz="UTC") if kind == "moment" else pa.type_for_alias(kind)


def _groups(articles: Iterator[StoredArticle]) -> Iterator[list[StoredArticle]]:
    group: list[StoredArticle] = []
    characters = 0
    while batch := list(islice(articles, BATCH)):
        group += batch
        characters += sum(len(article.body or "") for article in batch)
        if len(group) >= GROUP_ROWS or characters >= GROUP_CHARACTERS:
            yield group
            group, characters = [], 0
    if group:
        yield group
