"""Which blocks are the entries of a live blog? Each with its time, in the order of the page, below the story they belong to.

Asked only of a page that says it is a live blog. Its entries are elements of one kind, side by side, each with a time and text of its own;
a model that looks for one story takes them for other stories, and their times for chrome.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Final, NamedTuple

from scraper.extract.body import MAX_REASON_CHARS, Body
from scraper.extract.document import Block, Document
from scraper.extract.paths import Paths
from scraper.extract.phrases import phrase_kind
from scraper.records import Dropped

__all__ = ["says_live", "with_entries"]

LIVE: Final = re.compile(
    r"\blive\s?(?:blog|ticker|updates?|coverage)\b|liveblog|en directo|en direct\b|newsticker|minuto a minuto|as it happened", re.IGNORECASE
)
LIVE_SIGNS: Final = ("live", "en direct", "newsticker", "minuto a minuto", "as it happened")  # what is in all that it finds
ODD_CASES: Final = frozenset("ıİſ")  # letters that a pattern takes for i and s where it minds no case, and lower() does not
LIVE_TYPE: Final = "LiveBlogPosting"
CLOCK: Final = re.compile(r"(?<![\d.:])(?:[01]?\d|2[0-3])\s?[:.h]\s?[0-5]\d(?![\d.:]\d)")
FEWEST_ENTRIES, TIME_CHARS, ENTRY_CHARS, LINKED = 3, 60, 40, 0.6
HEADS: Final = frozenset(("h2", "h3", "h4", "h5", "h6"))
CAPTIONS: Final = frozenset(("figcaption", "caption"))
OTHERS: Final = re.compile(r"comment|disqus|reply|related|recommend|most-?read|sidebar")
BELOW: Final = "below the last entry of the live blog"
LINE_CHARS: Final = 25  # a shorter line that is no head, time or paragraph is a button


class _Entry(NamedTuple):
    """The blocks of one entry that are told, and how much text they hold."""

    blocks: tuple[int, ...]
    chars: int


def says_live(headline: str | None, types: Sequence[str]) -> bool:
    """Say whether a page calls itself a live blog, by its headline or its markup."""
    if LIVE_TYPE in types or not headline:
        return LIVE_TYPE in types
    if ODD_CASES.isdisjoint(headline) and not any(map(headline.lower().__contains__, LIVE_SIGNS)):
        return False
    return LIVE.search(headline) is not None


def with_entries(document: Document, body: Body) -> Body:
    """Give the story of a live blog: what the body holds of the parent story, then each entry with its time."""
    entries = _entries(document, frozenset(body.blocks))
    if not entries:
        return body
    told = frozenset(index for entry in entries for index in entry.blocks)
    last = max(told)
    blocks = tuple(sorted(told.union(index for index in body.blocks if index < last)))
    texts = frozenset(document.blocks[index].text for index in blocks)
    below = (Dropped(text=document.blocks[index].text[:MAX_REASON_CHARS], reason=BELOW) for index in body.blocks if index > last)
    return body._replace(
        blocks=blocks,
        span=(blocks[0], blocks[-1] + 1),
        text="\n\n".join(document.blocks[index].text for index in blocks),
        dropped=(*(dropped for dropped in body.dropped if dropped.text not in texts), *below),
    )


def _entries(document: Document, story: frozenset[int]) -> list[_Entry]:
    """Find the kind of element whose entries hold most of the story, then most text; [] where no kind has three."""
    elements, timed = document.elements, frozenset(mark.block for mark in document.marks if mark.tag == "time")
    inside: defaultdict[int, list[int]] = defaultdict(list)
    for index, block in enumerate(document.blocks):
        at = block.element
        while at >= 0:
            inside[at].append(index)
            at = elements[at].parent
    paths, kinds = Paths(elements), defaultdict[str, list[_Entry]](list)
    for element, indexes in sorted(inside.items()):
        entry = _entry(document, indexes, timed)
        if entry is not None and not elements[element].hidden and not OTHERS.search(elements[element].hint):
            kinds[paths.of(element)].append(entry)
    several = [found for found in kinds.values() if len(found) >= FEWEST_ENTRIES]
    return max(several, key=lambda found: (sum(len(story.intersection(entry.blocks)) for entry in found), _chars(found)), default=[])


def _chars(entries: Sequence[_Entry]) -> int:
    return sum(entry.chars for entry in entries)


def _entry(document: Document, indexes: Sequence[int], timed: frozenset[int]) -> _Entry | None:
    """Read an element as an entry: its time near its head, and text besides."""
    blocks = document.blocks
    times = [
        index for index in indexes[:3] if len(blocks[index].text) <= TIME_CHARS and (index in timed or CLOCK.search(blocks[index].text))
    ]
    prose = [index for index in indexes if index not in times and _is_told(blocks[index])]
    chars = sum(len(blocks[index].text) for index in prose)
    return _Entry(tuple(sorted((*times[:1], *prose))), chars) if times and chars >= ENTRY_CHARS else None


def _is_told(block: Block) -> bool:
    if block.link_chars >= LINKED * len(block.text) or block.tag in CAPTIONS or phrase_kind(block.text):
        return False
    return block.tag in HEADS or block.tag == "p" or len(block.text) >= LINE_CHARS
