"""How does an HTML page become a Document? Lexbor parses it as a browser would and writes it out again; one pass over that writing, which
is well-formed by construction, collects blocks, metadata and marks. What the text means is left to others.

Asking lexbor's tree node by node costs a Python object a node and takes a tenth longer; nothing here recurses, since pages nest deep.
"""

import html
import re
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser

from scraper.extract.document import Block, Document, Element, Mark, Property, Script
from scraper.extract.repair import safe_markup

__all__ = ["walk_html"]

# Elements whose text a reader does not read as text; lexbor takes them out, children and all.
REMOVED = (
    "script style noscript svg template iframe object embed canvas audio video map math meter progress select datalist button textarea "
    "input noembed noframes xmp plaintext"
).split()
BLOCK_TAGS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form frameset "
    "h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
VOID = frozenset("area base br col hr img link meta param source track wbr".split())
# One tag of lexbor's writing: quotes and angle brackets inside attribute values are written as entities.
TAG = re.compile(r"<(/?[a-zA-Z][^\s>/]*)([^>]*)>")
COMMENT = re.compile(r"<!--.*?-->|<!doctype[^>]*>", re.DOTALL | re.IGNORECASE)
ATTRIBUTE = re.compile(r' ([^\s=">]+)(?:="([^"]*)")?')
HINT = re.compile(r' (?:class|id|role|itemprop|rel|data-testid|data-component)="([^"]+)"')
MARKED = re.compile(
    r"author|byline|by-line|by_line|writer|reporter|creator|contributor|credit|auteur|autor|forfatter|journalist|firma|date|time|publi|posted|"
    r"updated|datum|fecha|stamp",
)
MARKED_TAGS = frozenset(("time", "address"))
HIDDEN = re.compile(r' hidden(?:=| |$)| aria-hidden="true"| style="[^"]*(?:display\s*:\s*none|visibility\s*:\s*hidden)', re.IGNORECASE)
DATA_SCRIPT = re.compile(r"ld\+json|application/json", re.IGNORECASE)
STATE_SCRIPT = re.compile(r"__NEXT_DATA__|__NUXT|__INITIAL_STATE__|__PRELOADED_STATE__|__APOLLO_STATE__|Fusion\.globalContent")
LINE_BREAK = "\x02"  # stands for <br> while a block is collected; str.split() leaves it alone
UNSEEN = re.compile("[\u00ad\u200b\u200c\u200e\u200f\u2060\ufeff\x00\x01]+")
# A mark is a short label, and there are few of them: bounds that keep a hostile page linear.
MAX_MARK_CHARS, MAX_MARKS, MAX_OPEN_MARKS, MAX_PROPERTY_CHARS = 400, 300, 4, 1600
MAX_SCRIPT_CHARS, STATE_HEAD_CHARS = 3_000_000, 2000
BLOCK, LINK, STRONG, SCOPE, MARK = (1 << bit for bit in range(5))


def walk_html(text: str) -> Document:
    """Parse HTML and collect its blocks, metadata and marks in document order. Any text is accepted."""
    tree = LexborHTMLParser(safe_markup(text))
    walker = _Walker()
    walker.read_scripts(tree)
    tree.strip_tags(REMOVED)
    walker.run(COMMENT.sub("", tree.html or ""))
    return walker.document()


class _Name(NamedTuple):
    """What an element's attributes say, read once for all elements of a page that have the same."""

    hint: str
    hidden: bool
    marked: bool
    witness: bool


class _Frame:
    """A block-level element that is open. Its place among the elements is given once it holds text: half of a page's never do."""

    __slots__ = ("attributes", "index", "tag")

    def __init__(self, tag: str, attributes: str) -> None:
        self.tag = tag
        self.attributes = attributes
        self.index = -1


class _Open(NamedTuple):
    """A mark or property whose element is open: where its text begins."""

    tag: str
    hint: str
    values: dict[str, str]
    block: int
    piece: int
    marked: bool


class _Walker:
    """The state of one walk; made, run and thrown away in `walk_html`."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.elements: list[Element] = []
        self.marks: list[Mark] = []
        self.metas: list[tuple[str, str]] = []
        self.links: list[tuple[str, str, str]] = []
        self.properties: list[Property] = []
        self.scripts: list[Script] = []
        self.has_scripts = False
        self.title: str | None = None
        self.language: str | None = None
        self.names: dict[str, _Name] = {}
        self.frames: list[_Frame] = []
        self.scopes: list[str] = []
        self.opened: list[_Open] = []
        self.in_link = self.in_strong = self.images = 0
        self.buffer: list[str] = []
        self.link_chars = self.strong_chars = self.link_count = 0

    def document(self) -> Document:
        return Document(
            blocks=tuple(self.blocks),
            elements=tuple(self.elements),
            marks=tuple(sorted(self.marks, key=lambda mark: mark.block)),
            metas=tuple(self.metas),
            links=tuple(self.links),
            properties=tuple(self.properties),
            scripts=tuple(self.scripts),
            title=self.title,
            language=self.language,
            has_scripts=self.has_scripts,
        )

    def read_scripts(self, tree: LexborHTMLParser) -> None:
        """Keep the scripts that hold data, before all scripts are taken out of the tree."""
        for node in tree.css("script"):
            self.has_scripts = True
            attributes = node.attributes
            if "src" in attributes:
                continue
            text = node.text(deep=True)
            kind = attributes.get("type") or ""
            if DATA_SCRIPT.search(kind):
                kind = attributes.get("id") or kind.strip().lower()
            else:
                state = STATE_SCRIPT.search(text, 0, STATE_HEAD_CHARS)
                if state is None:
                    continue
                kind = state.group()
            if len(text) <= MAX_SCRIPT_CHARS:
                self.scripts.append(Script(kind, text))

    def run(self, written: str) -> None:
        """Read the page's writing from tag to tag."""
        parts = TAG.split(written)
        stack: list[int] = []
        for tag, attributes, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
            if tag[0] == "/":
                undo = stack.pop() if stack else 0
                if undo:
                    self._leave(undo)
            elif tag in VOID:
                self._void(tag, attributes)
            else:
                stack.append(self._enter(tag, attributes, text))
            if text and tag != "title":
                self._text(text)
        self._flush()

    def _text(self, text: str) -> None:
        if text.isspace():
            if self.buffer:
                self.buffer.append(" ")
            return
        self.buffer.append(text)
        if self.in_link:
            self.link_chars += len(text)
        if self.in_strong:
            self.strong_chars += len(text)

    def _flush(self) -> None:
        """End the block that is being collected; white space alone makes none."""
        buffer = self.buffer
        if buffer:
            text = buffer[0] if len(buffer) == 1 else "".join(buffer)
            text = _clean(text) if LINE_BREAK in text or not text.isascii() or "&" in text else " ".join(text.split())
            if text:
                index = self._element()
                tag = self.frames[-1].tag if index >= 0 else "body"
                self.blocks.append(Block(text, index, tag, self.link_chars, self.link_count, self.strong_chars, self.images))
                self.images = 0
            self.buffer = []
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
            name = self.names.get(frame.attributes) or self._name(frame.attributes)
            hidden = name.hidden or (parent >= 0 and self.elements[parent].hidden)
            self.elements.append(Element(frame.tag, parent, depth, name.hint, hidden))
            parent = frame.index = len(self.elements) - 1
        return parent

    # -- elements; `_enter` returns as bits what `_leave` must undo

    def _enter(self, tag: str, attributes: str, text: str) -> int:
        undo = 0
        if tag in BLOCK_TAGS or "-" in tag:  # a custom element is inline by default, and yet every site sets it as a block
            if self.buffer:
                self._flush()
            self.frames.append(_Frame(tag, attributes))
            undo = BLOCK
        elif tag == "a":
            self.in_link += 1
            self.link_count += 1
            undo = LINK
        elif tag in ("b", "strong"):
            self.in_strong += 1
            undo = STRONG
        elif tag == "title" and self.title is None:
            self.title = " ".join(html.unescape(text).split()) or None
        name = self.names.get(attributes) or self._name(attributes)
        if name.witness or tag in MARKED_TAGS or tag == "html":
            undo |= self._witness(tag, attributes, name)
        return undo

    def _leave(self, undo: int) -> None:
        if undo & MARK:
            self._close(self.opened.pop())
        if undo & BLOCK:
            if self.buffer:
                self._flush()
            self.frames.pop()
        if undo & LINK:
            self.in_link -= 1
        if undo & STRONG:
            self.in_strong -= 1
        if undo & SCOPE:
            self.scopes.pop()

    def _name(self, attributes: str) -> _Name:
        hint = " ".join(HINT.findall(attributes)).lower() if attributes else ""
        if "&" in hint:
            hint = html.unescape(hint)
        marked = bool(hint) and MARKED.search(hint) is not None
        hidden = ("hidden" in attributes or "style" in attributes) and HIDDEN.search(attributes) is not None
        name = _Name(hint, hidden, marked, marked or "itemprop" in attributes or "itemscope" in attributes)
        self.names[attributes] = name
        return name

    def _void(self, tag: str, attributes: str) -> None:
        if tag == "br":
            if self._ends_with_break():
                self._flush()
            else:
                self.buffer.append(LINE_BREAK)
        elif tag == "img":
            self.images += 1
        elif tag == "hr":
            self._flush()
        elif tag == "meta":
            self._meta(_values(attributes))
        elif tag == "link":
            values = _values(attributes)
            self.links.append((values.get("rel", "").lower(), values.get("href", ""), values.get("type", "")))
            self._property(values, "")

    def _ends_with_break(self) -> bool:
        """Say whether only white space stands between this <br> and the one before it: an empty line, and so a new paragraph."""
        for piece in reversed(self.buffer):
            if piece == LINE_BREAK:
                return True
            if not piece.isspace():
                return False
        return False

    def _meta(self, values: dict[str, str]) -> None:
        content = values.get("content")
        if content is None:
            return
        for key in ("property", "name", "itemprop", "http-equiv"):
            name = values.get(key)
            if name:
                self.metas.append((name.strip().lower(), content))
        self._property(values, "")

    # -- what elements witness: language, microdata, marks of authors and dates

    def _witness(self, tag: str, attributes: str, name: _Name) -> int:
        values = _values(attributes)
        if tag == "html":
            self.language = values.get("lang") or values.get("xml:lang")
        undo = 0
        if "itemscope" in values:
            self.scopes.append(values.get("itemtype", "").rsplit("/", 1)[-1])
            undo = SCOPE
        marked = name.marked or tag in MARKED_TAGS
        if (
            (marked or "itemprop" in values)
            and len(self.opened) < MAX_OPEN_MARKS
            and len(self.marks) + len(self.properties) < 2 * MAX_MARKS
        ):
            self.opened.append(_Open(tag, name.hint, values, len(self.blocks), len(self.buffer), marked))
            undo |= MARK
        return undo

    def _close(self, opened: _Open) -> None:
        """Take down the text of a mark or property whose element ends here."""
        values = opened.values
        text = self._text_since(opened)
        if opened.marked and text and len(text) <= MAX_MARK_CHARS:
            value = values.get("datetime") or values.get("content") or values.get("title") or ""
            self.marks.append(Mark(text, opened.tag, opened.hint, value, opened.block))
        self._property(values, text)

    def _text_since(self, opened: _Open) -> str:
        if len(self.blocks) == opened.block:
            pieces = self.buffer[opened.piece :]
        else:
            size, pieces = 0, []
            for block in self.blocks[opened.block :]:
                size += len(block.text)
                if size > MAX_PROPERTY_CHARS:
                    return ""
                pieces.append(block.text)
            pieces += self.buffer
        return _clean(" ".join(pieces).replace(LINE_BREAK, " "))

    def _property(self, values: dict[str, str], text: str) -> None:
        names = values.get("itemprop")
        if not names:
            return
        scoped = "itemscope" in values
        value = "" if scoped else values.get("content") or values.get("datetime") or values.get("href") or values.get("src") or ""
        value = value or text
        scopes = tuple(self.scopes[:-1] if scoped else self.scopes)
        if value and len(value) <= MAX_PROPERTY_CHARS:
            self.properties += [Property(name, value, scopes) for name in names.split() if name != "articleBody"]


def _clean(text: str) -> str:
    """Undo entities, drop what cannot be seen, and fold white space, keeping single line breaks."""
    if "&" in text:
        text = html.unescape(text)
    text = UNSEEN.sub("", text)
    if LINE_BREAK not in text:
        return " ".join(text.split())
    lines = (" ".join(line.split()) for line in text.split(LINE_BREAK))
    return "\n".join(line for line in lines if line)


def _values(attributes: str) -> dict[str, str]:
    """Read the attributes of one tag of lexbor's writing."""
    return {key.lower(): html.unescape(value) if "&" in value else value for key, value in ATTRIBUTE.findall(attributes)}
