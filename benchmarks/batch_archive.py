"""The archive that both sides of `make bench-batch` read: pages of the development corpora, each a record of a WARC file, packed alone.

The records say that they hold HTML (`WARC-Identified-Payload-Type`): where nothing says so, datatrove guesses, and drops what it takes for
scripts.
"""

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from benchmarks.corpora import CorpusPage, pages

__all__ = ["FETCHED", "archived", "corpus"]

SETS = ("fundus_dev", "wcxb_dev_article", "wcxb_dev_other")
FETCHED = datetime(2026, 1, 6, 8, tzinfo=UTC)


def corpus(count: int) -> list[CorpusPage]:
    """Give so many pages, or all that there are."""
    return list(islice((page for name in SETS for page in pages(name)), count))


def archived(folder: Path, found: list[CorpusPage], files: int) -> list[Path]:
    """Write the pages to so many files, by turns, and name these."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"bench-{number:03}.warc.gz" for number in range(files)]
    for number, path in enumerate(paths):
        path.write_bytes(b"".join(_records(found[number::files], number)))
    return paths


def _records(found: list[CorpusPage], file: int) -> Iterator[bytes]:
    for number, page in enumerate(found):
        url = page.url or f"https://{page.site}/{page.id}"
        answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(page.content) + page.content
        lines = (
            "WARC/1.1",
            "WARC-Type: response",
            f"WARC-Record-ID: <urn:uuid:{uuid5(NAMESPACE_URL, f'{file}#{number}')}>",
            f"WARC-Date: {FETCHED + timedelta(seconds=number):%Y-%m-%dT%H:%M:%SZ}",
            f"WARC-Target-URI: {url}",
            "WARC-Identified-Payload-Type: text/html",
            "Content-Type: application/http; msgtype=response",
            f"Content-Length: {len(answer)}",
        )
        head = "\r\n".join(lines).encode("utf-8", "replace")
        yield gzip.compress(head + b"\r\n\r\n" + answer + b"\r\n\r\n", compresslevel=6, mtime=0)
