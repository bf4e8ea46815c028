"""What does an RSS, RDF or Atom feed say, broken or not? Home of feedparser; why it is this one is in docs/decisions/0008-feeds.md.

The text is decoded by us and cut to a size first; feedparser gets bytes that cannot be taken for an address, and reads nothing else.
"""

import io
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from scraper import urls
from scraper.discover.dates import listed_date
from scraper.discover.lean import lean
from scraper.discover.listing import Entry, Listing

__all__ = ["MAX_CHARACTERS", "read"]

MAX_CHARACTERS = 5_000_000  # 7 s at worst, whatever they are (tests/test_discover_hostile.py); feeds in the wild have some 100,000
_NOT_XML = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
)  # XML 1.0 2.2; one of them sends feedparser to its slow parser
_PAGES = frozenset({"text/html", "application/xhtml+xml"})  # feedparser takes a link without a type for the first
_ADDRESS = re.compile(r"(?:mailto:)?[^\s()<>]+@[^\s()<>]+")
_ZONED = re.compile(r"(?:Z|[A-Z]{3,4}|[+-]\d\d:?\d\d)\s*$", re.IGNORECASE)


def read(text: str, base: str) -> Listing:
    """Read a feed; `base` is where it comes from. Never raises: what cannot be read is left out, an entry as well as a field."""
    import feedparser

    content = _NOT_XML.sub("", lean(text[:MAX_CHARACTERS])).encode()
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": base}
    found = feedparser.parse(io.BytesIO(content), response_headers=headers)
    feed = found.feed
    is_atom = found.version.startswith("atom")
    for told in (feed, *found.entries) if is_atom else ():
        told["link"] = _first_page(told) or told.get("link")
    site = _link(feed, base)
    general = _authors(feed) if is_atom else ()  # RFC 4287 4.2.1: the feed's authors are those of its entries
    return Listing(
        title=_text(feed, "title"),
        url=site,
        language=_text(feed, "language"),
        entries=_at_home(tuple(_entry(item, base, general) for item in found.entries), base, site, text),
        following=_following(feed, base),
    )


def _entry(item: dict[str, Any], base: str, general_authors: tuple[str, ...]) -> Entry:
    url = _link(item, base)
    return Entry(
        url=url,
        id=_text(item, "id") or url,
        title=_text(item, "title"),
        published=_date(item, "published", "created", "updated"),
        updated=_date(item, "updated"),
        authors=_authors(item) or general_authors,
        language=_text(item, "language") or _text(item.get("title_detail") or {}, "language"),
        keywords=_unique(tag.get("term") for tag in item.get("tags") or ()),
    )


def _at_home(entries: tuple[Entry, ...], base: str, site: str | None, text: str) -> tuple[Entry, ...]:
    """Move relative links to the site that a feed is of, where the feed stands on another host, whose pages they cannot be.

    RFC 4287 has them stand on the feed's own address; a host that the feed never names is where it was put, not what it is about.
    """
    kept_at = urls.origin(base)
    if site is None or kept_at is None or urls.host(site) == urls.host(base) or kept_at in text:
        return entries
    folder = urls.join(base, ".") or base
    return tuple(replace(entry, url=_moved(entry.url, folder, kept_at, site)) for entry in entries)


def _moved(url: str | None, folder: str, origin: str, site: str) -> str | None:
    if url is None or urls.origin(url) != origin:
        return url
    return urls.join(site, url.removeprefix(folder if url.startswith(folder) else origin)) or url


def _link(item: Mapping[str, Any], base: str) -> str | None:
    """Give what an item links to: FeedBurner's note of the original first, an id that is a URL last."""
    others = (link.get("href") for link in item.get("links") or () if link.get("rel") == "alternate")  # atom:link in an RSS channel
    for written in (item.get("feedburner_origlink"), item.get("link"), next(others, None), item.get("id")):
        found = urls.join(base, written.strip()) if written and written.strip() else None
        if found and urls.is_http(found) and (written != item.get("id") or urls.is_http(str(written))):
            return found
    return None


def _first_page(item: Mapping[str, Any]) -> str | None:
    """Give the first of the pages that an Atom entry has in several languages or editions, where feedparser gives the last."""
    pages = (link for link in item.get("links") or () if link.get("rel") == "alternate" and link.get("type") in _PAGES)
    return next((link["href"] for link in pages if link.get("href")), None)


def _following(feed: Mapping[str, Any], base: str) -> str | None:
    """Give the next page of a feed in pages, or the archive before this one (RFC 5005)."""
    ways = {link.get("rel"): link.get("href") for link in feed.get("links") or ()}
    found = urls.join(base, ways.get("next") or ways.get("prev-archive") or "")
    return found if found and found != base and urls.is_http(found) else None


def _authors(item: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the authors' names; those with an address are taken apart here, as feedparser knows no top-level domain beyond four letters."""
    given = item.get("author") or ""
    names = _unique(author.get("name") for author in item.get("authors") or ())
    if "@" in given and len(names) <= 1:
        return _unique([_ADDRESS.sub("", given).strip(" ()<>,;")])
    return names or _unique([given])


def _date(item: dict[str, Any], *names: str) -> datetime | None:
    """Give the first of these dates that can be read; feedparser's own reading, always in UTC, where only that knows the form."""
    for name in names:
        written = dict.get(item, name)  # feedparser's own get gives the date of publication for a missing `updated`, with a warning
        if not isinstance(written, str):
            continue
        if found := listed_date(written) or _understood(item.get(f"{name}_parsed"), written):
            return found
    return None


def _understood(parsed: time.struct_time | None, written: str) -> datetime | None:
    try:
        when = datetime(*parsed[:6], tzinfo=UTC) if parsed else None
    except ValueError:
        return None
    return when.replace(tzinfo=None) if when and not _ZONED.search(written) else when


def _text(item: Mapping[str, Any], name: str) -> str | None:
    value = item.get(name)
    return value.strip() or None if isinstance(value, str) else None


def _unique(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value.strip() for value in values if value and value.strip()))
