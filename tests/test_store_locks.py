"""Does one process write at a time, does nobody wait for ever, and does a dead process hold up nobody? Asked with real other processes."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from test_store_samples import article_of, link_of, opened, page_of, refusal, url_of

from scraper.errors import StoreError
from scraper.store import Store


def python(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Start another Python process and wait until it says that it is ready."""
    process = subprocess.Popen([sys.executable, "-c", code, *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "ready"
    return process


def ended(process: subprocess.Popen[str]) -> None:
    process.communicate()


HOLD_WITH_SQLITE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("ready", flush=True)
sys.stdin.read()
"""
HOLD_WITH_STORE = """
import sys
from scraper.store import Store
with Store.open(sys.argv[1]):
    print("ready", flush=True)
    sys.stdin.read()
"""
FORK_A_CHILD_THAT_STAYS = """
import os, sys, time
from scraper.store import Store
store = Store.open(sys.argv[1])
child = os.fork()
if child == 0:
    time.sleep(60)
    os._exit(0)
print("ready", flush=True)
print(child, flush=True)
sys.stdin.read()
"""


def test_a_database_locked_by_another_process_is_refused_after_the_busy_time(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    Store.open(path).close()
    holder = python(HOLD_WITH_SQLITE, path)
    error = refusal(lambda: Store.open(path, busy_s=0.2))
    ended(holder)
    assert (error.code, error.retryable, error.message) == ("store_locked", True, f"{path} is locked by another process")
    Store.open(path).close()


def test_a_lock_that_comes_between_costs_the_call_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    store, run = opened(path, busy_s=0.2)
    with store:
        holder = python(HOLD_WITH_SQLITE, path)
        with pytest.raises(StoreError) as caught:
            store.record_article(run, link_of(url_of("ferry")), page_of(url_of("ferry")), article_of("ferry"))
        assert caught.value.code == "store_locked"
        with Store.open(path, read_only=True) as reader:
            assert reader.stats().articles == 0, "readers are not held up"
        ended(holder)
        assert store.record_article(run, link_of(url_of("ferry")), page_of(url_of("ferry")), article_of("ferry")).outcome == "new"


def test_a_lock_that_goes_away_in_time_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    Store.open(path).close()
    for code in (HOLD_WITH_SQLITE, HOLD_WITH_STORE):
        holder = python(code.replace("sys.stdin.read()", "import time; time.sleep(0.3)"), path)
        Store.open(path, busy_s=30).close()
        ended(holder)


def test_one_process_writes_at_a_time_and_any_number_read(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    holder = python(HOLD_WITH_STORE, path)
    error = refusal(lambda: Store.open(path, busy_s=0.1))
    assert error.code == "store_locked"
    assert f"(number {holder.pid})" in error.message
    Store.open(path, read_only=True).close()
    ended(holder)
    Store.open(path).close()


def test_a_killed_process_leaves_no_lock_behind(tmp_path: Path) -> None:
    holder = python(HOLD_WITH_STORE, tmp_path / "news.db")
    holder.kill()
    ended(holder)
    Store.open(tmp_path / "news.db", busy_s=0.5).close()


def test_a_child_that_outlives_its_killed_parent_does_not_keep_the_lock(tmp_path: Path) -> None:
    parent = python(FORK_A_CHILD_THAT_STAYS, tmp_path / "news.db")
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    try:
        Store.open(tmp_path / "news.db", busy_s=0.5).close()
    finally:
        os.kill(child, signal.SIGKILL)
        ended(parent)


def test_a_second_writer_in_the_same_process_is_refused_too(tmp_path: Path) -> None:
    with Store.open(tmp_path / "news.db"):
        assert refusal(lambda: Store.open(tmp_path / "news.db", busy_s=0)).code == "store_locked"
    Store.open(tmp_path / "news.db", busy_s=0).close()


def test_two_names_of_one_database_meet_at_one_lock(tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "news.db")
    with Store.open(tmp_path / "news.db"):
        assert refusal(lambda: Store.open(tmp_path / "link.db", busy_s=0)).code == "store_locked"
    with Store.open(tmp_path / "link.db") as store:
        assert store.stats().size_bytes > 4096


def test_calls_from_several_threads_run_one_after_another(tmp_path: Path) -> None:
    topics = [f"topic {number}" for number in range(40)]
    store, run = opened(tmp_path / "news.db")
    with store, ThreadPoolExecutor(8) as threads:

        def save(topic: str) -> str:
            return store.record_article(run, link_of(url_of(topic)), page_of(url_of(topic)), article_of(topic)).outcome

        assert list(threads.map(save, topics)) == ["new"] * 40
        assert store.stats().articles == 40


def test_readers_see_a_writers_commits_and_never_wait(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    store, run = opened(path)
    with store, Store.open(path, read_only=True, busy_s=0) as reader:
        for number, topic in enumerate(("ferry", "bridge", "school"), start=1):
            store.record_article(run, link_of(url_of(topic)), page_of(url_of(topic)), article_of(topic))
            assert reader.stats().articles == number
