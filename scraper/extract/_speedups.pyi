from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from scraper.extract.document import Element
from scraper.extract.scanned import Scanned
from scraper.records import Dropped

def scan(page: bytes, written: bool, cleaner: Callable[[str], str], unescape: Callable[[str], str], /) -> Scanned | None: ...
def measure(texts: list[str], headline: str, credit_words: tuple[str, ...], phrases: bytes, sorts: bytes, lowered: bytes, /) -> bytes: ...
def hash_words(phrases: list[str], keys: list[str], lowered: bytes, /) -> bytes: ...
def weigh(hints: list[str], weights: dict[str, float], /) -> bytes: ...
def columns(
    measures: bytes,
    kinds: npt.NDArray[np.int8],
    again: npt.NDArray[np.float32],
    headline: int,
    layout: tuple[npt.NDArray[np.integer], ...] | None,
    names: list[str],
    hints: list[str],
    meanings: dict[str, int],
    weights: bytes,
    /,
) -> bytes: ...
def name_kinds(hints: list[str], table: tuple[tuple[tuple[str, int], ...], tuple[tuple[str, int], ...]], /) -> bytes: ...
def forward(matrix: npt.NDArray[np.float32], weights: dict[str, npt.NDArray[np.float32]], dilations: tuple[int, ...], /) -> bytes: ...
def explain(
    texts: list[str],
    kept: tuple[int, ...],
    scores: list[float],
    known: dict[int, str],
    chrome: bytes,
    elements: tuple[Element, ...],
    layout: tuple[npt.NDArray[np.int32], ...] | None,
    words: tuple[tuple[str, ...], dict[str, int], dict[str, int]],
    record: type[Dropped],
    /,
) -> tuple[Dropped, ...]: ...
