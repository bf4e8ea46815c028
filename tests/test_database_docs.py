"""Is every table, column and view described in docs/database.md, and does every query there run and find something?"""

import re
import shlex
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from test_store_samples import NOW, VALLEY, article_of, body_of, fill, link_of, page_of

from scraper.errors import BadStatus
from scraper.store import Origin, Store, prepared

DOCS = (Path(__file__).parents[1] / "docs" / "database.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"^```sql\n(.*?)^```", DOCS, re.MULTILINE | re.DOTALL)
COMMANDS = [line for block in re.findall(r"^```sh\n(.*?)^```", DOCS, re.MULTILINE | re.DOTALL) for line in block.splitlines()]


def described() -> dict[str, list[str]]:
    """Give, for each table and view with a heading of its own, the columns described below it."""
    sections = re.split(r"^#+ (?=\S)", DOCS, flags=re.MULTILINE)
    found = {}
    for section in sections:
        if heading := re.match(r"(Table|View) `(\w+)`\n", section):
            found[f"{heading[1].lower()} {heading[2]}"] = re.findall(r"^\| `(\w+)` \| \S", section, re.MULTILINE)
    return found


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("docs") / "data" / "news.db"
    fill(path)
    with Store.open(path) as store:  # a wire story in two papers: what the views of copies are asked about; and two scripts
        run = store.begin_run("run", started_at=NOW)
        reprint = article_of("bridge", headline="Rust in the cables", body=f"By our own staff. {body_of('bridge')}\n\nMore tomorrow.")
        url = "https://valley.example/2026/rust"
        store.record_article(run, link_of(url, source=VALLEY), page_of(url), reprint)
        for name, language, body in (("bund", "de", "Die Bundesregierung tagt."), ("hashi", "ja", "東京都の橋は閉鎖された。")):
            url = f"https://valley.example/2026/{name}"
            story = article_of(name, language=language, body=body, standfirst=None)
            store.record_article(run, link_of(url, source=VALLEY), page_of(url), story)
        store.remember_look(VALLEY.id, NOW, 3)
        for hours in (0, 6, 12):  # and a paper whose feed refuses us
            refused = BadStatus("refused", code="http_403", url=VALLEY.feeds[0], status=403)
            at = NOW + timedelta(hours=hours)
            store.record_failure(run, refused, source_id=VALLEY.id, url=VALLEY.feeds[0], kind="feed", at=at)
        url = "https://valley.example/2026/tide"  # and a story of a batch
        origin = Origin("/data/batch", "CC-1-0-abc", "crawl/CC-1.warc.gz", 512, 900, "sha1:A")
        with store.together():
            store.record_imported(run, link_of(url, source=VALLEY), page_of(url), prepared(article_of("tide")), origin)
        store.judge_health(run, at)
        store.finish_run(run, finished_at=NOW, status="ok", exit_code=0)
    return path


@pytest.fixture
def database(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
        yield database


def existing(database: sqlite3.Connection) -> dict[str, list[str]]:
    """Give the columns of every table and view, in order; the search indexes' own tables left out."""
    names = database.execute(
        "SELECT type, name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        " AND name NOT LIKE '%\\_fts\\_%' ESCAPE '\\'"
    )
    return {
        f"{kind} {name}": [column for (column,) in database.execute("SELECT name FROM pragma_table_info(?)", (name,))]
        for kind, name in names
    }


def test_every_table_view_and_column_is_described_in_its_order_and_nothing_else_is(database: sqlite3.Connection) -> None:
    assert described() == existing(database)


@pytest.mark.parametrize("query", QUERIES, ids=[" ".join(query.split())[:60] for query in QUERIES])
def test_every_example_runs_and_finds_something(database: sqlite3.Connection, query: str) -> None:
    assert database.execute(query).fetchall() != []


def test_every_example_begins_with_its_question() -> None:
    assert [query for query in QUERIES if not re.match(r"-- \S", query)] == []  # `scraper serve` names it so


def test_every_table_and_view_has_an_example(database: sqlite3.Connection) -> None:
    asked = " ".join(QUERIES)
    assert [name for name in existing(database) if not re.search(rf"(FROM|JOIN) {name.split()[1]}\b", asked)] == []


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="the sqlite3 shell is not installed here")
@pytest.mark.parametrize("command", COMMANDS, ids=[command[:60] for command in COMMANDS])
def test_every_command_runs_and_prints_something(path: Path, command: str) -> None:
    arguments = shlex.split(command.partition(" > ")[0])
    assert arguments[:2] == ["sqlite3", "-readonly"]
    done = subprocess.run(arguments, cwd=path.parents[1], capture_output=True, text=True, check=True)
    assert done.stdout.strip()
    assert done.stderr == ""


def test_the_backup_command_in_the_text_works(path: Path, tmp_path: Path) -> None:
    command = 'sqlite3 -readonly data/news.db ".backup copy.db"'
    assert command in DOCS
    if shutil.which("sqlite3"):
        copy = tmp_path / "copy.db"
        subprocess.run(shlex.split(command.replace("copy.db", str(copy))), cwd=path.parents[1], check=True)
        with closing(sqlite3.connect(copy)) as database:
            assert database.execute("SELECT count(*) FROM articles").fetchone() == (10,)


def test_the_pauses_between_attempts_are_the_documented_ones() -> None:
    from scraper.store.frontier import MOST_ATTEMPTS, _pause

    minutes = [round(_pause(attempts).total_seconds() / 60) for attempts in range(1, 8)]
    assert minutes == [15, 45, 135, 405, 1215, 1440, 1440]
    assert "15 minutes, 45 minutes, 2¼, 6¾ and 20 hours, then daily" in DOCS
    assert MOST_ATTEMPTS == 10
    assert "after ten attempts" in DOCS
