"""Which kind of page is it that has these measures? An article, or one of six kinds that are none.

A softmax regression over the measures' steps. `benchmarks/train_verdict.py` learns the weights, page_kinds.tsv holds them.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from operator import itemgetter
from typing import Final, NamedTuple

__all__ = ["ARTICLE_FROM", "KINDS", "PageKind", "page_kind"]

KINDS: Final = ("article", "forum", "product", "collection", "listing", "documentation", "service")
ALWAYS: Final = "always"  # the row that every page takes
HUNDREDTHS: Final = 100
NAMED: Final = 3  # measures in a reason
# A story refused costs more than a page too many: an article is believed at less than even odds.
ARTICLE_FROM: Final = 0.4
UNKNOWN: Final[tuple[float, tuple[float, ...], int]] = (math.inf, (), 0)
MIN_PULL: Final = 10  # hundredths: a weaker measure is no reason


class PageKind(NamedTuple):
    """The likeliest kind, how likely an article is (0 to 1), and the measures that speak most for the kind, in words."""

    kind: str
    article: float
    reasons: tuple[str, ...]


class _Weights(NamedTuple):
    """A measure takes one row of `rows`: that of the last of its `steps` which its value reaches. Each comes with its first row."""

    steps: Mapping[str, tuple[float, tuple[float, ...], int]]  # the least of the steps, all of them, their first row
    rows: Sequence[tuple[int, ...]]  # hundredths


def page_kind(measures: Mapping[str, float]) -> PageKind:
    """Weigh a page's measures."""
    steps, rows = _weights()
    reached = [(0, ALWAYS)]
    for name, value in measures.items():
        least, known, first = steps.get(name, UNKNOWN)
        if value >= least:
            reached.append((first + bisect_right(known, value) - 1, name))
    # The measures come from sets: in the table's order, sums and ties are the same in every process.
    reached.sort()
    votes = [rows[place] for place, _ in reached]
    totals = list(map(sum, zip(*votes, strict=True)))
    greatest = max(totals)
    odds = [math.exp((total - greatest) / HUNDREDTHS) for total in totals]
    article = odds[0] / sum(odds)
    other = 1 + totals[1:].index(max(totals[1:]))
    best, rival = (0, other) if article >= ARTICLE_FROM else (other, 0)
    pulls = [(pull, name) for vote, (_, name) in zip(votes[1:], reached[1:], strict=True) if (pull := vote[best] - vote[rival]) >= MIN_PULL]
    pulls.sort(key=itemgetter(0), reverse=True)
    reasons = tuple([_in_words(name, measures[name]) for _, name in pulls[:NAMED]])
    return PageKind(KINDS[best], article, reasons)


def _in_words(name: str, value: float) -> str:
    """Say a measure: "2 forum words in the address", "an author"."""
    return name if name.startswith(("a ", "an ", "the ")) else f"{value:.0f} {name}"


@lru_cache(maxsize=1)
def _weights() -> _Weights:
    return _read(files("scraper.extract").joinpath("page_kinds.tsv").read_text("utf-8").splitlines())


def _read(lines: Iterable[str]) -> _Weights:
    """Read the table: measure, the least value of the step, and a weight a kind. The first row is the one that every page takes."""
    first: dict[str, int] = {}
    steps: dict[str, tuple[float, ...]] = {}
    rows: list[tuple[int, ...]] = []
    for line in lines:
        if line.startswith("#"):
            continue
        name, least, *weights = line.split("\t")
        first.setdefault(name, len(rows))
        steps[name] = (*steps.get(name, ()), float(least))
        rows.append(tuple(round(float(weight) * HUNDREDTHS) for weight in weights))
    return _Weights({name: (known[0], known, first[name]) for name, known in steps.items()}, rows)
