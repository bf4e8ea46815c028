"""A site's own number for a story joins its addresses, where sources.yaml says how the addresses give one, and joins nothing else."""

import asyncio
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from newsroom import STORY, Answer, Newsroom, newsroom
from sqlite_utils import Database

from scraper.errors import BadStatus, SourcesError
from scraper.pipeline.crawl import crawl
from scraper.pipeline.scrape import ScrapeOptions, scrape
from scraper.records import Article, Link, Page, Policy, Source
from scraper.sources import article_id_in, load
from scraper.store import Saved, Store
from scraper.store.migrations import MIGRATIONS

NOW = datetime(2026, 1, 6, 12, 0, tzinfo=UTC)
LOG = logging.getLogger("tests.numbers")
SITE = "https://quay.example"
WALL = "The council voted to raise the eastern sea wall by two metres before the winter storms, at a cost of nine million crowns."
MORE = "Engineers told the meeting that the old wall had been overtopped four times in three years, twice at ordinary high tide."
CHOIR = "The harbour choir sings on Friday in the old customs house; tickets are sold at the door, and children come in for nothing."


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with newsroom() as site:
        site.answers["/robots.txt"] = Answer(status=404)
        yield site


def rows(db: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(db)) as store:
        return store.execute(query).fetchall()


def quay(room: Newsroom, pattern: str = r"-(\d{6})\b") -> Source:
    policy = Policy(delay_s=0, allow_private=True)
    return Source(id="quay", name="Quay", domain="127.0.0.1", feeds=(f"{room.origin}/rss",), policy=policy, article_id=pattern)


def feed(room: Newsroom, *items: tuple[str, str]) -> None:
    listed = "".join(f"<item><title>{title}</title><link>{room.origin}{path}</link></item>" for path, title in items)
    room.answers["/rss"] = Answer(f'<rss version="2.0"><channel>{listed}</channel></rss>'.encode(), type="application/rss+xml")


# --- in a run ---


def test_a_story_under_many_addresses_is_fetched_once(room: Newsroom, tmp_path: Path) -> None:
    paths = [f"/{section}/sea-wall-{number}-123456" for number, section in enumerate(("news", "local", "harbour", "most-read"))]
    for path in paths:
        room.story(path, "Pell")
    feed(room, *((path, "Sea wall to rise") for path in paths))
    done = asyncio.run(crawl((quay(room),), db=tmp_path / "news.db", now=lambda: NOW, log=LOG))
    assert (done.total.links_found, done.total.links_new, done.total.fetched, done.total.new) == (4, 1, 1, 1)
    assert rows(tmp_path / "news.db", "SELECT source_article_id FROM articles") == [("123456",)]
    assert rows(tmp_path / "news.db", "SELECT url, source_article_id FROM links") == [(room.origin + paths[0], "123456")]


def test_a_pattern_that_finds_the_section_hides_no_story(room: Newsroom, tmp_path: Path) -> None:
    room.story("/111111/wall", "Pell")
    page = STORY.format(headline="Harbour choir sings on Friday", place="Corran").replace("sea wall", "choir")
    room.answers["/111111/choir"] = Answer(page.replace("Engineers", "Singers").replace("Fishing", "Other").encode())
    feed(room, ("/111111/wall", "Sea wall to rise"), ("/111111/choir", "Choir sings on Friday"))
    done = asyncio.run(crawl((quay(room, r"/(\d{6})/"),), db=tmp_path / "news.db", now=lambda: NOW, log=LOG))
    assert (done.total.links_new, done.total.new) == (2, 2)


def test_a_number_is_also_found_where_a_redirect_leads_and_by_hand(room: Newsroom, tmp_path: Path) -> None:
    db, site = tmp_path / "news.db", quay(room)
    room.story("/news/sea-wall-123456", "Pell")
    room.answers["/r/1"] = Answer(status=302, headers={"Location": "/news/sea-wall-123456"})
    feed(room, ("/r/1", "Sea wall to rise"))
    asyncio.run(crawl((site,), db=db, now=lambda: NOW, log=LOG))
    assert rows(db, "SELECT source_article_id FROM articles UNION ALL SELECT source_article_id FROM links") == [("123456",)] * 2

    async def by_hand(url: str) -> list[str | None]:
        options = ScrapeOptions(sources=(site,), db=db)
        return [done.saved async for done in scrape([url], options=options, now=lambda: NOW, log=LOG)]

    changed = room.answers["/news/sea-wall-123456"].body.replace(b"nine million crowns", b"twelve million crowns")
    room.answers["/local/cost-rises-123456"] = Answer(changed.replace(b"The cost, put", b"The bill, put"))
    assert asyncio.run(by_hand(f"{room.origin}/local/cost-rises-123456")) == ["updated"]


# --- which story is it? ---


def save(store: Store, path: str, headline: str, *body: str, number: str | None = "7") -> Saved:
    url = SITE + path
    page = Page(url=url, requested_url=url, status=200, headers=(), content=b"x", fetched_at=NOW)
    story = Article(verdict="article", headline=headline, body="\n\n".join(body))
    return store.record_article(1, Link(url=url, source_id="quay", source_article_id=number), page, story)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "news.db") as store:
        store.begin_run("run", started_at=NOW)
        yield store


def test_a_story_rewritten_at_a_new_address_is_brought_up_to_date(store: Store, tmp_path: Path) -> None:
    save(store, "/wall-7", "Sea wall to rise", WALL, MORE)
    assert save(store, "/cost-of-wall-7", "Sea wall to cost more", MORE, CHOIR) == Saved(
        outcome="updated", article_id=1, matched_by="article_id"
    )
    assert save(store, "/cost-of-wall-7", "Sea wall to cost more", MORE).outcome == "updated"
    assert rows(tmp_path / "news.db", "SELECT matched_by FROM article_urls ORDER BY url") == [("article_id",), ("new",)]


@pytest.mark.parametrize("number", ["8", None])
def test_another_number_and_none_are_no_identity(store: Store, number: str | None) -> None:
    save(store, "/wall", "Sea wall to rise", WALL, MORE)
    assert save(store, "/cost", "Sea wall to cost more", MORE, CHOIR, number=number).outcome == "new"


def test_one_number_for_two_stories_that_share_nothing_does_not_join_them(store: Store) -> None:
    save(store, "/wall", "Sea wall to rise", WALL, MORE)
    assert save(store, "/choir", "Choir sings on Friday", CHOIR).outcome == "new"


def test_a_number_counts_within_its_source_only(store: Store) -> None:
    save(store, "/wall", "Sea wall to rise", WALL, MORE)
    other = "https://talau.example/wall"
    page = Page(url=other, requested_url=other, status=200, headers=(), content=b"x", fetched_at=NOW)
    story = Article(verdict="article", headline="Sea wall to rise", body=f"{MORE}\n\n{CHOIR}")
    assert store.record_article(1, Link(url=other, source_id="talau", source_article_id="7"), page, story).outcome == "new"


def test_a_story_stored_before_its_source_had_a_pattern_gets_its_number_at_the_next_visit(store: Store, tmp_path: Path) -> None:
    save(store, "/wall", "Sea wall to rise", WALL, MORE, number=None)
    save(store, "/wall", "Sea wall to rise", WALL, MORE)
    assert rows(tmp_path / "news.db", "SELECT source_article_id FROM articles") == [("7",)]


def test_another_address_is_fetched_where_the_first_one_failed(store: Store) -> None:
    store.remember_sources((Source(id="quay", name="Quay", domain="quay.example"),), NOW)
    listing = Page(url=f"{SITE}/rss", requested_url=f"{SITE}/rss", status=200, headers=(), content=b"x", fetched_at=NOW)
    first, second = (Link(url=SITE + path, source_id="quay", source_article_id="7", title="Sea wall") for path in ("/a", "/b"))
    assert store.record_listing(1, "quay", listing.url, "feed", listing, (first, second)) == 1
    gone = BadStatus("gone", code="http_410", url=first.url, status=410)
    store.record_failure(1, gone, source_id="quay", url=first.url, kind="page", at=NOW)
    assert store.record_listing(1, "quay", listing.url, "feed", listing, (first, second)) == 1
    assert [link.url for link in store.pending_links("quay", now=NOW, limit=9)] == [second.url]


def test_addresses_of_an_older_database_survive_its_being_brought_forward(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    with closing(Database(path)) as database:
        MIGRATIONS.apply(database, stop_before="0011_source_article_ids")
        database.execute("INSERT INTO sources (id, name, first_seen_at) VALUES ('quay', 'Quay', '2026-01-05 12:00:00')")
        database.execute("INSERT INTO runs (id, command, started_at) VALUES (1, 'run', '2026-01-05 12:00:00')")
        database.execute(
            "INSERT INTO articles (source_id, url, canonical_url, verdict, confidence, word_count, first_seen_at, last_seen_at,"
            " content_changed_at, extractor_version, run_id) VALUES ('quay', 'u', 'k', 'article', 1, 1, 't', 't', 't', '0', 1)"
        )
        for number in range(3):
            database.execute("INSERT INTO article_urls VALUES (?, 1, 'k', 'quay', 'url', 't')", (f"u{number}",))
        database.conn.commit()
    Store.open(path).close()
    assert rows(path, "SELECT url, article_id, matched_by FROM article_urls ORDER BY rowid") == [(f"u{n}", 1, "url") for n in range(3)]
    assert rows(path, "SELECT urls FROM article_list") == [(3,)]
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]


# --- the pattern ---


@pytest.mark.parametrize(
    ("url", "found"),
    [(f"{SITE}/news/wall-123456", "123456"), (f"{SITE}/news/wall", None), (f"{SITE}/-{'1' * 300}", None)],
)
def test_a_number_is_found_in_an_address_or_not(url: str, found: str | None) -> None:
    assert article_id_in(url, r"-(\d{6,})") == found
    assert article_id_in(url, None) is None


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        (r"'\d+'", r"needs one group around the story's number, as in '/(\d{6,})-', and has none: '\\d+'"),
        (r"'(\d+)-(\d+)'", r"needs one group around the story's number, as in '/(\d{6,})-', and has 2: '(\\d+)-(\\d+)'"),
        (r"'(\d+'", "not a regular expression: '(\\\\d+': missing ), unterminated subpattern at position 0"),
    ],
)
def test_a_pattern_without_exactly_one_group_is_refused_in_one_sentence(tmp_path: Path, pattern: str, problem: str) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text(
        f"version: 1\ndefaults: {{contact: a@b.example}}\nsources:\n  - id: q\n    domain: q.example\n"
        f"    feeds: [https://q.example/rss]\n    article_id: {pattern}\n"
    )
    with pytest.raises(SourcesError) as caught:
        load(file)
    assert list(caught.value.problems) == [f"sources[0].article_id: {problem}"]
