"""Does `scraper serve` show the database and let nobody write, reach further, or listen from elsewhere? The real command, on loopback."""

import json
import re
import signal
import socket
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from looking import HOSTILE, Served, fill_richly, needs_look, served
from refusals import assert_refused
from test_store_samples import NOW, article_of, body_of, link_of, opened, page_of, url_of

from scraper.cli.app import main
from scraper.look import serving
from scraper.look.metadata import FACETS, SEARCH
from scraper.look.plugin import WITH_KEYS
from scraper.store import Store
from scraper.store.search import RANKED

pytestmark = needs_look


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("a folder with #100 % ? signs") / "news.db"
    fill_richly(path)
    with Store.open(path) as store:
        run = store.begin_run("run", started_at=NOW)
        for name, language, body in (("bund", "de", "Die Bundesregierung tagt."), ("hashi", "ja", "東京都の橋は閉鎖された。")):
            url = url_of(name)
            store.record_article(run, link_of(url), page_of(url), article_of(name, language=language, body=body, standfirst=None))
        store.finish_run(run, finished_at=NOW, status="ok", exit_code=0)
    return path


@pytest.fixture(scope="module")
def server(db: Path) -> Iterator[Served]:
    with served(db) as server:
        yield server


@pytest.fixture(scope="module")
def client(server: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=60, trust_env=False) as client:
        yield client


def rows(client: httpx.Client, path: str, **parameters: str) -> list[dict[str, object]]:
    answer = client.get(f"/news/{path}.json", params={"_shape": "array", **parameters})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert isinstance(found, list)
    return found


def test_the_address_is_said_and_nothing_else(server: Served, db: Path) -> None:
    assert re.fullmatch(rf"scraper: {re.escape(str(db))} is open at http://127\.0\.0\.1:\d+/ \(Ctrl-C ends it\)\n", "".join(server.said))


def test_the_first_page_has_the_plots_and_the_tables(client: httpx.Client) -> None:
    for path in ("/", "/-/dashboard"):
        page = client.get(path)
        assert page.status_code == 200
        assert page.text.count("<svg") == 10
        assert 'href="/news/coverage"' in page.text
        assert "<script" not in page.text
        assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")


def test_days_and_a_source_are_chosen_in_the_form(client: httpx.Client) -> None:
    page = client.get("/", params={"since": "2025-12-10", "to": "2025-12-11", "source": "valley"}).text
    assert 'value="2025-12-10"' in page
    assert 'value="2025-12-11"' in page
    assert '<option value="valley" selected>' in page
    assert "in 2 days" in page


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        ("since=soon", "&#39;soon&#39; is no day such as 2026-01-31."),
        ("source=vally", "there is no source &#39;vally&#39; in the database; did you mean valley?"),
        ("since=2026-01-02&to=2026-01-01", "there is no day from 2026-01-02 to before 2026-01-02."),
        ("since=0001-01-01&to=9999-12-31", "from 0001-01-01 to before 9999-12-31 are more than 100 years."),
        ("to=0001-01-01", "No article was published in these days."),
    ],
)
def test_what_cannot_be_shown_is_one_sentence(client: httpx.Client, asked: str, complaint: str) -> None:
    page = client.get(f"/?{asked}")
    assert page.status_code == (200 if complaint.startswith("No article") else 400)
    assert complaint in page.text


def test_tables_and_columns_are_described_as_in_the_documentation(client: httpx.Client) -> None:
    page = client.get("/news/article_list").text
    assert "One row an article." in page
    assert "the people who wrote it, joined by “, ”" in page
    tables = client.get("/-/metadata.json").json()["databases"]["news"]["tables"]
    existing = {row["name"] for row in rows_of(client, "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')", {})}
    assert {name for name in existing if not re.search(r"_fts(_|$)|^sqlite_", name)} <= set(tables)
    assert all(table["description"] and table["columns"] for table in tables.values())


def rows_of(client: httpx.Client, sql: str, asked: dict[str, str]) -> list[dict[str, Any]]:
    answer = client.get("/news.json", params={"sql": sql, "_shape": "array", **asked})
    found: list[dict[str, Any]] = answer.json()
    return found


def test_every_saved_query_runs(client: httpx.Client) -> None:
    queries = client.get("/-/metadata.json").json()["databases"]["news"]["queries"]
    assert len(queries) > 40
    assert [name for name in queries if client.get(f"/news/{name}.json").status_code != 200] == []


def test_facets_are_columns_that_there_are(client: httpx.Client) -> None:
    assert len(FACETS) > 10
    for table, facets in FACETS.items():
        columns = [facet["date"] if isinstance(facet, dict) else facet for facet in facets]
        answer = client.get("/news.json", params={"sql": f"SELECT {', '.join(columns)} FROM {table}"}).json()
        assert answer["columns"] == columns, table
        assert client.get(f"/news/{table}").status_code == 200


@pytest.mark.parametrize(
    ("words", "headline"),
    [
        ("ferry", "What becomes of the ferry"),
        ("regierung", "What becomes of the bund"),
        ("東京", "What becomes of the hashi"),
        ('"C++ programmers"', "What becomes of the covid-19"),
    ],
)
def test_the_saved_search_finds_what_the_command_finds(client: httpx.Client, db: Path, words: str, headline: str) -> None:
    found = rows(client, "search", words=words, source_id="harbour")
    with Store.open(db, read_only=True) as store:
        expected = [hit.article_id for hit in store.search(words) if hit.source_id == "harbour"]
    assert [row["article_id"] for row in found] == expected
    assert found[0]["headline"] == headline


def test_of_very_many_matches_the_saved_search_ranks_the_newest(client: httpx.Client) -> None:
    sql = SEARCH.replace(f"LIMIT {RANKED}", "LIMIT 2")
    asked = {"words": "the OR die", "source_id": "harbour", "since": "", "until": ""}
    every, newest = ([row["article_id"] for row in rows_of(client, query, asked)] for query in (SEARCH, sql))
    assert len(every) > 4
    assert sorted(newest) == sorted(every)[-2:]


def test_a_search_that_cannot_be_understood_says_why(client: httpx.Client) -> None:
    (row,) = rows(client, "search", words='"ferry')
    assert row["headline"] == "the search '\"ferry' cannot be understood: a quotation mark is not closed"
    assert rows(client, "search", words="") == []


@pytest.mark.parametrize(("path", "column"), [("article_list", "id"), ("copies", "original_id"), ("changes", "article_id")])
def test_a_story_is_one_click_away(client: httpx.Client, path: str, column: str) -> None:
    shown = client.get(f"/news/{path}").text
    link = re.search(rf'<td class="col-{column}[^>]*><a href="(/news/articles/\d+)">\d+</a>', shown)
    assert link is not None
    assert client.get(link[1]).status_code == 200


def test_the_tables_whose_stories_datasette_links_itself_are_known(db: Path) -> None:
    asked = "SELECT m.name FROM sqlite_master AS m, pragma_foreign_key_list(m.name) AS key WHERE key.\"table\" = 'articles'"
    with closing(sqlite3.connect(db)) as database:
        assert {name for (name,) in database.execute(asked)} == WITH_KEYS


def test_the_search_box_of_a_table_works(client: httpx.Client) -> None:
    assert rows(client, "article_list", _search="ferry")


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM articles",
        "WITH one AS (SELECT 1) DELETE FROM articles",
        "PRAGMA query_only = 0",
        "ATTACH DATABASE '/etc/passwd' AS x",
        "SELECT load_extension('x')",
        "SELECT readfile('/etc/passwd')",
        "SELECT length(zeroblob(90000000))",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    ],
)
def test_sql_can_only_read_and_not_for_long(client: httpx.Client, sql: str) -> None:
    assert client.get("/news.json", params={"sql": sql, "_timelimit": "500"}).status_code == 400
    assert client.get("/news.json", params={"sql": "SELECT count(*) FROM articles", "_shape": "array"}).json() != [{"count(*)": 0}]


def test_the_file_is_not_given_out(client: httpx.Client) -> None:
    assert client.get("/news.db").status_code == 403
    assert client.get("/-/static/../../../../../../etc/passwd").status_code in {403, 404}


def test_what_pages_say_is_text(client: httpx.Client) -> None:
    for path in ("/", "/news/article_list", "/news/authors", "/news/tags"):
        page = client.get(path).text
        assert "<script>alert" not in page
    assert HOSTILE in [row["name"] for row in rows(client, "authors", _size="max")]


def test_only_its_own_names_are_answered(client: httpx.Client, server: Served) -> None:
    port = server.url.rstrip("/").rpartition(":")[2]
    for name, code in (("evil.example", 421), (f"evil.example:{port}", 421), ("", 421), (f"localhost:{port}", 200), (f"[::1]:{port}", 200)):
        assert client.get("/news.json", headers={"host": name}).status_code == code, name


def test_every_answer_keeps_to_itself(client: httpx.Client) -> None:
    for path in ("/", "/?since=soon", "/news", "/news/articles", "/nowhere", "/-/static/app.css"):
        headers = client.get(path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")
        assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_shows_what_a_run_writes_and_ends_quietly(tmp_path: Path, number: signal.Signals) -> None:
    db = tmp_path / "news.db"
    store, run = opened(db)
    with store, served(db) as server:
        assert "Nothing is stored here yet." in httpx.get(server.url, trust_env=False, timeout=60).text
        store.record_article(run, link_of(url_of("tram")), page_of(url_of("tram")), article_of("tram", body=body_of("tram")))
        seen = httpx.get(f"{server.url}news/article_list.json?_shape=array", trust_env=False, timeout=60).json()
        assert [row["headline"] for row in seen] == ["What becomes of the tram"]
        assert httpx.get(f"{server.url}news.json?sql=select+nothing", trust_env=False, timeout=60).status_code == 400
        assert server.end(number) == (0, "")


def test_a_port_in_use_is_one_sentence(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        assert main(["serve", "--db", str(db), "--port", str(port)]) == 2
    assert capsys.readouterr().err == f"scraper: port {port} is in use; --port 0 takes any that is free\n"


def test_elsewhere_than_here_needs_to_be_asked_for(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--db", str(db), "--host", "0.0.0.0", "--port", "0"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("scraper: 0.0.0.0 is not only this machine: everybody who reaches it could read all of ")
    assert said.endswith("without a password; --expose does it all the same\n")


def test_who_can_reach_it_is_said(db: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is opened to the network for it: what would listen and answer is put in place."""
    known: list[frozenset[str] | None] = []
    monkeypatch.setattr(serving, "_listening", lambda *_: socket.create_server(("127.0.0.1", 0)))
    monkeypatch.setattr(serving, "_application", lambda _, hosts: known.append(hosts))
    monkeypatch.setattr(serving, "_answer", lambda *_: None)
    assert main(["serve", "--db", str(db), "--host", "0.0.0.0", "--port", "0", "--expose"]) == 0
    first, second = capsys.readouterr().err.splitlines()
    assert first == f"scraper: everybody who reaches 0.0.0.0 can read all of {db} and ask it anything, without a password"
    assert re.fullmatch(rf"scraper: {re.escape(str(db))} is open at http://0\.0\.0\.0:\d+/ \(Ctrl-C ends it\)", second)
    assert main(["serve", "--db", str(db), "--host", "localhost", "--port", "0"]) == 0
    assert known == [None, frozenset({"localhost", "127.0.0.1", "[::1]"})]


@pytest.mark.parametrize(
    "case",
    [
        (("--host", "no..host"), 2, "there is no host 'no..host'"),
        (("--host", "192.0.2.1", "--expose"), 2, "port 0 of 192.0.2.1 cannot be opened: cannot assign requested address"),
        (("--db", "missing.db"), 5, "there is no database at missing.db"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], case: tuple[tuple[str, ...], int, str]
) -> None:
    arguments, code, sentence = case
    monkeypatch.chdir(tmp_path)
    assert_refused(capsys, ["serve", "--db", str(db), "--port", "0", *arguments], code, sentence)


def test_a_database_of_a_newer_version_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    db = tmp_path / "news.db"
    Store.open(db).close()
    with closing(sqlite3.connect(db)) as connection, connection:
        step = ("scraper", "9999_future", "2030-01-01")
        connection.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, ?, ?)", step)
    assert main(["serve", "--db", str(db), "--port", "0"]) == 5
    assert "was written by a newer version of this program" in capsys.readouterr().err


def test_without_the_library_it_says_what_to_install(db: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "datasette", None)
    assert main(["serve", "--db", str(db), "--port", "0"]) == 2
    assert capsys.readouterr().err == "scraper: there is nothing to serve with: pip install 'scraper[serve]' (datasette is missing)\n"


def test_the_examples_are_those_of_the_documentation() -> None:
    from scraper.look.described import described

    page = (Path(__file__).parents[1] / "docs" / "database.md").read_text(encoding="utf-8")
    examples = [example.sql for entry in described() for example in entry.examples]
    assert len(examples) == page.count("```sql\n")
    assert all(sql in page for sql in examples)
    assert json.dumps(examples)
