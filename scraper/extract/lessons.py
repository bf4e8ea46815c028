"""What does one extracted page teach of its site? Which blocks stood in its story and which beside it, what each path held, and where
headline, byline, date and body stood.

Nothing is compared here: what several pages have in common is found in `memory`.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from scraper.extract.body import Body
from scraper.extract.dates import reading_of
from scraper.extract.document import Document
from scraper.extract.fields import Fields
from scraper.extract.moments import moments
from scraper.extract.paths import Paths
from scraper.fingerprints import block_fingerprint, opening_letters

__all__ = ["Lesson", "Place", "lesson"]

# Blocks beside a story that a reader could take for part of it stand within BESIDE of it; the rest of the page speaks through its paths.
BESIDE = 12
# A block counts by its text, but no paragraph outweighs a dozen lines, and a line still counts.
MOST_CHARS, LEAST_CHARS = 500, 20
# The body's place is the innermost element that holds this share of the story.
HELD = 0.85
ABOVE, BELOW, MAX_LINE_CHARS = 8, 14, 200


class Place(NamedTuple):
    """Where something stands: its path, the tag of its block and a selector for people to read."""

    path: str
    tag: str
    label: str


class Lesson(NamedTuple):
    """What one page teaches. `blocks`: fingerprint to (first letters, whether it is story); `paths`: story and other text inside each."""

    blocks: Mapping[str, tuple[str, bool]]
    paths: Mapping[str, tuple[int, int]]
    places: Mapping[str, Place]


def lesson(document: Document, body: Body, found: Fields, url: str | None) -> Lesson | None:
    """Learn from one page; None where it holds no markup or no story that the model has found without help."""
    if not document.is_html or not body.unaided or body.signal != "model":
        return None
    paths, kept = Paths(document.elements), frozenset(body.unaided)
    inside = _inside(document, kept)
    return Lesson(
        blocks=_blocks(document, kept),
        paths=_by_path(paths, inside),
        places=dict(_places(document, paths, body, found, url, inside)),
    )


def _blocks(document: Document, kept: frozenset[int]) -> dict[str, tuple[str, bool]]:
    """Take down the story's blocks and those beside it; a line without letters says nothing."""
    low, high = max(0, min(kept) - BESIDE), max(kept) + BESIDE
    found: dict[str, tuple[str, bool]] = {}
    for index in range(low, min(len(document.blocks), high)):
        text = document.blocks[index].text
        letters = opening_letters(text)
        if letters:
            mark = block_fingerprint(text)
            found[mark] = (letters, index in kept or found.get(mark, ("", False))[1])
    return found


def _inside(document: Document, kept: frozenset[int]) -> dict[int, tuple[int, int]]:
    """Measure how much story and how much other text each element holds."""
    parents = [element.parent for element in document.elements]
    story, other = [0] * (len(parents) + 1), [0] * (len(parents) + 1)  # at the end, where -1 points, what no element holds
    for index, block in enumerate(document.blocks):
        size = min(len(block.text), MOST_CHARS) + LEAST_CHARS
        (story if index in kept else other)[block.element] += size
    # Elements come after their parents, so from the last one on every element has what its children hold before it is handed up.
    for index in range(len(parents) - 1, -1, -1):
        if story[index]:
            story[parents[index]] += story[index]
        if other[index]:
            other[parents[index]] += other[index]
    return {index: (story[index], other[index]) for index in range(len(parents)) if story[index] or other[index]}


def _by_path(paths: Paths, inside: Mapping[int, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for path, (story, other) in zip(paths.of_all(inside), inside.values(), strict=True):
        before = found.get(path)
        found[path] = (before[0] + story, before[1] + other) if before else (story, other)
    return found


def _places(
    document: Document, paths: Paths, body: Body, found: Fields, url: str | None, inside: Mapping[int, tuple[int, int]]
) -> Iterator[tuple[str, Place]]:
    total = max((story for story, _ in inside.values()), default=0)
    holder = max((index for index, (story, _) in inside.items() if story >= HELD * total), default=None)
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
