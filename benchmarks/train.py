"""Train the body model: `make train` reads the corpora and writes scraper/extract/body_page.npz, body_text.npz and
story_words.tsv.

Several networks learn from the labelled pages and the made-up ones. What they agree on labels the pages that have no true body, and the one
network that ships learns from all of them. `--validate` holds out a quarter of the sites and prints the shingle F1 on them instead of
writing weights. Needs the optional group `train`.
"""

import argparse
import hashlib
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.corpora import HELD_OUT, CorpusPage, pages, site_bucket
from benchmarks.network import Network, export, fit, predict
from benchmarks.rows import LABELLED, MIXED, UNLABELLED, Kind, Row, balanced, labelled, made_up, unlabelled
from benchmarks.scoring import body_figures
from benchmarks.words import crossed, table, written
from scraper.extract.features import Matrix

__all__ = ["export", "gather", "table", "train"]

OUT = Path(__file__).resolve().parents[1] / "scraper" / "extract"
INVENTED, SEED = 1100, 0
TEACHERS, TEACHER_EPOCHS, EPOCHS = 3, 18, 24
KINDS: tuple[Kind, ...] = ("page", "text")


def gather(source: Sequence[CorpusPage], others: Sequence[CorpusPage]) -> tuple[list[Row], list[Row]]:
    """Give the rows to learn from: those with labels, made-up ones among them, and those without."""
    known, stories = [], []
    for row, story in labelled(source):
        known.append(row)
        if story:
            stories.append(story)
    return [*balanced(known), *made_up(stories, INVENTED, SEED)], list(unlabelled(others))


def train(known: Sequence[Row], others: Sequence[Row], kinds: Sequence[Kind]) -> tuple[dict[Kind, Network], dict[str, int]]:
    """Train the teachers on what is known of articles, let them label the others, and learn from all the words and one network a kind."""
    own, told = crossed([row for row in known if row.set not in MIXED])
    teachers = [fit(own, "page", epochs=TEACHER_EPOCHS, seed=SEED + 1 + number) for number in range(TEACHERS)]
    taught = [_taught(row, predict(teachers, row.matrices["page"])) for row in written(others, told)]
    rows, words = crossed([*known, *taught])
    articles = [row for row in rows if row.set not in MIXED]
    return {kind: fit(rows if kind == "page" else articles, kind, epochs=EPOCHS, seed=SEED) for kind in kinds}, words


def _taught(row: Row, found: Matrix) -> Row:
    return replace(row, labels=np.where(np.isnan(row.labels), found, row.labels))


def validate(network: Network, kind: Kind, data: Sequence[Row]) -> None:
    """Print shingle F1, precision, recall and exact bodies by set, at the threshold of one half."""
    for name in sorted({row.set for row in data}):
        pairs = []
        for row in data:
            if row.set == name:
                found = predict([network], row.matrices[kind])
                pairs.append((row.body, "\n\n".join(text for text, share in zip(row.texts, found, strict=True) if share > 0.5)))
        figures = body_figures(pairs)
        shown = f"f1 {figures.f1:.4f}  p {figures.precision:.4f}  r {figures.recall:.4f}  exact {figures.exact:.3f}"
        print(f"{kind} {name:18} n {len(pairs):4}  {shown}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--validate", action="store_true", help="hold out a quarter of the sites and score on them; writes nothing")
    parser.add_argument("--quarter", type=int, choices=range(4), default=0, help="which quarter to hold out")
    parser.add_argument("--kind", choices=KINDS, action="append", help="which weights (default: both)")
    options = parser.parse_args()
    kinds = options.kind or KINDS
    source, others = ([item for name in names for item in pages(name)] for names in ((*LABELLED, *MIXED), UNLABELLED))
    digest = hashlib.sha256("".join(sorted(f"{item.set}/{item.id}" for item in (*source, *others))).encode()).hexdigest()[:12]
    print(f"{len(source)} pages with labels, {len(others)} without, corpus {digest}", file=sys.stderr)
    if not options.validate:
        networks, words = train(*gather(source, others), kinds)
        (OUT / "story_words.tsv").write_text(table(words, digest), "utf-8")
        print(f"story_words.tsv: {len(words):,} words", file=sys.stderr)
        for kind, network in networks.items():
            weights = export(network, digest)
            (OUT / f"body_{kind}.npz").write_bytes(weights)
            print(f"body_{kind}.npz: {len(weights):,} bytes", file=sys.stderr)
        return
    held = [site_bucket(item.site) // HELD_OUT == options.quarter for item in source]
    kept = [item for item in others if site_bucket(item.site) // HELD_OUT != options.quarter]
    found, words = train(*gather([item for item, out in zip(source, held, strict=True) if not out], kept), kinds)
    left = list(
        written([row for row, _ in labelled(item for item, out in zip(source, held, strict=True) if out and item.set in LABELLED)], words)
    )
    for kind, network in found.items():
        validate(network, kind, left)


if __name__ == "__main__":
    main()
