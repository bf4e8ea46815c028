"""Does a text begin as the names of persons do? The table given_names.txt holds the given names of some eighty countries.

It is written by `benchmarks/make_given_names.py`. It covers 92 of 100 authors of the development sets; so a word that is missing from it
proves nothing, and only places that are no byline by themselves ask it.
"""

import unicodedata
from functools import lru_cache
from importlib.resources import files
from typing import Final

__all__ = ["folded", "given"]

# Letters that Unicode does not take apart into a letter and a mark.
LETTERS: Final = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe"})


def given(name: str) -> bool:
    """Say whether a name's first word is a given name somebody is known to bear: "Ann" in "Ann Lee", "Jean-Luc", "Ana-Maria"."""
    first = folded(name.partition(" ")[0]).strip(".,:;'’\"")
    return first in _table() or ("-" in first and first.partition("-")[0] in _table())


def folded(word: str) -> str:
    """Give a name without case and accents."""
    word = word.casefold()
    if word.isascii():
        return word
    return "".join(char for char in unicodedata.normalize("NFKD", word.translate(LETTERS)) if not unicodedata.combining(char))


@lru_cache(maxsize=1)
def _table() -> frozenset[str]:
    return frozenset(files(__package__ or "scraper.extract").joinpath("given_names.txt").read_text("utf-8").split())
