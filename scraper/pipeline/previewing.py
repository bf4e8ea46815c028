"""What do the rules in the file change of a source's last pages that were kept? Each is read by them, and by those of its last run.

Both times by today's extractor, with the template as it is now, so nothing but the rules makes a difference. Nothing is stored.
"""

import logging
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from scraper.archive import page_at
from scraper.errors import ScraperError, StoreError, UsageError, WorkerError
from scraper.pipeline.boundary import boundary
from scraper.pipeline.extraction import extract_page
from scraper.pipeline.order import in_order
from scraper.pipeline.preview import difference
from scraper.pipeline.rereading import PAGES_PER_WORKER, Looking
from scraper.pipeline.rereport import Report, Tally
from scraper.pipeline.runlog import failure_line
from scraper.pipeline.watch import UNWATCHED, Watch
from scraper.pipeline.workers import Workers
from scraper.records import Kept, Link, Page, SiteRules, Source, Template
from scraper.store import Difference, KeptPage, Store

__all__ = ["Previewing", "previewed"]

NO_RULES: Final = SiteRules()


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewing:
    """What is to be looked at: the last `pages` of each source that the archive in `folder` has, beside its rules in the database.

    With `whole` the pages are compared with what they say without any rules. `examples` is how many differences are to be shown.
    """

    db: Path
    folder: Path
    sources: Sequence[Source]
    pages: int = 20
    whole: bool = False
    examples: int = 5
    watch: Watch = UNWATCHED


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One page that is to be read twice: where it is, and what it is read with."""

    row: KeptPage
    link: Link
    source: Source
    before: SiteRules | None
    template: Template | None


async def previewed(asked: Previewing, *, log: logging.Logger) -> Report:
    """Read the pages twice, and say what the rules change. Raises StoreError, and UsageError where there is no page."""
    tally = Tally(asked.examples)
    async with Looking(asked.db) as store:
        readings = [reading for source in asked.sources for reading in await _readings(store, source, asked)]
        if not readings:
            raise UsageError(f"no page of {', '.join(source.id for source in asked.sources)} is in the archive {asked.folder}")
        asked.watch.links(len(readings))
        with Workers() as workers:
            jobs = (_compared(workers, asked.folder, reading, log) for reading in readings)
            async with aclosing(in_order(jobs, at_once=workers.count * PAGES_PER_WORKER)) as found:
                async for one in found:
                    tally.add(one)
                    asked.watch.page()
    return tally.report(dry=True)


async def _readings(store: Looking, source: Source, asked: Previewing) -> Sequence[Reading]:
    before = None if asked.whole else await store.do(Store.rules, source.id)
    template = await store.do(Store.template, source.id)
    rows = await store.do(Store.last_archived, source.id, asked.pages)
    return [
        Reading(row=row, link=replace(link, source_id=source.id), source=source, before=before, template=template)
        for row in rows
        for link in [await store.do(Store.link, row.url) or Link(url=row.url, source_id=source.id)]
    ]


async def _compared(workers: Workers, folder: Path, reading: Reading, log: logging.Logger) -> Difference | ScraperError:
    url = reading.row.url
    try:
        with boundary(url):
            return await workers.run(_read_twice, folder, reading, url=url)
    except (StoreError, WorkerError):
        raise
    except ScraperError as error:
        failure_line(log, error, source_id=reading.source.id, url=url, kind="archive")
        return error


def _read_twice(folder: Path, reading: Reading) -> Difference:
    """Find a page in the archive, read it by the rules before and by those of today, and compare: in a worker."""
    row, source = reading.row, reading.source
    page: Page = replace(page_at(folder, Kept(*row.kept)), rendering=row.rendering, kept=row.kept)
    earlier = replace(source, rules=reading.before)
    before, after = (extract_page(page, one, reading.link, reading.template).article for one in (earlier, source))
    return difference(before, after, url=page.url, source_id=source.id)
