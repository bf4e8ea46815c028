"""Which line sums the story up between headline and text? The description that the markup gives, where the page also shows it.

A description that no reader sees is written for search engines and is not the standfirst.
"""

from typing import Final

from scraper.extract.candidates import Found
from scraper.extract.document import Document
from scraper.extract.fields import Fields
from scraper.extract.plain import plain, saying

__all__ = ["standfirst"]

# The standfirst stands near the headline; within this many blocks before the body's first, or among its first two.
BEFORE: Final = 12
INSIDE: Final = 2
MIN_CHARS: Final = 25
MAX_CHARS: Final = 700


def standfirst(document: Document, found: Fields, span: tuple[int, int] | None) -> Found[str] | None:
    """Find the block that shows one of the page's descriptions."""
    if span is None or not found.standfirsts:
        return None
    low, high = max(0, span[0] - BEFORE), min(len(document.blocks), span[0] + INSIDE)
    texts = [block.text for block in document.blocks[low:high]]
    among = [index for index, text in enumerate(texts) if MIN_CHARS <= len(text) <= MAX_CHARS]
    for claim in found.standfirsts:
        shown = saying(texts, among, plain(claim.value))
        if shown:
            return Found(texts[shown[-1]], claim.signal)
    return None
