"""Which words open a block, those of stories or those of what sites set around them? Columns for the body model.

"Subscribe", "cookies" and a picture agency's name stand around stories in every layout, "said" and "however" in them. The table
(story_words.tsv) gives words their weights, learned from the blocks of many sites: `benchmarks/words.py`.
"""

from functools import lru_cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from scraper.extract.inner_loops import weigh_words
from scraper.extract.sorts import tables

__all__ = ["COLUMNS", "weights_of", "word_columns", "word_weights"]

COLUMNS = 4  # of words, at the end of a page's matrix


def word_columns(texts: list[str], weights: dict[str, int]) -> npt.NDArray[np.float32]:
    """Give, a block as row, the sum of its words' weights, their mean, the least and the greatest, all between -1 and 1."""
    return np.frombuffer(weigh_words(texts, weights, *tables()), dtype=np.float32).reshape(-1, COLUMNS)


@lru_cache(maxsize=1)
def word_weights() -> dict[str, int]:
    """Read the words and their weights in hundredths: above zero they mark stories, below zero what stands around them."""
    return weights_of(files("scraper.extract").joinpath("story_words.tsv").read_text("utf-8"))


def weights_of(table: str) -> dict[str, int]:
    """Read such a table: a line a word."""
    rows = (row.split("\t") for row in table.splitlines() if row and not row.startswith("#"))
    return {word: int(weight) for word, weight in rows}
