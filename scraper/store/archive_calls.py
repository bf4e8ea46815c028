"""What the archive asks of the database: where its pages are, which of them are to be read again, and what comes of it.

The methods of `Store` that belong to it; what they mean in rows is said by `archive` and `rereading`.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from scraper.records import Kept, Link, Page, SiteRules
from scraper.store import archive, rereading, runs, templates
from scraper.store.article_rows import Visit
from scraper.store.connection import Connection
from scraper.store.prepared import Prepared

__all__ = ["ArchiveCalls"]


class ArchiveCalls:
    """A part of `Store`."""

    _connection: Connection
    _shelf: templates.Shelf

    def note_kept(self, run_id: int, url: str, kept: Kept) -> None:
        """Store where the archive has a page of this run that could not be read."""
        with self._connection.transaction() as store:
            archive.note_kept(store, run_id, url, kept)

    def archive_contents(self, file: str) -> tuple[archive.KeptContent, ...]:
        """Give which contents a file of the archive holds."""
        with self._connection.snapshot() as store:
            return archive.contents_of(store, file)

    def forget_archive_files(self, files: Sequence[str]) -> None:
        """Let go of what points into files of the archive that are about to be deleted."""
        with self._connection.transaction() as store:
            archive.forget_files(store, files)

    def archive_files(self) -> dict[str, int]:
        """Give how many pages are known to be in each file of the archive."""
        with self._connection.snapshot() as store:
            return archive.files_of(store)

    def count_archived(self, chosen: archive.Chosen) -> int:
        """Give how many pages of the archive are chosen. Raises UsageError (`unknown_source`)."""
        with self._connection.snapshot() as store:
            return archive.count(store, chosen)

    def archived(self, chosen: archive.Chosen, *, after: int, limit: int) -> tuple[archive.KeptPage, ...]:
        """Give the chosen pages of the archive, of each address the latest, in the order in which they were fetched, after this fetch."""
        with self._connection.snapshot() as store:
            return archive.chosen_pages(store, chosen, after, limit)

    def last_archived(self, source_id: str, number: int) -> tuple[archive.KeptPage, ...]:
        """Give a source's pages of the archive that were fetched last, so many, of each address the latest."""
        with self._connection.snapshot() as store:
            return archive.last_pages(store, source_id, number)

    def rules(self, source_id: str) -> SiteRules | None:
        """Give the rules by which the last run read a source's pages."""
        with self._connection.snapshot() as store:
            return runs.rules_of(store, source_id)

    def compare(self, link: Link, page: Page, told: Prepared) -> rereading.Difference:
        """Say what would come of a page that was read again, and store nothing."""
        with self._connection.snapshot() as store:
            visit = Visit(run_id=0, source_id=link.source_id, link=link, page=page, told=told, read_at=page.fetched_at)
            return rereading.difference(store, visit, lambda text: templates.is_chrome(store, self._shelf, link.source_id, text))

    def reread(self, run_id: int, link: Link, page: Page, told: Prepared, at: datetime) -> rereading.Difference:
        """Store what was read in a page of the archive at that moment, as a version of its story where it is another than before."""
        with self._connection.transaction(settled=False) as store:
            link = replace(link, source_id=runs.known_source(store, link.source_id, page.url, page.fetched_at))
            visit = Visit(run_id=run_id, source_id=link.source_id, link=link, page=page, told=told, read_at=at)
            return rereading.reread(store, visit, lambda text: templates.is_chrome(store, self._shelf, link.source_id, text))
