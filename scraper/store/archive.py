"""Which pages does the archive have? The columns of `fetches` that say in which file, and at which bytes of it, a page is found again.

The archive's files are another part's; the database only knows where in them its pages are.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from scraper.records import Kept
from scraper.store.connection import Connection
from scraper.store.rows import utc_text
from scraper.store.search import refuse_unknown_source

__all__ = [
    "Chosen",
    "KeptContent",
    "KeptPage",
    "archive_columns",
    "chosen_pages",
    "contents_of",
    "count",
    "files_of",
    "forget_files",
    "last_pages",
    "note_kept",
    "note_read",
]

LATEST: Final = (
    "NOT EXISTS (SELECT 1 FROM fetches AS later WHERE later.url = fetches.url AND later.id > fetches.id"
    " AND (later.outcome = 'ok' OR later.archive_file IS NOT NULL))"
)
COLUMNS: Final = tuple(f"archive_{name}" for name in Kept._fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which pages of the archive are meant: of these sources, fetched from one moment to before another (UTC), read by another extractor.

    What is None, or empty, leaves all.
    """

    source_ids: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    not_read_by: str | None = None


class KeptPage(NamedTuple):
    """A page of the archive as its fetch has it."""

    fetch_id: int
    source_id: str
    url: str
    kept: Kept
    rendering: str | None


class KeptContent(NamedTuple):
    """A page whose content a file holds: its digest, where its record is, and of which address and moment (UTC, ISO 8601) it is."""

    digest: str
    offset: int
    length: int
    url: str
    at: str


def archive_columns(kept: Kept) -> dict[str, object]:
    """Give the columns of `fetches` that say where a page is."""
    return dict(zip(COLUMNS, kept, strict=True))


def note_kept(store: Connection, run_id: int, url: str, kept: Kept) -> None:
    """Say of the latest fetch of a URL in a run, one that failed after the page had come, where the archive has that page."""
    store.settle()
    fetch_id = store.value("SELECT max(id) FROM fetches WHERE url = ? AND run_id = ?", (url, run_id))
    if fetch_id is not None:
        store.update("fetches", fetch_id, archive_columns(kept))


def note_read(store: Connection, kept: Kept | None, version: str | None, article_id: int | None) -> None:
    """Write down by which extractor a page of the archive was read, and that it tells this story, if it came to light by that."""
    if kept is not None:
        store.run(
            "UPDATE fetches SET extractor_version = ?, article_id = coalesce(?, article_id) WHERE archive_file = ? AND archive_offset = ?",
            (version, article_id, kept.file, kept.offset),
        )


def count(store: Connection, chosen: Chosen) -> int:
    """Give how many pages are chosen. Raises UsageError (`unknown_source`)."""
    for source_id in chosen.source_ids:
        refuse_unknown_source(store, source_id)
    conditions, values = _conditions(chosen)
    return int(store.value(f"SELECT count(*) FROM fetches WHERE {conditions}", values))  # noqa: S608 - conditions of our own


def chosen_pages(store: Connection, chosen: Chosen, after: int, limit: int) -> tuple[KeptPage, ...]:
    """Give the chosen pages whose fetches have greater numbers than `after`, in their order."""
    conditions, values = _conditions(chosen)
    rows = store.rows(
        f"SELECT * FROM fetches NOT INDEXED WHERE {conditions} AND id > :after ORDER BY id LIMIT :limit",  # noqa: S608 - conditions of our own
        {**values, "after": after, "limit": limit},
    )
    return tuple(map(_kept_page, rows))


def last_pages(store: Connection, source_id: str, number: int) -> tuple[KeptPage, ...]:
    """Give the pages of a source that were fetched last, of each address one, the youngest first."""
    rows = store.rows(
        f"SELECT * FROM fetches INDEXED BY fetches_source WHERE source_id = ? AND archive_file IS NOT NULL AND {LATEST}"  # noqa: S608 - ours
        " ORDER BY at DESC, id DESC LIMIT ?",
        (source_id, number),
    )
    return tuple(map(_kept_page, rows))


def _kept_page(row: sqlite3.Row) -> KeptPage:
    return KeptPage(row["id"], row["source_id"], row["url"], Kept(*(row[name] for name in COLUMNS)), row["rendering"])


def _conditions(chosen: Chosen) -> tuple[str, dict[str, object]]:
    """Choose by the fetch, and of each address the page that was fetched last: an older one would bring back what is no longer said."""
    values: dict[str, object] = {"since": utc_text(chosen.since), "until": utc_text(chosen.until), "version": chosen.not_read_by}
    places = {f"source{number}": source_id for number, source_id in enumerate(chosen.source_ids)}
    asked = [
        "archive_file IS NOT NULL",
        LATEST,
        *(["at >= :since"] if chosen.since else []),
        *(["at < :until"] if chosen.until else []),
        *(["extractor_version IS NOT :version"] if chosen.not_read_by else []),
        *([f"source_id IN ({', '.join(f':{name}' for name in places)})"] if places else []),
    ]
    return " AND ".join(asked), values | places


def contents_of(store: Connection, file: str) -> tuple[KeptContent, ...]:
    """Give what a file of the archive holds once, for a page that comes again."""
    rows = store.rows(
        "SELECT archive_digest, archive_offset, archive_length, coalesce(final_url, url) AS url, at FROM fetches"
        " WHERE archive_file = ? AND archive_digest IS NOT NULL ORDER BY archive_offset",
        (file,),
    )
    return tuple(
        KeptContent(
            digest=row["archive_digest"], offset=row["archive_offset"], length=row["archive_length"], url=row["url"], at=_iso(row["at"])
        )
        for row in rows
    )


def _iso(moment: str) -> str:
    return f"{moment.replace(' ', 'T')}Z"


def files_of(store: Connection) -> dict[str, int]:
    """Give how many pages the database has in each file of the archive."""
    rows = store.rows("SELECT archive_file, count(*) AS pages FROM fetches WHERE archive_file IS NOT NULL GROUP BY archive_file")
    return {row["archive_file"]: row["pages"] for row in rows}


def forget_files(store: Connection, files: Sequence[str]) -> None:
    """Let go of what pointed into files that are about to be deleted."""
    for file in files:
        store.run(f"UPDATE fetches SET {', '.join(f'{name} = NULL' for name in COLUMNS)} WHERE archive_file = ?", (file,))  # noqa: S608 - names of our own
