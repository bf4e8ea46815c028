"""Who ran when, over which sources, and what did each fetch come to? The rows of `runs`, `sources` and `fetches`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, Literal

from scraper.errors import FetchError, ScraperError
from scraper.records import ListingKind, NotModified, Page, SiteRules, Source
from scraper.store.archive import archive_columns
from scraper.store.connection import Connection
from scraper.store.rows import utc_text
from scraper.store.waiting import FETCHES
from scraper.urls import host

__all__ = ["FetchKind", "Fetched", "RunStatus", "add_fetch", "add_run", "close_run", "known_source", "rules_of", "upsert_sources"]

FetchKind = ListingKind | Literal["page"]
RunStatus = Literal["ok", "failed", "interrupted", "deadline"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What is known of one fetch beside its outcome: whose it was, and what was found in it."""

    run_id: int
    source_id: str
    url: str
    kind: FetchKind
    links_found: int | None = None
    links_new: int | None = None
    verdict: str | None = None
    saved: str | None = None
    article_id: int | None = None
    template_fit: str | None = None
    extractor_version: str | None = None
    link_density: float | None = None


# What is not known of every fetch, in the order of the columns.
_NOTHING: Final[Mapping[str, object]] = dict.fromkeys(
    (
        "outcome", "final_url", "status", "message", "retryable", "bytes", "elapsed_ms", "attempts", "rendering",
        "archive_file", "archive_offset", "archive_length", "archive_digest",
    )
) | {"retryable": False}  # fmt: skip


def add_run(store: Connection, command: str, started_at: datetime) -> int:
    """Begin a run. One that is still marked as running was killed, since only one process writes at a time."""
    store.run("UPDATE runs SET status = 'interrupted' WHERE status = 'running'")
    return int(store.value("INSERT INTO runs (command, started_at) VALUES (?, ?) RETURNING id", (command, utc_text(started_at))))


def close_run(store: Connection, run_id: int, *, finished_at: datetime, status: RunStatus, exit_code: int) -> None:
    """Finish a run; what it did is counted from its fetches by the view `run_summary`."""
    store.run("UPDATE runs SET finished_at = ?, status = ?, exit_code = ? WHERE id = ?", (utc_text(finished_at), status, exit_code, run_id))


def upsert_sources(store: Connection, sources: Sequence[Source], now: datetime) -> None:
    """Write down the sources as sources.yaml describes them now."""
    columns = "name, domain, country, languages, tags, feeds, news_sitemaps, sections, rules, enabled, last_configured_at"
    changes = ", ".join(f"{column} = excluded.{column}" for column in columns.split(", "))
    store.run_many(
        f"INSERT INTO sources (id, first_seen_at, {columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - names of our own
        f" ON CONFLICT (id) DO UPDATE SET {changes}",
        [_source_row(source, utc_text(now)) for source in sources],
    )


def known_source(store: Connection, source_id: str, url: str, at: datetime) -> str:
    """Give the id under which the source stands in the table, and put it there if it does not yet.

    A page that was scraped on request may belong to no source in sources.yaml; its host then stands for one.
    """
    if source_id in store.sources:
        return source_id
    if source_id and store.value("SELECT 1 FROM sources WHERE id = ?", (source_id,)):
        store.sources.add(source_id)
        return source_id
    name = source_id or host(url) or "direct"
    store.run(
        "INSERT INTO sources (id, name, domain, first_seen_at) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        (name, name, host(url), utc_text(at)),
    )
    return name


def add_fetch(store: Connection, fetched: Fetched, result: Page | NotModified | ScraperError, at: datetime) -> None:
    """Write down one fetch, good or bad."""
    came_to = {"at": utc_text(at), **_NOTHING, **_result(result)}
    store.later(FETCHES, [(*(getattr(fetched, name) for name in Fetched.__slots__), *came_to.values())])


def _result(result: Page | NotModified | ScraperError) -> dict[str, object]:
    if isinstance(result, Page):
        size, cost = result.size, {"elapsed_ms": result.elapsed_ms, "attempts": result.attempts}
        came = {"outcome": "ok", "final_url": result.url, "status": result.status, "bytes": size, "rendering": result.rendering}
        return came | cost | (archive_columns(result.kept) if result.kept else {})
    if isinstance(result, NotModified):
        return {"outcome": "not_modified", "status": 304, "elapsed_ms": result.elapsed_ms, "attempts": result.attempts}
    problem = {"outcome": result.code, "message": result.message, "retryable": result.retryable, "elapsed_ms": None, "attempts": None}
    if isinstance(result, FetchError):
        problem |= {"status": result.status, "elapsed_ms": result.elapsed_ms, "attempts": result.attempts}
    return problem


def _source_row(source: Source, now: str | None) -> tuple[object, ...]:
    lists = (source.languages, source.tags, source.feeds, source.news_sitemaps, source.sections)
    plain = (json.dumps(values, ensure_ascii=False) for values in lists)
    rules = {name: value for name, value in asdict(source.rules).items() if value} if source.rules else {}
    return (source.id, now, source.name, source.domain, source.country, *plain, json.dumps(rules, ensure_ascii=False), source.enabled, now)


def rules_of(store: Connection, source_id: str) -> SiteRules | None:
    """Give the rules by which a source's pages were read in its last run; None if there were none."""
    found = json.loads(store.value("SELECT rules FROM sources WHERE id = ?", (source_id,)) or "{}")
    rules: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}
    return SiteRules(**rules) if rules else None
