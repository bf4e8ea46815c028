"""What does the markup say of a page's blocks? Their tags, what the elements around them are called, how much of the page's prose and
links those elements hold, and which blocks have the same shape.

Each element is worked out once, all of them at a time; a block then takes the column of its element. What an element has from those around
it is found by doubling: from its parent, then from two above, four above, until nothing is above.
"""

from functools import lru_cache
from importlib.resources import files

import numpy as np

from scraper.extract.document import Block, Document, Layout
from scraper.extract.inner_loops import weigh
from scraper.extract.text_columns import Column, Texts

__all__ = ["markup_columns"]

TAGS = "p h1 h2 h3 h4 h5 h6 li td th blockquote pre figcaption dd dt div section article".split()
AROUND = "nav header footer aside article main form table ul figure section blockquote dl ol".split()
CONTAINERS = "div section article aside main td table ul ol nav footer header".split()
# What a name says, in bits: what it is around a block (the last of those bits is for what is hidden), and whether it contains.
HIDDEN_BIT, CONTAINER_BIT = 1 << len(AROUND), 1 << len(AROUND) + 1
MEANING = {
    name: (1 << AROUND.index(name) if name in AROUND else 0) | (CONTAINER_BIT if name in CONTAINERS else 0)
    for name in {*AROUND, *CONTAINERS}
}
TAG_NUMBERS = np.arange(1, len(TAGS) + 1, dtype=np.int8)[:, None]
BITS = np.arange(len(AROUND) + 1)[:, None]
TAG_NUMBER = {tag: number + 1 for number, tag in enumerate(TAGS)}
LEVELS = 4  # how far up a block's containers are measured
FADE = 0.6  # what an element's name still says one level further in


def markup_columns(document: Document, layout: Layout, texts: Texts) -> list[Column]:
    """Give the markup columns, each with one number a block."""
    links = layout.link_chars.astype(np.float32)
    unlinked = np.clip(1 - 1.5 * links / texts.chars, 0, 1)
    good = texts.chars * unlinked * (texts.stopped * 0.7 + 0.3) * ((texts.size > 15) * 0.8 + 0.2)
    weights = np.stack([texts.chars, good, links, np.ones_like(links)]).astype(np.float64)
    elements = _Elements(document, layout)
    return [
        *_own(document.blocks, layout, texts, links),
        *elements.names(),
        *elements.containers(weights),
        *elements.shapes(weights),
        texts.prose * unlinked,
    ]


def _own(blocks: tuple[Block, ...], layout: Layout, texts: Texts, links: Column) -> list[Column]:
    chars = texts.chars
    depth = np.append(layout.depth, 0)[layout.element]
    tags = np.fromiter((TAG_NUMBER.get(block.tag, 0) for block in blocks), dtype=np.int8, count=len(blocks))
    return [
        np.minimum(1, links / chars),
        links >= 0.9 * chars,
        np.minimum(1, layout.links / 5),
        np.minimum(1, layout.strong_chars / chars),
        np.minimum(1, layout.images / 2),
        np.minimum(1, depth / 25),
        tags == TAG_NUMBERS,
    ]


class _Elements:
    """The elements of a page; the last place of every array here stands for no element, which holds the whole page."""

    def __init__(self, document: Document, layout: Layout) -> None:
        self.elements = document.elements
        self.layout = layout
        self.count = len(document.elements)
        self.at = np.where(layout.element < 0, self.count, layout.element)
        self.parents = np.append(np.where(layout.parent < 0, self.count, layout.parent), self.count)
        self.meaning = np.zeros(self.count + 1, dtype=np.int64)
        self.meaning[:-1] = [MEANING.get(element.tag, 0) for element in document.elements]

    def names(self) -> list[Column]:
        """Give what an element's name and those around it say."""
        weights = np.zeros((self.count + 1, 3))
        weights[:-1] = np.frombuffer(weigh([element.hint for element in self.elements], class_weights())).reshape(-1, 3)
        low, high, mean = weights.T
        near, total = mean, mean
        around = self.meaning & (HIDDEN_BIT - 1)
        around[:-1] |= self.layout.hidden * HIDDEN_BIT
        above, near_fade, fade = self.parents, FADE * FADE, FADE
        while above.min() < self.count:
            low, high = np.minimum(low, low[above]), np.maximum(high, high[above])
            near, total = near + near_fade * near[above], total + fade * total[above]
            around = around | around[above]
            above, near_fade, fade = above[above], near_fade * near_fade, fade * fade
        bits = around[self.at]
        return [np.stack([low, high, near, total])[:, self.at] / 4, bits >> BITS & 1]

    def containers(self, weights: Column) -> list[Column]:
        """Measure the elements around a block: their share of the page's text and prose, and how dense in links they are."""
        totals = np.concatenate((np.zeros((len(weights), 1)), np.cumsum(weights, axis=1)), axis=1)
        first, end = np.append(self.layout.first, 0), np.append(self.layout.end, weights.shape[1])
        text, prose, links, blocks = totals[:, end] - totals[:, first]
        own = self._own_prose(prose)
        shares = np.stack(
            [
                prose / max(1.0, prose[-1]),
                text / max(1.0, text[-1]),
                np.minimum(1, links / np.maximum(1, text)),
                np.minimum(1, blocks / 40),
                own / (own[:-1].max(initial=0.0) or 1.0),
            ]
        )
        columns = []
        at = self.at
        for _ in range(LEVELS):
            columns.append(shares[:, at])
            above = self.parents[at]
            at = np.where(above < self.count, above, at)
        return columns

    def _own_prose(self, prose: Column) -> Column:
        """Give an element's prose without that of the containers inside it."""
        contains = (self.meaning & CONTAINER_BIT) != 0
        inner = np.flatnonzero(contains)
        at, held = self.parents[inner], prose[inner]
        own = prose.copy()
        while len(at):
            own -= np.bincount(at, weights=held, minlength=self.count + 1)
            further = ~contains[at] & (at < self.count)
            at, held = self.parents[at[further]], held[further]
        return own

    def shapes(self, weights: Column) -> list[Column]:
        """Blocks of one shape (tag, name, what is around) belong together: their number, text, prose and links on this page."""
        names: dict[tuple[str, str], int] = {}
        known = [names.setdefault((element.tag, element.hint), len(names)) for element in self.elements]
        name = np.asarray([*known, len(names)])
        above = np.where(self.parents < self.count, self.parents, np.arange(self.count + 1))
        _, member = np.unique(name[self.at] * (len(names) + 1) + name[above[self.at]], return_inverse=True)
        text, prose, links, numbers = (np.bincount(member, weights=row) for row in weights)
        columns = (
            np.minimum(1, numbers / 20),
            np.log1p(text / numbers) / 7,
            prose / max(1.0, float(weights[1].sum())),
            np.minimum(1, links / np.maximum(1, text)),
        )
        return [np.stack(columns)[:, member]]


@lru_cache(maxsize=1)
def class_weights() -> dict[str, float]:
    """Read the class words and their weights: above zero they mark stories, below zero chrome."""
    table = files("scraper.extract").joinpath("class_words.tsv")
    rows = (row.split("\t") for row in table.read_text("utf-8").splitlines() if row and not row.startswith("#"))
    return {word: float(weight) for word, weight in rows}
