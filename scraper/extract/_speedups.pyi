from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from scraper.extract.class_kinds import NameTables
from scraper.extract.document import Block, Element, Layout
from scraper.extract.scanned import Scanned
from scraper.records import Dropped

def scan(
    page: bytes,
    written: bool,
    cleaner: Callable[[str], str],
    unescape: Callable[[str], str],
    block: type[Block],
    element: type[Element],
    /,
) -> Scanned | None: ...
def measure(texts: list[str], headline: str, credit_words: tuple[str, ...], phrases: bytes, sorts: bytes, lowered: bytes, /) -> bytes: ...
def hash_words(phrases: list[str], keys: list[str], lowered: bytes, /) -> bytes: ...
def columns(
    measures: bytes,
    kinds: npt.NDArray[np.int8],
    headline: int,
    blocks: tuple[Block, ...],
    elements: tuple[Element, ...],
    layout: Layout | None,
    tables: NameTables,
    told: bytes,
    /,
) -> bytes: ...
def weigh_words(texts: list[str], weights: dict[str, int], sorts: bytes, lowered: bytes, /) -> bytes: ...
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
def witness(texts: list[str], descriptions: tuple[str, ...], body: str, /) -> bytes: ...
