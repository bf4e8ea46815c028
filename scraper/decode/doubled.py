"""Was a text encoded as UTF-8 twice, so that it reads "donâ€™t" and "FrÃ¼hling"? Undone only where it certainly was.

Databases and templates are often joined so, and then a part of a page only is wrong: what is undone are single sequences, each of which
must decode. The proof is in their number: one such sequence may be chance ("IRMÃ”" ends a quotation in Portuguese, "CAFÉ®" is a brand),
several different ones that are no few among the characters beyond ASCII are none, and neither is one of control characters.
"""

import re
from collections import Counter
from collections.abc import Callable

__all__ = ["seems_doubled", "undoubled"]

# In bytes: a character from Â to ô and one of 0x80 to 0xBF as windows-1252 or ISO 8859-1 reads it, both in UTF-8. Beginning with one byte
# that a search can look for, it costs 0.09 ms a page on average; a search of the text 4 ms.
_SIGN = re.compile(rb"\xc3[\x82-\xb4](?:\xc2[\x80-\xbf]|\xe2[\x80\x82\x84]|[\xc5\xc6\xcb][\x80-\xbf])")
# The bytes 0x80 to 0xBF, as windows-1252 reads them, and as the pages do that keep the five it leaves undefined, or are in ISO 8859-1.
_CONTINUED = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_SEQUENCE = re.compile(f"(?:[Â-ß][{_CONTINUED}]|[à-ï][{_CONTINUED}]{{2}}|[ð-ô][{_CONTINUED}]{{3}})+")
_CONTROL = re.compile("[\u0080-\u009f]")
_BEYOND = re.compile(r"[^\x00-\x7f]+")
# What begins with these are letters of phonetics, Syriac or N'Ko, and far more often a capital or a German word before a sign.
_UNLIKELY = frozenset("ÉÊËÌÍÜÝÞß")
# 73 of 2,639 pages of the corpora hold such sequences; all that hold this many, this mixed, are encoded twice.
_LEAST, _LEAST_KINDS, _LEAST_SHARE, _TIMES = 4, 2, 0.1, 3


def seems_doubled(content: bytes) -> bool:
    """Say whether a document in UTF-8 holds anything that a second encoding leaves."""
    return _SIGN.search(content) is not None


def undoubled(text: str) -> str:
    """Give the text with doubly encoded characters undone; the same text where that is not certain."""
    for _ in range(_TIMES):
        counts = Counter(_SEQUENCE.findall(text))
        found = {sequence: once for sequence in counts if (once := _once(sequence)) is not None}
        if not found or not _is_certain(text, found, counts):
            break
        text = _SEQUENCE.sub(_replacing(found), text)
    return text


def _replacing(found: dict[str, str]) -> Callable[[re.Match[str]], str]:
    return lambda match: found.get(match[0], match[0])


def _once(sequence: str) -> str | None:
    """Decode one sequence; None where its bytes are no UTF-8."""
    try:
        return b"".join(map(_byte, sequence)).decode("utf-8")
    except UnicodeError:
        return None


def _byte(character: str) -> bytes:
    return bytes((ord(character),)) if character <= "\u00ff" else character.encode("windows-1252")


def _is_certain(text: str, found: dict[str, str], counts: Counter[str]) -> bool:
    likely = [sequence for sequence in found if sequence[0] not in _UNLIKELY and not found[sequence].isspace()]
    if any(_CONTROL.search(sequence) for sequence in likely):
        return True
    if len(likely) < _LEAST_KINDS or sum(counts[sequence] for sequence in likely) < _LEAST:
        return False
    beyond = sum(map(len, _BEYOND.findall(text)))
    return sum(len(sequence) * counts[sequence] for sequence in likely) >= _LEAST_SHARE * beyond
