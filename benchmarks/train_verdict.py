"""Learn the weights in scraper/extract/page_kinds.tsv from pages of a known kind: `python -m benchmarks.train_verdict` (two minutes).

A softmax regression over steps of the measures in scraper/extract/page_measures.py. The pages are split by site into five folds; the
figures printed are those of pages whose site was not trained on. `--folds` only prints them; else the weights of all pages are written.
"""

import argparse
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from benchmarks.corpora import pages, site_bucket
from benchmarks.layouts import Story
from benchmarks.layouts import page as made_up
from benchmarks.verdicts import Said, confusion, figures
from scraper.decode import decode
from scraper.extract.article import Reading, read
from scraper.extract.fields import fields
from scraper.extract.page_kind import ALWAYS, ARTICLE_FROM, KINDS
from scraper.extract.page_measures import page_measures

Floats = npt.NDArray[np.float32]

OUT = Path(__file__).resolve().parents[1] / "scraper" / "extract" / "page_kinds.tsv"
# trafilatura_eval says of no page that it is an article, and some are not: at the weight of one the folds' F1 falls from .943 to .937.
SETS = {"wcxb_dev_article": 1.0, "wcxb_dev_other": 1.0, "fundus_dev": 1.0, "trafilatura_eval": 0.1}
BARE = 0.25  # the weight of each page's copy that has only its text and elements: a saved file has no address, an old page no metas
MADE_UP, MADE_UP_WEIGHT, SEED = 400, 0.1, 0  # made-up articles in markup that gives nothing away
PLAIN_OF = 3  # every third of them stands alone on its page
FOLDS, STEPS, RATE, DECAY = 5, 300, 0.05, 15.0
CUTS, LEAST_SITES, MIN_PARAGRAPHS = 8, 12, 4  # steps a measure at most, and the sites that must have it


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One page as measures: as it is, bare, or made up."""

    set: str
    site: str
    kind: int
    measures: Mapping[str, float]
    weight: float
    sort: Literal["as it is", "bare", "made up"] = "as it is"


def rows() -> Iterator[Row]:
    """Measure every page that has text, as it is and bare, and made-up pages around the stories of the articles."""
    stories: list[Story] = []
    for name, weight in SETS.items():
        print(f"{name} ...", file=sys.stderr, flush=True)
        for page in pages(name):
            reading = read(decode(page.content).text, page.url)
            kind = KINDS.index(page.truth.get("page_type") or "article")
            row = Row(set=name, site=page.site, kind=kind, measures={}, weight=weight)
            yield from _measured(row, reading, page.url)
            yield from _measured(replace(row, weight=weight * BARE, sort="bare"), _bare(reading), None)
            paragraphs = tuple(" ".join(line.split()) for line in (page.truth.get("body") or "").splitlines() if line.strip())
            if KINDS[kind] == "article" and len(paragraphs) >= MIN_PARAGRAPHS and page.truth.get("title"):
                stories.append(Story(headline=" ".join(page.truth["title"].split()), paragraphs=paragraphs))
    rng = random.Random(SEED)
    for number in range(MADE_UP):
        row = Row(set="made up", site=str(number), kind=0, measures={}, weight=MADE_UP_WEIGHT, sort="made up")
        markup = made_up(rng.sample(stories, rng.randint(2, 8)), rng)[0] if number % PLAIN_OF else _plain(rng.choice(stories), rng)
        yield from _measured(row, read(markup), None)


def _plain(story: Story, rng: random.Random) -> str:
    """Write a story as a plain page or a print view has it: a headline over its first paragraphs, and nothing else."""
    head = escape(story.headline)
    paragraphs = "".join(f"<p>{escape(text)}</p>" for text in story.paragraphs[: rng.randint(4, 12)])
    return f"<title>{head}</title><h1>{head}</h1><article>{paragraphs}</article>"


def _measured(row: Row, reading: Reading, url: str | None) -> Iterator[Row]:
    if reading.document and reading.body and reading.fields and reading.document.blocks and reading.document.is_html:
        yield replace(row, measures=page_measures(reading.document, reading.body, reading.fields, url))


def _bare(reading: Reading) -> Reading:
    """Take the page's address, metas, scripts and microdata away."""
    if not reading.document or not reading.body:
        return reading
    document = reading.document._replace(metas=(), links=(), scripts=(), properties=())
    return reading._replace(document=document, fields=fields(document, None, None, story=reading.body.span))


def steps_of(data: Sequence[Row]) -> dict[str, list[float]]:
    """Give each measure its steps: quantiles of its values, rounded to two figures."""
    values: dict[str, list[float]] = defaultdict(list)
    sites: dict[str, set[str]] = defaultdict(set)
    for row in data:
        for name, value in row.measures.items():
            if value:
                values[name].append(float(value))
                sites[name].add(row.site)
    kept = sorted(name for name in values if len(sites[name]) >= LEAST_SITES)
    return {name: sorted({float(f"{cut:.2g}") for cut in np.quantile(values[name], np.linspace(0.02, 0.96, CUTS))}) for name in kept}


def design(data: Sequence[Row], steps: Mapping[str, list[float]]) -> Floats:
    """Give a row a page: 1 for each step that a measure reaches, so that the weights of its steps add up."""
    starts = dict(zip(steps, np.cumsum([0, *map(len, steps.values())]), strict=False))
    matrix = np.zeros((len(data), sum(map(len, steps.values()))), np.float32)
    for index, row in enumerate(data):
        for name, value in row.measures.items():
            if name in steps:
                matrix[index, starts[name] : starts[name] + np.searchsorted(steps[name], value, side="right")] = 1
    return matrix


def fit(matrix: Floats, kinds: npt.NDArray[np.int64], weights: Floats) -> Floats:
    """Minimise the weighted cross-entropy with a penalty on large weights; the last row is the constant."""
    data = np.hstack([matrix, np.ones((len(matrix), 1), np.float32)])
    truth = np.eye(len(KINDS), dtype=np.float32)[kinds] * weights[:, None]
    found, mean, square = (np.zeros((data.shape[1], len(KINDS)), np.float32) for _ in range(3))
    penalty = np.full((data.shape[1], 1), DECAY, np.float32)
    penalty[-1] = 0
    for step in range(1, STEPS + 1):
        slope = (data.T @ (_shares(data @ found) * weights[:, None] - truth) + penalty * found) / weights.sum()
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope * slope
        rate = RATE * (1 - step / STEPS)
        found = found - rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return found


def _shares(logits: Floats) -> Floats:
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True), dtype=np.float32)


def out_of_fold(data: Sequence[Row], matrix: Floats) -> Floats:
    """Give each page the shares of a model that has not seen its site."""
    kinds, weights = np.array([row.kind for row in data]), np.array([row.weight for row in data], np.float32)
    folds = np.array([site_bucket(row.site) % FOLDS for row in data])
    shares = np.zeros((len(data), len(KINDS)), np.float32)
    for fold in range(FOLDS):
        known = folds != fold
        found = fit(matrix[known], kinds[known], weights[known])
        shares[~known] = _shares(matrix[~known] @ found[:-1] + found[-1])
    return shares


def report(data: Sequence[Row], shares: Floats) -> None:
    for sort in ("as it is", "bare", "made up"):
        chosen = [index for index, row in enumerate(data) if row.sort == sort]
        said = [Said(set=data[index].set, truth=KINDS[data[index].kind], verdict=_said(shares[index])) for index in chosen]
        print(f"{len(chosen)} pages of sites not trained on, each {sort}:")
        print(confusion(said))
        print("  ".join(f"{name} {value:.4f}" for name, value in figures(said).items()))


def _said(shares: Floats) -> str:
    return "article" if shares[0] >= ARTICLE_FROM else KINDS[1 + int(shares[1:].argmax())]


def table(steps: Mapping[str, list[float]], found: Floats) -> str:
    """Write a row a step, each with the sum of the weights up to it, so that a page takes one row a measure."""
    lines = ["# measure\tleast value\t" + "\t".join(KINDS) + ", by benchmarks/train_verdict.py", _line(ALWAYS, 0, found[-1])]
    at = 0
    for name, cuts in steps.items():
        sums = np.cumsum(found[at : at + len(cuts)], axis=0)
        lines.extend(_line(name, cut, weights) for cut, weights in zip(cuts, sums, strict=True))
        at += len(cuts)
    return "\n".join(lines) + "\n"


def _line(name: str, least: float, weights: Floats) -> str:
    return f"{name}\t{least:g}\t" + "\t".join(f"{weight:.2f}" for weight in weights)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--folds", action="store_true", help="write nothing")
    options = parser.parse_args()
    data = list(rows())
    steps = steps_of(data)
    matrix = design(data, steps)
    print(f"{len(steps)} measures in {matrix.shape[1]} steps", file=sys.stderr)
    report(data, out_of_fold(data, matrix))
    if not options.folds:
        kinds, weights = np.array([row.kind for row in data]), np.array([row.weight for row in data], np.float32)
        OUT.write_text(table(steps, fit(matrix, kinds, weights)), "utf-8")


if __name__ == "__main__":
    main()
