"""`scraper diff` in a pipe, on a terminal, as JSON, and asked for what is not there."""

import json
import os
import pty
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from test_store_samples import NOW, article_of, body_of, link_of, opened, page_of, url_of

from scraper.cli.app import main

URL = url_of("ferry")


@pytest.fixture
def db(tmp_path: Path) -> Path:
    path = tmp_path / "news.db"
    store, run = opened(path)
    with store:
        for hours, changes in enumerate(
            [
                {},
                {"headline": "Ferry: it sails"},
                {"headline": "Ferry: it sails", "body": body_of("ferry").replace("in June", "in May") + "\n\nCorrection: not in June."},
            ]
        ):
            page = page_of(URL, at=NOW + timedelta(hours=hours))
            store.record_article(run, link_of(URL), page, article_of("ferry", **changes))
        store.record_article(run, link_of(url_of("school")), page_of(url_of("school")), article_of("school"))
    return path


def test_the_last_change_is_shown_word_by_word(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "1", "--db", str(db)]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[:3] == [
        "Ferry: it sails",
        "article 1, version 3 of 3, seen 2026-01-05 14:00 UTC",
        "correction, small edit: 5 words added, 1 removed (revisit)",
    ]
    assert "(2 paragraphs unchanged)" in out
    assert "[-June.-] {+May.+}" in out
    assert "{+Correction: not in June.+}" in out
    assert all(line == line.rstrip() for line in out.splitlines())


def test_a_paragraph_stands_on_one_line_of_a_pipe(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "1", "--db", str(db)]) == 0
    out = capsys.readouterr().out
    (changed,) = (line for line in out.splitlines() if "[-June.-]" in line)
    assert len(changed) > 80


def test_an_earlier_change_is_asked_for_by_number_and_an_article_by_its_address(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", f"{URL}?utm_source=x", "--version", "2", "--db", str(db)]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[2] == "headline (revisit)", "no word came or went"
    assert "headline: [-What becomes of the ferry-] {+Ferry: it sails+}" in out
    assert "(4 paragraphs unchanged)" in out


def test_a_change_is_data_too(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "1", "--db", str(db), "--json"]) == 0
    change = json.loads(capsys.readouterr().out)
    assert (change["number"], change["kinds"], change["words_removed"]) == (3, ["correction", "small_edit"], 1)
    assert change["headline"] == [{"how": "same", "text": "Ferry: it sails"}]
    assert change["body"][-1] == [{"how": "added", "text": "Correction: not in June."}]


def test_a_story_that_was_never_changed_says_so(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "2", "--db", str(db)]) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "scraper: article 2 was not changed since it was first seen, 2026-01-05 12:00 UTC\n"


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (["9"], "there is no article '9' in the database"),
        (["1", "--version", "7"], "article 1 has 3 versions, there is no number 7"),
    ],
)
def test_what_is_not_there_is_refused_in_one_sentence(
    db: Path, capsys: pytest.CaptureFixture[str], asked: list[str], sentence: str
) -> None:
    assert main(["diff", *asked, "--db", str(db)]) == 2
    assert capsys.readouterr().err == f"scraper: {sentence}\n"


def test_a_terminal_has_colours_in_place_of_brackets(db: Path) -> None:
    ours, theirs = pty.openpty()
    environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": "80"}
    environment.pop("NO_COLOR", None)
    with subprocess.Popen([sys.executable, "-m", "scraper", "diff", "1", "--db", str(db)], stdout=theirs, env=environment) as shell:
        os.close(theirs)
        shown = b""
        while chunk := _read(ours):
            shown += chunk
    assert shell.returncode == 0
    assert b"\x1b[1;32mMay.\x1b[0m" in shown
    assert b"{+" not in shown


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says so when the other end is closed
        return b""
