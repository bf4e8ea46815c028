"""When do two pieces of text say the same? Their common form: no case, no accents on quotes and dashes, no punctuation at the ends.

Only used to compare; what is shown is always the text as written.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from string import whitespace
from typing import Final

from scraper.extract.inner_loops import common_form, letters, words
from scraper.fingerprints import stream_safe

__all__ = ["letters", "plain", "saying", "words"]

SIGNS: Final = str.maketrans("‘’‚‛′`´“”„‟″«»‐‑‒–—―−", "'''''''\"\"\"\"\"\"\"-------", "\u00ad\u200b\u200c\u200d\ufeff")
LINE_CHARS: Final = 200
HEAD_CHARS: Final = 12


def plain(text: str | None) -> str:
    """Give the form two spellings of one line share: NFKC, plain quotes and dashes, single spaces, case folded."""
    return common_form(text, _any_form) if text else ""


def saying(texts: Sequence[str], among: Iterable[int], form: str) -> list[int]:
    """Give those of the texts' indexes whose common form is this one. First letters stay what they are, and tell most texts apart."""
    first = form[:1]
    if first.isascii():
        heads = first + first.upper() + whitespace
        among = [index for index in among if (head := texts[index][:1]) in heads or not head.isascii()]
    return [index for index in among if not _begins_otherwise(texts[index], form) and plain(texts[index]) == form]


def _begins_otherwise(text: str, form: str) -> bool:
    """Compare the first letters, which stay what they are but for case; the last of them may become one with what follows."""
    head = text[:HEAD_CHARS]
    if not head.isascii() or not head.isprintable() or head[:1] == " " or "  " in head:
        return False
    return not form.startswith(head[:-1].lower())


def _plain(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", stream_safe(text)).translate(SIGNS)
    return " ".join(text.split()).casefold()


# A page's titles, names and short lines are compared again and again, and a site repeats them.
_plain_line = lru_cache(maxsize=8192)(_plain)


def _any_form(text: str) -> str:
    return _plain_line(text) if len(text) <= LINE_CHARS else _plain(text)
