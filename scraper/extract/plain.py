"""When do two pieces of text say the same? Their common form: no case, no accents on quotes and dashes, no punctuation at the ends.

Only used to compare; what is shown is always the text as written.
"""

import re
import unicodedata
from functools import lru_cache

from scraper.fingerprints import stream_safe

__all__ = ["plain", "says", "words"]

SIGNS = str.maketrans("‘’‚‛′`´“”„‟″«»‐‑‒–—―−", "'''''''\"\"\"\"\"\"\"-------", "\u00ad\u200b\u200c\u200d\ufeff")
LINE_CHARS = 200
WORD = re.compile(r"\w+")


def plain(text: str | None) -> str:
    """Give the form two spellings of one line share: NFKC, plain quotes and dashes, single spaces, case folded."""
    if not text:
        return ""
    return _plain_line(text) if len(text) <= LINE_CHARS else _plain(text)


def says(text: str, form: str) -> bool:
    """Say whether the common form of a text is this one. Most are told apart by their first letters, which stay what they are."""
    first, wanted = text[:1], form[:1]
    if first.lower() != wanted and first.isascii() and wanted.isascii() and not first.isspace():
        return False
    return plain(text) == form


def _plain(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", stream_safe(text)).translate(SIGNS)
    return " ".join(text.split()).casefold()


# A page's titles, names and short lines are compared again and again, and a site repeats them.
_plain_line = lru_cache(maxsize=8192)(_plain)


def words(text: str) -> list[str]:
    """Give the words of a text in lower case."""
    return WORD.findall(text.casefold())
