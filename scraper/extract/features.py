"""What can be measured of each block of a page? One row of numbers a block, in page order, for the body model to weigh.

Here is gathered what the rows are made of; the rows themselves are an inner loop (`inner_loops.py`), and `plain_rows.py` says where to find
what each of their columns is. Lengths go through log1p and shares lie between 0 and 1, so that the columns have one scale without any
statistics of a page or a corpus.
"""

from functools import lru_cache
from importlib.resources import files
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from scraper.extract.candidates import Claims
from scraper.extract.class_kinds import kind_names, kind_table
from scraper.extract.document import Document
from scraper.extract.inner_loops import rows
from scraper.extract.meanings import MEANINGS
from scraper.extract.phrases import phrase_number, phrase_rows
from scraper.extract.plain_rows import Known
from scraper.extract.sorts import tables
from scraper.extract.story_words import word_weights
from scraper.extract.witness import told

__all__ = ["CREDITS", "Matrix", "Rows", "class_weights", "page_matrix", "page_rows", "text_matrix", "text_rows"]

Matrix: TypeAlias = npt.NDArray[np.float32]

CREDITS: Final = tuple(
    "photo photos foto fotos image images picture pictures getty reuters credit credits courtesy afp epa dpa shutterstock".split()
)


class Rows(NamedTuple):
    """The columns of each block as 32-bit floats, row by row, and a byte for each: its kind in the phrase table, 0 for none."""

    table: bytes
    phrases: bytes


def text_rows(document: Document, headline: str | None, headline_block: int | None) -> Rows:
    """Give the columns that need only text."""
    return _rows(document._replace(layout=None), headline, headline_block, None)


def page_rows(document: Document, headline: str | None, headline_block: int | None, claims: Claims | None = None) -> Rows:
    """Give the text columns and those that the markup adds.

    `claims` are what the markup says of the page; without them it is as if it said nothing.
    """
    if document.layout is None:
        message = "plain text has no markup to measure"
        raise ValueError(message)
    return _rows(document, headline, headline_block, claims)


def text_matrix(document: Document, headline: str | None, headline_block: int | None) -> Matrix:
    """Give `text_rows` as a matrix: one row a block, of which there must be at least one."""
    return _matrix(document, text_rows(document, headline, headline_block))


def page_matrix(document: Document, headline: str | None, headline_block: int | None, claims: Claims | None = None) -> Matrix:
    """Give `page_rows` as a matrix: one row a block, of which there must be at least one."""
    return _matrix(document, page_rows(document, headline, headline_block, claims))


def _matrix(document: Document, found: Rows) -> Matrix:
    return np.frombuffer(found.table, dtype=np.float32).reshape(len(document.blocks), -1)


def _rows(document: Document, headline: str | None, headline_block: int | None, claims: Claims | None) -> Rows:
    at = -1 if headline_block is None else headline_block
    return Rows(*rows(document.blocks, document.elements, document.layout, headline or "", at, told(claims), _known()))


@lru_cache(maxsize=1)
def _known() -> Known:
    """Gather what is known of characters, phrases, words and names, once a process."""
    phrases = (phrase_rows(), phrase_number)
    return Known(*tables(), CREDITS, phrases, MEANINGS, class_weights(), kind_table(), len(kind_names()), word_weights())


@lru_cache(maxsize=1)
def class_weights() -> dict[str, float]:
    """Read the class words and their weights: above zero they mark stories, below zero chrome."""
    table = files("scraper.extract").joinpath("class_words.tsv")
    rows = (row.split("\t") for row in table.read_text("utf-8").splitlines() if row and not row.startswith("#"))
    return {word: float(weight) for word, weight in rows}
