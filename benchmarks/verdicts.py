"""`python -m benchmarks.verdicts`: is a page an article, and does the verdict say so? Precision, recall and F1 on pages of a known kind.

Articles are those of wcxb_dev_article, other pages those of wcxb_dev_other, whose `page_type` says what they are. All pages of fundus_dev
are articles. The weights behind the verdict have seen these pages: for sites that they have not seen, see benchmarks/train_verdict.py.
trafilatura gives no verdict; that it finds a body, and that it finds a body and a date, are counted as one.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from benchmarks.contenders import CONTENDERS
from benchmarks.corpora import pages
from scraper.decode import decode

SETS = ("wcxb_dev_article", "wcxb_dev_other", "fundus_dev")
MIXED = frozenset(SETS[:2])
STORIES = frozenset(("article", "live_blog"))


class Said(NamedTuple):
    """One page: what it is, and what was said of it."""

    set: str
    truth: str
    verdict: str


def figures(said: Sequence[Said]) -> dict[str, float]:
    """Score "this is an article" on the mixed pages; `refused` is the share of each set's articles that were called something else."""
    mixed = [page for page in said if page.set in MIXED]
    right = sum(page.truth == "article" and page.verdict in STORIES for page in mixed)
    called, are = sum(page.verdict in STORIES for page in mixed), sum(page.truth == "article" for page in mixed)
    found = {"precision": right / called, "recall": right / are, "F1": 2 * right / (called + are)} if right else {}
    for name in sorted({page.set for page in said if page.truth == "article"}):
        articles = [page for page in said if page.set == name and page.truth == "article"]
        found[f"{name} refused"] = sum(page.verdict not in STORIES for page in articles) / len(articles)
    return found


def confusion(said: Sequence[Said]) -> str:
    """Lay out how often each kind of page got each verdict."""
    counts = Counter((f"{page.set}: {page.truth}", page.verdict) for page in said)
    verdicts = [verdict for verdict, _ in Counter(page.verdict for page in said).most_common()]
    lines = ["| pages | " + " | ".join(verdicts) + " |", "|---" * (len(verdicts) + 1) + "|"]
    lines.extend(
        f"| {kind} | " + " | ".join(str(counts[kind, verdict] or "") for verdict in verdicts) + " |"
        for kind in dict.fromkeys(f"{page.set}: {page.truth}" for page in said)
    )
    return "\n".join(lines)


def ours(sets: Sequence[str] = SETS, *, every: int = 1) -> Iterator[Said]:
    """Give our verdict on each page."""
    for name in sets:
        for page in pages(name, every=every):
            prediction = CONTENDERS["scraper"].predict(decode(page.content).text, page.url)
            yield Said(set=name, truth=page.truth.get("page_type") or "article", verdict=prediction["verdict"])


def implied(sets: Sequence[str], every: int, *, with_date: bool) -> Iterator[Said]:
    """Give the verdict that trafilatura's record implies."""
    for name in sets:
        for page in pages(name, every=every):
            found = CONTENDERS["trafilatura"].predict(decode(page.content).text, page.url)
            told = bool(found.get("body")) and (bool(found.get("date")) or not with_date)
            yield Said(set=name, truth=page.truth.get("page_type") or "article", verdict="article" if told else "other")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--every", type=int, default=1, help="take each N-th page only")
    parser.add_argument("--peer", action="store_true", help="trafilatura too")
    options = parser.parse_args()
    said = list(ours(every=options.every))
    print(confusion(said))
    rows = [("scraper", said)]
    if options.peer:
        for label, with_date in (("trafilatura, a body", False), ("trafilatura, a body and a date", True)):
            print(f"{label} ...", file=sys.stderr, flush=True)
            rows.append((label, list(implied(SETS, options.every, with_date=with_date))))
    for label, pages_said in rows:
        print(f"{label}: " + "  ".join(f"{name} {value:.3f}" for name, value in figures(pages_said).items()))


if __name__ == "__main__":
    main()
