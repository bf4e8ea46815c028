"""Where on a page do dates stand that speak of its story? Beside the headline, below the story, at the head of its first paragraph, and in
the address.

Dates of teasers, comments and events stand elsewhere, or in elements that say so. Which date wins is decided in `dates`.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from scraper.extract.candidates import Frame
from scraper.extract.date_labels import Said, foreign, hinted, labelled, of_something_else
from scraper.extract.document import Document, Mark
from scraper.extract.introductions import introduced
from scraper.extract.moments import Moment, Reading, moment, moments

__all__ = ["ADDRESS", "ALONE", "BELOW", "BESIDE", "FAR", "Claim", "anywhere", "beside", "elsewhere", "from_address"]

URL_DAY = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?:[/_-](0?[1-9]|1[0-2])[/_-](0?[1-9]|[12]\d|3[01])|(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01]))(?!\d)"
)
URL_TURNED = re.compile(r"(?<!\d)(0[1-9]|[12]\d|3[01])[-._](0[1-9]|1[0-2])[-._](20\d\d)(?!\d)")
URL_NAMED = re.compile(r"/((?:19|20)\d\d)/([a-z]{3,9})/(\d{1,2})(?!\d)")
DATEISH = re.compile(r"\d(?:\d{3}|\s?[./-]\s?\d|\s?[年月년월])")
DATELINE = re.compile(r"\W{0,2}\d{1,4}[./-]\s?\d|\W{0,2}\d{1,2}\.? [^\W\d_]{3,12}\.? (?:19|20)\d\d")
LOWER, MAX_LOWER = re.compile(r"(?<![^\s])[^\W\d_A-Z][^\W\d_]{2,}"), 4
ADDRESS = "url"  # the signal
MAX_MARKS, MAX_BLOCK_CHARS, LINE_CHARS, MAX_LONE_CHARS, LABEL_CHARS, MAX_FAR = 200, 220, 100, 45, 40, 8
# Blocks around the headline, and around the story's ends.
NEAR, NEAR_ABOVE, REACH_BEFORE, REACH_AFTER, REACH_BELOW = 5, 3, 8, 14, 6
# Distances: up to BESIDE a date stands by the headline, from BELOW on it stands below the story.
BESIDE, ALONE, DATELINES, BELOW, FAR, PUBLISHED_BONUS = 14.0, 24.0, 25.0, 25.5, 90.0, 20.0


class Claim(NamedTuple):
    """A moment somebody claims. `near`: a reader sees it beside the headline; `changed`: its label speaks of an update."""

    moment: Moment
    signal: str
    near: bool = False
    changed: bool = False
    distance: float = 0.0


class _Place(NamedTuple):
    distance: float
    text: str
    signal: str
    near: bool = False
    hint: str = ""
    label: str = ""


def from_address(url: str | None) -> Claim | None:
    """Read the day an address names: /2025/05/21/, /2025/may/21/, /20250521/."""
    path = (url or "").partition("?")[0]
    if "20" not in path and "19" not in path:
        return None
    match = URL_DAY.search(path)
    if match:
        found = moment(f"{match[1]}-{(match[2] or match[4]).zfill(2)}-{(match[3] or match[5]).zfill(2)}")
        return Claim(found, ADDRESS) if found else None
    turned = URL_TURNED.search(path)
    if turned:
        found = moment(f"{turned[3]}-{turned[2]}-{turned[1]}")
        return Claim(found, ADDRESS) if found else None
    named = URL_NAMED.search(path.lower())
    found = moment(f"{named[3]} {named[2]} {named[1]}") if named else None
    return Claim(found, ADDRESS) if found else None


def beside(document: Document, reading: Reading, frame: Frame) -> list[Claim]:
    """Read the dates beside the headline, the best placed first."""
    top = frame.top or 0
    return _ranked(
        _read((*_marks(document, top, frame.story, near=True), *_lines(document, reading, top, frame.story, near=True)), reading)
    )


def elsewhere(document: Document, reading: Reading, frame: Frame) -> list[Claim]:
    """Read the dates beside the headline and wherever else a story's date stands, the best placed first."""
    top, story = frame.top or 0, frame.story
    places = [*_marks(document, top, story, near=False), *_lines(document, reading, top, story, near=False)]
    if story:
        places.extend(_in_story(document, reading, story))
    ranked = _ranked(_read(places, reading))
    # Below a story stand the dates of teasers and comments too: several days there are theirs.
    below = {claim.moment.day for claim in ranked if claim.distance >= BELOW and not claim.signal.endswith(":published")}
    return ranked if len(below) <= 1 else [claim for claim in ranked if claim.distance < BELOW or claim.signal.endswith(":published")]


def anywhere(document: Document, reading: Reading, frame: Frame) -> list[Claim]:
    """Read what is said to be the day of publication in any line of the page, as long as no two lines say different days."""
    top, (first, last) = frame.top or 0, frame.story or (0, 0)
    marks = [mark for mark in document.marks[:MAX_MARKS] if mark.block > top and _says_issued(mark.text)]
    places = [_Place(FAR, mark.text, "visible:far", hint=mark.hint) for mark in marks if not foreign(mark.hint)]
    lines = [block.text for block in (*document.blocks[:first], *document.blocks[last:]) if _says_issued(block.text)]
    places.extend(_Place(FAR, text, "visible:far") for text in lines)
    claims = [claim for claim in _read(places[:MAX_FAR], reading) if claim.signal.endswith(":published")]
    return claims[:1] if len({claim.moment.day for claim in claims}) == 1 else []


def _says_issued(text: str) -> bool:
    # The century first: it is the cheapest to look for.
    return ("20" in text or "19" in text) and _dated(text) and labelled(text) == "issued" and not of_something_else(text)


# -- the texts that may hold the story's date, and how far they stand from where it belongs


def _marks(document: Document, top: int, story: tuple[int, int] | None, *, near: bool) -> Iterator[_Place]:
    for mark in document.marks[:MAX_MARKS]:
        beside_headline = -NEAR_ABOVE <= mark.block - top <= NEAR
        gap = None if near and not beside_headline else _gap(mark.block, top, story)
        if gap is None:
            continue
        text = mark.value if mark.value and DATEISH.search(mark.value) else mark.text
        if _dated(text) and not foreign(mark.hint):
            signal, bonus = ("visible:time", 5) if mark.tag == "time" else ("visible:mark", 2)
            yield _Place(gap - bonus, text, signal, beside_headline, mark.hint, _label(document, mark))


def _dated(text: str) -> bool:
    return len(text) <= MAX_BLOCK_CHARS and DATEISH.search(text) is not None


def _label(document: Document, mark: Mark) -> str:
    """Give what stands before a mark in its line: the mark may be the date, and "Last updated" the line's own text."""
    text = document.blocks[mark.block].text if mark.block < len(document.blocks) else ""
    position = text.find(mark.text) if len(text) <= MAX_BLOCK_CHARS else -1
    return text[max(0, position - LABEL_CHARS) : position] if position > 0 else ""


def _lines(document: Document, reading: Reading, top: int, story: tuple[int, int] | None, *, near: bool) -> Iterator[_Place]:
    blocks = document.blocks
    for index in range(max(0, top - 1), min(len(blocks), top + NEAR + 1)) if near else _within_reach(len(blocks), top, story):
        text = blocks[index].text
        if _dated(text):
            gap = _gap(index, top, story)
            if gap is not None and _is_dateline(text, gap, reading) and not of_something_else(text):
                yield _Place(gap, text, "visible:line", -1 <= index - top <= NEAR and len(text) <= MAX_LONE_CHARS)


def _in_story(document: Document, reading: Reading, story: tuple[int, int]) -> Iterator[_Place]:
    blocks = document.blocks
    for index in range(story[0], min(story[0] + 4, len(blocks))):
        if DATELINE.match(blocks[index].text):
            yield _Place(DATELINES, blocks[index].text[:LABEL_CHARS], "visible:dateline")
    # A line that is nothing but a date ends a story, even where the body is thought to go on; one among several is an event's.
    short = [text for block in blocks[story[0] : story[1]] if 0 < len(text := block.text) <= MAX_LONE_CHARS and text[0].isalnum()]
    alone = [text for text in short if DATEISH.search(text) and any(found.start == 0 for found in moments(text, reading))]
    if len(alone) == 1:
        yield _Place(ALONE, alone[0], "visible:line")


def _is_dateline(text: str, gap: float, reading: Reading) -> bool:
    """Say whether a line is about its date: short, or labelled, or begun by it; the stricter the further from the headline."""
    if len(text) <= LINE_CHARS and (DATELINE.match(text) or introduced(text)):
        return True
    if len(text) <= (LINE_CHARS if gap <= REACH_AFTER else LINE_CHARS // 2):
        # A caption ends with its date: what stands before the date is a sentence then, and no name, place or section.
        found = next(iter(moments(text, reading)), None)
        if found is None or len(LOWER.findall(text[: found.start])) < MAX_LOWER:
            return True
    return labelled(text) != ""


def _within_reach(count: int, top: int, story: tuple[int, int] | None) -> Iterator[int]:
    yield from range(max(0, top - REACH_BEFORE), min(count, top + REACH_AFTER))
    if story:
        yield from range(max(top + REACH_AFTER, story[0] - REACH_BEFORE), min(count, story[0] + 4))
        yield from range(max(story[1] - 2, story[0] + 4, top + REACH_AFTER), min(count, story[1] + REACH_BELOW))


def _gap(block: int, top: int, story: tuple[int, int] | None) -> float | None:
    """Say how far a block stands from the headline, or from the story's end; None where a date there says nothing of the story."""
    if top <= block <= top + REACH_AFTER:
        return float(block - top)
    if top - REACH_BEFORE <= block < top:
        return 5.0 + top - block
    if story and story[0] - REACH_BEFORE <= block <= story[0] + 3:
        return 12.0 + abs(block - story[0])
    if story and story[1] - 2 <= block < story[1] + REACH_BELOW:
        return 30.0 + block - story[1]
    return None


# -- what they say


def _read(places: Iterable[_Place], reading: Reading) -> Iterator[Claim]:
    for place in places:
        for found in moments(place.text, reading):
            said = _said(place, found)
            signal = f"{place.signal}:published" if said == "issued" else place.signal
            yield Claim(found, signal, place.near, said == "changed", place.distance)


def _said(place: _Place, found: Moment) -> Said:
    """Say what a date is called: by what stands before it, behind it (as verbs do in German), or by its element's class names."""
    before = f"{place.label} {place.text[: found.start]}"[-LABEL_CHARS:].strip()
    behind = place.text[found.end : found.end + LABEL_CHARS].strip()
    return (labelled(before) if before else "") or (labelled(behind) if behind else "") or (hinted(place.hint) if place.hint else "")


def _ranked(claims: Iterable[Claim]) -> list[Claim]:
    return sorted(claims, key=lambda claim: claim.distance - (PUBLISHED_BONUS if claim.signal.endswith(":published") else 0.0))
