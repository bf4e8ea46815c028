"""What is counted on a whole page where no compiler built the inner loops? The compiled way gives the same."""

from collections.abc import Mapping
from typing import NamedTuple

from scraper.extract.document import Block, Element

__all__ = ["Tally", "tally"]

TEASER, LINKED = 30, 0.8
LINE_CHARS = 24
MONEY = frozenset("$€£¥₹")
# Bounds that keep a large page cheap: the median page of the corpora has 3,600 characters of distinct class names.
MAX_HINTS, MAX_CLASS_CHARS = 300, 3000


class Tally(NamedTuple):
    """Characters of the page and of its story, those in links of each; lines that are headlines of other pages, short ones; signs of money.

    `lines` and `names` are the words of two tables that stand there as short lines, and in class names, each once.
    """

    chars: int
    linked: int
    story: int
    story_links: int
    teasers: int
    shorts: int
    prices: int
    lines: list[str]
    names: list[str]


def tally(
    blocks: tuple[Block, ...],
    elements: tuple[Element, ...],
    kept: tuple[int, ...],
    lines: Mapping[str, object],
    names: Mapping[str, object],
    /,
) -> Tally:
    """Count what stands on a page whose story are the blocks `kept`, and find the words of two tables."""
    chars = [len(block.text) for block in blocks]
    links = [min(block.link_chars, size) for block, size in zip(blocks, chars, strict=True)]
    said = {block.text.lower() for block in blocks if len(block.text) <= LINE_CHARS}
    hints = " ".join({element.hint: None for element in elements[:MAX_HINTS]})[:MAX_CLASS_CHARS]
    called = set(hints.replace("-", " ").replace("_", " ").split())
    return Tally(
        sum(chars),
        sum(links),
        sum([chars[index] for index in kept]),
        sum([links[index] for index in kept]),
        sum(size >= TEASER and link >= LINKED * size for size, link in zip(chars, links, strict=True)),
        sum(size <= LINE_CHARS for size in chars),
        sum(char in MONEY for block in blocks for char in block.text),
        [word for word in lines if word in said],
        [word for word in names if word in called],
    )
