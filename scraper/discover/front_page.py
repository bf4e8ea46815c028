"""Where does a site announce its stories? Its home page links to feeds and sitemaps, and robots.txt names more of them.

Of several feeds the first ones are the site's own choice of what matters; feeds of comments are none of stories. Whether what is found
is a feed at all shows when it is read.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree

from scraper import urls
from scraper.decode import decode
from scraper.discover.sections import markup_tree, page_base
from scraper.records import Page

__all__ = ["Announced", "announced", "announced_sitemaps"]

MAX_FEEDS, MAX_SITEMAPS = 5, 3  # a paper has a feed for each of its sections too, and the first ones hold the same stories
MAX_LINKS = 5_000
_FEED_TYPES = frozenset(("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"))
_FEED_PATH = re.compile(r"/(?:rss|feeds?|atom)(?:[/.]|$)|\.(?:rss|atom|rdf)$|/(?:rss|feed|atom|index)\.(?:xml|json)$", re.IGNORECASE)
_COMMENTS = re.compile(r"comment|kommentar|commentaire|comentario|commenti", re.IGNORECASE)
# What news sitemaps are called in the languages that write addresses; a sitemap of all that a site ever told is no announcement.
_NEWS = re.compile(r"news|nachricht|actu|notici|notizi|nieuws|nyhet|nyhed|aktuell|latest|novost|haber", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """The feeds and news sitemaps of a site, most important first."""

    feeds: tuple[str, ...] = ()
    news_sitemaps: tuple[str, ...] = ()


def announced(page: Page, sitemaps: Iterable[str] = ()) -> Announced:
    """Give what a home page links to; `sitemaps` are those that robots.txt names. Never raises; nothing is fetched."""
    tree = markup_tree(decode(page.content, page.headers).text)
    base = page_base(tree, page.url) if tree is not None else page.url
    feeds = _unique(_feeds(tree, base)) if tree is not None else ()
    named = [*sitemaps, *(_sitemaps(tree, base) if tree is not None else ())]
    return Announced(feeds=feeds[:MAX_FEEDS], news_sitemaps=announced_sitemaps(named))


def announced_sitemaps(named: Iterable[str]) -> tuple[str, ...]:
    """Give those of the sitemaps that are called news sitemaps."""
    return tuple(url for url in _unique(named) if _NEWS.search(urlsplit(url).path))[:MAX_SITEMAPS]


def _feeds(tree: etree._Element, base: str) -> list[str]:
    """Give the feeds that the head declares, else those that links of the page lead to by their address."""
    declared = [
        url
        for link in _of_rel(tree, "alternate")
        if _type(link) in _FEED_TYPES and (url := _address(link, base)) and not _COMMENTS.search(f"{url} {link.get('title') or ''}")
    ]
    if declared:
        return declared
    linked = (_address(link, base) for _, link in zip(range(MAX_LINKS), tree.iter("a"), strict=False))
    return [url for url in linked if url and _FEED_PATH.search(urlsplit(url).path) and not _COMMENTS.search(url)]


def _sitemaps(tree: etree._Element, base: str) -> Iterator[str]:
    for link in _of_rel(tree, "sitemap"):
        if url := _address(link, base):
            yield url


def _of_rel(tree: etree._Element, rel: str) -> Iterator[etree._Element]:
    return (link for link in tree.iter("link") if rel in (link.get("rel") or "").lower().split())


def _type(link: etree._Element) -> str:
    return (link.get("type") or "").partition(";")[0].strip().lower()


def _address(link: etree._Element, base: str) -> str | None:
    url = urls.join(base, (link.get("href") or "").strip()) if link.get("href") else None
    return url if url and urls.is_http(url) else None


def _unique(found: Iterable[str]) -> tuple[str, ...]:
    """Give each address once: http and https, with and without tracking, are one."""
    kept: dict[str, str] = {}
    for url in found:
        kept.setdefault(urls.canonical_url(url), url)
    return tuple(kept.values())
