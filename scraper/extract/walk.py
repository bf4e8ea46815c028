"""How does an HTML page become a Document? One scan over its tags collects blocks, elements and whatever witnesses for a field; this module
puts a Document together from it. What the text means is left to others.

Nine pages in ten are scanned as they stand, the ends that HTML leaves unwritten included. Where mending takes a browser's whole tree,
lexbor parses the page and writes it anew, and that writing is scanned.
"""

import re
from functools import partial
from operator import itemgetter

from selectolax.lexbor import LexborHTMLParser

from scraper.decode import unescape
from scraper.extract.document import Block, Document, Element, Layout, Mark, Property, Script
from scraper.extract.inner_loops import scan
from scraper.extract.repair import safe_markup
from scraper.extract.scanned import HINTING, Scanned, Witness, clean

__all__ = ["walk_html"]

# Elements whose text a reader does not read as text; lexbor takes them out, children and all.
REMOVED = (
    "style noscript svg template iframe object embed canvas audio video map math meter progress select datalist button textarea "
    "input noembed noframes xmp plaintext"
).split()
DATA_SCRIPT = re.compile(r"ld\+json|application/json", re.IGNORECASE)
STATE_SCRIPT = re.compile(rb"__NEXT_DATA__|__NUXT|__INITIAL_STATE__|__PRELOADED_STATE__|__APOLLO_STATE__|Fusion\.globalContent")
MAX_SCRIPT_BYTES, STATE_HEAD_BYTES = 3_000_000, 2000
MAX_MARK_CHARS, MAX_PROPERTY_CHARS = 400, 1600
# What `Block._make` does, without a call of Python's for each of the hundreds.
MAKE_BLOCK, MAKE_ELEMENT = partial(tuple.__new__, Block), partial(tuple.__new__, Element)
META_NAMES = ("property", "name", "itemprop", "http-equiv")


def walk_html(text: str) -> Document:
    """Parse HTML and collect its blocks, metadata and marks in document order. Any text is accepted."""
    page = text.encode("utf-8", "replace")
    if b"\r" in page:
        page = page.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    found = scan(page, False, clean, unescape)
    if found is None:
        tree = LexborHTMLParser(safe_markup(text))
        tree.strip_tags(REMOVED)
        page = (tree.html or "").encode("utf-8", "replace")
        found = scan(page, True, clean, unescape)
    return _document(page, found) if found else Document(blocks=())


def _document(page: bytes, found: Scanned) -> Document:
    layout = Layout.of(found)
    names = found["names"]
    own = layout.element.tolist()
    numbers = (layout.link_chars.tolist(), layout.links.tolist(), layout.strong_chars.tolist(), layout.images.tolist())
    tags = [names[element] if element >= 0 else "body" for element in own]
    elements = zip(names, layout.parent.tolist(), layout.depth.tolist(), found["hints"], layout.hidden.astype(bool).tolist(), strict=True)
    metas, links, language = _heads(found)
    marks, properties = _witnesses(found)
    scripts, title = _spans(page, found)
    return Document(
        blocks=tuple(map(MAKE_BLOCK, zip(found["texts"], own, tags, *numbers, strict=True))),
        elements=tuple(map(MAKE_ELEMENT, elements)),
        marks=marks,
        metas=metas,
        links=links,
        properties=properties,
        scripts=scripts,
        title=title,
        language=language,
        has_scripts=any(span[0] == "script" for span in found["spans"]),
        layout=layout,
    )


def _heads(found: Scanned) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str, str], ...], str | None]:
    """Read the metas, the links and the language."""
    metas: list[tuple[str, str]] = []
    links: list[tuple[str, str, str]] = []
    language = None
    for kind, _order, values in found["heads"]:
        if kind == "link":
            links.append((values.get("rel", "").lower(), values.get("href", ""), values.get("type", "")))
        elif kind == "html":
            language = language or values.get("lang") or values.get("xml:lang")
        elif (content := values.get("content")) is not None:
            metas.extend((name.strip().lower(), content) for key in META_NAMES if (name := values.get(key)))
    return tuple(metas), tuple(links), language


def _spans(page: bytes, found: Scanned) -> tuple[tuple[Script, ...], str | None]:
    """Read the scripts that hold data, and the first title."""
    scripts, title = [], None
    for name, values, start, end in found["spans"]:
        if name == "title":
            title = title or " ".join(unescape(page[start:end].decode("utf-8", "replace")).split()) or None
        elif "src" not in values and end - start <= MAX_SCRIPT_BYTES:
            kind = values.get("type", "")
            if DATA_SCRIPT.search(kind):
                scripts.append(Script(values.get("id") or kind.strip().lower(), page[start:end].decode("utf-8", "replace")))
            elif state := STATE_SCRIPT.search(page, start, min(end, start + STATE_HEAD_BYTES)):
                scripts.append(Script(state.group().decode(), page[start:end].decode("utf-8", "replace")))
    return tuple(scripts), title


def _witnesses(found: Scanned) -> tuple[tuple[Mark, ...], tuple[Property, ...]]:
    """Read marks and microdata in the order in which their elements end, so that the innermost comes first."""
    scopes = _Scopes(found["scopes"])
    marks: list[Mark] = []
    properties: list[tuple[int, Property]] = []
    for witness in found["witnesses"]:
        name, values, _, block, _, begun, ended, marked = witness
        text = _text_of(witness, found["texts"])
        if marked and text and len(text) <= MAX_MARK_CHARS:
            hint = " ".join(value for key, value in values.items() if key in HINTING and value).lower()
            marks.append(Mark(text, name, hint, values.get("datetime") or values.get("content") or values.get("title") or "", block))
        if "itemprop" in values:
            properties += [(ended, entry) for entry in _properties(values, text, scopes.around(begun))]
    for _kind, order, values in found["heads"]:
        if "itemprop" in values:
            properties += [(order, entry) for entry in _properties(values, "", scopes.around(order))]
    marks.sort(key=lambda mark: mark.block)
    properties.sort(key=itemgetter(0))
    return tuple(marks), tuple(entry for _, entry in properties)


def _text_of(witness: Witness, texts: list[str]) -> str:
    """Give the text of a mark or property: the blocks that ended inside it, and what was collected after them."""
    _, _, rest, begun, ended, *_ = witness
    if rest is None:
        return ""
    if begun == ended:
        return clean(rest)
    size, parts = 0, []
    for text in texts[begun:ended]:
        size += len(text)
        if size > MAX_PROPERTY_CHARS:
            return ""
        parts.append(text)
    return clean(" ".join((*parts, rest)).replace("\n", " "))


def _properties(values: dict[str, str], text: str, scopes: tuple[str, ...]) -> list[Property]:
    given = () if "itemscope" in values else (values.get(name) for name in ("content", "datetime", "href", "src"))
    value = next(filter(None, given), text)
    if not value or len(value) > MAX_PROPERTY_CHARS:
        return []
    return [Property(name, value, scopes) for name in values["itemprop"].split() if name != "articleBody"]


class _Scopes:
    """The types of the items around any place of a page."""

    def __init__(self, events: list[tuple[int, dict[str, str] | None]]) -> None:
        self.items: list[tuple[int, int, str]] = []  # where each begins and ends, and its type
        opened: list[int] = []
        for order, values in events:
            if values is None:
                place = opened.pop()
                self.items[place] = (self.items[place][0], order, self.items[place][2])
            else:
                opened.append(len(self.items))
                self.items.append((order, order, values.get("itemtype", "").rsplit("/", 1)[-1]))

    def around(self, order: int) -> tuple[str, ...]:
        """Give the types of the items that have begun before this place and end after it, innermost last."""
        return tuple(kind for begun, ended, kind in self.items if begun < order < ended)
