"""What does a source announce? Its feeds, news sitemaps and section pages are fetched, asked conditionally, and their links written down.

Links are written before any page of them is fetched, in one transaction with the validators of the listing that announced them. So a run
that is killed loses nothing, and a 304 on the next one hides nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from scraper.errors import ListingError
from scraper.pipeline.run import Run, Subject, failures_recorded
from scraper.pipeline.summary import Tally
from scraper.records import Link, ListingKind, NotModified, Page, Source
from scraper.store import Store

__all__ = ["read_listings"]

INDEX_DEPTH: Final = 2  # an index of indexes is the deepest that the sitemap protocol's users build
SITEMAPS_PER_INDEX: Final = 20  # news sitemaps cover two days each; an index of hundreds is an archive, which only `since` asks for
SITEMAPS_BACK: Final = 500  # with `since`: a sitemap a day is a year and a half
PAGES_BACK: Final = 50  # with `since`: of one feed or section; a hundred feeds' worth of stories


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One feed, sitemap or section to read; how many levels of index may follow below it, and how many further pages after it."""

    url: str
    kind: ListingKind
    depth: int = 0
    pages: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a listing holds: the links that are wanted, or the addresses of further sitemaps, and where it goes on if it is to."""

    links: tuple[Link, ...] = ()
    sitemaps: tuple[str, ...] = ()
    following: str | None = None


async def read_listings(run: Run, source: Source, tally: Tally) -> None:
    """Read all of a source's feeds, news sitemaps and sections; one that fails is recorded and the others are still read."""
    pages = PAGES_BACK if run.conduct.since else 0
    todo = [Listing(url=url, kind="feed", pages=pages) for url in source.feeds]
    todo += [Listing(url=url, kind="news_sitemap", depth=INDEX_DEPTH) for url in source.news_sitemaps]
    todo += [Listing(url=url, kind="section", pages=pages) for url in source.sections]
    seen: set[str] = set()
    while todo and not run.stop.requested:
        listing = todo.pop(0)
        if listing.url in seen:
            continue
        seen.add(listing.url)
        async with failures_recorded(run, Subject(source_id=source.id, url=listing.url, kind=listing.kind), tally):
            todo += await _read(run, source, listing, tally)


async def _read(run: Run, source: Source, listing: Listing, tally: Tally) -> tuple[Listing, ...]:
    """Read one listing and give what is to be read after it. One that is read further back than usual is asked for in full."""
    validators = None if run.conduct.since else await run.writer.do(Store.validators, listing.url)
    asking = run.fetcher.get(listing.url, policy=source.policy, validators=validators, accept="listing")
    outcome = await run.stop.unless_stopped(asking)
    if outcome is None:
        return ()
    if isinstance(outcome, NotModified):
        tally.add("not_modified")
        await run.writer.do(Store.record_listing, run.id, source.id, listing.url, listing.kind, outcome, ())
        return ()
    contents = await run.workers.run(contents_of, outcome, source, listing.kind, run.now(), run.conduct.since, url=listing.url)
    if contents.sitemaps and listing.depth == 0:
        raise ListingError(f"a sitemap index more than {INDEX_DEPTH} levels deep", url=listing.url)
    await _record(run, source, listing, outcome, contents, tally)
    return _after(listing, contents, run.conduct.since)


async def _record(run: Run, source: Source, listing: Listing, page: Page, contents: Contents, tally: Tally) -> None:
    if contents.sitemaps:
        # An index may stay the same while the sitemaps it names change, so it is never asked for conditionally: no validators are kept.
        page = replace(page, headers=())
    new = await run.writer.do(Store.record_listing, run.id, source.id, listing.url, listing.kind, page, contents.links)
    tally.add("links_found", len(contents.links))
    tally.add("links_new", new)


def _after(listing: Listing, contents: Contents, since: datetime | None) -> tuple[Listing, ...]:
    sitemaps = contents.sitemaps[:SITEMAPS_BACK] if since else _newest(contents.sitemaps)
    below = tuple(Listing(url=url, kind=listing.kind, depth=listing.depth - 1) for url in sitemaps)
    if contents.following and contents.links and listing.pages > 0:  # a page of which nothing is young enough is the last
        return (*below, replace(listing, url=contents.following, pages=listing.pages - 1))
    return below


def _newest(sitemaps: tuple[str, ...]) -> tuple[str, ...]:
    """Give both ends of a long index: what is newest stands at one of them, and which one differs from site to site."""
    if len(sitemaps) <= SITEMAPS_PER_INDEX:
        return sitemaps
    half = SITEMAPS_PER_INDEX // 2
    return sitemaps[:half] + sitemaps[-half:]


def contents_of(page: Page, source: Source, kind: ListingKind, now: datetime, since: datetime | None = None) -> Contents:
    """Read one feed, sitemap or section, and keep the links that the source wants.

    Called in a worker process: a hostile page takes its time, and so may an unlucky pattern of the source's own. Raises
    ListingError when the page is none of them.
    """
    from scraper import discover  # the parent reads no listing, and a run with nothing new need not load it

    sitemaps = discover.sitemap_indexes(page, since=since) if kind == "news_sitemap" else ()
    if sitemaps:
        return Contents(sitemaps=sitemaps)
    links = discover.links(page, source=source, kind=kind)
    following = discover.following(page, kind) if since else None
    return Contents(links=tuple(link for link in links if discover.wanted(link, source, now)), following=following)
