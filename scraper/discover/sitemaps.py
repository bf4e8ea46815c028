"""What does a sitemap, news sitemap or sitemap index say? Home of lxml, which reads it piece by piece, whatever its size.

Standards: sitemaps.org 0.9 and Google's news extension. Element names count, name spaces do not, since
they are often wrong (scrapy's and crawler-commons' cases have several). No entity is ever read, no network asked, nothing expanded.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from html import escape
from html.entities import html5
from typing import TYPE_CHECKING

from lxml import etree

from scraper import urls
from scraper.discover.dates import listed_date
from scraper.discover.listing import Entry, Listing

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["MAX_ENTRIES", "Keep", "read", "read_lines"]

Keep = Callable[[Entry], bool]

MAX_ENTRIES = 50_000  # sitemaps.org: a sitemap holds no more; of one that does, so many that are kept
_ENTRIES = ("url", "sitemap")
_TAGS = [f"{{*}}{name}" for entry in _ENTRIES for name in (entry, entry.upper(), entry.title())]  # of whatever name space, or none
_MEDIA = frozenset({"image", "video"})  # have names, titles and places of their own
# "?a=1&b=2" written as it is, which libxml2 would mend to "?a=1=2"; within CDATA that is right, and stays; a section ends where
# the next begins, so that a hundred thousand that nobody closes cost no more than they are long. Entities of
# HTML, which no sitemap declares, become their characters: after one that it does not know libxml2 loses XML's own five too.
_BARE_AMPERSAND = re.compile(
    r"<!\[CDATA\[(?:(?!<!\[CDATA\[).)*?\]\]>|&(?!(?:#\d+|#x[0-9a-f]+|amp|lt|gt|quot|apos);)(?:[a-z]\w*;)?", re.IGNORECASE | re.DOTALL
)
_SECTION, _SECTION_ENDS = "<![CDATA[", "]]>"
_LONGEST_WAIT = 200_000  # characters: what holds no markup for so long, or a section that nobody closes, is handed on as it is
_PIECE = 65_536


def read(text: str | Iterable[str], base: str, *, keep: Keep | None = None) -> Listing:
    """Read a sitemap or index, whole or in pieces; what is broken in it costs the entry it stands in. Raises only what the pieces raise.

    `keep` is asked of every entry, and one that is not kept costs no memory.
    """
    entries: list[Entry] = []
    sitemaps: list[str] = []
    changed: dict[str, datetime] = {}
    for element in _elements([text] if isinstance(text, str) else text):
        said, is_index = _said(element), _name(element.tag) == "sitemap"
        found = _location(said.get("loc") or (element.text or "" if is_index else ""), base)
        if found and is_index:
            sitemaps.append(found)
            if moment := listed_date(said.get("lastmod")):
                changed[found] = moment
        elif found:
            entry = _entry(found, said)
            if keep is None or keep(entry):
                entries.append(entry)
        if len(entries) + len(sitemaps) >= MAX_ENTRIES:
            break
    return Listing(entries=tuple(entries), sitemaps=tuple(dict.fromkeys(sitemaps)), changed=changed)


def read_lines(text: str | Iterable[str], base: str, *, keep: Keep | None = None) -> Listing:
    """Read the plain text form: one absolute URL a line; the scheme may be wanting where the sitemap's own host is named."""
    own = f"{urls.host(base)}/"
    entries: list[Entry] = []
    for line in map(str.strip, _lines([text] if isinstance(text, str) else text)):
        url = _location(f"//{line}", base) if line.startswith(own) else _location(line, base) if urls.is_http(line) else None
        if url and (keep is None or keep(Entry(url=url))):
            entries.append(Entry(url=url))
        if len(entries) >= MAX_ENTRIES:
            break
    return Listing(entries=tuple(entries))


def _lines(pieces: Iterable[str]) -> Iterator[str]:
    rest = ""
    for piece in pieces:
        *lines, rest = f"{rest}{piece}".splitlines(keepends=True) or [""]
        yield from lines
        if len(rest) > _LONGEST_WAIT:
            rest = ""  # no URL
    yield rest


def _elements(pieces: Iterable[str]) -> Iterator[etree._Element]:
    """Give each url and sitemap element as soon as it ends, and forget it afterwards, so that memory holds one at a time.

    What came before the place where even recovery ends is given.
    """
    options = {"recover": True, "resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False, "encoding": "utf-8"}
    parser = etree.XMLPullParser(events=("end",), tag=_TAGS, **options)
    for piece in _mended(pieces):
        try:
            for start in range(0, len(piece), _PIECE):
                parser.feed(piece[start : start + _PIECE].encode("utf-8", "replace"))
                yield from _ended(parser)
        except etree.XMLSyntaxError:
            return
    with suppress(etree.XMLSyntaxError):
        parser.close()
        yield from _ended(parser)


def _ended(parser: etree.XMLPullParser) -> Iterator[etree._Element]:
    for _, element in parser.read_events():
        yield element
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None and _name(parent.tag) not in _ENTRIES:
            del parent[0]


def _mended(pieces: Iterable[str]) -> Iterator[str]:
    """Escape bare ampersands; a piece is handed on up to its last markup, lest a reference or a section be cut in two."""
    rest = ""
    for piece in pieces:
        rest += piece
        end = rest.rfind("<")
        section = rest.rfind(_SECTION, 0, end)
        if section >= 0 and rest.find(_SECTION_ENDS, section, end) < 0:
            end = section
        if end <= 0 and len(rest) > _LONGEST_WAIT:
            end = len(rest)
        if end > 0:
            yield _BARE_AMPERSAND.sub(_escaped, rest[:end])
            rest = rest[end:]
    yield _BARE_AMPERSAND.sub(_escaped, rest[: rest.rfind(">") + 1])  # an address that breaks off leads nowhere


def _escaped(match: re.Match[str]) -> str:
    found = match[0]
    return "&amp;" if found == "&" else escape(html5.get(found[1:], "")) or found


def _said(element: etree._Element) -> dict[str, str]:
    """Give the texts of an entry by element name, the first of each."""
    said: dict[str, str] = {}
    waiting = [*reversed(element)]
    while waiting:
        part = waiting.pop()
        if not isinstance(part.tag, str):
            continue
        name = _name(part.tag)
        text = (part.text or "").strip()
        if text:
            said.setdefault(name, text)
        if len(part) and name not in _MEDIA:
            waiting.extend(reversed(part))
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
    return found if found and found.startswith(("http://", "https://")) else None


@lru_cache(maxsize=1_000)
def _name(tag: str) -> str:
    return tag.rpartition("}")[2].lower()
