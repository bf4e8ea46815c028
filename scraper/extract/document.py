"""What does one page hold, once walked: its text as Blocks, and everything in it that witnesses for a field. Which of it is true, and
which blocks are the story, is left to the modules that read this.

A Block is a run of text that a reader sees as one paragraph, line or cell. HTML and plain text both become a `Document`, so that every
later step is written once. The values here are named tuples rather than frozen dataclasses: a page makes hundreds of them, and they cost
three quarters of the time to build.
"""

from typing import NamedTuple

__all__ = ["Block", "Document", "Element", "Mark", "Property", "Script"]


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


class Property(NamedTuple):
    """One microdata or RDFa property: its name, its value and the types of the items around it, innermost last."""

    name: str
    value: str
    scopes: tuple[str, ...]


class Script(NamedTuple):
    """A script that holds data: JSON-LD or a page's embedded state. `kind` is its type, or its id where it has one."""

    kind: str
    text: str


class Document(NamedTuple):
    """A page, walked once. `metas` are (name, content) pairs with lower-case names, in document order; `links` are (rel, href, type)."""

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

    def meta(self, *names: str) -> str | None:
        """Give the first non-empty content among these meta names, in the order of the names."""
        for name in names:
            for key, content in self.metas:
                if key == name and content.strip():
                    return content.strip()
        return None
