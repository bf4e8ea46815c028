"""How does each source fare? Its rows in `health_hours`, `health_days`, `source_health` and `alerts`, judged by `scraper.health`.

After each run what it found is added to the hours and days of the sources it looked at, and these are judged. Each change that people are
to know of is a row in `alerts`: one when trouble begins or becomes another, one when it is over. Who is told of it is the run's question.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from scraper.errors import UsageError
from scraper.health import KEPT, KEPT_AT_LEAST, Health, Usual, are_ours_to_blame, judged, learned, said
from scraper.health.figures import Counts, summed, unread_in
from scraper.health.usual import REACH
from scraper.store.connection import Connection
from scraper.store.health_figures import Found, found_by, told_by
from scraper.store.health_rows import HealthChange, SourceHealth, changes_in, counts_in, good_days, health_in, kept_hours, source_health_in
from scraper.store.rows import utc_text

__all__ = ["accept", "alerts_sent", "health_of_all", "judge_run", "learn_past", "unlearned", "unsent_alerts"]


def judge_run(store: Connection, run_id: int, now: datetime) -> tuple[HealthChange, ...]:
    """Judge every source that a run looked at, and give those whose state has changed."""
    found = found_by(store, run_id)
    by_source = _by_source(found)
    if are_ours_to_blame(summed(hours.values()) for hours in by_source.values()):
        return ()
    _keep(store, found, _version(store, run_id))
    return tuple(change for source_id in by_source if (change := _judge(store, source_id, run_id, now)) is not None)


def learn_past(store: Connection) -> None:
    """Count what the runs of the last weeks found: for a database that was made before this was done."""
    newest = store.value("SELECT max(started_at) FROM runs WHERE command = 'run'")
    if newest is not None:
        since = utc_text(datetime.fromisoformat(newest) - REACH)
        for run_id in store.column("SELECT id FROM runs WHERE command = 'run' AND started_at >= ? ORDER BY id", (since,)):
            _keep(store, told_by(store, run_id), _version(store, run_id))


def health_of_all(store: Connection) -> tuple[SourceHealth, ...]:
    """Give every source that is crawled, or was judged, the worst first."""
    rows = store.rows(
        "SELECT health.*, sources.enabled, source_health.findings FROM health JOIN source_health USING (source_id)"
        " JOIN sources ON sources.id = health.source_id ORDER BY"
        " instr('blocked backing_off silent degraded ok', health.state), health.since_at, health.source_id"
    )
    return tuple(map(source_health_in, rows))


def accept(store: Connection, source_id: str, now: datetime) -> HealthChange | None:
    """Take what a source does today for usual, from the day on which it began. Raises UsageError (`unknown_source`)."""
    if store.value("SELECT 1 FROM source_health WHERE source_id = ?", (source_id,)) is None:
        raise UsageError(f"no source {source_id} has been judged yet", code="unknown_source")
    before, _ = _known(store, source_id)
    return _write(store, source_id, (before, before.accepted(now)), None, now)


def unlearned(store: Connection, now: datetime) -> int:
    """Say of how many sources what is usual is to be learned anew: those that have a history, and were not judged yet today."""
    today = utc_text(now.replace(hour=0, minute=0, second=0, microsecond=0))
    return int(store.value("SELECT count(*) FROM source_health WHERE judged_at < ?", (today,)))


def unsent_alerts(store: Connection, since: datetime) -> tuple[HealthChange, ...]:
    """Give the changes since a moment of which nobody was told yet, in order."""
    return changes_in(store.rows("SELECT * FROM health_changes WHERE sent_at IS NULL AND at >= ? ORDER BY alert_id", (utc_text(since),)))


def alerts_sent(store: Connection, alert_ids: Sequence[int], at: datetime) -> None:
    """Write down that somebody was told of these changes."""
    store.run_many("UPDATE alerts SET sent_at = ? WHERE id = ?", [(utc_text(at), alert_id) for alert_id in alert_ids])


def _by_source(found: Found) -> dict[str, dict[str, Counts]]:
    by_source: dict[str, dict[str, Counts]] = defaultdict(dict)
    for (source_id, hour), counts in sorted(found.items()):
        by_source[source_id][hour] = counts
    return by_source


def _version(store: Connection, run_id: int) -> str | None:
    """Give the version of the extractor that read a run's stories; None if it found none."""
    found: str | None = store.value("SELECT extractor_version FROM articles WHERE run_id = ? ORDER BY id DESC LIMIT 1", (run_id,))
    return found


def _keep(store: Connection, found: Found, version: str | None) -> None:
    """Add what was found to its hours and its days."""
    days: dict[tuple[str, str], list[tuple[int, Counts]]] = defaultdict(list)
    for (source_id, hour), counts in sorted(found.items()):
        known = store.value("SELECT counts FROM health_hours WHERE source_id = ? AND hour = ?", (source_id, f"{hour}:00:00"))
        store.run(
            "INSERT OR REPLACE INTO health_hours (source_id, hour, counts) VALUES (?, ?, ?)",
            (source_id, f"{hour}:00:00", _json(summed((counts_in(known), counts)))),
        )
        days[source_id, hour[:10]].append((int(hour[11:]), counts))
    for (source_id, day), hours in days.items():
        _keep_day(store, source_id, day, hours)
        if version is not None:
            store.run("UPDATE health_days SET extractor_version = ? WHERE source_id = ? AND day = ?", (version, source_id, day))


def _keep_day(store: Connection, source_id: str, day: str, hours: Sequence[tuple[int, Counts]]) -> None:
    row = store.row("SELECT * FROM health_days WHERE source_id = ? AND day = ?", (source_id, day))
    links, reads = (json.loads(row[name]) if row else [0] * 24 for name in ("new_links", "reads"))
    for hour, counts in hours:
        links[hour] += counts.get("items", 0)
        reads[hour] += counts.get("looks", 0) - unread_in(counts)
    total = summed((counts_in(row["counts"] if row else None), *(counts for _, counts in hours)))
    store.run(
        "INSERT INTO health_days (source_id, day, counts, new_links, reads) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET counts = excluded.counts, new_links = excluded.new_links, reads = excluded.reads",
        (source_id, day, _json(total), _json(links), _json(reads)),
    )


def _judge(store: Connection, source_id: str, run_id: int, now: datetime) -> HealthChange | None:
    before, usual = _known(store, source_id)
    if usual is None or (usual.day, usual.version) != (now.date(), _version_of(store, source_id)):
        usual = _learn(store, source_id, before, now)
        _forget(store, source_id, now)
    return _write(store, source_id, (before, judged(before, usual, kept_hours(store, source_id), now)), run_id, now)


def _version_of(store: Connection, source_id: str) -> str:
    """Give the version of the extractor that read a source's last stories."""
    found = "SELECT extractor_version FROM health_days WHERE source_id = ? AND extractor_version IS NOT NULL ORDER BY day DESC LIMIT 1"
    return str(store.value(found, (source_id,)) or "")


def _forget(store: Connection, source_id: str, now: datetime) -> None:
    """Let go of hours that are of no use any more."""
    store.run(
        "DELETE FROM health_hours WHERE source_id = :source AND hour < :before AND hour NOT IN"
        " (SELECT hour FROM health_hours WHERE source_id = :source ORDER BY hour DESC LIMIT :least)",
        {"source": source_id, "before": utc_text(now - KEPT), "least": KEPT_AT_LEAST},
    )


def _known(store: Connection, source_id: str) -> tuple[Health, Usual | None]:
    row = store.row(
        "SELECT *, (SELECT state FROM alerts WHERE source_id = source_health.source_id ORDER BY id DESC LIMIT 1) AS told"
        " FROM source_health WHERE source_id = ?",
        (source_id,),
    )
    return (health_in(row), Usual.from_dict(json.loads(row["usual"]))) if row else (Health(), None)


def _learn(store: Connection, source_id: str, health: Health, now: datetime) -> Usual:
    """Learn from the days that went well, and from those that were taken for usual; and write it down."""
    since = max(health.learned_from or date.min, now.date() - REACH)
    usual = learned(good_days(store, source_id, since), now.date(), _version_of(store, source_id))
    store.run(
        "INSERT INTO source_health (source_id, state, judged_at, usual) VALUES (?, 'ok', ?, ?)"
        " ON CONFLICT (source_id) DO UPDATE SET usual = excluded.usual",
        (source_id, utc_text(now), _json(usual.to_dict())),
    )
    return usual


def _write(store: Connection, source_id: str, judgements: tuple[Health, Health], run_id: int | None, now: datetime) -> HealthChange | None:
    """Write the later of two judgements down, and an alert where it changes the state."""
    before, health = judgements
    evidence = "\n".join(map(said, health.findings)) or None
    store.run(
        "UPDATE source_health SET state = ?, since_at = ?, evidence = ?, findings = ?, judged_at = ?, learned_from = ? WHERE source_id = ?",
        (
            *(health.state, utc_text(health.since), evidence, _json([finding.to_dict() for finding in health.findings])),
            *(utc_text(now), health.learned_from and str(health.learned_from), source_id),
        ),
    )
    if health.learned_from != before.learned_from:  # what was trouble is now what it does
        store.run("UPDATE health_days SET in_trouble = 0 WHERE source_id = ? AND day >= ?", (source_id, str(health.learned_from)))
        _learn(store, source_id, health, now)
    elif health.needs_attention and health.since is not None:
        store.run("UPDATE health_days SET in_trouble = 1 WHERE source_id = ? AND day >= ?", (source_id, str(health.since.date())))
    if health.told == before.told:
        return None
    values = {"source_id": source_id, "at": utc_text(now), "run_id": run_id, "before": before.told, "state": health.told}
    alert_id = store.insert("alerts", values | {"since_at": utc_text(health.since), "evidence": evidence})
    return changes_in(store.rows("SELECT * FROM health_changes WHERE alert_id = ?", (alert_id,)))[0]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
