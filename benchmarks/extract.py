"""`make bench`: our `extract` beside trafilatura on the same pages in one run: accuracy by ../shared/tools/score.py, and speed as a ratio.

Both get the same decoded text, in turn, page by page; times are CPU seconds of this process, and the first page of each is not counted,
since both load tables on it. Sites in the corpora were used to train the body model: for what that is worth, `make train-check` scores a
model on sites it was not trained on.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.contenders import CONTENDERS, Contender
from benchmarks.corpora import HELD_OUT, CorpusPage, pages, site_bucket
from benchmarks.scoring import scorer
from scraper.decode import decode

SETS = ("fundus_dev", "wcxb_dev_article", "trafilatura_eval", "htmldate_default", "cleanportaleval")


@dataclass(slots=True, kw_only=True)
class Run:
    """What one contender said of one set, and the CPU seconds each page took."""

    predictions: list[dict[str, Any]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def measure(contenders: Sequence[Contender], source: Iterable[CorpusPage]) -> tuple[list[CorpusPage], dict[str, Run]]:
    """Run every contender on every page, in turn."""
    runs = {contender.name: Run() for contender in contenders}
    seen: list[CorpusPage] = []
    for item in source:
        text = decode(item.content).text
        if not seen:
            for contender in contenders:
                contender.predict(text, item.url)
        seen.append(item)
        for contender in contenders:
            before = time.process_time()
            prediction = contender.predict(text, item.url)
            runs[contender.name].seconds.append(time.process_time() - before)
            runs[contender.name].predictions.append({"id": item.id, **prediction})
    return seen, runs


def figures(seen: Sequence[CorpusPage], run: Run) -> dict[str, float]:
    """Score one run; only the figures that the set has a truth for."""
    with tempfile.TemporaryDirectory() as folder:
        truth, said = Path(folder) / "pages.jsonl", Path(folder) / "said.jsonl"
        truth.write_text("".join(json.dumps(item.truth) + "\n" for item in seen), "utf-8")
        said.write_text("".join(json.dumps(row) + "\n" for row in run.predictions), "utf-8")
        report = scorer().score(folder, said)
    return {name: value for name, path in FIGURES.items() if (value := _at(report, path)) is not None}


FIGURES = {
    "body F1": "body.aeb.f1",
    "body exact": "body.aeb.accuracy",
    "kept": "with_recall.rate",
    "leaked": "without_leakage.rate",
    "title": "title.exact",
    "authors F1": "authors.f1",
    "invented authors": "authors.author_false_positive_rate",
    "date": "date.same_day",
    "date wrong": "date.wrong_rate",
    "minute": "date.same_minute",
    "invented dates": "date.date_false_positive_rate",
}


def _at(report: dict[str, Any], path: str) -> float | None:
    value: Any = report
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, (int, float)) else None


def table(rows: Sequence[tuple[str, str, int, dict[str, float], Run]], baseline: dict[str, Run]) -> str:
    """Lay the figures out, one line a set and contender."""
    names = list(FIGURES)
    lines = ["| set | pages | extractor | " + " | ".join(names) + " | ms median | × trafilatura |", "|---" * (len(names) + 5) + "|"]
    for label, contender, count, found, run in rows:
        cells = [f"{found[name]:.3f}" if name in found else "–" for name in names]
        median = statistics.median(run.seconds) * 1000
        ratio = statistics.median(baseline[label].seconds) / statistics.median(run.seconds) if label in baseline else float("nan")
        lines.append(f"| {label} | {count} | {contender} | " + " | ".join(cells) + f" | {median:.1f} | {ratio:.1f} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--every", type=int, default=1, help="take each N-th page only")
    parser.add_argument("--set", dest="sets", action="append", choices=SETS, help="only this set (repeatable)")
    parser.add_argument(
        "--held-out", action="store_true", help="only the sites that `make train-check` leaves out: the peer's figures there"
    )
    parser.add_argument("--alone", action="store_true", help="leave trafilatura out")
    options = parser.parse_args()
    contenders = [CONTENDERS["scraper"]] if options.alone else [CONTENDERS["scraper"], CONTENDERS["trafilatura"]]
    rows: list[tuple[str, str, int, dict[str, float], Run]] = []
    baseline: dict[str, Run] = {}
    totals: dict[str, float] = {}
    for name in options.sets or SETS:
        print(f"{name} ...", file=sys.stderr, flush=True)
        source = pages(name, every=options.every)
        chosen = (item for item in source if site_bucket(item.site) < HELD_OUT) if options.held_out else source
        seen, runs = measure(contenders, chosen)
        for contender in contenders:
            run = runs[contender.name]
            rows.append((name, contender.name, len(seen), figures(seen, run), run))
            totals[contender.name] = totals.get(contender.name, 0.0) + sum(run.seconds)
        baseline |= {name: runs["trafilatura"]} if "trafilatura" in runs else {}
    print(table(rows, baseline))
    counted = sum(row[2] for row in rows) // len(contenders)
    for label, seconds in totals.items():
        print(f"{label}: {counted / seconds:.0f} pages/s of CPU time over {counted} pages")
    if len(totals) > 1:
        print(f"ratio of the totals: {totals['trafilatura'] / totals['scraper']:.1f}")


if __name__ == "__main__":
    main()
