"""Does a text begin as bylines do ("By", "Von", "文/")? What is left of it without that beginning may be names."""

import re
from typing import Final

from scraper.extract.byline_words import DATE_LEADS, FIRST_WORDS, INTRODUCTION
from scraper.extract.inner_loops import leading_word

__all__ = ["GLUED", "introduced", "is_introduction", "unintroduced"]

MAX_INTRODUCTION: Final = 40
FIRST_LETTERS: Final = frozenset(word[0] for word in FIRST_WORDS if word)
GLUING: Final = ("By", "Written", "Posted", "Von", "Par", "Por")
# "ByAnn Lee", "Ann LeeFollow": elements without white space between them.
GLUED: Final = re.compile(r"\A(?:(?:Written |Posted )?[Bb]y|Von|Par|Por)(?=[A-Z][\w.])|(?<=[a-z])(?:Follow|Published|Posted|Updated)\b.*")
# Over a writer's note these introduce a name; over a line of a menu they do not.
ABOUT: Final = re.compile(r"\s*(?:more about|about|über|à propos|author|autor|auteur)\b(?!\s*[:：])", re.IGNORECASE)


def introduced(text: str) -> bool:
    """Say whether a text begins the way bylines begin ("By", "Von", "文/")."""
    return _introduction(text) is not None


def is_introduction(text: str) -> bool:
    """Say whether a text is nothing but such a beginning: "Post by :", with the name in the next line."""
    match = _introduction(text) if len(text) <= MAX_INTRODUCTION else None
    return match is not None and match.end() >= len(text)


def _introduction(text: str) -> re.Match[str] | None:
    if not _may_be(text):
        return None
    match = INTRODUCTION.match(f"{text[:MAX_INTRODUCTION]} ") or GLUED.match(text)
    return match if match is not None and ABOUT.match(text) is None else None


def _may_be(text: str) -> bool:
    """Say whether a text's first word may introduce names, at a tenth of the cost; other scripts set no space behind an introduction."""
    word = leading_word(text)
    if word is None:
        return False
    return word.casefold() in FIRST_WORDS or word.startswith(GLUING) if word.isascii() else word[0].casefold() in FIRST_LETTERS


def unintroduced(text: str) -> str:
    """Give a text without the introduction that it begins with."""
    match = INTRODUCTION.match(text) if _may_be(text) else None
    # "Di Wu", "Da Chen": what introduces names in one language is a name in another.
    rest = text[match.end() :] if match else ""
    if not match or not rest or (match[0].strip() in ("Da", "De", "Di") and " " not in rest and rest.casefold() not in DATE_LEADS):
        return text
    return rest
