"""What does a sitemap, news sitemap or sitemap index say? Home of lxml, which reads it piece by piece, whatever its size.

Standards: sitemaps.org 0.9 and Google's news extension. Element names count, name spaces do not, since
they are often wrong (scrapy's and crawler-commons' cases have several). No entity is ever read, no network asked, nothing expanded.
"""

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lxml import etree

from scraper import urls
from scraper.discover.dates import listed_date
from scraper.discover.listing import Entry, Listing

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["MAX_ENTRIES", "read", "read_lines"]

MAX_ENTRIES = 50_000  # sitemaps.org: a sitemap holds no more
_ENTRIES = ("url", "sitemap")
# "?a=1&b=2" written as it is, which libxml2 would mend to "?a=1=2"; within CDATA that is right, and stays; a section ends where
# the next begins, so that a hundred thousand that nobody closes cost no more than they are long.
_BARE_AMPERSAND = re.compile(r"<!\[CDATA\[(?:(?!<!\[CDATA\[).)*?\]\]>|&(?!(?:#\d+|#x[0-9a-f]+|[a-z]\w*);)", re.IGNORECASE | re.DOTALL)


def read(text: str, base: str) -> Listing:
    """Read a sitemap or index; what is broken in it costs the entry it stands in. Never raises."""
    entries: list[Entry] = []
    sitemaps: list[str] = []
    changed: dict[str, datetime] = {}
    try:
        for element in _elements(text):
            said = _said(element)
            found = _location(said.get("loc") or (element.text or "" if _name(element) == "sitemap" else ""), base)
            if found and _name(element) == "sitemap":
                sitemaps.append(found)
                if moment := listed_date(said.get("lastmod")):
                    changed[found] = moment
            elif found:
                entries.append(_entry(found, said))
            if len(entries) + len(sitemaps) >= MAX_ENTRIES:
                break
    except etree.XMLSyntaxError:
        pass  # what came before the place where even recovery ends is kept
    return Listing(entries=tuple(entries), sitemaps=tuple(dict.fromkeys(sitemaps)), changed=changed)


def read_lines(text: str, base: str) -> Listing:
    """Read the plain text form: one absolute URL a line; the scheme may be wanting where the sitemap's own host is named."""
    own = f"{urls.host(base)}/"
    lines = map(str.strip, text.splitlines()[:MAX_ENTRIES])
    found = (_location(f"//{line}" if line.startswith(own) else line, base) for line in lines if line.startswith(own) or urls.is_http(line))
    return Listing(entries=tuple(Entry(url=url) for url in found if url))


def _elements(text: str) -> Iterator[etree._Element]:
    """Give each url and sitemap element as soon as it ends, and forget it afterwards, so that memory holds one at a time."""
    content = io.BytesIO(_BARE_AMPERSAND.sub(_escaped, text).encode("utf-8", "replace"))
    options = {"recover": True, "resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False, "encoding": "utf-8"}
    for _, element in etree.iterparse(content, events=("end",), **options):
        if isinstance(element.tag, str) and _name(element) in _ENTRIES:
            yield element
            element.clear()
            parent = element.getparent()
            while parent is not None and _name(parent) not in _ENTRIES and element.getprevious() is not None:
                del parent[0]


def _escaped(match: re.Match[str]) -> str:
    return "&amp;" if match[0] == "&" else match[0]


def _said(element: etree._Element) -> dict[str, str]:
    """Give the texts of an entry by element name, the first of each; images and videos have names, titles and places of their own."""
    said: dict[str, str] = {}
    for part in element.iterdescendants():
        if not isinstance(part.tag, str) or _name(part.getparent()) in {"image", "video"}:
            continue
        text = (part.text or "").strip()
        if text:
            said.setdefault(_name(part), text)
    return said


def _entry(url: str, said: dict[str, str]) -> Entry:
    keywords = (keyword.strip() for keyword in said.get("keywords", "").split(","))
    return Entry(
        url=url,
        title=said.get("title"),
        published=listed_date(said.get("publication_date")),
        updated=listed_date(said.get("lastmod")),
        language=said.get("language"),
        keywords=tuple(dict.fromkeys(keyword for keyword in keywords if keyword)),
    )


def _location(written: str, base: str) -> str | None:
    found = urls.join(base, written.strip()) if written.strip() else None
    return found if found and urls.is_http(found) else None


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()
