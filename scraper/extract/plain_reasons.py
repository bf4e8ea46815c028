"""How is each block that is not kept explained where no compiler built the inner loops? What `reasons.py` knows, block by block."""

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from scraper.extract.document import Element
from scraper.records import Dropped

__all__ = ["explain"]

Ints: TypeAlias = npt.NDArray[np.int32]
Words = tuple[tuple[str, ...], dict[str, int], dict[str, int]]

CHROME, HIDDEN, LINKS, NOWHERE, ABOVE, BELOW, BETWEEN = range(7)  # places in `reasons.SAID`
MAX_CHARS, LINKED_SHARE = 300, 0.6


def explain(  # noqa: PLR0913, PLR0917, an explanation is made of this much
    texts: list[str],
    kept: tuple[int, ...],
    scores: list[float],
    known: dict[int, str],
    chrome: bytes,
    elements: tuple[Element, ...],
    layout: tuple[Ints, ...] | None,
    words: Words,
    record: type[Dropped],
) -> tuple[Dropped, ...]:
    """Give a record for each block that is not kept, with the reason.

    `kept` are indexes in rising order, `known` the reasons that are known already, `chrome` a byte a block. `layout` are the blocks'
    elements and characters in links, and the elements' parents and whether they are hidden; None where there is no markup. `words` are the
    reasons, and the places among them of what elements are around a block and of what tags of its own are captions.
    """
    said, inside = words[0], frozenset(kept)
    told = _by_markup(texts, elements, layout, words) if layout else [None] * len(texts)
    places = _places(kept, len(texts))
    return tuple(
        record(
            text=text[:MAX_CHARS],
            reason=f"{known.get(index) or said[CHROME if chrome[index] else _first(code, place)]} (story {score:.2f})",
        )
        for index, (text, code, place, score) in enumerate(zip(texts, told, places, scores, strict=True))
        if index not in inside
    )


def _first(code: int | None, place: int) -> int:
    return place if code is None else code


def _by_markup(texts: list[str], elements: tuple[Element, ...], layout: tuple[Ints, ...], words: Words) -> Iterator[int | None]:
    """Say what the markup around each block tells, the innermost element that does; what is hidden is that first of all."""
    _, around, captions = words
    codes: list[int | None] = []
    for element, parent, hidden in zip(elements, layout[2].tolist(), layout[3].tolist(), strict=True):
        outer = codes[parent] if parent >= 0 else None
        codes.append(HIDDEN if hidden or outer == HIDDEN else around.get(element.tag, outer))
    for text, element, links in zip(texts, layout[0].tolist(), layout[1].tolist(), strict=True):
        code = codes[element] if element >= 0 else None
        if code is None and element >= 0:
            code = captions.get(elements[element].tag)
        yield LINKS if code is None and links >= LINKED_SHARE * len(text) else code


def _places(kept: tuple[int, ...], count: int) -> Iterator[int]:
    """Say of each block where it stands beside the story."""
    for index in range(count):
        if not kept:
            yield NOWHERE
        elif index < kept[0]:
            yield ABOVE
        else:
            yield BELOW if index > kept[-1] else BETWEEN
