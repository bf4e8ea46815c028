"""What do class names say that an element is: a caption, comments, a standfirst, a sign-up box, …? Columns for the body model.

`markup_columns` knows how often rules have stripped a word; this knows what the word means. The table (class_kinds.tsv) names stems, since
sites write `imageCaption`, `image-caption` and `caption__text` for one thing.
"""

import re
from functools import lru_cache
from importlib.resources import files

import numpy as np

from scraper.extract.document import Document, Layout
from scraper.extract.prose_columns import Column

__all__ = ["kind_columns", "kind_names"]

MAX_NAME_CHARS, MAX_NAMES = 60, 20  # of one name, and names of one element


def kind_columns(document: Document, layout: Layout) -> list[Column]:
    """Give, a block, what its element and the one above are called, then what anything around it is called: a column a kind each."""
    # The first place stands for no element: what is above an element is one place further on than its number says.
    own, around = [0, *(_of_hint(element.hint) for element in document.elements)], [0]
    above = [parent + 1 for parent in layout.parent.tolist()]
    for mask, higher in zip(own[1:], above, strict=True):
        around.append(mask | around[higher])
    width = len(kind_names())
    masks = [0, *(mask | own[higher] | held << width for mask, higher, held in zip(own[1:], above, around[1:], strict=True))]
    found = np.asarray(masks, dtype=np.int64)[layout.element + 1]
    return list(found >> np.arange(2 * width)[:, None] & 1)


@lru_cache(maxsize=16384)
def _of_hint(hint: str) -> int:
    mask = 0
    for name in hint.split()[:MAX_NAMES]:
        mask |= _of_name(name)
    return mask


@lru_cache(maxsize=65536)  # a site uses the same names on every page, and many sites the same
def _of_name(name: str) -> int:
    stems, whole, pattern = _table()
    parts = name[:MAX_NAME_CHARS].replace("_", "-").split("-")
    mask = 0
    for part in parts:
        mask |= whole.get(part, 0)
    for stem in pattern.findall("".join(parts)):
        mask |= stems[stem]
    return mask


@lru_cache(maxsize=1)
def kind_names() -> tuple[str, ...]:
    """Give the kinds in the order of their columns."""
    return tuple(dict.fromkeys(kind for kind, _ in _rows()))


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, int], dict[str, int], re.Pattern[str]]:
    bit = {kind: 1 << number for number, kind in enumerate(kind_names())}
    stems: dict[str, int] = {}
    whole: dict[str, int] = {}
    for kind, stem in _rows():
        table = whole if stem.startswith("=") else stems
        key = stem.removeprefix("=")
        table[key] = table.get(key, 0) | bit[kind]
    return stems, whole, re.compile(_pattern(tuple(sorted(stems, key=len, reverse=True))))


def _pattern(stems: tuple[str, ...]) -> str:
    """Write the stems as one pattern, parted by their first letters: a plain alternation tries every stem at every character."""
    by_letter: dict[str, list[str]] = {}
    for stem in stems:
        by_letter.setdefault(stem[0], []).append(stem[1:])
    return "|".join(f"{letter}(?:{'|'.join(rest)})" for letter, rest in by_letter.items())


def _rows() -> list[tuple[str, str]]:
    text = files("scraper.extract").joinpath("class_kinds.tsv").read_text("utf-8")
    rows = (row.split("\t") for row in text.splitlines() if row and not row.startswith("#"))
    return [(kind, stem) for kind, stem in rows]
