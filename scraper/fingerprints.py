"""When do two texts say the same, letter for letter, and which pieces of text does a site repeat? Short stable hashes.

Nearly-equal texts (wire copies with another lead) are a question for signatures in the store, not for these.
"""

import hashlib
import re
import unicodedata

__all__ = ["block_fingerprint", "opening_letters", "text_hash"]

# Spaces, controls and invisible characters, punctuation, and accents that stand alone (as people type quotes): how a text is set, not
# what it says. Letters, the marks that vowels are in many scripts, digits, currency and mathematical signs stay.
_SETTING = ("Z", "C", "P", "Sk")
_DIGITS = re.compile(r"\d+")
_ASCII_SETTING = bytes(code for code in range(128) if unicodedata.category(chr(code)).startswith(_SETTING))
_OPENING, _OPENING_REACH = 8, 16
_TEXT_BYTES = 16  # 128 bits: among a thousand million articles a chance collision has odds of 1 in 10^21
_BLOCK_BYTES = 8  # 64 bits: a site's template holds some thousand blocks


def text_hash(text: str) -> str:
    """Hash what a text says (32 hex digits): after NFKC and case folding, without spaces, punctuation and invisible characters."""
    return _hash(_said(text), _TEXT_BYTES)


def block_fingerprint(text: str) -> str:
    """Hash a block of a page (16 hex digits) as `text_hash` does, every number counting as the same: "12 views" is "3,456 views"."""
    return _hash(_DIGITS.sub("0", _said(text)), _BLOCK_BYTES)


def opening_letters(text: str) -> str:
    """Give the first letters of a block, up to eight, "" where none stands at its head: they tell most blocks apart, and cost little.

    Blocks of one fingerprint have the same ones, unless ligatures or the like stand at the head of one of them.
    """
    return "".join(filter(str.isalpha, text[:_OPENING_REACH]))[:_OPENING].casefold()


def _said(text: str) -> str:
    if text.isascii():  # nothing to normalise, and a third of the time
        return text.lower().encode("ascii").translate(None, _ASCII_SETTING).decode("ascii")
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())  # folding can undo the form: ΐ, for one
    setting = [character for character in set(folded) if unicodedata.category(character).startswith(_SETTING)]
    return folded.translate(dict.fromkeys(map(ord, setting)))


def _hash(text: str, size: int) -> str:
    return hashlib.blake2b(text.encode("utf-8"), digest_size=size).hexdigest()
