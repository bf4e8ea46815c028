"""Which articles does a listing announce? A Page in, Links out, in its order; fetching anything is left to others."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain

from scraper import urls
from scraper.discover import feeds, json_feeds, sections, sitemaps
from scraper.discover.listing import Entry, Listing, plain_text
from scraper.discover.sitemaps import Keep
from scraper.discover.texts import text_of, texts_of
from scraper.errors import ListingError
from scraper.records import Link, ListingKind, Page, Source
from scraper.sources.matching import article_id_in

__all__ = ["kind_of", "links", "links_in", "read", "sitemap_indexes", "sitemaps_in", "wanted", "wanted_entries"]

_HEAD_CHARACTERS = 20_000  # comments, style sheets and name spaces before the root element stay far below
_LONGEST_CHARACTERS = 10_000_000  # what a policy takes of any page
_ROOT = re.compile(r"<(?:[a-z]\w*:)?(html|rss|feed|rdf|channel|urlset|sitemapindex|url|sitemap)(?=[\s>/])", re.IGNORECASE)
_FEEDS = frozenset({"rss", "feed", "rdf", "channel"})
_SITEMAPS = frozenset({"urlset", "sitemapindex", "url", "sitemap"})


def links(page: Page, *, source: Source, kind: ListingKind) -> tuple[Link, ...]:
    """Give the articles that a feed, sitemap or section page announces, as `links_in`; raise ListingError when the page is none."""
    return links_in(read(page, kind), page, source=source, kind=kind)


def links_in(found: Listing, page: Page, *, source: Source, kind: ListingKind) -> tuple[Link, ...]:
    """Give the articles that a listing announces, each once, in its order.

    What the page is, was told from itself; `kind` says how it was listed, and goes into the links. Entries of a sitemap that were last
    changed more than `source.max_age_days` before the page was fetched are left out: its other dates are seldom given.
    """
    oldest = _oldest(source, page.fetched_at)
    fresh = [entry for entry in found.entries if kind != "news_sitemap" or _is_fresh(entry, oldest)]
    unique: dict[str, Link] = {}
    for entry in fresh:
        if entry.url:
            unique.setdefault(urls.canonical_url(entry.url), _link(entry, found, page.url, source, kind))
    return tuple(unique.values())


def sitemap_indexes(page: Page, *, since: datetime | None = None) -> tuple[str, ...]:
    """Give the sitemaps that a sitemap index names, as `sitemaps_in`; none for every other page."""
    try:
        return sitemaps_in(read(page), since=since)
    except ListingError:
        return ()


def sitemaps_in(found: Listing, *, since: datetime | None = None) -> tuple[str, ...]:
    """Give the sitemaps that a listing names if it is an index.

    Where the index dates all of them, the newest come first, else they stand in its order. With `since`, those last changed before are
    left out.
    """
    dates = {url: _aware(when) for url, when in found.changed.items()}
    kept = [url for url in found.sitemaps if since is None or url not in dates or dates[url] >= since]
    return tuple(sorted(kept, key=dates.__getitem__, reverse=True) if dates.keys() >= set(kept) else kept)


def wanted(link: Link, source: Source, now: datetime) -> bool:
    """Tell whether a link is one the source's owner wants: none of `deny` in its URL, one of `allow` if there are any, and not too old.

    The patterns are regular expressions, searched for in the URL. `now` is aware; a date without zone is taken as UTC.
    """
    return _is_wanted(link.url, link.published, source, _oldest(source, now))


def wanted_entries(source: Source, now: datetime) -> Keep:
    """Give what tells whether a sitemap's entry is wanted, as `wanted` does, and was not last changed before."""
    oldest = _oldest(source, now)
    return lambda entry: _is_fresh(entry, oldest) and _is_wanted(entry.url or "", entry.published, source, oldest)


def read(page: Page, kind: ListingKind = "feed", *, pieces: Iterable[bytes] | None = None, keep: Keep | None = None) -> Listing:
    """Read a listing in whatever format it is; raise ListingError when it is none. HTML is one only where a `section` is expected.

    Where its content is given in `pieces`, no more of a sitemap is held than the entries for which `keep` says so, and nothing of another
    listing that is beyond the longest.
    """
    texts = iter((text_of(page.content, page.headers),)) if pieces is None else texts_of(pieces, page.headers)
    found = _read(texts, urls.join(page.url, page.header("content-location") or "") or page.url, kind, keep)
    if found is None:
        what = "a page that links to stories" if kind == "section" else "a feed nor a sitemap"
        raise ListingError(f"{page.url} is {'not' if kind == 'section' else 'neither'} {what}", url=page.url)
    return found


def kind_of(page: Page) -> ListingKind:
    """Say what sort of listing a page is, from itself: a page that is neither feed nor sitemap may still be a section's."""
    head = text_of(page.content, page.headers)[:_HEAD_CHARACTERS].lstrip("\ufeff \t\r\n")
    root = _root(head)
    if root in _SITEMAPS:
        return "news_sitemap"
    return "feed" if root in _FEEDS or head.startswith("{") else "section"


def _read(texts: Iterator[str], base: str, kind: ListingKind, keep: Keep | None) -> Listing | None:
    first = next(texts, "")
    texts = chain((first,), texts)
    head = first[:_HEAD_CHARACTERS].lstrip("\ufeff \t\r\n")
    if head.startswith("{"):
        return json_feeds.read(_whole(texts), base)
    if (root := _root(head)) in _FEEDS:
        return feeds.read(_whole(texts), base)
    if root in _SITEMAPS:
        return sitemaps.read(texts, base, keep=keep)
    found = None
    if kind == "section":
        found = sections.read(_whole(texts), base)
    elif root is None:
        found = sitemaps.read_lines(texts, base, keep=keep)
    return found if found and found.entries else None


def _whole(texts: Iterator[str]) -> str:
    """Put a text together, as far as any is read that is not read in pieces."""
    text = next(texts, "")
    for more in texts:
        text += more
        if len(text) > _LONGEST_CHARACTERS:
            break
    return text


def _root(head: str) -> str | None:
    match = _ROOT.search(head)
    return match[1].lower() if match else None


def _link(entry: Entry, listing: Listing, found_in: str, source: Source, kind: ListingKind) -> Link:
    return Link(
        url=entry.url or "",
        source_id=source.id,
        kind=kind,
        found_in=found_in,
        source_article_id=article_id_in(entry.url or "", source.article_id),
        title=plain_text(entry.title),
        published=entry.published,
        authors=tuple(name for name in map(plain_text, entry.authors) if name),
        language=entry.language or listing.language,
        keywords=tuple(word for word in map(plain_text, entry.keywords) if word),
    )


def _is_fresh(entry: Entry, oldest: datetime) -> bool:
    return not entry.updated or _aware(entry.updated) >= oldest


def _is_wanted(url: str, published: datetime | None, source: Source, oldest: datetime) -> bool:
    if any(re.search(pattern, url) for pattern in source.deny):
        return False
    if source.allow and not any(re.search(pattern, url) for pattern in source.allow):
        return False
    return published is None or _aware(published) >= oldest


def _oldest(source: Source, now: datetime) -> datetime:
    return now - timedelta(days=source.max_age_days)


def _aware(when: datetime) -> datetime:
    return when if when.tzinfo else when.replace(tzinfo=UTC)
