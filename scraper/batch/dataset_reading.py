"""Which stories of a batch are meant, and how are they read in bounded memory? File by file, row group by row group.

What a file's folder or its statistics rule out is not read. Only the files that are named are asked, since a batch that is under way, or
was killed, holds files of parts that are not complete.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from scraper.batch.dataset import Record, Traced, Warc
from scraper.batch.dataset_layout import Layout, site_of
from scraper.batch.dataset_writing import arrow_filesystem
from scraper.export.parquet import schema_of

__all__ = ["Selection", "records", "tables"]

BATCH_ROWS: Final = 200  # stories in memory at once; 2 MB of ordinary ones
LABELS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which stories are meant: of these publishers (a domain, and what is under it), sources, languages (with or without region), verdicts;
    published (fetched, where the page gives no date) on or after `since` and before `until`, in UTC.

    A source is given with its domain, since pages of a public crawl were fetched for none. What is empty or None leaves all.
    """

    publishers: tuple[str, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    languages: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None

    def may_hold(self, path: str, layout: Layout) -> bool:
        """Tell whether a file may hold some of them, by its folder."""
        if not self.publishers or not layout.groups:
            return True
        groups = {layout.publishers(domain) for domain in self.publishers}
        return any(f"/publishers={group}/" in path for group in groups) or not all(map(_has_site, self.publishers))


def tables(filesystem: Any, paths: Sequence[str], selection: Selection, columns: Sequence[str] = Record._fields) -> Iterator[Any]:
    """Give the chosen rows of these files as Arrow record batches. Raises OSError."""
    import pyarrow.dataset as ds

    schema, wanted = schema_of(Record, Record._fields), _condition(selection)
    form = ds.ParquetFileFormat()
    for path in paths:
        dataset = ds.FileSystemDataset.from_paths([path], schema=schema, format=form, filesystem=arrow_filesystem(filesystem))
        batches = dataset.to_batches(columns=list(columns), filter=wanted, batch_size=BATCH_ROWS, batch_readahead=1, use_threads=False)
        for batch in batches:
            if batch.num_rows:
                yield batch


def records(filesystem: Any, path: str, selection: Selection) -> Iterator[Record]:
    """Give the chosen stories of one file, in their order there. Raises OSError."""
    for batch in tables(filesystem, [path], selection):
        for row in batch.to_pylist():
            yield _record(row)


def _record(row: dict[str, Any]) -> Record:
    lists = {name: tuple(row[name]) for name in ("authors", "agencies", "tags", "shingles")}
    evidence = tuple(Traced(**entry) for entry in row["evidence"])
    return Record(**(row | lists | {"evidence": evidence, "warc": Warc(**row["warc"])}))


def _condition(selection: Selection) -> Any:
    """Give the selection as an expression of pyarrow, or None where all is meant."""
    import pyarrow.compute as pc

    parts = [
        _any(_domain(domain.lower()) for domain in selection.publishers),
        _any(_source(source_id, domain) for source_id, domain in selection.sources),
        _any(_language(code) for code in selection.languages),
        _among("verdict", selection.verdicts),
    ]
    told = pc.coalesce(pc.field("published_utc"), pc.field("fetched_at"))
    parts += [_moment(told, selection.since, pc.greater_equal), _moment(told, selection.until, pc.less)]
    whole = None
    for part in parts:
        if part is not None:
            whole = part if whole is None else whole & part
    return whole


def _any(conditions: Any) -> Any:
    whole = None
    for condition in conditions:
        whole = condition if whole is None else whole | condition
    return whole


def _among(column: str, values: Collection[str]) -> Any:
    import pyarrow.compute as pc

    return pc.field(column).isin(list(values)) if values else None


def _domain(domain: str) -> Any:
    import pyarrow.compute as pc

    return (pc.field("domain") == domain) | pc.ends_with(pc.field("domain"), f".{domain}")


def _source(source_id: str, domain: str) -> Any:
    import pyarrow.compute as pc

    return (pc.field("source_id") == source_id) | (pc.field("source_id").is_null() & _domain(domain))


def _language(code: str) -> Any:
    import pyarrow.compute as pc

    return (pc.field("language") == code) | pc.starts_with(pc.field("language"), f"{code}-")


def _moment(told: Any, when: date | None, compare: Any) -> Any:
    import pyarrow as pa

    return None if when is None else compare(told, pa.scalar(when, pa.timestamp("ms", tz="UTC")))


def _has_site(domain: str) -> bool:
    """Tell whether all that is under a domain is in one group: not so of `uk` or `co.uk`."""
    return site_of(f"x.{domain}") == site_of(domain) and domain.count(".") >= LABELS - 1
