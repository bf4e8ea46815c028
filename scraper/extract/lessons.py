"""What does one extracted page teach of its site? Which blocks stood in its story and which beside it, what each path held, and where
headline, byline, date and body stood.

Nothing is compared here: what several pages have in common is found in `memory`.
"""

from collections.abc import Iterator
from operator import itemgetter

from scraper.extract.body import Body
from scraper.extract.dates import reading_of
from scraper.extract.document import Block, Document
from scraper.extract.fields import Fields
from scraper.extract.inner_loops import shares
from scraper.extract.moments import moments
from scraper.extract.paths import Paths
from scraper.extract.ruled_page import BY_RULE
from scraper.extract.taught import Lesson, Place
from scraper.fingerprints import block_fingerprint, opening_letters

__all__ = ["lesson"]

TEXT_OF = itemgetter(Block._fields.index("text"))
# Blocks beside a story that a reader could take for part of it stand within BESIDE of it; the rest of the page speaks through its paths.
BESIDE = 12
OWN = ("model", BY_RULE)  # what another extractor or a page's state gave says nothing of places
# The body's place is the innermost element that holds this share of the story.
HELD = 0.85
ABOVE, BELOW, MAX_LINE_CHARS = 8, 14, 200


def lesson(document: Document, body: Body, found: Fields, url: str | None) -> Lesson | None:
    """Learn from one page; None where it holds no markup or no story that the model has found without help."""
    if document.layout is None or not body.unaided or not body.signal.startswith(OWN):
        return None
    paths, kept, layout = Paths(document.elements), frozenset(body.unaided), document.layout
    by_path, holder = shares(document.blocks, tuple(body.unaided), layout.first, layout.end, paths.of_all(), HELD)
    return Lesson(
        blocks=_blocks(document, kept),
        paths=by_path,
        places=dict(_places(document, paths, body, found, url, holder)),
    )


def _blocks(document: Document, kept: frozenset[int]) -> dict[str, tuple[str, bool]]:
    """Take down the story's blocks and those beside it; a line without letters says nothing."""
    low, high = max(0, min(kept) - BESIDE), max(kept) + BESIDE
    found: dict[str, tuple[str, bool]] = {}
    for index, text in enumerate(map(TEXT_OF, document.blocks[low:high]), low):
        letters = opening_letters(text)
        if letters:
            mark = block_fingerprint(text)
            found[mark] = (letters, index in kept or found.get(mark, ("", False))[1])
    return found


def _places(
    document: Document, paths: Paths, body: Body, found: Fields, url: str | None, holder: int | None
) -> Iterator[tuple[str, Place]]:
    if holder is not None:
        yield "body", Place(paths.of(holder), document.elements[holder].tag, paths.label(holder))
    shown = (found.headline_block, _byline(document, body, found), _dateline(document, body, found, url))
    for field, index in zip(("headline", "authors", "published"), shown, strict=True):
        if index is not None and document.blocks[index].element >= 0:
            block = document.blocks[index]
            yield field, Place(paths.of(block.element), block.tag, paths.label(block.element))


def _byline(document: Document, body: Body, found: Fields) -> int | None:
    """Find the line that names the first writer."""
    name = found.authors[0].casefold() if found.authors else None
    if name is None:
        return None
    return next((index for index in _lines(document, body, found) if name in document.blocks[index].text.casefold()), None)


def _dateline(document: Document, body: Body, found: Fields, url: str | None) -> int | None:
    """Find the line that shows the day of publication."""
    if found.published is None:
        return None
    day, reading = found.published.date(), reading_of(found.language, None, url)
    for index in _lines(document, body, found):
        text = document.blocks[index].text
        if any(char.isdigit() for char in text) and any(moment.day == day for moment in moments(text, reading)):
            return index
    return None


def _lines(document: Document, body: Body, found: Fields) -> Iterator[int]:
    """Give the short lines around the headline that are no part of the story, from the headline on, then those above it."""
    top = found.headline_block if found.headline_block is not None else body.unaided[0]
    story = frozenset(body.unaided)
    below, above = range(top + 1, min(len(document.blocks), top + BELOW)), range(top - 1, max(-1, top - ABOVE), -1)
    for index in (*below, *above):
        if index not in story and len(document.blocks[index].text) <= MAX_LINE_CHARS:
            yield index
