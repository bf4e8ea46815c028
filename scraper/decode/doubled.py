"""Was a text encoded as UTF-8 twice, so that it reads "donâ€™t" and "FrÃ¼hling"? Undone only where it certainly was.

Databases and templates are often joined so, and then a part of a page only is wrong: what is undone are single sequences, each of which
must decode. The proof is in their number: one such sequence may be chance ("IRMÃ”" ends a quotation in Portuguese, "CAFÉ®" is a brand),
several different ones that are no few among the characters beyond ASCII are none, and neither is one of control characters.
"""

import re
from collections import Counter
from collections.abc import Callable

__all__ = ["first_sign", "undoubled"]

# Everything is looked for in bytes, beginning with one that a search can find at once: a search of the text cost 13 ms where there was
# anything to look at, this .14 ms.
# Each sequence begins so: a character from Â to ô and one of 0x80 to 0xBF as windows-1252 or ISO 8859-1 reads it, both in UTF-8.
_LEAD = b"\xc3"
_SIGN = re.compile(rb"\xc3[\x82-\xb4](?:\xc2[\x80-\xbf]|\xe2[\x80\x82\x84]|[\xc5\xc6\xcb][\x80-\xbf])")
_FEW = 256  # places that are looked at one by one, in pages whose language seldom has such letters
# The bytes 0x80 to 0xBF, as windows-1252 reads them, and as the pages do that keep the five it leaves undefined, or are in ISO 8859-1.
_CONTINUED = rb"(?:\xc2[\x80-\xbf]|%b)" % b"|".join(re.escape(char.encode()) for char in "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ")
_ONE = rb"\xc3(?:[\x82-\x9f]%b|[\xa0-\xaf]%b{2}|[\xb0-\xb4]%b{3})" % (_CONTINUED, _CONTINUED, _CONTINUED)
_SEQUENCE = re.compile(rb"%b(?:%b)*" % (_ONE, _ONE))  # begins with one byte: a search for a repeated group looks at each place
_CONTROL = re.compile(rb"\xc2[\x80-\x9f]")
# What begins with these are letters of phonetics, Syriac or N'Ko, and far more often a capital or a German word before a sign.
_UNLIKELY = frozenset("ÉÊËÌÍÜÝÞß")
# 73 of 2,639 pages of the corpora hold such sequences; all that hold this many, this mixed, are encoded twice.
_LEAST, _LEAST_KINDS, _LEAST_SHARE, _TIMES = 4, 2, 0.1, 3


def undoubled(content: bytes) -> bytes:
    """Give a document in UTF-8 with doubly encoded characters undone; the same object where that is not certain."""
    begin = first_sign(content)
    for _ in range(_TIMES if begin >= 0 else 0):
        counts = Counter(_SEQUENCE.findall(content, begin))
        found = {sequence: once for sequence in counts if (once := _once(sequence)) is not None}
        if not found or not _is_certain(content, found, counts):
            break
        content = _SEQUENCE.sub(_replacing(found), content)
        begin = 0
    return content


def first_sign(content: bytes) -> int:
    """Find the first place where anything stands that a second encoding leaves; -1 where nothing does."""
    at = content.find(_LEAD)
    for _ in range(_FEW):
        if at < 0 or _SIGN.match(content, at):
            return at
        at = content.find(_LEAD, at + 1)
    sign = _SIGN.search(content, at) if at >= 0 else None
    return sign.start() if sign else -1


def _replacing(found: dict[bytes, bytes]) -> Callable[[re.Match[bytes]], bytes]:
    return lambda match: found.get(match[0], match[0])


def _once(sequence: bytes) -> bytes | None:
    """Undo the second encoding of one sequence; None where the first was no UTF-8."""
    text = sequence.decode("utf-8")
    try:
        once = text.encode("windows-1252")
    except UnicodeEncodeError:
        once = b"".join(map(_byte, text))
    return once if _is_utf8(once) else None


def _byte(character: str) -> bytes:
    return bytes((ord(character),)) if character <= "\u00ff" else character.encode("windows-1252")


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_certain(content: bytes, found: dict[bytes, bytes], counts: Counter[bytes]) -> bool:
    likely = [
        sequence for sequence in found if sequence.decode("utf-8")[0] not in _UNLIKELY and not found[sequence].decode("utf-8").isspace()
    ]
    if any(_CONTROL.search(sequence) for sequence in likely):
        return True
    if len(likely) < _LEAST_KINDS or sum(counts[sequence] for sequence in likely) < _LEAST:
        return False
    text = content.decode("utf-8", "replace")
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    return sum(len(sequence.decode("utf-8")) * counts[sequence] for sequence in likely) >= _LEAST_SHARE * beyond
