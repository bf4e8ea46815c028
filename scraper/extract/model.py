"""How likely is each block part of the story? A small network over the page's blocks in their order, as a few matrix products.

One dense layer a block, four convolutions over the sequence (reach 15 blocks either way) and the page's own maximum and mean, then one
number a block: an inner loop (`inner_loops.py`; `plain_network.py` writes it out). `benchmarks/train.py` trains it and writes the weights;
nothing here learns.
"""

from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Literal

import numpy as np
import numpy.typing as npt

from scraper.extract.features import Matrix
from scraper.extract.inner_loops import forward

__all__ = ["DILATIONS", "probabilities"]

# Pages of more blocks than this are scored in pieces that overlap by the reach of the convolutions, so that memory stays bounded.
PIECE, OVERLAP = 4000, 30
DILATIONS = (1, 2, 4, 8)


def probabilities(matrix: Matrix, kind: Literal["page", "text"]) -> npt.NDArray[np.float32]:
    """Give for each row the probability, 0 to 1, that the block is story. `kind` names the weights: with markup or from text alone."""
    weights = _weights(kind)
    if len(matrix) <= PIECE:
        return _scored(matrix, weights)
    scores = np.empty(len(matrix), dtype=np.float32)
    for start in range(0, len(matrix), PIECE):
        low, high = max(0, start - OVERLAP), min(len(matrix), start + PIECE + OVERLAP)
        part = _scored(matrix[low:high], weights)
        scores[start : start + PIECE] = part[start - low : start - low + PIECE]
    return scores


def _scored(matrix: Matrix, weights: dict[str, Matrix]) -> npt.NDArray[np.float32]:
    return np.frombuffer(forward(matrix, weights, DILATIONS), dtype=np.float32)


@lru_cache(maxsize=2)
def _weights(kind: str) -> dict[str, Matrix]:
    packed = files("scraper.extract").joinpath(f"body_{kind}.npz").read_bytes()
    with np.load(BytesIO(packed)) as arrays:
        return {name: np.ascontiguousarray(arrays[name], dtype=np.float32) for name in arrays.files}
