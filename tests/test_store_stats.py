"""Do runs, sources and the views count what happened?"""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlite_utils
from test_store_samples import HARBOUR, NOW, SITE, article_of, fill, link_of, opened, page_of, url_of

from scraper import errors
from scraper.errors import InternalError
from scraper.records import VERDICTS
from scraper.store import Store


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("stats") / "news.db"
    fill(path)
    return path


def rows(path: Path, sql: str) -> list[dict[str, Any]]:
    with closing(sqlite_utils.Database(path)) as database:
        return list(database.query(sql))


def test_a_run_is_counted_from_its_fetches(path: Path) -> None:
    with Store.open(path, read_only=True) as store:
        first, second = store.run_summary(1), store.run_summary(2)
        assert store.run_summary(3) is None
    assert first is not None
    assert second is not None
    assert (first.command, first.status, first.exit_code) == ("run", "ok", 1)
    assert (first.started_at, first.finished_at) == (NOW, NOW + timedelta(minutes=3))
    assert (first.sources, first.listings, first.listings_unchanged, first.links_new, first.pages) == (2, 1, 0, 9, 8)
    assert (first.articles_new, first.duplicates, first.rejected, first.failures) == (6, 1, 1, 3)
    assert (second.listings, second.listings_unchanged, second.pages, second.articles_updated) == (1, 1, 1, 1)


def test_stats_give_totals_sources_and_runs(path: Path) -> None:
    with Store.open(path, read_only=True) as store:
        stats = store.stats()
    assert (stats.articles, stats.urls, stats.rejects, stats.links_pending, stats.links_failed, stats.failures) == (6, 7, 1, 2, 1, 3)
    assert stats.size_bytes > 4096
    harbour, valley, quiet = stats.sources
    assert (harbour.source_id, harbour.source, harbour.articles, harbour.rejects, harbour.failures) == (
        "harbour",
        "The Harbour Post",
        5,
        1,
        2,
    )
    assert (harbour.last_article_at, harbour.last_fetch_at, harbour.last_run_id) == (NOW, NOW + timedelta(hours=1), 2)
    assert (valley.articles, valley.failures, valley.last_run_id) == (1, 1, 1)
    assert (quiet.articles, quiet.last_article_at, quiet.last_fetch_at, quiet.last_run_id) == (0, None, None, None)
    assert [run.run_id for run in stats.runs] == [2, 1]


def test_a_run_that_was_killed_is_marked_by_the_next_one(tmp_path: Path) -> None:
    store, run = opened(tmp_path / "news.db")
    with store:
        store.record_article(run, link_of(url_of("ferry")), page_of(url_of("ferry")), article_of("ferry"))
        summary = store.run_summary(run)
        assert summary is not None
        assert (summary.status, summary.articles_new) == ("running", 1)
    with Store.open(tmp_path / "news.db") as store:
        store.begin_run("run", started_at=NOW)
        summary = store.run_summary(run)
        assert summary is not None
        assert (summary.status, summary.finished_at, summary.exit_code, summary.articles_new) == ("interrupted", None, None, 1)


def test_sources_follow_the_file_and_are_never_forgotten(tmp_path: Path) -> None:
    store, _ = opened(tmp_path / "news.db")
    with store:
        store.remember_sources((replace(HARBOUR, name="Harbour Post", enabled=False),), NOW + timedelta(days=1))
    found = rows(tmp_path / "news.db", "SELECT id, name, enabled, languages, first_seen_at, last_configured_at FROM sources ORDER BY id")
    assert list(found[0].values()) == ["harbour", "Harbour Post", 0, '["en"]', "2026-01-05 12:00:00", "2026-01-06 12:00:00"]
    assert [row["last_configured_at"] for row in found[1:]] == ["2026-01-05 12:00:00"] * 2


def test_a_failure_is_shown_in_plain_words_until_it_is_overcome(tmp_path: Path) -> None:
    store, run = opened(tmp_path / "news.db")
    url = url_of("ferry")
    view = "SELECT url, source, kind, outcome, meaning, times_failed, link_state FROM failures"
    with store:
        store.record_listing(run, "harbour", HARBOUR.feeds[0], "feed", page_of(HARBOUR.feeds[0]), [link_of(url)])
        for code, meaning in (
            ("timeout", "the server took too long"),
            ("http_418", "the server answered with status 418"),
            ("odd_one", "odd one"),
        ):
            error = errors.FetchError("no", code=code, url=url, retryable=True)
            store.record_failure(run, error, source_id="harbour", url=url, kind="page", at=NOW)
            (row,) = rows(tmp_path / "news.db", view)
            assert (row["outcome"], row["meaning"], row["link_state"]) == (code, meaning, "pending")
        assert row["times_failed"] == 3
        store.record_article(run, link_of(url), page_of(url), article_of("ferry"))
    assert rows(tmp_path / "news.db", view) == []


def test_a_fault_of_ours_is_recorded_like_any_other_failure(tmp_path: Path) -> None:
    store, run = opened(tmp_path / "news.db")
    with store:
        store.record_failure(run, InternalError("KeyError: 'x'"), source_id="harbour", url=f"{SITE}/x", kind="page", at=NOW)
    (row,) = rows(tmp_path / "news.db", "SELECT outcome, meaning, message FROM failures")
    assert row == {"outcome": "internal", "meaning": "a fault in the scraper itself; the log has the details", "message": "KeyError: 'x'"}


def test_every_code_and_every_verdict_has_a_meaning(path: Path) -> None:
    """The codes are read from the docstrings of the errors, their one list."""
    import re

    kinds = (
        getattr(errors, name)
        for name in errors.__all__
        if name not in {"ArchiveError", "StoreError", "SourcesError", "UsageError", "WorkerError", "ScraperError"}  # in no row
    )
    codes = {code for kind in kinds for code in re.findall(r"`([a-z]+(?:_[a-z]+)+|timeout|internal)`", kind.__doc__ or "")}
    codes -= {"elapsed_ms", "retry_after_s"}
    assert len(codes) > 20
    known = {row["code"] for row in rows(path, "SELECT code FROM meanings")}
    assert codes | set(VERDICTS) | {"ok", "not_modified"} <= known


def test_article_list_has_one_row_an_article(path: Path) -> None:
    listed = rows(path, "SELECT * FROM article_list ORDER BY id")
    assert len(listed) == 6
    assert listed[0]["tags"] == "council, ferry"
    assert (listed[1]["urls"], listed[1]["source"], listed[1]["day"]) == (2, "The Harbour Post", "2026-01-04")


def test_authors_and_tags_are_counted_across_sources(path: Path) -> None:
    assert rows(path, "SELECT name, kind, articles, sources FROM authors ORDER BY articles DESC, name") == [
        {"name": "Aoife Brennan", "kind": "person", "articles": 6, "sources": 2},
        {"name": "Huw Parry", "kind": "person", "articles": 1, "sources": 1},
        {"name": "Island Wire", "kind": "agency", "articles": 1, "sources": 1},
    ]
    assert rows(path, "SELECT tag, articles, sources FROM tags WHERE articles > 1") == [{"tag": "council", "articles": 6, "sources": 2}]
    assert len(rows(path, "SELECT * FROM author_articles WHERE name = 'Huw Parry'")) == 1


def test_source_days_count_by_the_papers_own_calendar(path: Path) -> None:
    days = rows(path, "SELECT day, articles FROM source_days WHERE source_id = 'harbour' ORDER BY day DESC")
    assert [row["day"] for row in days] == ["2026-01-05", "2026-01-04", "2026-01-03", "2026-01-02", "2026-01-01"]


@pytest.mark.parametrize(
    ("question", "index"),
    [
        ("SELECT * FROM links WHERE source_id = 'x' AND state = 'pending' ORDER BY published_utc DESC, id LIMIT 9", "links_pending"),
        ("SELECT * FROM articles WHERE source_id = 'x' ORDER BY published_utc DESC LIMIT 50", "articles_source_published"),
        ("SELECT * FROM articles WHERE published_utc >= '2026-01-01' ORDER BY published_utc", "articles_published"),
        ("SELECT * FROM source_days WHERE source_id = 'x'", "articles_source_day"),
        ("SELECT * FROM author_articles WHERE name = 'x'", "article_authors_name"),
        ("SELECT * FROM authors ORDER BY articles DESC LIMIT 20", "USING COVERING INDEX articles_places"),
        ("SELECT name, articles FROM authors ORDER BY articles DESC", "SCAN article_authors USING COVERING INDEX article_authors_name"),
        ("SELECT * FROM tags ORDER BY articles DESC LIMIT 20", "USING COVERING INDEX articles_places"),
        ("SELECT tag, articles FROM tags ORDER BY articles DESC", "SCAN article_tags USING COVERING INDEX article_tags_tag"),
        ("SELECT article_id FROM article_tags WHERE tag = 'x'", "article_tags_tag"),
        ("SELECT * FROM article_urls WHERE url = 'x'", "sqlite_autoindex_article_urls_1"),
        ("SELECT * FROM article_urls WHERE normal_url = 'x'", "article_urls_normal"),
        ("SELECT * FROM run_summary WHERE run_id = 1", "fetches_run"),
        ("SELECT * FROM fetches WHERE source_id = 'x' AND at >= '2026'", "fetches_source"),
    ],
)
def test_the_common_questions_are_answered_from_an_index(path: Path, question: str, index: str) -> None:
    plan = " ".join(row["detail"] for row in rows(path, f"EXPLAIN QUERY PLAN {question}"))
    assert index in plan
    assert "SCAN articles " not in plan
    assert "SCAN articles\n" not in f"{plan}\n"


@pytest.mark.parametrize(
    ("question", "index"),
    [
        ("SELECT * FROM article_list ORDER BY published DESC LIMIT 20", "articles_published_as_told"),
        ("SELECT * FROM article_list ORDER BY day DESC LIMIT 20", "articles_day"),
        ("SELECT * FROM originals ORDER BY first_seen_at DESC LIMIT 20", "articles_first_seen"),
        ("SELECT * FROM article_list WHERE content_changed_at > first_seen_at", "articles_changed"),
        ("SELECT day, count(*) FROM originals GROUP BY day", "COVERING INDEX articles_day"),
        ("SELECT source, count(*) FROM article_list WHERE source IS NOT NULL GROUP BY source", "COVERING INDEX articles_day"),
        ("SELECT language, count(*) FROM article_list WHERE language IS NOT NULL GROUP BY language", "COVERING INDEX articles_places"),
        ("SELECT verdict, count(*) FROM article_list GROUP BY verdict", "COVERING INDEX articles_places"),
        ("SELECT failures FROM source_summary", "SCAN fetches USING INDEX fetches_failed"),
    ],
)
def test_the_first_looks_need_neither_the_stories_texts_nor_a_sort_of_them(path: Path, question: str, index: str) -> None:
    plan = [row["detail"] for row in rows(path, f"EXPLAIN QUERY PLAN {question}")]
    assert any(index in step for step in plan)
    assert "USE TEMP B-TREE FOR ORDER BY" not in plan
