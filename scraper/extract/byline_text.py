"""What may be a name each in a byline's text? Takes handles, brackets, credits and introductions off, and cuts the rest into pieces.

Whether a piece is a person's name is decided in `names`.
"""

# ruff: noqa: PLR2004 - counts of words are explained where they stand

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from scraper.decode import unescape
from scraper.extract.byline_words import AGENCIES, BRAND_WORDS, COMMA, CREDIT, DESKS, JOINER, NOBODY, ORGANISATION, ROLE_WORDS
from scraper.extract.eastern_names import EASTERN, eastern_pieces
from scraper.extract.given_names import given
from scraper.extract.introductions import GLUED, is_introduction, unintroduced
from scraper.extract.plain import plain

__all__ = ["DEGREE", "EDGES", "FROM_TITLED", "SITE_MARK", "cleaned", "desk", "is_house", "pieces", "standing_alone", "supplied"]

MAX_PIECES: Final = 40
MAX_AGENCY_WORDS: Final = 3
UNLABELLED_CHARS: Final = 3
LEAST_ALONE: Final = 3
MAX_ALONE: Final = 40
MAX_ALONE_WORDS: Final = 4
LEAD_CHARS: Final = 3
SITE_MARK: Final = "\ue000"
HANDLE: Final = re.compile(r"\bhttps?://\S{1,300}|\S{1,80}@\S{1,120}|(?:^|(?<=[\s(]))@\w{1,40}", re.IGNORECASE)
SITE: Final = re.compile(r"\(?\bwww\.\S{1,200}", re.IGNORECASE)
MARKUP: Final = re.compile(r"<[^<>]{1,200}>")
BRACKETS: Final = re.compile(r"\([^()]{0,120}\)|\[[^\[\]]{0,120}\]|（[^（）]{0,60}）")
QUOTED: Final = re.compile(r"\s[\"“”'‘][^\"“”'’]{1,30}[\"”'’](?=\s)")
FROM_TITLED: Final = re.compile(r"(?<=[a-z])\s+(?:[Ff]or|From) (?:[Tt]he )?[A-Z].*", re.DOTALL)
# What says that an agency is named behind it; and what may stand between an agency and a place or desk.
SOURCE: Final = re.compile(
    r"\A\s*(?:source|quelle|bron|fonte|fuente|font|kaynak|kilde|källa|lähde|źródło|zdroj|izvor|vir|sursa|forrás|šaltinis|avots|allikas|"
    r"sumber|nguồn|источник|джерело|източник|извор|πηγή|المصدر|מקור|منبع|स्रोत|সূত্র|ที่มา|来源|來源|出典|출처)\s*[:：]",
    re.IGNORECASE,
)
PLACED: Final = re.compile(r",\s+|\s+[–—-]\s+")
EDGES: Final = " .,:;-–—*'\"“”„«»|#~@()[]›>→"
# Degrees and memberships behind a name, without a comma: "Ann Lee RN".
DEGREE: Final = re.compile(r"[A-Z]{2,5}\Z")


def cleaned(text: str) -> str:
    """Give a byline's text without markup, handles, brackets, credits and what introduces it."""
    text = unescape(text) if "&" in text else text
    text = MARKUP.sub(" ", text) if "<" in text else text
    text = SITE.sub(SITE_MARK, text) if "." in text else text
    text = HANDLE.sub(" ", text) if "@" in text or "://" in text else text
    text = BRACKETS.sub(" ", text) if "(" in text or "[" in text or "（" in text else text
    text = QUOTED.sub("", text)
    text = CREDIT.sub("", text)
    if not text.isascii():
        text = "".join(
            char for char in text if char.isascii() or char == SITE_MARK or unicodedata.category(char) not in ("So", "Cf", "Sk", "Cn")
        )
    text = GLUED.sub("", " ".join(text.replace("_", " ").replace("\ufe0f", "").split()))
    for _ in range(3):
        shorter = unintroduced(text)
        if shorter == text:
            break
        text = shorter
    return text


def pieces(text: str) -> Iterator[str]:
    """Give what may be a name each, or an agency, of a cleaned text."""
    return eastern_pieces(text) if not text.isascii() and EASTERN.search(text) else _pieces(text)


def _pieces(text: str) -> Iterator[str]:
    """Give what may be a name each. What follows a house's name is its address, and is left out."""
    for whole in COMMA.split(text)[:MAX_PIECES]:
        part, agency = _without_agency(FROM_TITLED.sub("", whole, count=1))
        if agency:
            yield agency
        if SITE_MARK in part or is_house(part):
            if plain(part).strip(" .") in AGENCIES:
                yield part
                continue
            yield from _before_house(part.split())
            return
        for piece in JOINER.split(part):
            yield from _before_house(piece.split()) or (unintroduced(piece),)


def _without_agency(part: str) -> tuple[str, str]:
    """Take an agency off that stands behind full names with no sign between: "Ann Lee and Bo Ek The Associated Press"."""
    words = part.split()
    for count in range(min(MAX_AGENCY_WORDS, len(words) - 2), 0, -1):
        agency = " ".join(words[-count:])
        # "Anna Pap" bears the name of an agency.
        if not words[-count - 1][0].islower() and plain(agency).strip(" .") in AGENCIES and (len(agency) > 4 or not agency.istitle()):
            return " ".join(words[:-count]), agency
    return part, ""


def _before_house(parts: list[str]) -> tuple[str, ...]:
    """Give the name that stands before a house's with no sign between: "Ann Lee BBC News"."""
    known = len(parts) > 3 and given(parts[0]) and not parts[1].isupper() and is_house(parts[-1])
    return (" ".join(parts[:2]),) if known and DEGREE.match(parts[2]) else ()


def is_house(part: str) -> bool:
    """Say whether a part of a byline is called as houses are."""
    form = part.casefold()
    return ORGANISATION.search(form) is not None or any(word.strip(".,:") in BRAND_WORDS for word in form.split())


def standing_alone(text: str) -> tuple[str, ...]:
    """Give what an author's mark holds where it is no person: a desk, a team, the site's own name; no label and no role."""
    name = cleaned(text).strip(EDGES)
    form, parts = plain(name), name.split()
    if not LEAST_ALONE <= len(name) <= MAX_ALONE or len(parts) > MAX_ALONE_WORDS or SITE_MARK in name or any(map(str.isdigit, name)):
        return ()
    # "Posted on", "Veröffentlicht am"
    leads = len(parts) > 1 and len(parts[-1]) <= LEAD_CHARS and parts[-1].islower()
    if leads or is_introduction(text) or ":" in name:
        return ()
    nobody = form in NOBODY or all(part.casefold() in ROLE_WORDS for part in parts)
    return () if nobody and form not in DESKS else (name,)


def desk(text: str) -> tuple[str, ...]:
    """Give the desk that a byline names and nobody else: "By Staff Writer"."""
    name = cleaned(text).strip(EDGES)
    return (name,) if plain(name) in DESKS else ()


def supplied(text: str) -> tuple[str, ...]:
    """Give the agencies of a short line that names nothing else but a source's label, a place or a desk: "Quelle: dpa", "AFP, OSLO".

    An agency that stands alone may have supplied a picture only.
    """
    label = SOURCE.match(text) if ":" in text or "：" in text else None
    if label is None and PLACED.search(text) is None:
        return ()
    parts = [part.strip(EDGES) for part in (COMMA.split(text[label.end() :]) if label else PLACED.split(text))]
    found = tuple(part for part in parts if plain(part) in AGENCIES)
    rest = [part for part in parts if part not in found]
    if not found or len(rest) > 1 or " " in "".join(rest):
        return ()
    return found if label or (rest and len(found[0]) >= UNLABELLED_CHARS) else ()
