"""What does a source announce? Its feeds, news sitemaps and section pages are fetched, asked conditionally, and their links written down.

Links are written before any page of them is fetched, in one transaction with the validators of the listing that announced them. So a run
that is killed loses nothing, and a 304 on the next one hides nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from scraper.errors import ListingError
from scraper.fetch import Spill
from scraper.pipeline.contents import Contents, contents_of, contents_of_home
from scraper.pipeline.logfile import Event
from scraper.pipeline.run import Run, Subject, failures_recorded
from scraper.pipeline.summary import Tally
from scraper.records import ListingKind, NotModified, Page, Source
from scraper.store import Store

__all__ = ["read_listings"]

INDEX_DEPTH: Final = 2  # an index of indexes is the deepest that the sitemap protocol's users build
SITEMAPS_PER_INDEX: Final = 20  # news sitemaps cover two days each; an index of hundreds is an archive, which only `since` asks for
SITEMAPS_BACK: Final = 500  # with `since`: a sitemap a day is a year and a half
SITEMAP_BYTES: Final = 52_428_800  # sitemaps.org, "50MB (52,428,800 bytes)", uncompressed
PAGES_BACK: Final = 50  # with `since`: of one feed or section; a hundred feeds' worth of stories


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One feed, sitemap or section to read; how many levels of index may follow below it, and how many further pages after it.

    A `home` page is asked what it announces first, and read as a section if that is nothing.
    """

    url: str
    kind: ListingKind
    depth: int = 0
    pages: int = 0
    home: bool = False


async def read_listings(run: Run, source: Source, tally: Tally) -> int | None:
    """Read all of a source's feeds, news sitemaps and sections; one that fails is recorded and the others are still read.

    Gives how many links were new, or None where no listing could be read, or the run's end came first.
    """
    pages = PAGES_BACK if run.conduct.since else 0
    todo = [Listing(url=url, kind="feed", pages=pages) for url in source.feeds]
    todo += [Listing(url=url, kind="news_sitemap", depth=INDEX_DEPTH) for url in source.news_sitemaps]
    todo += [Listing(url=url, kind="section", pages=pages) for url in source.sections]
    if not todo and source.home:
        todo = [Listing(url=source.home, kind="section", pages=pages, home=True)]
    seen, read = set[str](), 0
    while todo and not run.stop.requested:
        listing = todo.pop(0)
        if listing.url in seen:
            continue
        seen.add(listing.url)
        async with failures_recorded(run, Subject(source_id=source.id, url=listing.url, kind=listing.kind), tally):
            todo += await _read(run, source, listing, tally)
            read += 1
    return tally.count("links_new") if read and not run.stop.requested else None


async def _read(run: Run, source: Source, listing: Listing, tally: Tally) -> tuple[Listing, ...]:
    """Read one listing and give what is to be read after it. A sitemap that is larger than a page may be goes through a file."""
    if listing.kind != "news_sitemap":
        return await _read_within(run, source, listing, tally, None)
    with Spill(max(SITEMAP_BYTES, source.policy.max_bytes)) as spill:
        return await _read_within(run, source, listing, tally, spill)


async def _read_within(run: Run, source: Source, listing: Listing, tally: Tally, spill: Spill | None) -> tuple[Listing, ...]:
    """Do so; a listing that is read further back than usual is asked for in full."""
    in_full = run.conduct.since or listing.home
    validators = None if in_full else await run.writer.do(Store.validators, listing.url)
    asking = run.fetcher.get(listing.url, policy=source.policy, validators=validators, accept="listing", spill=spill)
    outcome = await run.stop.unless_stopped(asking)
    if outcome is None:
        return ()
    if isinstance(outcome, NotModified):
        tally.add("not_modified")
        await run.writer.do(Store.record_listing, run.id, source.id, listing.url, listing.kind, outcome, ())
        return ()
    contents = await _contents(run, source, listing, outcome)
    if contents.sitemaps and listing.depth == 0:
        raise ListingError(f"a sitemap index more than {INDEX_DEPTH} levels deep", url=listing.url)
    await _record(run, source, listing, outcome, contents, tally)
    return _after(listing, contents, run.conduct.since)


async def _contents(run: Run, source: Source, listing: Listing, page: Page) -> Contents:
    now, since = run.now(), run.conduct.since
    if not listing.home:
        return await run.workers.run(contents_of, page, source, listing.kind, now, since, url=listing.url)
    sitemaps = await run.fetcher.sitemaps(page.url, policy=source.policy)
    contents = await run.workers.run(contents_of_home, page, source, sitemaps, now, since, url=listing.url)
    run.log.info(Event("home", source=source.id, url=page.url, feeds=len(contents.feeds), news_sitemaps=len(contents.news_sitemaps)))
    return contents


async def _record(run: Run, source: Source, listing: Listing, page: Page, contents: Contents, tally: Tally) -> None:
    if contents.leads_on:  # it is never asked for conditionally: no validators are kept
        page = replace(page, headers=())
    new = await run.writer.do(Store.record_listing, run.id, source.id, listing.url, listing.kind, page, contents.links)
    tally.add("links_found", len(contents.links))
    tally.add("links_new", new)


def _after(listing: Listing, contents: Contents, since: datetime | None) -> tuple[Listing, ...]:
    sitemaps = contents.sitemaps[:SITEMAPS_BACK] if since else _newest(contents.sitemaps)
    below = (
        *(Listing(url=url, kind=listing.kind, depth=listing.depth - 1) for url in sitemaps),
        *(Listing(url=url, kind="feed", pages=listing.pages) for url in contents.feeds),
        *(Listing(url=url, kind="news_sitemap", depth=INDEX_DEPTH) for url in contents.news_sitemaps),
    )
    if contents.following and contents.links and listing.pages > 0:  # a page of which nothing is young enough is the last
        return (*below, replace(listing, url=contents.following, pages=listing.pages - 1))
    return below


def _newest(sitemaps: tuple[str, ...]) -> tuple[str, ...]:
    """Give both ends of a long index: what is newest stands at one of them, and which one differs from site to site."""
    if len(sitemaps) <= SITEMAPS_PER_INDEX:
        return sitemaps
    half = SITEMAPS_PER_INDEX // 2
    return sitemaps[:half] + sitemaps[-half:]
