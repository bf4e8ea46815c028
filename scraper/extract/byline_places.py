"""Where do names stand that could be the story's writers? In marks and lines near the headline, beside the date, at the story's ends.

Which of them wins is decided in `byline`; where else to look is known to `byline_elsewhere`; how a name is read out of a text, to `names`.
"""

import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from operator import attrgetter
from typing import Final, NamedTuple

from scraper.extract.byline_text import desk, standing_alone, supplied
from scraper.extract.byline_words import INNER, INNER_WORDS, LONE_INTRODUCTION, PARTS
from scraper.extract.document import Document, Mark
from scraper.extract.eastern_names import signed
from scraper.extract.given_names import given
from scraper.extract.inner_loops import figures
from scraper.extract.introductions import introduced, is_introduction
from scraper.extract.moments import moments
from scraper.extract.names import People, people
from scraper.extract.plain import plain
from scraper.extract.site_names import is_site

__all__ = ["BESIDE_DATE", "MAX_MARKS", "NAME_HINT", "NAME_LINE", "Claim", "Scene", "is_byline", "named", "seen"]

AUTHOR_HINT: Final = re.compile(
    r"author|byline|by-line|by_line|writer|reporter|journalist|auteur|autor(?!i[sz])|forfatter|firma\b|contributor|creator|vcard|\bfn\b|\bbylin|posted-?by|verfasser|publisher\b"
)
# One of these stands in whatever the pattern finds.
AUTHOR_PARTS: Final = tuple(
    "autho bylin by-lin by_lin write report journal auteur autor forfatter firma contrib creator vcard fn posted verfass publish".split()
)
NAME_HINT: Final = re.compile(
    r"author[-_]{0,2}(?:name|link|url)|byline[-_]{0,2}(?:name|author|link)|\bfn\b|\bauthor\b|\bauthors\b|writer|-author\b|_author\b|by-?author"
)
FOREIGN: Final = re.compile(
    r"comment|related|sidebar|footer|teaser|promo|avatar|image|\bimg|photo|foto|social|share(?!d)|follow|caption|credit|widget|recommend|popular|trending|"
    r"respond|reply|subscribe|newsletter|description|subtitle|author[-_]{0,2}title|(?<![a-z])job(?!b)|role|position|count|\bbio\b|author[-_]bio|more-from|card__|bookmark|"
    r"author[-_]?(?:date|time)|site-title|testimonial|quote|review-author|rating|product|[-_]?archive-item|reviewer|reviewed"
)
RENEWED: Final = re.compile(
    r"\s*(?:publi|posted|updat|uppdat|oppdat|opdat|aktuali|actuali|aggiorn|päivit|güncel|обновл|оновл)", re.IGNORECASE
)
# A name and how long ago: "Ann Lee2 minutes ago", two elements side by side.
AGO: Final = re.compile(r"(?P<name>[^\d|]{5,50}?)[\s·•|–-]*\d{1,2}\s(?:minutes?|mins?|hours?|hrs?|days?)\sago", re.IGNORECASE)
OWN_WORDS: Final = (2, 3)
REACH_BEFORE: Final = 8
REACH_AFTER: Final = 14
MAX_MARKS: Final = 150
MAX_TEXT: Final = 200
BESIDE_DATE: Final = "visible:beside_date"
NAME_LINE: Final = "visible:name_line"
NOTE_REACH: Final = 4
REACH_UNKNOWN: Final = 60
REACH_STORY: Final = 3
SIDE: Final = 2
BLOCK: Final = attrgetter("block")
# How near a line must stand to the headline, and how short it must be, to be read as a byline without an introduction or within it.
MAX_INNER_CHARS: Final = 110
MAX_BESIDE_CHARS: Final = 90
BESIDE: Final = 3
SUPPLIED_CHARS: Final = 40
# A line that holds nothing but names: within these many blocks of the headline, and of a line with a date.
PARAGRAPH_CHARS: Final = 120
MAX_LINE_WORDS: Final = 6
FIRST_LINES: Final = 4
PARTED: Final = re.compile(r"[\s/,&]+")
LONE_BELOW: Final = 6
LONE_ABOVE: Final = 3
LONE_CHARS: Final = 80
DATED: Final = 4
DATED_CHARS: Final = 90


class Claim(NamedTuple):
    """The people somebody names, the signal, the text as it stands there, the hint of its element and the block."""

    people: People
    signal: str
    raw: str
    hint: str = ""
    block: int = 0


class Scene(NamedTuple):
    """A page, the site's own names in common form, the block where the story begins, and its body's blocks, end excluded."""

    document: Document
    names: frozenset[str]
    top: int | None
    story: tuple[int, int] | None

    def gap(self, block: int) -> float | None:
        """Say how far a block stands from the headline or from the story's end; None where a name there says nothing of the story."""
        top, story = self.top, self.story
        if top is None:
            return 0.0 if block < REACH_UNKNOWN else None
        if top <= block <= top + REACH_AFTER:
            return float(block - top)
        if top - REACH_BEFORE <= block < top:
            return 2.0 + top - block
        if story and story[0] - REACH_STORY <= block <= story[0] + REACH_STORY:
            return float(REACH_AFTER)
        if story and story[1] - 2 <= block < story[1] + NOTE_REACH:
            return 16.0
        return None


def seen(scene: Scene, *, marks_only: bool) -> Iterator[Claim]:
    """Give what a reader sees of the writers, the best placed first; names side by side are one claim."""
    ranked = [entry for entry in _marked(scene) if any(entry[1].people)]
    if not marks_only:
        ranked.extend(entry for entry in _lines(scene) if any(entry[1].people))
    ranked = [entry for entry in ranked if not any(_tighter(other[1], entry[1]) for other in ranked)]
    ranked.sort(key=lambda entry: entry[0])
    best = ranked[0][0] if ranked else 0.0
    merged: list[Claim] = []
    last = ranked[0][1].block if ranked else 0
    for rank, claim in ranked:
        # Two writers stand in two elements of one kind, side by side.
        beside = rank - best < 1 or (claim.hint and 0 <= claim.block - last <= SIDE)
        if merged and beside and claim.signal == merged[0].signal and claim.hint == merged[0].hint:
            merged[0], last = _joined(merged[0], claim), claim.block
        else:
            merged.append(claim)
    yield from merged[:6]


def _tighter(inner: Claim, outer: Claim) -> bool:
    """Say whether one claim's text holds another's and only adds words to its name: "Ann Lee" in "Ann Lee Former Consultant"."""
    if len(inner.raw) >= len(outer.raw) or inner.raw not in outer.raw or not inner.people.persons:
        return False
    return any(long != short and long.startswith(short + " ") for long in outer.people.persons for short in inner.people.persons)


def _joined(one: Claim, other: Claim) -> Claim:
    persons = dict.fromkeys(one.people.persons)
    known = {plain(name) for name in persons}
    persons.update(dict.fromkeys(name for name in other.people.persons if plain(name) not in known))
    agencies = tuple(dict.fromkeys((*one.people.agencies, *other.people.agencies)))
    return one._replace(people=People(tuple(persons), agencies))


# -- marks


def _marked(scene: Scene) -> Iterator[tuple[float, Claim]]:
    for gap, mark in itertools.islice(_marks_near(scene), MAX_MARKS):
        if is_byline(mark):
            exact = NAME_HINT.search(mark.hint) is not None
            precise = exact or mark.tag == "a"
            signal = "visible:author_link" if precise else "visible:byline"
            read = people(mark.text, scene.names, lone=precise)
            if exact and gap <= BESIDE:
                read = _headed(scene, mark, read) or (read if any(read) else People(houses=standing_alone(mark.text)))
            yield (0.0 if precise else 3.0) + gap // 4, Claim(read, signal, mark.text, mark.hint, mark.block)


def _headed(scene: Scene, mark: Mark, read: People) -> People | None:
    """Read the line that an author's mark begins with, where it is a full name and the rest runs into it or names nobody."""
    blocks = scene.document.blocks
    head = blocks[mark.block].text if mark.block < len(blocks) else ""
    glued = not any(read) or (read.persons and read.persons[0].startswith(f"{head} "))
    if not 0 < len(head) < len(mark.text) or not glued or not mark.text.startswith(head) or not given(head):
        return None
    found = named(head, scene.names)
    return found if len(found.persons) == 1 else None


def _marks_near(scene: Scene) -> Iterator[tuple[float, Mark]]:
    """Give the marks within reach, in page order, and how far they stand: before them a menu may have hundreds."""
    marks, story = scene.document.marks, scene.story
    first, last = (0, REACH_UNKNOWN) if scene.top is None else (scene.top - REACH_BEFORE, scene.top + REACH_AFTER)
    if story:
        first, last = min(first, story[0] - REACH_STORY), max(last, story[1] + NOTE_REACH)
    for mark in marks[bisect_left(marks, first, key=BLOCK) : bisect_right(marks, last, key=BLOCK)]:
        gap = scene.gap(mark.block)
        if gap is not None:
            yield gap, mark


def is_byline(mark: Mark) -> bool:
    """Say whether a mark speaks of an author, and of no other thing's."""
    return len(mark.text) <= MAX_TEXT and _speaks_of_author(mark.hint)


@lru_cache(maxsize=4096)
def _speaks_of_author(hint: str) -> bool:
    # Cached: the same few hints stand on every page of a site.
    if not any(part in hint for part in AUTHOR_PARTS):
        return False
    return AUTHOR_HINT.search(hint) is not None and FOREIGN.search(hint) is None


# -- lines


def _lines(scene: Scene) -> Iterator[tuple[float, Claim]]:
    for index in _near(scene):
        text = scene.document.blocks[index].text
        gap = scene.gap(index) if len(text) <= MAX_TEXT else None
        if gap is None:
            continue
        if introduced(text):
            yield from _introduced(scene, index, gap)
        elif len(text) <= LONE_CHARS and signed(text):
            yield 2.0 + gap // 4, Claim(people(text, scene.names, lone=False), "visible:line", text)
        elif figures(text):
            yield from _dated(scene, text, gap)
        elif len(text) <= SUPPLIED_CHARS and (agencies := supplied(text)):
            yield 12.0 + gap // 4, Claim(People((), agencies), "visible:source", text)
        elif _could_be_names(scene, index) and (given(text) or _opens_story(scene, index)):
            yield 7.0 + gap // 4, Claim(named(text, scene.names), NAME_LINE, text)


def _introduced(scene: Scene, index: int, gap: float) -> Iterator[tuple[float, Claim]]:
    text = scene.document.blocks[index].text
    if is_introduction(text) and index + 1 < len(scene.document.blocks):
        following = scene.document.blocks[index + 1].text[:MAX_TEXT]
        yield 2.0 + gap // 4, Claim(people(following, scene.names, lone=False), "visible:line", f"{text} {following}")
    else:
        alone = LONE_INTRODUCTION.fullmatch(text) is not None
        read = people(text, scene.names, lone=alone)
        yield 2.0 + gap // 4, Claim(read if any(read) else People(houses=desk(text)), "visible:line", text)


def _dated(scene: Scene, text: str, gap: float) -> Iterator[tuple[float, Claim]]:
    """Read a line that holds a number, which may be its date: "25.10.2022 - Ann Lee", "Published August 7, 2023 by Ann Lee"."""
    inner = INNER.search(text) if len(text) <= MAX_INNER_CHARS and _may_introduce(text) else None
    ago = AGO.fullmatch(text) if inner is None and gap <= LONE_BELOW and given(text) else None
    if ago is not None:
        yield 9.0 + gap // 4, Claim(people(ago["name"], scene.names, lone=False), BESIDE_DATE, text)
    elif inner:
        yield 4.0 + gap // 4, Claim(people(text[inner.end() :], scene.names, lone=False), "visible:within_line", text)
    elif gap <= BESIDE and len(text) <= MAX_BESIDE_CHARS:
        found = next(iter(moments(text)), None)
        # "Example Times21-05-2025" is a publisher
        if found is not None and not (found.start and text[found.start - 1].isalnum()):
            parts = [part for piece in (text[: found.start], text[found.end :]) for part in PARTS.split(piece) if given(part.strip())]
            persons = tuple(name for part in parts for name in people(part, scene.names, lone=False).persons)
            yield 9.0 + gap // 4, Claim(People(persons[:2]), BESIDE_DATE, text)


def _may_introduce(text: str) -> bool:
    """Say whether a word of a text ends as what introduces names within a line does, at a tenth of the cost of the pattern."""
    return any(word.endswith(INNER_WORDS) for word in text.lower().replace(":", " ").split())


def _could_be_names(scene: Scene, index: int) -> bool:
    """Say whether a line could hold nothing but the writers' names: words with capitals, near the headline and a date or byline."""
    blocks, top = scene.document.blocks, scene.top
    text = blocks[index].text
    if top is None or not top - LONE_ABOVE <= index <= top + LONE_BELOW or index == top or len(text) > LONE_CHARS:
        return False
    if " " not in text or not text[0].isupper() or text[-1] in ".:?!…":
        return False
    around = (blocks[other].text for other in range(max(0, index - DATED), min(len(blocks), index + DATED + 1)) if other != index)
    return any(len(near) <= DATED_CHARS and (introduced(near) or _is_dated(near)) for near in around)


def _is_dated(text: str) -> bool:
    """Say whether a line gives a date, or a clock behind a word like "updated"."""
    return figures(text) != 0 and (RENEWED.match(text) is not None or bool(moments(text)))


def _opens_story(scene: Scene, index: int) -> bool:
    """Say whether a line stands right above the first paragraph, links nowhere, and has words the page never writes in lower case."""
    blocks, story = scene.document.blocks, scene.story
    if (
        not story
        or not story[0] <= index + 1 <= min(story[0] + FIRST_LINES, len(blocks) - 1)
        or blocks[index].links
        or len(blocks[index + 1].text) < PARAGRAPH_CHARS
    ):
        return False
    words = [f" {word}" for word in PARTED.split(blocks[index].text.casefold()) if len(word) > 1]
    return 1 < len(words) <= MAX_LINE_WORDS and not any(word in block.text for block in blocks[: story[1]] for word in words)


def named(text: str, names: frozenset[str]) -> People:
    """Read the names of a line that should hold nothing else, be it the site's own; none where words are left over."""
    own = is_site(text, names) and len(text.split()) in OWN_WORDS and given(text)
    found = people(text, frozenset() if own else names, lone=False)
    told = sum(len(name.split()) for name in (*found.persons, *found.agencies))
    return found if told >= len([word for word in PARTED.split(text) if word[:1].isupper()]) else People()


def _near(scene: Scene) -> Iterable[int]:
    top, story, count = scene.top, scene.story, len(scene.document.blocks)
    if top is None:
        return range(min(40, count))
    near = set(range(max(0, top - REACH_BEFORE), min(count, top + REACH_AFTER)))
    if story:
        near.update(range(max(0, story[0] - REACH_STORY), min(count, story[0] + REACH_STORY + 1)))
        near.update(range(max(0, story[1] - 2), min(count, story[1] + NOTE_REACH)))
    return sorted(near)
