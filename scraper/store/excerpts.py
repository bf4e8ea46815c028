"""Which part of a story shows the words that were found? For searches of which FTS5 does not cut it.

These are those in the index of characters, which keeps no text, and those for a word in many forms, or for the beginning of many words.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from scraper.store.scripts import is_unspaced

__all__ = ["excerpt"]

CHARACTERS: Final = 60  # two lines of a terminal in scripts that are twice as wide
LETTERS: Final = 160  # two lines
_OTHERS: Final = "\u0530"  # where Armenian begins, and with it the scripts that NFD takes apart otherwise


def excerpt(body: str, words: Sequence[str], mark: tuple[str, str]) -> str:
    """Cut a text around the first of the words in it, in any case and with or without accents, and put `mark` around all of them.

    A word with a star at its end stands for all that begin so.
    """
    pattern = _pattern(tuple(words))
    length = CHARACTERS if any(map(is_unspaced, words)) else LETTERS
    found = pattern.search(body) or pattern.search(_plain(body))
    start = max(0, found.start() - length // 3) if found else 0
    if start and not is_unspaced(body[start]):
        start = body.find(" ", start, found.start() if found else None) + 1 or start
    cut = " ".join(body[start : start + length].split())
    plain = _plain(cut)
    parts, done = [], 0
    for match in pattern.finditer(plain if len(plain) == len(cut) else cut):
        parts += [cut[done : match.start()], cut[match.start() : match.end()].join(mark)]
        done = match.end()
    return f"{'…' if start else ''}{''.join(parts)}{cut[done:]}{'…' if start + length < len(body) else ''}"


@lru_cache(maxsize=4)  # the same for all the stories that a search found
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Match any of the words: whole ones where spaces set them apart, and those that begin so where a star says it.

    Where a word begins is asked once for all of them: most places of a text are none.
    """
    forms = sorted({_plain(word) for word in words} | set(words), key=len, reverse=True)
    unspaced = [re.escape(form.rstrip("*")) for form in forms if is_unspaced(form)]
    spaced = [re.escape(form.rstrip("*")) + (r"\w*" if form.endswith("*") else "") for form in forms if form and not is_unspaced(form)]
    whole = [rf"\b(?:{'|'.join(spaced)})\b"] if spaced else []
    return re.compile("|".join([*unspaced, *whole]) or "(?!)", re.IGNORECASE)


def _plain(text: str) -> str:
    """Take the accents off Latin, Greek and Cyrillic letters one by one, so that each stays in its place."""
    return text if text.isascii() else "".join(unicodedata.normalize("NFD", sign)[0] if sign < _OTHERS else sign for sign in text)
