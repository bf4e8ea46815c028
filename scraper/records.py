"""The records that cross floors, and nothing else: frozen values without behaviour beyond turning themselves into plain data.

    Source ──> Link ──> Page | NotModified ──> Article          Template: what a site repeats, handed to extraction

`None` always means "not found" or "not given", never an empty string.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

__all__ = [
    "PRODUCT",
    "RENDERED",
    "STORIES",
    "VERDICTS",
    "ArchiveSettings",
    "Article",
    "Candidate",
    "Dropped",
    "Evidence",
    "FieldEvidence",
    "Kept",
    "Link",
    "ListingKind",
    "NotModified",
    "NoticeSettings",
    "Page",
    "Policy",
    "Precision",
    "Render",
    "Repeated",
    "Rule",
    "SiteRules",
    "Source",
    "StoredArticle",
    "Template",
    "Validators",
    "Verdict",
    "iso_date",
]

PRODUCT: Final = "scraper/0.1"  # how we call ourselves on the network; a test holds it to the package's version
RENDERED: Final = "rendered"
Precision = Literal["day", "minute", "second"]
Render = Literal["never", "auto", "always"]
ListingKind = Literal["feed", "news_sitemap", "section", "direct"]
Verdict = Literal[
    "article",
    "live_blog",
    "stub",
    "paywall_stub",
    "listing",
    "consent_wall",
    "challenge",
    "js_shell",
    "removed",
    "empty",
    "not_a_page",
    "other",
]
VERDICTS: tuple[Verdict, ...] = (
    "article",  # a story with a body: the only verdict, with live_blog, that is stored among the articles
    "live_blog",  # a story told in timestamped entries
    "stub",  # a headline with next to no text behind it
    "paywall_stub",  # the first lines of a story and an offer to subscribe
    "listing",  # a home page, section, tag or search page
    "consent_wall",  # a request for cookies or consent in place of the page
    "challenge",  # "are you a robot?"
    "js_shell",  # a page that holds nothing until its scripts run
    "removed",  # the story was taken down, and the page says so with status 200
    "empty",  # no text at all
    "not_a_page",  # bytes that are no HTML and no text
    "other",  # text, but no story: a product, a forum, a form, documentation
)
STORIES: frozenset[Verdict] = frozenset({"article", "live_blog"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How a source's pages are fetched. Delays and time-outs in seconds, sizes in bytes after decompression.

    `render` says when a page's scripts are run in a browser: `auto` where it holds nothing without them.
    """

    user_agent: str = f"{PRODUCT} (+https://example.org/set-your-contact-in-sources.yaml)"
    delay_s: float = 2.0
    timeout_s: float = 30.0
    max_bytes: int = 10_000_000
    allow_private: bool = False
    obey_robots: bool = True
    headers: tuple[tuple[str, str], ...] = ()
    render: Render = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRules:
    """What the operator of a source says of its pages, where the reader cannot know it. `body` and `strip` are CSS selectors.

    `strip_text`, `title_trim` and `author_drop` are regular expressions. `timezone` is the IANA name of the zone in which the site writes
    times without one.
    """

    body: str | None = None
    strip: tuple[str, ...] = ()
    strip_text: tuple[str, ...] = ()
    title_trim: tuple[str, ...] = ()
    author_drop: tuple[str, ...] = ()
    timezone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One news site as `sources.yaml` describes it. `id` is stable and stands in the database.

    `home` is a page where feeds and news sitemaps are looked up, for a source that names none.
    Its listings are looked at as often as it publishes, with pauses from `poll_min` to `poll_max`.
    `revisit` says how long after a story was found its page is looked at again; `article_id` is a regular expression whose one group is
    the number or name by which the site's addresses know a story. `rules` are followed when its pages are read. Its pages are `archived`.
    """

    id: str
    name: str
    domain: str
    feeds: tuple[str, ...] = ()
    news_sitemaps: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    home: str | None = None
    country: str | None = None
    languages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    enabled: bool = True
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    article_id: str | None = None
    max_items: int = 50
    max_age_days: int = 30
    poll_min: timedelta = timedelta()
    poll_max: timedelta = timedelta(hours=1)
    revisit: tuple[timedelta, ...] = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24), timedelta(hours=72))
    rules: SiteRules | None = None
    archived: bool = True
    policy: Policy = field(default_factory=Policy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An article's address as a feed or sitemap gives it, with what that listing says of it: a second witness to the page.

    `source_article_id` is what the source's `article_id` finds in the address.
    """

    url: str
    source_id: str
    kind: ListingKind = "direct"
    found_in: str | None = None
    source_article_id: str | None = None
    title: str | None = None
    published: datetime | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave to ask "has it changed?" with (RFC 9110 8.8)."""

    etag: str | None = None
    last_modified: str | None = None


class Kept(NamedTuple):
    """Where the archive has a page: a file of it, and the bytes there that are its record.

    `digest` is that of its content (`sha1:…`), where a later page of the same content may refer to this record.
    """

    file: str
    offset: int
    length: int
    digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveSettings:
    """Whether and where fetched pages are kept, in how many bytes on disk at most, and how they are packed.

    Without a `folder` they go into `archive`, beside the database.
    """

    enabled: bool = True
    folder: Path | None = None
    max_bytes: int = 10_000_000_000
    compression: Literal["zstd", "gzip"] = "zstd"


class Overflow(NamedTuple):
    """A file with a content that is too large to be held, and its size in bytes. Whoever asked for the content deletes it."""

    path: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSettings:
    """Who is told of runs: a heartbeat service's URL, and a webhook's URL or a command's words for what is wrong.

    `allow_private` is for services of one's own, at a private or loopback address.
    """

    heartbeat: str | None = None
    webhook: str | None = None
    command: tuple[str, ...] = ()
    allow_private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A fetched document: its bytes after decompression, where it really came from, and when. Header names are lower case.

    `kept` is where the archive has it. `rendering` is `RENDERED` when `content` is what the page's scripts made of it, the code of the
    failure when they could not be run, and None when nobody tried. Where there is an `overflow`, the content is there.
    """

    url: str
    requested_url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes
    fetched_at: datetime
    elapsed_ms: int = 0
    attempts: int = 1
    rendering: str | None = None
    kept: Kept | None = None
    overflow: Overflow | None = None

    @property
    def size(self) -> int:
        """Give how many bytes the content has."""
        return self.overflow.size if self.overflow else len(self.content)

    def header(self, name: str) -> str | None:
        """Give the first header of that name, whatever its case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    @property
    def validators(self) -> Validators:
        """Give what the next request for this URL can be made conditional with."""
        return Validators(etag=self.header("etag"), last_modified=self.header("last-modified"))


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The server's 304: what we have is still current."""

    url: str
    fetched_at: datetime
    elapsed_ms: int = 0
    attempts: int = 1


class Repeated(NamedTuple):
    """A block that stands on several pages of a site: its first letters, on how many of the last pages, and if mostly beside stories."""

    letters: str
    pages: int
    beside: bool = False


class Rule(NamedTuple):
    """Where a site's pages keep one field: a path, the tag of its block, a selector for people, and its support: `pages` of `of`."""

    field: str
    path: str
    tag: str
    label: str
    pages: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What one site repeats, learned from its own pages and handed to extraction with the next one.

    `pages` is how many it was learned from. `repeated` are blocks by their fingerprint; `odds` says for a path how story and other text
    were shared inside it, as a logarithm (0 even, 2 nothing but story, -3 none); `rules` are the places of body, headline, authors and
    date, the best supported first.
    """

    pages: int = 0
    repeated: Mapping[str, Repeated] = field(default_factory=dict)
    odds: Mapping[str, float] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()

    @classmethod
    def learn(cls, pages: Iterable["bytes | str | Page"]) -> "Template":
        """Learn from a few pages of one source, in the order they were published; nothing but the pages themselves is needed.

        Three pages are enough to begin with; more than thirty add nothing, since older ones fade. Pages without a story teach nothing.
        """
        from scraper.extract.learning import learn  # upwards, when called: a record is the door that callers know

        return learn(pages)


class Candidate(NamedTuple):
    """A value that lost, the signal it came from and why it lost."""

    value: str
    signal: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldEvidence:
    """Where one field's value came from (`signal`, such as `json_ld:datePublished`) and what else was on offer."""

    field: str
    signal: str
    value: str | None = None
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A block of text that is not in the body, and the reason."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The explanation of a record: one entry a field that was found, one a block that was dropped, in page order."""

    fields: tuple[FieldEvidence, ...] = ()
    dropped: tuple[Dropped, ...] = ()

    def of(self, name: str) -> FieldEvidence | None:
        """Give the evidence for one field, if it was found."""
        return next((entry for entry in self.fields if entry.field == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What a page says, once everything around the story is gone.

    `body` holds the paragraphs separated by a blank line. `published` and `modified` keep the zone the page gives and stay naive when
    it gives none; with precision `day` the time of day is midnight and means nothing. `confidence` runs from 0 to 1. An agency stands in
    `agencies` always, and in `authors` too where the page names nobody else, or its JSON-LD lists it with the persons.
    """

    url: str | None = None
    canonical_url: str | None = None
    headline: str | None = None
    standfirst: str | None = None
    authors: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    published: datetime | None = None
    published_precision: Precision | None = None
    modified: datetime | None = None
    body: str | None = None
    language: str | None = None
    publisher: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    image: str | None = None
    paywalled: bool | None = None
    verdict: Verdict = "empty"
    confidence: float = 0.0
    evidence: Evidence = field(default_factory=Evidence)

    @property
    def writers(self) -> tuple[str, ...]:
        """Give the authors that are no agency."""
        return tuple(name for name in self.authors if name not in self.agencies)

    def to_dict(self) -> dict[str, Any]:
        """Give the record as JSON-ready values: dates as ISO 8601 text no finer than their precision, tuples as lists."""
        # Written out, since a page drops hundreds of blocks: asking each for its fields took .27 ms a page, this takes .05.
        plain = {name: getattr(self, name) for name in self.__slots__}
        plain.update({name: list(value) for name, value in plain.items() if isinstance(value, tuple)})
        plain["published"] = iso_date(self.published, self.published_precision)
        plain["modified"] = iso_date(self.modified)
        plain["evidence"] = {
            "fields": [_proof(proof) for proof in self.evidence.fields],
            "dropped": [{"text": block.text, "reason": block.reason} for block in self.evidence.dropped],
        }
        return plain


class StoredArticle(NamedTuple):
    """One article as it stands in the database and leaves it in an export: the columns of the view `article_list`, and the texts.

    A tuple, since a million of them are made in a row. Moments are UTC; `published` is what the page says, no finer than its precision.
    """

    id: int
    source_id: str
    source: str
    day: date | None
    published: str | None
    published_utc: datetime | None
    headline: str | None
    standfirst: str | None
    authors: tuple[str, ...]
    agencies: tuple[str, ...]
    tags: tuple[str, ...]
    publisher: str | None
    section: str | None
    language: str | None
    words: int
    paywalled: bool | None
    verdict: str
    confidence: float
    urls: int
    url: str
    first_seen_at: datetime
    content_changed_at: datetime
    original_id: int | None
    likeness: float | None
    body: str | None


def iso_date(when: datetime | None, precision: Precision | None = None) -> str | None:
    """Write a date as ISO 8601, without a time of day when only the day is known."""
    if when is None:
        return None
    return when.date().isoformat() if precision == "day" else when.isoformat()


def _proof(proof: FieldEvidence) -> dict[str, Any]:
    candidates = [candidate._asdict() for candidate in proof.candidates]
    return {"field": proof.field, "signal": proof.signal, "value": proof.value, "candidates": candidates}
