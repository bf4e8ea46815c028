"""Does `scraper run` end with code 5 and one sentence where nothing more can be written, nothing half written, and go on afterwards?"""

import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from newsroom import Newsroom, newsroom
from test_cli import write_sources
from test_crawl_kill import assert_whole
from test_store_samples import fill

STORIES = 24
# A disk of its own for one command, in a mount namespace that ends with it.
SMALL_DISK = (
    'mount -t tmpfs -o size=$1 tmpfs "$2" && cp -r "$3/." "$2" && cd "$2" && shift 3 && "$@"; code=$?; cp -r . "$OLDPWD/left"; exit $code'
)


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with newsroom() as site:
        urls = [site.story(f"/{number}", f"place {number} {'abcdefghij'[number % 10] * 9}") for number in range(STORIES)]
        site.feed("/feed.xml", urls)
        yield site


def run(folder: Path, sources: Path, before: Callable[[], None] | None = None) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "scraper", "run", "--quiet", "--sources", str(sources)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, preexec_fn=before)


def articles(db: Path) -> int:
    with closing(sqlite3.connect(db)) as connection:
        return int(connection.execute("SELECT count(*) FROM articles").fetchone()[0])


def test_files_that_may_not_grow_end_a_run_in_one_sentence(room: Newsroom, tmp_path: Path) -> None:
    sources = write_sources(tmp_path / "s.yaml", room)
    empty = tmp_path / "empty"
    empty.mkdir()
    size = 420_000  # the schema takes 270 kB
    done = run(empty, sources, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)))
    assert (done.returncode, done.stdout) == (5, "")
    assert done.stderr.startswith("scraper: data/news.db c")
    assert done.stderr.count("\n") == 1
    assert_whole(empty / "data" / "news.db")
    assert run(empty, sources).returncode == 0
    assert articles(empty / "data" / "news.db") == STORIES
    assert_whole(empty / "data" / "news.db")


def test_a_full_disk_ends_a_run_in_one_sentence_though_the_log_is_on_it_too(room: Newsroom, tmp_path: Path) -> None:
    if not shutil.which("unshare") or subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode:
        pytest.skip("a disk of one's own needs the right to mount one")
    sources = write_sources(tmp_path / "s.yaml", room)
    for name in ("disk", "before"):
        (tmp_path / name).mkdir()
    scraper = [sys.executable, "-m", "scraper", "run", "--quiet", "--sources", str(sources)]
    script = ["unshare", "-m", "sh", "-c", SMALL_DISK, "sh", "700k", str(tmp_path / "disk"), str(tmp_path / "before"), *scraper]
    done = subprocess.run(script, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (5, "")
    assert done.stderr == "scraper: data/news.db cannot grow: the disk is full\n"
    left = tmp_path / "left"
    assert_whole(left / "data" / "news.db")
    assert run(left, sources).returncode == 0
    assert articles(left / "data" / "news.db") == STORIES


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_that_holds_only_the_log_is_told_of_once_and_ends_nothing(room: Newsroom, tmp_path: Path) -> None:
    sources = write_sources(tmp_path / "s.yaml", room)
    command = [sys.executable, "-m", "scraper", "run", "--quiet", "--sources", str(sources), "--log", "/dev/full"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    told = "scraper: WARNING: lines are missing from the log file /dev/full: no space left on device\n"
    assert (done.returncode, done.stderr) == (0, told)
    assert articles(tmp_path / "data" / "news.db") == STORIES


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("command", [("search", "ferry"), ("stats",), ("export", "-", "--format", "csv"), ("report", "--out", "-")])
def test_what_is_printed_onto_a_full_disk_ends_in_one_sentence(command: tuple[str, ...], tmp_path: Path) -> None:
    db = tmp_path / "news.db"
    fill(db)
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        asked = [sys.executable, "-m", "scraper", *command, "--db", str(db)]
        done = subprocess.run(asked, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 5
    assert done.stderr.lower().startswith("scraper: ")
    assert done.stderr.count("\n") == 1
