"""`scraper backup` and `scraper check`: beside a writer, over what is there, on what is damaged, and where there is no room."""

import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from refusals import assert_interrupted
from test_store_samples import article_of, fill, link_of, opened, page_of, url_of

from scraper.cli.app import main


@pytest.fixture
def db(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "news.db"
    fill(path)
    return path


def counted(path: Path) -> int:
    with closing(sqlite3.connect(path)) as database:
        (number,) = database.execute("SELECT count(*) FROM articles").fetchone()
        return int(number)


def test_a_copy_is_made_while_a_run_writes(db: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store, run = opened(db)
    with store:
        store.record_article(run, link_of(url_of("tram")), page_of(url_of("tram")), article_of("tram"))
        assert main(["backup", str(tmp_path / "copy.db"), "--db", str(db)]) == 0
        store.record_article(run, link_of(url_of("tide")), page_of(url_of("tide")), article_of("tide"))
    assert counted(tmp_path / "copy.db") == counted(db) - 1 == 7
    assert capsys.readouterr().err.startswith(f"scraper: copied {db} to {tmp_path / 'copy.db'}: ")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "data"]
    assert main(["stats", "--db", str(tmp_path / "copy.db")]) == 0


def test_a_file_that_exists_is_written_over_only_when_asked(db: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "copy.db"
    target.write_text("notes")
    assert main(["backup", str(target), "--db", str(db)]) == 2
    assert capsys.readouterr().err == f"scraper: {target} exists; --force writes over it\n"
    assert target.read_text() == "notes"
    assert main(["backup", str(target), "--db", str(db), "--force", "--quiet"]) == 0
    assert capsys.readouterr().err == ""
    assert counted(target) == 6


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("data/news.db", "data/news.db is the database itself"),
        ("nowhere/copy.db", "there is no directory nowhere"),
    ],
)
def test_a_target_that_cannot_be_is_refused(
    db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["backup", name, "--db", str(db), "--force"]) == 2
    assert capsys.readouterr().err == f"scraper: {sentence}\n"


def test_a_disk_without_room_leaves_nothing_behind(db: Path, tmp_path: Path) -> None:
    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    done = _run(["backup", str(tmp_path / "copy.db"), "--db", str(db)], small)
    assert done.returncode == 5
    assert done.stderr.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]


def test_an_interrupt_leaves_nothing_behind(db: Path, tmp_path: Path) -> None:
    slowed = "from scraper.store import copying; copying._faults = lambda _: time.sleep(30)"
    assert_interrupted(slowed, ["backup", str(tmp_path / "copy.db"), "--db", str(db)], (tmp_path, ".copy.db.*.part"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]


def test_a_whole_database_is_said_to_be_whole(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--db", str(db)]) == 0
    assert capsys.readouterr().err == f"scraper: {db} is whole\n"


def test_damage_is_named_and_never_copied_over_a_good_backup(db: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(sqlite3.connect(db)) as database, database:
        database.execute("PRAGMA foreign_keys=OFF")
        database.execute("UPDATE articles SET source_id = 'nobody' WHERE id = 1")
        database.execute("PRAGMA writable_schema=ON")
        database.execute("DELETE FROM sqlite_master WHERE name = 'articles_published'")
    assert main(["check", "--db", str(db)]) == 5
    err = capsys.readouterr().err
    assert "row 1 of articles points to a missing row of sources" in err
    assert err.splitlines()[-1] == f"scraper: {db} is damaged; a backup from before is the way back"
    good = tmp_path / "good.db"
    good.write_text("the last good one")
    assert main(["backup", str(good), "--db", str(db), "--force"]) == 5
    assert good.read_text() == "the last good one"


def _run(arguments: list[str], before: Callable[[], None]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "scraper", *arguments], capture_output=True, text=True, check=False, preexec_fn=before)
