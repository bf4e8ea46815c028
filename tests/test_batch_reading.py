"""Are the records of anybody's WARC files read as they are, each once, whatever their packing, their damage and their pages do?"""

import gzip
import os
import random
import signal
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import zstandard
from warcs import PACKINGS, html, http, record, url, warc, whole

from scraper.archive import Archive
from scraper.archive.cutting import Lost, Raw, raw_records
from scraper.archive.unpacking import container
from scraper.batch import steps
from scraper.batch.dataset import Record, Reject
from scraper.batch.pages import MOST_BYTES, is_page, page_of
from scraper.batch.reader import Reader
from scraper.batch.steps import LARGE, TOGETHER
from scraper.batch.telling import LIMITS, Asked, Ended, Limits, Mark, Told
from scraper.errors import ArchiveError, ScraperError
from scraper.records import ArchiveSettings, Page

NUMBERS = range(40)
ZIPPED = gzip.compress(html(1))
URLS = [url(number) for number in NUMBERS]
MARKUP = b"<html><body>" + b"<div><a href=/x>y</a></div>" * 370_000  # 10 MB that take half a second, and no page of ours 20 ms


def read(packed: bytes, begin: int = 0, end: int | None = None, *, most_bytes: int = MOST_BYTES, name: str = "x") -> list[Raw | Lost]:
    file = BytesIO(packed)
    return list(raw_records(file, container(file, name), begin, end, most_bytes=most_bytes))


def pages(found: list[Raw | Lost]) -> list[str]:
    return [raw.head["warc-target-uri"] for raw in found if isinstance(raw, Raw) and is_page(raw)]


def lost(found: list[Raw | Lost]) -> list[str]:
    return [one.reason for one in found if isinstance(one, Lost)]


def only(block: bytes, target: str | None = "https://www.coast.example/a", **head: str) -> Raw:
    (raw,) = read(record(block, target, **head))
    assert isinstance(raw, Raw)
    return raw


def refused(raw: Raw) -> str:
    with pytest.raises(ScraperError) as caught:
        page_of(raw)
    return caught.value.code


@pytest.mark.parametrize("packing", PACKINGS)
def test_every_packing_gives_the_same_records_whatever_the_name_says(packing: str) -> None:
    found = read(PACKINGS[packing](warc(NUMBERS)), name="mislabelled.warc.gz" if packing != "gzip" else "mislabelled.warc")
    assert pages(found) == URLS
    assert lost(found) == []
    assert [raw.block for raw in found if isinstance(raw, Raw) and is_page(raw)] == [http(html(number)) for number in NUMBERS]


@pytest.mark.parametrize("packing", PACKINGS)
def test_stretches_that_are_read_apart_give_each_record_once(packing: str) -> None:
    packed = PACKINGS[packing](warc(NUMBERS))
    leading = [raw.offset for raw in read(packed) if isinstance(raw, Raw) and raw.leads]
    for step in (1, 7, 30):
        begins = sorted({0, *leading[::step]})
        found = [read(packed, begin, end) for begin, end in zip(begins, [*begins[1:], None], strict=True)]
        assert [address for stretch in found for address in pages(stretch)] == URLS


@pytest.mark.parametrize("packing", ["plain", "gzip", "zstd", "zstd-dictionary"])
def test_a_record_is_found_again_by_its_place(packing: str) -> None:
    packed = PACKINGS[packing](warc(NUMBERS))
    for raw in read(packed):
        assert isinstance(raw, Raw)
        assert raw.leads
        assert raw.length is not None
        again = read(packed[: raw.offset + raw.length], raw.offset)
        assert again == [raw]


@pytest.mark.parametrize("packing", PACKINGS)
def test_a_file_that_was_cut_short_gives_what_is_whole_and_one_damage(packing: str) -> None:
    packed = PACKINGS[packing](warc(NUMBERS))
    chance = random.Random(packing)
    for at in [chance.randrange(len(packed)) for _ in range(25)]:
        found = read(packed[:at])
        assert pages(found) == URLS[: len(pages(found))]
        assert len(lost(found)) <= 1


@pytest.mark.parametrize("packing", ["plain", "gzip", "zstd"])
def test_a_byte_that_changed_costs_a_record_or_two(packing: str) -> None:
    packed = PACKINGS[packing](warc(NUMBERS))
    chance = random.Random(packing)
    for at in [chance.randrange(len(packed)) for _ in range(25)]:
        broken = bytearray(packed)
        broken[at] ^= 0xFF
        assert len(set(URLS) - set(pages(read(bytes(broken))))) <= 2


def test_a_length_that_is_wrong_costs_its_own_record() -> None:
    first, *others = (record(http(html(number)), url(number)) for number in NUMBERS)
    for length in ("99999999", "", "-5", "many", "9" * 40):
        evil = record(http(html(99)), url(99), Content_Length=length)
        for packing in ("plain", "gzip", "zstd"):
            found = read(PACKINGS[packing]([first, evil, *others]))
            assert pages(found) == URLS
            assert len(lost(found)) == 1


def test_a_page_cannot_forge_records() -> None:
    forged = record(http(html(7)), "https://www.bank.example/forged")
    carriers = [record(http(body), url(number)) for number, body in enumerate([forged, gzip.compress(forged), b"\r\n\r\n" + forged])]
    for packing, pack in PACKINGS.items():
        found = read(pack([*warc([]), *carriers]))
        assert pages(found) == URLS[:3], packing


def test_nothing_and_anything_are_no_records() -> None:
    for content in (b"", b"\r\n\r\n"):
        assert read(content) == []
    for content in (b"<html>", bytes(3_000), gzip.compress(b"<html>"), os.urandom(200_000), b"WARC/1.0\r\n" * 20_000):
        assert read(content)
        assert pages(read(content)) == []


def test_a_bomb_is_passed_over_in_bounded_memory() -> None:
    import tracemalloc

    bomb = record(http(bytes(80_000_000)), url(0))
    for packed in (gzip.compress(bomb), zstandard.ZstdCompressor().compress(bomb)):
        tracemalloc.start()
        found = read(packed, most_bytes=1_000_000)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert [type(one) for one in found] == [Raw]
        assert peak < 30_000_000
        raw = found[0]
        assert isinstance(raw, Raw)
        assert refused(raw) == "too_large"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ((), html(1)),
        (("Content-Encoding: gzip",), gzip.compress(html(1))),
        (("Content-Encoding: gzip",), html(1)),
        (("Content-Encoding: br",), html(1)),
        (("Content-Encoding: zstd",), zstandard.ZstdCompressor().compress(html(1))),
        (("Transfer-Encoding: chunked",), html(1)),
        (("Transfer-Encoding: chunked",), b"%x\r\n%s\r\n0\r\n\r\n" % (len(html(1)), html(1))),
        (("Transfer-Encoding: chunked", "Content-Encoding: gzip"), b"%x;a=b\r\n%s\r\n0\r\n\r\n" % (len(ZIPPED), ZIPPED)),
        (("X-Crawl-Content-Encoding: gzip",), html(1)),
    ],
)  # fmt: skip
def test_what_headers_say_is_believed_as_far_as_the_bytes_agree(headers: tuple[str, ...], body: bytes) -> None:
    assert page_of(only(http(body, *headers))).content == html(1)


def test_texts_and_documents_without_an_answer_are_pages() -> None:
    text = page_of(only(b"The tide turned at six.", kind="conversion", Content_Type="text/plain"))
    assert (text.headers, text.content, text.rendering) == ((("content-type", "text/plain"),), b"The tide turned at six.", None)
    assert page_of(only(html(2), kind="resource", Content_Type="text/html")).content == html(2)
    assert page_of(only(html(2), Content_Type="text/html")).content == html(2)
    assert page_of(only(http(html(2)), WARC_Date="2026-01-06T07:08:09.123456789Z")).fetched_at.microsecond == 123456
    assert page_of(only(http(html(2)), "<https://www.coast.example/a>")).url == "https://www.coast.example/a"


def test_what_is_no_page_is_refused_by_name() -> None:
    assert refused(only(http(b"gone", status="404 Not Found"))) == "http_404"
    assert refused(only(http(b"", status="301 Moved"))) == "http_301"
    assert refused(only(http(b"part", status="206 Partial"))) == "http_206"
    assert refused(only(http(b""))) == "empty_body"
    assert refused(only(http(b"\x89PNG\r\n\x1a\n" + bytes(100), kind="text/html"))) == "not_a_page"
    assert refused(only(http(html(1)), WARC_Truncated="length")) == "truncated_body"
    assert refused(only(http(html(1)), None)) == "archive_damaged"
    assert refused(only(http(html(1)), WARC_Date="yesterday")) == "archive_damaged"
    assert refused(only(http(html(1)), "urn:pages:1")) == "bad_url"
    assert refused(only(b"no answer")) == "archive_damaged"
    assert refused(only(b"HTTP/1.1 OK\r\n\r\nbody")) == "archive_damaged"
    assert refused(only(http(gzip.compress(html(1))[:-9], "Content-Encoding: gzip"))) == "truncated_body"


def asked(path: Path, **more: Any) -> Asked:
    return Asked(str(path), Mark(0, 1), None, 0)._replace(**more)


def test_pages_that_are_read_together_are_read_as_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    records = warc(range(59))
    records[7:7] = [record(b"gone", url(60), Content_Length="many"), record(http(b"gone", status="404 Not Found"), url(61))]
    records[100:100] = [record(http(html(62) + b" " * LARGE), url(62))]
    path.write_bytes(PACKINGS["gzip"](records))
    groups, alone = ([list(group) for group in steps.told(asked(path, singly=singly))] for singly in (0, 1_000))
    assert [one._replace(cpu_s=0.0) for group in groups for one in group] == [one._replace(cpu_s=0.0) for group in alone for one in group]
    assert {len(group) for group in alone} == {1}
    assert max(map(len, groups)) == TOGETHER
    assert [len(group) for group in groups if any(isinstance(one, Told) and one.row.url == url(62) for one in group)] == [1]


@pytest.fixture
def reader() -> Reader:
    return Reader()


def told(reader: Reader, what: Asked) -> list[Told]:
    try:
        found = list(reader.read(what))
    finally:
        reader.close()
    assert isinstance(found[-1], Ended)
    return [one for one in found if isinstance(one, Told)]


def test_pages_that_cost_too_much_get_a_verdict_and_cost_no_other_page_anything(tmp_path: Path, reader: Reader) -> None:
    """Limits of processor time and of memory, so that a busy machine makes no difference."""
    records = warc(range(6))
    records[5:5] = [record(http(MARKUP), url(100)), record(http(MARKUP), url(101))]
    path = tmp_path / "hostile.warc.gz"
    path.write_bytes(PACKINGS["gzip"](records))
    rows = [one.row for one in told(reader, asked(path, limits=Limits(page_s=0.1)))]
    codes = {row.url: row.code for row in rows if isinstance(row, Reject)}
    assert codes == {url(100): "extract_timeout", url(101): "extract_timeout"}
    assert [row.url for row in rows if isinstance(row, Record)] == [url(number) for number in range(6)]
    rows = [one.row for one in told(Reader(), asked(path, limits=LIMITS._replace(memory_bytes=130_000_000)))]
    codes = {row.url: row.code for row in rows if isinstance(row, Reject)}
    assert set(codes) == {url(100), url(101)}
    assert set(codes.values()) <= {"extract_memory", "extract_crashed"}
    assert [row.url for row in rows if isinstance(row, Record)] == [url(number) for number in range(6)]


def test_a_reader_that_is_killed_is_replaced_and_gives_each_record_once(tmp_path: Path, reader: Reader) -> None:
    for packing in ("gzip", "gzip-whole"):
        path = tmp_path / packing
        path.write_bytes(PACKINGS[packing](warc(NUMBERS)))
        found: list[str | None] = []
        for answer in reader.read(asked(path)):
            if isinstance(answer, Told):
                found.append(answer.row.url)
                if answer.number in {3, 31, 32}:
                    assert reader._process is not None
                    reader._process.send_signal(signal.SIGKILL)
        assert found == URLS
    reader.close()


def test_a_reader_goes_on_behind_what_is_known(tmp_path: Path, reader: Reader) -> None:
    path = tmp_path / "a.warc.zst"
    path.write_bytes(PACKINGS["zstd"](warc(NUMBERS)))
    first = told(reader, asked(path))
    middle = first[20]
    assert middle.mark is not None
    assert [one.row for one in told(reader, asked(path, mark=middle.mark, after=middle.number))] == [one.row for one in first[21:]]


def test_a_file_that_is_not_there_is_named(tmp_path: Path, reader: Reader) -> None:
    with pytest.raises(ArchiveError, match="is not there") as caught:
        told(reader, asked(tmp_path / "none.warc"))
    assert caught.value.code == "archive_missing"


def test_our_own_archive_is_one_more_input(tmp_path: Path, reader: Reader) -> None:
    archive = Archive(tmp_path, ArchiveSettings())
    when = datetime(2026, 1, 6, tzinfo=UTC)
    headers = (("content-type", "text/html"),)
    for address, rendering in ((url(1), None), (url(1), None), (url(2), "rendered")):
        page = Page(url=address, requested_url=address, status=200, headers=headers, content=html(1), fetched_at=when, rendering=rendering)
        archive.ready(when)
        archive.keep(page, "coast")
    archive.close()
    (path,) = tmp_path.glob("*.warc.zst")
    rows = [one.row for one in told(reader, asked(path))]
    assert [type(row) for row in rows] == [Record] * 3
    assert len({row.text_hash for row in rows if isinstance(row, Record)}) == 1
    assert [(row.source_id, row.rendering) for row in rows if isinstance(row, Record)] == [
        ("coast", None),
        ("coast", None),
        ("coast", "rendered"),
    ]


def test_pieces_that_end_anywhere_are_one_stream() -> None:
    for size in (61, 997, 20_000):
        assert pages(read(whole(warc(NUMBERS), size))) == URLS
