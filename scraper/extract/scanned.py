"""What does one scan of a page's tags give? The contract that the compiled scanner and the one in Python share.

scan(page, written, cleaner, unescape, ROWS) reads a page's UTF-8 bytes. `written` says that a parser wrote them: ends that
match nothing are passed over. Otherwise what HTML leaves unwritten is found as a parser finds it, and the answer is None where that takes a
parser.
"""

import re
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from scraper.decode import unescape

if TYPE_CHECKING:
    from array import array

    from scraper.extract.document import Block, Element, Mark

__all__ = ["HINTING", "MARKING", "Scanned", "Witness", "clean"]

# The attributes that make an element's hint, and what such a value holds where the element is a mark of an author or a date.
HINTING = ("class", "id", "role", "itemprop", "rel", "data-testid", "data-component")
MARKING = (
    "author byline by-line by_line writer reporter creator contributor credit auteur autor forfatter journalist firma date time publi "
    "posted updated datum fecha stamp username submitted"
).split()
UNSEEN = re.compile("[\u00ad\u200b\u200c\u200e\u200f\u2060\ufeff\x00\x01]+")
LINE_BREAK = "\x02"  # stands for <br> while a run is collected; str.split() leaves it alone

# A property's attributes, the text of its element (empty if too long), and the order of its two tags.
Witness = tuple[dict[str, str], str, int, int]
Numbers: TypeAlias = "bytes | array[int]"  # 32-bit integers


class Scanned(TypedDict):
    """What a scan collects, in document order. Names of elements are in lower case, values of attributes without entities."""

    blocks: "tuple[Block, ...]"
    elements: "tuple[Element, ...]"  # those that hold text
    metas: list[tuple[str, str]]  # name in lower case, content
    links_to: list[tuple[str, str, str]]  # rel in lower case, address, type
    language: str | None
    heads: list[tuple[int, dict[str, str]]]  # html, meta and link that are properties: order, attributes
    scripts: list[tuple[str, str]]  # those that hold data: id, type or state's name, and their text
    has_scripts: bool
    titles: list[tuple[int, int]]  # where in the page a title's inside begins and ends
    witnesses: list[Witness]  # in the order in which their elements end, as are the marks
    marks: "list[Mark]"
    scopes: list[tuple[int, str | None]]  # where an item begins, with its type, and where it ends
    # one number a block
    element: Numbers
    link_chars: Numbers
    links: Numbers
    strong_chars: Numbers
    images: Numbers
    # one number an element that holds text
    parent: Numbers
    depth: Numbers
    hidden: Numbers
    first: Numbers
    end: Numbers
    headings: Numbers  # the elements that are headings of the first four levels


def clean(text: str) -> str:
    """Undo entities, drop what cannot be seen, and fold white space, keeping single line breaks."""
    if "&" in text:
        text = unescape(text)
    text = UNSEEN.sub("", text)
    if LINE_BREAK not in text:
        return " ".join(text.split())
    lines = (" ".join(line.split()) for line in text.split(LINE_BREAK))
    return "\n".join(line for line in lines if line)
