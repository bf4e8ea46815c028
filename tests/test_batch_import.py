"""Does a selection of a batch come into a database as if a run had fetched it, once, whatever interrupts it?"""

import json
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pyarrow.fs import LocalFileSystem
from test_cli import Command, scraper  # noqa: F401 - a fixture
from test_copies import STORY, edited
from test_store_samples import article_of, body_of

from scraper.batch.dataset import Record, Reject, Warc
from scraper.batch.dataset_layout import LAYOUT, Layout
from scraper.batch.dataset_reading import Selection
from scraper.batch.dataset_rows import page_row
from scraper.batch.dataset_writing import PartWriter
from scraper.batch.importing import Imported, Importing, import_batch
from scraper.records import Article, Page, Source
from scraper.store import prepared

DAY = datetime(2026, 1, 6, 7, tzinfo=UTC)
NOW = datetime(2026, 2, 1, tzinfo=UTC)
COAST = Source(id="coast", name="The Coast", domain="coast.example", article_id=r"/(\d+)$")


def told(url: str, article: Article, *, at: datetime = DAY, source_id: str | None = None, offset: int = 0) -> Record | Reject:
    page = Page(url=url, requested_url=url, status=200, headers=(), content=b"<p>", fetched_at=at)
    return page_row(page, prepared(article), Warc("crawl/CC-1.warc.gz", offset, 900, "sha1:A"), source_id=source_id)


def story(topic: str, site: str = "harbour.example", **more: Any) -> Record | Reject:
    how = {name: more.pop(name) for name in ("at", "source_id", "offset") if name in more}
    return told(f"https://www.{site}/{topic}", article_of(topic, **more), **how)


def batch(folder: Path, *rows: Record | Reject, part: str = "CC-1-0-abc") -> str:
    folder.mkdir(exist_ok=True)
    (folder / LAYOUT).write_text(Layout().to_json())
    with PartWriter(LocalFileSystem(), str(folder), part, Layout()) as writer:
        for row in rows:
            writer.add(row)
    return str(folder)


def imported(folder: str, db: Path, **more: Any) -> Imported:
    return import_batch(Importing(db=db, folder=folder, **more), now=lambda: NOW)


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(sql).fetchall()


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "news.db"


def test_a_story_is_stored_as_if_a_run_had_fetched_it_and_says_where_it_came_from(tmp_path: Path, db: Path) -> None:
    folder = batch(tmp_path / "out", story("ferry", offset=512), story("bridge", "valley.example"), story("road", verdict="listing"))
    assert imported(folder, db).outcomes == {"new": 2}
    assert rows(db, "SELECT source_id, url, first_seen_at, authors FROM articles ORDER BY source_id") == [
        ("harbour.example", "https://www.harbour.example/ferry", "2026-01-06 07:00:00", "Aoife Brennan"),
        ("valley.example", "https://www.valley.example/bridge", "2026-01-06 07:00:00", "Aoife Brennan"),
    ]
    assert rows(db, "SELECT batch, part, warc_file, warc_offset, warc_length, outcome FROM imported WHERE url LIKE '%ferry'") == [
        (folder, "CC-1-0-abc", "crawl/CC-1.warc.gz", 512, 900, "new"),
    ]
    assert rows(db, "SELECT command, status FROM runs") == [("import", "ok")]
    assert rows(db, "SELECT count(*) FROM article_authors UNION ALL SELECT count(*) > 0 FROM evidence") == [(2,), (1,)]
    assert rows(db, "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH 'ferry'") == [(1,)]


def test_a_second_import_brings_nothing_twice_and_a_wider_one_what_is_missing(tmp_path: Path, db: Path) -> None:
    folder = batch(tmp_path / "out", story("ferry"), story("bridge", "valley.example"), story("school"))
    assert imported(folder, db, selection=Selection(publishers=("valley.example",))).outcomes == {"new": 1}
    assert imported(folder, db).outcomes == {"new": 2, "known": 1}
    before = rows(db, "SELECT * FROM articles")
    assert imported(folder, db).outcomes == {"known": 3}
    assert rows(db, "SELECT * FROM articles") == before
    assert rows(db, "SELECT count(*) FROM fetches") == [(3,)]


def test_pages_of_one_site_go_to_its_source_and_all_others_to_a_source_for_each_site(tmp_path: Path, db: Path) -> None:
    folder = batch(
        tmp_path / "out",
        told("https://www.coast.example/news/17", article_of("ferry")),
        story("bridge", "news.coast.example"),
        story("school", "hills.example"),
        story("budget", "coast.example", source_id="elsewhere"),
    )
    imported(folder, db, sources=(COAST,))
    assert rows(db, "SELECT source_id, url, source_article_id FROM articles ORDER BY url") == [
        ("elsewhere", "https://www.coast.example/budget", None),
        ("coast", "https://www.coast.example/news/17", "17"),
        ("hills.example", "https://www.hills.example/school", None),
        ("coast", "https://www.news.coast.example/bridge", None),
    ]
    assert rows(db, "SELECT id, name, domain FROM sources ORDER BY id") == [
        ("coast", "The Coast", "coast.example"),
        ("elsewhere", "elsewhere", "www.coast.example"),
        ("hills.example", "hills.example", "www.hills.example"),
    ]


def test_a_source_is_chosen_by_its_id_or_by_its_site(tmp_path: Path, db: Path) -> None:
    news = Source(id="news", name="News", domain="news.coast.example")
    folder = batch(
        tmp_path / "out",
        story("ferry", "coast.example"),
        story("bridge", "news.coast.example"),
        story("school", "hills.example", source_id="coast"),
        story("budget", "coast.example", source_id="other"),
    )
    imported(folder, db, sources=(COAST, news), selection=Selection(sources=(("coast", "coast.example"),)))
    assert rows(db, "SELECT url FROM articles ORDER BY url") == [
        ("https://www.coast.example/ferry",),
        ("https://www.hills.example/school",),
    ]


def test_a_later_page_is_a_change_of_its_story_and_an_earlier_one_takes_nothing_back(tmp_path: Path, db: Path) -> None:
    first, second = article_of("ferry"), article_of("ferry", body=body_of("ferry", extra="The mayor has resigned over the ferry since."))
    url = "https://harbour.example/ferry"
    later = batch(tmp_path / "later", told(url, second, at=DAY + timedelta(days=2)))
    earlier = batch(tmp_path / "earlier", told(url, first, at=DAY))
    latest = batch(tmp_path / "latest", told(url, first, at=DAY + timedelta(days=3)))
    assert imported(later, db).outcomes == {"new": 1}
    assert imported(earlier, db).outcomes == {"older": 1}
    assert rows(db, "SELECT body LIKE '%mayor%', last_seen_at FROM articles") == [(1, "2026-01-08 07:00:00")]
    assert imported(earlier, db).outcomes == {"known": 1}
    assert imported(latest, db).outcomes == {"updated": 1}
    assert rows(db, "SELECT body LIKE '%mayor%' FROM articles UNION ALL SELECT count(*) FROM article_versions") == [(0,), (1,)]


def test_copies_across_parts_point_to_the_story_that_was_fetched_on_an_earlier_day(tmp_path: Path, db: Path) -> None:
    wire: dict[str, Any] = {"headline": "Tower", "agencies": ("Island Wire",)}
    batch(tmp_path / "out", story("span", "valley.example", body=edited(STORY, 0.2), at=DAY + timedelta(days=1), **wire), part="A-0-1")
    folder = batch(tmp_path / "out", story("tower", body=STORY, **wire), story("again", "cape.example", body=STORY, **wire), part="B-0-2")
    outcomes = imported(folder, db).outcomes
    assert outcomes == {"new": 2, "duplicate": 1}
    assert rows(db, "SELECT first_seen_at, copies FROM shared_stories") == [("2026-01-06 07:00:00", 2)]


class Interrupting:
    """A watch that presses Ctrl-C after some stories."""

    def __init__(self, after: int) -> None:
        self.left = after

    def page(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt

    def waiting(self, why: str) -> None: ...
    def sources(self, total: int) -> None: ...
    def links(self, count: int) -> None: ...
    def source(self, summary: object) -> None: ...


def test_an_import_that_was_interrupted_goes_on_where_it_ended(tmp_path: Path, db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scraper.batch.importing.TOGETHER", 3)
    folder = batch(tmp_path / "out", *(story(f"topic-{number}") for number in range(10)))
    with pytest.raises(KeyboardInterrupt):
        imported(folder, db, watch=Interrupting(5))
    assert rows(db, "SELECT count(*) FROM articles") == [(6,)]
    assert rows(db, "SELECT status, exit_code FROM runs") == [("interrupted", 130)]
    assert imported(folder, db).outcomes == {"known": 6, "new": 4}
    assert rows(db, "SELECT count(*) FROM articles") == [(10,)]


def test_a_file_that_cannot_be_read_is_named_and_stops_nothing(tmp_path: Path, db: Path) -> None:
    folder = batch(tmp_path / "out", story("ferry"))
    for name, content in (("a.parquet", b"PAR1 torn"), ("b.parquet", b"")):
        (tmp_path / "out/records/date=2026-01-01/publishers=g00").mkdir(parents=True, exist_ok=True)
        (tmp_path / "out/records/date=2026-01-01/publishers=g00" / name).write_bytes(content)
    done = imported(folder, db)
    assert done.outcomes == {"new": 1}
    assert [name[-9:] for name in done.failures] == ["a.parquet", "b.parquet"]
    assert done.exit_code == 1


def test_the_command_says_what_it_did(scraper: Command, tmp_path: Path) -> None:  # noqa: F811
    folder = batch(tmp_path / "out", story("ferry", language="en"), story("bridge", language="de-AT"))
    found = scraper("import", folder, "--language", "de")
    assert (found.code, found.out) == (0, "1 story in 1 file: 1 new\n")
    assert scraper("import", folder, "--since", "2027-01-01").err == "scraper: no story of the batch is meant\n"
    result = json.loads(scraper("import", folder, "--json").out)
    assert (result["outcomes"], result["exit_code"]) == ({"known": 1, "new": 1}, 0)


@pytest.mark.parametrize("described", [None, "", '{"version": 99, "groups": 1}'])
def test_a_folder_that_is_no_batch_is_refused_in_a_sentence(scraper: Command, tmp_path: Path, described: str | None) -> None:  # noqa: F811
    if described is not None:
        (tmp_path / LAYOUT).write_text(described)
    refused = scraper("import", tmp_path)
    assert refused.code == 2
    assert refused.err.startswith(f"scraper: {tmp_path} ")
    assert refused.err.count("\n") == 1
    assert not (tmp_path / "data").exists()


def test_an_import_that_was_killed_goes_on_where_it_ended(tmp_path: Path, db: Path) -> None:
    folder = batch(tmp_path / "out", *(story(f"topic-{number}") for number in range(900)))
    command = [sys.executable, "-m", "scraper", "import", folder, "--db", str(db), "-q"]
    with subprocess.Popen(command, cwd=tmp_path) as process:
        while process.poll() is None and not (db.exists() and _stored(db)):
            time.sleep(0.01)
        process.kill()
    stored = _stored(db)
    assert stored % 200 == 0 or stored == 900
    outcomes = imported(folder, db).outcomes
    assert (outcomes.get("known", 0), outcomes.get("new", 0)) == (stored, 900 - stored)
    assert rows(db, "SELECT count(*), count(DISTINCT url) FROM articles") == [(900, 900)]
    assert rows(db, "PRAGMA integrity_check") == [("ok",)]


def _stored(db: Path) -> int:
    """Count the stories in a database that another process is about to make."""
    try:
        return int(rows(db, "SELECT count(*) FROM articles")[0][0])
    except sqlite3.OperationalError:
        return 0
