"""What does the store cost? Storing beside `sqlite3.executemany`, searches, the dashboard's queries, and the size on disk.

    python -m benchmarks.store [--stories 500000] [--raced 100000]

To reach: .5 of `executemany`; a median search of 20 ms and a p99 of 250 ms over half a million stories; 300 ms a query of the dashboard.
All figures are CPU time, and the race a ratio, so that a machine that is busy with other things says the same.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.store_insert import filled, table
from benchmarks.store_search import dashboard_lines, search_lines, size_lines

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Measure the store.")
    parser.add_argument("--stories", type=int, default=500_000, help="how many to store (default: %(default)s)")
    parser.add_argument("--raced", type=int, default=100_000, help="how many of them beside executemany (default: %(default)s)")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "stories.db"
        lines = table([*filled(path, options.stories, raced=options.raced)])
        for line in (*lines, *search_lines(path), *dashboard_lines(path), *size_lines(path)):
            sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
