"""How likely is each block part of the story? A small network over the page's blocks in their order, as a few matrix products.

One dense layer a block, four convolutions over the sequence (reach 15 blocks either way) and the page's own maximum and mean, then one
number a block: an inner loop (`inner_loops.py`; `plain_network.py` writes it out). `benchmarks/train.py` trains it and writes the weights;
nothing here learns.
"""

from array import array
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Final, Literal

import numpy as np

from scraper.extract.features import Matrix
from scraper.extract.inner_loops import forward

__all__ = ["DILATIONS", "probabilities"]

# Pages of more blocks than this are scored in pieces that overlap by the reach of the convolutions, so that memory stays bounded.
PIECE: Final = 4000
OVERLAP: Final = 30
DILATIONS: Final = (1, 2, 4, 8)
FLOAT_BYTES: Final = 4


def probabilities(rows: bytes, kind: Literal["page", "text"]) -> list[float]:
    """Give for each of a page's rows (`features.Rows.table`) the probability, 0 to 1, that the block is story.

    `kind` names the weights: with markup or from text alone.
    """
    weights = _weights(kind)
    size = len(weights["dense.weight"]) * FLOAT_BYTES
    count = len(rows) // size
    if count <= PIECE:
        return _scored(rows, weights)
    scores: list[float] = []
    for start in range(0, count, PIECE):
        low, high = max(0, start - OVERLAP), min(count, start + PIECE + OVERLAP)
        part = _scored(rows[low * size : high * size], weights)
        scores += part[start - low : start - low + PIECE]
    return scores


def _scored(rows: bytes, weights: dict[str, Matrix]) -> list[float]:
    return array("f", forward(rows, weights, DILATIONS)).tolist()


@lru_cache(maxsize=2)
def _weights(kind: str) -> dict[str, Matrix]:
    packed = files("scraper.extract").joinpath(f"body_{kind}.npz").read_bytes()
    with np.load(BytesIO(packed)) as arrays:
        return {name: np.ascontiguousarray(arrays[name], dtype=np.float32) for name in arrays.files}
