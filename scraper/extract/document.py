"""What does one page hold, once walked: its text as Blocks, and everything in it that witnesses for a field. Which of it is true, and
which blocks are the story, is left to the modules that read this.

A Block is a run of text that a reader sees as one paragraph, line or cell. HTML and plain text both become a `Document`, so that every
later step is written once. The values here are named tuples rather than frozen dataclasses: a page makes hundreds of them, and they cost
three quarters of the time to build.
"""

from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from scraper.extract.scanned import Scanned

    Ints: TypeAlias = npt.NDArray[np.int32]

__all__ = ["ROWS", "Block", "Document", "Element", "Layout", "Mark", "Property", "Rows", "Script"]


class Element(NamedTuple):
    """A block-level element. `parent` is an index into `Document.elements`, -1 at the root; `hint` is its class, id, role and itemprop."""

    tag: str
    parent: int
    depth: int
    hint: str
    hidden: bool


class Block(NamedTuple):
    """One run of text. `element` is the innermost block-level element around it; `link_chars` of its characters stand in links."""

    text: str
    element: int
    tag: str
    link_chars: int = 0
    links: int = 0
    strong_chars: int = 0
    images_before: int = 0


class Mark(NamedTuple):
    """The text of an element whose tag, class, rel or itemprop speaks of an author or a date. `block` is the block it begins in."""

    text: str
    tag: str
    hint: str
    value: str
    block: int


# What a scan makes.
Rows = tuple[type[Block], type[Element], type[Mark]]
ROWS: Final[Rows] = (Block, Element, Mark)


class Property(NamedTuple):
    """One microdata or RDFa property: its name, its value and the types of the items around it, innermost last."""

    name: str
    value: str
    scopes: tuple[str, ...]


class Script(NamedTuple):
    """A script that holds data: JSON-LD or a page's embedded state. `kind` is its type, or its id where it has one."""

    kind: str
    text: str


class Layout(NamedTuple):
    """The numbers of a page's blocks and elements as arrays, for whoever measures all of them at once.

    One a block: the same figures as in `Block`. One an element: the same as in `Element`, and the blocks it holds, from `first` to before
    `end`.
    """

    element: "Ints"
    link_chars: "Ints"
    links: "Ints"
    strong_chars: "Ints"
    images: "Ints"
    parent: "Ints"
    depth: "Ints"
    hidden: "Ints"
    first: "Ints"
    end: "Ints"

    @classmethod
    def of(cls, found: "Scanned") -> "Layout":
        """Read the numbers of a scan."""
        import numpy as np  # 0.1 s that plain text and most commands need not wait for

        return cls(*(np.frombuffer(found[field], dtype=np.int32) for field in cls._fields))  # type: ignore[literal-required]

    def head(self, count: int) -> "Layout":
        """Give the layout of the first blocks, this many."""
        blocks = {name: getattr(self, name)[:count] for name in ("element", "link_chars", "links", "strong_chars", "images")}
        return self._replace(**blocks, first=self.first.clip(max=count), end=self.end.clip(max=count))


class Document(NamedTuple):
    """A page, walked once. `metas` are (name, content) pairs with lower-case names, in document order; `links` are (rel, href, type).

    `layout` is there when the page was markup; `headings` are the elements that are headings of the first four levels. `inside` are the
    blocks that may be story by the source's own rule, if it has one and the page has such a place.
    """

    blocks: tuple[Block, ...]
    elements: tuple[Element, ...] = ()
    marks: tuple[Mark, ...] = ()
    metas: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str, str], ...] = ()
    properties: tuple[Property, ...] = ()
    scripts: tuple[Script, ...] = ()
    title: str | None = None
    language: str | None = None
    has_scripts: bool = False
    is_html: bool = True
    layout: Layout | None = None
    headings: tuple[int, ...] = ()
    inside: frozenset[int] | None = None

    def head(self, count: int) -> "Document":
        """Give the document of the first blocks, this many; its elements stay."""
        return self._replace(blocks=self.blocks[:count], layout=self.layout.head(count) if self.layout else None)

    def meta(self, *names: str) -> str | None:
        """Give the first non-empty content among these meta names, in the order of the names."""
        for name in names:
            for key, content in self.metas:
                if key == name and content.strip():
                    return content.strip()
        return None
