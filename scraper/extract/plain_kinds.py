"""What do class names say that an element is, where no compiler built the inner loops? The compiled way gives the same columns."""

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from scraper.extract.class_kinds import Stems
from scraper.extract.document import Layout
from scraper.extract.plain_prose import Column

__all__ = ["kind_columns"]

MAX_NAME_CHARS, MAX_NAMES = 60, 20  # of one name, and names of one element


def kind_columns(hints: Sequence[str], layout: Layout, table: tuple[Stems, Stems], width: int) -> list[Column]:
    """Give, a block, what its element and the one above are called, then what anything around it is called: a column a kind each.

    `table` holds stems and whole words with the masks of their kinds, of which there are `width`.
    """
    # The last place stands for no element, which is called nothing.
    own = np.asarray([*(_of_hint(hint, table) for hint in hints), 0], dtype=np.int64)
    above = np.append(layout.parent, -1)
    around, higher = own, above
    while higher.max() >= 0:
        around, higher = around | around[higher], higher[higher]
    found = (own | own[above] | around << width)[layout.element]
    return list(found >> np.arange(2 * width)[:, None] & 1)


@lru_cache(maxsize=16384)
def _of_hint(hint: str, table: tuple[Stems, Stems]) -> int:
    mask = 0
    for name in hint.split()[:MAX_NAMES]:
        mask |= _of_name(name, table)
    return mask


@lru_cache(maxsize=65536)  # a site uses the same names on every page, and many sites the same
def _of_name(name: str, table: tuple[Stems, Stems]) -> int:
    stems, whole, pattern = _read(table)
    parts = name[:MAX_NAME_CHARS].replace("_", "-").split("-")
    mask = 0
    for part in parts:
        mask |= whole.get(part, 0)
    for stem in pattern.findall("".join(parts)):
        mask |= stems[stem]
    return mask


@lru_cache(maxsize=1)
def _read(table: tuple[Stems, Stems]) -> tuple[dict[str, int], dict[str, int], re.Pattern[str]]:
    stems, whole = map(dict, table)
    return stems, whole, re.compile(_pattern(tuple(stems)))


def _pattern(stems: tuple[str, ...]) -> str:
    """Write the stems as one pattern, parted by their first letters: a plain alternation tries every stem at every character."""
    by_letter: dict[str, list[str]] = {}
    for stem in stems:
        by_letter.setdefault(stem[0], []).append(stem[1:])
    return "|".join(f"{letter}(?:{'|'.join(rest)})" for letter, rest in by_letter.items())
