"""Does reading the archive again bring stored stories up to what today's extractor reads, once, and nothing else?"""

import hashlib
import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

import pytest
from newsroom import Newsroom, newsroom, wait_until
from test_archive_run import run
from test_pipeline import NOW, source
from test_store_articles import Desk
from test_store_samples import article_of, body_of, link_of, page_of, url_of

from scraper.cli import main
from scraper.errors import StoreError
from scraper.extract.version import extractor_version
from scraper.pipeline import rereading
from scraper.pipeline.writer import Writer
from scraper.records import Article, Dropped, Evidence
from scraper.store import Difference, Store, prepared

EARLIER = "0.0.9+00000000"  # an extractor that is no more
STORIES = 6
# The command, which reads two pages again and then comes to a halt.
STOPS = """
import sys, time
from scraper.pipeline import rereading
from scraper.store import Store
rereading.ROWS_AT_ONCE, archived = 2, Store.archived
Store.archived = lambda *given, after, limit: time.sleep(600) if after else archived(*given, after=after, limit=limit)
from scraper.__main__ import main
sys.exit(main())
"""
PROMOTION = "Our newsletter of the islands comes each Friday, and costs nothing."


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with newsroom() as site:
        site.feed("/feed.xml", [site.story(f"/{number}", f"place {number} {'abcdef'[number] * 9}") for number in range(STORIES)])
        yield site


@pytest.fixture
def collected(room: Newsroom, database: Path) -> Path:
    """Give a database as an earlier extractor has left it, with its archive; two of its stories read otherwise than today's."""
    assert run(database, source(room)).total.new == STORIES
    change(
        database,
        f"UPDATE fetches SET extractor_version = '{EARLIER}'",
        f"UPDATE articles SET extractor_version = '{EARLIER}'",
        "UPDATE articles SET headline = 'Home | Sea wall', authors = NULL WHERE url LIKE '%/1'",
        "UPDATE articles SET body = substr(body, 1, instr(body, char(10)) + 1) || 'Share this story' WHERE url LIKE '%/2'",
    )
    return database


def change(db: Path, *statements: str) -> None:
    with closing(sqlite3.connect(db)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def rows(db: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute(query).fetchall()


def contents(db: Path) -> str:
    with closing(sqlite3.connect(db)) as connection:
        return hashlib.sha256("\n".join(connection.iterdump()).encode()).hexdigest()


@pytest.fixture
def reextract(database: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., dict[str, Any]]:
    """Give what runs the command and gives its JSON, with what it said under `said`."""

    def run_it(*options: str, code: int = 0) -> dict[str, Any]:
        capsys.readouterr()
        assert main(["reextract", "--json", "--db", str(database), "--sources", str(no_sources(database)), *options]) == code
        result = capsys.readouterr()
        told: dict[str, Any] = json.loads(result.out)
        return {**told, "said": result.err}

    return run_it


def no_sources(db: Path) -> Path:
    path = db.with_name("sources.yaml")
    path.write_text('{"version": 1, "sources": [{"id": "coast", "domain": "127.0.0.1", "feeds": ["http://127.0.0.1/feed.xml"]}]}')
    return path


def test_a_dry_run_shows_what_would_change_and_writes_nothing(collected: Path, reextract: Callable[..., dict[str, Any]]) -> None:
    before = contents(collected)
    told = reextract("--dry-run")
    assert contents(collected) == before
    assert (told["pages"], told["outcomes"], told["failures"]) == (STORIES, {"unchanged": 4, "changed": 2}, {})
    assert told["fields"] == {"authors": 1, "body": 1, "headline": 1}
    assert (told["paragraphs_gained"], told["paragraphs_lost"]) == (3, 1)
    by_url = {example["url"][-2:]: example for example in told["examples"]}
    assert by_url["/1"]["fields"] == [
        {"field": "authors", "before": None, "after": "Edda Marsh"},
        {"field": "headline", "before": "Home | Sea wall", "after": "Sea wall of place 1 bbbbbbbbb to rise by two metres"},
    ]
    assert (by_url["/2"]["lost"], len(by_url["/2"]["gained"])) == (["Share this story"], 3)


def test_what_reads_otherwise_becomes_a_version(collected: Path, reextract: Callable[..., dict[str, Any]]) -> None:
    seen = rows(collected, "SELECT id, first_seen_at, last_seen_at FROM articles ORDER BY id")
    told = reextract()
    assert told["outcomes"] == {"unchanged": 4, "changed": 2}
    assert rows(collected, "SELECT id, first_seen_at, last_seen_at FROM articles ORDER BY id") == seen
    versions = rows(collected, "SELECT headline, cause, extractor_version, change FROM article_versions ORDER BY headline")
    assert [version[1:3] for version in versions] == [("reextraction", EARLIER)] * 2
    assert (versions[0][0], versions[0][3], versions[1][3]) == ("Home | Sea wall", "headline", "text_added")
    changed = rows(collected, "SELECT url, headline, body FROM articles WHERE content_changed_at > first_seen_at ORDER BY url")
    assert [url[-2:] for url, *_ in changed] == ["/1", "/2"]
    assert changed[0][1].startswith("Sea wall of place 1")
    assert "Share this story" not in changed[1][2]
    for table in ("articles", "fetches WHERE kind = 'page'"):
        assert rows(collected, f"SELECT DISTINCT extractor_version FROM {table}") == [(extractor_version(),)]
    assert rows(collected, "SELECT command, status, exit_code FROM runs ORDER BY id DESC LIMIT 1") == [("reextract", "ok", 0)]
    with Store.open(collected, read_only=True) as store:
        assert store.search('"place 1"')[0].headline == changed[0][1]


def test_a_second_time_there_is_nothing_to_do(collected: Path, reextract: Callable[..., dict[str, Any]]) -> None:
    reextract()
    stories = rows(collected, "SELECT * FROM articles ORDER BY id")
    again = reextract()
    assert (again["pages"], again["said"].count("--all takes those too")) == (0, 1)
    every = reextract("--all")
    assert every["outcomes"] == {"unchanged": STORIES}
    assert rows(collected, "SELECT * FROM articles ORDER BY id") == stories
    assert rows(collected, "SELECT count(*) FROM article_versions") == [(2,)]


def test_a_page_whose_record_did_not_change_has_only_its_extractor_written(
    collected: Path, reextract: Callable[..., dict[str, Any]]
) -> None:
    columns = [name for _, name, *_ in rows(collected, "PRAGMA table_info(articles)") if name != "extractor_version"]
    query = f"SELECT {', '.join(columns)} FROM articles WHERE url LIKE '%/3'"
    before = rows(collected, query)
    reextract()
    assert rows(collected, query) == before


def test_only_what_is_chosen_is_read(collected: Path, room: Newsroom, reextract: Callable[..., dict[str, Any]]) -> None:
    assert reextract("--dry-run", "--source", "coast")["pages"] == STORIES
    assert reextract("--dry-run", "--since", "2026-01-07")["pages"] == 0
    assert reextract("--dry-run", "--since", "2026-01-06", "--until", "2026-01-07")["pages"] == STORIES


@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_a_source_that_is_not_in_the_database_is_refused(dry: tuple[str, ...], collected: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(collected)
    assert main(["reextract", "--db", str(collected), "--sources", str(no_sources(collected)), "--source", "cost", *dry]) == 2
    assert "scraper: there is no source 'cost' in the database; did you mean coast?" in capsys.readouterr().err
    assert contents(collected) == before


def test_of_an_address_the_page_fetched_last_is_read_and_none_if_that_was_not_kept(
    collected: Path, room: Newsroom, reextract: Callable[..., dict[str, Any]]
) -> None:
    room.story("/3", "place 3 after the storm")
    room.story("/4", "place 4 after the storm")
    change(collected, "UPDATE links SET state = 'pending', next_attempt_at = NULL WHERE url LIKE '%/3'")
    run(collected, source(room, revisit=()), now=NOW + timedelta(hours=2))
    change(collected, "UPDATE links SET state = 'pending', next_attempt_at = NULL WHERE url LIKE '%/4'")
    run(collected, source(room, revisit=(), archived=False), now=NOW + timedelta(hours=3))
    headlines = rows(collected, "SELECT headline FROM articles WHERE url LIKE '%/3' OR url LIKE '%/4'")
    assert len([headline for (headline,) in headlines if "after the storm" in headline]) == 2
    told = reextract("--all")
    assert told["outcomes"] == {"unchanged": 3, "changed": 2}
    assert rows(collected, "SELECT headline FROM articles WHERE url LIKE '%/3' OR url LIKE '%/4'") == headlines


def test_a_rejected_page_that_tells_a_story_is_stored_as_one(collected: Path, reextract: Callable[..., dict[str, Any]]) -> None:
    ((url,),) = rows(collected, "SELECT url FROM articles WHERE url LIKE '%/5'")
    with closing(sqlite3.connect(collected)) as connection, connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("DELETE FROM articles WHERE url = ?", (url,))
        connection.execute("UPDATE fetches SET verdict = 'stub', saved = 'rejected' WHERE url = ?", (url,))
        connection.execute(
            "INSERT INTO rejects (normal_url, url, final_url, source_id, verdict, text_length, run_id, first_seen_at, last_seen_at)"
            " VALUES (?, ?, ?, 'coast', 'stub', 0, 1, '2026-01-06 09:00:00', '2026-01-06 09:00:00')",
            (url, url, url),
        )
    assert reextract("--dry-run")["outcomes"]["new"] == 1
    assert reextract()["outcomes"]["new"] == 1
    assert rows(collected, "SELECT first_seen_at, run_id FROM articles WHERE url LIKE '%/5'") == [("2026-01-06 09:00:00", 2)]
    assert rows(collected, "SELECT article_id IS NOT NULL FROM fetches WHERE url LIKE '%/5'") == [(1,)]
    assert rows(collected, "SELECT count(*) FROM rejects") == [(0,)]


def test_pages_that_cannot_be_read_are_counted_and_the_others_are_done(collected: Path, reextract: Callable[..., dict[str, Any]]) -> None:
    change(collected, "UPDATE fetches SET archive_file = 'pages-gone.warc.zst' WHERE url LIKE '%/0'")
    (path,) = (collected.parent / "archive").iterdir()
    ((offset,),) = rows(collected, "SELECT archive_offset FROM fetches WHERE url LIKE '%/4'")
    content = bytearray(path.read_bytes())
    content[offset + 40] ^= 0xFF
    path.write_bytes(content)
    told = reextract(code=1)
    assert told["failures"] == {"archive_damaged": 1, "archive_missing": 1}
    assert told["outcomes"] == {"unchanged": 2, "changed": 2}
    assert "scraper: 2 of the pages could not be read: archive_damaged 1, archive_missing 1" in told["said"]
    assert reextract(code=1)["pages"] == 2


def test_one_that_is_killed_is_gone_on_with(collected: Path, reextract: Callable[..., dict[str, Any]]) -> None:
    change(collected, "UPDATE articles SET headline = 'Home | ' || headline")
    command = [sys.executable, "-c", STOPS, "reextract", "--quiet", "--db", str(collected), "--sources", str(no_sources(collected))]
    with subprocess.Popen(command) as process:
        wait_until(lambda: rows(collected, "SELECT count(*) FROM article_versions")[0][0] == 2, timeout_s=60)
        process.kill()
    reextract()
    assert rows(collected, "SELECT article_id, count(*) FROM article_versions GROUP BY article_id HAVING count(*) > 1") == []
    assert rows(collected, "SELECT count(*) FROM article_versions") == [(STORIES,)]
    assert rows(collected, "SELECT count(*) FROM articles WHERE headline LIKE 'Home%'") == [(0,)]
    assert rows(collected, "PRAGMA integrity_check") == [("ok",)]
    assert rows(collected, "SELECT status FROM runs ORDER BY id") == [("ok",), ("interrupted",), ("ok",)]


def test_it_waits_for_a_writer_only_if_it_is_told_to(
    collected: Path, reextract: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[int] = []

    class Impatient(Writer):
        async def __aenter__(self) -> Self:
            tries.append(len(tries))
            if len(tries) < 4:  # another one is at work
                raise StoreError("another one writes", code="store_locked")
            return await super().__aenter__()

    monkeypatch.setattr(rereading, "Writer", Impatient)
    monkeypatch.setattr("scraper.pipeline.lone.PATIENCE_S", 0.0)
    assert main(["reextract", "--db", str(collected), "--sources", str(no_sources(collected))]) == 3
    assert len(tries) == 1
    assert reextract("--wait", "10m")["outcomes"] == {"unchanged": 4, "changed": 2}
    assert len(tries) == 4


def test_a_dry_run_reads_beside_a_writer(collected: Path, reextract: Callable[..., dict[str, Any]]) -> None:
    with Store.open(collected):
        assert reextract("--dry-run")["outcomes"] == {"unchanged": 4, "changed": 2}


def test_people_see_what_changed(collected: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reextract", "--dry-run", "--db", str(collected), "--sources", str(no_sources(collected))]) == 0
    told = capsys.readouterr().out
    assert "6 pages read again: what would come of it" in told
    assert "2  say something else" in told
    assert "fields that read otherwise: authors 1, body 1, headline 1" in told
    assert "  - Share this story" in told
    assert "authors: {+Edda Marsh+}" in told
    assert main(["reextract", "--quiet", "--db", str(collected), "--sources", str(no_sources(collected))]) == 0
    assert capsys.readouterr().out == ""


# --- what comes of one page, in the store


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "desk.db")


def again(desk: Desk, article: Article, url: str | None = None) -> Difference:
    url = url or url_of("ferry")
    compared = desk.store.compare(link_of(url), page_of(url), prepared(article))
    found = desk.store.reread(desk.run, link_of(url), page_of(url), prepared(article), NOW + timedelta(days=3))
    assert compared._replace(article_id=None) == found._replace(article_id=None)
    return found


def test_a_story_that_reads_as_none_stays_as_it_was(desk: Desk) -> None:
    with desk.store:
        desk.save(url_of("ferry"), article_of("ferry"))
        assert again(desk, article_of("ferry", verdict="listing")).outcome == "no_story"
        assert (desk.count("articles"), desk.count("rejects"), desk.count("article_versions")) == (1, 0, 0)


def test_a_page_that_is_rejected_for_another_reason_says_so(desk: Desk) -> None:
    with desk.store:
        desk.save(url_of("ferry"), article_of("ferry", verdict="stub"))
        assert again(desk, article_of("ferry", verdict="stub")).outcome == "rejected"
        assert again(desk, article_of("ferry", verdict="listing")).outcome == "reason"
        assert desk.row("SELECT verdict, times_seen FROM rejects") == {"verdict": "listing", "times_seen": 1}


def test_another_address_of_a_story_does_not_speak_for_it(desk: Desk) -> None:
    other = "https://harbour.example/amp-of/ferry"
    with desk.store:
        desk.save(url_of("ferry"), article_of("ferry"))
        desk.save(other, article_of("ferry"))
        assert again(desk, article_of("ferry", headline="What becomes of it"), other).outcome == "elsewhere"
        assert desk.row("SELECT headline FROM articles")["headline"] == "What becomes of the ferry"


def test_what_is_dropped_now_is_a_change_of_the_reading_and_keeps_a_version(desk: Desk) -> None:
    dropped = Evidence(dropped=(Dropped(text=PROMOTION, reason="no story here"),))
    with desk.store:
        desk.save(url_of("ferry"), article_of("ferry", body=body_of("ferry", extra=PROMOTION)))
        found = again(desk, article_of("ferry", evidence=dropped))
        assert (found.outcome, found.kinds, found.lost) == ("changed", ("text_removed",), (PROMOTION,))
        assert desk.row("SELECT cause, body FROM article_versions")["cause"] == "reextraction"
        assert again(desk, article_of("ferry", evidence=dropped)).outcome == "unchanged"


def test_what_the_site_writes_around_its_stories_goes_without_a_version_and_does_not_come_back(desk: Desk) -> None:
    with desk.store:
        desk.save(url_of("ferry"), article_of("ferry", body=body_of("ferry", extra="Read more")))
        assert again(desk, article_of("ferry")).outcome == "chrome"
        assert again(desk, article_of("ferry", body=body_of("ferry", extra="Read more"))).outcome == "unchanged"
        assert (desk.count("article_versions"), desk.row("SELECT body FROM articles")["body"]) == (0, body_of("ferry"))


def test_tags_follow_without_a_version(desk: Desk) -> None:
    with desk.store:
        desk.save(url_of("ferry"), article_of("ferry"))
        found = again(desk, article_of("ferry", tags=("harbour", "tide")))
        assert (found.outcome, found.fields[-1].after) == ("changed", "harbour, tide")
        assert [row["tag"] for row in desk.rows("SELECT tag FROM article_tags ORDER BY position")] == ["harbour", "tide"]


def test_the_version_of_the_extractor_is_stable_and_names_release_and_tables() -> None:
    from scraper import __version__

    release, _, digest = extractor_version().partition("+")
    assert (release, len(digest), extractor_version()) == (__version__, 8, extractor_version())
