"""How does a selection of a batch come into a database? Record by record, as if its pages had been fetched by a run of ours.

Each becomes a story, a change of one, or one more address of one, by the store's own rules; where it came from is written down beside it.
What is stored already is passed over, so an import may be repeated, widened, or gone on with after it was interrupted: two hundred records
are one transaction. Days are taken in their order, and in a day parts in that of their names.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

from scraper.batch.dataset import Record
from scraper.batch.dataset_place import Place
from scraper.batch.dataset_reading import Selection, records, tables
from scraper.batch.dataset_rows import told_of
from scraper.errors import ScraperError, StoreError
from scraper.export.parquet import refuse_without_pyarrow
from scraper.pipeline.boundary import boundary
from scraper.pipeline.exit_codes import ALL_WELL, INTERRUPTED, SOME_FAILED
from scraper.pipeline.watch import UNWATCHED, Watch
from scraper.records import Link, Page, Source
from scraper.sources import article_id_in, source_for
from scraper.store import Origin, Store
from scraper.urls import origin

__all__ = ["Imported", "Importing", "import_batch"]

TOGETHER: Final = 200  # records in a transaction
KEYS: Final = ("requested_url", "fetched_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Importing:
    """What is to be imported: which stories of the batch in `folder`, and into which database. `sources` are those of sources.yaml."""

    db: Path
    folder: str
    selection: Selection = field(default_factory=Selection)
    sources: Sequence[Source] = ()
    watch: Watch = UNWATCHED


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of it: how many of the chosen records came to what (see `Store.record_imported`), of how many files.

    `failures` are files and pages that could not be read or stored, each with a sentence.
    """

    run_id: int
    files: int
    records: int
    outcomes: Mapping[str, int]
    failures: Mapping[str, str]

    @property
    def exit_code(self) -> int:
        """0 when everything was read and stored, 1 when some could not be."""
        return SOME_FAILED if self.failures else ALL_WELL

    def to_dict(self) -> dict[str, Any]:
        """Give the result as JSON-ready values."""
        return {**asdict(self), "exit_code": self.exit_code}


def import_batch(asked: Importing, *, now: Callable[[], datetime]) -> Imported:
    """Import what is chosen, and say what came of it. Raises UsageError (`no_batch`, `no_parquet`), StoreError."""
    refuse_without_pyarrow()
    place = Place.of(asked.folder)
    layout = place.layout()
    files = [path for path in place.record_files() if asked.selection.may_hold(path, layout)]
    outcomes: Counter[str] = Counter()
    failures: dict[str, str] = {}
    with Store.open(asked.db) as store, _run(store, now) as run_id:
        store.remember_sources(asked.sources, now())
        work = _Work(asked, place, store, run_id, outcomes, failures)
        asked.watch.sources(len(files))
        for path in files:
            work.take(path)
    return Imported(run_id=run_id, files=len(files), records=outcomes.total(), outcomes=dict(outcomes.most_common()), failures=failures)


@contextmanager
def _run(store: Store, now: Callable[[], datetime]) -> Iterator[int]:
    """Begin a run, and end it as the block ends."""
    run_id = store.begin_run("import", started_at=now())
    try:
        yield run_id
    except BaseException as error:
        interrupted = isinstance(error, KeyboardInterrupt)
        with suppress(StoreError):  # the error that is on its way says more
            code = INTERRUPTED if interrupted else SOME_FAILED
            store.finish_run(run_id, finished_at=now(), status="interrupted" if interrupted else "failed", exit_code=code)
        raise
    store.finish_run(run_id, finished_at=now(), status="ok", exit_code=ALL_WELL)


@dataclass(frozen=True, slots=True)
class _Work:
    """One import under way."""

    asked: Importing
    place: Place
    store: Store
    run_id: int
    outcomes: Counter[str]
    failures: dict[str, str]
    found_sources: dict[str | None, Source | None] = field(default_factory=dict)

    def take(self, path: str) -> None:
        """Import the chosen records of one file. One that cannot be read is named, and stops nothing."""
        try:
            unknown = self._unknown(path)
            self.asked.watch.links(unknown)
            found = records(self.place.filesystem, self.place.at(path), self.asked.selection) if unknown else iter(())
            while batch := list(islice(found, TOGETHER)):
                self._store([record for record in batch if self._is_chosen(record)], path)
        except (OSError, ValueError, KeyError, TypeError) as error:  # pyarrow's own are of these kinds
            self.failures[path] = f"it cannot be read: {(str(error) or type(error).__name__).splitlines()[0]}"

    def _unknown(self, path: str) -> int:
        """Count the chosen records of a file that are not stored, by two of its columns. If there is none, all are known."""
        unknown = known = 0
        for batch in tables(self.place.filesystem, [self.place.at(path)], self.asked.selection, KEYS):
            is_new = self.store.unknown_pages([(row[KEYS[0]], row[KEYS[1]]) for row in batch.to_pylist()])
            unknown, known = unknown + sum(is_new), known + len(is_new) - sum(is_new)
        if known and not unknown:
            self.outcomes["known"] += known
        return unknown

    def _store(self, batch: Sequence[Record], path: str) -> None:
        """Store some records in one transaction."""
        done: Counter[str] = Counter()
        failed: dict[str, str] = {}
        with self.store.together():
            for record in batch:
                try:
                    with boundary(record.url):
                        done[self._stored(record, path)] += 1
                except StoreError:
                    raise
                except ScraperError as error:
                    failed[record.url] = error.message
        self.outcomes.update(done)
        self.failures.update(failed)
        for _ in range(len(batch) - done["known"]):
            self.asked.watch.page()

    def _stored(self, record: Record, path: str) -> str:
        source = self._source(record)
        number = record.source_article_id or (source and article_id_in(record.url, source.article_id))
        source_id = source.id if source else record.source_id or record.domain
        link = Link(url=record.requested_url, source_id=source_id, source_article_id=number or None)
        from_ = Origin(self.place.name, path.rpartition("/")[2].removesuffix(".parquet"), *record.warc)
        return self.store.record_imported(self.run_id, link, _page(record), told_of(record), from_)

    def _source(self, record: Record) -> Source | None:
        """Give the source of sources.yaml that a record belongs to: the one it was fetched for, or the one whose site it is on."""
        key = record.source_id or origin(record.url)
        if key not in self.found_sources:
            named = next((source for source in self.asked.sources if source.id == record.source_id), None)
            self.found_sources[key] = named if record.source_id else source_for(record.url, self.asked.sources)
        return self.found_sources[key]

    def _is_chosen(self, record: Record) -> bool:
        """Tell whether a record on a chosen source's site is that source's; another one may have a part of the site."""
        if record.source_id or not self.asked.selection.sources:
            return True
        source = self._source(record)
        return (source.id if source else record.domain) in dict(self.asked.selection.sources)


def _page(record: Record) -> Page:
    return Page(
        url=record.url,
        requested_url=record.requested_url,
        status=record.status,
        headers=(),
        content=b"",
        fetched_at=record.fetched_at,
        rendering=record.rendering,
    )
