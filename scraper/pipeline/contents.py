"""What does a worker process make of a listing? Links that the source wants, further sitemaps, feeds that a home page announces.

A hostile listing takes its time, and so may an unlucky pattern of the source's own; that is why it is read there.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scraper.records import Link, ListingKind, Page, Source

if TYPE_CHECKING:
    from scraper.discover.listing import Listing

__all__ = ["Contents", "announced_by", "contents_of", "contents_of_home"]

PIECE_BYTES: Final = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a listing holds: the links that are wanted, or the addresses of further ones, and where it goes on if it is to."""

    links: tuple[Link, ...] = ()
    sitemaps: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    news_sitemaps: tuple[str, ...] = ()
    following: str | None = None

    @property
    def leads_on(self) -> bool:
        """Say whether this is a list of listings: it may stay the same while those that it names change."""
        return bool(self.sitemaps or self.feeds or self.news_sitemaps)


def contents_of(page: Page, source: Source, kind: ListingKind, now: datetime, since: datetime | None = None) -> Contents:
    """Read one feed, sitemap or section, and keep the links that the source wants. Raises ListingError when the page is none of them."""
    from scraper import discover  # the parent reads no listing, and a run with nothing new need not load it

    found = _read(page, source, kind, now)
    if kind == "news_sitemap" and (sitemaps := discover.sitemaps_in(found, since=since)):
        return Contents(sitemaps=sitemaps)
    links = discover.links_in(found, page, source=source, kind=kind)
    following = found.following if since else None
    return Contents(links=tuple(link for link in links if discover.wanted(link, source, now)), following=following)


def announced_by(page: Page | None, sitemaps: tuple[str, ...]) -> Contents:
    """Give the listings that a page leads to, itself if it is one; `sitemaps` are those of robots.txt, which may be all there is."""
    from scraper import discover

    if page is None:
        found = discover.announced_sitemaps(sitemaps)
        return Contents(news_sitemaps=found)
    kind = discover.kind_of(page)
    if kind == "section":
        announced = discover.announced(page, sitemaps)
        return Contents(feeds=announced.feeds, news_sitemaps=announced.news_sitemaps)
    named = tuple(url for url in discover.announced_sitemaps(sitemaps) if url != page.url)
    return Contents(feeds=(page.url,), news_sitemaps=named) if kind == "feed" else Contents(news_sitemaps=(page.url, *named))


def _read(page: Page, source: Source, kind: ListingKind, now: datetime) -> "Listing":
    from scraper import discover

    if kind != "news_sitemap":
        return discover.read(page, kind)
    return discover.read(page, kind, pieces=_pieces(page), keep=discover.wanted_entries(source, now))


def _pieces(page: Page) -> Iterator[bytes]:
    """Give the content as it is read from its file, or from memory."""
    with Path(page.overflow.path).open("rb") if page.overflow else io.BytesIO(page.content) as content:
        while piece := content.read(PIECE_BYTES):
            yield piece


def contents_of_home(page: Page, source: Source, sitemaps: tuple[str, ...], now: datetime, since: datetime | None = None) -> Contents:
    """Look up which feeds and news sitemaps a home page announces; `sitemaps` are those of robots.txt.

    A site that announces none is read like a section page. Raises ListingError when it is no such page either.
    """
    from scraper import discover

    found = discover.announced(page, sitemaps)
    if found.feeds or found.news_sitemaps:
        return Contents(feeds=found.feeds, news_sitemaps=found.news_sitemaps)
    return contents_of(page, source, "section", now, since)
