"""Does the store's benchmark run to its end, and write the same rows on both sides?"""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks import store, store_insert


def test_it_tells_of_storing_searching_the_dashboard_and_the_size(capsys: pytest.CaptureFixture[str]) -> None:
    store.main(["--stories", "60", "--raced", "60"])
    told = capsys.readouterr().out
    assert [part in told for part in ("x executemany", "searches: median", "the dashboard's", "bytes a story on disk")] == [True] * 4


def test_both_sides_hold_the_same_rows(tmp_path: Path) -> None:
    list(store_insert.filled(tmp_path / "stories.db", 60, raced=60))
    with closing(sqlite3.connect(tmp_path / "stories.db")) as ours, closing(sqlite3.connect(tmp_path / "stories.raw.db")) as raw:
        for name in store_insert.TABLES:
            sql = f"SELECT * FROM {name}"
            assert sorted(ours.execute(sql), key=repr) == sorted(raw.execute(sql), key=repr)
        for side in (ours, raw):
            side.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")
            assert side.execute("SELECT count(*) FROM articles_fts_docsize").fetchone() == (60,)
