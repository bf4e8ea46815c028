"""`python -m benchmarks.templates`: what does a site's template change? F1 of the body without and with one, learned from other pages only.

Each page of a site with three pages or more is scored twice: alone, and with a template learned from K other pages of its site (those next
to it in the set's order). No truth is used in learning. cleanportaleval's truth was saved with its entities escaped twice, so they are
undone before scoring; it also leaves out headlines' marks and some paragraphs, alike for both figures. Sites in the corpora were used to
train the shipped body model, which leaves a template less to do than on a new site: `--weights FILE` takes a model that was trained without
them (`python -m benchmarks.templates --train FILE`, needs the optional group `train`).
"""

import argparse
import html
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpora import CorpusPage, pages
from benchmarks.scoring import body_figures
from scraper.decode import decode
from scraper.extract.article import Reading, extract, read
from scraper.extract.learning import learn, lesson_of
from scraper.extract.taught import Lesson

SETS = ("cleanportaleval", "fundus_dev", "wcxb_dev_article")
FEWEST_PAGES, CHANGED = 3, 0.002
HELPED_BY = (2, 3, 5, 10)
WITHOUT = "without the sites that are scored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One page, read alone: its text, its truth, what it teaches and how it scores."""

    page: CorpusPage
    text: str
    truth: str
    lesson: Lesson | None
    f1: float


def sites(name: str) -> dict[str, list[CorpusPage]]:
    """Give the pages of each site of a set that has enough of them."""
    found: defaultdict[str, list[CorpusPage]] = defaultdict(list)
    for item in pages(name):
        found[site_of(item)].append(item)
    return {site: items for site, items in found.items() if len(items) >= FEWEST_PAGES}


def site_of(item: CorpusPage) -> str:
    """Give the site whose layout a page has: cleanportaleval names a part of a portal."""
    return str(item.truth.get("publisher") or item.site) if item.set == "cleanportaleval" else item.site


def read_alone(items: Sequence[CorpusPage]) -> list[Known]:
    """Read each page without a template."""
    known = []
    for item in items:
        text, truth = decode(item.content).text, str(item.truth.get("body") or "")
        if item.set == "cleanportaleval":
            truth = html.unescape(html.unescape(truth))
        found: Reading = read(text, item.url)
        known.append(Known(page=item, text=text, truth=truth, lesson=lesson_of(found), f1=_f1(truth, found.article.body)))
    return known


def helped(known: Sequence[Known], most: int) -> Iterator[tuple[Known, float]]:
    """Score each page that has a truth with a template from up to `most` of its neighbours."""
    for at, one in enumerate(known):
        if one.truth:
            others = sorted((other for other in known if other is not one and other.lesson), key=lambda other: abs(known.index(other) - at))
            template = learn([other.lesson for other in others[:most] if other.lesson])
            yield one, _f1(one.truth, extract(one.text, one.page.url, template=template).body)


def cost_ms(known: Sequence[Known], rounds: int = 5) -> tuple[float, float]:
    """Give the mean CPU time of extraction without and with a template, the best of several rounds a page."""
    template = learn([one.lesson for one in known if one.lesson])
    totals = [0.0, 0.0]
    for one in known:
        for which, given in enumerate((None, template)):
            best = float("inf")
            for _ in range(rounds):
                before = time.process_time()
                extract(one.text, one.page.url, template=given)
                best = min(best, time.process_time() - before)
            totals[which] += best * 1000 / len(known)
    return totals[0], totals[1]


def _f1(truth: str, body: str | None) -> float:
    return body_figures([(truth, body or "")]).f1 if truth else 0.0


def _row(label: str, scored: Sequence[tuple[Known, float]]) -> str:
    count = len(scored)
    before, after = sum(one.f1 for one, _ in scored) / count, sum(f1 for _, f1 in scored) / count
    better, worse = (sum(sign * (f1 - one.f1) > CHANGED for one, f1 in scored) for sign in (1, -1))
    return f"| {label} | {count} | {before:.4f} | {after:.4f} | {better} | {worse} |"


def report(names: Sequence[str], helpers: Sequence[int]) -> Iterator[str]:
    """Lay out the figures, one line a set and number of learned pages, then one a site for the largest number."""
    every = {name: {site: read_alone(items) for site, items in sites(name).items()} for name in names}
    yield "| set or site, learned from | pages | F1 alone | with template | better | worse |"
    yield "|---|---|---|---|---|---|"
    for name, known in every.items():
        for most in helpers:
            by_site = {site: list(helped(items, most)) for site, items in known.items()}
            scored = [pair for pairs in by_site.values() for pair in pairs]
            if scored:
                yield _row(f"{name}, {most} pages", scored)
        yield from (_row(f"{site}, {helpers[-1]} pages", pairs) for site, pairs in by_site.items() if pairs)
    costs = [cost_ms(items) for known in every.values() for items in known.values()]
    alone, given = (sum(cost[which] for cost in costs) / len(costs) for which in (0, 1))
    yield f"\nextraction: {alone:.2f} ms a page alone, {given:.2f} ms with a template"


def train(path: Path) -> None:
    """Train the body model without the sites that are scored here, and write its weights."""
    from benchmarks import train as training
    from benchmarks.rows import LABELLED, UNLABELLED

    source, others = ([item for name in names for item in pages(name)] for names in (LABELLED, UNLABELLED))
    scored = {site for name in SETS for site in sites(name)}
    kept, left = ([item for item in items if site_of(item) not in scored] for items in (source, others))
    known, words = training.train(*training.gather(kept, left), ("page",))
    path.write_bytes(training.export(known["page"], WITHOUT))
    path.with_suffix(".tsv").write_text(training.table(words, WITHOUT), "utf-8")
    print(f"{path}: trained on {len(kept)} pages of {len(source)}", file=sys.stderr)


def use(path: Path) -> None:
    """Read pages with other weights than the shipped ones, of words too."""
    import numpy as np

    from scraper.extract import features, model
    from scraper.extract.story_words import weights_of

    with np.load(path) as arrays:
        weights = {name: arrays[name].astype(np.float32) for name in arrays.files}
    shipped = model._weights  # noqa: SLF001 - extraction has no argument for them, and shall have none
    words = weights_of(path.with_suffix(".tsv").read_text("utf-8"))
    features.word_weights = lambda: words  # type: ignore[assignment, attr-defined]
    model._weights = lambda kind: weights if kind == "page" else shipped(kind)  # type: ignore[assignment]  # noqa: SLF001


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--set", dest="sets", action="append", help="only this set (repeatable)")
    parser.add_argument("--from", dest="helpers", type=int, action="append", help="learn from this many other pages (repeatable)")
    parser.add_argument("--weights", type=Path, help="weights of the body model to use in place of the shipped ones")
    parser.add_argument("--train", type=Path, metavar="FILE", help="train a model without these sites, write it there, and stop")
    options = parser.parse_args()
    if options.train:
        train(options.train)
        return
    if options.weights:
        use(options.weights)
    for line in report(options.sets or SETS, sorted(options.helpers or HELPED_BY)):
        print(line, flush=True)


if __name__ == "__main__":
    main()
