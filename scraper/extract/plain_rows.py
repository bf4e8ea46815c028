"""How are the body model's rows computed where no compiler built the inner loops? With numpy, all blocks at once: what each column is
stands in `plain_columns.py`, `plain_markup.py`, `plain_witness.py`, `plain_kinds.py`, `plain_prose.py` and `plain_words.py`, in this order.
The compiled way gives the same numbers.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from scraper.extract.class_kinds import Stems
from scraper.extract.document import Block, Element, Layout
from scraper.extract.plain_columns import page_columns, text_columns
from scraper.extract.plain_measures import measure
from scraper.extract.plain_witness import witness
from scraper.extract.plain_words import weigh_words

__all__ = ["Known", "rows"]

Phrases = tuple[tuple[tuple[str, tuple[str, ...] | None, int], ...], Callable[[str], int]]


class Known(NamedTuple):
    """What is known of characters (`sorts.py`), of words in a picture's credit, of phrases (`phrases.py`) and of names.

    What names mean: tags (`meanings.py`), class words by weight, class words by kind, and how many kinds there are. Last, the weights of
    the words that stories begin with.
    """

    sorts: bytes
    lowered: bytes
    credits: tuple[str, ...]
    phrases: Phrases
    meanings: dict[str, int]
    weights: dict[str, float]
    kinds: tuple[Stems, Stems]
    kind_count: int
    words: dict[str, int]


def rows(  # noqa: PLR0913, PLR0917, the rows are made of this much
    blocks: tuple[Block, ...],
    elements: tuple[Element, ...],
    layout: Layout | None,
    headline: str,
    at: int,
    told: tuple[tuple[str, ...], str],
    known: Known,
    /,
) -> tuple[bytes, bytes]:
    """Give the columns of each block, as rows of 32-bit floats, and a byte for each block: its kind in the phrase table.

    There are the columns of the text, and those of the markup where there is any. `at` is the number of the block that is the headline, -1
    for none; `told` are the page's descriptions in lower case and its body, as the markup gives them.
    """
    texts = [block.text for block in blocks]
    measures = measure(texts, headline, known.credits, known.sorts, known.lowered)
    kinds = np.fromiter(map(known.phrases[1], texts), dtype=np.int8, count=len(texts))
    if layout is None:
        found = text_columns(measures, kinds, at, texts)
    else:
        names = (known.meanings, known.weights, known.kinds, known.kind_count)
        quoted = np.frombuffer(witness(texts, *told), dtype=np.float32).reshape(len(texts), -1)
        opens = np.frombuffer(weigh_words(texts, known.words, known.sorts, known.lowered), dtype=np.float32).reshape(len(texts), -1)
        found = np.vstack([page_columns(measures, kinds, at, texts, (elements, layout), names, quoted.T), opens.T])
    return np.ascontiguousarray(found.T, dtype=np.float32).tobytes(), kinds.tobytes()
