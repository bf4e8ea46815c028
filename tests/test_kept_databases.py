"""Does a database of every released schema come forward with all its rows, and is it then as good as a new one?

The files were written by the program as it was then; `keep_database` says what counts as released and adds the next one.
"""

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from test_store_samples import NOW, article_of, body_of, fill, link_of, page_of, refusal, url_of

from scraper.store import Store
from scraper.store.migrations import STEPS

FIRST = STEPS.index("0004_meanings")  # the first four came together
KEPT = {path.name.removesuffix(".db.gz"): path for path in sorted((Path(__file__).parent / "databases").glob("*.db.gz"))}
GROWING = {"meanings", "_sqlite_migrations"}  # later steps add rows of their own

Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(params=KEPT)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "news.db"
    path.write_bytes(gzip.decompress(KEPT[request.param].read_bytes()))
    return path


def columns(database: sqlite3.Connection) -> dict[str, list[str]]:
    """Give the columns of every table that holds rows of ours: the search indexes are asked otherwise."""
    names = [
        name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'")
        if "_fts" not in name and not name.startswith("sqlite_")
    ]  # fmt: skip
    return {name: [row[1] for row in database.execute(f"PRAGMA table_info({name})")] for name in names}


def rows(path: Path, wanted: dict[str, list[str]]) -> Rows:
    with closing(sqlite3.connect(path)) as database:
        return {name: sorted(database.execute(f"SELECT {', '.join(found)} FROM {name}"), key=repr) for name, found in wanted.items()}


def test_every_schema_before_the_newest_is_kept() -> None:
    missing = [step for step in STEPS[FIRST:-1] if step not in KEPT]
    assert missing == [], "python -m tests.keep_database, at the commit whose newest step this is"
    assert set(KEPT) <= set(STEPS)


def test_what_was_stored_stays_as_it_was(old: Path) -> None:
    with closing(sqlite3.connect(old)) as database:
        wanted = columns(database)
    before = rows(old, wanted)
    Store.open(old).close()
    after = rows(old, wanted)
    assert len(before["articles"]) == 6
    changed = {name for name in before if before[name] != after[name]}
    assert {name for name in changed if name not in GROWING} == set()
    assert all(set(before[name]) <= set(after[name]) for name in GROWING)


def test_it_is_then_as_good_as_a_new_one(old: Path, tmp_path: Path) -> None:
    fill(tmp_path / "new.db")
    with Store.open(old) as store:
        assert [hit.headline for hit in store.search("ferry")] == ["What becomes of the ferry"]
        run = store.begin_run("run", started_at=NOW)
        copy = "https://valley.example/2026/rust"
        reprint = article_of("bridge", headline="Rust in the cables", body=f"By our own staff. {body_of('bridge')}\n\nMore tomorrow.")
        saved = store.record_article(run, link_of(copy), page_of(copy), reprint)
        assert saved.outcome == "new"
        assert store.record_article(run, link_of(url_of("ferry")), page_of(url_of("ferry")), article_of("ferry")).outcome == "updated"
        assert store.faults() == ()
    with closing(sqlite3.connect(old)) as database, closing(sqlite3.connect(tmp_path / "new.db")) as fresh:
        (original,) = database.execute("SELECT original_id FROM articles WHERE id = ?", (saved.article_id,)).fetchone()
        assert original is not None, "the index of copies holds what was stored before there was one"
        database.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")
        schema = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE '%_fts_%' ORDER BY type, name"
        assert [row[:2] for row in database.execute(schema)] == [row[:2] for row in fresh.execute(schema)]
        for (view,) in fresh.execute("SELECT name FROM sqlite_master WHERE type = 'view'"):
            database.execute(f"SELECT * FROM {view}").fetchall()


def test_reading_an_older_one_is_refused_with_the_way_out(old: Path) -> None:
    with closing(sqlite3.connect(old)) as database:
        newest = database.execute("SELECT name FROM _sqlite_migrations ORDER BY id DESC LIMIT 1").fetchone()[0]
    if newest == STEPS[-1]:
        Store.open(old, read_only=True).close()
        return
    error = refusal(lambda: Store.open(old, read_only=True))
    assert error.code == "store_older"
    assert "the next `scraper run` brings it up to date" in error.message


def test_it_is_copied_and_checked_as_it_is_before_it_comes_forward(old: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with Store.open_as_it_is(old) as store:
        assert store.faults() == ()
        store.copy_to(copy)
    with closing(sqlite3.connect(old)) as database:
        wanted = columns(database)
    assert rows(copy, wanted) == rows(old, wanted)
