"""When do two texts say the same, letter for letter, and which pieces of text does a site repeat? Short stable hashes.

Nearly-equal texts (wire copies with another lead) are a question for signatures in the store, not for these.
"""

import hashlib
import re
import unicodedata
from functools import lru_cache
from typing import Final

from scraper.words import said

__all__ = ["block_fingerprint", "opening_letters", "stream_safe", "text_hash"]

# Spaces, controls and invisible characters, punctuation, and accents that stand alone (as people type quotes): how a text is set, not
# what it says. Letters, the marks that vowels are in many scripts, digits, currency and mathematical signs stay.
_SETTING = ("Z", "C", "P", "Sk")
# The Stream-Safe Text Process of UAX #15; where Unicode has combining marks; a text that costs 0.3 ms at most.
_MARKS_KEPT, _MARKS, _SHORT = 30, range(0x300, 0x1F000), 500
_FEW = 20  # kinds of signs that a text is set with; a hostile one has thousands
_BEYOND = re.compile("[\U00010000-\U0010ffff]")  # with one of them in it a class of characters is no table: 200 ns a character, not 10
_DIGITS, _NO_LETTER = re.compile(r"\d+"), re.compile(r"\W")
_ASCII = bytes(range(128))
_ASCII_SETTING = bytes(code for code in range(128) if unicodedata.category(chr(code)).startswith(_SETTING))
_ASCII_LOWER = bytes(range(256)).lower()
_OPENING, _OPENING_REACH = 8, 16
_TEXT_BYTES = 16  # 128 bits: among a thousand million articles a chance collision has odds of 1 in 10^21
_BLOCK, _MOST_LEFT, _DEPENDS, _DIGIT = 256, 7, 8, 16  # as in words/c/said.c
_JAMO: Final = frozenset(map(chr, range(0x1160, 0x1200)))  # vowels and ends
_BLOCK_BYTES = 8  # 64 bits: a site's template holds some thousand blocks


def text_hash(text: str) -> str:
    """Hash what a text says (32 hex digits): after NFKC and case folding, without spaces, punctuation and invisible characters."""
    return _hash(_said(text, digits_alike=False), _TEXT_BYTES)


def block_fingerprint(text: str) -> str:
    """Hash a block of a page (16 hex digits) as `text_hash` does, every number counting as the same: "12 views" is "3,456 views"."""
    return _hash(_said(text, digits_alike=True), _BLOCK_BYTES)


def opening_letters(text: str) -> str:
    """Give the first letters of a block, up to eight, "" where none stands at its head: they tell most blocks apart, and cost little.

    Blocks of one fingerprint have the same ones, unless ligatures or the like stand at the head of one of them.
    """
    return _letters(text[:_OPENING_REACH])


@lru_cache(maxsize=8192)  # a site's lines begin alike, and each of its pages is asked for twice: to be read, and to be learned from
def _letters(head: str) -> str:
    return "".join(filter(str.isalpha, head))[:_OPENING].casefold()


def stream_safe(text: str) -> str:
    """Cut a pile of more than 30 combining marks on one letter, which takes quadratic time to normalise: 60,000 of them 4 s."""
    if len(text) < _SHORT or text.isascii():
        return text
    # What is not ASCII stands together in it as in the text, and is little in most languages: a pile has to be found there first.
    rest = text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass")
    if len(rest) <= _MARKS_KEPT:
        return text
    quick, thorough = _piles()
    pile = thorough if _BEYOND.search(rest) else quick
    return thorough.sub(r"\1", text) if pile.search(rest) else text


@lru_cache(maxsize=1)
def _piles() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Give what finds a pile among the first 65,536 characters, of which `re` makes one table, and what takes piles of all apart."""
    marks = "".join(filter(unicodedata.combining, map(chr, _MARKS)))
    low = "".join(mark for mark in marks if not _BEYOND.match(mark))
    return re.compile(f"[{low}][{low}]{{{_MARKS_KEPT}}}"), re.compile(f"([{marks}]{{{_MARKS_KEPT}}})[{marks}]+")


def _said(text: str, *, digits_alike: bool) -> bytes:
    quickly = said(text, digits_alike, left_by)
    return said_plainly(text, digits_alike=digits_alike) if quickly is None else quickly


def said_plainly(text: str, *, digits_alike: bool) -> bytes:
    """Give what a text says, as it is hashed, with nothing but what Python brings. The quick way gives the same, or nothing."""
    plain = _unset(text)
    return (_DIGITS.sub("0", plain) if digits_alike else plain).encode()


def _unset(text: str) -> str:
    if text.isascii():  # nothing to normalise, and a third of the time
        return text.encode("ascii").translate(_ASCII_LOWER, _ASCII_SETTING).decode("ascii")
    folded = unicodedata.normalize(
        "NFKC", unicodedata.normalize("NFKC", stream_safe(text)).casefold()
    )  # folding can undo the form: ΐ, for one
    plain = folded.encode("utf-8", "surrogatepass").translate(None, _ASCII_SETTING).decode("utf-8", "surrogatepass")
    setting = [character for character in set(_NO_LETTER.findall(plain)) if unicodedata.category(character).startswith(_SETTING)]
    if len(setting) > _FEW:
        return plain.translate(dict.fromkeys(map(ord, setting)))
    for character in setting:  # quotes and dashes: one by one takes a fifth of the time of a table
        plain = plain.replace(character, "")
    return plain


def left_by(block: int) -> bytes:
    """Tell `scraper.words.said` what each of 256 characters leaves of a text: seven bytes for UTF-8, and one of its length and flags."""
    return b"".join(map(_entry, map(chr, range(block * _BLOCK, (block + 1) * _BLOCK))))


def _entry(character: str) -> bytes:
    plain = _unset(character)
    left, digits = plain.encode(), len(_DIGITS.findall(plain))
    if _is_joined(character) or len(left) > _MOST_LEFT or (digits and len(plain) > 1):
        return bytes((*bytes(_MOST_LEFT), _DEPENDS))
    return left.ljust(_MOST_LEFT, b"\0") + bytes((len(left) | (_DIGIT if digits else 0),))


def _is_joined(character: str) -> bool:
    """Tell whether a character may become something else by what stands before it: a mark, or a part of a Korean syllable.

    Beyond the first 65,536 there are more of such, and few texts: only signs are told.
    """
    if _BEYOND.match(character) and not unicodedata.category(character).startswith(("S", *_SETTING)):
        return True
    forms = (unicodedata.normalize("NFKD", form) for form in (character, unicodedata.normalize("NFKC", character).casefold()))
    return any(unicodedata.category(form[0]).startswith("M") or form[0] in _JAMO for form in forms)


def _hash(plain: bytes, size: int) -> str:
    return hashlib.blake2b(plain, digest_size=size).hexdigest()
