"""Does each command do what docs/cli.md says, and say one clear sentence when it cannot? Real sites, real files, real processes."""

import gzip
import json
import os
import pty
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from newsroom import Answer, Newsroom, newsroom, wait_until

from fixtures.server import Served
from scraper.cli import main
from scraper.cli.app import app
from scraper.pipeline.exit_codes import MEANINGS
from scraper.pipeline.summary import RunSummary
from scraper.store import Store

CLI_DOC = Path(__file__).resolve().parents[1] / "docs" / "cli.md"
STORY = "<html><head><title>Ferry</title></head><body><article><h1>Ferry returns to the strait</h1>" + "".join(
    f"<p>The ferry sailed again on day {day} after the strait had been closed by ice for most of the long and bitter winter.</p>"
    for day in range(1, 6)
)


@dataclass
class Result:
    """What one command left: its exit code, and what it printed."""

    code: int
    out: str
    err: str


class Command:
    """Runs commands in this process, in a directory of their own."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: object) -> Result:
        self._capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        result = Result(code, *self._capsys.readouterr())
        assert "Traceback" not in result.err
        return result


@pytest.fixture
def scraper(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.chdir(tmp_path)
    return Command(capsys)


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with newsroom() as site:
        yield site


Process = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Process]:
    """Start commands in processes of their own, in the test's directory; what a test leaves running is killed."""
    with ExitStack() as stack:

        def start(*arguments: object, **how: int) -> "subprocess.Popen[str]":
            command = [sys.executable, "-m", "scraper", *(str(argument) for argument in arguments)]
            pipe = subprocess.PIPE
            running = subprocess.Popen(command, cwd=tmp_path, stdin=pipe, stdout=pipe, stderr=pipe, text=True, **how)  # type: ignore[call-overload]
            stack.enter_context(running)
            stack.callback(running.kill)
            return running  # type: ignore[no-any-return]

        yield start


def write_sources(path: Path, room: Newsroom, **fields: object) -> Path:
    entry = {"id": "coast", "name": "Coast", "domain": room.origin.removeprefix("http://"), "feeds": [f"{room.origin}/feed.xml"], **fields}
    path.write_text(json.dumps({"version": 1, "defaults": {"delay_s": 0, "allow_private": True}, "sources": [entry]}))
    return path


def count(db: Path, query: str) -> object:
    connection = sqlite3.connect(db)
    try:
        return connection.execute(query).fetchone()[0]
    finally:
        connection.close()


# --- run


def test_two_runs_over_the_fixture_sites_give_the_same_rows(scraper: Command, sites: Served, sources_file: Path, database: Path) -> None:
    first = scraper("run", "--sources", sources_file, "--db", database, "--json")
    total = json.loads(first.out)["total"]
    assert total["new"] > 20
    assert first.code == (1 if total["failed"] else 0)
    stored = count(database, "SELECT group_concat(url) FROM (SELECT url FROM articles ORDER BY url)")
    asked = len(sites.requests)

    again = scraper("run", "--sources", sources_file, "--db", database, "--json")
    second = json.loads(again.out)["total"]
    assert again.code == 0
    assert (second["links_new"], second["fetched"], second["new"]) == (0, 0, 0)
    assert second["not_modified"] > 0
    assert re.search(r"event=source source=tidewire .*not_modified=[1-9]", Path("data/scraper.log").read_text(encoding="utf-8"))
    assert count(database, "SELECT group_concat(url) FROM (SELECT url FROM articles ORDER BY url)") == stored
    assert any("if-none-match" in request.headers for request in sites.requests[asked:])


def test_run_ends_with_a_table_on_standard_error_and_nothing_on_standard_output(scraper: Command, room: Newsroom, tmp_path: Path) -> None:
    room.feed("/feed.xml", [room.story("/a", "Ostvik"), f"{room.origin}/none"])
    result = scraper("run", "--sources", write_sources(tmp_path / "s.yaml", room))
    assert result.code == 1
    assert result.out == ""
    assert re.search(r"coast +2 +2 +1 ", result.err)
    assert "failed: http_404 1" in result.err
    assert "scraper: 1 URL failed" in result.err
    assert max(len(line) for line in result.err.splitlines() if "─" in line or "coast" in line) <= 80
    assert "\x1b" not in result.err


def test_a_terminal_sees_progress(room: Newsroom, tmp_path: Path) -> None:
    room.feed("/feed.xml", [room.story("/a", "Ostvik")])
    sources = write_sources(tmp_path / "s.yaml", room)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "scraper", "run", "--sources", str(sources)]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=theirs) as running:
        os.close(theirs)
        seen = b""
        with suppress(OSError):  # how Linux tells that the other end is closed
            while piece := os.read(ours, 4096):
                seen += piece
    os.close(ours)
    assert running.returncode == 0
    assert b"sources" in seen
    assert b"pages" in seen
    assert b"1/1" in seen


def test_quiet_says_only_what_went_wrong(scraper: Command, room: Newsroom, tmp_path: Path) -> None:
    room.feed("/feed.xml", [room.story("/a", "Ostvik")])
    sources = write_sources(tmp_path / "s.yaml", room)
    assert scraper("run", "--quiet", "--sources", sources).err == ""
    room.feed("/feed.xml", [f"{room.origin}/none"])
    assert scraper("run", "--quiet", "--sources", sources).err == "scraper: 1 URL failed; data/scraper.log says which and why\n"


def test_a_named_source_runs_even_when_it_is_disabled(scraper: Command, room: Newsroom, tmp_path: Path) -> None:
    room.feed("/feed.xml", [room.story("/a", "Ostvik")])
    sources = write_sources(tmp_path / "s.yaml", room, enabled=False)
    refused = scraper("run", "--sources", sources)
    assert (refused.code, refused.err) == (
        2,
        "scraper: no source is enabled (of 1): set `enabled: true` on one, or name one with --source ID\n",
    )
    assert scraper("run", "--sources", sources, "--source", "coast").code == 0


def test_an_unknown_source_is_refused_with_the_nearest_one(scraper: Command, room: Newsroom, tmp_path: Path) -> None:
    result = scraper("run", "--sources", write_sources(tmp_path / "s.yaml", room), "--source", "cost")
    assert (result.code, result.err) == (2, "scraper: there is no source 'cost', did you mean 'coast'?\n")


def test_a_missing_sources_file_is_one_sentence(scraper: Command) -> None:
    result = scraper("run")
    assert result.code == 2
    assert result.err.startswith("scraper: sources.yaml")


def test_every_problem_of_a_sources_file_is_listed(scraper: Command, tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text("version: 1\nsources:\n  - id: a\n    name: A\n    domain: a.example\n    feeds: [nonsense]\n    delay: 3\n")
    result = scraper("run")
    assert result.code == 2
    assert "sources[0].feeds[0]" in result.err
    assert "delay_s" in result.err


def test_a_database_that_is_none_is_exit_code_5(scraper: Command, room: Newsroom, tmp_path: Path) -> None:
    (tmp_path / "news.db").write_bytes(b"These bytes have never been a database. " * 40)
    result = scraper("run", "--sources", write_sources(tmp_path / "s.yaml", room), "--db", "news.db")
    assert result.code == 5
    assert result.err.startswith("scraper: news.db")
    assert result.err.count("\n") == 1


def test_a_database_in_use_is_exit_code_3(process: Process, room: Newsroom, tmp_path: Path) -> None:
    with Store.open(tmp_path / "news.db"):
        running = process("run", "--sources", write_sources(tmp_path / "s.yaml", room), "--db", "news.db")
        _, err = running.communicate(timeout=40)
    assert running.returncode == 3
    assert err.startswith("scraper: news.db is being written by another process")


def test_a_full_disk_is_exit_code_5_and_the_next_run_goes_on(process: Process, room: Newsroom, tmp_path: Path) -> None:
    room.feed("/feed.xml", [room.story(f"/{story}", f"Place{story}") for story in range(12)], ETag='"x"')
    sources = write_sources(tmp_path / "s.yaml", room)
    with Store.open(tmp_path / "news.db"):
        pass
    limit = 256  # in blocks of 512 bytes: the write-ahead log becomes larger with a few stories, however many share a transaction
    command = f'ulimit -f {limit}; exec "{sys.executable}" -m scraper run --sources "{sources}" --db news.db'
    full = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert full.returncode == 5
    assert full.stderr.startswith("scraper: news.db")
    assert process("run", "--quiet", "--sources", sources, "--db", "news.db").wait(timeout=60) == 0
    assert count(tmp_path / "news.db", "SELECT count(*) FROM articles") == 12


def test_a_log_file_that_cannot_be_written_is_exit_code_2(scraper: Command, room: Newsroom, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = scraper("run", "--sources", write_sources(tmp_path / "s.yaml", room), "--log", "file/x.log")
    assert (result.code, result.err.startswith("scraper: the log file file/x.log cannot be written")) == (2, True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_keeps_what_it_has_and_the_next_goes_on(
    process: Process, room: Newsroom, tmp_path: Path, number: signal.Signals
) -> None:
    urls = [room.story(f"/{story}", f"Place{story}", wait_s=0.0 if story < 2 else 60.0) for story in range(4)]
    room.feed("/feed.xml", urls, ETag='"x"')
    sources = write_sources(tmp_path / "s.yaml", room)
    db = tmp_path / "data" / "news.db"
    running = process("run", "--sources", sources, start_new_session=True)
    wait_until(lambda: room.asked("/2") > 0 and count(db, "SELECT count(*) FROM articles") == 2)
    os.killpg(running.pid, number)  # as a terminal does, or a service manager: the workers get it too
    _, err = running.communicate(timeout=20)
    assert running.returncode == 130
    assert "scraper: interrupted: what was finished is stored" in err
    assert "Traceback" not in err
    assert count(db, "SELECT count(*) FROM articles") == 2
    assert count(db, "SELECT status FROM runs") == "interrupted"
    for answer in room.answers.values():
        answer.wait_s = 0.0
    assert process("run", "--quiet", "--sources", sources).wait(timeout=60) == 0
    assert count(db, "SELECT count(*) FROM articles") == 4


def test_a_killed_run_loses_nothing_and_doubles_nothing(process: Process, room: Newsroom, tmp_path: Path) -> None:
    urls = [room.story(f"/{story}", f"Place{story}", wait_s=0.0 if story < 2 else 60.0) for story in range(4)]
    room.feed("/feed.xml", urls, ETag='"x"')
    sources = write_sources(tmp_path / "s.yaml", room)
    running = process("run", "--sources", sources)
    wait_until(lambda: room.asked("/2") > 0)
    running.kill()
    running.communicate(timeout=20)
    for answer in room.answers.values():
        answer.wait_s = 0.0
    assert process("run", "--quiet", "--sources", sources).wait(timeout=60) == 0
    db = tmp_path / "data" / "news.db"
    assert count(db, "SELECT count(*) FROM articles") == 4
    assert count(db, "PRAGMA integrity_check") == "ok"


def test_a_second_signal_ends_the_process_at_once() -> None:
    program = """
import asyncio, os, signal, time
from scraper.pipeline.stop import Stop
async def stuck():
    stop = Stop()
    with stop.on_signals():
        os.kill(os.getpid(), signal.SIGINT)
        assert stop.requested
        os.kill(os.getpid(), signal.SIGINT)
        print("still here")
asyncio.run(stuck())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (130, "")


# --- scrape


def test_scrape_prints_one_record(scraper: Command, sites: Served, sources_file: Path) -> None:
    result = scraper("scrape", sites.url("tidewire/post/water-pact.html"), "--sources", sources_file)
    assert result.code == 0
    record = json.loads(result.out)
    assert record["headline"] == "Velmara and Ostrin Sign Water-Sharing Pact After Eleven Years of Talks"
    assert record["verdict"] == "article"
    assert "evidence" not in record
    assert result.err == ""


def test_scrape_prints_several_records_as_json_lines_and_goes_on_after_a_failure(
    scraper: Command, sites: Served, sources_file: Path
) -> None:
    urls = [sites.url(f"tidewire/post/{name}.html") for name in ("water-pact", "no-such-page", "wheat-harvest")]
    result = scraper("scrape", *urls, "--sources", sources_file)
    assert result.code == 1
    assert [json.loads(line)["url"] for line in result.out.splitlines()] == [urls[0], urls[2]]
    assert result.err == f"scraper: {urls[1]} answered with status 404 (http_404)\n"


def test_an_address_without_its_scheme_is_refused_with_a_hint(scraper: Command) -> None:
    result = scraper("scrape", "coast.example/story")
    assert (result.code, result.out) == (1, "")
    assert result.err == "scraper: not a URL that can be asked for: 'coast.example/story' (it starts with http:// or https://) (bad_url)\n"


def test_a_pdf_is_named(scraper: Command, room: Newsroom, tmp_path: Path) -> None:
    room.answers["/a"] = Answer(b"%PDF-1.7\n1 0 obj")
    result = scraper("scrape", f"{room.origin}/a", "--sources", write_sources(tmp_path / "s.yaml", room))
    assert (result.code, result.err) == (1, f"scraper: {room.origin}/a is no page but a pdf file (not_a_page)\n")


def test_scrape_explains_in_every_format(scraper: Command, sites: Served, sources_file: Path) -> None:
    url = sites.url("tidewire/post/water-pact.html")
    evidence = json.loads(scraper("scrape", url, "--explain", "--sources", sources_file).out)["evidence"]
    assert {"headline", "published"} <= {entry["field"] for entry in evidence["fields"]}
    assert evidence["dropped"]
    text = scraper("scrape", url, "--explain", "--format", "text", "--sources", sources_file).out
    assert text.startswith("Velmara and Ostrin Sign")
    assert "Where each field came from:" in text
    assert "Dropped (" in text


def test_scrape_saves_into_the_database(scraper: Command, sites: Served, sources_file: Path, database: Path) -> None:
    url = sites.url("tidewire/post/water-pact.html")
    result = scraper("scrape", url, "--save", "--db", database, "--sources", sources_file)
    assert result.code == 0
    assert result.err == f"scraper: {url}: saved (new)\n"
    assert count(database, "SELECT count(*) FROM articles") == 1


def test_a_page_that_is_no_article_is_printed_and_said_to_be_none(scraper: Command, room: Newsroom, tmp_path: Path) -> None:
    room.answers["/"] = Answer(b"<html><title>Coast</title><body><a href='/1'>One</a> <a href='/2'>Two</a></body></html>")
    result = scraper("scrape", f"{room.origin}/", "--sources", write_sources(tmp_path / "s.yaml", room))
    assert result.code == 1
    assert json.loads(result.out)["verdict"] != "article"
    assert re.fullmatch(rf"scraper: {room.origin}/ is no article: verdict \w+ \(\w.+\), confidence 0\.\d\d\n", result.err)


def test_private_addresses_need_permission(scraper: Command, room: Newsroom) -> None:
    url = room.story("/a", "Ostvik")
    refused = scraper("scrape", url)
    assert (refused.code, refused.out, room.requests) == (1, "", [])
    assert "address_denied" in refused.err
    assert scraper("scrape", url, "--allow-private").code == 0


def test_robots_txt_holds_for_single_pages_too_unless_it_is_ignored_loudly(scraper: Command, room: Newsroom, tmp_path: Path) -> None:
    room.answers["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /", type="text/plain")
    url, sources = room.story("/a", "Ostvik"), write_sources(tmp_path / "s.yaml", room)
    refused = scraper("scrape", url, "--sources", sources)
    assert refused.code == 1
    assert "robots_denied" in refused.err
    forced = scraper("scrape", url, "--sources", sources, "--ignore-robots")
    assert forced.code == 0
    assert forced.err.startswith("scraper: WARNING: robots.txt is ignored")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_scrape_keeps_what_it_has(process: Process, room: Newsroom, tmp_path: Path, number: signal.Signals) -> None:
    urls = [room.story("/a", "Ostvik"), room.story("/b", "Varde", wait_s=60.0)]
    running = process("scrape", *urls, "--save", "--sources", write_sources(tmp_path / "s.yaml", room), start_new_session=True)
    db = tmp_path / "data" / "news.db"
    wait_until(lambda: room.asked("/b") > 0 and count(db, "SELECT count(*) FROM articles") == 1)
    os.killpg(running.pid, number)
    _, err = running.communicate(timeout=20)
    assert (running.returncode, err.splitlines()[-1]) == (130, "scraper: interrupted")
    assert "Traceback" not in err
    assert count(db, "SELECT status FROM runs") == "interrupted"


def test_scrape_gives_up_after_its_time_limit(scraper: Command, room: Newsroom, tmp_path: Path) -> None:
    url = room.story("/slow", "Ostvik", wait_s=60.0)
    result = scraper("scrape", url, "--timeout", "0.2", "--sources", write_sources(tmp_path / "s.yaml", room))
    assert result.code == 1
    assert "(timeout)" in result.err


# --- extract


def test_extract_reads_plain_and_packed_files_and_text(scraper: Command, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(STORY)
    (tmp_path / "b.html.gz").write_bytes(gzip.compress(STORY.encode()))
    (tmp_path / "c.txt").write_text(
        "Ferry returns to the strait\n\nBy Edda Marsh\n\n" + "The ferry sailed again after the ice had gone. " * 20
    )
    result = scraper("extract", "a.html", "b.html.gz", "c.txt", "--url", "https://coast.example/ferry")
    assert result.code == 0
    records = [json.loads(line) for line in result.out.splitlines()]
    assert [record["headline"] for record in records] == ["Ferry returns to the strait"] * 3
    assert records[0] == records[1]
    assert records[0]["url"] == "https://coast.example/ferry"


def test_extract_reads_standard_input(process: Process) -> None:
    running = process("extract", "-", "--format", "text")
    out, _ = running.communicate(STORY, timeout=60)
    assert running.returncode == 0
    assert out.startswith("Ferry returns to the strait\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_waiting_for_standard_input_can_be_interrupted(process: Process, number: signal.Signals) -> None:
    running = process("extract", "-", start_new_session=True)
    assert running.stdin is not None
    assert running.stderr is not None
    running.stdin.write("more than a pipe holds, so that this returns when it is being read " * 5_000)
    running.stdin.flush()
    os.killpg(running.pid, number)
    running.wait(timeout=10)
    assert (running.returncode, running.stderr.read().strip()) == (130, "scraper: interrupted")


def test_standard_input_named_twice_is_read_once(process: Process) -> None:
    running = process("extract", "-", "-")
    out, err = running.communicate(STORY, timeout=60)
    assert [json.loads(line)["verdict"] for line in out.splitlines()] == ["article", "empty"]
    assert err.startswith("scraper: standard input is no article: verdict empty")


def test_files_that_cannot_be_read_are_named_and_the_others_done(scraper: Command, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(STORY)
    (tmp_path / "cut.gz").write_bytes(gzip.compress(STORY.encode())[:-20])
    (tmp_path / "folder").mkdir()
    result = scraper("extract", "none.html", "cut.gz", "folder", "a.html", "--format", "text")
    assert result.code == 1
    assert result.out.startswith("Ferry returns to the strait")
    assert result.err.splitlines() == [
        "scraper: none.html: cannot be read: No such file or directory",
        "scraper: cut.gz: cannot be read: gzip that is damaged or cut short",
        "scraper: folder: cannot be read: Is a directory",
    ]


def test_extract_without_a_file_is_a_usage_error(scraper: Command) -> None:
    assert scraper("extract").code == 2


# --- search and stats


@pytest.fixture
def filled(scraper: Command, room: Newsroom, tmp_path: Path) -> Path:
    room.feed("/feed.xml", [room.story(f"/{place}", place) for place in ("Ostvik", "Varde", "Hamra")])
    assert scraper("run", "--quiet", "--sources", write_sources(tmp_path / "s.yaml", room)).code == 0
    return tmp_path / "data" / "news.db"


def test_search_finds_articles_by_their_words(scraper: Command, filled: Path) -> None:
    found = scraper("search", "herring", "Varde")
    assert found.code == 0
    assert "Sea wall of Varde to rise by two metres" in found.out
    assert "Ostvik" not in found.out
    assert "/Varde" in found.out
    hits = json.loads(scraper("search", "herring", "--json", "--limit", "2", "--source", "coast", "--since", "2026-01-01").out)
    assert len(hits) == 2
    assert {"article_id", "source_id", "url", "headline", "authors", "published", "snippet", "rank"} <= set(hits[0])
    assert json.loads(scraper("search", "herring", "--json", "--since", "2026-02-01").out) == []


@pytest.mark.parametrize("since", ["yesterday", "2026-02-30", "31.01.2026"])
def test_a_date_that_is_none_is_refused_by_example(scraper: Command, since: str) -> None:
    result = scraper("search", "sea", "--since", since)
    assert result.code == 2
    assert result.err.endswith(f"Invalid value for '--since': {since!r} is no date such as 2026-01-31 or 2026-01-31T18:00:00.\n")


def test_search_that_finds_nothing_says_so(scraper: Command, filled: Path) -> None:
    result = scraper("search", "zeppelin")
    assert (result.code, result.out, result.err) == (0, "", "scraper: no article holds these words\n")


def test_search_says_when_words_are_found_and_filters_leave_none(scraper: Command, filled: Path) -> None:
    for narrow in (("--since", "2031-01-01"), ("--language", "fi"), ("--author", "Nobody")):
        result = scraper("search", "herring", *narrow)
        assert (result.code, result.out, result.err) == (0, "", "scraper: articles hold these words, but none that the options leave\n")
        assert scraper("search", "zeppelin", *narrow).err == "scraper: no article holds these words\n"


def test_a_hit_is_told_without_the_line_breaks_of_its_body(scraper: Command, filled: Path) -> None:
    with closing(sqlite3.connect(filled)) as database, database:
        database.execute(
            "UPDATE articles SET body = 'One herring.' || char(10, 10) || 'Two boats.' || char(10, 10) || 'Three.' WHERE id = 1"
        )
    found = scraper("search", "herring", "boats").out
    assert "One [herring]. Two [boats]. Three." in " ".join(found.split())
    assert found.count("\n\n") == 1, "the empty line that ends the hit"


@pytest.mark.parametrize("words", [('"unclosed',), ("AND",), ("a*b(c",)])
def test_a_query_of_any_kind_gives_no_traceback(scraper: Command, filled: Path, words: tuple[str, ...]) -> None:
    assert scraper("search", *words).code in {0, 2}


def test_stats_shows_sources_and_runs(scraper: Command, filled: Path) -> None:
    table = scraper("stats").out
    assert re.search(r"coast +3 ", table)
    assert max(len(line) for line in table.splitlines()[2:]) <= 80
    stats = json.loads(scraper("stats", "--json").out)
    assert (stats["articles"], stats["sources"][0]["source_id"], stats["runs"][0]["status"]) == (3, "coast", "ok")


@pytest.mark.parametrize("command", [("stats",), ("search", "sea")])
def test_a_missing_database_is_exit_code_5(scraper: Command, command: tuple[str, ...]) -> None:
    result = scraper(*command)
    assert result.code == 5
    assert result.err == "scraper: there is no database at data/news.db\n"


def test_a_reader_that_goes_away_is_no_error(process: Process, filled: Path) -> None:
    running = process("search", "sea", "--json", bufsize=0)
    assert running.stdout is not None
    running.stdout.close()
    assert running.stderr is not None
    assert running.stderr.read() == ""
    running.wait(timeout=30)


@pytest.mark.parametrize(("command", "closed"), [("stats", ">&-"), ("stats", ">&- 2>&-"), ("search sea", ">&-"), ("extract -", "<&-")])
def test_a_stream_that_is_closed_is_no_fault_of_ours(filled: Path, command: str, closed: str) -> None:
    line = f'exec "{sys.executable}" -m scraper {command} {closed}'
    done = subprocess.run(["sh", "-c", line], cwd=filled.parents[1], capture_output=True, text=True, check=False)
    expected = "scraper: standard input is no article: verdict empty (no text), confidence 0.00\n" if "<" in closed else ""
    assert (done.returncode, done.stderr) == (1 if expected else 0, expected)


def test_output_that_cannot_be_written_is_one_sentence(filled: Path) -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "scraper", "stats"]
        done = subprocess.run(command, cwd=filled.parents[1], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (5, "scraper: the system refused: No space left on device\n")


# --- what is written about it


def commands() -> dict[str, click.Command]:
    """Give every command, one within a group under both names."""
    groups = {name: command for name, command in app.commands.items() if isinstance(command, click.Group)}
    within = {f"{group} {name}": command for group, those in groups.items() for name, command in those.commands.items()}
    return {name: command for name, command in app.commands.items() if name not in groups} | within


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_and_option_is_documented(name: str) -> None:
    section = re.split(r"^## ", CLI_DOC.read_text(encoding="utf-8"), flags=re.MULTILINE)
    text = next((part for part in section if part.startswith(f"`scraper {name}")), None)
    assert text is not None, f"docs/cli.md has no section for `scraper {name}`"
    options = {name for parameter in commands()[name].params if isinstance(parameter, click.Option) for name in parameter.opts}
    assert {option for option in options if f"`{option}" not in text} == set()
    assert set(re.findall(r"`(--[a-z-]+)", text)) <= options | {"--help"}


def test_every_key_of_the_run_as_json_is_documented() -> None:
    text = CLI_DOC.read_text(encoding="utf-8").partition("**The JSON**")[2].partition("\n## ")[0]
    keys = RunSummary(run_id=1, sources=(), seconds=0.0).to_dict()
    assert {key for key in {**keys, **keys["total"]} if f"`{key}`" not in text} == set()


def test_every_exit_code_is_documented() -> None:
    text = CLI_DOC.read_text(encoding="utf-8")
    assert {code for code in MEANINGS if f"| {code} |" not in text} == set()


def test_every_command_and_option_has_a_help_text() -> None:
    for name, command in commands().items():
        assert command.help, name
        assert all(option.help for option in command.params if isinstance(option, click.Option)), name
