"""What do the rows about sources' health say? Read into the values of `scraper.health`, and into those for people and for the run."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from scraper.health import Day, Finding, Health, Hour, State
from scraper.health.figures import Counts
from scraper.store.connection import Connection
from scraper.store.rows import instant

__all__ = ["HealthChange", "SourceHealth", "changes_in", "counts_in", "good_days", "health_in", "kept_hours", "source_health_in"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthChange:
    """A source's state became another: a row of `alerts`. `since` is when it began, `at` when it was found; `evidence` are sentences."""

    alert_id: int
    source_id: str
    source: str
    at: datetime
    before: State
    state: State
    since: datetime | None
    evidence: tuple[str, ...]

    @property
    def is_recovery(self) -> bool:
        """Tell whether the source is well again."""
        return self.state == "ok"

    def to_dict(self) -> dict[str, Any]:
        """Give the change as JSON-ready values."""
        return asdict(self) | {"at": self.at.isoformat(), "since": self.since and self.since.isoformat()}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """How one source fares: its state, since when, and why. `days_learned` is how many days say what is usual for it."""

    source_id: str
    source: str
    enabled: bool
    state: State
    since: datetime | None
    evidence: tuple[str, ...]
    findings: tuple[Finding, ...]
    judged_at: datetime | None
    days_learned: int

    @property
    def needs_attention(self) -> bool:
        """Tell whether a person should look: a source that was disabled is left alone."""
        return self.enabled and self.state != "ok"

    def to_dict(self) -> dict[str, Any]:
        """Give it as JSON-ready values."""
        moments = {"since": self.since and self.since.isoformat(), "judged_at": self.judged_at and self.judged_at.isoformat()}
        return asdict(self) | moments | {"findings": [finding.to_dict() for finding in self.findings]}


def health_in(row: sqlite3.Row) -> Health:
    """Read a row of `source_health`."""
    return Health(
        state=row["state"],
        since=instant(row["since_at"]),
        findings=_findings(row["findings"]),
        learned_from=date.fromisoformat(row["learned_from"]) if row["learned_from"] else None,
        told=row["told"] or "ok",
    )


def source_health_in(row: sqlite3.Row) -> SourceHealth:
    """Read a row of the view `health`, with what it says of its source."""
    return SourceHealth(
        source_id=row["source_id"],
        source=row["source"],
        enabled=bool(row["enabled"]),
        state=row["state"],
        since=instant(row["since_at"]),
        evidence=_lines(row["evidence"]),
        findings=_findings(row["findings"]),
        judged_at=instant(row["judged_at"]),
        days_learned=row["days_learned"],
    )


def changes_in(rows: Sequence[sqlite3.Row]) -> tuple[HealthChange, ...]:
    """Read rows of the view `health_changes`."""
    return tuple(
        HealthChange(
            alert_id=row["alert_id"],
            source_id=row["source_id"],
            source=row["source"],
            at=datetime.fromisoformat(row["at"]).replace(tzinfo=UTC),
            before=row["before"],
            state=row["state"],
            since=instant(row["since_at"]),
            evidence=_lines(row["evidence"]),
        )
        for row in rows
    )


def kept_hours(store: Connection, source_id: str) -> list[Hour]:
    """Give the hours of a source that are kept, in order."""
    rows = store.rows("SELECT hour, counts FROM health_hours WHERE source_id = ? ORDER BY hour", (source_id,))
    return [Hour(at=datetime.fromisoformat(row["hour"]).replace(tzinfo=UTC), counts=counts_in(row["counts"])) for row in rows]


def good_days(store: Connection, source_id: str, since: date) -> list[Day]:
    """Give the days from one on, in order, on which the source was not in trouble."""
    rows = store.rows(
        "SELECT * FROM health_days WHERE source_id = ? AND day >= ? AND NOT in_trouble ORDER BY day", (source_id, since.isoformat())
    )
    return [
        Day(
            day=date.fromisoformat(row["day"]),
            counts=counts_in(row["counts"]),
            items=json.loads(row["new_links"]),
            reads=json.loads(row["reads"]),
            version=row["extractor_version"] or "",
        )
        for row in rows
    ]


def counts_in(text: str | None) -> Counts:
    """Read figures; none where there is no row."""
    counts: Counts = json.loads(text) if text else {}
    return counts


def _findings(text: str) -> tuple[Finding, ...]:
    values: list[Mapping[str, Any]] = json.loads(text)
    return tuple(map(Finding.from_dict, values))


def _lines(text: str | None) -> tuple[str, ...]:
    return tuple((text or "").splitlines())
