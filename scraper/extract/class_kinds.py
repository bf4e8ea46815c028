"""What do class names say that an element is: a caption, comments, a standfirst, a sign-up box, …? Columns for the body model.

The weights of class words know how often rules have stripped a word; this knows what the word means. The table (class_kinds.tsv) names
stems, since sites write `imageCaption`, `image-caption` and `caption__text` for one thing.
"""

from functools import lru_cache
from importlib.resources import files

import numpy as np

from scraper.extract.document import Document, Layout
from scraper.extract.inner_loops import name_kinds
from scraper.extract.prose_columns import Column

__all__ = ["kind_columns", "kind_names", "kind_table"]


def kind_columns(document: Document, layout: Layout) -> list[Column]:
    """Give, a block, what its element and the one above are called, then what anything around it is called: a column a kind each."""
    # The last place stands for no element, which is called nothing.
    masks = np.frombuffer(name_kinds([element.hint for element in document.elements], kind_table()), dtype=np.int64)
    own = np.append(masks, 0)
    above = np.append(layout.parent, -1)
    around, higher = own, above
    while higher.max() >= 0:
        around, higher = around | around[higher], higher[higher]
    width = len(kind_names())
    found = (own | own[above] | around << width)[layout.element]
    return list(found >> np.arange(2 * width)[:, None] & 1)


@lru_cache(maxsize=1)
def kind_names() -> tuple[str, ...]:
    """Give the kinds in the order of their columns."""
    return tuple(dict.fromkeys(kind for kind, _ in _rows()))


@lru_cache(maxsize=1)
def kind_table() -> tuple[tuple[tuple[str, int], ...], tuple[tuple[str, int], ...]]:
    """Give the stems by their first letters, of one letter the longest first, and the whole words, each with the mask of its kinds."""
    bit = {kind: 1 << number for number, kind in enumerate(kind_names())}
    stems: dict[str, int] = {}
    whole: dict[str, int] = {}
    for kind, stem in _rows():
        table = whole if stem.startswith("=") else stems
        key = stem.removeprefix("=")
        table[key] = table.get(key, 0) | bit[kind]
    return tuple(sorted(stems.items(), key=lambda entry: (entry[0][0], -len(entry[0]), entry[0]))), tuple(sorted(whole.items()))


def _rows() -> list[tuple[str, str]]:
    text = files("scraper.extract").joinpath("class_kinds.tsv").read_text("utf-8")
    rows = (row.split("\t") for row in text.splitlines() if row and not row.startswith("#"))
    return [(kind, stem) for kind, stem in rows]
