"""What becomes of a link that is due? Fetched, extracted in a worker, stored: the three overlap, and few pages are in memory at a time.

A source's pages are fetched one after another (its host has a delay anyway); while the next one is fetched, the one before is extracted
and written. `room` bounds the pages that wait for a worker: a fast network does not pile up what slow extraction has not taken.
"""

import asyncio
from dataclasses import dataclass, field, replace
from typing import Final

from scraper.errors import BadStatus
from scraper.extract.taught import Lesson
from scraper.extract.templates import MISFIT
from scraper.fetch import Fetcher
from scraper.pipeline.extraction import Ready, prepare_fetched
from scraper.pipeline.packing import Packed, Packing
from scraper.pipeline.rendering import Read, read_page
from scraper.pipeline.run import Run, Subject, failures_recorded
from scraper.pipeline.runlog import failure_line
from scraper.pipeline.summary import Tally
from scraper.records import RENDERED, Link, NotModified, Page, Source, Template
from scraper.store import Due, Prepared, Saved, Store

__all__ = ["page_from", "work_through"]

UNREACHABLE: Final = frozenset({"dns_failure", "connect_failed", "tls_failure", "robots_unavailable", "timeout", "host_resting"})
REVISITED: Final = 4  # of so many requests of a run for a source's pages at most one looks at a story again
UNREACHABLE_IN_A_ROW: Final = 5  # with the fetcher's own tries fifteen refusals: the host is down, and its other links wait for a later run


@dataclass(slots=True)
class Work:
    """One source's part of a run, and what its pages have taught so far, for the next of them that goes to a worker."""

    run: Run
    source: Source
    tally: Tally
    template: Template | None = None
    packing: Packing = field(default_factory=Packing)

    def packed_template(self) -> Packed | None:
        """Give the template as workers are given it."""
        return None if self.template is None else self.packing.packed(self.template)


async def work_through(run: Run, source: Source, tally: Tally, room: asyncio.Semaphore) -> None:
    """Fetch, extract and store the links of one source that are due, at most `max_items` of them: new ones, then stories seen before."""
    links = await _due(run, source)
    run.watch.links(len(links))
    work = Work(run, source, tally, await run.writer.do(Store.template, source.id) if links else None)
    unreachable = 0
    async with asyncio.TaskGroup() as finishing:
        for position, due in enumerate(links):
            if unreachable >= UNREACHABLE_IN_A_ROW:
                tally.postpone(len(links) - position)
                break
            page, code = await _fetched(run, source, due, tally)
            unreachable = unreachable + 1 if code in UNREACHABLE else 0
            if page is not None and source.policy.render == "never":
                await room.acquire()
                finishing.create_task(_in_room(room, work, due.link, page))
            elif page is not None:  # rendering takes seconds: other sources' pages need the room, and this one's the browser
                await _finished(work, due.link, page)
            if run.stop.requested:
                break


async def _due(run: Run, source: Source) -> tuple[Due, ...]:
    now, share = run.now(), max(source.max_items // REVISITED, 1)
    again = await run.writer.do(Store.revisits, source.id, now=now, schedule=source.revisit, limit=share)
    new = await run.writer.do(Store.pending_links, source.id, now=now, limit=max(source.max_items - len(again), 1))
    return (*(Due(link=link) for link in new), *again)


async def page_from(fetcher: Fetcher, url: str, source: Source) -> Page:
    """Fetch one page, without conditions. Raises FetchError."""
    outcome = await fetcher.get(url, policy=source.policy)
    if isinstance(outcome, NotModified):
        raise BadStatus("the server answered 304 to a request without conditions", code="http_304", url=url, status=304)
    return outcome


async def _fetched(run: Run, source: Source, due: Due, tally: Tally) -> tuple[Page | None, str | None]:
    """Give the page, unless it failed or is what it was; in either case that is written down here."""
    page, outcome = None, None
    async with failures_recorded(run, _subject(due.link), tally) as failure:
        outcome = await run.stop.unless_stopped(run.fetcher.get(due.link.url, policy=source.policy, validators=due.validators))
        if isinstance(outcome, NotModified):
            await run.writer.do(Store.record_unchanged, run.id, due.link, outcome)
            tally.add("unchanged")
        else:
            page = outcome
    if outcome is not None:
        tally.add("fetched")
    if page is None and (failure.code is not None or outcome is not None):
        run.watch.page()
    return page, failure.code


async def _in_room(room: asyncio.Semaphore, work: Work, link: Link, page: Page) -> None:
    try:
        await _finished(work, link, page)
    finally:
        room.release()


async def _finished(work: Work, link: Link, page: Page) -> None:
    run = work.run
    try:
        async with failures_recorded(run, _subject(link), work.tally) as failure:
            page = await run.keeper.kept(page, work.source)
            read = await _read(work, link, page)
            if read is not None:
                await _recorded(work, link, read)
        if failure.code is not None and page.kept is not None:
            await run.writer.do(Store.note_kept, run.id, link.url, page.kept)
    finally:
        work.run.watch.page()


async def _read(work: Work, link: Link, page: Page) -> Read[Ready] | None:
    """Give what the page says, or None where its rendering was cut short by the run's end: its link is then still pending."""
    run, policy, pattern = work.run, work.source.policy, work.source.article_id

    async def extract(page: Page) -> Ready:
        return await run.workers.run(prepare_fetched, page, pattern, link, work.packed_template(), work.source.rules, url=link.url)

    reading = read_page(page, policy, browser=run.browser, extract=extract)
    return await (reading if policy.render == "never" else run.stop.unless_stopped(reading))


async def _recorded(work: Work, link: Link, read: Read[Ready]) -> None:
    if read.failure is not None:
        work.tally.fail(read.failure.code)
        failure_line(work.run.log, read.failure, source_id=link.source_id, url=link.url, kind="page")
    told, lesson, number = read.extracted
    page = read.page
    if page.rendering == RENDERED:  # the document itself is what can be read again: its scripts will not do the same twice
        page = await work.run.keeper.kept(replace(page, kept=None), work.source)
    if number is not None:
        link = replace(link, source_article_id=number)
    saved, work.template = await work.run.writer.do_with_others(_stored, work.run.id, link, page, told, lesson)
    work.tally.add(saved.outcome)
    if told.template_fit == MISFIT:
        work.tally.add("template_misfit")


def _stored(store: Store, run_id: int, link: Link, page: Page, told: Prepared, lesson: Lesson | None) -> tuple[Saved, Template | None]:
    """Store a page, and give what its source's pages have taught with it."""
    return store.record_prepared(run_id, link, page, told, lesson), store.template(link.source_id)


def _subject(link: Link) -> Subject:
    return Subject(source_id=link.source_id, url=link.url, kind="page")
