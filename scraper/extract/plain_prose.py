"""Where on the page does its prose gather? Columns that say, for a block, whether it stands in the innermost element that holds most of the
prose, how far in, and how much prose its parent and the parent's parent hold directly. What each column is stands here; where there was a
compiler, `c/prose.c` gives the same numbers.
"""

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from scraper.extract.document import Layout

Column: TypeAlias = npt.NDArray[Any]  # numbers or truth values, one a block

__all__ = ["Column", "prose_columns"]

# The innermost element that holds this share of the page's prose; the middle one is measured more closely.
SHARES, MIDDLE = (0.4, 0.6, 0.8), 0.6
LENGTH, STOPPED, IS_LONG, LINKED = 0, 4, 26, 50  # where the table says so: the logarithm of the length, a stop at the end, words, links
DEEP, FEWEST_BLOCKS = 6, 2  # levels below such an element that make one; one long paragraph is no container


def prose_columns(layout: Layout, table: Column) -> list[Column]:
    """Give the columns, each with one number a block. `table` are the columns of `features`, a row a block."""
    chars = np.expm1(table[:, LENGTH] * 7)
    # minimum and maximum, since numpy's clip takes four times as long on as few numbers
    unlinked = np.maximum(0, 1 - 1.5 * table[:, LINKED])
    prose = chars * unlinked * (table[:, STOPPED] * 0.7 + 0.3) * (table[:, IS_LONG] * 0.8 + 0.2)
    count, blocks = len(layout.parent), len(chars)
    at = np.where(layout.element < 0, count, layout.element)
    told = np.concatenate(([0.0], prose.cumsum()))
    whole = max(1.0, float(told[-1]))
    shares = (told[layout.end] - told[layout.first]) / whole
    shares[layout.end - layout.first < FEWEST_BLOCKS] = 0
    depth = np.append(layout.depth, 0)[at]
    columns: list[Column] = []
    for least in SHARES:
        holder = _innermost(shares >= least, layout.depth)
        first, end = (int(layout.first[holder]), int(layout.end[holder])) if holder >= 0 else (0, 0)
        inside, deep = np.zeros(blocks), np.ones(blocks)
        if holder >= 0:
            inside[first:end] = 1
            deep[first:end] = np.minimum(1, np.maximum(0, (depth[first:end] - layout.depth[holder]) / DEEP))
        columns += [inside, deep]
        if least == MIDDLE:
            place = np.minimum(1, np.maximum(0, np.arange(1 - first, blocks + 1 - first) / max(1, end - first)))
            size = float(chars[first:end].sum()) / max(1.0, float(chars.sum()))
            columns += [place, np.full(blocks, shares[holder] if holder >= 0 else 0), np.full(blocks, size)]
    return [*columns, *_direct(layout, at, prose, whole)]


def _innermost(held: npt.NDArray[np.bool_], depth: npt.NDArray[np.int32]) -> int:
    """Give the deepest of the marked elements, the first of several; -1 where none is marked."""
    return int(np.argmax(np.where(held, depth, -1))) if held.any() else -1


def _direct(layout: Layout, at: Column, prose: Column, whole: float) -> list[Column]:
    """Measure the prose of the blocks that share a block's parent, and of those that share the parent's parent."""
    count = len(layout.parent)
    parents = np.append(layout.parent, count)
    parents[parents < 0] = count
    near = parents[at]
    above = parents[near]
    own, wider = (np.bincount(group, weights=prose, minlength=count + 1) for group in (near, above))
    most = max(1.0, float(own.max()))
    return [own[near] / whole, own[near] / most, wider[above] / max(1.0, float(wider.max())), near == np.argmax(own)]
