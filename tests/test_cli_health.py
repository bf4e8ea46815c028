"""Does `scraper health` say which source is in trouble, with a code that monitoring can use?"""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from test_store_samples import HARBOUR, NOW, QUIET, VALLEY

from scraper.cli.app import main
from scraper.errors import BadStatus
from scraper.records import NotModified
from scraper.store import Store

REFUSED = BadStatus("refused", code="http_403", url=VALLEY.feeds[0], status=403)


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Give a database in which one paper is well and the other refuses us."""
    path = tmp_path / "news.db"
    with Store.open(path) as store:
        store.remember_sources((HARBOUR, VALLEY, QUIET), NOW)
        for hours in (0, 6, 12):
            at = NOW + timedelta(hours=hours)
            run = store.begin_run("run", started_at=at)
            store.record_listing(run, HARBOUR.id, HARBOUR.feeds[0], "feed", NotModified(url=HARBOUR.feeds[0], fetched_at=at), ())
            store.record_failure(run, REFUSED, source_id=VALLEY.id, url=VALLEY.feeds[0], kind="feed", at=at)
            store.judge_health(run, at)
    return path


def test_the_worst_stands_first_with_its_reason(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["health", "--db", str(db)]) == 4
    lines = [line.split() for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert lines[0] == ["Source", "state", "since", "why"]
    assert lines[2][:5] == ["valley", "blocked", "2026-01-05", "12:00", "no"]
    assert lines[-1][:2] == ["harbour", "ok"]


def test_as_json_the_figures_stand_behind_the_sentences(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["health", "--db", str(db), "--trouble", "--json"]) == 4
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["source_id"], told["state"], told["since"]) == ("valley", "blocked", "2026-01-05T12:00:00+00:00")
    assert told["evidence"] == ["no listing could be read in 3 looks: refused"]
    assert told["findings"][0] | {"since": ""} == {"about": "listings", "state": "blocked", "since": "", "seen": 3, "of": 3, "usual": 0.0}


def test_only_what_is_asked_about_decides_the_code(db: Path) -> None:
    assert main(["health", "--db", str(db), "--source", "harbour"]) == 0
    assert main(["health", "--db", str(db), "--source", "valley", "--json"]) == 4


def test_a_source_that_was_disabled_needs_nobody(db: Path) -> None:
    with Store.open(db) as store:
        store.remember_sources((replace(VALLEY, enabled=False),), NOW)
    assert main(["health", "--db", str(db)]) == 0


def test_what_is_accepted_is_well(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["health", "--db", str(db), "--source", "valley", "--accept"]) == 0
    capsys.readouterr()
    assert main(["health", "--db", str(db), "--trouble"]) == 0
    assert capsys.readouterr() == ("", "scraper: no source needs attention\n")


def test_a_database_without_runs_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Store.open(tmp_path / "new.db").close()
    assert main(["health", "--db", str(tmp_path / "new.db")]) == 0
    assert capsys.readouterr().err == "scraper: no source has been judged yet: that is done at the end of a run\n"


@pytest.mark.parametrize(
    ("more", "says"), [(["--source", "nobody"], "no run has looked at nobody yet"), (["--accept"], "--accept takes the sources to accept")]
)
def test_what_cannot_be_shown_is_refused(db: Path, more: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["health", "--db", str(db), *more]) == 2
    assert says in capsys.readouterr().err
