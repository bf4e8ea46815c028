"""Learn the weights in scraper/extract/date_trust.tsv from pages that are known to have a date, or none.

    python -m benchmarks.train_dates [--folds]        # --folds only cross-validates

A logistic regression: are the signs of the date we would give those of a page that has one? Only dates that
are weighed at all are counted. The pages are split by site into ten folds;
the table printed is of pages whose site was not trained on, for several values of `LEAST`; the weights written are those of all pages.
Pages whose date we have wrong count a third: their truth is often another of the page's own dates.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from benchmarks.corpora import pages, site_bucket
from scraper.decode import decode
from scraper.extract.article import read
from scraper.extract.candidates import Frame
from scraper.extract.date_trust import Page, doubtful, signs
from scraper.extract.dates import reading_of, weighed
from scraper.extract.fields import opening
from scraper.extract.language import region

SETS = ("fundus_dev", "wcxb_dev_article", "wcxb_dev_other", "trafilatura_eval", "htmldate_default")
FOLDS, STEPS, L2, FEWEST, WRONG = 10, 30, 1.0, 8, 0.3
LIMITS = (0.0, 0.3, 0.4, 0.45, 0.5)
TABLE = Path(__file__).parent.parent / "scraper" / "extract" / "date_trust.tsv"
Floats = npt.NDArray[np.float64]


class Example(NamedTuple):
    """One page with a date of ours: its set, its site's fold, the date's signs, and whether it is right, wrong or invented."""

    set: str
    fold: int
    signs: frozenset[str]
    verdict: str


def examples() -> Iterator[Example]:
    """Read the dates that we would give on every page whose truth is known."""
    for name in SETS:
        for item in pages(name):
            truth = item.truth.get("date")
            found = read(decode(item.content).text, item.url)
            if truth is None or found.document is None or found.body is None or found.fields is None:
                continue
            known = opening(found.document, item.url)
            proof = found.article.evidence.of("authors")
            frame = Frame(known.headline.block, found.body.span)
            page = Page(found.document, known.claims, frame, item.url, proof.signal if proof else None)
            reading = reading_of(found.fields.language, region(found.document, known.claims), item.url)
            issued, _, shown = weighed(page, reading, None)
            if issued and doubtful(issued, page):
                right = issued[0].moment.day.isoformat().startswith(truth[:10])
                verdict = "invented" if not truth else "right" if right else "wrong"
                yield Example(name, site_bucket(item.site) % FOLDS, frozenset(signs(issued[0], issued, shown, page)), verdict)


def matrix(found: Sequence[Example], names: Sequence[str]) -> Floats:
    """Lay the signs out, a row a page; the last column is one."""
    return np.array([[*(float(name in example.signs) for name in names), 1.0] for example in found])


def fit(found: Sequence[Example], names: Sequence[str]) -> Floats:
    """Fit the weights by Newton's steps; all but the last are drawn to nought."""
    rows = matrix(found, names)
    has = np.array([float(example.verdict != "invented") for example in found])
    counts = np.array([WRONG if example.verdict == "wrong" else 1.0 for example in found])
    penalty = np.array([*(L2 for _ in names), 1e-6])
    weights = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        odds = 1.0 / (1.0 + np.exp(-rows @ weights))
        slope = rows.T @ (counts * (odds - has)) + penalty * weights
        curve = (rows * (counts * odds * (1.0 - odds))[:, None]).T @ rows + np.diag(penalty)
        weights -= np.linalg.solve(curve, slope)
    return weights


def report(found: Sequence[Example], names: Sequence[str]) -> None:
    """Print what is kept and lost on sites that the weights have not seen, by set and limit."""
    kept: defaultdict[tuple[float, str], Counter[str]] = defaultdict(Counter)
    for fold in range(FOLDS):
        weights = fit([example for example in found if example.fold != fold], names)
        rest = [example for example in found if example.fold == fold]
        for example, total in zip(rest, matrix(rest, names) @ weights, strict=True):
            for limit in LIMITS:
                kept[limit, example.set][example.verdict if 1.0 / (1.0 + np.exp(-total)) >= limit else f"no longer {example.verdict}"] += 1
    for (limit, name), counts in sorted(kept.items()):
        print(f"{limit} {name}: " + ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items())))


def main() -> None:
    """Train, print, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folds", action="store_true", help="write nothing")
    args = parser.parse_args()
    found = list(examples())
    seen = Counter(sign for example in found for sign in example.signs)
    names = sorted(sign for sign, count in seen.items() if count >= FEWEST)
    report(found, names)
    if not args.folds:
        rows = [f"{name}\t{weight:.2f}\n" for name, weight in zip((*names, "always"), fit(found, names), strict=True)]
        TABLE.write_text("# sign\tweight, by benchmarks/train_dates.py\n" + "".join(rows), "utf-8")


if __name__ == "__main__":
    main()
