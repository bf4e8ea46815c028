"""How are the words that texts begin with weighed where no compiler built the inner loops? The compiled way gives the same numbers."""

from functools import lru_cache

import numpy as np

from scraper.extract.sorts import LOWER, UPPER

__all__ = ["opening_words", "weigh_words"]

BEGINNING = 240  # characters; with 100 of them .835 of pairs of blocks are in the right order by their words, with 240 .855
HALF_SUM, MEAN_RANGE, MOST = 400, 50, 150  # what a sum is half of one at, and what means and single weights go up to


class _Cased(dict[int, str]):
    """Each cased letter in lower case; whatever else there is parts words."""

    def __missing__(self, code: int) -> str:
        return " "


def weigh_words(texts: list[str], weights: dict[str, int], sorts: bytes, lowered: bytes) -> bytes:
    """Give the sum, the mean, the least and the greatest weight of each text's words, each between -1 and 1, as rows of 32-bit floats.

    The weights are hundredths, whole numbers that are not 0.
    """
    rows = np.zeros((len(texts), 4))
    for row, words in zip(rows, opening_words(texts, sorts, lowered), strict=True):
        found = [weights[word] for word in words if word in weights]
        if found:
            total = sum(found)
            row[:] = total / (HALF_SUM + abs(total)), total / len(found) / MEAN_RANGE, min(found) / MOST, max(found) / MOST
    return np.minimum(1, np.maximum(-1, rows)).astype(np.float32).tobytes()


def opening_words(texts: list[str], sorts: bytes, lowered: bytes) -> list[list[str]]:
    """Give the words that each text begins with, in lower case: runs of letters that have a case."""
    cased = _cased(sorts, lowered)
    return [text[:BEGINNING].translate(cased).split() for text in texts]


@lru_cache(maxsize=1)
def _cased(sorts: bytes, lowered: bytes) -> _Cased:
    codes = np.flatnonzero(np.frombuffer(sorts, dtype=np.uint16) & (LOWER | UPPER))
    lower = np.frombuffer(lowered, dtype=np.uint16)
    return _Cased({int(code): chr(lower[code]) for code in codes})
