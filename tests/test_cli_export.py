"""`scraper export`: the same articles in three formats, what narrows them, and what is refused without leaving half a file."""

import csv
import importlib.util
import io
import json
import os
import resource
import signal
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from refusals import assert_interrupted
from test_store_samples import NOW, VALLEY, article_of, body_of, fill, link_of, opened, page_of, url_of

from scraper.cli.app import main
from scraper.export import COLUMNS, write_table
from scraper.export.tables import CHUNK
from scraper.records import StoredArticle
from scraper.store import Filters, Store

needs_pyarrow = pytest.mark.skipif(
    importlib.util.find_spec("pyarrow") is None, reason="pyarrow is not installed: pip install 'scraper[parquet]'"
)
COMMAND = [sys.executable, "-m", "scraper", "export"]
SNIPPETS = (Path(__file__).parents[1] / "docs" / "database.md").read_text(encoding="utf-8").split("```python\n")[1:]


@pytest.fixture
def db(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "news.db"
    fill(path)
    store, run = opened(path)
    with store:
        wire = article_of(
            "bridge", headline="=1+1", body=f"By our own staff.\r\n\r\n{body_of('bridge')}", authors=('Ann "Nan" Li', "C, Jr.")
        )
        url = "https://valley.example/2026/rust"
        store.record_article(run, link_of(url, source=VALLEY), page_of(url), wire)
    return path


def exported(db: Path, target: Path, *options: str) -> Path:
    assert main(["export", str(target), "--db", str(db), "--quiet", *options]) == 0
    return target


def records(db: Path, tmp_path: Path, *options: str) -> list[dict[str, Any]]:
    text = exported(db, tmp_path / "a.jsonl", "--force", *options).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_json_lines_hold_every_column_of_every_article(db: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(tmp_path / "a.jsonl"), "--db", str(db)]) == 0
    assert capsys.readouterr().err == f"scraper: 7 articles written to {tmp_path / 'a.jsonl'}: 0.0 MB\n"
    found = records(db, tmp_path)
    assert [list(record) for record in found] == [list(COLUMNS)] * 7
    assert [record["id"] for record in found] == list(range(1, 8))
    story = found[0]
    assert (story["authors"], story["agencies"], story["tags"]) == (["Aoife Brennan"], ["Island Wire"], ["council", "ferry"])
    assert (story["day"], story["first_seen_at"], story["paywalled"]) == ("2026-01-05", "2026-01-05T12:00:00+00:00", None)
    assert story["body"].endswith("Correction: an earlier version named the wrong month.")


def test_the_columns_are_those_of_the_view_and_the_texts(db: Path) -> None:
    with Store.open(db, read_only=True) as store:
        view = store._connection.rows("SELECT * FROM article_list ORDER BY id")
        with store.stories(Filters(limit=None)) as found:
            articles = list(found)
    assert set(COLUMNS) - set(view[0].keys()) == {"body", "standfirst"}
    assert set(view[0].keys()) <= set(COLUMNS)
    for name in ("source", "published", "headline", "words", "verdict", "confidence", "urls", "url", "original_id", "likeness"):
        assert [getattr(article, name) for article in articles] == [row[name] for row in view]
    for name in ("authors", "agencies", "tags"):
        assert [", ".join(getattr(article, name)) or None for article in articles] == [row[name] for row in view]


def test_csv_is_rfc_4180_and_leaves_data_as_it_is(db: Path, tmp_path: Path) -> None:
    written = exported(db, tmp_path / "a.csv").read_bytes()
    assert written.startswith(",".join(COLUMNS).encode() + b"\r\n1,harbour,")
    rows = list(csv.DictReader(io.StringIO(written.decode("utf-8"), newline="")))
    assert rows[-1]["headline"] == "=1+1"
    assert rows[-1]["authors"] == 'Ann "Nan" Li; C, Jr.'
    assert [row["body"] for row in rows] == [record["body"] for record in records(db, tmp_path)]
    assert rows[0]["first_seen_at"] == "2026-01-05T12:00:00+00:00"
    assert rows[0]["original_id"] == ""


@needs_pyarrow
def test_parquet_is_typed_and_compressed_with_zstd(db: Path, tmp_path: Path) -> None:
    from pyarrow import parquet

    file = exported(db, tmp_path / "a.parquet")
    types = {entry.name: str(entry.type) for entry in parquet.read_schema(file)}
    assert {types[name] for name in ("published_utc", "first_seen_at", "content_changed_at")} == {"timestamp[ms, tz=UTC]"}
    assert (types["day"], types["words"], types["paywalled"], types["confidence"]) == ("date32[day]", "int64", "bool", "double")
    assert {types[name].partition("<")[0] for name in ("authors", "agencies", "tags")} == {"list"}
    assert parquet.ParquetFile(file).metadata.row_group(0).column(0).compression == "ZSTD"
    rows = parquet.read_table(file).to_pylist()
    assert rows[0]["first_seen_at"] == datetime(2026, 1, 5, 12, tzinfo=UTC)
    assert rows[0]["day"] == date(2026, 1, 5)
    lines = records(db, tmp_path)
    for name in ("headline", "body", "authors", "tags", "original_id", "paywalled"):
        assert [row[name] for row in rows] == [line[name] for line in lines]


@needs_pyarrow
def test_parquet_of_many_groups_holds_every_row_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    from pyarrow import parquet

    from scraper.export import parquet as ours

    monkeypatch.setattr(ours, "GROUP_ROWS", 1_000)
    file = io.BytesIO()
    assert write_table(map(made, range(3_700)), file, "parquet", ("id", "body")) == 3_700
    assert parquet.ParquetFile(file).num_row_groups == 4
    assert parquet.read_table(file)["id"].to_pylist() == list(range(3_700))


def made(number: int) -> StoredArticle:
    empty = dict.fromkeys(COLUMNS)
    return StoredArticle(**empty | {"id": number, "authors": (), "agencies": (), "tags": ("a", "b")})  # type: ignore[arg-type]


@pytest.mark.parametrize("count", [0, 1, CHUNK, CHUNK + 1])
def test_text_is_handed_over_in_chunks_and_none_is_lost(count: int) -> None:
    file = io.BytesIO()
    assert write_table(map(made, range(count)), file, "csv", ("id", "tags")) == count
    assert file.getvalue().decode().splitlines() == ["id,tags", *(f"{number},a; b" for number in range(count))]


def test_control_characters_are_escaped_in_json() -> None:
    file = io.BytesIO()
    write_table([made(1)._replace(headline="a\x1b[2J\x9bb")], file, "jsonl", ("headline",))
    assert file.getvalue() == b'{"headline": "a\\u001b[2J\\u009bb"}\n'


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        (["--source", "valley"], [6, 7]),
        (["--without-copies"], [1, 2, 3, 4, 5, 6]),
        (["--tag", "FERRY"], [1]),
        (["--author", "c, jr"], [7]),
        (["--since", "2026-01-05"], None),
        (["--limit", "2"], [1, 2]),
        (["ferry OR school"], [1, 3]),
        (["rust", "cables", "--source", "valley"], [7]),
        (["--language", "cy"], []),
    ],
)
def test_what_narrows_a_search_narrows_an_export(db: Path, tmp_path: Path, options: list[str], ids: list[int] | None) -> None:
    found = records(db, tmp_path, *options)
    if ids is None:
        ids = [record["id"] for record in records(db, tmp_path) if record["published_utc"] >= "2026-01-05"]
    assert [record["id"] for record in found] == ids


def test_columns_are_chosen_and_ordered(db: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["export", "-", "--format", "csv", "--db", str(db), "--columns", "day, id", "--limit", "1"]) == 0
    assert capsysbinary.readouterr().out == b"day,id\r\n2026-01-05,1\r\n"
    assert "body" not in records(db, tmp_path, "--no-body")[0]


@pytest.mark.parametrize(
    ("options", "code", "sentence"),
    [
        (["a.jsonl", "--source", "vally"], 2, "there is no source 'vally' in the database; did you mean valley?"),
        (["a.xlsx"], 2, "the name a.xlsx does not say which format is meant: --format parquet, csv or jsonl does"),
        (["-"], 2, "standard output does not say which format is meant: --format parquet, csv or jsonl does"),
        (["-", "--format", "parquet"], 2, "Parquet goes to a file, not to standard output"),
        (["a.csv", "--columns", "id,text"], 2, f"there is no column 'text'; there are {', '.join(COLUMNS)}"),
        (["a.csv", "--columns", "body", "--no-body"], 2, "no column is left to write"),
        (["a.csv", '"ferry'], 2, "the search '\"ferry' cannot be understood: a quotation mark is not closed"),
        (["there.csv"], 2, "there.csv exists; --force writes over it"),
        (["data/news.db", "--format", "csv", "--force"], 2, "data/news.db is the database itself"),
        (["nowhere/a.csv"], 2, "there is no directory nowhere"),
        (["a.csv", "--db", "none.db"], 5, "none.db does not exist; `scraper run` makes it"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(
    db: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], options: list[str], code: int, sentence: str
) -> None:
    tmp_path = db.parents[1]
    monkeypatch.chdir(tmp_path)
    Path("there.csv").write_text("notes")
    assert main(["export", "--db", "data/news.db", *options]) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == f"scraper: {sentence}\n" or (code == 5 and said.err.count("\n") == 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "there.csv"]
    assert Path("there.csv").read_text() == "notes"


def test_a_database_without_articles_gives_a_file_without_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Store.open(tmp_path / "news.db").close()
    assert main(["export", str(tmp_path / "a.csv"), "--db", str(tmp_path / "news.db")]) == 0
    assert capsys.readouterr().err.startswith("scraper: 0 articles written to ")
    assert (tmp_path / "a.csv").read_text() == ",".join(COLUMNS) + "\n"


def test_without_pyarrow_one_sentence_says_what_to_install(
    db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    assert main(["export", str(tmp_path / "a.parquet"), "--db", str(db)]) == 2
    said = "Parquet cannot be written or read without pyarrow: pip install 'scraper[parquet]'; CSV and JSONL need nothing"
    assert capsys.readouterr().err == f"scraper: {said}\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]


def many(db: Path, number: int) -> None:
    store, run = opened(db)
    with store, store.together():
        for story in range(number):
            url = url_of(f"story-{story}")
            text = " ".join(f"word{(story * 7919 + place * 104729) % 99991}" for place in range(300))
            store.record_article(run, link_of(url), page_of(url, at=NOW), article_of(f"story-{story}", body=text))


@pytest.mark.parametrize("suffix", ["csv", "jsonl", pytest.param("parquet", marks=needs_pyarrow)])
def test_a_disk_without_room_leaves_what_was_there(db: Path, tmp_path: Path, suffix: str) -> None:
    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    many(db, 120)
    target = tmp_path / f"a.{suffix}"
    target.write_text("the last good one")
    command = [*COMMAND, str(target), "--db", str(db), "--force"]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False, preexec_fn=small)
    assert done.stderr == f"scraper: {target} cannot grow: the disk is full\n"
    assert done.returncode == 5
    assert target.read_text() == "the last good one"
    assert sorted(path.name for path in tmp_path.iterdir()) == [target.name, "data"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_nothing(db: Path, tmp_path: Path, number: int) -> None:
    slowed = "from scraper.export import tables; pour = tables._pour; tables._pour = lambda *given: (pour(*given), time.sleep(30))"
    assert_interrupted(slowed, ["export", str(tmp_path / "a.csv"), "--db", str(db)], (tmp_path, ".a.csv.*.part"), number)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_standard_output_without_room_is_a_full_disk(db: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, "-", "--format", "csv", "--db", str(db)], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (done.returncode, done.stderr) == (5, "scraper: standard output cannot grow: the disk is full\n")


def test_a_reader_that_goes_away_ends_it_without_a_word(db: Path) -> None:
    many(db, 60)
    command = [*COMMAND, "-", "--format", "jsonl", "--db", str(db)]
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")


def test_nothing_is_sorted_whatever_narrows(db: Path) -> None:
    asked: list[str] = []
    with Store.open(db, read_only=True) as store:
        connection = store._connection
        connection.db.conn.set_trace_callback(asked.append)
        with store.stories(Filters(source_id="harbour", since=NOW, tag="ferry", limit=None), "ferry", with_copies=False) as found:
            list(found)
        connection.db.conn.set_trace_callback(None)
        (query,) = [sql for sql in asked if "json_group_array" in sql]
        plan = " ".join(row["detail"] for row in connection.rows(f"EXPLAIN QUERY PLAN {query}"))
    assert "SEARCH articles USING INTEGER PRIMARY KEY" in plan
    assert "USE TEMP B-TREE" not in plan


@pytest.mark.parametrize("snippet", [part.partition("```")[0] for part in SNIPPETS])
def test_the_snippets_of_the_page_run_where_their_library_is(
    db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, snippet: str
) -> None:
    needed = {line.split()[1].partition(".")[0] for line in snippet.splitlines() if line.startswith("import ")} | {"pyarrow"}
    if missing := sorted(name for name in needed if importlib.util.find_spec(name) is None):
        pytest.skip(f"not installed: {', '.join(missing)}")
    exported(db, tmp_path / "articles.parquet")
    monkeypatch.chdir(tmp_path)
    exec(compile(snippet, "docs/database.md", "exec"), {})
