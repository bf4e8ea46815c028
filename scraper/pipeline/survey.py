"""What is there to collect at an address? Its listings are looked up and read, and a few of their pages: a run's steps, nothing stored.

What a source made of it would look like in sources.yaml is `proposal`'s question.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, cast

from scraper.errors import ScraperError, WorkerError
from scraper.fetch import Fetcher
from scraper.pipeline.boundary import boundary
from scraper.pipeline.contents import Contents, announced_by, contents_of
from scraper.pipeline.extraction import extract_page
from scraper.pipeline.pages import page_from
from scraper.pipeline.workers import Workers
from scraper.records import Article, Link, ListingKind, Page, Source
from scraper.urls import canonical_url

__all__ = ["Looked", "Sample", "Survey", "survey"]

SAMPLES: Final = 5
SITEMAPS_TRIED: Final = 3  # of an index: the newest may be empty at midnight


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One listing that was looked at: how many young links it holds, or why it cannot be read."""

    url: str
    kind: ListingKind
    links: tuple[Link, ...] = ()
    error: ScraperError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One page that was read, or the reason why it could not be."""

    url: str
    page: Page | None = None
    article: Article | None = None
    error: ScraperError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What was found at an address: every listing that was looked at, and a few pages of those that hold links.

    `url` is where the address led. `error` says why it could not be read; what robots.txt names was looked at all the same.
    """

    url: str
    listings: tuple[Looked, ...] = ()
    samples: tuple[Sample, ...] = ()
    error: ScraperError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The tools of a survey."""

    fetcher: Fetcher
    workers: Workers
    source: Source
    now: Callable[[], datetime]


async def survey(url: str, *, source: Source, now: Callable[[], datetime], tell: Callable[[str], object]) -> Survey:
    """Look at the site by the policy of `source`. `tell` hears of each address before it is asked for."""
    async with Fetcher(now=now, pause_after_robots=False) as fetcher:
        with Workers() as workers:
            workers.start()
            desk = Desk(fetcher=fetcher, workers=workers, source=source, now=now)
            found = await _listings(desk, url, tell)
            samples = [await _sample(desk, link, tell) for link in _newest(found.listings)]
    return replace(found, samples=tuple(samples))


async def _listings(desk: Desk, url: str, tell: Callable[[str], object]) -> Survey:
    """Look at the listings that the page announces, at those of robots.txt, and at the page itself where there is no other with links."""
    page, failure = None, None
    tell(url)
    try:
        with boundary(url):
            page = await page_from(desk.fetcher, url, desk.source)
    except ScraperError as error:
        failure = error
    sitemaps = await desk.fetcher.sitemaps(page.url if page else url, policy=desk.source.policy)
    found = await desk.workers.run(announced_by, page, sitemaps, url=url)
    known = {page.url: page} if page else {}
    looked = [await _looked(desk, feed, "feed", tell, known.get(feed)) for feed in found.feeds]
    looked += [await _looked(desk, sitemap, "news_sitemap", tell, known.get(sitemap)) for sitemap in found.news_sitemaps]
    if page and not any(listing.links for listing in looked):
        looked.append(await _looked(desk, page.url, "section", tell, page))
    return Survey(url=page.url if page else url, listings=tuple(looked), error=failure)


async def _looked(desk: Desk, url: str, kind: ListingKind, tell: Callable[[str], object], page: Page | None = None) -> Looked:
    try:
        with boundary(url):
            return Looked(url=url, kind=kind, links=await _links(desk, url, kind, tell, page))
    except WorkerError:
        raise
    except ScraperError as error:
        return Looked(url=url, kind=kind, error=error)


async def _links(desk: Desk, url: str, kind: ListingKind, tell: Callable[[str], object], page: Page | None) -> tuple[Link, ...]:
    contents = await _contents(desk, url, kind, tell, page)
    for sitemap in contents.sitemaps[:SITEMAPS_TRIED]:
        below = await _contents(desk, sitemap, kind, tell, None)
        if below.links:
            return below.links
    return contents.links


async def _contents(desk: Desk, url: str, kind: ListingKind, tell: Callable[[str], object], page: Page | None) -> Contents:
    if page is None:
        tell(url)
        page = cast("Page", await desk.fetcher.get(url, policy=desk.source.policy, accept="listing"))  # without validators
    return await desk.workers.run(contents_of, page, desk.source, kind, desk.now(), url=url)


def _newest(listings: Sequence[Looked]) -> list[Link]:
    """Give the links that are the newest by what the listings say; those without a date stand behind, in their order."""
    unique: dict[str, Link] = {}
    for listing in listings:
        for link in listing.links:
            unique.setdefault(canonical_url(link.url), link)
    oldest = datetime.min.replace(tzinfo=UTC)
    return sorted(unique.values(), key=lambda link: _aware(link.published) if link.published else oldest, reverse=True)[:SAMPLES]


def _aware(when: datetime) -> datetime:
    return when if when.tzinfo else when.replace(tzinfo=UTC)


async def _sample(desk: Desk, link: Link, tell: Callable[[str], object]) -> Sample:
    tell(link.url)
    try:
        with boundary(link.url):
            page = await page_from(desk.fetcher, link.url, desk.source)
            extracted = await desk.workers.run(extract_page, page, desk.source, link, url=link.url)
    except WorkerError:
        raise
    except ScraperError as error:
        return Sample(url=link.url, error=error)
    return Sample(url=link.url, page=page, article=extracted.article)
