"""How is lexbor's writing of a page scanned where no compiler built the scanner? From tag to tag, in Python; that writing is well-formed by
construction.

`_speedups.c` says the same in C, many times as fast, and tests/test_speedups.py holds the two to one answer; what is collected and why
stands here. Nothing recurses, since pages nest deep.
"""

import re
from array import array
from collections.abc import Callable
from typing import NamedTuple

from scraper.extract.document import Block, Element, Mark, Rows
from scraper.extract.plain_heads import Head, Span, language_of, links_of, metas_of, scripts_of
from scraper.extract.scanned import HINTING, LINE_BREAK, MARKING, Scanned, Witness

__all__ = ["scan"]

BLOCK_TAGS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form frameset "
    "h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li main menu nav ol p pre section summary table tbody "
    "td tfoot th thead tr ul".split()
)
VOID = frozenset("area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr".split())
SPANS = re.compile(rb"<!--.*?-->|<[!?][^>]*>|<(script|title)((?: [^>]*)?)>(.*?)</\1>", re.DOTALL | re.IGNORECASE)
# One tag of lexbor's writing: quotes and angle brackets inside attribute values are written as entities.
TAG = re.compile(r"<(/?[a-zA-Z][^\s>/]*)([^>]*)>")
ATTRIBUTE = re.compile(r"""([^\s=">/][^\s=">]*)(?:="([^"]*)")?""")
ENTITY = re.compile("&[a-zA-Z0-9#]{1,11};")
MARKED = re.compile("|".join(MARKING))
MARKED_TAGS = frozenset(("time", "address"))
HEADINGS = frozenset(("h1", "h2", "h3", "h4"))
NOT_SEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# A mark is a short label, and there are few of them: bounds that keep a hostile page linear.
MAX_OPEN_MARKS, MAX_WITNESSES, MAX_MARK_BYTES, MAX_SCOPES = 4, 600, 8000, 5000
MAX_MARK_CHARS, MAX_PROPERTY_CHARS = 400, 1600
BLOCK_FIELDS = ("element", "link_chars", "links", "strong_chars", "images")
ELEMENT_FIELDS = ("parent", "depth", "hidden", "first", "end")
HIDDEN, END = 2, 4  # places among the columns of elements
BLOCK, LINK, STRONG, SCOPE, MARK = (1 << bit for bit in range(5))


def scan(
    page: bytes,
    written: bool,
    cleaner: Callable[[str], str],
    unescape: Callable[[str], str],
    rows: Rows,
    /,
) -> Scanned | None:
    """Scan a page as lexbor wrote it; see `scanned`."""
    if not written:
        return None
    block, element, mark = rows
    found = _Scan(cleaner, unescape, mark)
    found.run(page)
    return found.result(page, block, element)


class _Name(NamedTuple):
    """What an element's attributes say, read once for all elements of a page that have the same."""

    hint: str
    hidden: bool
    marked: bool
    property: bool
    scope: bool
    values: dict[str, str]


class _Frame:
    """A block-level element that is open. Its place among the elements is given once it holds text: half of a page's never do."""

    __slots__ = ("index", "name", "tag")

    def __init__(self, tag: str, name: _Name) -> None:
        self.tag = tag
        self.name = name
        self.index = -1


class _Open(NamedTuple):
    """A mark or property whose element is open: where its text begins."""

    tag: str
    values: dict[str, str]
    block: int
    piece: int
    order: int
    marked: bool
    property: bool


class _Scan:
    """The state of one scan; made, run and thrown away in `scan`."""

    def __init__(self, cleaner: Callable[[str], str], unescape: Callable[[str], str], mark: type[Mark]) -> None:
        self.cleaner = cleaner
        self.unescape = unescape
        self.mark = mark
        self.marks: list[Mark] = []
        self.block_columns = [array("i") for _ in BLOCK_FIELDS]
        self.element_columns = [array("i") for _ in ELEMENT_FIELDS]
        self.texts: list[str] = []
        self.names: list[str] = []
        self.hints: list[str] = []
        self.heads: list[Head] = []
        self.spans: list[Span] = []
        self.witnesses: list[Witness] = []
        self.scopes: list[tuple[int, str | None]] = []
        self.known: dict[str, _Name] = {}
        self.frames: list[_Frame] = []
        self.opened: list[_Open] = []
        self.in_link = self.in_strong = self.image_count = self.order = self.witness_count = self.scope_count = 0
        self.buffer: list[str] = []
        self.after_break = False
        self.link_chars = self.strong_chars = self.link_count = 0

    def result(self, page: bytes, block: type[Block], element: type[Element]) -> Scanned:
        """Put together what was collected."""
        columns = dict(zip((*BLOCK_FIELDS, *ELEMENT_FIELDS), (*self.block_columns, *self.element_columns), strict=True))
        places, *numbers = self.block_columns
        tags = [self.names[place] if place >= 0 else "body" for place in places]
        parents, depths, hidden, *_ = self.element_columns
        rows = zip(self.names, parents, depths, self.hints, map(bool, hidden), strict=True)
        found: Scanned = Scanned(
            blocks=tuple(map(block._make, zip(self.texts, places, tags, *numbers, strict=True))),
            elements=tuple(map(element._make, rows)),
            metas=metas_of(self.heads),
            links_to=links_of(self.heads),
            language=language_of(self.heads),
            heads=[(order, values) for _, order, values in self.heads if "itemprop" in values],
            scripts=scripts_of(page, self.spans),
            has_scripts=any(name == "script" for name, *_ in self.spans),
            titles=[(start, end) for name, _, start, end in self.spans if name == "title"],
            witnesses=self.witnesses,
            marks=self.marks,
            scopes=self.scopes,
            headings=array("i", [place for place, name in enumerate(self.names) if name in HEADINGS]),
            **columns,  # type: ignore[typeddict-item]
        )
        return found

    def run(self, page: bytes) -> None:
        """Read the page's writing from tag to tag."""
        for span in SPANS.finditer(page):
            if span[1]:
                values = self._values(span[2].decode("utf-8", "replace"))
                self.spans.append((span[1].decode().lower(), values, *span.span(3)))
        parts = TAG.split(SPANS.sub(b"<wbr>", page).decode("utf-8", "replace"))
        if parts[0]:
            self._text(parts[0])
        stack: list[tuple[str, int]] = []
        for tag, attributes, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
            name = tag.lower()
            if name[0] == "/":
                self._end(stack, name[1:])
            elif name in VOID:
                self._void(name, attributes)
            else:
                stack.append((name, self._enter(name, self.known.get(attributes) or self._name(attributes))))
            if text:
                self._text(text)
        while stack:
            self._leave(stack.pop()[1])
        self._flush()

    def _end(self, stack: list[tuple[str, int]], name: str) -> None:
        if all(opened != name for opened, _ in reversed(stack)):
            return
        while True:
            opened, undo = stack.pop()
            self._leave(undo)
            if opened == name:
                return

    def _text(self, text: str) -> None:
        if text.isspace():
            if self.buffer:
                self.buffer.append(" ")
            return
        self.buffer.append(text)
        self.after_break = False
        if self.in_link or self.in_strong:
            chars = len(ENTITY.sub("&", text))
            self.link_chars += chars if self.in_link else 0
            self.strong_chars += chars if self.in_strong else 0

    def _flush(self) -> None:
        """End the run that is being collected; white space alone makes no block."""
        if self.buffer:
            text = self.cleaner("".join(self.buffer))
            if text:
                element = self._element()
                self.texts.append(text)
                row = (element, self.link_chars, self.link_count, self.strong_chars, self.image_count)
                for column, number in zip(self.block_columns, row, strict=True):
                    column.append(number)
                self.image_count = 0
            self.buffer = []
        self.after_break = False
        self.link_chars = self.strong_chars = self.link_count = 0

    def _element(self) -> int:
        """Give the innermost open element its place among the elements, and those around it before it."""
        frames = self.frames
        known = len(frames)
        while known and frames[known - 1].index < 0:
            known -= 1
        parent = frames[known - 1].index if known else -1
        for depth in range(known, len(frames)):
            frame = frames[depth]
            hidden = frame.name.hidden or (parent >= 0 and bool(self.element_columns[HIDDEN][parent]))
            row = (parent, depth, int(hidden), len(self.texts), 0)
            parent = frame.index = len(self.names)
            self.names.append(frame.tag)
            self.hints.append(frame.name.hint)
            for column, number in zip(self.element_columns, row, strict=True):
                column.append(number)
        return parent

    # -- elements; `_enter` returns as bits what `_leave` must undo

    def _enter(self, tag: str, name: _Name) -> int:
        undo = 0
        if tag in BLOCK_TAGS or "-" in tag:  # a custom element is inline by default, and yet every site sets it as a block
            if self.buffer:
                self._flush()
            self.frames.append(_Frame(tag, name))
            undo = BLOCK
        elif tag == "a":
            self.in_link += 1
            self.link_count += 1
            undo = LINK
        elif tag in ("b", "strong"):
            self.in_strong += 1
            undo = STRONG
        if tag == "html":
            self.heads.append((tag, self.order, name.values))
        marked = name.marked or tag in MARKED_TAGS
        if marked or name.property or name.scope:
            undo |= self._witness(tag, name, marked)
        return undo

    def _witness(self, tag: str, name: _Name, marked: bool) -> int:
        undo = 0
        self.order += 1
        if name.scope and self.scope_count < MAX_SCOPES:
            self.scope_count += 1
            self.scopes.append((self.order, name.values.get("itemtype", "")))
            undo = SCOPE
        if (marked or name.property) and len(self.opened) < MAX_OPEN_MARKS and self.witness_count < MAX_WITNESSES:
            self.witness_count += 1
            self.opened.append(_Open(tag, name.values, len(self.texts), len(self.buffer), self.order, marked, name.property))
            undo |= MARK
        return undo

    def _leave(self, undo: int) -> None:
        if undo & MARK:
            self.order += 1
            self._close(self.opened.pop())
        if undo & BLOCK:
            if self.buffer:
                self._flush()
            frame = self.frames.pop()
            if frame.index >= 0:
                self.element_columns[END][frame.index] = len(self.texts)
        if undo & LINK:
            self.in_link -= 1
        if undo & STRONG:
            self.in_strong -= 1
        if undo & SCOPE:
            self.order += 1
            self.scopes.append((self.order, None))

    def _close(self, opened: _Open) -> None:
        """Take down a mark or property whose element ends here."""
        text, values = self._text_of(opened), opened.values
        if opened.property:
            self.witnesses.append((values, text, opened.order, self.order))
        if opened.marked and text and len(text) <= MAX_MARK_CHARS:
            hint = " ".join(value for key, value in values.items() if key in HINTING and value).lower()
            value = values.get("datetime") or values.get("content") or values.get("title") or ""
            self.marks.append(self.mark(text, opened.tag, hint, value, opened.block))

    def _text_of(self, opened: _Open) -> str:
        """Give what was collected since a mark or property began, and the blocks that ended since; nothing where that is long."""
        ended = self.texts[opened.block :]
        rest = " ".join(self.buffer[0 if ended else opened.piece :])
        if len(rest.encode()) > MAX_MARK_BYTES or sum(map(len, ended)) > MAX_PROPERTY_CHARS:
            return ""
        return self.cleaner(" ".join((*ended, rest)).replace(LINE_BREAK, " ").replace("\n", " "))

    def _name(self, attributes: str) -> _Name:
        values = self._values(attributes) if attributes else {}
        hinting = [value for name, value in values.items() if name in HINTING and value]
        hidden = "hidden" in values or values.get("aria-hidden") == "true" or NOT_SEEN.search(values.get("style", "")) is not None
        name = _Name(
            hint=" ".join(hinting).lower(),
            hidden=hidden,
            marked=any(MARKED.search(value.lower()) for value in hinting),
            property=bool(values.get("itemprop")),
            scope="itemscope" in values,
            values=values,
        )
        self.known[attributes] = name
        return name

    def _values(self, attributes: str) -> dict[str, str]:
        """Read the attributes of one tag; of two with one name the first counts, as in HTML."""
        values: dict[str, str] = {}
        for name, value in ATTRIBUTE.findall(attributes):
            values.setdefault(name.lower()[:64], self.unescape(value) if "&" in value else value)
        return values

    def _void(self, tag: str, attributes: str) -> None:
        if tag == "br":
            if self.after_break:
                self._flush()
            else:
                self.after_break = True
                self.buffer.append(LINE_BREAK)
        elif tag == "hr":
            self._flush()
        elif tag == "img":
            self.image_count += 1
        elif tag in ("meta", "link"):
            self.order += 1
            self.heads.append((tag, self.order, self._values(attributes)))
