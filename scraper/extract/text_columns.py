"""What can be told of a page's blocks from their text and order alone? The columns that serve plain text and markup alike."""

from collections import Counter
from typing import Any

import numpy as np
import numpy.typing as npt

from scraper.extract.measures import Matrix, Measures
from scraper.extract.phrases import phrase_kind
from scraper.extract.sorts import CLOSER, DASH, DIGIT, LOWER, QUOTE, STOP

__all__ = ["Column", "Texts", "text_columns"]

Column = npt.NDArray[Any]  # numbers or truth values, one a block; or several such columns, as rows

KINDS = {"end": 1, "line": 2, "more": 3}
# Counts that go into columns as a share of what is much, and that much.
COUNTED = ("years", "times", "signs", "slashes", "rules")
ENDINGS = np.asarray([ord("?"), ord(":")], dtype=np.int32)[:, None]
LONG = np.asarray([15, 40], dtype=np.float32)[:, None]  # words
MUCH = np.asarray([1, 1, 1, 1, 2], dtype=np.float32)[:, None]


class Texts:
    """A page's texts and their measures. `chars` and `size` are lengths in characters and (about) words; `prose` is 0 or 1."""

    def __init__(self, texts: list[str], headline: str | None) -> None:
        self.texts = texts
        self.counts = Measures(texts, headline)
        self.chars = self.counts["chars"]
        self.words = self.counts["spaces"] + 1
        self.size = self.words + self.counts["wide"] / 2  # two characters of a script without spaces count as a word
        self.stopped = self.ends_with(STOP)[0]
        self.prose = self.stopped * (self.size > 15)

    def ends_with(self, *sorts: int) -> Matrix:
        """Say of each text whether it ends with a character of this sort; one row a sort."""
        return np.asarray((self.counts.last & np.asarray(sorts, dtype=np.int32)[:, None]) != 0, dtype=np.float32)

    def begins_with(self, *sorts: int) -> Matrix:
        """Say of each text whether it begins with a character of this sort; one row a sort."""
        return np.asarray((self.counts.first & np.asarray(sorts, dtype=np.int32)[:, None]) != 0, dtype=np.float32)


def text_columns(texts: Texts, headline_block: int | None) -> list[Column]:
    """Give the text columns, each with one number a block."""
    lines = _lines(texts)
    return [*_shapes(texts), *lines, *_places(texts, lines[0][0], headline_block)]


def _shapes(texts: Texts) -> list[Column]:
    size, chars, words, counts = texts.size, texts.chars, texts.words, texts.counts
    wide = counts["wide"]
    return [
        np.log1p(chars) / 7,
        np.log1p(size) / 5,
        np.where(wide > 0, 0.5, np.minimum(1, chars / words / 12)),
        texts.ends_with(CLOSER, STOP),
        np.minimum(1, counts["commas"] / size * 8),
        np.minimum(1, (counts["sentences"] + counts["wide_stops"]) / 5),
        counts.several(("lower_words", "upper_words")) / words,
        np.minimum(1, counts["digits"] / chars * 4),
        texts.begins_with(LOWER, QUOTE | DASH, DIGIT),
        np.minimum(1, counts["quotes"] / 2),
        (counts["upper"] > 0) & (counts["lower"] == 0),
        np.minimum(1, counts.several(COUNTED) / MUCH),
        counts.last_code == ENDINGS,
        wide * 3 > chars,
        np.minimum(1, counts["breaks"] / 3),
        words == 1,
        size < 4,
        size > LONG,
    ]


def _lines(texts: Texts) -> list[Column]:
    """Look at the short texts as lines: chrome phrases, credits, whether the line stands again, and the headline's words in it."""
    kinds = np.zeros(len(texts.texts), dtype=np.int8)
    for index in np.flatnonzero(texts.counts["phrase"]).tolist():
        kinds[index] = KINDS.get(phrase_kind(texts.texts[index]) or "", 0)
    repeats = Counter(texts.texts)
    again = np.asarray([repeats[text] for text in texts.texts], dtype=np.float32)
    title = texts.counts.title_words
    shared, words = texts.counts["shared"], texts.counts["line_words"]
    return [
        kinds == np.asarray(list(KINDS.values()), dtype=np.int8)[:, None],
        texts.counts["credit"],
        again > 1,
        np.where(again > 1, np.minimum(1, again / 6), 0),
        shared / np.maximum(1, np.minimum(words, title)),
        shared / np.maximum(1, words + title - shared),
    ]


def _places(texts: Texts, ends: Column, headline_block: int | None) -> list[Column]:
    count = len(texts.texts)
    chars, prose = texts.chars, texts.prose
    total = float(chars.sum())
    place = np.arange(count, dtype=np.float32)
    before = (np.cumsum(chars) - chars) / total
    told = np.cumsum(chars * prose) / max(1.0, float((chars * prose).sum()))
    late = ends * (told > 0.3)  # an end in the head of a page means little
    start = -1.0 if headline_block is None else float(headline_block)
    known = float(start >= 0)
    return [
        place / count,
        np.minimum(1, place / 60),
        before,
        1 - before,
        np.minimum(1, (np.cumsum(ends) - ends) / 4),
        np.minimum(1, (np.cumsum(late) - late) / 2),
        told,
        np.full(count, min(1.0, count / 400)),
        np.full(count, min(1.0, total / 30000)),
        np.full(count, known),
        known * (place < start),
        known * (place == start),
        known * ((place - start) / 80).clip(-1, 1),
        known * ((place - start) / 8).clip(-1, 1),
    ]
