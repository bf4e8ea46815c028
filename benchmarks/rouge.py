"""How much of a true body's lines does a predicted one hold, in order? ROUGE-LSum F1 (Lin 2004), by the library rouge-score.

The library's own words are runs of ASCII letters and digits; here they are those of any script. It takes about a second a page.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

__all__ = ["rouge_lsum"]

WORD = re.compile(r"\w+")
MOST_WORDS = 4_000  # its time is quadratic: a page of 10,000 words takes half a minute


class _Words:
    """The tokenizer that rouge-score asks for."""

    def tokenize(self, text: str) -> list[str]:
        return WORD.findall(text.lower())


def rouge_lsum(pairs: Iterable[tuple[str, str]]) -> float:
    """Give the mean F1 over (true, predicted) bodies, lines being the sentences; very long bodies are left out."""
    scores = [
        _scorer().score(true, said)["rougeLsum"].fmeasure for true, said in pairs if max(len(true.split()), len(said.split())) <= MOST_WORDS
    ]
    return sum(scores) / len(scores) if scores else 0.0


@lru_cache(maxsize=1)
def _scorer() -> Any:
    from rouge_score import rouge_scorer

    return rouge_scorer.RougeScorer(["rougeLsum"], tokenizer=_Words())
