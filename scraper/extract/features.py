"""What can be measured of each block of a page? One row of numbers a block, in page order, for the body model to weigh.

Lengths go through log1p and shares lie between 0 and 1, so that the columns have one scale without any statistics of a page or a corpus.
"""

import numpy as np

from scraper.extract.document import Document
from scraper.extract.markup_columns import markup_columns
from scraper.extract.text_columns import Matrix, Texts, text_columns

__all__ = ["Matrix", "page_matrix", "text_matrix"]


def text_matrix(document: Document, headline: str | None, headline_block: int | None) -> Matrix:
    """Give the columns that need only text: one row a block, of which there must be at least one."""
    return text_columns(Texts(document.blocks), headline, headline_block)[0]


def page_matrix(document: Document, headline: str | None, headline_block: int | None) -> Matrix:
    """Give the text columns and those that the markup adds: one row a block, of which there must be at least one."""
    texts = Texts(document.blocks)
    columns, prose = text_columns(texts, headline, headline_block)
    return np.hstack([columns, markup_columns(document, texts, prose)])
