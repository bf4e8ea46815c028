"""What does the database hold, at a look? The figures of `scraper serve` and `scraper report`: the queries of overview.sql, asked at once.

`QUERIES` has them by name, for whoever measures them; `parameters` gives what they are asked with.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

from scraper.errors import UsageError
from scraper.store.connection import Connection
from scraper.store.figures import (
    DayCount,
    FailureCount,
    GapDay,
    NameCount,
    Overview,
    RejectCount,
    ReprintCount,
    SharedStory,
    SourceCount,
    SourceDay,
    SourceTrouble,
    Span,
)
from scraper.store.search import refuse_unknown_source

__all__ = ["QUERIES", "overview", "parameters", "span_of"]

USUAL_DAYS: Final = timedelta(days=90)
LONGEST_YEARS: Final = 100
SOURCES_SHOWN: Final = 20  # a screen of lines in the picture of days
NAMES_SHOWN: Final = 12
STORIES_SHOWN: Final = 10
NAMED_IN: Final = 50_000  # the most articles whose authors and tags are counted: each costs a look-up of its own

_PIECE = re.compile(r"^-- (part|query): (\w+)\n", re.MULTILINE)


def _queries(text: str) -> Mapping[str, str]:
    """Take the file of queries apart, and put its parts where their names stand in braces."""
    _, *pieces = _PIECE.split(text)
    parts, queries = (
        {name: sql.strip() for kind, name, sql in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True) if kind == wanted}
        for wanted in ("part", "query")
    )
    return MappingProxyType({name: f"{parts['chosen']}\n{sql.format_map(parts)}" for name, sql in queries.items()})


QUERIES: Final = _queries(files("scraper.store").joinpath("overview.sql").read_text(encoding="utf-8"))


def span_of(store: Connection, since: date | None, until: date | None, source_ids: tuple[str, ...], today: date) -> Span:
    """Say which days are meant where a reader does not: the last ninety up to today, or up to the newest article if that is older.

    Raises UsageError (`unknown_source`, `bad_span`).
    """
    for source_id in source_ids:
        refuse_unknown_source(store, source_id)
    if until is None:
        tomorrow = today + timedelta(days=1)
        # By the paper's calendar, as all is counted: in the east that is a day after UTC's.
        newest = store.value(
            "SELECT published_day FROM articles WHERE published_utc < ? ORDER BY published_utc DESC LIMIT 1", (tomorrow.isoformat(),)
        )
        is_old = newest is not None and date.fromisoformat(newest) + USUAL_DAYS < today
        until = date.fromisoformat(newest) + timedelta(days=1) if is_old and since is None else tomorrow
    since = since or max(until, date.min + USUAL_DAYS) - USUAL_DAYS
    if since >= until:
        raise UsageError(f"there is no day from {since} to before {until}", code="bad_span")
    if until.year - since.year > LONGEST_YEARS:
        raise UsageError(f"from {since} to before {until} are more than {LONGEST_YEARS} years", code="bad_span")
    return Span(since=since, until=until, source_ids=source_ids)


def parameters(span: Span, sources: Sequence[SourceCount] = (), days: Sequence[DayCount] = ()) -> dict[str, object]:
    """Give what the queries are asked with. What `sources` and `days` were answered with says which others are drawn, and names counted."""
    return {
        "since": span.since.isoformat(),
        "until": span.until.isoformat(),
        "sources": json.dumps(span.source_ids) if span.source_ids else None,
        "shown": json.dumps([source.source_id for source in sources[:SOURCES_SHOWN]]),
        "named_since": _named_since(days, span.since).isoformat(),
        "names": NAMES_SHOWN,
        "stories": STORIES_SHOWN,
    }


def overview(store: Connection, span: Span) -> Overview:
    """Count everything. One snapshot, so the figures agree with each other."""
    values = parameters(span)

    def asked(name: str) -> list[dict[str, Any]]:
        return [dict(row) for row in store.rows(QUERIES[name], values)]

    (stored,) = asked("stored")
    sources = tuple(SourceCount(**row) for row in asked("sources"))
    days = tuple(DayCount(**_dated(row)) for row in asked("days"))
    values = parameters(span, sources, days)
    return Overview(
        span=span,
        articles=stored["articles"],
        undated=stored["undated"],
        first_day=_day(stored["first_day"]),
        last_day=_day(stored["last_day"]),
        sources=sources,
        days=days,
        source_days=tuple(SourceDay(**_dated(row)) for row in asked("source_days")),
        gaps=tuple(GapDay(**_dated(row)) for row in asked("gaps")),
        troubles=tuple(SourceTrouble(**{**row, "day": _day(row["day"][:10])}) for row in asked("troubles")),
        named_since=_named_since(days, span.since),
        authors=tuple(NameCount(**row) for row in asked("authors")),
        tags=tuple(NameCount(**row) for row in asked("tags")),
        reprints=tuple(ReprintCount(**row) for row in asked("reprints")),
        shared=tuple(SharedStory(**_dated(row)) for row in asked("shared")),
        failures=tuple(FailureCount(**row) for row in asked("failures")),
        rejects=tuple(RejectCount(**row) for row in asked("rejects")),
    )


def _named_since(days: Sequence[DayCount], since: date) -> date:
    """Give the day from which on there are at most so many articles as can be looked up one by one; the newest day counts in any case."""
    counted = 0
    for later, day in zip((None, *reversed(days)), reversed(days), strict=False):
        counted += day.articles
        if counted > NAMED_IN and later is not None:
            return later.day
    return since


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "day": _day(row["day"])}


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
