"""Is a process that is killed while it writes a matter of no consequence? It is killed at random moments, again and again."""

import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from test_store_samples import SITE

from scraper.store import Store

ROUNDS = 12
WRITES_UNTIL_KILLED = """
import sys
sys.path.insert(0, sys.argv[2])
from test_store_samples import HARBOUR, NOW, article_of, body_of, link_of, page_of, reject_of, SITE
from scraper.store import Store

with Store.open(sys.argv[1]) as store:
    store.remember_sources((HARBOUR,), NOW)
    run = store.begin_run("run", started_at=NOW)
    first = int(sys.argv[3])
    for number in range(first, first + 100_000):
        url = f"{SITE}/{number}"
        if number % 10 == 0:
            links = [link_of(f"{SITE}/{more}") for more in range(number, number + 10)]
            feed = page_of(f"{SITE}/feed/{number}", headers=[("etag", str(number))])
            store.record_listing(run, HARBOUR.id, feed.url, "feed", feed, links)
        found = article_of(str(number), body=body_of(str(number)) * 5) if number % 5 else reject_of("stub", "short")
        store.record_article(run, link_of(url), page_of(url), found)
        print(number, flush=True)
"""

RECORDS = "SELECT url FROM articles UNION SELECT url FROM rejects"
# Each of these finds a page, or a listing, of which only a part was stored.
HALVES = {
    "an article without its address": "SELECT id FROM articles WHERE id NOT IN (SELECT article_id FROM article_urls)",
    "an article without evidence": "SELECT id FROM articles WHERE id NOT IN (SELECT article_id FROM evidence)",
    "an article without authors": "SELECT id FROM articles WHERE id NOT IN (SELECT article_id FROM article_authors)",
    "an article without its fetch": "SELECT id FROM articles WHERE id NOT IN (SELECT article_id FROM fetches WHERE article_id IS NOT NULL)",
    "an article whose link is not done": "SELECT url FROM articles WHERE url NOT IN (SELECT url FROM links WHERE state = 'done')",
    "a reject without its fetch": "SELECT url FROM rejects WHERE url NOT IN (SELECT url FROM fetches)",
    "a link that is done without its page": f"SELECT url FROM links WHERE state = 'done' AND url NOT IN ({RECORDS})",
    "a fetched page without its record": f"SELECT url FROM fetches WHERE kind = 'page' AND url NOT IN ({RECORDS})",
    "validators without their fetch": "SELECT url FROM validators WHERE url NOT IN (SELECT url FROM fetches)",
    "a listing of which not all links came": "SELECT id FROM fetches WHERE kind = 'feed' AND links_found <> 10",
    "fewer links than the listings announced": "SELECT 1 WHERE (SELECT count(*) FROM links) <> (SELECT sum(links_new) FROM fetches)",
}  # fmt: skip


def test_a_writer_killed_at_random_moments_leaves_whole_pages_and_loses_none_it_had_stored(tmp_path: Path) -> None:
    path, chance, following = tmp_path / "news.db", random.Random(5), 0
    for _ in range(ROUNDS):
        acknowledged = killed_while_writing(path, following, pages=chance.randrange(3, 12), after_s=chance.uniform(0.0, 0.02))
        with closing(sqlite3.connect(path)) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert database.execute("PRAGMA foreign_key_check").fetchall() == []
            database.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")
            assert {name: found for name, sql in HALVES.items() if (found := database.execute(sql).fetchall())} == {}
            stored = {url for (url,) in database.execute(RECORDS)}
            assert {f"{SITE}/{number}" for number in range(following, acknowledged + 1)} <= stored
        following = (acknowledged // 10 + 1) * 10
    with Store.open(path) as store:
        assert store.stats().articles > ROUNDS


def killed_while_writing(path: Path, first: int, *, pages: int, after_s: float) -> int:
    """Start a writer, kill it a moment after so many pages, and give the last page it said to have stored."""
    command = [sys.executable, "-c", WRITES_UNTIL_KILLED, str(path), str(Path(__file__).parent), str(first)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    seen = [process.stdout.readline() for _ in range(pages)]
    time.sleep(after_s)
    process.kill()
    seen += process.communicate()[0].splitlines()
    return int([line for line in seen if line.strip().isdecimal()][-1])
