"""What can be measured of each block of a page? One row of numbers a block, in page order, for the body model to weigh.

Here is gathered what the columns are made of; the columns themselves are an inner loop (`inner_loops.py`), and `plain_columns.py` says
what each of them is. Lengths go through log1p and shares lie between 0 and 1, so that the columns have one scale without any statistics of
a page or a corpus.
"""

from functools import lru_cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from scraper.extract.candidates import Claims
from scraper.extract.class_kinds import NameTables, kind_names, kind_table
from scraper.extract.document import Document
from scraper.extract.inner_loops import columns, hash_words, measure
from scraper.extract.meanings import KINDS, MEANINGS
from scraper.extract.phrases import phrase_keys, phrase_kind
from scraper.extract.sorts import MEASURES, tables
from scraper.extract.story_words import word_columns, word_weights
from scraper.extract.witness import witness_rows

__all__ = ["CREDITS", "PHRASES", "Matrix", "class_weights", "name_tables", "page_matrix", "text_matrix"]

Matrix = npt.NDArray[np.float32]

CREDITS = tuple(
    "photo photos foto fotos image images picture pictures getty reuters credit credits courtesy afp epa dpa shutterstock".split()
)
PHRASE = MEASURES.index("phrase")
PHRASES = slice(28, 31)  # the columns that say whether a text is of one of the phrase table's kinds


def text_matrix(document: Document, headline: str | None, headline_block: int | None) -> Matrix:
    """Give the columns that need only text: one row a block, of which there must be at least one."""
    return _matrix(document._replace(layout=None), headline, headline_block, None)


def page_matrix(document: Document, headline: str | None, headline_block: int | None, claims: Claims | None = None) -> Matrix:
    """Give the text columns and those that the markup adds: one row a block, of which there must be at least one.

    `claims` are what the markup says of the page; without them it is as if it said nothing.
    """
    if document.layout is None:
        message = "plain text has no markup to measure"
        raise ValueError(message)
    return _matrix(document, headline, headline_block, claims)


def _matrix(document: Document, headline: str | None, headline_block: int | None, claims: Claims | None) -> Matrix:
    texts = [block.text for block in document.blocks]
    measures = measure(texts, headline or "", CREDITS, _phrases(), *tables())
    told = witness_rows(texts, claims) if document.layout else b""
    at = -1 if headline_block is None else headline_block
    table = columns(measures, _kinds(texts, measures), at, document.blocks, document.elements, document.layout, name_tables(), told)
    found = np.frombuffer(table, dtype=np.float32).reshape(len(texts), -1)
    return np.hstack([found, word_columns(texts, word_weights())]) if document.layout else found


def _kinds(texts: list[str], measures: bytes) -> npt.NDArray[np.int8]:
    """Ask the phrase table for the lines that may be in it."""
    kinds = np.zeros(len(texts), dtype=np.int8)
    may_be = np.frombuffer(measures, dtype=np.int32).reshape(-1, len(MEASURES))[:-1, PHRASE]
    for index in np.flatnonzero(may_be).tolist():
        kinds[index] = KINDS.get(phrase_kind(texts[index]) or "", 0)
    return kinds


@lru_cache(maxsize=1)
def _phrases() -> bytes:
    return hash_words(*phrase_keys(), tables().lowered)


@lru_cache(maxsize=1)
def name_tables() -> NameTables:
    """Gather what the names of elements mean, once a process."""
    return NameTables(MEANINGS, class_weights(), kind_table(), len(kind_names()))


@lru_cache(maxsize=1)
def class_weights() -> dict[str, float]:
    """Read the class words and their weights: above zero they mark stories, below zero chrome."""
    table = files("scraper.extract").joinpath("class_words.tsv")
    rows = (row.split("\t") for row in table.read_text("utf-8").splitlines() if row and not row.startswith("#"))
    return {word: float(weight) for word, weight in rows}
