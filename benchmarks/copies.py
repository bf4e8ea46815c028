"""How many copies are found, and how many stories are taken for copies? Through the store, on the set of `copy_pages`.

    python -m benchmarks.copies [--stories N] [--seed S]

Precision: of the articles that the store calls copies, how many tell the story of their original. Recall: of the copies made, how many the
store leads to the original. A letter-for-letter copy would be one more address of the original; the set has none.
"""

import argparse
import sqlite3
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.copy_pages import Told, generated
from scraper.records import Article, Link, Page, Source
from scraper.store import Store

NOW = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
SOURCE = Source(id="wire", name="The Wire", domain="wire.example", feeds=("https://wire.example/rss",))


def main() -> None:
    parser = argparse.ArgumentParser(description="Find copies of wire stories among generated ones.")
    parser.add_argument("--stories", type=int, default=380, help="originals; the rest of the corpora is material (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    told = generated(options.stories, seed=options.seed)
    originals, seconds = _stored(told)
    for line in _table(told, originals):
        print(line)
    print(f"{len(told)} articles, {seconds / len(told) * 1e3:.2f} ms of CPU an article, search index and evidence included")


def _stored(told: Sequence[Told]) -> tuple[list[int | None], float]:
    """Store every text in turn; give for each the place of its original in the list, if it was called a copy, and the CPU time."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "copies.db"
        started = time.process_time()
        with Store.open(path) as store:
            store.remember_sources([SOURCE], NOW)
            run = store.begin_run("bench", started_at=NOW)
            ids = [_save(store, run, number, text.text) for number, text in enumerate(told)]
        seconds = time.process_time() - started
        place = {article_id: number for number, article_id in reversed(list(enumerate(ids)))}
        with closing(sqlite3.connect(path)) as database:
            found = dict(database.execute("SELECT id, original_id FROM articles WHERE original_id IS NOT NULL"))
    return [place.get(found.get(article_id, -1)) for article_id in ids], seconds


def _save(store: Store, run: int, number: int, body: str) -> int:
    url = f"https://wire.example/{number}"
    page = Page(url=url, requested_url=url, status=200, headers=(), content=b"", fetched_at=NOW, elapsed_ms=1)
    article = Article(url=url, headline=f"Story {number}", body=body, verdict="article", confidence=0.9)
    saved = store.record_article(run, Link(url=url, source_id=SOURCE.id, kind="feed"), page, article)
    return saved.article_id or 0


def _table(told: Sequence[Told], originals: Sequence[int | None]) -> list[str]:
    kinds: dict[str, list[tuple[bool, bool]]] = defaultdict(list)  # by kind: is a copy of an earlier one, was led to its story
    right = wrong = 0
    for text, original in zip(told, originals, strict=True):
        is_right = original is not None and told[original].story == text.story
        right, wrong = right + is_right, wrong + (original is not None and not is_right)
        kinds[text.kind.partition(",")[0]].append((original is not None, is_right))
    lines = [f"{'kind':<16} {'articles':>8} {'called copies':>14} {'of their story':>15}"]
    lines += [
        f"{kind:<16} {len(all_):>8} {sum(a for a, _ in all_):>14} {sum(b for _, b in all_):>15}" for kind, all_ in sorted(kinds.items())
    ]
    copies = sum(1 for text in told if text.story.startswith("s") and text.kind != "original")
    return [*lines, f"precision {right / max(1, right + wrong):.3f}, recall {right / copies:.3f}"]


if __name__ == "__main__":
    main()
