"""Does each new story find what was stored before it, and do copies, originals and their views stay true as stories change?"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from test_copies import STORY, edited
from test_store_samples import HARBOUR, VALLEY, article_of, link_of, opened, page_of

from scraper.copies import sample, words
from scraper.records import Source
from scraper.store import Store, copies

CAPE = Source(id="cape", name="Cape Mirror", domain="cape.example", feeds=("https://cape.example/rss",))


def told(store: Store, run: int, source: Source, name: str, body: str, **more: Any) -> int:
    url = f"https://{source.domain}/{name}"
    saved = store.record_article(run, link_of(url, source=source), page_of(url), article_of(name, body=body, tags=(), **more))
    assert saved.article_id is not None
    return saved.article_id


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(sql).fetchall()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "news.db"


def test_copies_point_to_the_first_story_that_was_seen_whatever_run_stored_it(path: Path) -> None:
    store, run = opened(path)
    with store:
        first = told(store, run, HARBOUR, "bridge", STORY)
    store, run = opened(path)
    with store:
        near = told(store, run, VALLEY, "span", f"VALLEY TOWN (Island Wire) - {edited(STORY, 0.2)}", agencies=("Island Wire",))
        copy_of_copy = told(store, run, CAPE, "cape", edited(STORY, 0.3, seed=5)[:500])
        other = told(store, run, CAPE, "sheep", edited(STORY, 0.95))
    found = rows(path, "SELECT id, original_id, likeness > .5 FROM articles ORDER BY id")
    assert found == [(first, None, None), (near, first, 1), (copy_of_copy, first, 1), (other, None, None)]
    assert rows(path, "SELECT id FROM originals ORDER BY id") == [(first,), (other,)]
    shared = rows(path, "SELECT original_id, first_source, copies, sources, agencies FROM shared_stories")
    assert shared == [(first, "The Harbour Post", 2, 3, "Island Wire")]


def test_a_letter_for_letter_copy_at_another_source_is_counted_with_the_copies(path: Path) -> None:
    store, run = opened(path)
    with store:
        first = told(store, run, HARBOUR, "bridge", STORY)
        assert told(store, run, VALLEY, "span", STORY) == first
        assert told(store, run, HARBOUR, "again", STORY) == first  # another address at the same source is no copy
    assert rows(path, "SELECT original_id, kind, source FROM copies") == [(first, "exact", "Valley Courier")]
    assert rows(path, "SELECT copies, sources FROM shared_stories") == [(1, 2)]


def test_a_story_that_is_rewritten_is_no_copy_any_more(path: Path) -> None:
    store, run = opened(path)
    with store:
        first = told(store, run, HARBOUR, "bridge", STORY)
        copy = told(store, run, VALLEY, "span", edited(STORY, 0.1))
        assert told(store, run, VALLEY, "span", edited(STORY, 0.95)) == copy
        assert rows(path, f"SELECT original_id, likeness FROM articles WHERE id = {copy}") == [(None, None)]
        assert told(store, run, VALLEY, "span", edited(STORY, 0.1)) == copy
    assert rows(path, f"SELECT original_id FROM articles WHERE id = {copy}") == [(first,)]
    indexed = rows(path, f"SELECT hash FROM shingles WHERE article_id = {copy} ORDER BY hash")
    assert [mark for (mark,) in indexed] == sample(words(edited(STORY, 0.1)))


def test_standing_phrases_lead_nowhere(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "MOST_HOLDERS", 2)
    monkeypatch.setattr(copies, "likeness", lambda *_: pytest.fail("a standing phrase made two stories be compared"))
    notice = " ".join(STORY.split()[:60])
    store, run = opened(path)
    with store:
        for number in range(2):  # the two that may hold it, put in behind the store's back
            told(store, run, HARBOUR, f"one{number}", edited(STORY, 0.95, number))
        marks = sample(words(notice))
        assert marks
        with closing(sqlite3.connect(path)) as database, database:
            database.executemany("INSERT INTO shingles VALUES (?, ?)", [(mark, number) for mark in marks for number in (1, 2)])
        told(store, run, VALLEY, "two", notice)
    held = f"SELECT count(*) FROM shingles WHERE hash IN ({', '.join(map(str, marks))})"
    assert rows(path, held) == [(2 * len(marks),)]


def test_a_standing_phrase_is_none_any_more_once_a_story_that_held_it_is_rewritten(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "MOST_HOLDERS", 2)
    marks = sample(words(STORY))
    held = f"SELECT article_id, count(*) FROM shingles WHERE hash IN ({', '.join(map(str, marks))}) GROUP BY 1 ORDER BY 1"
    store, run = opened(path)
    with store:
        bridge, span, _ = (
            told(store, run, source, name, f"{STORY} {name * 20}") for source, name in zip((HARBOUR, VALLEY, CAPE), "abc", strict=True)
        )
        assert rows(path, held) == [(bridge, len(marks)), (span, len(marks))]
        told(store, run, VALLEY, "b", edited(STORY, 0.95))
        again = told(store, run, HARBOUR, "again", f"{STORY} once more")
    assert rows(path, held) == [(bridge, len(marks)), (again, len(marks))]


def test_a_database_from_before_the_index_is_indexed_once(path: Path) -> None:
    store, run = opened(path)
    with store:
        told(store, run, HARBOUR, "bridge", STORY)
        told(store, run, VALLEY, "span", edited(STORY, 0.2))
    before = rows(path, "SELECT * FROM shingles")
    with closing(sqlite3.connect(path)) as database:
        database.executescript(
            "DROP VIEW shared_stories; DROP VIEW copies; DROP VIEW originals; DROP VIEW article_list; DROP TABLE shingles;"
            "DROP VIEW authors; DROP VIEW tags; DROP INDEX articles_places; DROP INDEX articles_day;"
            "DROP INDEX articles_original; DROP INDEX article_urls_text; ALTER TABLE articles DROP COLUMN original_id;"
            "ALTER TABLE articles DROP COLUMN likeness; CREATE VIEW article_list AS SELECT * FROM articles;"
            "DELETE FROM _sqlite_migrations WHERE name = '0012_copies';"
        )
    with Store.open(path):
        pass
    assert rows(path, "SELECT * FROM shingles") == before
    assert rows(path, "SELECT id, original_id FROM articles") == [(1, None), (2, 1)]
