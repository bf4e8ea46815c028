"""Who hears of a run? Heartbeat, webhook and command against a real server and real commands; what cannot be delivered fails no run."""

import asyncio
import json
import re
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from newsroom import Answer, Newsroom, newsroom
from test_pipeline import HASTE, NOW, source

from scraper.cli import main
from scraper.errors import SourcesError, StoreError
from scraper.fetch import message
from scraper.pipeline.conduct import Conduct
from scraper.pipeline.crawl import crawl
from scraper.pipeline.logfile import log_to
from scraper.pipeline.notices import Notices
from scraper.pipeline.summary import RunSummary
from scraper.records import NoticeSettings
from scraper.sources import load_all
from scraper.sources.fields import NOTICE_KEYS
from scraper.store import Store


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with newsroom() as site:
        for path in ("/beat", "/beat/start", "/beat/fail", "/hook", "/key/start?token=a", "/key?token=a"):
            site.answers[path] = Answer(b"OK")
        site.feed("/feed.xml", [])
        yield site


def crawled(db: Path, room: Newsroom, settings: NoticeSettings, now: datetime = NOW) -> RunSummary:
    with log_to(db.with_suffix(".log")) as log:
        return asyncio.run(crawl([source(room)], db=db, now=lambda: now, log=log, conduct=Conduct(patience=HASTE, notices=settings)))


def asked(room: Newsroom) -> list[str]:
    return [path for path, _ in room.requests if not path.startswith(("/feed", "/robots"))]


def test_a_heartbeat_says_that_a_run_began_and_that_it_did_its_work(room: Newsroom, database: Path) -> None:
    assert crawled(database, room, NoticeSettings(allow_private=True, heartbeat=f"{room.origin}/beat")).unheard == ()
    assert asked(room) == ["/beat/start", "/beat"]
    assert crawled(database, room, NoticeSettings(allow_private=True, heartbeat=f"{room.origin}/key?token=a")).unheard == ()
    assert asked(room)[2:] == ["/key/start?token=a", "/key?token=a"]


def test_a_failed_url_is_no_failed_run(room: Newsroom, database: Path) -> None:
    room.feed("/feed.xml", [f"{room.origin}/none"])
    assert crawled(database, room, NoticeSettings(allow_private=True, heartbeat=f"{room.origin}/beat")).exit_code == 1
    assert asked(room)[-1] == "/beat"


def test_a_database_that_cannot_be_used_is_told_to_heartbeat_and_webhook(room: Newsroom, database: Path) -> None:
    database.write_bytes(b"These bytes have never been a database. " * 40)
    with pytest.raises(StoreError):
        crawled(database, room, NoticeSettings(allow_private=True, heartbeat=f"{room.origin}/beat", webhook=f"{room.origin}/hook"))
    assert set(asked(room)) == {"/beat/fail", "/hook"}
    ((path, content),) = room.posted
    said = json.loads(content)
    assert (path, said["event"], said["code"]) == ("/hook", "run_failed", "not_a_database")
    assert said["text"].startswith("scraper run failed: ")


def test_a_run_that_finds_another_one_at_work_says_nothing(room: Newsroom, database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scraper.pipeline.lone.PATIENCE_S", 0.0)
    monkeypatch.setattr("scraper.store.lock.POLL_S", None)  # no try waits for the lock itself: a deadline could not end that
    with Store.open(database), pytest.raises(StoreError, match="is being written by another process"):
        crawled(database, room, NoticeSettings(allow_private=True, heartbeat=f"{room.origin}/beat", webhook=f"{room.origin}/hook"))
    assert (asked(room), room.posted) == ([], [])


def test_a_source_in_need_of_attention_is_exit_code_4_and_told_once_and_once_more_when_it_is_well(room: Newsroom, database: Path) -> None:
    settings = NoticeSettings(allow_private=True, webhook=f"{room.origin}/hook")
    hook, feed = room.answers.pop("/hook"), room.answers["/feed.xml"]
    room.answers["/feed.xml"] = Answer(b"no", status=403)
    ends = [crawled(database, room, settings, now=NOW + timedelta(hours=3 * number)) for number in range(6)]
    assert [end.exit_code for end in ends][-1] == 4
    assert ends[-1].ailing == ("coast",)
    assert len(room.posted) == sum(end.exit_code == 4 for end in ends)  # none was delivered, so each run tries again
    room.answers["/hook"], room.posted[:] = hook, []
    for number in (6, 7):
        assert crawled(database, room, settings, now=NOW + timedelta(hours=3 * number)).exit_code == 4
    ((_, content),) = room.posted
    said = json.loads(content)
    assert (said["event"], [change["state"] for change in said["changes"]]) == ("sources_changed", ["blocked"])
    assert said["text"].startswith("Coast is blocked since 2026-01-06")
    room.answers["/feed.xml"], room.posted[:] = feed, []
    ends = [crawled(database, room, settings, now=NOW + timedelta(hours=3 * number)) for number in range(8, 16)]
    assert (ends[-1].exit_code, ends[-1].ailing) == (0, ())
    assert json.loads(room.posted[-1][1])["text"] == "Coast is well again"
    with Store.open(database, read_only=True) as store:
        assert store.unsent_alerts(NOW) == ()


@pytest.mark.parametrize(
    ("path", "code", "tries"), [("/none", "http_404", 1), ("/down", "http_503", 3), ("http://127.0.0.1:9", "connect_failed", 3)]
)
def test_what_cannot_be_delivered_fails_no_run_and_is_said_without_the_address(
    room: Newsroom, database: Path, path: str, code: str, tries: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message, "PATIENCE", replace(message.PATIENCE, first_wait_s=0.01))
    room.answers["/down"] = room.answers["/down/start"] = Answer(b"later", status=503)
    url = path if path.startswith("http") else room.origin + path
    summary = crawled(database, room, NoticeSettings(allow_private=True, heartbeat=url))
    assert summary.exit_code == 0
    assert set(summary.unheard) == {f"the heartbeat could not be delivered ({code})"}
    assert path.startswith("http") or room.asked(path) == tries
    assert url not in database.with_suffix(".log").read_text().split("event=notice")[1]


def test_an_address_of_this_machine_is_refused_unless_it_is_allowed(room: Newsroom, database: Path) -> None:
    summary = crawled(database, room, NoticeSettings(heartbeat=f"{room.origin}/beat"))
    assert set(summary.unheard) == {"the heartbeat could not be delivered (address_denied)"}
    assert asked(room) == []


def script(folder: Path, text: str) -> str:
    path = folder / "notify.sh"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def told(settings: NoticeSettings) -> tuple[bool, list[str]]:
    notices = Notices(settings)
    return asyncio.run(notices.tell({"event": "test", "text": "Überall"})), notices.troubles


def test_a_command_gets_the_message_on_its_standard_input(tmp_path: Path) -> None:
    command = script(tmp_path, f'echo "$1" > {tmp_path}/words; cat > {tmp_path}/said')
    assert told(NoticeSettings(command=(command, "two words; and a sign"))) == (True, [])
    assert (tmp_path / "words").read_text() == "two words; and a sign\n"
    assert json.loads((tmp_path / "said").read_text()) == {"event": "test", "text": "Überall"}


def test_a_command_that_fails_hangs_or_is_missing_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing = script(tmp_path, "echo first >&2; echo no such user >&2; exit 3")
    assert told(NoticeSettings(command=(failing,))) == (False, [f"the command {failing} ended with 3: no such user"])
    missing = str(tmp_path / "missing")
    assert told(NoticeSettings(command=(missing,))) == (False, [f"the command {missing} cannot be run: No such file or directory"])
    monkeypatch.setattr("scraper.pipeline.notices.COMMAND_S", 0.3)
    hanging = script(tmp_path, "exec sleep 600")
    assert told(NoticeSettings(command=(hanging,))) == (False, [f"the command {hanging} took more than 0.3 s"])


def test_a_message_that_one_of_two_ways_refuses_has_not_arrived(room: Newsroom, tmp_path: Path) -> None:
    failing = script(tmp_path, "cat > /dev/null; exit 1")
    assert told(NoticeSettings(allow_private=True, webhook=f"{room.origin}/hook", command=(failing,)))[0] is False
    assert len(room.posted) == 1
    assert told(NoticeSettings()) == (False, [])


def test_the_file_says_who_is_told(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    head = "version: 1\nsources: [{id: a, domain: a.example, feeds: ['https://a.example/rss']}]\n"
    file.write_text(head + "notify:\n  heartbeat: https://beat.example/x\n  command: [mail, -s, scraper, me]\n")
    found = load_all(file).notices
    assert (found.heartbeat, found.webhook, found.command) == ("https://beat.example/x", None, ("mail", "-s", "scraper", "me"))
    file.write_text(head + "notify:\n  hook: https://beat.example/x\n  command: mail me\n")
    with pytest.raises(SourcesError) as refused:
        load_all(file)
    assert refused.value.problems == ("notify.hook: unknown key; did you mean webhook?", "notify.command: not a list")


def test_the_document_describes_every_key_and_its_example_is_sound(tmp_path: Path) -> None:
    text = (Path(__file__).parents[1] / "docs" / "sources.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `notify\.(\w+)` \|", text, re.MULTILINE) == list(NOTICE_KEYS)
    (example,) = re.findall(r"```text\n(notify:.+?)```", text, re.DOTALL)
    file = tmp_path / "s.yaml"
    file.write_text(f"version: 1\n{example}sources: [{{id: a, domain: a.example, feeds: ['https://a.example/rss']}}]\n")
    assert load_all(file).notices.command == ("/usr/local/bin/page-the-desk", "--urgent")


def test_the_command_line_and_the_environment_name_a_heartbeat_too(
    room: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "s.yaml"
    entry = f"{{id: coast, domain: 127.0.0.1, allow_private: true, delay_s: 0, feeds: ['{room.origin}/feed.xml']}}"
    file.write_text(f"version: 1\nnotify: {{allow_private: true}}\nsources:\n  - {entry}\n")
    monkeypatch.setenv("SCRAPER_HEARTBEAT", f"{room.origin}/beat")
    assert main(["run", "--sources", "s.yaml", "--quiet"]) == 0
    assert main(["run", "--sources", "s.yaml", "--quiet", "--heartbeat", f"{room.origin}/none"]) == 0
    assert asked(room) == ["/beat/start", "/beat", "/none/start", "/none"]
    assert capsys.readouterr().err.count("scraper: WARNING: the heartbeat could not be delivered (http_404)") == 2


@pytest.mark.parametrize("address", ["ftp://beat.example/key", "beat.example/key", "http://"])
def test_a_heartbeat_that_nothing_can_be_sent_to_is_refused_before_the_run_and_not_repeated(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["run", "--heartbeat", address]) == 2
    said = capsys.readouterr().err
    assert "Invalid value for '--heartbeat': is no http or https address" in said
    assert address not in said
