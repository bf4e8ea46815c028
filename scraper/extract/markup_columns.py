"""What does the markup say of a page's blocks? Their tags, what the elements around them are called, how much of the page's prose and
links those elements hold, and which blocks have the same shape.

Each element is worked out once from its parent, which stands before it; a block then takes the row of its element.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

import numpy as np

from scraper.extract.document import Block, Document, Element
from scraper.extract.text_columns import STOP, Matrix, Texts

__all__ = ["markup_columns"]

TAGS = "p h1 h2 h3 h4 h5 h6 li td th blockquote pre figcaption dd dt div section article".split()
TAG_NUMBER = {tag: number + 1 for number, tag in enumerate(TAGS)}
AROUND = "nav header footer aside article main form table ul figure section blockquote dl ol".split()
AROUND_BIT = {tag: 1 << number for number, tag in enumerate(AROUND)}
HIDDEN_BIT = 1 << len(AROUND)
CONTAINERS = frozenset("div section article aside main td table ul ol nav footer header".split())
CLASS_WORD = re.compile(r"[a-z]{3,}")
MAX_CLASS_WORDS = 20
LEVELS = 4  # how far up a block's containers are measured
FADE = 0.6  # what an element's name still says one level further in


def markup_columns(document: Document, texts: Texts, prose: Matrix) -> Matrix:
    """Give the markup columns, one row a block; `prose` is each block's weight as prose, 0 or 1."""
    blocks = document.blocks
    at = np.fromiter((block.element for block in blocks), dtype=np.int64, count=len(blocks))
    links = np.fromiter((block.link_chars for block in blocks), dtype=np.float32, count=len(blocks))
    unlinked = np.clip(1 - 1.5 * links / texts.chars, 0, 1)
    good = texts.chars * unlinked * (texts.last(STOP) * 0.7 + 0.3) * ((texts.size > 15) * 0.8 + 0.2)
    return np.hstack(
        [
            _own(blocks, texts, links, document.elements),
            _names(document.elements)[at],
            _containers(document.elements, at, texts.chars, good, links),
            _shapes(document, texts.chars, good, links),
            prose[:, None] * unlinked[:, None],
        ],
    ).astype(np.float32)


def _own(blocks: Sequence[Block], texts: Texts, links: Matrix, elements: Sequence[Element]) -> Matrix:
    chars = texts.chars
    counts = np.asarray([(block.links, block.strong_chars, block.images_before) for block in blocks], dtype=np.float32)
    depths = np.asarray([elements[block.element].depth if block.element >= 0 else 0 for block in blocks], dtype=np.float32)
    columns = [
        np.minimum(1, links / chars),
        links >= 0.9 * chars,
        np.minimum(1, counts[:, 0] / 5),
        np.minimum(1, counts[:, 1] / chars),
        np.minimum(1, counts[:, 2] / 2),
        np.minimum(1, depths / 25),
    ]
    tags = np.eye(len(TAGS) + 1, dtype=np.float32)[[TAG_NUMBER.get(block.tag, 0) for block in blocks]]
    return np.hstack([np.stack(columns, axis=1), tags[:, 1:]])


def _names(elements: Sequence[Element]) -> Matrix:
    """Give, an element, what its name and those around it say; the last row stands for no element."""
    rows: list[tuple[float, float, float, float]] = []
    bits: list[int] = []
    for element in elements:
        low, high, mean = _weight(element.hint)
        if element.parent >= 0:
            above_low, above_high, above_near, above_total = rows[element.parent]
            rows.append((min(low, above_low), max(high, above_high), mean + FADE * FADE * above_near, mean + FADE * above_total))
        else:
            rows.append((low, high, mean, mean))
        around = bits[element.parent] if element.parent >= 0 else 0
        bits.append(around | AROUND_BIT.get(element.tag, 0) | (HIDDEN_BIT if element.hidden else 0))
    rows.append((0.0, 0.0, 0.0, 0.0))
    bits.append(0)
    held = np.asarray(bits, dtype=np.int64)[:, None] >> np.arange(len(AROUND) + 1) & 1
    return np.hstack([np.asarray(rows, dtype=np.float32) / 4, held.astype(np.float32)])


@lru_cache(maxsize=16384)
def _weight(hint: str) -> tuple[float, float, float]:
    """Give the least, the greatest and the mean weight of the class words in a hint; zeros where none is known."""
    if not hint:
        return (0.0, 0.0, 0.0)
    weights = class_weights()
    known = [weights[word] for word in CLASS_WORD.findall(hint)[:MAX_CLASS_WORDS] if word in weights]
    return (min(0.0, *known), max(0.0, *known), sum(known) / len(known)) if known else (0.0, 0.0, 0.0)


def _containers(
    elements: Sequence[Element], at: "np.ndarray[tuple[int], np.dtype[np.int64]]", chars: Matrix, good: Matrix, links: Matrix
) -> Matrix:
    """Measure the elements around a block: their share of the page's text and prose, and how dense in links they are."""
    size = len(elements) + 1
    sums = np.stack(
        [np.bincount(at % size, weights=weights, minlength=size) for weights in (chars, good, links, np.ones_like(chars))], axis=1
    ).tolist()
    own = [row[1] for row in sums]
    # children come after their parents, so one pass from the end sums every subtree
    for child in range(len(elements) - 1, -1, -1):
        element = elements[child]
        above, row = sums[element.parent], sums[child]
        above[0] += row[0]
        above[1] += row[1]
        above[2] += row[2]
        above[3] += row[3]
        if element.tag not in CONTAINERS:
            own[element.parent] += own[child]
    table = np.asarray(sums, dtype=np.float32)
    total, whole = max(1.0, float(chars.sum())), max(1.0, float(good.sum()))
    best = max(own[:-1], default=0.0) or 1.0
    shares = np.stack(
        [
            table[:, 1] / whole,
            table[:, 0] / total,
            np.minimum(1, table[:, 2] / np.maximum(1, table[:, 0])),
            np.minimum(1, table[:, 3] / 40),
            np.asarray(own, dtype=np.float32) / best,
        ],
        axis=1,
    )
    parents = np.asarray([element.parent for element in elements] + [-1], dtype=np.int64)
    columns = []
    for _ in range(LEVELS):
        columns.append(shares[at])
        above_at = parents[at]
        at = np.where(above_at >= 0, above_at, at)
    return np.hstack(columns)


def _shapes(document: Document, chars: Matrix, good: Matrix, links: Matrix) -> Matrix:
    """Blocks of one shape (tag, name, what is around) belong together: their number, text, prose and links on this page."""
    elements = document.elements
    shapes: dict[tuple[str, str, str, str], int] = {}
    of_element: dict[int, int] = {}
    member = []
    for block in document.blocks:
        shape = of_element.get(block.element)
        if shape is None:
            element = elements[block.element] if block.element >= 0 else Element("", -1, 0, "", False)
            above = elements[element.parent] if element.parent >= 0 else element
            shape = of_element[block.element] = shapes.setdefault((element.tag, element.hint, above.tag, above.hint), len(shapes))
        member.append(shape)
    numbers = np.bincount(member)
    text, prose, linked = (np.bincount(member, weights=weights) for weights in (chars, good, links))
    columns = [
        np.minimum(1, numbers / 20),
        np.log1p(text / numbers) / 7,
        prose / max(1.0, float(good.sum())),
        np.minimum(1, linked / np.maximum(1, text)),
    ]
    return np.stack(columns, axis=1).astype(np.float32)[member]


@lru_cache(maxsize=1)
def class_weights() -> dict[str, float]:
    """Read the class words and their weights: above zero they mark stories, below zero chrome."""
    table = files("scraper.extract").joinpath("class_words.tsv")
    rows = (row.split("\t") for row in table.read_text("utf-8").splitlines() if row and not row.startswith("#"))
    return {word: float(weight) for word, weight in rows}
