"""Of which rows do the datasets of a batch consist? Stories, pages that are none, and what each part counted.

The columns of a story are named and typed as in an export (`StoredArticle`), where that has them. What only a database knows (numbers,
copies, when a story changed) is left out; where the page stands in its WARC file, what spoke for each field, and the signatures by which
copies are found come in.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

__all__ = ["Counted", "Record", "Reject", "Traced", "Warc"]


class Warc(NamedTuple):
    """Where a page stands: the input it was read from, as it was named, the byte where its record begins there, and its length, if known.

    `digest` is that of the content, as the record gives it.
    """

    file: str
    offset: int | None
    length: int | None = None
    digest: str | None = None


class Traced(NamedTuple):
    """What spoke for one field: as in the database's table `evidence`. `candidates` is a JSON array of what else was on offer."""

    field: str
    signal: str
    value: str | None
    candidates: str


class Record(NamedTuple):
    """A story as a batch read it. Moments are UTC.

    `url` is where the page was found, `requested_url` what was asked for, `canonical_url` what the page calls its own address, and `domain`
    the host without `www.` and the like, by which publishers are told apart; `source_id` stands where the page was fetched for a source.
    `text_hash` and `shingles` are the signatures of `scraper.fingerprints` and `scraper.copies`. `reason` is what spoke for the verdict.
    """

    domain: str
    source_id: str | None
    source_article_id: str | None
    url: str
    requested_url: str
    canonical_url: str | None
    fetched_at: datetime
    day: date | None
    published: str | None
    published_utc: datetime | None
    published_precision: str | None
    modified: str | None
    headline: str | None
    standfirst: str | None
    authors: tuple[str, ...]
    agencies: tuple[str, ...]
    tags: tuple[str, ...]
    publisher: str | None
    section: str | None
    language: str | None
    image: str | None
    words: int
    paywalled: bool | None
    verdict: str
    confidence: float
    reason: str | None
    rendering: str | None
    status: int
    bytes: int
    extractor_version: str
    template_fit: str | None
    text_hash: str | None
    shingles: tuple[int, ...]
    evidence: tuple[Traced, ...]
    warc: Warc
    body: str | None


class Reject(NamedTuple):
    """A page that is no story, or that could not be read. `code` is its verdict, or the code of what went wrong; `message` says why."""

    domain: str
    source_id: str | None
    url: str | None
    requested_url: str | None
    fetched_at: datetime | None
    code: str
    message: str | None
    headline: str | None
    characters: int
    extractor_version: str | None
    warc: Warc


class Counted(NamedTuple):
    """What one part of the work came to: a whole input, or the bytes of it from `start` to before `end`.

    `pages` are those that were read, `records` the stories among them; `verdicts` counts all of them, `rejects` by code what is no record.
    `damaged` is how many records or stretches of the input could not be read, `damage` names some of them.
    """

    part: str
    input: str
    start: int
    end: int | None
    started_at: datetime
    seconds: float
    cpu_seconds: float
    bytes: int
    pages: int
    records: int
    verdicts: Mapping[str, int]
    rejects: Mapping[str, int]
    damaged: int
    damage: tuple[str, ...]
    extractor_version: str
