"""What does `extract` take for the pages of `make bench-batch`, in memory and by itself? Each page once, as a batch meets it.

    python -m benchmarks.batch_bare PAGES SHARE

One page in SHARE is extracted first and not counted, as in the runs that this is measured beside: by then tables are loaded.
"""

import json
import sys
import time

from benchmarks.batch_archive import FETCHED, corpus

__all__ = ["main"]


def main() -> None:
    from scraper import extract

    found, share = corpus(int(sys.argv[1])), int(sys.argv[2])
    for page in found[::share]:
        extract(page.content, page.url, fetched_at=FETCHED)
    rest = [page for number, page in enumerate(found) if number % share]
    began = time.process_time()
    for page in rest:
        extract(page.content, page.url, fetched_at=FETCHED)
    print(json.dumps((time.process_time() - began) / len(rest)))


if __name__ == "__main__":
    main()
