"""Whose names does a byline hold? Takes introductions, titles, roles, places, handles and dates off, and tells persons from agencies.

Nothing rather than a wrong name: a piece that could be a brand, a desk or a role is left out. Where bylines stand is left to `byline`.
"""

# ruff: noqa: PLR2004 - counts of words and letters stand where they are explained

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from scraper.decode import unescape
from scraper.extract.byline_words import (
    AGENCIES,
    BRAND_WORDS,
    COMMA,
    CREDIT,
    DATE_LEADS,
    FIRST_WORDS,
    INTRODUCTION,
    JOINER,
    NOBODY,
    ORGANISATION,
    PARTICLES,
    ROLE_WORDS,
    TITLES,
)
from scraper.extract.given_names import given
from scraper.extract.months import month_of
from scraper.extract.plain import plain, words

__all__ = ["People", "introduced", "is_introduction", "people"]

MAX_CHARS, MAX_NAMES, MAX_NAME_CHARS, MAX_WORDS, MAX_INTRODUCTION = 600, 20, 50, 5, 40
HANDLE = re.compile(r"\bhttps?://\S{1,300}|\S{1,80}@\S{1,120}|(?:^|(?<=[\s(]))@\w{1,40}", re.IGNORECASE)
SITE = re.compile(r"\(?\bwww\.\S{1,200}", re.IGNORECASE)
SITE_MARK = "\ue000"
MARKUP = re.compile(r"<[^<>]{1,200}>")
BRACKETS = re.compile(r"\([^()]{0,120}\)|\[[^\[\]]{0,120}\]|（[^（）]{0,60}）")
QUOTED = re.compile(r"\s[\"“”'‘][^\"“”'’]{1,30}[\"”'’](?=\s)")
# Where a byline stops being one: a clock, a reading time, words that only follow names.
END = re.compile(
    r"\s*(?:[▪►|]|\b(?:published|posted|updated|last updated|veröffentlicht|aktualisiert|publié|publicado|actualizado|"
    r"pubblicato|aggiornato|"
    r"min read|minute read|is an? |is the |has been |was |follow|view all|read more|read full|view profile|share|subscribe|"
    r"leave a comment|more from|all articles|"
    r"see all|show all|view bio|full bio|learn about|all posts|alle beiträge|alle artikel|mehr\b|over de auteur|see more)\b).*",
    re.IGNORECASE | re.DOTALL,
)
FROM = re.compile(r"\s+(?:(?:in|aus|from|for|at|of|bei|für|à|em|fra|im|am|on)\s+\S|for the\s|of the\s).*", re.DOTALL)
FROM_TITLED = re.compile(r"(?<=[a-z])\s+(?:[Ff]or|From) (?:[Tt]he )?[A-Z].*", re.DOTALL)
LETTERED = re.compile(r"[^\W\d_]")
FIRST, GLUING = re.compile(r"\s*(?:[(\[—–-]\s*)?([^\s:：|/／﹕]+)"), ("By", "Written", "Posted", "Von", "Par", "Por")
# "ByAnn Lee", "Ann LeeFollow": elements without white space between them.
GLUED = re.compile(r"\A(?:(?:Written |Posted )?[Bb]y|Von|Par|Por)(?=[A-Z][\w.])|(?<=[a-z])(?:Follow|Published|Posted|Updated)\b.*")
EDGES = " .,:;-–—*'\"“”„«»|#~@()[]›>→"
# Degrees and memberships behind a name, without a comma: "Ann Lee RN".
DEGREE = re.compile(r"[A-Z]{2,5}\Z")
# Ends of words that names seldom have: behind a name they make a role or a field, "Garden Educator", "Home Security".
SUBJECT = re.compile(r"(?:ists?|ity|tions?|ures?|ators?|ments?|ness|ings|ship|ware|ology|ics|alists?|ence)\Z", re.IGNORECASE)
NICKNAME = re.compile(r"[\w.-]{3,25}\Z")
CASELESS = re.compile(r"[\u0590-\u05ff\u0600-\u06ff\u0900-\u0dff\u0e00-\u0eff\u10a0-\u10ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


# Over a writer's note these introduce a name; over a line of a menu they do not.
ABOUT = re.compile(r"\s*(?:about|über|à propos|author|autor|auteur)\b(?!\s*[:：])", re.IGNORECASE)


class People(NamedTuple):
    """Persons and agencies, as named, in order and without repetition, and the houses (a desk, a brand) that stand where a name could."""

    persons: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    houses: tuple[str, ...] = ()


def introduced(text: str) -> bool:
    """Say whether a text begins the way bylines begin ("By", "Von", "文/")."""
    return _introduction(text) is not None


def is_introduction(text: str) -> bool:
    """Say whether a text is nothing but such a beginning: "Post by :", with the name in the next line."""
    match = _introduction(text) if len(text) <= MAX_INTRODUCTION else None
    return match is not None and match.end() >= len(text)


def _introduction(text: str) -> re.Match[str] | None:
    first = FIRST.match(text)
    # Most lines are told by their first word, at a tenth of the cost; other scripts set no space behind an introduction.
    if first is None or (first[1].isascii() and first[1].casefold() not in FIRST_WORDS and not first[1].startswith(GLUING)):
        return None
    match = INTRODUCTION.match(f"{text[:MAX_INTRODUCTION]} ") or GLUED.match(text)
    return match if match is not None and ABOUT.match(text) is None else None


def people(raw: str, not_persons: frozenset[str] = frozenset(), *, lone: bool = True) -> People:
    """Read the names in a byline of at most 600 characters.

    `not_persons` holds names in common form that are the site's own; `lone` allows names of a single word and nicknames, which only a
    place meant for names can carry.
    """
    return _people(raw[:MAX_CHARS], not_persons, lone)


@lru_cache(maxsize=2048)
def _people(raw: str, not_persons: frozenset[str], lone: bool) -> People:
    # Kept, since markup, marks and lines of a page repeat its bylines.
    text = _cleaned(raw)
    persons: dict[str, str] = {}
    agencies: dict[str, None] = {}
    sure = False
    for piece in _pieces(text):
        if plain(piece).strip(" .,:;-") in AGENCIES:
            agencies[piece.strip(" .,:;-")] = None
            continue
        name = _name(piece)
        # Behind a full name a single word is a degree, a role or a place: "Dylan Bailey, FAND"; so are two: "Ann Lee, Garden Educator".
        alone = lone and not any(" " in known for known in persons.values())
        follows = sure and not given(name) and SUBJECT.search(name) is not None
        if name and not follows and _is_person(name, not_persons, lone=alone) and len(persons) < MAX_NAMES:
            persons.setdefault(plain(name), name)
            sure = sure or (" " in name and given(name))
    houses = () if persons or agencies else tuple(_houses(text))
    return People(_reordered(tuple(persons.values()), text), tuple(agencies), houses)


def _houses(text: str) -> Iterator[str]:
    """Give the house a byline without a person names: "The Herald Team", a brand, the site itself."""
    name = FROM.sub("", END.sub("", _undated(COMMA.split(text)[0]), count=1), count=1).strip(EDGES)
    parts = name.split()
    if not 2 < len(name) <= MAX_NAME_CHARS or len(parts) > MAX_WORDS or not LETTERED.search(name) or SITE_MARK in name:
        return
    if plain(name) in NOBODY or all(part.casefold().strip(".") in NOBODY or part.casefold() in ROLE_WORDS for part in parts):
        return
    if all(part[0].isupper() or part.casefold() in ("the", "of", "and", "for") or any(char.isupper() for char in part) for part in parts):
        yield name


def _cleaned(text: str) -> str:
    text = unescape(text) if "&" in text else text
    text = MARKUP.sub(" ", text) if "<" in text else text
    text = HANDLE.sub(" ", SITE.sub(SITE_MARK, text))
    text = BRACKETS.sub(" ", text)
    text = QUOTED.sub("", text)
    text = CREDIT.sub("", text)
    if not text.isascii():
        text = "".join(
            char for char in text if char.isascii() or char == SITE_MARK or unicodedata.category(char) not in ("So", "Cf", "Sk", "Cn")
        )
    text = GLUED.sub("", " ".join(text.replace("_", " ").replace("\ufe0f", "").split()))
    for _ in range(3):
        match = INTRODUCTION.match(text)
        if not match or match.end() >= len(text):
            break
        text = text[match.end() :]
    return text


def _pieces(text: str) -> Iterator[str]:
    """Give what may be a name each. What follows a house's name is its address, and is left out."""
    for whole in COMMA.split(text)[: MAX_NAMES * 2]:
        part = FROM_TITLED.sub("", whole, count=1)
        if SITE_MARK in part or _is_house(part):
            if plain(part).strip(" .") in AGENCIES:
                yield part
                continue
            return
        for piece in JOINER.split(part):
            inner = INTRODUCTION.match(piece)
            yield piece[inner.end() :] if inner else piece


def _is_house(part: str) -> bool:
    form = part.casefold()
    return ORGANISATION.search(form) is not None or any(word.strip(".,:") in BRAND_WORDS for word in form.split())


def _name(piece: str) -> str:
    piece = FROM.sub("", END.sub("", _undated(piece), count=1), count=1)
    piece = piece.strip(EDGES)
    match = TITLES.match(piece + " ")
    # "Dr. Ann Lee" is Ann Lee; where one word is left, the title is a part of what people call somebody: "Sir Henry".
    if match and " " in piece[match.end() :].strip():
        piece = piece[match.end() :].strip()
    parts = piece.split()
    while len(parts) > 2 and (parts[0].casefold().strip(".:") in ROLE_WORDS or (DEGREE.match(parts[0]) and _is_written(parts[1:]))):
        parts.pop(0)
    for index, part in enumerate(parts):
        if index >= 2 and part.casefold().strip(".:") in ROLE_WORDS:
            parts = parts[:index]
            break
    while len(parts) > 2 and DEGREE.match(parts[-1]) and not parts[0].isupper() and not parts[-2].isupper():
        parts.pop()
    half = len(parts) // 2
    if half and parts[:half] == parts[half:]:
        parts = parts[:half]
    return " ".join(parts)


def _is_written(parts: list[str]) -> bool:
    """Say whether words are a name in the usual case: what stands before them in capitals is none of it."""
    return given(parts[0]) and not parts[0].isupper()


def _undated(piece: str) -> str:
    """Cut a piece where a number begins, and the month or weekday before it: "Ann Lee December 17", "Ann Lee Do 7"."""
    start = next((index for index, char in enumerate(piece) if char.isdigit()), None)
    if start is None or (start and not piece[start - 1].isspace()):
        return piece
    parts = piece[:start].split()
    while len(parts) > 1 and (parts[-1].casefold().strip(".,:") in DATE_LEADS or month_of(parts[-1].strip(".,:"))):
        parts.pop()
    return " ".join(parts)


def _is_person(name: str, not_persons: frozenset[str], *, lone: bool) -> bool:
    parts = name.split()
    lower = [part.casefold().strip(".,:") for part in parts]
    if not 2 <= len(name) <= MAX_NAME_CHARS or len(parts) > MAX_WORDS or not LETTERED.search(name) or "://" in name or ":" in name:
        return False
    if plain(name) in NOBODY or any(part in BRAND_WORDS for part in lower):
        return False
    # A blog often bears its writer's name; other names of the site are brands.
    if _is_site(name, not_persons) and not (lone and 2 <= len(parts) <= 3 and given(name)):
        return False
    if (
        all(part in ROLE_WORDS or part in NOBODY for part in lower)
        or lower[-1] in ROLE_WORDS
        or lower[0] in ("the", "our", "your", "this", "my", "a", "an", "no")
        or (any(part in ROLE_WORDS for part in lower) and not given(name))
    ):
        return False
    if CASELESS.search(name):
        return len(name) <= 30 and (len(name) > 2 or lone)
    if len(parts) == 1:
        return lone and _is_nickname(name, lower[0])
    return not any(char.isdigit() for char in name) and (_capitalised(parts) or (lone and len(parts) == 2 and name.islower()))


def _is_nickname(name: str, form: str) -> bool:
    if month_of(form) or form in DATE_LEADS or not NICKNAME.match(name):
        return False
    # Account numbers and generated logins are no names.
    return len(name) <= 12 or sum(char.isdigit() for char in name) < 2


def _is_site(name: str, not_persons: frozenset[str]) -> bool:
    return plain(name) in not_persons or "".join(words(name)) in not_persons


def _capitalised(parts: list[str]) -> bool:
    """Say whether every word but the particles begins like a name."""
    return all(part.casefold() in PARTICLES or not part[0].islower() or any(char.isupper() for char in part) for part in parts)


def _reordered(persons: tuple[str, ...], text: str) -> tuple[str, ...]:
    """Turn "Smith, John" round: two single words around the only comma."""
    if len(persons) == 2 and text.count(",") == 1 and all(len(person.split()) == 1 for person in persons) and ", " in text:
        return (f"{persons[1]} {persons[0]}",)
    return persons
