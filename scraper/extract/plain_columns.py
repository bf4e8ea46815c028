"""How are the columns computed where no compiler built the inner loops? With numpy, all blocks at once; what each column is stands here and
in `plain_markup.py`, `plain_kinds.py` and `plain_prose.py`. The compiled way gives the same numbers.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from scraper.extract.class_kinds import Stems
from scraper.extract.document import Element, Layout
from scraper.extract.meanings import KINDS
from scraper.extract.plain_kinds import kind_columns
from scraper.extract.plain_markup import Ints, markup_columns
from scraper.extract.plain_prose import prose_columns
from scraper.extract.sorts import CLOSER, DASH, DIGIT, LOWER, MEASURES, QUOTE, STOP

__all__ = ["page_columns", "text_columns"]

Matrix: TypeAlias = npt.NDArray[np.float32]
Column: TypeAlias = npt.NDArray[Any]  # numbers or truth values, one a block; or several such columns, as rows

# Counts that go into columns as a share of what is much, and that much.
COUNTED = ("years", "times", "signs", "slashes", "rules")
MUCH = np.asarray([1, 1, 1, 1, 2])[:, None]
ENDINGS = np.asarray([ord("?"), ord(":")])[:, None]
LONG = np.asarray([15, 40])[:, None]  # words


def text_columns(measures: bytes, kinds: npt.NDArray[np.int8], headline: int, texts: list[str]) -> Matrix:
    """Give the columns of each block's text, a block as column.

    `measures` are those of the texts and, last, of the headline (`sorts.MEASURES`); `kinds` are the texts' places in the phrase table, and
    `headline` is the number of the block that is it (-1 for none).
    """
    return _stacked(_of_texts(_Texts(measures, kinds, texts), headline))


def page_columns(  # noqa: PLR0913, PLR0917, the columns are made of this much
    measures: bytes,
    kinds: npt.NDArray[np.int8],
    headline: int,
    given: list[str],
    markup: tuple[tuple[Element, ...], Layout],
    names: tuple[dict[str, int], dict[str, float], tuple[Stems, Stems], int],
    told: Matrix,
) -> Matrix:
    """Give the columns of text and of markup. `names` are what those of elements mean, `told` are the columns of `witness`."""
    texts, (elements, layout), (meanings, weights, stems, kind_count) = _Texts(measures, kinds, given), markup, names
    prose = (texts["chars"], texts.stopped * 0.7 + 0.3, (texts.size > LONG[0]) * 0.8 + 0.2, texts.prose)
    table = _stacked([*_of_texts(texts, headline), *markup_columns(prose, layout, elements, meanings, weights)])
    named = kind_columns([element.hint for element in elements], layout, stems, kind_count)
    return _stacked([table, told, *named, *prose_columns(layout, table.T)])


def _stacked(found: Sequence[Column]) -> Matrix:
    return np.vstack(found, dtype=np.float32, casting="unsafe")


def _of_texts(texts: "_Texts", headline: int) -> list[Column]:
    return [*_shapes(texts), *_lines(texts), *_places(texts, headline)]


class _Texts:
    """A page's texts. `words` and `size` are their lengths in words, the latter in any script; `prose` is 0 or 1."""

    def __init__(self, measures: bytes, kinds: npt.NDArray[np.int8], texts: Sequence[str]) -> None:
        rows = np.frombuffer(measures, dtype=np.int32).reshape(-1, len(MEASURES))
        self.columns = dict(zip(MEASURES, rows[:-1].T.astype(np.int64), strict=True))
        self.title_words = int(rows[-1, MEASURES.index("line_words")])
        repeats = Counter(texts)
        self.kinds, self.again = kinds, np.asarray([repeats[text] for text in texts], dtype=np.float32)
        self.words = self["spaces"] + 1
        self.size = self.words + self["wide"] / 2  # two characters of a script without spaces count as a word
        self.stopped = self.ends_with(STOP)
        self.prose = self.stopped * (self.size > LONG[0])

    def __getitem__(self, name: str) -> Ints:
        return np.asarray(self.columns[name])

    def ends_with(self, sort: int) -> Column:
        """Say of each text whether it ends with a character of this sort."""
        return np.asarray((self["last"] & sort) != 0)

    def begins_with(self, sort: int) -> Column:
        """Say of each text whether it begins with a character of this sort."""
        return np.asarray((self["first"] & sort) != 0)


def _shapes(texts: _Texts) -> list[Column]:
    size, chars, words = texts.size, texts["chars"], texts.words
    return [
        np.log1p(chars) / 7,
        np.log1p(size) / 5,
        np.where(texts["wide"] > 0, 0.5, np.minimum(1, chars / words / 12)),
        texts.ends_with(CLOSER),
        texts.stopped,
        np.minimum(1, texts["commas"] / size * 8),
        np.minimum(1, (texts["sentences"] + texts["wide_stops"]) / 5),
        texts["lower_words"] / words,
        texts["upper_words"] / words,
        np.minimum(1, texts["digits"] / chars * 4),
        texts.begins_with(LOWER),
        texts.begins_with(QUOTE | DASH),
        texts.begins_with(DIGIT),
        np.minimum(1, texts["quotes"] / 2),
        (texts["upper"] > 0) & (texts["lower"] == 0),
        np.minimum(1, np.stack([texts[name] for name in COUNTED]) / MUCH),
        texts["last_code"] == ENDINGS,
        texts["wide"] * 3 > chars,
        np.minimum(1, texts["breaks"] / 3),
        words == 1,
        size < 4,
        size > LONG,
    ]


def _lines(texts: _Texts) -> list[Column]:
    """Look at the short texts as lines: chrome phrases, credits, whether the line stands again, and the headline's words in it."""
    again, shared, words, title = texts.again, texts["shared"], texts["line_words"], texts.title_words
    return [
        texts.kinds == np.asarray(list(KINDS.values()))[:, None],
        texts["credit"],
        again > 1,
        np.where(again > 1, np.minimum(1, again / 6), 0),
        shared / np.maximum(1, np.minimum(words, title)),
        shared / np.maximum(1, words + title - shared),
    ]


def _places(texts: _Texts, headline: int) -> list[Column]:
    chars, prose = texts["chars"], texts.prose
    count, total = len(chars), int(chars.sum())
    place = np.arange(count)
    before = (np.cumsum(chars) - chars) / total
    told = np.cumsum(chars * prose) / max(1, int((chars * prose).sum()))
    ends = (texts.kinds == KINDS["end"]).astype(np.int64)
    late = ends * (told > 0.3)  # an end in the head of a page means little
    known = float(headline >= 0)
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
        known * (place < headline),
        known * (place == headline),
        known * np.clip((place - headline) / 80, -1, 1),
        known * np.clip((place - headline) / 8, -1, 1),
    ]
