"""Do runs find out by themselves that a source is in trouble, say so once, and say when it is over? Through the Store, as runs use it."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from test_store_samples import HARBOUR, NOW, SITE, VALLEY, article_of, body_of, link_of, opened, page_of, reject_of

from scraper.errors import BadStatus, HostResting, NetworkError, UsageError
from scraper.records import Evidence, FieldEvidence, NotModified
from scraper.store import HealthChange, Store
from scraper.store.prepared import prepared

FEED = HARBOUR.feeds[0]
STORIES = 8
DAY = timedelta(days=1)


def story_of(at: datetime, number: int, **changes: Any) -> Any:
    name = f"{at:%m%d}-{number}"
    body = "\n\n".join(f"{name} {part}: {text}" for part, text in enumerate(body_of(name).split("\n\n")))
    signals = changes.pop("signals", {"headline": "json_ld:headline", "authors": "json_ld:author"})
    evidence = Evidence(fields=tuple(FieldEvidence(field=field, signal=signal, value="") for field, signal in signals.items()))
    values = {"headline": f"Story {name}", "published": at, "body": body, "authors": (f"Ann {number}",), "evidence": evidence} | changes
    return article_of(name, **values)


def run_of(store: Store, at: datetime, *, stories: int = STORIES, **changes: Any) -> tuple[HealthChange, ...]:
    """Do what a run does with one source that announces so many stories."""
    run = store.begin_run("run", started_at=at)
    links = [link_of(f"{SITE}/{at:%m%d}-{number}") for number in range(stories)]
    store.record_listing(run, HARBOUR.id, FEED, "feed", page_of(FEED, at=at), links)
    for number, link in enumerate(links):
        store.record_article(run, link, page_of(link.url, at=at), changes.get("record") or story_of(at, number, **changes))
    store.finish_run(run, finished_at=at, status="ok", exit_code=0)
    return store.judge_health(run, at)


def failing(store: Store, at: datetime, error: Any, *source_ids: str) -> tuple[HealthChange, ...]:
    run = store.begin_run("run", started_at=at)
    for source_id in source_ids:
        store.record_failure(run, error, source_id=source_id, url=f"{SITE}/{source_id}/rss", kind="feed", at=at)
    return store.judge_health(run, at)


def weeks(store: Store, number: int = 3) -> datetime:
    """Let some healthy weeks pass, and give the moment of the next run."""
    for place in range(7 * number):
        assert run_of(store, NOW + DAY * place) == ()
    return NOW + DAY * 7 * number


def rows(path: Path, query: str) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute(query)]


def state(store: Store) -> str:
    return store.health()[0].state


def test_a_break_is_one_alert_and_its_end_another(store: Store, database: Path) -> None:
    begun = weeks(store)
    changes = [run_of(store, begun + DAY * place, authors=(), agencies=()) for place in range(4)]
    told = [change for several in changes for change in several]
    assert [(change.before, change.state, change.since, change.is_recovery) for change in told] == [("ok", "degraded", begun, False)]
    assert told[0].evidence[0].startswith("with authors: ")
    assert changes.index((told[0],)) <= 2  # within three runs
    (fares,) = store.health()
    assert (fares.state, fares.since, fares.needs_attention) == ("degraded", begun, True)
    healed = [change for place in range(4, 8) for change in run_of(store, begun + DAY * place)]
    assert [(change.before, change.state) for change in healed] == [("degraded", "ok")]
    assert [row["state"] for row in rows(database, "SELECT state FROM health_changes ORDER BY alert_id")] == ["degraded", "ok"]
    troubled = [row["day"] for row in rows(database, "SELECT day FROM health_days WHERE in_trouble ORDER BY day")]
    assert troubled[0] == f"{begun:%Y-%m-%d}"
    assert len(troubled) >= 4


def test_what_was_told_is_told_once(store: Store) -> None:
    begun = weeks(store)
    for place in range(3):
        run_of(store, begun + DAY * place, record=reject_of("paywall_stub", "an offer to subscribe"))
    (alert,) = store.unsent_alerts(NOW)
    assert alert.state == "degraded"
    assert alert.evidence == ("paywall stub: 16 of 16 pages, usually 0%",)
    store.alerts_sent([alert.alert_id], begun)
    assert store.unsent_alerts(NOW) == ()


def test_what_could_not_be_told_in_time_is_told_no_more(store: Store) -> None:
    begun = weeks(store)
    for place in range(3):
        run_of(store, begun + DAY * place, record=reject_of("paywall_stub", "an offer to subscribe"))
    (alert,) = store.unsent_alerts(begun)
    assert store.unsent_alerts(alert.at + timedelta(minutes=1)) == ()


def test_what_is_usual_is_learned_once_a_day(store: Store) -> None:
    assert store.unlearned(NOW) == 0
    begun = weeks(store, 1)
    assert store.unlearned(begun) == 1
    run_of(store, begun)
    assert store.unlearned(begun + timedelta(hours=1)) == 0


def test_a_field_that_comes_from_elsewhere_is_noticed(store: Store) -> None:
    begun = weeks(store)
    moved = {"headline": "json_ld:headline", "authors": "visible:line"}
    for place in range(3):
        run_of(store, begun + DAY * place, signals=moved)
    assert store.health()[0].evidence[0].startswith("authors from json_ld:author: ")


def test_a_page_that_says_the_same_on_every_address_is_noticed(store: Store) -> None:
    begun = weeks(store)
    for place in range(3):
        run_of(store, begun + DAY * place, headline="Before you go on", authors=("Staff",))
    assert {finding.about for finding in store.health()[0].findings} >= {"repeated:headline", "repeated:authors"}


def test_a_paragraph_that_stands_in_every_story_is_noticed(store: Store) -> None:
    begun = weeks(store)
    for place in range(3):
        at = begun + DAY * place
        run = store.begin_run("run", started_at=at)
        links = [link_of(f"{SITE}/{at:%m%d}-{number}") for number in range(STORIES)]
        store.record_listing(run, HARBOUR.id, FEED, "feed", page_of(FEED, at=at), links)
        for number, link in enumerate(links):
            told = story_of(at, number)
            body = f"{told.body}\n\nSubscribe to the letter of the harbour, which comes on Fridays."
            store.record_article(run, link, page_of(link.url, at=at), replace(told, body=body))
        store.judge_health(run, at)
    assert "repeated:paragraph" in {finding.about for finding in store.health()[0].findings}


def test_links_that_fill_the_texts_are_noticed(store: Store, database: Path) -> None:
    begun = NOW + DAY * 21
    for place in range(24):
        at, density = NOW + DAY * place, 0.02 if place < 21 else 0.5
        run = store.begin_run("run", started_at=at)
        links = [link_of(f"{SITE}/{at:%m%d}-{number}") for number in range(STORIES)]
        store.record_listing(run, HARBOUR.id, FEED, "feed", page_of(FEED, at=at), links)
        for number, link in enumerate(links):
            store.record_prepared(run, link, page_of(link.url, at=at), prepared(story_of(at, number), link_density=density))
        store.judge_health(run, at)
    (fares,) = store.health()
    assert (fares.state, fares.since) == ("degraded", begun)
    assert fares.evidence == ("texts with unusually much of them in links: 24 of 24 stories, usually 0%",)
    assert rows(database, "SELECT DISTINCT out_of FROM health_figures WHERE figure LIKE 'links:%'") == [{"out_of": STORIES}]


def test_a_feed_that_stays_the_same_for_days_is_silent(store: Store) -> None:
    begun = weeks(store)
    for place in range(3):
        at = begun + DAY * place
        run = store.begin_run("run", started_at=at)
        store.record_listing(run, HARBOUR.id, FEED, "feed", NotModified(url=FEED, fetched_at=at), ())
        store.judge_health(run, at)
    assert state(store) == "silent"
    assert store.health()[0].evidence[0].startswith("0 new links since ")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (BadStatus("403", code="http_403", url=FEED, status=403), "blocked"),
        (BadStatus("404", code="http_404", url=FEED, status=404), "silent"),
        (BadStatus("503", code="http_503", url=FEED, status=503), "backing_off"),
        (HostResting("resting", code="host_resting", url=FEED), "backing_off"),
    ],
)
def test_listings_that_fail_name_the_state_without_any_history(store: Store, error: Any, expected: str) -> None:
    for place in range(3):
        failing(store, NOW + DAY * place, error, HARBOUR.id)
    assert state(store) == expected


def test_when_nobody_can_be_reached_it_is_us(store: Store, database: Path) -> None:
    for place in range(4):
        changes = failing(store, NOW + DAY * place, NetworkError("no", code="dns_failure", url=FEED), HARBOUR.id, VALLEY.id)
        assert changes == ()
    assert rows(database, "SELECT * FROM health_hours") == []


def test_what_is_accepted_is_usual_from_then_on(store: Store, database: Path) -> None:
    begun = weeks(store)
    for place in range(8):
        run_of(store, begun + DAY * place, authors=(), agencies=())
    accepted = store.accept_health(HARBOUR.id, begun + DAY * 8)
    assert accepted is not None
    assert accepted.is_recovery
    assert rows(database, "SELECT day FROM health_days WHERE in_trouble") == []
    assert [run_of(store, begun + DAY * place, authors=(), agencies=()) for place in range(8, 12)] == [()] * 4
    with pytest.raises(UsageError, match="nobody"):
        store.accept_health("nobody", NOW)


def test_a_layout_that_stays_is_taken_for_usual_once(store: Store) -> None:
    begun = weeks(store)
    told = [(place, change.state) for place in range(36) for change in run_of(store, begun + DAY * place, authors=(), agencies=())]
    assert [state for _, state in told] == ["degraded", "ok"]
    assert told[1][0] == 28
    assert run_of(store, begun + DAY * 35 + timedelta(hours=1), stories=0) == ()


def test_hours_are_let_go_and_days_stay(store: Store, database: Path) -> None:
    weeks(store)
    (hours,) = rows(database, "SELECT count(*) AS number, max(hour) AS newest FROM health_hours")
    assert hours == {"number": 8, "newest": f"{NOW + DAY * 20:%Y-%m-%d %H}:00:00"}
    assert rows(database, "SELECT count(*) AS number FROM health_days") == [{"number": 21}]


def test_the_figures_of_a_day_can_be_read_with_what_they_are_of(store: Store, database: Path) -> None:
    run_of(store, NOW)
    found = {row["figure"]: (row["seen"], row["out_of"], row["share"]) for row in rows(database, "SELECT * FROM health_figures")}
    assert found["field:authors"] == (8, 8, 1.0)
    assert found["signal:authors=json_ld:author"] == (8, 8, 1.0)
    assert "items" not in found


def test_two_runs_in_an_hour_and_a_run_over_two_are_counted_by_the_hour(store: Store, database: Path) -> None:
    run_of(store, NOW)
    run_of(store, NOW + timedelta(minutes=20), stories=0)
    run_of(store, NOW + timedelta(minutes=80), stories=0)
    hours = rows(database, "SELECT hour, json_extract(counts, '$.looks') AS looks FROM health_hours ORDER BY hour")
    assert [(row["hour"][11:], row["looks"]) for row in hours] == [("12:00:00", 2), ("13:00:00", 1)]


def test_a_database_from_before_learns_from_its_past(database: Path) -> None:
    store, _ = opened(database)
    with store:
        for place in range(3):
            run_of(store, NOW + DAY * place)
    counted = rows(database, "SELECT source_id, day, counts, new_links, reads, extractor_version FROM health_days")
    with closing(sqlite3.connect(database)) as connection:
        for name in ("health_figures", "health_changes", "health"):
            connection.execute(f"DROP VIEW {name}")
        for name in ("health_hours", "health_days", "source_health", "alerts"):
            connection.execute(f"DROP TABLE {name}")
        connection.execute("DELETE FROM meanings WHERE code IN ('degraded', 'silent', 'backing_off', 'blocked')")
        connection.execute("DELETE FROM _sqlite_migrations WHERE name = '0024_health'")
        connection.commit()
    Store.open(database).close()
    assert rows(database, "SELECT source_id, day, counts, new_links, reads, extractor_version FROM health_days") == counted
