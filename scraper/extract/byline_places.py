"""Where on a page do names stand that could be the story's writers? In marks, in lines near the headline, below labels, beside the date.

Which of them wins is decided in `byline`; how a name is read out of a text is left to `names`.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from scraper.extract.byline_text import supplied
from scraper.extract.byline_words import INNER, LABELS, LONE_INTRODUCTION, PARTS
from scraper.extract.document import Document, Mark
from scraper.extract.given_names import given
from scraper.extract.introductions import introduced, is_introduction
from scraper.extract.moments import moments
from scraper.extract.names import People, people
from scraper.extract.plain import plain

__all__ = ["BESIDE_DATE", "NAME_LINE", "Claim", "Scene", "far", "labelled", "owner", "seen"]

AUTHOR_HINT = re.compile(
    r"author|byline|by-line|by_line|writer|reporter|journalist|auteur|autor(?!i[sz])|forfatter|firma\b|contributor|creator|vcard|\bfn\b|\bbylin|posted-?by|verfasser|publisher\b"
)
NAME_HINT = re.compile(
    r"author[-_]{0,2}(?:name|link|url)|byline[-_]{0,2}(?:name|author|link)|\bfn\b|\bauthor\b|\bauthors\b|writer|-author\b|_author\b|by-?author"
)
FOREIGN = re.compile(
    r"comment|related|sidebar|footer|teaser|promo|avatar|image|\bimg|photo|foto|social|share|follow|caption|credit|widget|recommend|popular|trending|"
    r"respond|reply|subscribe|newsletter|description|subtitle|author[-_]{0,2}title|(?<![a-z])job(?!b)|role|position|count|\bbio\b|author[-_]bio|more-from|card__|bookmark|"
    r"author[-_]?(?:date|time)|site-title|testimonial|quote|review-author|rating|product|[-_]?archive-item|reviewer|reviewed"
)
DIGIT = re.compile(r"\d")
REACH_BEFORE, REACH_AFTER, MAX_MARKS, MAX_TEXT = 8, 14, 150, 200
BESIDE_DATE, NAME_LINE = "visible:beside_date", "visible:name_line"
MAX_FAR, NOTE_REACH, REACH_UNKNOWN, SIDE = 12, 4, 60, 2
# How near a line must stand to the headline, and how short it must be, to be read as a byline without an introduction or within it.
MAX_INNER_CHARS, MAX_BESIDE_CHARS, BESIDE, SUPPLIED_CHARS = 110, 90, 3, 40
# A line that holds nothing but names: within these many blocks of the headline, and of a line with a date.
PARAGRAPH_CHARS, MAX_LINE_WORDS, FIRST_LINES, PARTED = 120, 6, 4, re.compile(r"[\s/,&]+")
LONE_BELOW, LONE_ABOVE, LONE_CHARS, DATED, DATED_CHARS = 6, 3, 80, 4, 90
LABEL_CHARS, LABEL_REACH, MAX_LABELLED_CHARS, OWNER_REACH, OWNER_WORDS = 24, 3, 60, 12, 2
VOICE = re.compile(r"(?:\A|[\s(“\"])(?:I|ich|j’ai|yo)(?=[\s’'])")
OWNED = re.compile(
    r"(?:©|\(c\)|copyright)\s*(?:copyright\s*)?(?:(?:19|20)\d\d\s*(?:[-–]\s*(?:(?:19|20)\d\d|present)\s*)?)?(?:by\s+|[-–|]\s*)?"
    r"(?P<name>[^\W\d_][\w'’-]+ (?:[^\W\d_][\w'’.-]* )?[^\W\d_][\w'’-]+)(?=\s*(?:[.,;|·•\n]|[-–]\s|all rights|\Z))",
    re.IGNORECASE,
)


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
    for mark in scene.document.marks[:MAX_MARKS]:
        gap = scene.gap(mark.block)
        if gap is not None and _is_byline(mark):
            precise = bool(NAME_HINT.search(mark.hint)) or mark.tag == "a"
            signal = "visible:author_link" if precise else "visible:byline"
            read = people(mark.text, scene.names, lone=precise)
            yield (0.0 if precise else 3.0) + gap // 4, Claim(read, signal, mark.text, mark.hint, mark.block)


def _is_byline(mark: Mark) -> bool:
    return len(mark.text) <= MAX_TEXT and _speaks_of_author(mark.hint)


@lru_cache(maxsize=4096)
def _speaks_of_author(hint: str) -> bool:
    # Cached: the same few hints stand on every page of a site.
    return AUTHOR_HINT.search(hint) is not None and FOREIGN.search(hint) is None


def far(scene: Scene) -> Iterator[Claim]:
    """Read the authors' marks anywhere on the page, if all of them name the same."""
    marks = [mark for mark in scene.document.marks[:MAX_MARKS] if _is_byline(mark)][:MAX_FAR]
    claims = [
        Claim(people(mark.text, scene.names, lone=bool(NAME_HINT.search(mark.hint))), "visible:far_author", mark.text) for mark in marks
    ]
    claims = [claim for claim in claims if claim.people.persons and not (" " in claim.raw and claim.people.persons[0].islower())]
    if len({claim.people.persons for claim in claims}) == 1:
        yield claims[0]


# -- lines


def _lines(scene: Scene) -> Iterator[tuple[float, Claim]]:
    for index in _near(scene):
        text = scene.document.blocks[index].text
        gap = scene.gap(index) if len(text) <= MAX_TEXT else None
        if gap is None:
            continue
        if introduced(text):
            yield from _introduced(scene, index, gap)
        elif DIGIT.search(text):
            yield from _dated(scene, text, gap)
        elif len(text) <= SUPPLIED_CHARS and (agencies := supplied(text)):
            yield 12.0 + gap // 4, Claim(People((), agencies), "visible:source", text)
        elif _could_be_names(scene, index) and (given(text) or _opens_story(scene, index)):
            yield 7.0 + gap // 4, Claim(_named(text, scene.names), NAME_LINE, text)


def _introduced(scene: Scene, index: int, gap: float) -> Iterator[tuple[float, Claim]]:
    text = scene.document.blocks[index].text
    if is_introduction(text) and index + 1 < len(scene.document.blocks):
        following = scene.document.blocks[index + 1].text[:MAX_TEXT]
        yield 2.0 + gap // 4, Claim(people(following, scene.names, lone=False), "visible:line", f"{text} {following}")
    else:
        alone = LONE_INTRODUCTION.fullmatch(text) is not None
        yield 2.0 + gap // 4, Claim(people(text, scene.names, lone=alone), "visible:line", text)


def _dated(scene: Scene, text: str, gap: float) -> Iterator[tuple[float, Claim]]:
    """Read a line that holds a number, which may be its date: "25.10.2022 - Ann Lee", "Published August 7, 2023 by Ann Lee"."""
    inner = INNER.search(text) if len(text) <= MAX_INNER_CHARS else None
    if inner:
        yield 4.0 + gap // 4, Claim(people(text[inner.end() :], scene.names, lone=False), "visible:within_line", text)
    elif gap <= BESIDE and len(text) <= MAX_BESIDE_CHARS:
        found = next(iter(moments(text)), None)
        # "Example Times21-05-2025" is a publisher
        if found is not None and not (found.start and text[found.start - 1].isalnum()):
            parts = [part for piece in (text[: found.start], text[found.end :]) for part in PARTS.split(piece) if given(part.strip())]
            persons = tuple(name for part in parts for name in people(part, scene.names, lone=False).persons)
            yield 9.0 + gap // 4, Claim(People(persons[:2]), BESIDE_DATE, text)


def _could_be_names(scene: Scene, index: int) -> bool:
    """Say whether a line could hold nothing but the writers' names: words with capitals, near the headline and a date or byline."""
    blocks, top = scene.document.blocks, scene.top
    text = blocks[index].text
    if top is None or not top - LONE_ABOVE <= index <= top + LONE_BELOW or index == top or len(text) > LONE_CHARS:
        return False
    if " " not in text or not text[0].isupper() or text[-1] in ".:?!…":
        return False
    around = (blocks[other].text for other in range(max(0, index - DATED), min(len(blocks), index + DATED + 1)) if other != index)
    return any(len(near) <= DATED_CHARS and ((DIGIT.search(near) and moments(near)) or introduced(near)) for near in around)


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


def _named(text: str, names: frozenset[str]) -> People:
    """Read the names of a line that should hold nothing else; none where words are left over."""
    found = people(text, names, lone=False)
    told = sum(len(name.split()) for name in found.persons)
    return found if told >= len([word for word in PARTED.split(text) if word[:1].isupper()]) else People()


def labelled(scene: Scene) -> Iterator[Claim]:
    """Read the names below a label ("Author", "Written by") that stands by itself anywhere on the page."""
    blocks = scene.document.blocks
    for index, block in enumerate(blocks):
        if len(block.text) <= LABEL_CHARS and block.text.strip(" :").casefold() in LABELS:
            for below in blocks[index + 1 : index + 1 + LABEL_REACH]:
                if len(below.text) <= MAX_LABELLED_CHARS and given(below.text):
                    found = _named(below.text, scene.names)
                    if found.persons:
                        yield Claim(found, "visible:below_label", f"{block.text} {below.text}")
                        return


def owner(scene: Scene, publishers: Iterable[str]) -> Iterator[Claim]:
    """Read the name of a person's own site, where the story says "I": its title, its first line, or the holder of its copyright."""
    blocks = scene.document.blocks
    tail = (scene.document.title or "").replace(" - ", " | ").rpartition(" | ")[2]
    held = (OWNED.search(block.text) for block in blocks[-OWNER_REACH:] if "©" in block.text or "opyright" in block.text)
    offered = [*((name, "site:name") for name in publishers), (tail, "site:title")]
    offered.extend((block.text, "site:first_line") for block in blocks[:1])
    offered.extend((match["name"], "site:copyright") for match in held if match)
    for name, signal in offered:
        text = name.strip()
        if len(text) <= MAX_LABELLED_CHARS and len(text.split()) == OWNER_WORDS and given(text):
            found = people(text, lone=False)
            if found.persons == (text,) and _says_i(scene):
                yield Claim(found, signal, text)
                return


def _says_i(scene: Scene) -> bool:
    low, high = scene.story or (0, len(scene.document.blocks))
    return any(VOICE.search(block.text) for block in scene.document.blocks[low:high])


def _near(scene: Scene) -> Iterable[int]:
    top, story, count = scene.top, scene.story, len(scene.document.blocks)
    if top is None:
        return range(min(40, count))
    near = list(range(max(0, top - REACH_BEFORE), min(count, top + REACH_AFTER)))
    if story:
        near.extend(range(max(top + REACH_AFTER, story[1] - 2), min(count, story[1] + NOTE_REACH)))
    return near
