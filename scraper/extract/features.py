"""What can be measured of each block of a page? One row of numbers a block, in page order, for the body model to weigh.

Lengths go through log1p and shares lie between 0 and 1, so that the columns have one scale without any statistics of a page or a corpus.
"""

import numpy as np
import numpy.typing as npt

from scraper.extract.document import Document
from scraper.extract.markup_columns import markup_columns
from scraper.extract.text_columns import Column, Texts, text_columns

__all__ = ["Matrix", "page_matrix", "text_matrix"]

Matrix = npt.NDArray[np.float32]


def text_matrix(document: Document, headline: str | None, headline_block: int | None) -> Matrix:
    """Give the columns that need only text: one row a block, of which there must be at least one."""
    return _matrix(text_columns(Texts([block.text for block in document.blocks], headline), headline_block))


def page_matrix(document: Document, headline: str | None, headline_block: int | None) -> Matrix:
    """Give the text columns and those that the markup adds: one row a block, of which there must be at least one."""
    if document.layout is None:
        message = "plain text has no markup to measure"
        raise ValueError(message)
    texts = Texts([block.text for block in document.blocks], headline)
    return _matrix([*text_columns(texts, headline_block), *markup_columns(document, document.layout, texts)])


def _matrix(columns: list[Column]) -> Matrix:
    return np.ascontiguousarray(np.vstack(columns, dtype=np.float32, casting="unsafe").T)
