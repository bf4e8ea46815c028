"""Why is a block of a page not in the body? In the words that a reader would use; the number behind them is what decided."""

from collections.abc import Mapping, Sequence
from typing import Final

from scraper.extract.document import Document
from scraper.extract.inner_loops import explain
from scraper.records import Dropped

__all__ = ["CHROME", "MAX_REASON_CHARS", "dropped_blocks"]

MAX_REASON_CHARS: Final = 300
# Of 7,915 such lines in the corpora 106 count as story in the truth, most of them promotions that were left in.
CHROME: Final = "a phrase that sites write around stories"
FRAMES: Final = ("nav", "footer", "aside", "form", "header")
SAID: Final = (
    # in the order of plain_reasons.py
    CHROME, "hidden", "mostly links", "no story here", "above the story", "below the story", "between the story's paragraphs",
    # what the tables below point to
    "a caption", "in the navigation", "in the footer", "in the aside", "in the form", "in the page header",
)  # fmt: skip
CAPTION: Final = SAID.index("a caption")
AROUND: Final = {tag: CAPTION + 1 + number for number, tag in enumerate(FRAMES)}
CAPTIONS: Final = {"figcaption": CAPTION, "caption": CAPTION}
WORDS: Final = (SAID, AROUND, CAPTIONS)


def dropped_blocks(
    document: Document, texts: Sequence[str], kept: Sequence[int], scores: Sequence[float], reasons: Mapping[int, str], chrome: bytes
) -> tuple[Dropped, ...]:
    """Give every block that is not kept, with the reason.

    `texts` are those of the blocks, `reasons` what is known of some already, and `chrome` says with a byte for each whether it is a phrase
    that sites write around stories.
    """
    layout = document.layout
    arrays = (layout.element, layout.link_chars, layout.parent, layout.hidden) if layout else None
    return explain(list(texts), tuple(kept), list(scores), dict(reasons), chrome, document.elements, arrays, WORDS, Dropped)
