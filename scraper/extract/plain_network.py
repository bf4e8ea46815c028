"""How is the body model's network computed where no compiler built the inner loops? With numpy. The compiled way gives the same to
within the rounding of 32-bit floats.

One dense layer a block, convolutions over the sequence, and the page's own maximum and mean, then one number a block.
"""

from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController

__all__ = ["forward"]

Matrix: TypeAlias = npt.NDArray[np.float32]


def forward(rows: bytes | Matrix, weights: dict[str, Matrix], dilations: tuple[int, ...], /) -> bytes:
    """Give for each row the probability, 0 to 1, that the block is story, as 32-bit floats. `dilations` has one a convolution."""
    matrix = np.frombuffer(rows, dtype=np.float32).reshape(-1, len(weights["dense.weight"]))
    with _pools().limit(limits=1):
        hidden = _dense(matrix, weights, "dense")
        signal = hidden @ weights["down.weight"] + weights["down.bias"]
        for number, dilation in enumerate(dilations):
            signal = signal + _dense(_spread(signal, dilation), weights, f"conv{number}")
        page = np.concatenate([signal.max(axis=0), signal.mean(axis=0)])
        signal = np.maximum(signal + page @ weights["page.weight"] + weights["page.bias"], 0)
        logits = hidden @ weights["out.hidden"] + signal @ weights["out.signal"] + weights["out.bias"]
    return np.asarray(1 / (1 + np.exp(-np.clip(logits[:, 0], -30, 30))), dtype=np.float32).tobytes()


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
