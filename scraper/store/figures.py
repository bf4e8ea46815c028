"""What does a look at the database show? Frozen figures, counted by `overview`; how they are drawn is `look`'s question.

An article's day is that of its paper's own calendar, `published_day`, as in the views `source_days` and `coverage`; a failure's is UTC.
"""

from dataclasses import dataclass
from datetime import date

__all__ = [
    "DayCount",
    "FailureCount",
    "GapDay",
    "NameCount",
    "Overview",
    "RejectCount",
    "ReprintCount",
    "SharedStory",
    "SourceCount",
    "SourceDay",
    "SourceTrouble",
    "Span",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Which days, from `since` to the day before `until`, and which sources: none named means all."""

    since: date
    until: date
    source_ids: tuple[str, ...] = ()

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.until - self.since).days


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCount:
    """How many articles of a source were published in the span."""

    source_id: str
    source: str
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """How many articles were published on a day; a day without any has no entry."""

    day: date
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDay:
    """The same for one source."""

    source_id: str
    day: date
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GapDay:
    """A day on which a source brought far fewer articles than usual (`is_gap`), or on which nobody looked at it."""

    source_id: str
    source: str
    day: date
    is_gap: bool
    collected: int | None
    expected: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTrouble:
    """A source that is not as it usually is, whatever the span: its state today, since which day (UTC), and why, a line each."""

    source_id: str
    source: str
    state: str
    day: date
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureCount:
    """How many addresses of a host could not be fetched at the last try, and why."""

    host: str
    code: str
    meaning: str
    addresses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectCount:
    """How many pages were fetched and are no article, by what they are instead."""

    verdict: str
    meaning: str
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NameCount:
    """In how many articles a name stands: an author's, or a tag."""

    name: str
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReprintCount:
    """How many texts of others a source ran: under other words (`near`), and letter for letter (`exact`)."""

    source_id: str
    source: str
    near: int
    exact: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedStory:
    """A text that several ran. `sources` counts the one it was first seen at, too; `copies` are the other times it was found."""

    article_id: int
    headline: str | None
    url: str
    source: str
    day: date | None
    copies: int
    sources: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All of it. `articles`, `undated`, `first_day` and `last_day` are of everything that is stored of these sources, whatever the days.

    Authors and tags are counted from `named_since` on: the span's first day, unless it has too many articles to look each of them up.
    """

    span: Span
    articles: int
    undated: int
    first_day: date | None
    last_day: date | None
    sources: tuple[SourceCount, ...]
    days: tuple[DayCount, ...]
    source_days: tuple[SourceDay, ...]
    gaps: tuple[GapDay, ...]
    troubles: tuple[SourceTrouble, ...]
    named_since: date
    authors: tuple[NameCount, ...]
    tags: tuple[NameCount, ...]
    reprints: tuple[ReprintCount, ...]
    shared: tuple[SharedStory, ...]
    failures: tuple[FailureCount, ...]
    rejects: tuple[RejectCount, ...]

    @property
    def published(self) -> int:
        """How many articles were published in the span."""
        return sum(day.articles for day in self.days)
