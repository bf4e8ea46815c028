"""Is the database opened only when it is ours and usable, and is everything else refused in one sentence with its code?

With real files and real permissions: root gives up its rights for the moment. Locks are asked about in test_store_locks.
"""

import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from test_store_samples import NOW, article_of, body_of, fill, link_of, opened, page_of, refusal, url_of

from scraper.errors import StoreError
from scraper.store import Store
from scraper.store.migrations import MIGRATIONS, STEPS

NOBODY = 65534


@contextmanager
def an_ordinary_user() -> Iterator[None]:
    """Be somebody whom permissions bind; root is not."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_place() -> Iterator[Path]:
    """Give a directory that every user can reach, unlike pytest's own."""
    place = Path(tempfile.mkdtemp(prefix="scraper-store-"))
    place.chmod(0o777)
    yield place
    for path in (place, *place.rglob("*")):
        path.chmod(0o777)
    shutil.rmtree(place)


def test_what_is_missing_is_made(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "down" / "news.db"
    with Store.open(path) as store:
        assert store.stats().articles == 0
    assert path.read_bytes().startswith(b"SQLite format 3")


def test_the_choices_that_make_it_safe_are_in_force(tmp_path: Path) -> None:
    with Store.open(tmp_path / "news.db", busy_s=1.5) as store:
        pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        found = [store._connection.value(f"PRAGMA {name}") for name in pragmas]
    assert found == ["wal", 1, 1, 1500]


def test_every_table_is_strict_and_every_foreign_key_holds(tmp_path: Path) -> None:
    fill(tmp_path / "news.db")
    with closing(sqlite3.connect(tmp_path / "news.db")) as database:
        tables = dict(database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall())
        ours = {name for name in tables if not ("_fts" in name or name.startswith(("_", "sqlite_")))}
        assert len(ours) > 10
        assert {name for name in ours if "STRICT" not in tables[name]} == set()
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_name_with_signs_of_a_uri_is_a_name(tmp_path: Path) -> None:
    path = tmp_path / "what? 100%#1&mode=memory é.db"
    Store.open(path).close()
    assert path.exists()
    with Store.open(str(path), read_only=True) as store:
        assert store.stats().path == str(path)


def test_a_missing_database_is_not_made_by_reading(tmp_path: Path) -> None:
    error = refusal(lambda: Store.open(tmp_path / "no" / "news.db", read_only=True))
    assert error.code == "store_missing"
    assert error.message == f"there is no database at {tmp_path}/no/news.db"
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_is_nothing_to_read_and_a_place_to_write(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    path.touch()
    assert refusal(lambda: Store.open(path, read_only=True)).code == "store_missing"
    Store.open(path).close()
    Store.open(path, read_only=True).close()


@pytest.mark.parametrize("read_only", [True, False])
@pytest.mark.parametrize(
    "content", [b"id,headline\n1,Ferry\n" * 100, b"\x1f\x8b\x08" + bytes(5000), b"no"], ids=["csv", "gzip", "two bytes"]
)
def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path, content: bytes, read_only: bool) -> None:
    path = tmp_path / "news.db"
    path.write_bytes(content)
    error = refusal(lambda: Store.open(path, read_only=read_only))
    assert error.code == "not_a_database"
    assert error.message == f"{path} is not a SQLite database"
    assert path.read_bytes() == content


@pytest.mark.parametrize("read_only", [True, False])
def test_a_directory_or_a_device_is_no_database(tmp_path: Path, read_only: bool) -> None:
    error = refusal(lambda: Store.open(tmp_path, read_only=read_only))
    assert (error.code, error.message) == ("not_a_database", f"{tmp_path} is a directory, not a database")
    assert refusal(lambda: Store.open("/dev/null", read_only=read_only)).code == "not_a_database"


@pytest.mark.parametrize("read_only", [True, False])
def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path, read_only: bool) -> None:
    path = tmp_path / "places.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE moz_places (id INTEGER)")
    before = path.read_bytes()
    error = refusal(lambda: Store.open(path, read_only=read_only))
    assert error.code == "not_a_database"
    assert "`moz_places`" in error.message
    assert path.read_bytes() == before


@pytest.mark.parametrize("read_only", [True, False])
def test_a_database_of_a_newer_version_is_refused(tmp_path: Path, read_only: bool) -> None:
    path = tmp_path / "news.db"
    Store.open(path).close()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('scraper', '9999_holograms', 'then')")
    error = refusal(lambda: Store.open(path, read_only=read_only))
    assert error.code == "store_newer"
    assert "newer version of this program (it has 9999_holograms)" in error.message


def test_other_programs_may_keep_migrations_of_their_own_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    Store.open(path).close()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('llm', 'm001', 'then')")
    Store.open(path).close()


@pytest.mark.parametrize("step", STEPS[1:])
def test_every_older_schema_is_brought_forward_by_writing_and_refused_by_reading(tmp_path: Path, step: str) -> None:
    from sqlite_utils import Database

    path = tmp_path / "news.db"
    with closing(Database(path)) as database:
        MIGRATIONS.apply(database, stop_before=step)
    assert refusal(lambda: Store.open(path, read_only=True)).code == "store_older"
    Store.open(path).close()
    Store.open(path, read_only=True).close()


def test_a_read_only_file_can_be_read_and_not_written(open_place: Path) -> None:
    path = open_place / "news.db"
    fill(path)
    path.chmod(0o444)
    with an_ordinary_user():
        with Store.open(path, read_only=True) as store:
            assert store.stats().articles == 6
        error = refusal(lambda: Store.open(path))
    assert error.code == "store_readonly"
    assert str(path) in error.message


def test_a_read_only_file_is_refused_by_sqlite_too(open_place: Path) -> None:
    """The directory is ours, so the lock can be had, and only SQLite itself notices."""
    path = open_place / "news.db"
    fill(path)
    path.chmod(0o444)
    path.with_name("news.db.lock").chmod(0o666)
    with an_ordinary_user():
        error = refusal(lambda: Store.open(path))
    assert (error.code, error.message) == ("store_readonly", f"{path} cannot be written: the file or its directory is read-only")


def test_a_read_only_directory_can_be_read_and_not_written(open_place: Path) -> None:
    """A WAL database wants to write even when it is read; on a read-only share it is opened as a file that never changes."""
    path = open_place / "news.db"
    fill(path)
    path.with_name("news.db.lock").unlink()
    open_place.chmod(0o555)
    with an_ordinary_user():
        with Store.open(path, read_only=True) as store:
            assert store.stats().articles == 6
            assert len(store.search("ferry")) == 1
        error = refusal(lambda: Store.open(path))
        elsewhere = refusal(lambda: Store.open(open_place / "new" / "news.db"))
    assert error.code == elsewhere.code == "store_readonly"
    assert "permission denied" in error.message


def test_changes_that_a_read_only_place_hides_are_not_passed_over(open_place: Path) -> None:
    """A copy of a database with its WAL, on a read-only share: opened as it stands, the newest stories would be missing."""
    path, copy = open_place / "news.db", open_place / "share" / "news.db"
    copy.parent.mkdir()
    store, run = opened(path)
    with store:
        store.record_article(run, link_of(url_of("ferry")), page_of(url_of("ferry")), article_of("ferry"))
        for name in ("news.db", "news.db-wal"):
            shutil.copy(open_place / name, copy.parent / name)
    copy.parent.chmod(0o555)
    with an_ordinary_user():
        error = refusal(lambda: Store.open(copy, read_only=True))
    assert error.code == "store_readonly"
    assert "changes stand in news.db-wal" in error.message
    copy.parent.chmod(0o777)
    with an_ordinary_user(), Store.open(copy, read_only=True) as reader:
        assert reader.stats().articles == 1


def test_a_file_that_may_not_be_read_is_refused(open_place: Path) -> None:
    path = open_place / "news.db"
    fill(path)
    path.chmod(0)
    with an_ordinary_user():
        assert refusal(lambda: Store.open(path, read_only=True)).code == "store_failed"


def test_a_path_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    assert refusal(lambda: Store.open(tmp_path / "data" / "news.db")).code == "store_readonly"
    assert refusal(lambda: Store.open(tmp_path / "data" / "news.db", read_only=True)).code == "store_missing"


def test_a_full_disk_is_named_and_what_was_stored_stays(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    store, run = opened(path)
    with store:
        store.record_article(run, link_of(url_of("ferry")), page_of(url_of("ferry")), article_of("ferry"))
        pages = store._connection.value("PRAGMA page_count")
        store._connection.value(f"PRAGMA max_page_count = {pages + 2}")
        long = article_of("bridge", body=body_of("bridge") + "\n\n" + "word " * 20_000)
        with pytest.raises(StoreError) as caught:
            store.record_article(run, link_of(url_of("bridge")), page_of(url_of("bridge")), long)
        assert (caught.value.code, caught.value.message) == ("store_full", f"{path} cannot grow: the disk is full")
        store._connection.value(f"PRAGMA max_page_count = {pages + 1000}")
        assert store.record_article(run, link_of(url_of("bridge")), page_of(url_of("bridge")), long).outcome == "new"
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("SELECT url FROM fetches ORDER BY id").fetchall() == [(url_of("ferry"),), (url_of("bridge"),)]


def test_a_damaged_database_is_called_damaged(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    fill(path)
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096 * 30)
    with pytest.raises(StoreError, match="is damaged") as caught, Store.open(path, read_only=True) as store:
        store.stats()
    assert caught.value.code == "store_failed"


def test_reading_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    fill(path)
    before = path.read_bytes()
    with Store.open(path, read_only=True) as store:
        store.stats()
        with pytest.raises(StoreError) as caught:
            store.begin_run("run", started_at=NOW)
    assert caught.value.code == "store_readonly"
    assert path.read_bytes() == before
    assert not stat.S_ISDIR(path.stat().st_mode)


def test_closing_twice_is_harmless(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "news.db")
    store.close()
    store.close()
    with pytest.raises(StoreError):
        store.stats()


def test_the_search_table_is_declared_as_datasette_looks_for_it(tmp_path: Path) -> None:
    Store.open(tmp_path / "news.db").close()
    with closing(sqlite3.connect(tmp_path / "news.db")) as database:
        looked_for = "SELECT name FROM sqlite_master WHERE rootpage = 0 AND sql LIKE '%VIRTUAL TABLE%USING FTS%content=\"articles\"%'"
        assert database.execute(looked_for).fetchall() == [("articles_fts",)]
