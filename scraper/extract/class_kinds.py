"""What do class names say that an element is: a caption, comments, a standfirst, a sign-up box, …? Columns for the body model.

The weights of class words know how often rules have stripped a word; this knows what the word means. The table (class_kinds.tsv) names
stems, since sites write `imageCaption`, `image-caption` and `caption__text` for one thing.
"""

from functools import lru_cache
from importlib.resources import files

__all__ = ["Stems", "kind_names", "kind_table"]

Stems = tuple[tuple[str, int], ...]


@lru_cache(maxsize=1)
def kind_names() -> tuple[str, ...]:
    """Give the kinds in the order of their columns."""
    return tuple(dict.fromkeys(kind for kind, _ in _rows()))


@lru_cache(maxsize=1)
def kind_table() -> tuple[Stems, Stems]:
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
