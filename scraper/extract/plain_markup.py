"""What does the markup say of a page's blocks? Their tags, what the elements around them are called, how much of the page's prose and
links those elements hold, and which blocks have the same shape.

Each element is worked out once, all of them at a time; a block then takes the column of its element. What an element has from those around
it is found by doubling: from its parent, then from two above, four above, until nothing is above.
"""

import re
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from scraper.extract.document import Element, Layout
from scraper.extract.meanings import AROUND, CONTAINER, HIDDEN, TAG_SHIFT, TAGS

__all__ = ["Ints", "markup_columns"]

Ints: TypeAlias = npt.NDArray[np.integer[Any]]
Column: TypeAlias = npt.NDArray[Any]

LEVELS = 4  # how far up a block's containers are measured
FADE = 0.6  # what an element's name still says one level further in
BITS = np.arange(len(AROUND) + 1)[:, None]
CLASS_WORD = re.compile(r"[a-z]{3,}")
MAX_CLASS_WORDS = 20
TAG_NUMBERS = np.arange(1, len(TAGS) + 1)[:, None]


def markup_columns(
    prose: tuple[Column, ...], layout: Layout, given: Sequence[Element], meanings: dict[str, int], weights: dict[str, float]
) -> list[Column]:
    """Give the markup columns. `prose` are the texts' lengths, what their ends and their lengths say for prose, and whether they are it."""
    _, links, link_count, strong, images, *_ = layout
    chars, stopped, long, told = prose
    unlinked = np.clip(1 - 1.5 * links / chars, 0, 1)
    held = np.stack([chars, chars * unlinked * stopped * long, links, np.ones(len(chars))]).astype(np.float64)
    elements = _Elements(layout, given, meanings)
    return [
        np.minimum(1, links / chars),
        links.astype(np.float32) >= np.float32(0.9) * chars.astype(np.float32),
        np.minimum(1, link_count / 5),
        np.minimum(1, strong / chars),
        np.minimum(1, images / 2),
        *elements.own(),
        *elements.names(weights),
        *elements.containers(held),
        *elements.shapes(held),
        told * unlinked,
    ]


class _Elements:
    """The elements of a page; the last place of every array here stands for no element, which holds the whole page."""

    def __init__(self, layout: Layout, given: Sequence[Element], meanings: dict[str, int]) -> None:
        element, *_, parent, self.depth, self.hidden, self.first, self.end = layout
        self.given = [(element.tag, element.hint) for element in given]
        self.count = len(given)
        self.at = np.where(element < 0, self.count, element)
        self.parents = np.append(np.where(parent < 0, self.count, parent), self.count)
        self.meaning = np.asarray([*(meanings.get(tag, 0) for tag, _ in self.given), 0], dtype=np.int64)

    def own(self) -> list[Column]:
        """Give the depth and the tag of the blocks' own elements."""
        return [np.minimum(1, np.append(self.depth, 0)[self.at] / 25), (self.meaning >> TAG_SHIFT)[self.at] == TAG_NUMBERS]

    def names(self, weights: dict[str, float]) -> list[Column]:
        """Give what an element's name and those around it say."""
        low, high, mean = np.asarray([*(_weights(hint, weights) for _, hint in self.given), (0.0, 0.0, 0.0)]).T
        near, total = mean, mean
        around = self.meaning & (HIDDEN - 1)
        around[:-1] |= self.hidden.astype(np.int64) * HIDDEN
        above, near_fade, fade = self.parents, FADE * FADE, FADE
        while above.min() < self.count:
            low, high = np.minimum(low, low[above]), np.maximum(high, high[above])
            near, total = near + near_fade * near[above], total + fade * total[above]
            around = around | around[above]
            above, near_fade, fade = above[above], near_fade * near_fade, fade * fade
        return [np.stack([low, high, near, total])[:, self.at] / 4, around[self.at] >> BITS & 1]

    def containers(self, held: Column) -> list[Column]:
        """Measure the elements around a block: their share of the page's text and prose, and how dense in links they are."""
        totals = np.concatenate((np.zeros((len(held), 1)), np.cumsum(held, axis=1)), axis=1)
        text, prose, links, blocks = totals[:, np.append(self.end, held.shape[1])] - totals[:, np.append(self.first, 0)]
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
        found = []
        at = self.at
        for _ in range(LEVELS):
            found.append(shares[:, at])
            above = self.parents[at]
            at = np.where(above < self.count, above, at)
        return found

    def _own_prose(self, prose: Column) -> Column:
        """Give an element's prose without that of the containers inside it."""
        contains = (self.meaning & CONTAINER) != 0
        inner = np.flatnonzero(contains)
        at, held = self.parents[inner], prose[inner]
        own = prose.copy()
        while len(at):
            own -= np.bincount(at, weights=held, minlength=self.count + 1)
            further = ~contains[at] & (at < self.count)
            at, held = self.parents[at[further]], held[further]
        return own

    def shapes(self, held: Column) -> list[Column]:
        """Blocks of one shape (tag, name, what is around) belong together: their number, text, prose and links on this page."""
        numbers: dict[tuple[str, str], int] = {}
        known = [numbers.setdefault(given, len(numbers)) for given in self.given]
        name = np.asarray([*known, len(numbers)])
        above = np.where(self.parents < self.count, self.parents, np.arange(self.count + 1))
        _, member = np.unique(name[self.at] * (len(numbers) + 1) + name[above[self.at]], return_inverse=True)
        text, prose, links, blocks = (np.bincount(member, weights=row) for row in held)
        found = (
            np.minimum(1, blocks / 20),
            np.log1p(text / blocks) / 7,
            prose / max(1.0, float(held[1].sum())),
            np.minimum(1, links / np.maximum(1, text)),
        )
        return [np.stack(found)[:, member]]


def _weights(hint: str, weights: dict[str, float]) -> tuple[float, float, float]:
    """Give the least, the greatest and the mean weight of the class words in a hint."""
    known = [weights[word] for word in CLASS_WORD.findall(hint)[:MAX_CLASS_WORDS] if word in weights]
    return (min(0.0, *known), max(0.0, *known), sum(known) / len(known)) if known else (0.0, 0.0, 0.0)
