"""How likely is each block part of the story? A small network over the page's blocks in their order, as a few matrix products.

One dense layer a block, four convolutions over the sequence (reach 15 blocks either way) and the page's own maximum and mean, then one
number a block. `benchmarks/train.py` trains it and writes the weights; nothing here learns.
"""

from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Literal

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController

from scraper.extract.features import Matrix

__all__ = ["DILATIONS", "probabilities"]

# Pages of more blocks than this are scored in pieces that overlap by the reach of the convolutions, so that memory stays bounded.
PIECE, OVERLAP = 4000, 30
DILATIONS = (1, 2, 4, 8)


def probabilities(matrix: Matrix, kind: Literal["page", "text"]) -> npt.NDArray[np.float32]:
    """Give for each row the probability, 0 to 1, that the block is story. `kind` names the weights: with markup or from text alone."""
    weights = _weights(kind)
    with _pools().limit(limits=1):
        return _in_pieces(matrix, weights)


def _in_pieces(matrix: Matrix, weights: dict[str, Matrix]) -> npt.NDArray[np.float32]:
    if len(matrix) <= PIECE:
        return _forward(matrix, weights)
    scores = np.empty(len(matrix), dtype=np.float32)
    for start in range(0, len(matrix), PIECE):
        low, high = max(0, start - OVERLAP), min(len(matrix), start + PIECE + OVERLAP)
        part = _forward(matrix[low:high], weights)
        scores[start : start + PIECE] = part[start - low : start - low + PIECE]
    return scores


def _forward(matrix: Matrix, weights: dict[str, Matrix]) -> npt.NDArray[np.float32]:
    hidden = _dense(matrix, weights, "dense")
    signal = hidden @ weights["down.weight"] + weights["down.bias"]
    for number, dilation in enumerate(DILATIONS):
        signal = signal + _dense(_spread(signal, dilation), weights, f"conv{number}")
    page = np.concatenate([signal.max(axis=0), signal.mean(axis=0)])
    signal = np.maximum(signal + page @ weights["page.weight"] + weights["page.bias"], 0)
    logits = hidden @ weights["out.hidden"] + signal @ weights["out.signal"] + weights["out.bias"]
    return np.asarray(1 / (1 + np.exp(-np.clip(logits[:, 0], -30, 30))), dtype=np.float32)


def _dense(rows: Matrix, weights: dict[str, Matrix], name: str) -> Matrix:
    return np.asarray(np.maximum(rows @ weights[f"{name}.weight"] + weights[f"{name}.bias"], 0), dtype=np.float32)


def _spread(rows: Matrix, dilation: int) -> Matrix:
    """Set each row between those that stand `dilation` before and after it, zeros beyond the ends: one product is a convolution then."""
    count, width = rows.shape
    wide = np.zeros((count, 3 * width), dtype=np.float32)
    wide[dilation:, :width] = rows[: max(0, count - dilation)]
    wide[:, width : 2 * width] = rows
    wide[: max(0, count - dilation), 2 * width :] = rows[dilation:]
    return wide


@lru_cache(maxsize=1)
def _pools() -> ThreadpoolController:
    """Find numpy's thread pools: on matrices this small two threads take twice the time of one, most of it spent waiting."""
    return ThreadpoolController()


@lru_cache(maxsize=2)
def _weights(kind: str) -> dict[str, Matrix]:
    packed = files("scraper.extract").joinpath(f"body_{kind}.npz").read_bytes()
    with np.load(BytesIO(packed)) as arrays:
        return {name: arrays[name].astype(np.float32) for name in arrays.files}
