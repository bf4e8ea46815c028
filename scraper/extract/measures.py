"""What is there to count in each text of a page? Characters by sort, words, sentences, and what a short line shares with the headline.

The counting itself is an inner loop (`inner_loops.py`), compiled where there was a compiler.
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from scraper.extract.inner_loops import hash_words, measure
from scraper.extract.phrases import phrase_keys
from scraper.extract.sorts import MEASURES, tables

__all__ = ["CREDITS", "Matrix", "Measures"]

Matrix = npt.NDArray[np.float32]

CREDITS = tuple(
    "photo photos foto fotos image images picture pictures getty reuters credit credits courtesy afp epa dpa shutterstock".split()
)
PLACES = {name: place for place, name in enumerate(MEASURES)}


class Measures:
    """The measures of a page's texts: one column each, by the names in MEASURES; `title_words` counts the headline's words."""

    def __init__(self, texts: list[str], headline: str | None) -> None:
        rows = np.frombuffer(measure(texts, headline or "", CREDITS, _phrases(), *tables()), dtype=np.int32).reshape(-1, len(MEASURES))
        self.title_words = int(rows[-1, PLACES["line_words"]])
        self.rows = rows[:-1].T.astype(np.float32)
        self.first, self.last, self.last_code = (rows[:-1, PLACES[name]] for name in ("first", "last", "last_code"))

    def __getitem__(self, name: str) -> Matrix:
        return np.asarray(self.rows[PLACES[name]])

    def several(self, names: tuple[str, ...]) -> Matrix:
        """Give several measures, one row each."""
        return np.asarray(self.rows[[PLACES[name] for name in names]])


@lru_cache(maxsize=1)
def _phrases() -> bytes:
    return hash_words(*phrase_keys(), tables().lowered)
