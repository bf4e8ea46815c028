"""Who wrote the story, and which agencies supplied it? Weighs the markup's claims against the byline a reader sees.

How names are read out of a text is left to `names`. The writer's note below the story names the writer only when nothing else does.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from scraper.extract.byline_words import INNER
from scraper.extract.candidates import Choice, Claims, Found
from scraper.extract.document import Document, Mark
from scraper.extract.moments import moments
from scraper.extract.names import People, introduced, is_introduction, people
from scraper.extract.plain import plain
from scraper.records import Candidate

__all__ = ["Byline", "byline", "closing_author", "writer_notes"]

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
HOUSE_SIGNALS = ("visible:author_link", "visible:line")
FULL_SIGNALS = (
    "visible:author_link",
    "visible:line",
    "visible:byline",
    "meta:citation_author",
    "meta:dc.contributor",
    "meta:parsely-author",
)
BESIDE_DATE = "visible:beside_date"
MAX_FAR, MAX_FULL = 12, 5
# How near a line must stand to the headline, and how short it must be, to be read as a byline without an introduction or within it.
MAX_HOUSE_CHARS, MAX_INNER_CHARS, MAX_BESIDE_CHARS, BESIDE, REACH_UNKNOWN = 90, 110, 70, 3, 60
NOTE = re.compile(
    r"(?P<name>(?:[^\W\d_][\w'’.-]{0,25}\s){1,4}[^\W\d_][\w'’.-]{0,25})\s(?:is|was|are|ist|est|es|è|é)\s"
    r"(?:an?\s|the\s|The\s[\w ]{2,30}['’]s\s|our\s|eine?\s|une?\s|"
    r"(?:[\w'’-]{1,20}\s){0,4}?)(?:[\w'’-]{1,20}\s){0,4}?(?:correspondent|reporter|editor|writer|journalist|columnist|contributor|fellow|author|analyst|"
    r"redakteurin|redakteur|korrespondentin|korrespondent|autorin|autor|journaliste|correspondant|periodista|corresponsal|giornalista)\b"
)
# "X writes for Y", "X covers Z": notes without a role.
PLAIN_NOTE = re.compile(
    r"(?P<name>(?:[^\W\d_][\w'’.-]{0,25}\s){1,4}[^\W\d_][\w'’.-]{0,25})\s"
    r"(?:writes (?:for|about)|reports for|covers|schreibt für|berichtet für|écrit pour|escribe para|scrive per)\s"
)
MAX_NOTE_CHARS, NOTE_REACH = 600, 4


class Byline(NamedTuple):
    """Persons, agencies, and what lost."""

    authors: Choice[tuple[str, ...]] = Choice()
    agencies: Choice[tuple[str, ...]] = Choice()


class _Claim(NamedTuple):
    people: People
    signal: str
    raw: str
    hint: str = ""


def byline(
    document: Document, claims: Claims, *, names: frozenset[str], headline: int | None, story: tuple[int, int] | None = None
) -> Byline:
    """Choose the authors. `names` are the site's own in common form, `headline` is the block that shows it, `story` the body's blocks.

    A house (a desk, a brand) is only named when no person is, and only where a reader sees it as the byline.
    """
    found = list(_structured(claims, names))
    known = any(_trust(claim) == 0 for claim in found if claim.people.persons)
    found.extend(_seen(document, names, headline, story, marks_only=known))
    persons = [claim for claim in found if claim.people.persons]
    agencies = next((claim for claim in found if claim.people.agencies), None)
    if story is not None and all(claim.signal == BESIDE_DATE for claim in persons):
        persons[:0] = [_Claim(People((name.value,)), name.signal, name.value) for name in closing_author(document, story, names)]
    if not persons and agencies is None:
        persons = list(_far(document, names))
    if not persons and agencies is None:
        persons = list(_houses(found))
    persons.sort(key=_trust)
    return Byline(
        _choice(_fullest(persons), [claim for claim in found if not claim.people.persons]),
        Choice(Found(agencies.people.agencies, agencies.signal)) if agencies else Choice(),
    )


def _trust(claim: _Claim) -> int:
    """Put claims of full names before those of nicknames and logins."""
    return 0 if any(" " in name or not name.isascii() for name in claim.people.persons) else 1


def _fullest(persons: list[_Claim]) -> list[_Claim]:
    """Put the claim first that names everybody the winner names, and more: markup often knows the first writer only."""
    if not persons:
        return persons
    winner = {plain(name) for name in persons[0].people.persons}
    for claim in persons[1:]:
        more = {plain(name) for name in claim.people.persons}
        if winner < more and len(more) <= MAX_FULL and claim.signal in FULL_SIGNALS and all(" " in name for name in more):
            return [claim, *(other for other in persons if other is not claim)]
    return persons


def _houses(found: list[_Claim]) -> Iterator[_Claim]:
    for claim in found:
        if claim.people.houses and claim.signal in HOUSE_SIGNALS and len(claim.raw) <= MAX_HOUSE_CHARS:
            yield claim._replace(people=People(claim.people.houses))


def _choice(persons: list[_Claim], empty: list[_Claim]) -> Choice[tuple[str, ...]]:
    losers = [Candidate(value=claim.raw[:200], signal=claim.signal, reason="names no person") for claim in empty]
    if not persons:
        return Choice(None, tuple(losers))
    winner = persons[0]
    beaten = [Candidate(value=", ".join(claim.people.persons), signal=claim.signal, reason=_why(winner, claim)) for claim in persons[1:]]
    return Choice(Found(winner.people.persons, winner.signal), (*beaten, *losers))


def _why(winner: _Claim, loser: _Claim) -> str:
    same = {plain(name) for name in winner.people.persons} == {plain(name) for name in loser.people.persons}
    return "says the same" if same else "a less trusted signal"


# -- what the markup claims


def _structured(claims: Claims, names: frozenset[str]) -> Iterator[_Claim]:
    for claim in claims.authors:
        persons: dict[str, None] = {}
        agencies: dict[str, None] = {}
        for named in claim.value:
            read = people(named.name, names)
            agencies.update(dict.fromkeys(read.agencies))
            if not named.organisation:
                persons.update(dict.fromkeys(read.persons))
        yield _Claim(People(tuple(persons), tuple(agencies)), claim.signal, "; ".join(named.name for named in claim.value))


# -- what a reader sees


def _seen(
    document: Document, names: frozenset[str], headline: int | None, story: tuple[int, int] | None, *, marks_only: bool
) -> Iterator[_Claim]:
    top = headline if headline is not None else (story[0] if story else None)
    ranked = [(rank, claim) for rank, claim in (_marked if marks_only else _ranked)(document, names, top, story) if any(claim.people)]
    ranked = [entry for entry in ranked if not any(_tighter(other[1], entry[1]) for other in ranked)]
    ranked.sort(key=lambda entry: entry[0])
    best = ranked[0][0] if ranked else 0.0
    merged: list[_Claim] = []
    for rank, claim in ranked:
        # Two writers stand in two elements of one kind, side by side.
        if merged and rank - best < 1 and claim.signal == merged[0].signal and claim.hint == merged[0].hint:
            merged[0] = _joined(merged[0], claim)
        else:
            merged.append(claim)
    yield from merged[:6]


def _tighter(inner: _Claim, outer: _Claim) -> bool:
    """Say whether one claim's text holds another's and only adds words to its name: "Ann Lee" in "Ann Lee Former Consultant"."""
    if len(inner.raw) >= len(outer.raw) or inner.raw not in outer.raw or not inner.people.persons:
        return False
    return any(long != short and long.startswith(short + " ") for long in outer.people.persons for short in inner.people.persons)


def _joined(one: _Claim, other: _Claim) -> _Claim:
    persons = dict.fromkeys(one.people.persons)
    known = {plain(name) for name in persons}
    persons.update(dict.fromkeys(name for name in other.people.persons if plain(name) not in known))
    agencies = tuple(dict.fromkeys((*one.people.agencies, *other.people.agencies)))
    return one._replace(people=People(tuple(persons), agencies))


def _ranked(document: Document, names: frozenset[str], top: int | None, story: tuple[int, int] | None) -> Iterator[tuple[float, _Claim]]:
    yield from _marked(document, names, top, story)
    for index in _near(document, top, story):
        block = document.blocks[index]
        gap = _gap(index, top, story) if len(block.text) <= MAX_TEXT else None
        if gap is None:
            continue
        if is_introduction(block.text) and index + 1 < len(document.blocks):
            following = document.blocks[index + 1].text[:MAX_TEXT]
            yield 2.0 + gap // 4, _Claim(people(following, names, lone=False), "visible:line", f"{block.text} {following}")
        elif introduced(block.text):
            yield 2.0 + gap // 4, _Claim(people(block.text, names, lone=False), "visible:line", block.text)
        if introduced(block.text):
            continue
        inner = INNER.search(block.text) if len(block.text) <= MAX_INNER_CHARS and DIGIT.search(block.text) else None
        if inner:
            yield 4.0 + gap // 4, _Claim(people(block.text[inner.end() :], names, lone=False), "visible:within_line", block.text)
        elif gap <= BESIDE and len(block.text) <= MAX_BESIDE_CHARS:
            yield 9.0 + gap // 4, _Claim(People(_beside_date(block.text, names)), BESIDE_DATE, block.text)


def _beside_date(text: str, names: frozenset[str]) -> tuple[str, ...]:
    """Read the name in a line that holds nothing but a name and a date: "25.10.2022 - Ann Lee"."""
    found = next(moments(text), None)
    if found is None or (found.start and text[found.start - 1].isalnum()):
        return ()  # "Example Times21-05-2025" is a publisher
    rest = (text[: found.start].strip(" ,|·•–—-"), text[found.end :].strip(" ,|·•–—-"))
    named = [part for part in rest if part and not any(char.isdigit() for char in part)]
    return people(named[0], names, lone=False).persons[:1] if len(named) == 1 and len(named[0].split()) in (2, 3) else ()


def _marked(document: Document, names: frozenset[str], top: int | None, story: tuple[int, int] | None) -> Iterator[tuple[float, _Claim]]:
    for mark in document.marks[:MAX_MARKS]:
        gap = _gap(mark.block, top, story)
        if gap is not None and _is_byline(mark):
            precise = bool(NAME_HINT.search(mark.hint)) or mark.tag == "a"
            signal = "visible:author_link" if precise else "visible:byline"
            yield (0.0 if precise else 3.0) + gap // 4, _Claim(people(mark.text, names, lone=precise), signal, mark.text, mark.hint)


def _is_byline(mark: Mark) -> bool:
    return len(mark.text) <= MAX_TEXT and _speaks_of_author(mark.hint)


@lru_cache(maxsize=4096)
def _speaks_of_author(hint: str) -> bool:
    # Cached: the same few hints stand on every page of a site.
    return AUTHOR_HINT.search(hint) is not None and FOREIGN.search(hint) is None


def _far(document: Document, names: frozenset[str]) -> Iterator[_Claim]:
    """Read the authors' marks anywhere on the page, if all of them name the same."""
    marks = [mark for mark in document.marks[:MAX_MARKS] if _is_byline(mark)][:MAX_FAR]
    claims = [_Claim(people(mark.text, names, lone=bool(NAME_HINT.search(mark.hint))), "visible:far_author", mark.text) for mark in marks]
    claims = [claim for claim in claims if claim.people.persons]
    if len({claim.people.persons for claim in claims}) == 1:
        yield claims[0]


def _near(document: Document, top: int | None, story: tuple[int, int] | None) -> Iterable[int]:
    if top is None:
        return range(min(40, len(document.blocks)))
    near = list(range(max(0, top - REACH_BEFORE), min(len(document.blocks), top + REACH_AFTER)))
    if story:
        near.extend(range(max(top + REACH_AFTER, story[1] - 2), min(len(document.blocks), story[1] + NOTE_REACH)))
    return near


def _gap(block: int, top: int | None, story: tuple[int, int] | None) -> float | None:
    if top is None:
        return 0.0 if block < REACH_UNKNOWN else None
    if top <= block <= top + REACH_AFTER:
        return float(block - top)
    if top - REACH_BEFORE <= block < top:
        return 2.0 + top - block
    if story and story[1] - 2 <= block < story[1] + NOTE_REACH:
        return 16.0
    return None


# -- the note below the story


def closing_author(document: Document, story: tuple[int, int], names: frozenset[str] = frozenset()) -> tuple[Found[str], ...]:
    """Read "X is China correspondent at Y" in the last blocks of the story or just below it."""
    for index in range(max(story[0], story[1] - 2), min(len(document.blocks), story[1] + NOTE_REACH)):
        text = document.blocks[index].text
        match = _note(text) if len(text) <= MAX_NOTE_CHARS else None
        if match:
            found = people(match["name"], names, lone=False).persons
            if len(found) == 1:
                return (Found(found[0], "visible:closing_note"),)
    return ()


def writer_notes(document: Document, story: tuple[int, int]) -> tuple[int, ...]:
    """Give the last blocks of a story that are about its writer: such a note stands below the story, it is no part of it."""
    last = range(max(story[0] + 1, story[1] - 2), story[1])
    return tuple(index for index in last if len(document.blocks[index].text) <= MAX_NOTE_CHARS and _note(document.blocks[index].text))


def _note(text: str) -> re.Match[str] | None:
    return NOTE.match(text) or PLAIN_NOTE.match(text)
