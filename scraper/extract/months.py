"""Which month does a word name? The table months.tsv holds the month names of some ninety languages.

It is written by `benchmarks/make_months.py` from CLDR data.
"""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

__all__ = ["is_month", "month_of"]


def month_of(word: str, language: str | None = None) -> int | None:
    """Give the month, 1 to 12, that a word names, whatever its case; where languages disagree (Croatian and Polish `listopad`), `language`
    decides, and without it the reading most languages share.
    """
    readings = _table().get(word.casefold())
    if readings is None:
        return None
    for month, languages in readings:
        if language in languages:
            return month
    return readings[0][0]


def is_month(word: str) -> bool:
    """Say whether a word names a month in any language, or begins such a name: a cheaper question, for words that mostly do not."""
    return word.casefold() in _words()


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    return frozenset(part for name in _table() for part in (name, name.partition(" ")[0]))


@lru_cache(maxsize=1)
def _table() -> Mapping[str, tuple[tuple[int, frozenset[str]], ...]]:
    table: dict[str, tuple[tuple[int, frozenset[str]], ...]] = {}
    for line in files(__package__ or "scraper.extract").joinpath("months.tsv").read_text("utf-8").splitlines():
        name, month, languages = line.split("\t")
        readings = (*table.get(name, ()), (int(month), frozenset(languages.split())))
        table[name] = tuple(sorted(readings, key=lambda reading: -len(reading[1])))
    return table
