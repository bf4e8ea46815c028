"""Where on a page do dates stand that speak of its story? Beside the headline, below the story, at the head of its first paragraph, and in
the address.

Dates of teasers, comments and events stand elsewhere, or in elements that say so. Which date wins is decided in `dates`.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from scraper.extract.candidates import Frame
from scraper.extract.date_labels import LABEL_CHARS, Said, called, foreign, hinted, labelled, of_something_else
from scraper.extract.date_teasers import teasers
from scraper.extract.document import Document, Mark
from scraper.extract.glance import DATEISH
from scraper.extract.inner_loops import figures
from scraper.extract.introductions import introduced
from scraper.extract.moments import Moment, Reading, moment, moments
from scraper.extract.phrases import phrase_kind

__all__ = [
    "ADDRESS",
    "ALONE",
    "BELOW",
    "BESIDE",
    "FAR",
    "Claim",
    "above",
    "beside",
    "elsewhere",
    "from_address",
    "is_dated",
    "is_posted",
    "single",
]

URL_DAY: Final = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?:[/_-](0?[1-9]|1[0-2])[/_-](0?[1-9]|[12]\d|3[01])(?!\d)|"
    # A number that begins with its time, 20260129143205 or A2026012914320005196, is how newspapers count their stories.
    r"(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:(?!\d)|(?=(?:[01]\d|2[0-3])[0-5]\d\d{0,9}(?!\d))))"
)
URL_TURNED: Final = re.compile(r"(?<!\d)(0[1-9]|[12]\d|3[01])[-._](0[1-9]|1[0-2])[-._](20\d\d)(?!\d)")
URL_NAMED: Final = re.compile(r"/((?:19|20)\d\d)/([a-z]{3,9})/(\d{1,2})(?!\d)")
DIGIT: Final = re.compile(r"\d")
DATELINE: Final = re.compile(r"\W{0,2}\d{1,4}[./-]\s?\d|\W{0,2}\d{1,2}\.? [^\W\d_]{3,12}\.? (?:19|20)\d\d")
# "Press release of 25 January 2022 | Berlin": a few words, the date, and what parts it from the story.
PARTING: Final = re.compile(r"\s?(?:[|–—:/]|-\s)|\s*\n")
MAX_AHEAD: Final = 30
MAX_DATELINE: Final = 60
TITLE_PARTS: Final = re.compile(r"\s[|–—·-]\s")
TITLE_DAY_CHARS: Final = 22
LOWER: Final = re.compile(r"(?<![^\s])[^\W\d_A-Z][^\W\d_]{2,}")
MAX_LOWER: Final = 4
DASH: Final = r"\s?(?:[-–—]|bis|until|to)\s?"
SPAN: Final = re.compile(DASH)
SPAN_BEFORE: Final = re.compile(rf"(?<![\d.])\d{{1,2}}\.?(?:\d\d?\.)?{DASH}\Z")
SPAN_BEHIND: Final = re.compile(
    rf"{DASH}(?:\d\d?[./]\d\d?[./]|\d{{4}}-\d\d-\d\d)|"
    rf"[^\d\n]{{0,8}}\d\d?[:.]\d\d(?:\s?Uhr|\s?[ap]m)?{DASH}\d\d?[:.]\d\d"
)
ADDRESS: Final = "url"  # the signals
TITLE: Final = "title"
# As posts that are shown within a story are signed: "— Ann Lee (@annlee) May 5, 2020".
HANDLE: Final = "(@"
MAX_MARKS: Final = 200
MAX_BLOCK_CHARS: Final = 220
LINE_CHARS: Final = 100
MAX_LONE_CHARS: Final = 45
ABOVE_CHARS: Final = 30
HEADS: Final = 6
# Blocks around the headline, and around the story's ends.
NEAR: Final = 5
NEAR_ABOVE: Final = 3
REACH_BEFORE: Final = 8
REACH_AFTER: Final = 14
REACH_BELOW: Final = 6
# Distances: up to BESIDE a date stands by the headline, from BELOW on it stands below the story.
BESIDE: Final = 14.0
ALONE: Final = 24.0
DATELINES: Final = 25.0
BELOW: Final = 25.5
FAR: Final = 90.0
PUBLISHED_BONUS: Final = 20.0


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
    block: int = -1


def from_address(url: str | None) -> Claim | None:
    """Read the day an address names: /2025/05/21/, /2025/may/21/, /20250521/; of an archive's copy, the day in the page's own."""
    path = (url or "").partition("?")[0].rpartition("://")[2]
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
    others = teasers(document, top)
    places = (*_marks(document, top, frame.story, near=True), *_lines(document, reading, top, frame.story, near=True))
    return _ranked(_read((place for place in places if place.block not in others), reading))


def _from_title(document: Document, reading: Reading) -> Iterator[Claim]:
    """Read the day that a page's title ends with, behind its site's name: "Harbour opens | Quay Post | 5.05.2020"."""
    parts = TITLE_PARTS.split(document.title or "")
    if len(parts) > 1 and len(parts[-1]) <= TITLE_DAY_CHARS and figures(parts[-1]):
        yield from (Claim(found, TITLE) for found in moments(parts[-1], reading)[:1] if found.start <= 1)


def elsewhere(document: Document, reading: Reading, frame: Frame) -> list[Claim]:
    """Read the dates beside the headline and wherever else a story's date stands, the best placed first."""
    top, story = frame.top or 0, frame.story
    others = teasers(document, top)
    near = (*_marks(document, top, story, near=False), *_lines(document, reading, top, story, near=False))
    places = [place for place in near if place.block not in others]
    if story:
        places.extend(_in_story(document, reading, story))
    ranked = _ranked((*_read(places, reading), *_from_title(document, reading)))
    # Below a story stand the dates of teasers and comments too: several days there are theirs.
    below = {claim.moment.day for claim in ranked if claim.distance >= BELOW and not claim.signal.endswith(":published")}
    return ranked if len(below) <= 1 else [claim for claim in ranked if claim.distance < BELOW or claim.signal.endswith(":published")]


# -- the texts that may hold the story's date, and how far they stand from where it belongs


def _marks(document: Document, top: int, story: tuple[int, int] | None, *, near: bool) -> Iterator[_Place]:
    # Where no headline is shown the story begins with its body, and its date stands further above.
    above_top = REACH_BEFORE if story and top == story[0] else NEAR_ABOVE
    for mark in document.marks[:MAX_MARKS]:
        beside_headline = -above_top <= mark.block - top <= NEAR
        gap = None if near and not beside_headline else _gap(mark.block, top, story)
        if gap is None:
            continue
        text = mark.value if mark.value and figures(mark.value) & DATEISH else mark.text
        if is_dated(text) and not foreign(mark.hint) and not of_something_else(text) and not is_posted(document, mark.block, story):
            signal, bonus = ("visible:time", 5) if mark.tag == "time" else ("visible:mark", 2)
            # Behind a short story teasers are marked up, too: there the first date counts, marked or not.
            bonus = 0 if story and mark.block >= story[1] and gap < BELOW else bonus
            yield _Place(gap - bonus, text, signal, beside_headline, mark.hint, _label(document, mark), mark.block)


def is_posted(document: Document, index: int, story: tuple[int, int] | None) -> bool:
    """Say whether a block signs a post that is shown within the story; above it bylines have handles too."""
    inside = story is not None and story[0] <= index < min(story[1], len(document.blocks))
    return inside and HANDLE in document.blocks[index].text


def is_dated(text: str) -> bool:
    """Say whether a text may hold a date and is short enough to be about it."""
    return len(text) <= MAX_BLOCK_CHARS and figures(text) & DATEISH != 0


def _label(document: Document, mark: Mark) -> str:
    """Give what stands before a mark in its line: the mark may be the date, and "Last updated" the line's own text."""
    text = document.blocks[mark.block].text if mark.block < len(document.blocks) else ""
    position = text.find(mark.text) if len(text) <= MAX_BLOCK_CHARS else -1
    if position == 0 and text == mark.text:
        return above(document, mark.block)
    return text[max(0, position - LABEL_CHARS) : position] if position > 0 else ""


def above(document: Document, index: int) -> str:
    """Give the line above, if it may be the label of the date below it ("Published" in a line of its own)."""
    text = document.blocks[index - 1].text if index else ""
    return text if len(text) <= ABOVE_CHARS and not figures(text) else ""


def _lines(document: Document, reading: Reading, top: int, story: tuple[int, int] | None, *, near: bool) -> Iterator[_Place]:
    blocks = document.blocks
    for index in range(max(0, top - 1), min(len(blocks), top + NEAR + 1)) if near else _within_reach(len(blocks), top, story):
        whole = blocks[index].text
        gap = _gap(index, top, story) if is_dated(whole) else None
        if gap is None or is_posted(document, index, story):
            continue
        for text in whole.split("\n"):
            if is_dated(text) and _is_dateline(text, gap, reading) and not of_something_else(text):
                label = above(document, index) if text == whole and len(text) <= MAX_LONE_CHARS else ""
                beside_headline = -1 <= index - top <= NEAR and len(text) <= MAX_LONE_CHARS
                yield _Place(gap, text, "visible:line", beside_headline, label=label, block=index)


def _in_story(document: Document, reading: Reading, story: tuple[int, int]) -> Iterator[_Place]:
    blocks = document.blocks
    for index in range(story[0], min(story[0] + HEADS, len(blocks))):
        text = blocks[index].text
        if DATELINE.match(text) or _is_headed(text[:MAX_DATELINE], reading):
            yield _Place(DATELINES, text[:MAX_DATELINE], "visible:dateline")
    # A line that is nothing but a date ends a story, even where the body is thought to go on; one among several is an event's.
    short = [text for block in blocks[story[0] : story[1]] if 0 < len(text := block.text) <= MAX_LONE_CHARS and text[0].isalnum()]
    alone = [text for text in short if figures(text) & DATEISH and any(found.start == 0 for found in moments(text, reading))]
    if len(alone) == 1:
        yield _Place(ALONE, alone[0], "visible:line")


def _is_headed(text: str, reading: Reading) -> bool:
    """Say whether a paragraph begins with the day of what it tells: a few words, the date, and a sign that parts them from the rest."""
    found = next(iter(moments(text, reading)), None) if figures(text) & DATEISH else None
    return found is not None and found.start <= MAX_AHEAD and PARTING.match(text, found.end) is not None


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
        # Below "Read also" stands the day of another story.
        if place.label and phrase_kind(place.label) == "end":
            continue
        for found in single(moments(place.text, reading), place.text):
            said = _said(place, found)
            signal = f"{place.signal}:published" if said == "issued" else place.signal
            yield Claim(found, signal, place.near, said == "changed", place.distance)


def single(found: Iterable[Moment], text: str) -> Iterator[Moment]:
    """Leave out the days of a span ("9-23 May 2020", "5.5.2020 - 7.5.2020") or of hours ("5 May 2020, 13:15 - 19:00"): those of events."""
    ends = -1
    for each in found:
        spanned = ends >= 0 and SPAN.fullmatch(text, ends, each.start) is not None
        ends = each.end
        if not (spanned or SPAN_BEFORE.search(text, 0, each.start) or SPAN_BEHIND.match(text, each.end)):
            yield each


def _said(place: _Place, found: Moment) -> Said:
    """Say what a date is called: by its label and line, or by its element's class names."""
    label = f"{place.label} "
    said = called(label + place.text, len(label) + found.start, len(label) + found.end)
    return said or (hinted(place.hint) if place.hint else "")


def _ranked(claims: Iterable[Claim]) -> list[Claim]:
    return sorted(claims, key=lambda claim: claim.distance - (PUBLISHED_BONUS if claim.signal.endswith(":published") else 0.0))
