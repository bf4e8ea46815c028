"""What is to be reached, and who stands where? The issue's measures on the development sets, the best peer's figure beside ours.

The targets were set for pages that nobody here has; on the development sets, whose sites the models have seen, they are a lower bound.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

__all__ = ["LOWER_IS_BETTER", "TARGETS", "Target", "target_table"]

LOWER_IS_BETTER = frozenset(("leaked", "date wrong", "invented authors", "invented dates"))
NEWS, GUIDES, DATED, PLAIN, MIXED = "fundus_dev", "wcxb_dev_article", "htmldate_default", "fundus_dev, flattened", "wcxb_dev"

# set -> contender -> figure -> value
Figures = Mapping[str, Mapping[str, Mapping[str, float]]]


class Target(NamedTuple):
    """A measure: how people call it, the set and figure that stand for it here, and what it has to reach."""

    measure: str
    set: str
    figure: str
    reach: float


TARGETS = (
    Target("body, news of 80 publishers: shingle F1", NEWS, "body F1", 0.972),
    Target("… exact bodies (target of the rendered news)", NEWS, "body exact", 0.45),
    Target("… ROUGE-LSum F1", NEWS, "ROUGE-LSum", 0.978),
    Target("body, articles and guides of 2025: shingle F1", GUIDES, "body F1", 0.968),
    Target("… boilerplate snippets leaked", GUIDES, "leaked", 0.05),
    Target("… story snippets kept", GUIDES, "kept", 0.965),
    Target("headline exact: news", NEWS, "title", 0.93),
    Target("headline exact: articles and guides", GUIDES, "title", 0.85),
    Target("authors F1: news", NEWS, "authors F1", 0.90),
    Target("authors F1: articles and guides", GUIDES, "authors F1", 0.80),
    Target("… invented where there is none", GUIDES, "invented authors", 0.15),
    Target("published, same day: news", NEWS, "date", 0.985),
    Target("published, same day: articles and guides", GUIDES, "date", 0.90),
    Target("… wrong", GUIDES, "date wrong", 0.05),
    Target("published, same day: pages chosen for their dates", DATED, "date", 0.95),
    Target("published to the minute", NEWS, "minute", 0.95),
    Target("date given where the page has none", GUIDES, "invented dates", 0.15),
    Target("article or not, mixed pages: F1", MIXED, "article F1", 0.95),
    Target("plain-text pages (flattened news): shingle F1", PLAIN, "body F1", 0.93),
    Target("full record, pages/s as a multiple of trafilatura's", "speed", "times trafilatura", 15.0),
    Target("full record, time as a multiple of lexbor's parse", "speed", "times lexbor", 4.0),
)


def target_table(figures: Figures, ours: str = "scraper") -> str:
    """Lay out every target whose figure was measured."""
    lines = ["| measure | best peer | scraper | reach | |", "|---|---|---|---|---|"]
    for target in TARGETS:
        found = {name: values[target.figure] for name, values in figures.get(target.set, {}).items() if target.figure in values}
        if ours not in found:
            continue
        value = found.pop(ours)
        better = _order(target.figure)
        best = better(found, key=lambda name: found[name]) if found else None
        peer = f"{_written(found[best])} ({best})" if best else "–"
        low = better is min
        met = value <= target.reach if low else value >= target.reach
        reach = f"{'≤' if low else '≥'} {_written(target.reach)}"
        lines.append(f"| {target.measure} | {peer} | {_written(value)} | {reach} | {'' if met else 'missed'} |")
    return "\n".join(lines)


def _order(figure: str) -> Callable[..., str]:
    return min if figure in LOWER_IS_BETTER or figure == "times lexbor" else max


def _written(value: float) -> str:
    return f"{value:.1f}" if value >= 2 else f"{value:.3f}"


def shares(found: Sequence[tuple[bool, bool]]) -> float:
    """Give the F1 of (true, said) answers to a question."""
    both = sum(true and said for true, said in found)
    return 2 * both / max(1, sum(true for true, _ in found) + sum(said for _, said in found))
