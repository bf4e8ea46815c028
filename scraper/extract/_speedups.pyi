from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from scraper.extract.document import Block, Element, Ints, Layout, Rows
from scraper.extract.plain_rows import Known
from scraper.extract.scanned import Scanned
from scraper.records import Dropped

def scan(
    page: bytes,
    written: bool,
    cleaner: Callable[[str], str],
    unescape: Callable[[str], str],
    rows: Rows,
    /,
) -> Scanned | None: ...
def rows(
    blocks: tuple[Block, ...],
    elements: tuple[Element, ...],
    layout: Layout | None,
    headline: str,
    at: int,
    told: tuple[tuple[str, ...], str],
    known: Known,
    /,
) -> tuple[bytes, bytes]: ...
def tally(
    blocks: tuple[Block, ...],
    elements: tuple[Element, ...],
    kept: tuple[int, ...],
    lines: Mapping[str, object],
    names: Mapping[str, object],
    /,
) -> tuple[int, int, int, int, int, int, int, list[str], list[str]]: ...
def paths(elements: tuple[Element, ...], signature: Callable[[str, str], str], /) -> tuple[str, ...]: ...
def shares(
    blocks: tuple[Block, ...], kept: tuple[int, ...], first: Ints, end: Ints, paths: tuple[str, ...], held: float, /
) -> tuple[dict[str, tuple[int, int]], int | None]: ...
def weigh_words(texts: list[str], weights: dict[str, int], sorts: bytes, lowered: bytes, /) -> bytes: ...
def forward(
    matrix: bytes | npt.NDArray[np.float32], weights: dict[str, npt.NDArray[np.float32]], dilations: tuple[int, ...], /
) -> bytes: ...
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
def common_form(text: str, slow: Callable[[str], str], /) -> str: ...
def words(text: str, /) -> list[str]: ...
def letters(text: str, /) -> str: ...
def utf8(text: str, /) -> bytes: ...
def is_sound_utf8(content: bytes, /) -> bool: ...
def figures(text: str, /) -> int: ...
def leading_word(text: str, /) -> str | None: ...
