"""`scraper archive`: its files and their room are shown, and what in them is not as it was written is named, with exit code 1."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from newsroom import Newsroom, newsroom
from refusals import assert_refused
from test_archive import filled, page
from test_archive_run import rows, run
from test_pipeline import source

from scraper.archive import archive as writing
from scraper.archive import checked, held
from scraper.cli import main

STORIES = 3


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with newsroom() as site:
        site.feed("/feed.xml", [site.story(f"/{number}", f"place {number} {'abc'[number] * 9}") for number in range(STORIES)])
        yield site


@pytest.fixture
def collected(room: Newsroom, database: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(database.parent)
    assert run(database, source(room)).total.new == STORIES
    return database


def told(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> Any:
    capsys.readouterr()
    assert main(["archive", *arguments, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def damage(db: Path, url: str) -> tuple[int, int]:
    """Change a byte in the record of a page, and give where that record is."""
    (path,) = (db.parent / "archive").iterdir()
    ((offset, length),) = rows(db, f"SELECT archive_offset, archive_length FROM fetches WHERE url LIKE '%{url}'")
    content = bytearray(path.read_bytes())
    content[offset + 40] ^= 0xFF
    path.write_bytes(content)
    return offset, length


def test_the_files_are_listed_with_their_pages_and_the_room_there_is(collected: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (path,) = (collected.parent / "archive").iterdir()
    found = told(capsys, "list", "--db", str(collected))
    (file,) = found["files"]
    assert (file["file"], file["bytes"], file["pages"], file["open"]) == (path.name, path.stat().st_size, STORIES, False)
    assert (found["bytes"], found["max_bytes"], found["missing"]) == (file["bytes"], 10_000_000_000, [])
    assert main(["archive", "list", "--db", str(collected)]) == 0
    out = capsys.readouterr().out
    assert path.name in out
    assert "MB of at most 10,000 (archive.max_gb); the oldest go when that is full" in " ".join(out.split())


def test_pages_whose_file_is_gone_are_counted(collected: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (path,) = (collected.parent / "archive").iterdir()
    path.unlink()
    assert told(capsys, "list", "--db", str(collected), code=1)["missing"] == [path.name]
    assert main(["archive", "list", "--db", str(collected)]) == 1
    assert f"3 pages are in files that are not there: {path.name}" in capsys.readouterr().err


def test_what_is_whole_is_counted(collected: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (one,) = told(capsys, "verify", "--db", str(collected))
    assert (one["pages"], one["damage"]) == (STORIES, [])
    assert main(["archive", "verify", "--db", str(collected)]) == 0
    assert "3 pages in one file are as they were" in capsys.readouterr().err
    assert main(["archive", "verify", "--quiet", "--db", str(collected)]) == 0
    assert capsys.readouterr() == ("", "")


def test_damage_is_named_by_its_place(collected: Path, capsys: pytest.CaptureFixture[str]) -> None:
    offset, length = damage(collected, "/1")
    (one,) = told(capsys, "verify", "--db", str(collected), code=1)
    assert one["pages"] == STORIES - 1
    assert [(part["offset"], part["length"]) for part in one["damage"]] == [(offset, length)]
    assert main(["archive", "verify", "--quiet", "--db", str(collected)]) == 1
    assert f"byte {offset:,}, {length:,} bytes: " in capsys.readouterr().err


def test_content_that_is_another_than_was_kept_is_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "digest_of", lambda _: "sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
    filled(tmp_path / "archive", page(1))
    (file,) = held(tmp_path / "archive")
    found = checked(file)
    assert (found.pages, [one.reason for one in found.damage]) == (0, ["its content is another than was kept"])


def test_the_torn_end_of_a_file_that_is_being_written_is_no_damage(collected: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (path,) = (collected.parent / "archive").iterdir()
    path.write_bytes(path.read_bytes()[:-10])
    assert told(capsys, "verify", "--db", str(collected), code=1)[0]["pages"] == STORIES - 1
    path.rename(f"{path}.open")
    assert told(capsys, "verify", path.name, "--db", str(collected))[0]["pages"] == STORIES - 1
    assert told(capsys, "list", "--db", str(collected))["files"][0]["open"] is True


def test_what_is_not_there_cannot_be_checked(tmp_path: Path, collected: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nowhere = tmp_path / "none"
    assert_refused(capsys, ["archive", "verify", "--archive", str(nowhere)], 2, f"there is no archive in {nowhere}")
    folder = collected.parent / "archive"
    assert_refused(capsys, ["archive", "verify", "pages-1.warc.zst", "--db", str(collected)], 2, f"the archive {folder} has no such file")
