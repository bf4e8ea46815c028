"""Where do the rows of a batch stand? In which folder each, under which name, and how is that found again.

    DIR/batch.json                                               how this batch is laid out
    DIR/records/date=2026-01-31/publishers=g07/<part>.parquet    stories
    DIR/rejects/date=2026-01-31/publishers=g07/<part>.parquet    what is no story
    DIR/counters/<part>.parquet                                  one row a part

`date` is the day (UTC) on which a page was fetched: a WARC file holds the pages of one or two days, but tells stories of a thousand.
`publishers` is one of a few groups into which domains fall, or the domain itself where a batch was told so: a file of a crawl has pages of
some thousand publishers, and a file of its own for each would hold a dozen rows. docs/decisions/0024-batch-layout.md has the figures.
"""

import json
import re
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlsplit

from scraper.errors import UsageError
from scraper.store.rows import utc_text
from scraper.urls import canonical_url, host

__all__ = ["COUNTERS", "DATASETS", "LAYOUT", "RECORDS", "REJECTS", "Layout", "domain_of", "folder", "part_name", "site_of"]

RECORDS, REJECTS, COUNTERS = DATASETS = ("records", "rejects", "counters")
LAYOUT: Final = "batch.json"
VERSION: Final = 1
GROUPS: Final = 8
NO_DATE, NO_DOMAIN = "unknown", "unknown"
_TWO_LABEL_SUFFIX: Final = re.compile(r"(?:ac|co|com|edu|gob|gov|gouv|ne|net|or|org)\.[a-z]{2}")
_NAMED: Final = re.compile(r"https?://([a-z0-9.-]+\.[a-z]{2,})(?=[/?#]|\Z)")  # a host that needs no parsing, once it is known
_UNFIT: Final = re.compile(r"[^A-Za-z0-9._-]+")
LONGEST_STEM: Final = 80
DIGEST_BYTES: Final = 8  # two of ten million parts meet by chance once in 400,000 batches


class Layout(NamedTuple):
    """How a batch is laid out: into how many groups publishers fall; 0 means a folder for each domain."""

    groups: int = GROUPS

    def publishers(self, domain: str) -> str:
        """Give the value of `publishers` for a domain. Domains of one site, such as `news.example.org` and `example.org`, share a group."""
        return _group(site_of(domain), self.groups) if self.groups else quote(domain, safe="")

    def to_json(self) -> str:
        """Write it as the file `batch.json` has it."""
        return json.dumps({"version": VERSION, "groups": self.groups}) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes, place: str) -> "Layout":
        """Read what `to_json` wrote. Raises UsageError (`no_batch`)."""
        try:
            told: Any = json.loads(text)
            version, groups = told["version"], told["groups"]
        except (ValueError, TypeError, KeyError) as error:
            raise UsageError(f"{place} is no description of a batch: {LAYOUT} cannot be read", code="no_batch") from error
        if version != VERSION:
            raise UsageError(f"{place} was laid out by another version of this program ({version!r}, not {VERSION})", code="no_batch")
        return cls(groups=int(groups))


@lru_cache(maxsize=20_000)
def _group(site: str, groups: int) -> str:
    return f"g{int.from_bytes(blake2b(site.encode(), digest_size=DIGEST_BYTES).digest()) % groups:02}"


def folder(layout: Layout, fetched_at: datetime | None, domain: str) -> str:
    """Give the folder of a story or reject, inside of its dataset."""
    day = (utc_text(fetched_at) or NO_DATE)[:10]
    return f"date={day}/publishers={layout.publishers(domain)}"


def domain_of(url: str | None) -> str:
    """Give the host of an address as publishers are told apart by it: without `www.`, `m.`, `amp.` and a port; not that of an AMP cache."""
    if url and "amp" in url:
        return host(canonical_url(url)) or NO_DOMAIN
    named = _NAMED.match(url or "")
    return _plain(named[1] if named else (host(url) if url else None) or NO_DOMAIN)


@lru_cache(maxsize=20_000)
def _plain(name: str) -> str:
    return host(canonical_url(f"https://{name}/")) or NO_DOMAIN


def site_of(domain: str) -> str:
    """Give the end of a domain by which it falls into its group: two labels, three under `co.uk` and its like.

    A group may be too wide, never too narrow: whoever asks for a domain finds all that is under it in one group.
    """
    labels = domain.rsplit(".", 3)
    kept = 3 if _TWO_LABEL_SUFFIX.fullmatch(".".join(labels[-2:])) else 2
    return ".".join(labels[-kept:])


def part_name(source: str, start: int = 0, end: int | None = None) -> str:
    """Name the part of a job that reads these bytes of an input: always the same, so that a task that is tried again writes the same files.

    `source` says which input it is, and which content of it, where that is known (its address, size and ETag).
    """
    stem = _UNFIT.sub("-", urlsplit(source).path.rsplit("/", 1)[-1])[:LONGEST_STEM].strip("-.") or "input"
    digest = blake2b(f"{source}\0{start}\0{end}".encode("utf-8", "surrogatepass"), digest_size=DIGEST_BYTES).hexdigest()
    return f"{stem}-{start}-{digest}"
