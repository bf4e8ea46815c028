"""Which blocks does the page's own markup quote? Columns that hold the blocks against the descriptions and the `articleBody` it gives.

A description that is shown is the standfirst more often than not, and an `articleBody` names the story's paragraphs, where a site gives
one at all. Both may be cut short, or another story's: the body model weighs them as it weighs everything else.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from scraper.extract.candidates import Claims

Column = npt.NDArray[np.float32]

__all__ = ["WIDTH", "shown", "witness_columns"]

WIDTH = 7
# A block is looked up by its first characters: descriptions differ from what is shown at their ends, where they are cut off.
HEAD, MIN_SHOWN, MAX_SHOWN = 30, 25, 400
LONGER = 1.15  # a block longer than this many descriptions tells more than they do
MIN_BODY, PROBE = 200, 24
# More of a description or a body is not looked at, nor more blocks in a body: they are other people's input, and looking up is a product.
MAX_TOLD, MAX_BODY, MAX_BLOCKS = 5000, 200_000, 2000
SEPARATOR = " \n "


def witness_columns(texts: Sequence[str], claims: Claims | None) -> Column:
    """Give the columns, each a row with one number a block; all zeros on a page that describes nothing."""
    columns = np.zeros((WIDTH, len(texts)), dtype=np.float32)
    if claims is None:
        return columns
    told = _descriptions(claims)
    if told:
        columns[0] = 1
        columns[1:3] = _described(texts, told)
    bodies = [claim.value for claim in claims.bodies if len(claim.value) >= MIN_BODY]
    if bodies:
        columns[3:] = _quoted(texts, SEPARATOR.join(bodies)[:MAX_BODY])
    return columns


def shown(texts: Sequence[str], claims: Claims) -> list[float]:
    """Say of each text whether it begins as one of the page's descriptions (1), holds the beginning of one (0.5), or neither."""
    told = _descriptions(claims)
    return [float(degree) for degree in _described(texts, told)[0]] if told and texts else [0.0] * len(texts)


def _descriptions(claims: Claims) -> list[str]:
    return list(dict.fromkeys(claim.value[:MAX_TOLD].lower() for claim in claims.descriptions if len(claim.value) >= MIN_SHOWN))


def _described(texts: Sequence[str], told: Sequence[str]) -> Column:
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


def _quoted(texts: Sequence[str], body: str) -> Column:
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
