"""What becomes of pages that are made by their scripts, in runs and on the command line? With a real Chromium, or without one."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from newsroom import Newsroom, newsroom, wait_until
from rendering import environment_in, needs_browser, publish

from fixtures.server import serve
from fixtures.truth import SHELLS
from scraper.cli import main
from scraper.fetch.chromium import SETTING


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with newsroom() as room:
        yield room


@pytest.fixture
def sources(room: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write down one source with `render: auto`, one shell and one plain story."""
    monkeypatch.chdir(tmp_path)
    room.feed("/feed.xml", [publish(room, "/shell"), room.story("/plain", "Varde")])
    return written(tmp_path / "sources.yaml", room, "auto")


def written(path: Path, room: Newsroom, render: str) -> Path:
    entry = {"id": "coast", "domain": room.origin.removeprefix("http://"), "feeds": [f"{room.origin}/feed.xml"], "render": render}
    path.write_text(json.dumps({"version": 1, "defaults": {"delay_s": 0, "allow_private": True}, "sources": [entry]}))
    return path


def run(sources: Path) -> int:
    return main(["run", "--quiet", "--sources", str(sources), "--db", "news.db", "--log", "run.log"])


def fetches() -> dict[str, list[str | None]]:
    with closing(sqlite3.connect("news.db")) as database:
        found = database.execute("SELECT url, outcome, verdict, saved, rendering FROM fetches WHERE kind = 'page' ORDER BY id").fetchall()
    return {url.rpartition("/")[2]: rest for url, *rest in found}


@needs_browser
def test_auto_renders_the_shell_and_nothing_else(sources: Path, room: Newsroom) -> None:
    assert run(sources) == 0
    assert fetches() == {"shell": ["ok", "article", "new", "rendered"], "plain": ["ok", "article", "new", None]}
    assert (room.asked("/shell"), room.asked("/api/shell")) == (1, 1)


@needs_browser
def test_always_renders_every_page(sources: Path, room: Newsroom) -> None:
    assert run(written(sources, room, "always")) == 0
    assert fetches() == {"shell": ["ok", "article", "new", "rendered"], "plain": ["ok", "article", "new", "rendered"]}


def test_never_renders_nothing(sources: Path, room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, "/nonexistent")
    assert run(written(sources, room, "never")) == 0
    assert fetches() == {"shell": ["ok", "js_shell", "rejected", None], "plain": ["ok", "article", "new", None]}


def test_without_a_browser_the_unrendered_page_stands_and_the_failure_is_counted(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, "/nonexistent")
    assert run(sources) == 1
    assert fetches() == {"shell": ["ok", "js_shell", "rejected", "no_browser"], "plain": ["ok", "article", "new", None]}
    assert "code=no_browser" in Path("run.log").read_text(encoding="utf-8")


@needs_browser
def test_a_paper_that_is_all_script_is_collected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with serve(folder=SHELLS) as paper:
        (tmp_path / "sources.yaml").write_text(paper.sources_yaml, encoding="utf-8")
        assert run(tmp_path / "sources.yaml") == 0
        asked = [request.path for request in paper.requests]
    with closing(sqlite3.connect("news.db")) as database:
        columns = "headline, published, (SELECT group_concat(name) FROM article_authors WHERE article_id = articles.id), body"
        found = dict.fromkeys(database.execute(f"SELECT {columns} FROM articles ORDER BY published DESC"))
    told = [json.loads((SHELLS / "lantern-post" / "api" / f"{name}.json").read_text()) for name in ("night-trams", "bell-foundry")]
    assert list(found) == [(one["headline"], one["published"], one["author"], "\n\n".join(one["paragraphs"])) for one in told]
    assert (asked.count("/app.js"), asked.count("/elements.js"), asked.count("/style.css")) == (1, 1, 0)


@needs_browser
def test_one_url_is_rendered_on_request(sources: Path, room: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    ask = ["scrape", "--allow-private", "--sources", str(written(sources, room, "never")), f"{room.origin}/shell"]
    assert main(ask) == 1
    said = capsys.readouterr()
    assert json.loads(said.out)["verdict"] == "js_shell"
    assert said.err.endswith("is made by its scripts; --render auto runs them\n")
    assert main([*ask, "--render", "auto", "--explain", "--save", "--db", "news.db"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["verdict"], told["headline"]) == ("article", "Sea wall of Orrin to rise by two metres")
    assert {"field": "rendering", "signal": "rendered"}.items() <= told["evidence"]["fields"][-1].items()
    assert fetches() == {"shell": ["ok", "article", "new", "rendered"]}


def test_one_url_that_cannot_be_rendered_is_printed_as_it_came(
    sources: Path, room: Newsroom, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SETTING, "/nonexistent")
    assert main(["scrape", "--allow-private", "--sources", str(sources), f"{room.origin}/plain", "--render", "always"]) == 1
    said = capsys.readouterr()
    assert json.loads(said.out)["headline"] == "Sea wall of Varde to rise by two metres"
    assert said.err.count("\n") == 1
    assert "(no_browser)" in said.err


@needs_browser
@pytest.mark.parametrize("command", ["run", "scrape"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_an_end_in_the_middle_of_a_rendering_leaves_nothing_running(
    command: str, number: signal.Signals, sources: Path, room: Newsroom, tmp_path: Path
) -> None:
    room.answers["/api/shell"].wait_s = 30.0
    arguments = {"run": ["run", "--quiet", "--db", "news.db"], "scrape": ["scrape", "--allow-private", f"{room.origin}/shell"]}[command]
    environment = environment_in(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-m", "scraper", *arguments], stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True
    ) as process:
        wait_until(lambda: room.asked("/api/shell") == 1)
        started = started_under(tmp_path)
        assert started
        os.killpg(process.pid, number)  # as a terminal does: the program, and Playwright's driver with it
        _, said = process.communicate(timeout=30)
    assert process.returncode == (130 if number == signal.SIGINT else -number)
    assert number == signal.SIGKILL or said.strip().startswith("scraper: interrupted"), said
    assert number == signal.SIGKILL or len(said.strip().splitlines()) == 1, said
    wait_until(lambda: not started_under(tmp_path))
    if command == "run":
        room.answers["/api/shell"].wait_s = 0.0
        assert run(sources) == 0
        assert fetches()["shell"] == ["ok", "article", "new", "rendered"]


def started_under(folder: Path) -> set[int]:
    """Give the processes whose command line names a file in that folder: browsers keep their profile there."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(folder).encode() in path.read_bytes():
                found.add(int(path.parent.name))
        except OSError:
            continue  # it has ended meanwhile
    return found - {os.getpid()}
