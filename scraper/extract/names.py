"""Whose names does a byline hold? Takes introductions, titles, roles, places, handles and dates off, and tells persons from agencies.

Nothing rather than a wrong name: a piece that could be a brand, a desk or a role is left out. Where bylines stand is left to `byline`.
"""

# ruff: noqa: PLR2004 - counts of words and letters stand where they are explained

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from scraper.extract.byline_text import DEGREE, EDGES, FROM_TITLED, SITE_MARK, cleaned, is_house, pieces
from scraper.extract.byline_words import (
    AGENCIES,
    BRAND_WORDS,
    COMMA,
    CREDIT,
    DATE_LEADS,
    FIELDS,
    FIRST_WORDS,
    INTRODUCTION,
    JOINER,
    NOBODY,
    PARTICLES,
    ROLE_WORDS,
    TITLES,
)
from scraper.extract.eastern_names import EASTERN, is_eastern_name
from scraper.extract.given_names import given
from scraper.extract.months import month_of
from scraper.extract.plain import plain
from scraper.extract.site_names import is_site

__all__ = ["People", "people"]

MAX_CHARS: Final = 600
MAX_NAMES: Final = 20
MAX_NAME_CHARS: Final = 50
MAX_WORDS: Final = 5
# Where a byline stops being one: a clock, a reading time, words that only follow names.
END: Final = re.compile(
    r"\s*(?:[▪►|]|\b(?:published|posted|updated|last updated|veröffentlicht|aktualisiert|publié|publicado|actualizado|"
    r"pubblicato|aggiornato|"
    r"min read|minute read|is an? |is the |has been |was |follow|view all|read more|read full|view profile|share|subscribe|"
    r"tips (?:meg|oss|mig)\b|e-?mail\b|e-post\b|leave a comment|more from|all articles|"
    r"see all|show all|view bio|full bio|learn about|all posts|alle beiträge|alle artikel|mehr\b|over de auteur|see more)\b).*",
    re.IGNORECASE | re.DOTALL,
)
FROM: Final = re.compile(r"\s+(?:(?:in|aus|from|for|at|of|bei|für|à|em|fra|im|am|on)\s+\S|for the\s|of the\s).*", re.DOTALL)
# What follows a name's date is a section or a count: "by Ann Lee | Mar 11, 2023 | Garden Tools | 0 comments".
DATED: Final = re.compile(r"(?:\A|\s|[./-])(?:19|20)\d\d\Z|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\Z")
LETTERED: Final = re.compile(r"[^\W\d_]")
AGO: Final = re.compile(r"\d+\s+(?:min|hour|day|sec|hrs?\b)")
# "Ann LeeNovember 21": a date's element behind a name's.
GLUED_MONTH: Final = re.compile(r"(?<=[^\W\d_])[A-Z][a-z]{2,8}(?=\W*\Z)")
# Ends of words that names seldom have: behind a name they make a role or a field, "Garden Educator", "Home Security".
SUBJECT: Final = re.compile(r"(?:ists?|ity|tions?|ures?|ators?|ments?|ness|ings|ship|ware|ology|ics|alists?|ence)\Z", re.IGNORECASE)
SHORT_MONTHS: Final = frozenset(("Feb", "Apr", "Jul", "Aug", "Sep", "Sept", "Oct", "Nov", "Dec"))
# Begin names of papers: "Die Zeitung", "Le Quai". No name of two words begins with them.
ARTICLES: Final = frozenset(("Der", "Die", "Das", "Le", "Les", "Los", "Las", "Het", "Il", "DER", "DIE", "LE", "HET"))
# "Ann Lee", "Ann B. Lee-Ek", "By Ann Lee", and the words that the patterns look for in any text: a name without them is read as it stands.
SMALL: Final = "a-zß-öø-ÿ\u0100-\u017f\u0430-\u045f"
WORD: Final = rf"(?:Mc)?[A-ZÀ-ÖØ-Þ\u0400-\u042f{SMALL}][{SMALL}]+(?:['’-][A-ZÀ-ÖØ-Þ\u0400-\u042f][{SMALL}]+)*"
BARE: Final = re.compile(rf"(?:(?:[Bb]y|[Vv]on|Por) )?({WORD}(?:(?: [A-Z]\.| {WORD})? {WORD})?)")
BREAKS: Final = re.compile(r"[ .'’-]+")
SOUGHT: Final = frozenset(
    word
    for pattern in (END, FROM, FROM_TITLED, JOINER, TITLES, CREDIT, INTRODUCTION)
    for word in re.findall(r"[^\W\d_]{2,}", pattern.pattern.replace("-?", "").casefold())
).union(FIRST_WORDS, ROLE_WORDS, map(str.casefold, SHORT_MONTHS))
# A given name and initials.
REST: Final = re.compile(r"\S+(?: [^\W\d_]\.?)*\Z")
NICKNAME: Final = re.compile(r"[\w.-]{3,25}\Z")
CASELESS: Final = re.compile(r"[\u0590-\u05ff\u0600-\u06ff\u0900-\u0dff\u0e00-\u0eff\u10a0-\u10ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


class People(NamedTuple):
    """Persons and agencies, as named, in order and without repetition, and the houses (a desk, a brand) that stand where a name could."""

    persons: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    houses: tuple[str, ...] = ()


def people(raw: str, not_persons: frozenset[str] = frozenset(), *, lone: bool = True) -> People:
    """Read the names in a byline of at most 600 characters.

    `not_persons` holds names in common form that are the site's own; `lone` allows names of a single word and nicknames, which only a
    place meant for names can carry.
    """
    return _people(raw[:MAX_CHARS], not_persons, lone)


@lru_cache(maxsize=2048)
def _people(raw: str, not_persons: frozenset[str], lone: bool) -> People:
    # Kept, since markup, marks and lines of a page repeat its bylines.
    bare = _bare(raw)
    text = bare or cleaned(raw)
    persons: dict[str, str] = {}
    agencies: dict[str, None] = {}
    sure = False
    for piece in (text,) if bare else pieces(text):
        if persons and DATED.search(piece):
            break
        if plain(piece).strip(" .,:;-") in AGENCIES:
            agencies[piece.strip(" .,:;-")] = None
            continue
        name = piece if bare else _name(piece)
        # Behind a full name a single word is a degree, a role or a place: "Bo Ek, FAND"; so are two: "Ann Lee, Garden Educator".
        alone = lone and not agencies and not any(" " in known for known in persons.values())
        follows = sure and not given(name) and SUBJECT.search(name) is not None
        if name and not follows and _is_person(name, not_persons, lone=alone) and len(persons) < MAX_NAMES:
            persons.setdefault(plain(name), name)
            sure = sure or (" " in name and given(name))
    houses = () if persons or agencies else tuple(_houses(text))
    return People(_without_places(_reordered(tuple(persons.values()), text), agencies), tuple(agencies), houses)


def _bare(text: str) -> str:
    """Give the name that a text is, if nothing has to be taken off it but "By"; nothing where that is not sure."""
    match = BARE.fullmatch(text)
    if match is None or is_house(match[1]):
        return ""
    words = BREAKS.split(match[1].casefold())
    return match[1] if SOUGHT.isdisjoint(words) and len(set(words)) == len(words) and words[-1] not in AGENCIES else ""


def _without_places(persons: tuple[str, ...], agencies: Iterable[str]) -> tuple[str, ...]:
    """Leave out single words where a full name or an agency stands too, and lists of words that are no given names.

    "London, Ann Lee", "Sport - Reuters", "Ports, Shipping, Trade".
    """
    full = tuple(name for name in persons if " " in name or (not name.isascii() and EASTERN.search(name)))
    if full or any(agencies):
        return full
    return persons if len(persons) < 2 or any(map(given, persons)) else ()


def _houses(text: str) -> Iterator[str]:
    """Give the house a byline without a person names: "The Herald Team", a brand, the site itself."""
    name = FROM.sub("", END.sub("", _undated(COMMA.split(text)[0]), count=1), count=1).strip(EDGES)
    parts = name.split()
    if not 2 < len(name) <= MAX_NAME_CHARS or len(parts) > MAX_WORDS or not LETTERED.search(name) or SITE_MARK in name:
        return
    if plain(name) in NOBODY or all(_is_nobody(part.casefold().strip(".,"), alone=len(parts) == 1) for part in parts):
        return
    if all(not part.islower() or not part[0].islower() or part in ("the", "of", "and", "for") for part in parts):
        yield name


def _is_nobody(word: str, *, alone: bool) -> bool:
    return word in NOBODY or word in ROLE_WORDS or (alone and (word in DATE_LEADS or month_of(word) is not None))


def _name(piece: str) -> str:
    piece = FROM.sub("", END.sub("", _undated(piece), count=1), count=1)
    piece = piece.strip(EDGES)
    match = TITLES.match(piece + " ")
    # "Dr. Ann Lee" is Ann Lee; where one word is left, the title is a part of what people call somebody: "Sir Henry".
    if match and " " in piece[match.end() :].strip():
        piece = piece[match.end() :].strip()
    parts = piece.split()
    if len(parts) > 2 and parts[-1] in SHORT_MONTHS:
        parts.pop()
    while len(parts) > 2 and (parts[0].casefold().strip(".:") in ROLE_WORDS or (DEGREE.match(parts[0]) and _is_written(parts[1:]))):
        parts.pop(0)
    for index, part in enumerate(parts):
        if index >= 2 and part.casefold().strip(".:") in ROLE_WORDS:
            parts = parts[:index]
            while len(parts) > 2 and parts[-1].casefold() in FIELDS:
                parts.pop()
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
    if start is None or (start and not piece[start - 1].isspace() and not AGO.match(piece, start)):
        return piece
    parts = GLUED_MONTH.sub(_unglued, piece[:start]).split()
    while len(parts) > 1 and (parts[-1].casefold().strip(".,:") in DATE_LEADS or month_of(parts[-1].strip(".,:"))):
        parts.pop()
    return " ".join(parts)


def _unglued(match: re.Match[str]) -> str:
    return f" {match[0]}" if month_of(match[0]) else match[0]


def _is_person(name: str, not_persons: frozenset[str], *, lone: bool) -> bool:
    parts = name.split()
    lower = [part.casefold().strip(".,:") for part in parts]
    if not 2 <= len(name) <= MAX_NAME_CHARS or len(parts) > MAX_WORDS or not LETTERED.search(name) or "://" in name or ":" in name:
        return False
    if plain(name) in NOBODY or any(part in BRAND_WORDS for part in lower):
        return False
    if len(parts) == 2 and len(lower[1]) <= 2 and lower[0] in _site_words(not_persons) and not given(name):
        return False
    # A blog often bears its writer's name; other names of the site are brands.
    if is_site(name, not_persons) and not (lone and 2 <= len(parts) <= 3 and given(name)):
        return False
    if (
        all(part in ROLE_WORDS or part in NOBODY for part in lower)
        or lower[-1] in ROLE_WORDS
        or parts[-1] in PARTICLES
        or lower[0] in ("the", "our", "your", "this", "my", "a", "an", "no")
        or (len(parts) == 2 and parts[0] in ARTICLES)
        or (any(part in ROLE_WORDS for part in lower) and not given(name))
    ):
        return False
    if CASELESS.search(name):
        return len(name) <= 30 and (len(name) > 2 or lone) and (not EASTERN.search(name) or is_eastern_name(name, lone=lone))
    if len(parts) == 1:
        return lone and _is_nickname(name, lower[0])
    loose = lone and len(parts) == 2 and (name.islower() or given(name))
    return not any(char.isdigit() for char in name) and (loose or _capitalised(parts))


def _is_nickname(name: str, form: str) -> bool:
    if month_of(form) or form in DATE_LEADS or not NICKNAME.match(name):
        return False
    # Account numbers and generated logins are no names.
    return len(name) <= 12 or sum(char.isdigit() for char in name) < 2


@lru_cache(maxsize=256)
def _site_words(names: frozenset[str]) -> frozenset[str]:
    """Give the words that the site's names of several words begin with: "Quay D" is an account of "Quay News"."""
    return frozenset(name.split()[0] for name in names if " " in name)


def _capitalised(parts: list[str]) -> bool:
    """Say whether every word but the particles begins like a name."""
    return all(part.casefold() in PARTICLES or not part[0].islower() or any(char.isupper() for char in part) for part in parts)


def _reordered(persons: tuple[str, ...], text: str) -> tuple[str, ...]:
    """Turn "Smith, John" and "Smith, John T." round: a single word before the only comma, one and initials behind it."""
    if len(persons) != 2 or text.count(",") != 1 or ", " not in text or EASTERN.search(text):
        return persons
    family, rest = persons
    if " " in family or not REST.match(rest):
        return persons
    return (f"{rest}{'.' if ' ' in rest and f'{rest}.' in text else ''} {family}",)
