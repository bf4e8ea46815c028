"""When do two pieces of text say the same? Their common form: no case, no accents on quotes and dashes, no punctuation at the ends.

Only used to compare; what is shown is always the text as written.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from string import whitespace

from scraper.fingerprints import stream_safe

__all__ = ["plain", "saying", "words"]

SIGNS = str.maketrans("‘’‚‛′`´“”„‟″«»‐‑‒–—―−", "'''''''\"\"\"\"\"\"\"-------", "\u00ad\u200b\u200c\u200d\ufeff")
LINE_CHARS = 200
WORD = re.compile(r"\w+")


def plain(text: str | None) -> str:
    """Give the form two spellings of one line share: NFKC, plain quotes and dashes, single spaces, case folded."""
    if not text:
        return ""
    return _plain_line(text) if len(text) <= LINE_CHARS else _plain(text)


def saying(texts: Sequence[str], among: Iterable[int], form: str) -> list[int]:
    """Give those of the texts' indexes whose common form is this one. First letters stay what they are, and tell most texts apart."""
    first = form[:1]
    if not first.isascii():
        return [index for index in among if plain(texts[index]) == form]
    heads = first + first.upper() + whitespace
    near = [index for index in among if (head := texts[index][:1]) in heads or not head.isascii()]
    return [index for index in near if plain(texts[index]) == form]


def _plain(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", stream_safe(text)).translate(SIGNS)
    return " ".join(text.split()).casefold()


# A page's titles, names and short lines are compared again and again, and a site repeats them.
_plain_line = lru_cache(maxsize=8192)(_plain)


def words(text: str) -> list[str]:
    """Give the words of a text in lower case."""
    return WORD.findall(text.casefold())
