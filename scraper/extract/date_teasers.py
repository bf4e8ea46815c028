"""Which dates above a headline are those of other stories? A box of teasers has several, each beside the link of one."""

from scraper.extract.document import Document
from scraper.extract.glance import DATEISH
from scraper.extract.inner_loops import figures

__all__ = ["teasers"]

# How many blocks above the headline such a box may begin, how long its dates' lines may be, and how long a link that leads to a story.
REACH, LINE_CHARS, LINK_CHARS, LINKED = 30, 220, 30, 0.8
NONE: frozenset[int] = frozenset()


def teasers(document: Document, top: int) -> frozenset[int]:
    """Give the blocks of such dates. One alone may be the story's own, below its way (`Home > World > Harbour opens`)."""
    blocks, found = document.blocks, []
    for index in range(max(0, top - REACH), min(top, len(blocks))):
        text = blocks[index].text
        if len(text) <= LINE_CHARS and figures(text) & DATEISH and _is_led_to(document, index, top):
            found.append(index)
    return frozenset(found) if len(found) > 1 else NONE


def _is_led_to(document: Document, index: int, top: int) -> bool:
    blocks = document.blocks
    beside = (blocks[near] for near in (index - 1, index + 1) if 0 <= near < min(top, len(blocks)))
    return any(block.links == 1 and block.link_chars >= max(LINK_CHARS, LINKED * len(block.text)) for block in beside)
