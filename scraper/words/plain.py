"""How is a text taken apart where there is no compiler? By patterns; and where all its words are wanted, always."""

import re
import sys
from collections.abc import Callable
from typing import Final, NamedTuple
from zlib import crc32

__all__ = ["Words", "count", "folds_of", "has_unspaced", "marks", "said", "sampled", "taken_apart"]

# Scripts that write no spaces are taken character by character: Chinese, Japanese, Thai, Lao, Khmer, Burmese.
_UNSPACED: Final = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1780-\u17ff\u1000-\u109f"
_SEARCHED_ALONE: Final = re.compile(rf"[{_UNSPACED}\U00020000-\U000323af]")
_WORD: Final = re.compile(rf"[{_UNSPACED}]|\d+(?:[.,:]\d+)*|[^\W{_UNSPACED}]+")
# Of words in UTF-8 with a space between: up to three bytes they are mostly grammar, which every text shares, unless they are a number or
# begin with a character of the scripts above.
_MEANT: Final = re.compile(rb"(?<!\S)(?:\S{4,}|[0-9\xe0-\xff]\S*)")
_NUMBER: Final = re.compile(rb"(?<!\S)[0-9]\S*")
# Chinese and Japanese write no spaces: there each character counts as a word, as their newsrooms count.
_COUNTED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+(?:['’-]\w+)*")


class Words(NamedTuple):
    """A text made ready for comparison: all its words folded, those that carry meaning, and its numbers."""

    folded: list[bytes]
    meant: list[bytes]
    numbers: frozenset[bytes]


def taken_apart(folded: str, most_words: int) -> Words:
    """Split a text that is casefolded, its first words only."""
    readable = folded.encode("utf-8", "replace").decode("utf-8")  # halves of surrogate pairs become question marks
    said = " ".join(_WORD.findall(readable)[:most_words]).encode()
    meant = _MEANT.findall(said)
    return Words(said.split(), meant, frozenset(_NUMBER.findall(b" ".join(meant))))


def sampled(folded: list[bytes], least_words: int, one_in: int) -> list[int]:
    """Give the CRC-32 of three words in a row where it divides, in ascending order; none for fewer words than `least_words`."""
    if len(folded) < least_words:
        return []
    runs = zip(folded, folded[1:], folded[2:], strict=False)
    return sorted({shingle for shingle in map(crc32, map(b" ".join, runs)) if not shingle % one_in})


def marks(
    text: str, most_words: int, least_words: int, one_in: int, _ask: Callable[[int], bytes], /
) -> tuple[tuple[int, ...], bytes, frozenset[bytes]]:
    """Give what `sampled` and `taken_apart` give of a text, the words of meaning as one string."""
    found = taken_apart(text.casefold(), most_words)
    return tuple(sampled(found.folded, least_words, one_in)), b" ".join(found.meant), found.numbers


def count(text: str) -> int:
    """Count words; in scripts without spaces, characters."""
    return len(_COUNTED.findall(text))


def has_unspaced(text: str) -> bool:
    """Tell whether a text holds characters of scripts that write no spaces, rare ideographs among them."""
    return not text.isascii() and _SEARCHED_ALONE.search(text) is not None


def folds_of(block: int) -> bytes:
    """Tell the compiled way what each of 256 characters becomes by case folding: up to three, the first in the lowest bits."""
    return b"".join(map(_fold, map(chr, range(block * 256, (block + 1) * 256))))


def _fold(character: str) -> bytes:
    return sum(ord(part) << 21 * place for place, part in enumerate(character.casefold())).to_bytes(8, sys.byteorder)


def said(_text: str, _digits_alike: bool, _ask: Callable[[int], bytes], /) -> bytes | None:
    """Leave it to whoever asks: without a compiler the codecs of Python are the faster way."""
    return None
