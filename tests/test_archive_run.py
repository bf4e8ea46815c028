"""Does a run keep every page it fetches, find each again, and go on where nothing more can be kept?"""

import asyncio
import json
import logging
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from newsroom import Newsroom, newsroom
from test_cli import write_sources
from test_pipeline import HASTE, NOW, source

from scraper.archive import archive as writing
from scraper.archive import page_at
from scraper.cli import main
from scraper.pipeline import crawl as crawling
from scraper.pipeline.conduct import Conduct
from scraper.pipeline.crawl import crawl
from scraper.pipeline.summary import RunSummary
from scraper.pipeline.workers import Workers
from scraper.records import ArchiveSettings, Kept, Source

PLACES = "SELECT url, archive_file, archive_offset, archive_length FROM archived_pages ORDER BY fetch_id"
LONG = "Varde, where the ferry of the islands waits for the tide"


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with newsroom() as site:
        yield site


def run(db: Path, *sources: Source, settings: ArchiveSettings | None = None, now: datetime = NOW) -> RunSummary:
    conduct = Conduct(patience=HASTE, archive=settings or ArchiveSettings())
    return asyncio.run(crawl(sources, db=db, now=lambda: now, log=logging.getLogger("test"), conduct=conduct))


def rows(db: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute(query).fetchall()


def kept(db: Path, folder: Path | None = None) -> dict[str, bytes]:
    """Give the content that the archive has of each URL, found by its row."""
    folder = folder or db.parent / "archive"
    return {url.rpartition("/")[2]: page_at(folder, Kept(*place)).content for url, *place in rows(db, PLACES)}


def test_every_page_is_kept_and_found_by_its_row(room: Newsroom, database: Path) -> None:
    urls = [room.story(f"/{number}", f"place {number}") for number in range(5)]
    room.answers["/3"].body = b"<html><title>Cookies</title><body><h1>We value your privacy</h1><p>Accept all cookies to go on.</p></body>"
    room.feed("/feed.xml", [*urls, f"{room.origin}/missing"])
    summary = run(database, source(room))
    assert (summary.total.new, summary.total.rejected, summary.archive_trouble) == (4, 1, None)
    assert kept(database) == {str(number): room.answers[f"/{number}"].body for number in range(5)}
    assert rows(database, "SELECT count(*) FROM fetches WHERE archive_file IS NOT NULL AND kind <> 'page'") == [(0,)]


def test_later_runs_go_on_with_the_file_and_know_what_it_holds(room: Newsroom, database: Path) -> None:
    place = " ".join([LONG] * 9)
    room.feed("/feed.xml", [room.story("/a", place)])
    run(database, source(room))
    room.feed("/feed.xml", [room.story("/a", place), room.story("/b", place), room.story("/c", "Hamra " * 99)])
    run(database, source(room))
    assert len(list((database.parent / "archive").iterdir())) == 1
    assert kept(database) == {name: room.answers[f"/{name}"].body for name in "abc"}
    same, other = (
        rows(database, f"SELECT archive_digest IS NULL FROM fetches WHERE kind = 'page' AND url LIKE '%/{name}'")[0][0] for name in "bc"
    )
    assert (same, other) == (1, 0)


@pytest.mark.parametrize("off", [{"settings": ArchiveSettings(enabled=False)}, {"archived": False}])
def test_what_is_not_to_be_kept_is_not(room: Newsroom, database: Path, off: dict[str, Any]) -> None:
    room.feed("/feed.xml", [room.story("/a", "Ostvik")])
    settings = off.pop("settings", None)
    assert run(database, source(room, **off), settings=settings).total.new == 1
    assert rows(database, PLACES) == []
    assert not (database.parent / "archive").exists()


def test_a_page_that_costs_its_worker_is_kept(room: Newsroom, database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Deadly(Workers):
        async def run(self, function: Callable[..., Any], *args: object, url: str | None = None) -> Any:
            if url == room.origin + "/bad":
                return await super().run(os._exit, 3, url=url)
            return await super().run(function, *args, url=url)

    monkeypatch.setattr(crawling, "Workers", Deadly)
    room.feed("/feed.xml", [room.story("/bad", "Ostvik"), room.story("/good", "Varde")])
    summary = run(database, source(room))
    assert dict(summary.total.failures) == {"extract_crashed": 1}
    assert rows(database, "SELECT outcome FROM archived_pages WHERE url LIKE '%/bad'") == [("extract_crashed",)]
    assert kept(database) == {name: room.answers[f"/{name}"].body for name in ("good", "bad")}


def test_files_that_go_are_forgotten(room: Newsroom, database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "FILES_AT_LEAST", 4)
    settings = ArchiveSettings(max_bytes=10_000)
    for number in range(12):
        room.feed("/feed.xml", [room.story(f"/{number}-{part}", os.urandom(400).hex()) for part in range(2)])
        run(database, source(room), settings=settings, now=NOW + timedelta(minutes=number))
    files = {path.name for path in (database.parent / "archive").iterdir()}
    assert sum(path.stat().st_size for path in (database.parent / "archive").iterdir()) <= 10_000
    assert {file for _, file, *_ in rows(database, PLACES)} <= files
    left = kept(database)
    assert "11-1" in left
    assert "0-0" not in left
    assert rows(database, "SELECT count(*) FROM articles") == [(24,)]


def test_a_run_goes_on_where_nothing_can_be_kept_and_says_so_once(
    room: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wall").write_text("a file where the archive should be")
    urls = [room.story(f"/{number}", f"place {number}") for number in range(3)]
    room.feed("/feed.xml", urls)
    command = ["run", "--quiet", "--sources", str(write_sources(tmp_path / "s.yaml", room)), "--log", "run.log"]
    assert main([*command, "--archive", "wall/pages"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("scraper: WARNING: not all pages of this run were kept: the archive wall/pages cannot be written: ")
    assert said.count("\n") == 1
    assert Path("run.log").read_text().count("event=archive code=archive_failed") == 1
    assert rows(Path("data/news.db"), "SELECT count(*) FROM articles") == [(3,)]
    assert main(["scrape", urls[0], "--save", "--archive", "wall/pages", "--sources", str(tmp_path / "s.yaml")]) == 1
    assert "was not kept: the archive wall/pages cannot be written" in capsys.readouterr().err


def test_the_command_line_and_the_sources_file_say_where(room: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    sources = write_sources(tmp_path / "s.yaml", room)
    url = room.story("/a", "Ostvik")
    command = ["scrape", url, "--save", "--format", "text", "--sources", str(sources), "--db", "here/news.db"]
    for folder, options in (("here/archive", []), ("there", ["--archive", "there"])):
        assert main([*command, *options]) == 0
        assert len(list(Path(folder).iterdir())) == 1
    sources.write_text(json.dumps({**json.loads(sources.read_text()), "archive": {"dir": "elsewhere", "compression": "gzip"}}))
    assert main([*command, "--no-archive"]) == 0
    assert not Path("elsewhere").exists()
    assert main(command) == 0
    assert [path.suffix for path in Path("elsewhere").iterdir()] == [".gz"]
    assert [row[0] for row in rows(Path("here/news.db"), "SELECT archive_file IS NULL FROM fetches ORDER BY id")] == [0, 0, 1, 0]


def test_a_kept_page_reads_as_it_did_when_it_came(room: Newsroom, database: Path) -> None:
    from scraper import extract

    room.story("/a", "Ängsö", type="text/html; charset=iso-8859-1")
    room.answers["/a"].body = room.answers["/a"].body.decode().encode("iso-8859-1")
    room.feed("/feed.xml", [f"{room.origin}/a"])
    run(database, source(room))
    ((_, *place),) = rows(database, PLACES)
    page = page_at(database.parent / "archive", Kept(*place))
    article = extract(page.content, page.url, headers=page.headers, fetched_at=page.fetched_at)
    assert [(article.headline, article.body)] == rows(database, "SELECT headline, body FROM articles")
    assert "Ängsö" in str(article.headline)
    assert replace(page, kept=None).fetched_at == NOW
