"""What does a run do with sites that work, fail, hang and change? Against a real server, a real database and real worker processes."""

import asyncio
import json
import logging
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from newsroom import Answer, Newsroom, newsroom
from pebble import ProcessPool

from scraper.errors import ExtractionError, InternalError, StoreError, UsageError, WorkerError
from scraper.fetch import Patience
from scraper.pipeline.boundary import boundary
from scraper.pipeline.choice import chosen
from scraper.pipeline.conduct import Conduct
from scraper.pipeline.crawl import crawl
from scraper.pipeline.exit_codes import exit_code_of
from scraper.pipeline.logfile import Event, log_to
from scraper.pipeline.order import in_order
from scraper.pipeline.scrape import Scraped, ScrapeOptions, scrape
from scraper.pipeline.stop import Stop
from scraper.pipeline.summary import RunSummary, SourceSummary
from scraper.pipeline.workers import Workers
from scraper.records import Policy, Source

NOW = datetime(2026, 1, 6, 9, 0, tzinfo=UTC)
HASTE = Patience(tries=2, first_wait_s=0.01, jitter_s=0.0)
POLICY = Policy(delay_s=0.0, timeout_s=5.0, allow_private=True)


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with newsroom() as site:
        yield site


def source(room: Newsroom, **fields: object) -> Source:
    given = {"id": "coast", "name": "Coast", "domain": "127.0.0.1", "policy": POLICY, "feeds": (f"{room.origin}/feed.xml",), **fields}
    return Source(**given)  # type: ignore[arg-type]


def run(db: Path, *sources: Source, now: datetime = NOW) -> tuple[RunSummary, str]:
    """Crawl, and give the summary with what stands in the log."""
    path = db.with_suffix(".log")
    path.unlink(missing_ok=True)
    with log_to(path) as log:
        summary = asyncio.run(crawl(sources, db=db, now=lambda: now, log=log, conduct=Conduct(patience=HASTE)))
    return summary, path.read_text(encoding="utf-8")


def rows(db: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(db)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def outcomes(db: Path) -> dict[object, object]:
    """Give the outcome of the latest fetch of each URL's path."""
    return {str(url).split("/", 3)[3]: outcome for url, outcome in rows(db, "SELECT url, outcome FROM fetches ORDER BY id")}


def test_a_run_stores_what_the_feed_announces(room: Newsroom, database: Path) -> None:
    room.feed("/feed.xml", [room.story(f"/2026/{place}", place) for place in ("Ostvik", "Varde", "Hamra")])
    summary, log = run(database, source(room))
    assert summary.exit_code == 0
    assert (summary.total.links_new, summary.total.fetched, summary.total.new) == (3, 3, 3)
    assert sorted(rows(database, "SELECT headline FROM articles")) == [
        ("Sea wall of Hamra to rise by two metres",),
        ("Sea wall of Ostvik to rise by two metres",),
        ("Sea wall of Varde to rise by two metres",),
    ]
    assert "event=source source=coast state=ok links_found=3 links_new=3" in log


def test_a_second_run_asks_conditionally_and_fetches_only_what_is_new(room: Newsroom, database: Path) -> None:
    first = room.story("/a", "Ostvik")
    room.feed("/feed.xml", [first], ETag='"one"')
    run(database, source(room))
    again, log = run(database, source(room), now=NOW + timedelta(minutes=20))
    assert (again.total.not_modified, again.total.fetched, again.exit_code) == (1, 0, 0)
    assert "not_modified=1" in log
    assert room.requests[-1][1]["if-none-match"] == '"one"'
    room.feed("/feed.xml", [first, room.story("/b", "Varde")], ETag='"two"')
    third, _ = run(database, source(room), now=NOW + timedelta(minutes=40))
    assert (third.total.links_new, third.total.new) == (1, 1)
    assert (room.asked("/a"), room.asked("/b")) == (1, 1)


def test_every_failure_is_a_row_and_the_good_pages_are_stored(room: Newsroom, database: Path) -> None:
    answers = {
        "/gone": Answer(b"gone", status=410),
        "/missing": Answer(b"missing", status=404),
        "/forbidden": Answer(b"no", status=403),
        "/pdf": Answer(b"%PDF-1.7 \xff\xd8 binary", type="text/html"),
        "/short": Answer(b"<html>cut", headers={"Content-Length": "4000", "Connection": "close"}),
        "/loop": Answer(b"", status=302, headers={"Location": "/loop"}),
    }
    room.answers.update(answers)
    good = [room.story("/good", "Ostvik"), room.story("/fine", "Varde")]
    room.feed("/feed.xml", [good[0], *(room.origin + path for path in answers), good[1]])
    room.answers["/empty.xml"] = Answer(b"<html>no feed</html>")
    feeds = (f"{room.origin}/feed.xml", f"{room.origin}/empty.xml", "http://127.0.0.1:9/closed.xml")
    summary, log = run(database, source(room, feeds=feeds))
    assert summary.exit_code == 1
    assert summary.total.new == 2
    found = outcomes(database)
    assert found["gone"] == "http_410"
    assert found["missing"] == "http_404"
    assert found["forbidden"] == "http_403"
    assert found["pdf"] == "not_a_page"
    assert found["short"] == "truncated_body"
    assert found["loop"] in {"redirect_loop", "too_many_redirects"}
    assert found["empty.xml"] == "not_a_listing"
    assert found["closed.xml"] == "connect_failed"
    assert summary.total.failed == 8
    assert log.count("event=failure") == 8


def test_a_page_that_is_no_article_is_kept_apart(room: Newsroom, database: Path) -> None:
    room.answers["/section"] = Answer(b"<html><title>Sport</title><body><a href='/1'>One</a> <a href='/2'>Two</a></body></html>")
    room.feed("/feed.xml", [f"{room.origin}/section"])
    summary, _ = run(database, source(room))
    assert (summary.total.rejected, summary.exit_code) == (1, 0)
    assert rows(database, "SELECT count(*) FROM articles") == [(0,)]
    assert len(rows(database, "SELECT verdict, reason FROM rejects")) == 1


def test_a_second_address_of_a_story_adds_nothing(room: Newsroom, database: Path) -> None:
    room.feed("/feed.xml", [room.story("/one", "Ostvik"), room.story("/two", "Ostvik")])
    summary, _ = run(database, source(room))
    assert (summary.total.new, summary.total.duplicate) == (1, 1)
    assert rows(database, "SELECT count(*) FROM articles") == [(1,)]


def test_sitemap_indexes_are_followed_and_never_asked_conditionally(room: Newsroom, database: Path) -> None:
    def index(*paths: str) -> Answer:
        entries = "".join(f"<sitemap><loc>{room.origin}{path}</loc></sitemap>" for path in paths)
        body = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</sitemapindex>'
        return Answer(body.encode(), type="application/xml", headers={"ETag": '"same"'})

    room.answers["/index.xml"] = index("/inner.xml")
    room.answers["/inner.xml"] = index("/news.xml")
    url = room.story("/a", "Ostvik")
    body = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>{url}</loc></url></urlset>'
    room.answers["/news.xml"] = Answer(body.encode(), type="application/xml", headers={"ETag": '"leaf"'})
    site = source(room, feeds=(), news_sitemaps=(f"{room.origin}/index.xml",))
    assert run(database, site)[0].total.new == 1
    again, _ = run(database, site, now=NOW + timedelta(hours=1))
    assert again.total.not_modified == 1
    assert [headers.get("if-none-match") for path, headers in room.requests if path.endswith(".xml")] == [None] * 5 + ['"leaf"']


def test_of_a_long_index_both_ends_are_read(room: Newsroom, database: Path) -> None:
    entries = "".join(f"<sitemap><loc>{room.origin}/{number}.xml</loc></sitemap>" for number in range(40))
    body = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</sitemapindex>'
    room.answers["/index.xml"] = Answer(body.encode(), type="application/xml")
    run(database, source(room, feeds=(), news_sitemaps=(f"{room.origin}/index.xml",)))
    asked = [int(path[1:-4]) for path, _ in room.requests if path[1].isdigit()]
    assert asked == [*range(10), *range(30, 40)]


def test_links_beyond_the_limit_wait_for_the_next_run_even_when_the_feed_is_unchanged(room: Newsroom, database: Path) -> None:
    room.feed("/feed.xml", [room.story(f"/{number}", f"Place{number}") for number in range(5)], ETag='"x"')
    site = source(room, max_items=3)
    assert run(database, site)[0].total.new == 3
    assert run(database, site, now=NOW + timedelta(minutes=1))[0].total.new == 2


def test_a_host_that_cannot_be_reached_is_left_alone_after_five_links(room: Newsroom, database: Path) -> None:
    room.feed("/feed.xml", [f"http://127.0.0.1:9/{number}" for number in range(8)])
    summary, _ = run(database, source(room))
    assert (summary.total.failed, summary.total.postponed) == (5, 3)


def test_robots_txt_is_obeyed(room: Newsroom, database: Path) -> None:
    room.answers["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /private/", type="text/plain")
    room.feed("/feed.xml", [room.story("/private/a", "Ostvik"), room.story("/b", "Varde")])
    summary, _ = run(database, source(room))
    assert (summary.total.new, dict(summary.total.failures)) == (1, {"robots_denied": 1})
    assert (summary.total.failed, summary.total.refused, summary.exit_code) == (0, 1, 0)
    assert room.asked("/private/a") == 0


def test_a_stopped_run_stores_what_it_has_and_the_next_one_goes_on(room: Newsroom, database: Path) -> None:
    urls = [room.story(f"/{number}", f"Place{number}", wait_s=0.0 if number < 2 else 30.0) for number in range(4)]
    room.feed("/feed.xml", urls, ETag='"x"')
    stop = Stop()

    async def stopped() -> RunSummary:
        log = logging.getLogger("scraper.test")
        task = asyncio.create_task(crawl([source(room)], db=database, now=lambda: NOW, log=log, conduct=Conduct(stop=stop, grace_s=60.0)))
        while room.asked("/2") == 0:  # noqa: ASYNC110 - the server runs in another thread
            await asyncio.sleep(0.01)
        stop.request()
        return await asyncio.wait_for(task, 90.0)

    summary = asyncio.run(stopped())
    assert (summary.interrupted, summary.exit_code, summary.total.failed) == (True, 130, 0)
    assert summary.total.new == 2
    assert rows(database, "SELECT status, exit_code FROM runs") == [("interrupted", 130)]
    for answer in room.answers.values():
        answer.wait_s = 0.0
    assert run(database, source(room), now=NOW + timedelta(minutes=1))[0].total.new == 2


def test_a_database_that_cannot_be_opened_ends_the_run(tmp_path: Path) -> None:
    database = tmp_path / "news.db"
    database.write_bytes(b"this is no database at all, but it is long enough to be looked at" * 20)
    with pytest.raises(StoreError) as raised:
        run(database)
    assert raised.value.code == "not_a_database"


def test_what_happens_to_one_source_does_not_touch_another(room: Newsroom, database: Path) -> None:
    room.feed("/feed.xml", [room.story("/a", "Ostvik")])
    bad = source(room, id="bad", feeds=("http://127.0.0.1:9/feed.xml",))
    summary, log = run(database, bad, source(room))
    assert [(part.source_id, part.state) for part in summary.sources] == [("bad", "failed"), ("coast", "ok")]
    assert log.count("event=source ") == 2


# --- scraping a few URLs


def scraped(urls: list[str], **options: object) -> list[Scraped]:
    async def collect() -> list[Scraped]:
        quick = Source(id="coast", name="Coast", domain="127.0.0.1", policy=POLICY)
        how = ScrapeOptions(**{"sources": (quick,), **options})  # type: ignore[arg-type]
        return [result async for result in scrape(urls, options=how, now=lambda: NOW, log=logging.getLogger("scraper.test"))]

    return asyncio.run(collect())


def test_scrape_gives_results_in_the_order_asked(room: Newsroom) -> None:
    slow, quick = room.story("/slow", "Ostvik", wait_s=0.3), room.story("/quick", "Varde")
    results = scraped([slow, f"{room.origin}/none", quick])
    assert [result.article and result.article.headline for result in results] == [
        "Sea wall of Ostvik to rise by two metres",
        None,
        "Sea wall of Varde to rise by two metres",
    ]
    assert results[1].error is not None
    assert results[1].error.code == "http_404"


def test_scrape_saves_when_asked(room: Newsroom, database: Path) -> None:
    url = room.story("/a", "Ostvik")
    assert [result.saved for result in scraped([url], db=database)] == ["new"]
    assert [result.saved for result in scraped([url], db=database)] == ["unchanged"]
    assert rows(database, "SELECT command, status, exit_code FROM runs") == [("scrape", "ok", 0)] * 2


def test_scrape_uses_the_policy_of_the_source_a_url_belongs_to(room: Newsroom) -> None:
    url = room.story("/a", "Ostvik")
    policy = Policy(delay_s=0.0, allow_private=True, user_agent="coastal-study/2")
    scraped([url], sources=(source(room, policy=policy),))
    assert room.requests[-1][1]["user-agent"] == "coastal-study/2"


# --- the parts


@pytest.mark.parametrize(
    ("function", "argument", "code"),
    [
        (time.sleep, 30, "extract_timeout"),
        (bytearray, 3_000_000_000, "extract_memory"),
        (os._exit, 3, "extract_crashed"),
    ],
)
def test_a_worker_that_ends_costs_its_task_only(function: Callable[..., object], argument: int, code: str) -> None:
    async def work() -> tuple[object, ...]:
        with Workers(count=2, limit_s=1.0) as workers:
            bad = workers.run(function, argument, url="https://example.org/bad")
            return tuple(await asyncio.gather(bad, *(workers.run(abs, -number) for number in range(20)), return_exceptions=True))

    failed, *others = asyncio.run(work())
    assert isinstance(failed, ExtractionError)
    assert (failed.code, failed.url) == (code, "https://example.org/bad")
    assert others == list(range(20))


def test_workers_that_cannot_start_early_start_with_the_first_task(monkeypatch: pytest.MonkeyPatch) -> None:
    async def squared() -> object:
        with Workers(count=1) as workers:
            with monkeypatch.context() as broken:
                broken.setattr(ProcessPool, "schedule", lambda *_: (_ for _ in ()).throw(BrokenProcessPool))
                workers.start()
            return await workers.run(pow, 7, 2)

    assert asyncio.run(squared()) == 49


def test_a_worker_that_dies_before_its_first_answer_is_no_pages_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    async def squared() -> object:
        with Workers(count=1) as workers:
            return await asyncio.gather(*(workers.run(pow, 7, 2) for _ in range(3)), return_exceptions=True)

    monkeypatch.setattr("scraper.pipeline.workers.set_limits", os._exit)  # with which every worker begins
    monkeypatch.setattr(Workers, "_lost_after_s", 0.5)
    assert [type(error) for error in asyncio.run(squared())] == [WorkerError] * 3  # type: ignore[attr-defined]


def test_a_run_that_can_start_no_worker_fails_and_accuses_no_source(
    room: Newsroom, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.feed("/feed.xml", [room.story("/2026/Ostvik", "Ostvik")])
    monkeypatch.setattr(ProcessPool, "schedule", lambda *_, **__: (_ for _ in ()).throw(BrokenProcessPool))
    with pytest.raises(WorkerError, match="no worker can be started") as raised:
        run(database, source(room))
    assert exit_code_of(raised.value) == 5
    assert rows(database, "SELECT status, exit_code FROM runs") == [("failed", 5)]
    for table in ("fetches", "alerts", "source_health"):
        assert rows(database, f"SELECT count(*) FROM {table}") == [(0,)]


def test_workers_that_are_ended_while_they_start_say_nothing() -> None:
    program = "from scraper.pipeline.workers import Workers\nimport time\nwith Workers() as workers:\n workers.start()\n time.sleep({})"
    for pause_s in (0.0, 0.005, 0.01, 0.02, 0.04):
        done = subprocess.run([sys.executable, "-c", program.format(pause_s)], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")


def test_an_unexpected_exception_in_a_worker_comes_back_with_its_traceback() -> None:
    async def work() -> None:
        with Workers(count=1) as workers:
            await workers.run(int, "seven", url="https://example.org/")

    with pytest.raises(InternalError, match="ValueError: invalid literal") as raised:
        asyncio.run(work())
    assert "Traceback" not in str(raised.value)
    assert "Traceback" in raised.value.__notes__[0]


def test_the_boundary_names_what_nobody_expected() -> None:
    with pytest.raises(InternalError, match="KeyError") as raised, boundary("https://example.org/"):
        raise KeyError("headline")
    assert isinstance(raised.value.__cause__, KeyError)


def test_the_boundary_lets_a_cancellation_pass() -> None:
    with pytest.raises(asyncio.CancelledError), boundary(None):
        raise asyncio.CancelledError


async def test_jobs_are_reported_in_order_and_few_run_at_once() -> None:
    running: list[int] = []
    most = 0

    async def job(number: int) -> int:
        nonlocal most
        running.append(number)
        most = max(most, len(running))
        await asyncio.sleep(0.02 if number % 3 == 0 else 0.001)
        running.remove(number)
        return number

    assert [result async for result in in_order((job(number) for number in range(20)), at_once=4)] == list(range(20))
    assert most <= 4


async def test_a_stop_cancels_what_waits_and_starts_nothing_new() -> None:
    stop = Stop()
    waiting = asyncio.create_task(stop.unless_stopped(asyncio.sleep(30, "late")))
    await asyncio.sleep(0)
    stop.request()
    assert await waiting is None
    assert await stop.unless_stopped(asyncio.sleep(0, "too late")) is None


def test_a_log_line_cannot_be_broken_by_what_a_server_says() -> None:
    line = Event("failure", url="http://x/ y", message='said "no"\nevent=forged', none=None, retryable=True)
    assert str(line) == 'event=failure url="http://x/ y" message="said \\"no\\"\\nevent=forged" retryable=true'


def test_a_log_of_json_lines_says_the_same_with_numbers_as_numbers(room: Newsroom, database: Path) -> None:
    room.feed("/feed.xml", [room.story("/a", "Ostvik"), f"{room.origin}/none"])
    path = database.with_suffix(".jsonl")
    with log_to(path, form="json") as log:
        summary = asyncio.run(crawl([source(room)], db=database, now=lambda: NOW, log=log, conduct=Conduct(patience=HASTE)))
        log.error(Event("failure", message='half a pair \ud800 and "quotes"\n'), exc_info=ValueError("forged\nline"))
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [line["event"] for line in lines] == ["run_start", "robots", "failure", "source", "run_end", "failure"]
    assert all(datetime.fromisoformat(line["time"]).utcoffset() == timedelta() for line in lines)
    told = lines[3]
    assert (told["source"], told["fetched"], told["failures"], told["seconds"]) == ("coast", 1, {"http_404": 1}, summary.sources[0].seconds)
    assert "ValueError: forged" in lines[-1]["traceback"]


def test_totals_are_sums_and_the_worst_state() -> None:
    parts = (
        SourceSummary(source_id="a", fetched=2, failed=1, failures=(("http_404", 1),), state="failed"),
        SourceSummary(source_id="b", fetched=3, failed=2, failures=(("http_404", 1), ("timeout", 1))),
    )
    total = RunSummary(run_id=1, sources=parts, seconds=2.5).total
    assert (total.fetched, total.failed, total.state, total.seconds) == (5, 3, "failed", 2.5)
    assert total.failures == (("http_404", 2), ("timeout", 1))


def test_sources_are_chosen_by_id_even_when_disabled() -> None:
    listed = tuple(Source(id=name, name=name, domain=name, enabled=name != "beta") for name in ("alpha", "beta", "gamma"))
    assert [one.id for one in chosen(listed)] == ["alpha", "gamma"]
    assert [one.id for one in chosen(listed, ("gamma", "beta"))] == ["beta", "gamma"]
    with pytest.raises(UsageError, match="there is no source 'gama', did you mean 'gamma'"):
        chosen(listed, ("gama",))
    with pytest.raises(UsageError, match="no source is enabled"):
        chosen(listed[1:2])


# -- templates

NOTE = "This newsroom is owned by its readers, and every story is checked by two people before it goes out."


def noted(room: Newsroom, places: list[str]) -> list[str]:
    urls = [room.story(f"/{place}", place) for place in places]
    for place in places:
        answer = room.answers[f"/{place}"]
        answer.body = answer.body.replace(b"</article>", f"<p>{NOTE}</p></article>".encode())
    return urls


def test_a_run_learns_its_sources_pages_and_reads_the_next_ones_with_what_it_learned(room: Newsroom, tmp_path: Path) -> None:
    room.feed("/feed.xml", noted(room, ["Varde", "Holm", "Ribe", "Aldersund", "Kirkevik"]))
    summary, _ = run(tmp_path / "news.db", source(room))
    assert (summary.total.new, summary.total.template_misfit) == (5, 0)
    assert rows(tmp_path / "news.db", "SELECT source_id, pages FROM templates") == [("coast", 5)]
    assert rows(tmp_path / "news.db", f"SELECT count(*) FROM articles WHERE body LIKE '%{NOTE[:30]}%'") == [(0,)]


def test_a_site_that_changes_its_layout_is_told_of_in_the_summary(room: Newsroom, tmp_path: Path) -> None:
    room.feed("/feed.xml", noted(room, ["Varde", "Holm", "Ribe", "Aldersund", "Kirkevik"]))
    run(tmp_path / "news.db", source(room))
    changed = noted(room, ["Odde"])
    room.answers["/Odde"].body = (
        room.answers["/Odde"].body.replace(b"<article>", b"<main><div class=page>").replace(b"</article>", b"</div></main>")
    )
    room.feed("/feed.xml", changed)
    summary, log = run(tmp_path / "news.db", source(room))
    assert (summary.total.new, summary.total.template_misfit) == (1, 1)
    assert "template_misfit=1" in log
    assert rows(tmp_path / "news.db", "SELECT template_misfits FROM source_summary") == [(1,)]


def test_a_page_asked_for_by_hand_is_read_with_the_template_of_a_database_that_is_named(room: Newsroom, tmp_path: Path) -> None:
    db = tmp_path / "news.db"
    room.feed("/feed.xml", noted(room, ["Varde", "Holm", "Ribe", "Aldersund", "Kirkevik"]))
    run(db, source(room))
    (url,) = noted(room, ["Odde"])
    ((alone,), (helped,), (unread,)) = (
        scraped([url], sources=(source(room),), templates=templates) for templates in (None, db, tmp_path / "absent.db")
    )
    assert alone.article is not None
    assert helped.article is not None
    assert NOTE in (alone.article.body or "")
    assert NOTE not in (helped.article.body or "")
    assert unread.article == alone.article
    assert rows(db, "SELECT count(*) FROM articles") == [(5,)]
