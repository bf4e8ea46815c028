"""Keep a database of today's schema for the tests of tomorrow's: `python -m tests.keep_database`, before the step after the newest one.

A schema counts as released when it has stood on the main branch, since anybody may have collected with it. Each file in tests/databases
was written by the program as it was then, by the samples of its own tests (six stories, a copy, rejects, failures, two runs).
"""

import gzip
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

HERE = Path(__file__).parent
KEPT = HERE / "databases"


def main() -> None:
    sys.path.insert(0, str(HERE))
    from test_store_samples import fill

    from scraper.store.migrations import STEPS

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "news.db"
        fill(path)
        with closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA journal_mode=DELETE").fetchall()
            database.execute("VACUUM")
        target = KEPT / f"{STEPS[-1]}.db.gz"
        target.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    sys.stdout.write(f"kept {target.name}: {target.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
