"""Is a crawl that ends at any moment, by force or for want of space, a matter of no consequence once the next one has run?

`make survive` kills two hundred crawls; a plain test run kills some of them.
"""

import asyncio
import logging
import os
import random
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from newsroom import Newsroom, newsroom, wait_until
from test_pipeline import HASTE, NOW, source
from test_store_kill import HALVES, RECORDS

from scraper.archive import Damage, page_at, pages
from scraper.errors import StoreError
from scraper.pipeline.conduct import Conduct
from scraper.pipeline.crawl import crawl
from scraper.records import Kept
from scraper.store import Store, opening

KILLS = int(os.environ.get("KILLS", "25"))
RESTS_AFTER = 8  # kills, until a crawl may run to its end
NEW_STORIES = 3  # a source and round
LISTINGS = "a listing of which not all links came", "fewer links than the listings announced"  # which hold for that test's feeds only


@dataclass
class Press:
    """Two sources on one host that publish on and on."""

    room: Newsroom
    urls: dict[str, list[str]] = field(default_factory=lambda: {"coast": [], "hills": []})

    def publish(self) -> None:
        for name, urls in self.urls.items():
            for _ in range(NEW_STORIES):
                number = len(urls)
                urls.append(self.room.story(f"/{name}/{number}", f"{name} {number} {'abcdefghij'[number % 10] * 6}"))
            self.room.feed(f"/{name}.xml", urls[::-1], ETag=f'"{len(urls)}"')

    @property
    def all(self) -> list[str]:
        return sorted(url for urls in self.urls.values() for url in urls)


@dataclass
class Nursery:
    """The process that forks crawls: `crawl` gives how one ended."""

    process: "subprocess.Popen[str]"

    def crawl(self, seconds: float = 0.0, max_bytes: int = 0) -> int:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{seconds} {max_bytes}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@pytest.fixture
def press() -> Iterator[Press]:
    with newsroom() as room:
        yield Press(room)


@pytest.fixture
def nursery(press: Press, database: Path) -> Iterator[Nursery]:
    command = [sys.executable, str(Path(__file__).with_name("nursery.py")), str(database), press.room.origin]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield Nursery(process)
        process.communicate()


def rows(db: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute(query).fetchall()


def assert_whole(db: Path) -> None:
    """Nothing is damaged, and of no page or listing only a part is there."""
    assert rows(db, "PRAGMA integrity_check") == [("ok",)]
    assert rows(db, "PRAGMA foreign_key_check") == []
    if rows(db, "SELECT 1 FROM sqlite_master WHERE name = 'fetches'"):
        assert {name: found for name, sql in HALVES.items() if name not in LISTINGS and (found := rows(db, sql))} == {}


def assert_complete(db: Path, urls: list[str]) -> None:
    """Every story is there, once, and nothing is left to do."""
    assert_whole(db)
    assert sorted(url for (url,) in rows(db, "SELECT url FROM articles")) == urls
    assert sorted(url for (url,) in rows(db, RECORDS)) == urls
    assert sorted(url for (url,) in rows(db, "SELECT url FROM fetches WHERE saved = 'new'")) == urls
    assert rows(db, "SELECT url FROM links WHERE state <> 'done'") == []


def assert_kept(db: Path) -> None:
    """Each page that a row says the archive has is there, whole, and no file is left open."""
    if find_spec("fastwarc") is None:
        return
    folder = db.parent / "archive"
    places = rows(db, "SELECT final_url, archive_file, archive_offset, archive_length FROM archived_pages")
    assert {url for url, *_ in places} == {url for (url,) in rows(db, "SELECT url FROM articles")}
    assert all(page_at(folder, Kept(*place)).url == url for url, *place in places)
    damaged = [found for path in folder.iterdir() for found in pages(path) if isinstance(found, Damage)]
    assert (damaged, list(folder.glob("*.open"))) == ([], [])


def test_crawls_killed_at_random_moments_lose_nothing_and_double_nothing(press: Press, nursery: Nursery, database: Path) -> None:
    chance = random.Random(5)
    press.publish()
    whole_s, killed = 0.0, 0
    for number in range(3 * KILLS):
        began = time.monotonic()
        if nursery.crawl(chance.uniform(0.0, 1.2 * whole_s)) == -9:
            killed += 1
        else:  # what a whole crawl takes on a machine as busy as it is now
            whole_s = time.monotonic() - began
        assert_whole(database)
        if number % RESTS_AFTER == 0 or killed == KILLS:
            assert nursery.crawl() == 0
            assert_complete(database, press.all)
            assert_kept(database)
        if killed == KILLS:
            break
        press.publish()
    assert killed == KILLS
    assert rows(database, "SELECT count(*) FROM runs WHERE status = 'running'") == [(0,)]


def test_files_that_may_not_grow_end_a_crawl_and_the_next_one_goes_on(press: Press, nursery: Nursery, database: Path) -> None:
    chance = random.Random(7)
    press.publish()
    assert nursery.crawl() == 0
    ends = set()
    for _ in range(12):
        press.publish()
        ends.add(nursery.crawl(max_bytes=database.stat().st_size + chance.randrange(-100_000, 40_000)))
        assert_whole(database)
    assert 5 in ends, "the database could not be written"
    assert ends <= {0, 5}
    assert nursery.crawl() == 0
    assert_complete(database, press.all)


def crawled(press: Press, db: Path) -> int:
    feeds = tuple(f"{press.room.origin}/{name}.xml" for name in press.urls)
    quiet = logging.getLogger("nobody")
    return asyncio.run(
        crawl([source(press.room, feeds=feeds, max_items=1_000)], db=db, now=lambda: NOW, log=quiet, conduct=Conduct(patience=HASTE))
    ).exit_code


def test_a_full_disk_ends_a_crawl_and_the_next_one_goes_on(press: Press, database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        press.publish()
    with Store.open(database):
        pages = rows(database, "PRAGMA page_count")[0][0]
    with monkeypatch.context() as full:
        full.setattr(opening, "WRITING", (*opening.WRITING, f"max_page_count={pages + 3}"))
        with pytest.raises(StoreError) as caught:
            crawled(press, database)
    assert caught.value.code == "store_full"
    assert_whole(database)
    assert crawled(press, database) == 0
    assert_complete(database, press.all)


def test_a_database_locked_for_longer_than_we_wait_ends_a_crawl_and_the_next_one_goes_on(
    press: Press, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.publish()
    Store.open(database).close()
    done = threading.Event()

    def hold() -> None:
        wait_until(lambda: press.room.asked("/coast/1") > 0)
        with closing(sqlite3.connect(database, timeout=20, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            done.wait(60)

    holder = threading.Thread(target=hold)
    holder.start()
    with monkeypatch.context() as hasty:
        hasty.setattr(Store, "open", partial(Store.open, busy_s=0.3))
        with pytest.raises(StoreError) as caught:
            crawled(press, database)
    done.set()
    holder.join()
    assert (caught.value.code, caught.value.retryable) == ("store_locked", True)
    assert_whole(database)
    assert crawled(press, database) == 0
    assert_complete(database, press.all)
