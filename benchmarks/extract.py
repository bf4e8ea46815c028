"""`make bench`: our `extract` beside its peers on the same pages in one run: accuracy by ../shared/tools/score.py, and speed as a ratio.

All get the same decoded text, in turn, page by page; times are CPU seconds of this process, and the first page of each set is not counted
for anybody, since everybody loads tables on it. A contender that raises on a page is counted, and has said nothing of it. Sites in the
corpora were used to train the body model: for what that is worth, `make train-check` scores a model on sites it was not trained on.
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

from benchmarks.contenders import CONTENDERS, PARSE, Contender
from benchmarks.corpora import HELD_OUT, CorpusPage, pages, site_bucket
from benchmarks.scoring import body_figures, scorer
from benchmarks.targets import DATED, GUIDES, MIXED, NEWS, PLAIN, shares, target_table
from scraper.decode import decode

# Each n-th page of a set where --every says nothing: the peers take most of ten minutes for these, ROUGE-LSum two more.
EVERY = {NEWS: 1, GUIDES: 3, "trafilatura_eval": 6, DATED: 1, "cleanportaleval": 2}
SETS = tuple(EVERY)
ROUGE_EVERY, MIXED_EVERY = 6, 4
STORIES = ("article", "live_blog")
OURS, BASE = "scraper", "trafilatura"


@dataclass(slots=True, kw_only=True)
class Run:
    """What one contender said of one set, the CPU seconds each page took, and on how many pages it raised."""

    predictions: list[dict[str, Any]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    errors: int = 0


def measure(contenders: Sequence[Contender], source: Iterable[CorpusPage]) -> tuple[list[CorpusPage], dict[str, Run]]:
    """Run every contender on every page, in turn."""
    runs = {contender.name: Run() for contender in contenders}
    seen: list[CorpusPage] = []
    for item in source:
        text = decode(item.content).text
        if not seen:
            for contender in contenders:
                _predict(contender, text, item.url, Run())
        seen.append(item)
        for contender in contenders:
            run = runs[contender.name]
            before = time.process_time()
            prediction = _predict(contender, text, item.url, run)
            run.seconds.append(time.process_time() - before)
            run.predictions.append({"id": item.id, **prediction})
    return seen, runs


def _predict(contender: Contender, text: str, url: str | None, run: Run) -> dict[str, Any]:
    try:
        return contender.predict(text, url)
    except Exception:  # noqa: BLE001 - peers raise whatever their parsers do; it is counted, not hidden
        run.errors += 1
        return {}


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
# What a contender does not offer is no figure of its: resiliparse knows no authors, and "none" is not its answer.
SILENT = {
    "resiliparse": ("authors F1", "invented authors", "date", "date wrong", "minute", "invented dates"),
    "readability-lxml": ("date", "date wrong", "minute", "invented dates"),
}


def _at(report: dict[str, Any], path: str) -> float | None:
    value: Any = report
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, (int, float)) else None


@dataclass(slots=True, kw_only=True)
class Bench:
    """The figures of all sets so far, the table's lines, and the seconds of all pages by contender."""

    figures: dict[str, dict[str, dict[str, float]]] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    seconds: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str, seen: Sequence[CorpusPage], runs: dict[str, Run], *, every: int) -> None:
        """Take down one set's runs."""
        found = self.figures[name] = {}
        parse = statistics.median(runs[PARSE.name].seconds)
        for contender, run in runs.items():
            self.seconds.setdefault(contender, []).extend(run.seconds)
            if contender == PARSE.name:
                continue
            silent = SILENT.get(contender, ())
            found[contender] = {figure: value for figure, value in figures(seen, run).items() if figure not in silent}
            cells = [f"{found[contender][figure]:.3f}" if figure in found[contender] else "–" for figure in FIGURES]
            median = statistics.median(run.seconds)
            pages_ = f"{len(seen)}" + (f" (1 in {every})" if every > 1 else "")
            base = f"{sum(runs[BASE].seconds) / sum(run.seconds):.2f}" if BASE in runs else "–"
            speed = f"{median * 1000:.1f} | {base} | {median / parse:.1f} | {run.errors}"
            self.lines.append(f"| {name} | {pages_} | {contender} | {' | '.join(cells)} | {speed} |")

    def speed(self) -> None:
        """Work out the ratios over all pages of all sets."""
        totals = {name: sum(seconds) for name, seconds in self.seconds.items()}
        parse = totals.pop(PARSE.name)
        found = self.figures["speed"] = {name: {"times lexbor": total / parse} for name, total in totals.items()}
        if BASE in totals:
            for name, total in totals.items():
                found[name]["times trafilatura"] = totals[BASE] / total

    def table(self) -> str:
        """Lay the figures out, one line a set and contender."""
        names = [*FIGURES, "ms median", "× trafilatura's speed", "× lexbor's time (median)", "errors"]
        head = ["| set | pages | extractor | " + " | ".join(names) + " |", "|---" * (len(names) + 3) + "|"]
        return "\n".join([*head, *self.lines])


def _rouge(bench: Bench, seen: Sequence[CorpusPage], runs: dict[str, Run]) -> None:
    from benchmarks.rouge import rouge_lsum

    for contender, found in bench.figures[NEWS].items():
        said = runs[contender].predictions
        found["ROUGE-LSum"] = rouge_lsum(
            (item.truth["body"], said[index].get("body") or "")
            for index, item in list(enumerate(seen))[::ROUGE_EVERY]
            if item.truth.get("body")
        )


def _flattened(bench: Bench, seen: Sequence[CorpusPage]) -> None:
    """Give our `extract` each page as the text a visitor could copy, all of it, which resiliparse writes."""
    from resiliparse.extract.html2text import extract_plain_text

    flat = [(item, extract_plain_text(decode(item.content).text, main_content=False, alt_texts=False)) for item in seen]
    said = [(item.truth["body"], CONTENDERS[OURS].predict(text, item.url)["body"] or "") for item, text in flat if item.truth.get("body")]
    everything = [(item.truth["body"], text) for item, text in flat if item.truth.get("body")]
    bench.figures[PLAIN] = {OURS: {"body F1": body_figures(said).f1}, "everything kept": {"body F1": body_figures(everything).f1}}


def _mixed(bench: Bench, every: int) -> None:
    """Ask our `extract` of stories and of products, forums, listings and the like whether they are articles."""
    answers = [
        (name == GUIDES, CONTENDERS[OURS].predict(decode(item.content).text, item.url)["verdict"] in STORIES)
        for name in (GUIDES, "wcxb_dev_other")
        for item in pages(name, every=every)
    ]
    bench.figures[MIXED] = {OURS: {"article F1": shares(answers)}}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--every", type=int, help=f"take each N-th page only (default: {EVERY})")
    parser.add_argument("--set", dest="sets", action="append", choices=SETS, help="only this set (repeatable)")
    parser.add_argument(
        "--held-out", action="store_true", help="only the sites that `make train-check` leaves out: the peers' figures there"
    )
    parser.add_argument("--alone", action="store_true", help="leave the peers out, and what needs their libraries")
    parser.add_argument(
        "--peer", dest="peers", action="append", choices=[name for name in CONTENDERS if name != OURS], help="only these peers"
    )
    options = parser.parse_args()
    peers = [] if options.alone else options.peers or [name for name in CONTENDERS if name != OURS]
    contenders = [PARSE, CONTENDERS[OURS], *(CONTENDERS[name] for name in peers)]
    bench = Bench()
    for name in options.sets or SETS:
        every = options.every or (1 if options.alone else EVERY[name])
        print(f"{name}, 1 page in {every} ...", file=sys.stderr, flush=True)
        source = pages(name, every=every)
        chosen = (item for item in source if site_bucket(item.site) < HELD_OUT) if options.held_out else source
        seen, runs = measure(contenders, chosen)
        bench.add(name, seen, runs, every=every)
        if name == NEWS and not options.alone and not options.peers:
            _rouge(bench, seen, runs)
            _flattened(bench, seen)
        if name == GUIDES and not options.held_out:
            _mixed(bench, every * MIXED_EVERY)
    bench.speed()
    _report(bench)


def _report(bench: Bench) -> None:
    print(bench.table(), end="\n\n")
    print(target_table(bench.figures), end="\n\n")
    for name, seconds in bench.seconds.items():
        print(f"{name}: {len(seconds) / sum(seconds):.0f} pages/s of CPU time over {len(seconds)} pages")


if __name__ == "__main__":
    main()
