"""The field's own measures, as the benchmarks print them: the scorer that lies beside the corpora, behind one door."""

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType

from benchmarks.corpora import corpora_folder

__all__ = ["BodyFigures", "body_figures", "scorer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyFigures:
    """4-word shingle F1, its precision and recall, the share of bodies that are right to the word, and bag-of-words F1; all 0 to 1."""

    f1: float
    precision: float
    recall: float
    exact: float
    word_f1: float


def body_figures(pairs: Sequence[tuple[str, str]]) -> BodyFigures:
    """Score (true, predicted) bodies as the Article Extraction Benchmark does."""
    found = scorer().body_scores(list(pairs))
    aeb = found["aeb"]
    return BodyFigures(f1=aeb["f1"], precision=aeb["precision"], recall=aeb["recall"], exact=aeb["accuracy"], word_f1=found["word"]["f1"])


@lru_cache(maxsize=1)
def scorer() -> ModuleType:
    """Load tools/score.py from beside the corpora."""
    folder = corpora_folder()
    if folder is None:
        message = "no corpora: expected ../shared/corpora or SCRAPER_CORPORA"
        raise FileNotFoundError(message)
    spec = importlib.util.spec_from_file_location("score", folder.parent / "tools" / "score.py")
    if spec is None or spec.loader is None:
        message = "no scorer beside the corpora"
        raise FileNotFoundError(message)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
