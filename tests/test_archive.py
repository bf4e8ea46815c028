"""Does the archive give back what it was given, and lose one record at most to whatever happens to its files?"""

import errno
import fcntl
import gzip
import io
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import zstandard
from fastwarc import warc as fastwarc
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive import Archive, Archived, Damage, page_at, pages
from scraper.archive import archive as writing
from scraper.archive.packing import FORMATS, Compression, members, whole_length
from scraper.errors import ArchiveError
from scraper.records import ArchiveSettings, Kept, Page

NOW = datetime(2026, 1, 5, 16, 50, tzinfo=UTC)
HTML = ("content-type", "text/html; charset=iso-8859-1")
COMPRESSIONS: tuple[Compression, ...] = ("zstd", "gzip")
# A process of its own that keeps pages until it is killed, and says after each where it is.
KEEPS_ON = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from scraper.archive import Archive
from scraper.records import ArchiveSettings, Page
archive = Archive(Path(sys.argv[1]), ArchiveSettings(compression=sys.argv[2]))
for number in range(100_000):
    url = f"https://coast.example/{number}"
    content = str(number).encode() * 9_999
    page = Page(url=url, requested_url=url, status=200, headers=(), content=content, fetched_at=datetime.now(UTC))
    archive.ready(page.fetched_at)
    print(*archive.keep(page, "coast")[:3], flush=True)
"""


def page(number: int, *, minutes: int = 0, **fields: object) -> Page:
    url = f"https://coast.example/{number}"
    content = f"<html><h1>Story {number}</h1>{f'<p>The harbour of place {number} is dredged in spring.' * 40}".encode()
    given = {"url": url, "requested_url": f"{url}?from=feed", "status": 200, "headers": (HTML,), "content": content, **fields}
    return Page(fetched_at=NOW + timedelta(minutes=minutes), **given)  # type: ignore[arg-type]


def filled(folder: Path, *kept: Page, settings: ArchiveSettings | None = None) -> list[Kept]:
    """Keep pages in an archive that is then closed."""
    archive = Archive(folder, settings or ArchiveSettings())
    places = []
    for one in kept:
        archive.ready(one.fetched_at)
        places.append(archive.keep(one, "coast"))
    archive.close()
    return places


def only_file(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def urls(path: Path) -> list[str]:
    return [found.page.url for found in pages(path) if isinstance(found, Archived)]


def damage(path: Path) -> list[Damage]:
    return [found for found in pages(path) if isinstance(found, Damage)]


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_pages_come_back_as_they_were(tmp_path: Path, compression: Compression) -> None:
    odd = page(2, content=bytes(range(256)) * 8, headers=(("x-odd", "\xe9\x80"), ("etag", '"a:b"')), status=299)
    given = [page(1), odd, page(3, content=b"", headers=())]
    places = filled(tmp_path, *given, settings=ArchiveSettings(compression=compression))
    for one, kept in zip(given, places, strict=True):
        found = page_at(tmp_path, kept)
        assert replace(found, headers=(), kept=None) == replace(one, headers=())
        assert found.headers == (*one.headers, ("content-length", str(len(one.content))))
    assert [found.source_id for found in pages(only_file(tmp_path)) if isinstance(found, Archived)] == ["coast"] * 3


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_other_readers_find_whole_records_with_true_digests(tmp_path: Path, compression: Compression) -> None:
    rendered = page(1, content=b"<html>made by scripts" * 99, rendering="rendered")
    places = filled(tmp_path, page(1), page(1, minutes=5), rendered, settings=ArchiveSettings(compression=compression))
    records = list(fastwarc.ArchiveIterator(str(only_file(tmp_path)), parse_http=False))
    kinds = [str(record.record_type) for record in fastwarc.ArchiveIterator(str(only_file(tmp_path)))]
    assert kinds == ["warcinfo", "response", "revisit", "conversion"]
    assert [record.stream_pos for record in fastwarc.ArchiveIterator(str(only_file(tmp_path)))] == [0, *(kept.offset for kept in places)]
    assert len({record.record_id for record in records}) == 4
    checked = fastwarc.ArchiveIterator(str(only_file(tmp_path)), record_types=fastwarc.response)
    assert all(record.verify_payload_digest() for record in checked)


def test_the_same_content_is_written_once_a_file_and_keeps_each_visits_own_facts(tmp_path: Path) -> None:
    again = replace(page(1, minutes=60), url="https://coast.example/other", status=203, headers=(("server", "b"),))
    first, second = filled(tmp_path, page(1), again)
    assert second.digest is None
    assert first.digest is not None
    assert second.length < first.length + 200
    assert replace(page_at(tmp_path, second), headers=(), kept=None) == replace(again, headers=())
    assert page_at(tmp_path, second).header("server") == "b"


def test_a_page_and_what_its_scripts_made_of_it_are_both_kept(tmp_path: Path) -> None:
    document = replace(page(1), content="<html>Hafen überflutet".encode(), rendering="rendered", headers=(HTML,))
    shell, rendered = (page_at(tmp_path, kept) for kept in filled(tmp_path, page(1), document))
    assert (shell.content, shell.rendering) == (page(1).content, None)
    assert (rendered.content, rendered.rendering, rendered.header("content-type")) == (
        document.content, "rendered", "text/html; charset=utf-8",
    )  # fmt: skip


def test_nothing_that_opens_a_door_is_kept(tmp_path: Path) -> None:
    headers = (
        ("set-cookie", "sid=HUSH"), ("www-authenticate", "Basic HUSH"), ("x-auth-token", "HUSH"), ("x-api-key", "HUSH"),
        ("x-csrf-token", "HUSH"), ("session-id", "HUSH"), ("transfer-encoding", "chunked"), ("content-encoding", "br"), ("server", "s"),
    )  # fmt: skip
    (kept,) = filled(
        tmp_path, page(1, headers=headers, url="https://me:HUSH@coast.example/1", requested_url="https://me:HUSH@coast.example/")
    )
    path = only_file(tmp_path)
    assert b"HUSH" not in zstandard.ZstdDecompressor().stream_reader(io.BytesIO(path.read_bytes()), read_across_frames=True).read()
    found = page_at(tmp_path, kept)
    assert found.headers == (("x-crawl-content-encoding", "br"), ("server", "s"), ("content-length", str(len(found.content))))
    assert found.url == "https://coast.example/1"


def test_a_header_cannot_begin_a_record_of_its_own(tmp_path: Path) -> None:
    evil = page(1, headers=(("x-a", "b\r\n\r\nWARC/1.1\r\n"),), requested_url="https://coast.example/\r\nWARC-Type: x")
    (kept,) = filled(tmp_path, evil)
    assert page_at(tmp_path, kept).content == evil.content
    assert urls(only_file(tmp_path)) == [evil.url]


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_a_torn_end_costs_the_torn_record_and_the_next_writer_cuts_it_off(tmp_path: Path, compression: Compression) -> None:
    settings = ArchiveSettings(compression=compression)
    places = filled(tmp_path, *map(page, range(4)), settings=settings)
    path = only_file(tmp_path)
    whole = path.read_bytes()
    last = places[-1]
    for cut in (last.offset + 1, last.offset + last.length // 2, last.offset + last.length - 1):
        path.write_bytes(whole[:cut])
        assert urls(path) == [page(number).url for number in range(3)]
        assert [(torn.offset, torn.length) for torn in damage(path)] == [(last.offset, cut - last.offset)]
        with pytest.raises(ArchiveError, match="cannot be unpacked"):
            page_at(tmp_path, last)
        path = path.rename(f"{path}.open")  # as its writer left it
        filled(tmp_path, page(7), settings=settings)
        path = only_file(tmp_path)
        assert (path.suffix, damage(path)) == (FORMATS[compression].suffix[5:], [])
        assert urls(path) == [page(number).url for number in (0, 1, 2, 7)]


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_damage_in_the_middle_costs_what_it_hit(tmp_path: Path, compression: Compression) -> None:
    places = filled(tmp_path, *map(page, range(5)), settings=ArchiveSettings(compression=compression))
    path = only_file(tmp_path)
    content = bytearray(path.read_bytes())
    for hit in (places[1], places[3]):
        content[hit.offset + hit.length // 2] ^= 0xFF
    path.write_bytes(content)
    assert urls(path) == [page(number).url for number in (0, 2, 4)]
    assert [(found.offset, found.length) for found in damage(path)] == [places[1][1:3], places[3][1:3]]
    content[: places[0].offset + 9] = b"\0" * (places[0].offset + 9)
    path.write_bytes(content)
    assert urls(path) == [page(number).url for number in (2, 4)]


def test_what_is_no_page_is_passed_over_or_named(tmp_path: Path) -> None:
    at = "WARC-Target-URI: https://a.example/\r\nWARC-Date: 2026-01-05T16:50:00Z\r\n"
    answer = f"{at}Content-Type: application/http; msgtype=response\r\n"
    records = (
        "WARC/1.1\r\nWARC-Type: metadata\r\nContent-Length: 1\r\n\r\nx\r\n\r\n",
        "no record at all",
        f"WARC/1.1\r\nWARC-Type: response\r\n{answer}Content-Length: 22\r\n\r\nHTTP/1.1 200 OK\r\n\r\nabc\r\n\r\n",
        f"WARC/1.1\r\nWARC-Type: response\r\n{at}Content-Type: text/dns\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n",
        f"WARC/1.1\r\nWARC-Type: revisit\r\n{answer}Content-Length: 19\r\n\r\nHTTP/1.1 200 OK\r\n\r\n\r\n\r\n",
    )
    path = tmp_path / "elsewhere.warc.gz"
    path.write_bytes(b"".join(gzip.compress(record.encode()) for record in records))
    found = list(pages(path))
    assert [one.page.content for one in found if isinstance(one, Archived)] == [b"abc"]
    assert ["no WARC record" in one.reason or "refers to" in one.reason for one in found if isinstance(one, Damage)] == [True] * 3


@given(st.binary(max_size=400), st.sampled_from(COMPRESSIONS))
def test_any_bytes_can_be_read_for_members(content: bytes, compression: Compression) -> None:
    form = FORMATS[compression]
    whole = form.pack(b"one record")
    found = list(members(io.BytesIO(whole + content + whole), form))
    assert found[0].record == found[-1].record == b"one record"
    assert sum(member.length for member in found) == len(whole + content + whole)
    assert whole_length(io.BytesIO(whole + b"\0" + content), form) >= len(whole)


def test_runs_of_a_few_pages_share_a_file_until_it_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "FILE_BYTES", 1_500)
    for number in range(12):
        filled(tmp_path, page(number, minutes=number, content=os.urandom(400)))
    found = sorted(tmp_path.iterdir())
    assert len(found) == 6
    assert [url for path in found for url in urls(path)] == [page(number).url for number in range(12)]


def test_the_oldest_files_are_named_to_go_and_never_one_being_written(tmp_path: Path) -> None:
    settings = ArchiveSettings(max_bytes=16_000)  # files of 2,000
    for number in range(12):
        filled(tmp_path, page(number, minutes=number, content=os.urandom(2_000)), settings=settings)
    before = sorted(path.name for path in tmp_path.iterdir())
    other = Archive(tmp_path, settings)
    other.ready(NOW)
    other.keep(page(1), "coast")  # another process, and by its name the oldest file of all
    archive = Archive(tmp_path, settings)
    archive.ready(NOW + timedelta(days=1))
    going = archive.overflow()
    assert list(going) == before[: len(going)]
    assert len(going) > 1
    archive.let_go(going)
    left = sum(path.stat().st_size for path in tmp_path.iterdir())
    assert 10_000 < left <= 16_000 - 2_000 + 500
    assert archive.overflow() == ()
    assert len([path for path in tmp_path.iterdir() if path.suffix == ".open"]) == 2
    other.close()
    archive.close()
    assert [path for path in tmp_path.iterdir() if path.suffix == ".open"] == []


def test_two_that_write_at_once_have_a_file_each(tmp_path: Path) -> None:
    filled(tmp_path, page(0))
    one, other = Archive(tmp_path, ArchiveSettings()), Archive(tmp_path, ArchiveSettings())
    for number, archive in enumerate((one, other, one, other), start=1):
        archive.ready(NOW)
        archive.keep(page(number), "coast")
    one.close()
    other.close()
    assert sorted(sorted(urls(path)) for path in tmp_path.iterdir()) == [
        [page(number).url for number in (0, 1, 3)],
        [page(number).url for number in (2, 4)],
    ]


def test_a_file_that_its_writer_closes_just_now_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Archive(tmp_path, ArchiveSettings())
    first.ready(NOW)
    kept = first.keep(page(1), "coast")
    locked = fcntl.flock

    def closed_meanwhile(descriptor: int, operation: int) -> None:
        monkeypatch.undo()
        first.close()
        locked(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", closed_meanwhile)
    filled(tmp_path, page(2))
    assert page_at(tmp_path, kept).content == page(1).content
    assert urls(only_file(tmp_path)) == [page(1).url, page(2).url]


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_a_killed_writer_takes_nothing_with_it_that_it_had_kept(tmp_path: Path, compression: Compression) -> None:
    told: list[str] = []
    for pages_each in (1, 5, 40):
        with subprocess.Popen([sys.executable, "-c", KEEPS_ON, str(tmp_path), compression], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            told += [process.stdout.readline() for _ in range(pages_each)]
            process.send_signal(signal.SIGKILL)
    for line in told:
        file, offset, length = line.split()
        assert page_at(tmp_path, Kept(file, int(offset), int(length))).content
    filled(tmp_path, page(1), settings=ArchiveSettings(compression=compression))
    assert damage(only_file(tmp_path)) == []
    assert len(urls(only_file(tmp_path))) >= len(told) + 1


def test_a_record_there_is_no_room_for_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = os.write
    archive = Archive(tmp_path, ArchiveSettings())
    archive.ready(NOW)
    archive.keep(page(1), "coast")

    def half(descriptor: int, content: memoryview) -> int:
        if len(content) > 100:
            return written(descriptor, content[:100])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", half)
    with pytest.raises(ArchiveError, match="the disk is full") as caught:
        archive.keep(page(2), "coast")
    assert caught.value.code == "archive_full"
    monkeypatch.undo()
    archive.keep(page(3), "coast")
    archive.close()
    assert urls(only_file(tmp_path)) == [page(1).url, page(3).url]
    assert damage(only_file(tmp_path)) == []


def test_a_folder_that_cannot_be_written_and_a_file_that_is_gone_are_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ArchiveError, match=r"file cannot be written: (file exists|not a directory)"):
        Archive(tmp_path / "file", ArchiveSettings()).ready(NOW)
    with pytest.raises(ArchiveError, match=r"has no file pages-1\.warc\.zst \(any more\)") as caught:
        page_at(tmp_path, Kept("pages-1.warc.zst", 0, 9))
    assert caught.value.code == "archive_missing"
    with pytest.raises(ArchiveError, match="is no file of an archive"):
        list(pages(tmp_path / "file"))
