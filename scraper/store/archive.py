"""Which pages does the archive have? The columns of `fetches` that say in which file, and at which bytes of it, a page is found again.

The archive's files are another part's; the database only knows where in them its pages are.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from scraper.records import Kept
from scraper.store.connection import Connection

__all__ = ["KeptContent", "archive_columns", "contents_of", "forget_files", "note_kept"]

COLUMNS: Final = tuple(f"archive_{name}" for name in Kept._fields)


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


def contents_of(store: Connection, file: str) -> tuple[KeptContent, ...]:
    """Give what a file of the archive holds once, for a page that comes again."""
    rows = store.rows(
        "SELECT archive_digest, archive_offset, archive_length, coalesce(final_url, url) AS url, at FROM fetches"
        " WHERE archive_file = ? AND archive_digest IS NOT NULL ORDER BY id",
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


def forget_files(store: Connection, files: Sequence[str]) -> None:
    """Let go of what pointed into files that are about to be deleted."""
    for file in files:
        store.run(f"UPDATE fetches SET {', '.join(f'{name} = NULL' for name in COLUMNS)} WHERE archive_file = ?", (file,))  # noqa: S608 - names of our own
