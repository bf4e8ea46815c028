"""Learn the weights in scraper/extract/headline.tsv from pages whose headline is known.

    python benchmarks/train_headline.py [CORPORA]        # default ../shared/corpora; --folds only cross-validates

A conditional logit: among the lines a page offers, the right one should score highest. The pages are split by site into five folds; the
figures printed are those of pages whose site was not trained on; the weights written are those of all pages.
"""

import argparse
import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from scraper.extract.headline import lines
from scraper.extract.headline_features import features
from scraper.extract.plain import plain
from scraper.extract.site_names import site_names
from scraper.extract.structured import structured
from scraper.extract.walk import walk_html

# News counts more: it is what the project is for, and the set is small.
SETS = {"fundus_dev": 3.0, "wcxb_dev_article": 1.0, "trafilatura_eval": 0.5}
FOLDS, STEPS, RATE, L2, LEAST = 5, 700, 0.03, 0.002, 0.05


def examples(corpora: Path) -> Iterator[tuple[str, int, list[dict[str, float]], list[bool]]]:
    for name in SETS:
        for row in (corpora / name / "pages.jsonl").read_text("utf-8").split("\n"):
            if not row:
                continue
            page = json.loads(row)
            if not page.get("title"):
                continue
            document = walk_html(gzip.decompress((corpora / name / page["html"]).read_bytes()).decode("utf-8", "replace"))
            claims = structured(document, page.get("url"))
            scene, found = lines(document, claims, page.get("url"), site_names(claims, page.get("url")))
            site = hashlib.md5((page.get("domain") or page["id"]).encode(), usedforsecurity=False).hexdigest()
            yield (
                name,
                int(site, 16) % FOLDS,
                [dict(features(line, scene)) for line in found],
                [line.form == plain(page["title"]) for line in found],
            )


def fit(rows: list[tuple[np.ndarray, np.ndarray, float]], width: int) -> np.ndarray:
    weights, mean, square = np.zeros(width), np.zeros(width), np.zeros(width)
    for _ in range(STEPS):
        slope = -L2 * weights * len(rows)
        for matrix, right, weight in rows:
            odds = np.exp(matrix @ weights - (matrix @ weights).max())
            slope += weight * matrix.T @ (right - odds / odds.sum())
        slope /= len(rows)
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope * slope
        weights = weights + RATE * mean / (np.sqrt(square) + 1e-8)
    return weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", nargs="?", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--folds", action="store_true", help="write nothing")
    args = parser.parse_args()
    pages = [page for page in examples(args.corpora) if page[2]]
    names = sorted({name for _, _, lines_, _ in pages for line in lines_ for name in line})
    rows = [
        (s, f, np.array([[line.get(name, 0.0) for name in names] for line in found]), np.array(right, float))
        for s, f, found, right in pages
    ]
    hits: Counter[tuple[str, str]] = Counter()
    for fold in range(FOLDS):
        weights = fit([(m, r / r.sum(), SETS[s]) for s, f, m, r in rows if f != fold and r.any() and len(r) > 1], len(names))
        for s, f, m, r in rows:
            if f == fold:
                hits[s, "pages"] += 1
                hits[s, "right"] += int(r[int(np.argmax(m @ weights))])
                hits[s, "offered"] += int(r.any())
    for s in SETS:
        print(
            s,
            f"right {hits[s, 'right'] / hits[s, 'pages']:.3f} of {hits[s, 'offered'] / hits[s, 'pages']:.3f} offered,",
            hits[s, "pages"],
            "pages",
        )
    if not args.folds:
        weights = fit([(m, r / r.sum(), SETS[s]) for s, _, m, r in rows if r.any() and len(r) > 1], len(names))
        kept = [(name, weight) for name, weight in zip(names, weights, strict=True) if abs(weight) >= LEAST]
        text = "".join(f"{name}\t{weight:.3f}\n" for name, weight in kept)
        (Path(__file__).parent.parent / "scraper" / "extract" / "headline.tsv").write_text(
            "# measure\tweight, by benchmarks/train_headline.py\n" + text, "utf-8"
        )


if __name__ == "__main__":
    main()
