"""What do these few URLs say? Each is fetched, extracted and, if asked for, stored: a run's steps without its listings."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from scraper.errors import ScraperError, StoreError, WorkerError
from scraper.fetch import Fetcher, Surroundings
from scraper.fetch.browser import Browser
from scraper.pipeline.boundary import boundary
from scraper.pipeline.exit_codes import SOME_FAILED
from scraper.pipeline.extraction import Extracted, extract_page
from scraper.pipeline.order import in_order
from scraper.pipeline.pages import page_from
from scraper.pipeline.rendering import read_page
from scraper.pipeline.robots import SeenRobots
from scraper.pipeline.runlog import failure_line, robots_line
from scraper.pipeline.saving import Saving, saving_to
from scraper.pipeline.workers import Workers
from scraper.records import RENDERED, ArchiveSettings, Article, Link, Page, Policy, Render, Source, Template
from scraper.sources import source_for
from scraper.store import Store
from scraper.urls import host

__all__ = ["ScrapeOptions", "Scraped", "scrape"]

AT_ONCE: Final = 8  # different hosts side by side; URLs of one host still take turns in the fetcher


@dataclass(frozen=True, slots=True, kw_only=True)
class ScrapeOptions:
    """How a few URLs are scraped. A URL of a known source is fetched by that source's policy, with the changes given here.

    `db` is the database to save into, or None to save nothing; `templates` is one that is only asked for what it knows of a source's pages,
    `robots` one that is asked what its runs keep of sites' robots.txt where nothing is saved.
    """

    sources: tuple[Source, ...] = ()
    db: Path | None = None
    archive: ArchiveSettings = field(default_factory=lambda: ArchiveSettings(enabled=False))
    templates: Path | None = None
    robots: Path | None = None
    timeout_s: float | None = None
    render: Render | None = None
    allow_private: bool = False
    obey_robots: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Scraped:
    """What became of one URL: an article or an error, and how the article was saved (`new`, `updated`, `rejected` …) if it was.

    `unkept` is why the archive did not take the page of an article that was.

    There is both where a page could not be rendered: the article is then what the page says without its scripts.
    """

    url: str
    article: Article | None = None
    error: ScraperError | None = None
    saved: str | None = None
    unkept: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The tools for a few URLs."""

    fetcher: Fetcher
    browser: Browser
    workers: Workers
    saving: Saving | None
    log: logging.Logger
    options: ScrapeOptions


async def scrape(
    urls: Sequence[str], *, options: ScrapeOptions, now: Callable[[], datetime], log: logging.Logger
) -> AsyncGenerator[Scraped, None]:
    """Scrape the URLs and give what became of each, in the order given. `now` gives an aware datetime in UTC.

    A URL that fails is a `Scraped` with its error. Raises StoreError when the database in `options` cannot be used.
    """
    async with (
        saving_to(options.db, options.archive, now, log) as saving,
        _fetcher(saving, options, now, log) as fetcher,
        Browser(fetcher) as browser,
    ):
        with Workers() as workers:
            workers.start()
            desk = Desk(fetcher=fetcher, browser=browser, workers=workers, saving=saving, log=log, options=options)
            async with aclosing(in_order((_scraped(desk, url) for url in urls), at_once=AT_ONCE)) as results:
                async for scraped in results:
                    yield scraped


def _fetcher(saving: Saving | None, options: ScrapeOptions, now: Callable[[], datetime], log: logging.Logger) -> Fetcher:
    robots = saving.robots if saving else SeenRobots(options.robots) if options.robots else None
    return Fetcher(now=now, on_robots=partial(robots_line, log), pause_after_robots=False, surroundings=Surroundings(robots=robots))


async def _scraped(desk: Desk, url: str) -> Scraped:
    source = _source(url, desk.options)
    try:
        with boundary(url):
            page = await _kept(desk, source, await page_from(desk.fetcher, url, source))
            template = await _template(desk, source.id)
            link = await desk.saving.link(source.id, url) if desk.saving else Link(url=url, source_id=source.id)

            async def extract(page: Page) -> Extracted:
                return await desk.workers.run(extract_page, page, source, link, template, url=url)

            read = await read_page(page, source.policy, browser=desk.browser, extract=extract)
            page = read.page
            if page.rendering == RENDERED:
                page = await _kept(desk, source, replace(page, kept=None))
            saved = await desk.saving.record(page, read.extracted) if desk.saving else None
    except (StoreError, WorkerError):
        raise
    except ScraperError as error:
        failure_line(desk.log, error, source_id=source.id, url=url, kind="direct")
        if desk.saving:
            await desk.saving.fail(source.id, url, error)
        return Scraped(url=url, error=error)
    if read.failure is not None:
        failure_line(desk.log, read.failure, source_id=source.id, url=url, kind="direct")
        if desk.saving:
            desk.saving.exit_code = SOME_FAILED
    unkept = str(desk.saving.trouble) if desk.saving and desk.saving.trouble else None
    return Scraped(url=url, article=read.extracted.article, error=read.failure, saved=saved, unkept=unkept)


async def _kept(desk: Desk, source: Source, page: Page) -> Page:
    return await desk.saving.kept(page, source) if desk.saving else page


async def _template(desk: Desk, source_id: str) -> Template | None:
    """Give what the database knows of a source's pages. One that cannot be read, or does not exist, knows nothing."""
    if desk.saving:
        return await desk.saving.template(source_id)
    if desk.options.templates is None:
        return None
    return await asyncio.to_thread(_read_template, desk.options.templates, source_id)


def _read_template(db: Path, source_id: str) -> Template | None:
    with suppress(StoreError), Store.open(db, read_only=True) as store:
        return store.template(source_id)
    return None


def _source(url: str, options: ScrapeOptions) -> Source:
    """Give the source a URL belongs to; one that is not in the sources file stands under its host's name."""
    name = host(url) or "unknown"
    known = source_for(url, options.sources)
    source = known or Source(id=name, name=name, domain=name, enabled=False)
    return replace(source, policy=_policy(source.policy, options))


def _policy(policy: Policy, options: ScrapeOptions) -> Policy:
    return replace(
        policy,
        timeout_s=policy.timeout_s if options.timeout_s is None else options.timeout_s,
        allow_private=policy.allow_private or options.allow_private,
        obey_robots=policy.obey_robots and options.obey_robots,
        render=options.render or policy.render,
    )
