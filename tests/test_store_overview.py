"""Do the figures of a look agree with the views that analysts ask, and are they counted in indexes?"""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from looking import fill_richly
from test_store_samples import NOW, article_of, link_of, opened, page_of, url_of

from scraper.errors import UsageError
from scraper.store import Overview, Store
from scraper.store import overview as module

SINCE, UNTIL = date(2025, 11, 1), date(2026, 2, 1)
TODAY = NOW.date()


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("look") / "news.db"
    fill_richly(path)
    return path


@pytest.fixture
def sql(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        yield connection


@pytest.fixture(scope="module")
def figures(path: Path) -> Overview:
    with Store.open(path, read_only=True) as store:
        return store.overview(today=TODAY, since=SINCE, until=UNTIL)


def pairs(sql: sqlite3.Connection, query: str) -> dict[str, int]:
    return {str(name): int(number) for name, number in sql.execute(query)}


def test_days_and_sources_add_up_to_the_articles(figures: Overview, sql: sqlite3.Connection) -> None:
    by_day = pairs(sql, "SELECT day, sum(articles) FROM source_days WHERE day IS NOT NULL GROUP BY day")
    by_source = pairs(sql, "SELECT source_id, sum(articles) FROM source_days WHERE day IS NOT NULL GROUP BY source_id")
    assert {str(day.day): day.articles for day in figures.days} == by_day
    assert {source.source_id: source.articles for source in figures.sources} == by_source
    assert [source.articles for source in figures.sources] == sorted(by_source.values(), reverse=True)
    counted: Counter[str] = Counter()
    for day in figures.source_days:
        counted[day.source_id] += day.articles
    assert counted == by_source
    assert figures.articles == figures.published + figures.undated == sql.execute("SELECT count(*) FROM articles").fetchone()[0]
    assert (str(figures.first_day), str(figures.last_day)) == (min(by_day), max(by_day))


def test_gaps_are_those_of_the_coverage(figures: Overview, sql: sqlite3.Connection) -> None:
    rows = sql.execute("SELECT source_id, day, state = 'gap' FROM coverage WHERE state IN ('gap', 'not collected') ORDER BY 1, 2")
    assert [(gap.source_id, str(gap.day), gap.is_gap) for gap in figures.gaps] == [(name, day, bool(gap)) for name, day, gap in rows]
    week = {NOW.date() - timedelta(days=day) for day in range(10, 17)}
    assert week <= {gap.day for gap in figures.gaps if gap.source_id == "valley" and not gap.is_gap}


def test_names_are_those_of_the_views(figures: Overview, sql: sqlite3.Connection) -> None:
    authors = pairs(sql, "SELECT name, articles FROM authors WHERE kind = 'person'")
    tags = pairs(sql, "SELECT tag, articles FROM tags")
    assert {author.name: author.articles for author in figures.authors} == authors
    assert {tag.name: tag.articles for tag in figures.tags}.items() <= tags.items()
    assert [tag.articles for tag in figures.tags] == sorted(tags.values(), reverse=True)[: len(figures.tags)]


def test_reprints_and_shared_stories_are_those_of_the_views(figures: Overview, sql: sqlite3.Connection) -> None:
    near = pairs(sql, "SELECT source_id, sum(kind = 'near') FROM copies GROUP BY source_id")
    exact = pairs(sql, "SELECT source_id, sum(kind = 'exact') FROM copies GROUP BY source_id")
    assert {one.source_id: one.near for one in figures.reprints} == near
    assert {one.source_id: one.exact for one in figures.reprints} == exact
    assert sum(exact.values()) > 0
    shared = sql.execute("SELECT original_id, copies, sources, first_source, day FROM shared_stories").fetchall()
    seen = [(one.article_id, one.copies, one.sources, one.source, str(one.day)) for one in figures.shared]
    assert sorted(seen) == sorted(shared)[: len(seen)]
    assert seen


def test_failures_and_rejects_are_those_of_the_views(figures: Overview, sql: sqlite3.Connection) -> None:
    codes: Counter[str] = Counter()
    for failure in figures.failures:
        codes[failure.code] += failure.addresses
    assert codes == pairs(sql, "SELECT outcome, count(*) FROM failures GROUP BY outcome")
    assert {failure.host for failure in figures.failures} == {"harbour.example", "valley.example"}
    verdicts = {reject.verdict: reject.pages for reject in figures.rejects}
    assert verdicts == pairs(sql, "SELECT verdict, count(*) FROM rejected_pages GROUP BY verdict")
    assert all(failure.meaning for failure in figures.failures)
    assert all(reject.meaning for reject in figures.rejects)


def test_one_source_is_counted_alone(path: Path, figures: Overview) -> None:
    with Store.open(path, read_only=True) as store:
        alone = store.overview(today=TODAY, source_ids=("valley",), since=SINCE, until=UNTIL)
        both = store.overview(today=TODAY, source_ids=("valley", "harbour"), since=SINCE, until=UNTIL)
    assert {source.source_id for source in alone.sources} == {"valley"}
    assert alone.published == next(source.articles for source in figures.sources if source.source_id == "valley")
    assert {failure.host for failure in alone.failures} == {"valley.example"}
    assert both.days == figures.days


def test_days_outside_do_not_count(path: Path) -> None:
    with Store.open(path, read_only=True) as store:
        figures = store.overview(today=TODAY, since=date(2025, 12, 10), until=date(2025, 12, 12))
    assert [day.day for day in figures.days] == [date(2025, 12, 10), date(2025, 12, 11)]
    assert (figures.failures, figures.rejects, figures.shared) == ((), (), ())
    assert figures.articles > figures.published > 0


@pytest.mark.parametrize(
    ("today", "since", "until"),
    [
        (TODAY, date(2025, 10, 8), date(2026, 1, 6)),
        (date(2026, 3, 1), date(2025, 12, 2), date(2026, 3, 2)),
        (date(2027, 5, 1), date(2025, 10, 8), date(2026, 1, 6)),  # nothing new for a year: the last days there were
    ],
)
def test_the_usual_days_are_ninety(path: Path, today: date, since: date, until: date) -> None:
    with Store.open(path, read_only=True) as store:
        span = store.overview(today=today).span
    assert (span.since, span.until, span.days) == (since, until, 90)


def test_the_last_days_there_were_end_with_the_newest_article_of_an_eastern_paper(tmp_path: Path) -> None:
    store, run = opened(tmp_path / "news.db")
    with store:
        early = datetime(2025, 1, 2, 1, 0, tzinfo=timezone(timedelta(hours=9)))  # in UTC still the day before
        store.record_article(run, link_of(url_of("ferry")), page_of(url_of("ferry")), article_of("ferry", published=early))
        figures = store.overview(today=TODAY)
    assert (figures.span.until, figures.published) == (date(2025, 1, 3), 1)


def test_what_cannot_be_asked_is_refused(path: Path) -> None:
    with Store.open(path, read_only=True) as store:
        with pytest.raises(UsageError, match=r"no source 'valey' in the database; did you mean valley\?"):
            store.overview(today=TODAY, source_ids=("valey",))
        with pytest.raises(UsageError, match="there is no day from 2026-01-02 to before 2026-01-02"):
            store.overview(today=TODAY, since=date(2026, 1, 2), until=date(2026, 1, 2))


def test_names_are_counted_in_so_many_articles_only(path: Path, figures: Overview, monkeypatch: pytest.MonkeyPatch) -> None:
    assert figures.named_since == figures.span.since
    monkeypatch.setattr(module, "NAMED_IN", 10)
    with Store.open(path, read_only=True) as store:
        newest = store.overview(today=TODAY, since=SINCE, until=UNTIL)
    newer = [day.articles for day in figures.days if day.day >= newest.named_since]
    assert 0 < sum(newer) <= 10
    assert max(author.articles for author in newest.authors) <= 10


def plans(sql: sqlite3.Connection) -> Iterator[tuple[str, list[str]]]:
    for name, query in module.QUERIES.items():
        asked = dict.fromkeys(re.findall(r":(\w+)", query))
        yield name, [row[3] for row in sql.execute(f"EXPLAIN QUERY PLAN {query}", asked)]


def test_no_query_reads_a_large_table_from_end_to_end(sql: sqlite3.Connection) -> None:
    for name, plan in plans(sql):
        assert [step for step in plan if re.fullmatch(r"SCAN (articles|article_\w+|fetches|rejects|links)", step)] == [], name


def test_nor_does_one_where_the_planner_knows_how_many_articles_there_are_and_not_how_few_sources(
    sql: sqlite3.Connection, tmp_path: Path
) -> None:
    path = tmp_path / "analysed.db"
    with closing(sqlite3.connect(path)) as analysed:
        sql.backup(analysed)
        analysed.execute("ANALYZE")
        analysed.execute("DELETE FROM sqlite_stat1 WHERE tbl = 'sources'")
        analysed.commit()
    with closing(sqlite3.connect(path)) as analysed:
        for name, plan in plans(analysed):  # the table is read whole for such a filter, and no other line says so
            assert [step for step in plan if step.startswith("BLOOM FILTER ON article")] == [], name


def test_an_empty_database_has_figures_too(tmp_path: Path) -> None:
    Store.open(tmp_path / "news.db").close()
    with Store.open(tmp_path / "news.db", read_only=True) as store:
        figures = store.overview(today=TODAY)
    assert (figures.articles, figures.published, figures.days, figures.first_day) == (0, 0, (), None)
