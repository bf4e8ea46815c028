"""How are texts held against what the markup says of the page, where no compiler built the inner loops? The compiled way gives the same."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["witness"]

Columns: TypeAlias = npt.NDArray[np.float32]

WIDTH = 7
# A block is looked up by its first characters: descriptions differ from what is shown at their ends, where they are cut off.
HEAD, MIN_SHOWN, MAX_SHOWN = 30, 25, 400
LONGER = 1.15  # a block longer than this many descriptions tells more than they do
# No more blocks are looked for in a body: they are other people's input, and looking up is a product.
PROBE, MAX_BLOCKS = 24, 2000
SEPARATOR = " \n "


def witness(texts: list[str], descriptions: tuple[str, ...], body: str, /) -> bytes:
    """Give the columns of `witness.py` as rows of 32-bit floats, all zeros where nothing is said. The descriptions are in lower case."""
    columns = np.zeros((WIDTH, len(texts)), dtype=np.float32)
    if texts and descriptions:
        columns[0] = 1
        columns[1:3] = _described(texts, descriptions)
    if texts and body:
        columns[3:] = _quoted(texts, body)
    return columns.T.tobytes()


def _described(texts: Sequence[str], told: Sequence[str]) -> Columns:
    """Say of each block whether it begins as a description or holds the beginning of one, and whether that is all it says."""
    columns = np.zeros((2, len(texts)), dtype=np.float32)
    starts = [text[:MAX_SHOWN].lower() for text in texts]
    ends = np.cumsum([len(start) + 1 for start in starts])
    page = "\n".join(starts)
    for head in {description[:HEAD] for description in told}:
        at = page.find(head)
        while at >= 0:
            index = min(int(np.searchsorted(ends, at, side="right")), len(texts) - 1)
            columns[:, index] = (0.5, 1.0 if len(texts[index]) < MAX_SHOWN else 0.3)
            at = page.find(head, at + HEAD)
    joined, longest = SEPARATOR.join(told), max(map(len, told))
    for index, start in enumerate(starts):
        if len(start) >= MIN_SHOWN and start[:HEAD] in joined:
            columns[:, index] = (1, len(texts[index]) <= LONGER * longest)
    return columns


def _quoted(texts: Sequence[str], body: str) -> Columns:
    """Say how much of the page the body could be, how much of each block stands in it, and how much of all that lies behind."""
    found = np.zeros(len(texts), dtype=np.float32)
    found[:MAX_BLOCKS] = [_share(" ".join(text.split()), body) for text in texts[:MAX_BLOCKS]]
    size = min(1.0, len(body) / max(1, sum(map(len, texts))))
    return np.stack([np.ones_like(found), np.full_like(found, size), found, np.cumsum(found) / max(1.0, float(found.sum()))])


def _share(text: str, body: str) -> float:
    """Give the share of a block's beginning, middle and end that stand in the body; a short line proves only half."""
    if len(text) < PROBE:
        return 0.5 * (text in body)
    middle = len(text) // 2 - PROBE // 2
    return sum(part in body for part in (text[:PROBE], text[middle : middle + PROBE], text[-PROBE:])) / 3
