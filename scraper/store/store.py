"""The database as the rest of the program sees it: opened, asked, told, closed. Each call that writes is one transaction.

What the calls mean in rows is said by `runs`, `frontier`, `articles` and `templates`, what may be asked by `questions`; docs/database.md
describes the result.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from scraper.errors import ScraperError
from scraper.extract.taught import Lesson
from scraper.politeness import Pace, RobotsCopy, Trouble
from scraper.records import Article, Link, ListingKind, NotModified, Page, Source, Template, Validators
from scraper.store import articles, coverage, frontier, health, hosts, imports, newcomers, paces, robots, runs, templates
from scraper.store import revisits as revisiting
from scraper.store.archive_calls import ArchiveCalls
from scraper.store.article_rows import Visit
from scraper.store.connection import Connection
from scraper.store.health_rows import HealthChange
from scraper.store.opening import open_as_it_is, open_for_reading, open_for_writing
from scraper.store.prepared import Prepared, prepared
from scraper.store.questions import Questions
from scraper.store.rows import Saved

__all__ = ["Store"]

BUSY_S: Final = 10.0  # our own transactions take milliseconds; who holds the database longer is another program


class Store(ArchiveCalls, Questions):
    """The database; a context manager. Its methods may be called from any thread, and run one after another.

    Every method raises StoreError when the database cannot do what was asked; then nothing of that call is stored.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._shelf = templates.Shelf()

    @classmethod
    def open(cls, path: str | os.PathLike[str], *, read_only: bool = False, busy_s: float = BUSY_S, lock_s: float | None = None) -> Self:
        """Open the database; for writing, make it and its directory when they are missing, and bring its schema up to date.

        `busy_s` is how long to wait for another process, here and at each write; `lock_s` how long for another of ours that writes, if
        that is to be another time. Raises StoreError: `store_missing`, `store_locked`, `store_readonly`, `not_a_database`,
        `store_newer`, `store_older` (only for reading), `store_full`, `store_failed`.
        """
        if read_only:
            return cls(open_for_reading(Path(path), busy_s=busy_s))
        return cls(open_for_writing(Path(path), busy_s=busy_s, lock_s=busy_s if lock_s is None else lock_s))

    @classmethod
    def open_as_it_is(cls, path: str | os.PathLike[str]) -> Self:
        """Open the database to be copied or checked: for reading, and also one of an older version. Raises StoreError, as `open`."""
        return cls(open_as_it_is(Path(path), busy_s=BUSY_S))

    def close(self) -> None:
        """Close the file and let other processes write; a second call does nothing."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Make the calls inside one transaction: each is kept whole or not at all, and none is safe before the block has ended.

        Raises StoreError when the database refuses one of them, or all; then nothing of any is stored.
        """
        with self._shelf.undone_with(), self._connection.together():
            yield

    def begin_run(self, command: str, *, started_at: datetime) -> int:
        """Write down that a run begins and give its number. A run that never finished is marked as interrupted."""
        with self._connection.transaction() as store:
            coverage.fill_up(store, started_at)
            return runs.add_run(store, command, started_at)

    def finish_run(self, run_id: int, *, finished_at: datetime, status: runs.RunStatus, exit_code: int) -> None:
        """Write down how a run ended. What it did is counted from its fetches."""
        with self._shelf.undone_with(), self._connection.transaction() as store:
            self._shelf.write_all(store)
            runs.close_run(store, run_id, finished_at=finished_at, status=status, exit_code=exit_code)

    def remember_sources(self, sources: Sequence[Source], now: datetime) -> None:
        """Write down the sources as sources.yaml describes them."""
        with self._connection.transaction() as store:
            runs.upsert_sources(store, sources, now)

    def troubles(self) -> dict[str, Trouble]:
        """Give the hosts that refused us or did not answer lately, and how they are to be treated."""
        with self._connection.snapshot() as store:
            return hosts.kept_troubles(store)

    def remember_troubles(self, troubles: Mapping[str, Trouble], at: datetime) -> None:
        """Write down how hosts fare; `Trouble()` is a host that is well again."""
        with self._connection.transaction() as store:
            hosts.keep_troubles(store, troubles, at)

    def paces(self) -> dict[str, Pace]:
        """Give what the looks at each source have taught, by its id."""
        with self._connection.snapshot() as store:
            return paces.kept_paces(store)

    def remember_look(self, source_id: str, at: datetime, new: int | None) -> None:
        """Count a look at all listings of a source, and the links it found that were new; None where none of them could be read."""
        with self._connection.transaction() as store:
            paces.keep_look(store, source_id, at, new)

    def robots(self, origin: str) -> RobotsCopy | None:
        """Give what an origin's robots.txt said when it was last read, or None."""
        with self._connection.snapshot() as store:
            return robots.kept_robots(store, origin)

    def remember_robots(self, origin: str, copy: RobotsCopy) -> None:
        """Keep what a robots.txt says."""
        with self._connection.transaction() as store:
            robots.keep_robots(store, origin, copy)

    def forget_stale(self, now: datetime, *, last_look: timedelta) -> None:
        """Let go of what no later run can use: validators of pages that nobody looks at any more, copies of robots.txt of no source.

        `last_look` is how long after a story was found the schedule of a source looks at it for the last time.
        """
        with self._connection.transaction() as store:
            frontier.forget_page_validators(store, now - revisiting.LATEST * last_look)
            robots.forget_unused_robots(store, now)

    def validators(self, url: str) -> Validators | None:
        """Give what the next request for this listing can be made conditional with, or None."""
        with self._connection.snapshot() as store:
            return frontier.kept_validators(store, url)

    def record_listing(
        self, run_id: int, source_id: str, listing_url: str, kind: ListingKind, outcome: Page | NotModified, links: Sequence[Link]
    ) -> int:
        """Store a listing's fetch, its validators and its links, all or nothing, and give how many links are new.

        The validators stand only beside the links they came with, so a later 304 never hides a link that was not written down.
        """
        with self._connection.transaction() as store:
            at = outcome.fetched_at
            source_id = runs.known_source(store, source_id, listing_url, at)
            new = frontier.add_links(store, run_id, [replace(link, source_id=link.source_id or source_id) for link in links], at)
            if isinstance(outcome, Page):
                frontier.keep_validators(store, source_id, listing_url, outcome.validators, at)
            fetched = runs.Fetched(run_id=run_id, source_id=source_id, url=listing_url, kind=kind, links_found=len(links), links_new=new)
            runs.add_fetch(store, fetched, outcome, at)
            coverage.add_look(store, source_id, at, ok=True)
            return new

    def record_failure(self, run_id: int, error: ScraperError, *, source_id: str, url: str, kind: runs.FetchKind, at: datetime) -> None:
        """Store a fetch that failed. If the URL is a link, plan its next attempt, or give it up when trying again cannot help."""
        with self._connection.transaction() as store:
            source_id = runs.known_source(store, source_id, url, at)
            is_link = frontier.postpone_link(store, url, error, at)
            kind = "page" if is_link or kind == "direct" else kind
            runs.add_fetch(store, runs.Fetched(run_id=run_id, source_id=source_id, url=url, kind=kind), error, at)
            if kind != "page":
                coverage.add_look(store, source_id, at, ok=False)

    def pending_links(self, source_id: str, *, now: datetime, limit: int) -> tuple[Link, ...]:
        """Give a source's links that were never fetched or whose next attempt is due: the newest first, then as they were found."""
        with self._connection.snapshot() as store:
            return frontier.due_links(store, source_id, now, limit)

    def revisits(self, source_id: str, *, now: datetime, schedule: Sequence[timedelta], limit: int) -> tuple[revisiting.Due, ...]:
        """Give a source's fresh stories that are to be looked at again, so long after they were found, with their pages' validators."""
        with self._connection.snapshot() as store:
            return revisiting.due_revisits(store, source_id, now, schedule, limit)

    def record_unchanged(self, run_id: int, link: Link, outcome: NotModified) -> Saved:
        """Store that a story's page was asked for again and stands as it was: `last_seen_at` moves and nothing else."""
        with self._connection.transaction() as store:
            article_id = revisiting.note_unchanged(store, link, outcome)
            fetched = runs.Fetched(
                run_id=run_id, source_id=link.source_id, url=link.url, kind="page", saved="unchanged", article_id=article_id
            )
            runs.add_fetch(store, fetched, outcome, outcome.fetched_at)
            return Saved(outcome="unchanged", article_id=article_id, matched_by="url")

    def link(self, url: str) -> Link | None:
        """Give the link by which a listing announced this URL, in whatever spelling, or None."""
        with self._connection.snapshot() as store:
            return frontier.known_link(store, url)

    def template(self, source_id: str) -> Template | None:
        """Give what the pages of a source have taught so far, or None."""
        if (held := self._shelf.held(source_id)) is not None:
            return held  # the database need not be looked at, which would end what it writes together
        with self._connection.snapshot() as store:
            return templates.kept_template(store, self._shelf, source_id)

    def record_article(self, run_id: int, link: Link, page: Page, article: Article, lesson: Lesson | None = None) -> Saved:
        """Store one page and what was read from it, all or nothing: as an article, as one more address of one, or among the rejects.

        `lesson` is what the page teaches of its source; it is taken up when the story is new.
        """
        return self.record_prepared(run_id, link, page, prepared(article), lesson)

    def record_prepared(self, run_id: int, link: Link, page: Page, told: Prepared, lesson: Lesson | None = None) -> Saved:
        """Store what was made ready elsewhere, by `prepared`, as `record_article` does."""
        with self._shelf.undone_with(), self._connection.transaction(settled=False) as store:
            source_id = runs.known_source(store, link.source_id, page.url, page.fetched_at)
            link = link if link.source_id == source_id else replace(link, source_id=source_id)
            visit = Visit(run_id=run_id, source_id=source_id, link=link, page=page, told=told)
            saved = self._saved(store, visit)
            if lesson is not None and saved.outcome == "new" and saved.article_id is not None:
                templates.learn_from(store, self._shelf, visit, saved.article_id, lesson)
            fetched = runs.Fetched(
                run_id=run_id, source_id=link.source_id, url=link.url, kind="page", verdict=told.verdict,
                saved=saved.outcome, article_id=saved.article_id, template_fit=told.template_fit,
                extractor_version=told.text("extractor_version"), link_density=told.link_density,
            )  # fmt: skip
            runs.add_fetch(store, fetched, page, page.fetched_at)
            return saved

    def _saved(self, store: Connection, visit: Visit) -> Saved:
        """Store a story or a reject, take its link off the frontier, and keep what its page is asked for with the next time."""
        newcomer = newcomers.add(store, visit)
        return self._looked_up(store, visit) if newcomer is None else Saved(outcome="new", article_id=newcomer, matched_by="new")

    def _looked_up(self, store: Connection, visit: Visit) -> Saved:
        link, at = visit.link, visit.page.fetched_at
        saved = articles.save(store, visit, lambda text: templates.is_chrome(store, self._shelf, link.source_id, text))
        frontier.finish_link(store, visit.run_id, link, at)
        kept = visit.validators if saved.outcome in {"new", "updated", "unchanged"} else Validators()
        frontier.keep_validators(store, link.source_id, link.url, kept, at)
        return saved

    def unknown_pages(self, pages: Sequence[tuple[str, datetime]]) -> tuple[bool, ...]:
        """Tell of pages, each by its address and the moment it was fetched, which are not stored."""
        with self._connection.snapshot() as store:
            return tuple(not imports.is_known(store, url, at) for url, at in pages)

    def record_imported(self, run_id: int, link: Link, page: Page, told: Prepared, origin: imports.Origin) -> str:
        """Store a page of a batch as `record_prepared` does, and where it came from; give what became of it.

        That is the `outcome` of a `Saved`; or `known`, where it is stored already; or `older`, where its address has told its story at a
        later moment: then only that it came is written down. To be called inside of `together`.
        """
        with self._connection.transaction(settled=False) as store:
            if imports.is_known(store, page.requested_url, page.fetched_at):
                return "known"
            later = imports.later_story(store, page)
            if later is not None:
                imports.note_imported(store, run_id, page, origin, "older", later)
                return "older"
        saved = self.record_prepared(run_id, link, page, told)
        with self._connection.transaction(settled=False) as store:
            imports.note_imported(store, run_id, page, origin, saved.outcome, saved.article_id)
        return saved.outcome

    def judge_health(self, run_id: int, now: datetime) -> tuple[HealthChange, ...]:
        """Judge the sources a run looked at by their own history, and give those whose state has changed: each a row in `alerts`, too."""
        with self._connection.transaction() as store:
            return health.judge_run(store, run_id, now)

    def accept_health(self, source_id: str, now: datetime) -> HealthChange | None:
        """Take what a source does today for usual. Raises UsageError (`unknown_source`)."""
        with self._connection.transaction() as store:
            return health.accept(store, source_id, now)

    def alerts_sent(self, alert_ids: Sequence[int], at: datetime) -> None:
        """Write down that somebody was told of these changes."""
        with self._connection.transaction() as store:
            health.alerts_sent(store, alert_ids, at)
