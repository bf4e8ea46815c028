"""How does an HTML page become a Document? One scan over its tags collects blocks, elements and whatever witnesses for a field; this module
puts a Document together from it. What the text means is left to others.

98 pages in 100 are scanned as they stand, the ends that HTML leaves unwritten included. Where mending takes a browser's whole tree,
lexbor parses the page and writes it anew, and that writing is scanned.
"""

import itertools
from operator import itemgetter
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from scraper.decode import unescape
from scraper.extract.document import ROWS, Document, Layout, Mark, Property, Script
from scraper.extract.inner_loops import scan, utf8
from scraper.extract.plaintext import characters
from scraper.extract.repair import safe_markup
from scraper.extract.scanned import Scanned, clean

__all__ = ["walk_html"]

# Elements whose text a reader does not read as text; lexbor takes them out, children and all.
REMOVED: Final = (
    "style noscript svg template iframe object embed canvas audio video map math meter progress select datalist button textarea "
    "input noembed noframes xmp plaintext"
).split()
MAX_PROPERTY_CHARS: Final = 1600
MARK_BLOCK: Final = Mark._fields.index("block")


def walk_html(text: str | bytes) -> Document:
    """Parse HTML, a text or its bytes in UTF-8, and collect its blocks, metadata and marks in document order. Any text is accepted."""
    page = utf8(text) if isinstance(text, str) else text
    found = scan(page, False, clean, unescape, ROWS)
    if found is None:
        tree = LexborHTMLParser(safe_markup(characters(text)))
        tree.strip_tags(REMOVED)
        page = utf8(tree.html or "")
        found = scan(page, True, clean, unescape, ROWS)
    return _document(page, found) if found else Document(blocks=())


def _document(page: bytes, found: Scanned) -> Document:
    return Document(
        blocks=found["blocks"],
        elements=found["elements"],
        marks=tuple(sorted(found["marks"], key=itemgetter(MARK_BLOCK))),
        metas=tuple(found["metas"]),
        links=tuple(found["links_to"]),
        properties=_all_properties(found) if found["witnesses"] or found["heads"] else (),
        scripts=tuple(itertools.starmap(Script, found["scripts"])),
        title=_title(page, found),
        language=found["language"],
        has_scripts=found["has_scripts"],
        layout=Layout.of(found),
        headings=tuple(memoryview(found["headings"]).cast("B").cast("i")),
    )


def _title(page: bytes, found: Scanned) -> str | None:
    """Read the first title that says something."""
    for start, end in found["titles"]:
        text = page[start:end].decode("utf-8", "replace")
        title = " ".join((unescape(text) if "&" in text else text).split())
        if title:
            return title
    return None


def _all_properties(found: Scanned) -> tuple[Property, ...]:
    """Read microdata in the order in which its elements end, so that the innermost comes first."""
    scopes = _Scopes(found["scopes"])
    properties: list[tuple[int, Property]] = []
    for values, text, begun, ended in found["witnesses"]:
        properties += [(ended, entry) for entry in _properties(values, text, scopes.around(begun))]
    for order, values in found["heads"]:
        properties += [(order, entry) for entry in _properties(values, "", scopes.around(order))]
    properties.sort(key=itemgetter(0))
    return tuple(entry for _, entry in properties)


def _properties(values: dict[str, str], text: str, scopes: tuple[str, ...]) -> list[Property]:
    given = () if "itemscope" in values else (values.get(name) for name in ("content", "datetime", "href", "src"))
    value = next(filter(None, given), text)
    if not value or len(value) > MAX_PROPERTY_CHARS:
        return []
    return [Property(name, value, scopes) for name in values["itemprop"].split() if name != "articleBody"]


class _Scopes:
    """The types of the items around any place of a page."""

    def __init__(self, events: list[tuple[int, str | None]]) -> None:
        self.items: list[tuple[int, int, str]] = []  # where each begins and ends, and its type
        opened: list[int] = []
        for order, kind in events:
            if kind is None:
                place = opened.pop()
                self.items[place] = (self.items[place][0], order, self.items[place][2])
            else:
                opened.append(len(self.items))
                self.items.append((order, order, kind.rsplit("/", 1)[-1]))

    def around(self, order: int) -> tuple[str, ...]:
        """Give the types of the items that have begun before this place and end after it, innermost last."""
        return tuple(kind for begun, ended, kind in self.items if begun < order < ended)
