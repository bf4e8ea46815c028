"""Are the datasets of a batch what they claim to be: typed, found again by publisher and day, and complete enough to be stored from?"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from pyarrow.fs import LocalFileSystem

from scraper import extract
from scraper.batch.dataset import Counted, Record, Reject, Warc
from scraper.batch.dataset_layout import Layout, domain_of, part_name
from scraper.batch.dataset_reading import Selection, records
from scraper.batch.dataset_rows import failed_row, page_row, told_of
from scraper.batch.dataset_writing import PartWriter, Written, written_rows
from scraper.errors import ExtractionError, UsageError
from scraper.records import Article, Page
from scraper.store import prepared

FETCHED = datetime(2026, 1, 6, 7, 8, 9, tzinfo=UTC)
FIXTURES = sorted(Path(__file__).parents[1].glob("fixtures/pages/*/page.html"))
WARC = Warc("crawl/CC-1.warc.gz", 512, 2_048, "sha1:ABC")
BODY = " ".join(f"Harbour crews count barge number {number} before the tide turns." for number in range(30))


def page(url: str, fetched_at: datetime = FETCHED) -> Page:
    return Page(url=url, requested_url=url, status=200, headers=(), content=b"<html>", fetched_at=fetched_at)


def story(url: str, *, fetched_at: datetime = FETCHED, **fields: Any) -> Record | Reject:
    article = Article(**{"url": url, "headline": "Barges counted", "body": BODY, "verdict": "article", "confidence": 0.9, **fields})
    return page_row(page(url, fetched_at), prepared(article), WARC)


def written(folder: Path, rows: list[Record | Reject], layout: Layout, part: str = "part-0-0") -> tuple[Written, ...]:
    with PartWriter(LocalFileSystem(), str(folder), part, layout) as writer:
        for row in rows:
            writer.add(row)
    return writer.close()


def chosen(folder: Path, selection: Selection) -> list[Record]:
    def found() -> Iterator[Record]:
        for path in sorted(folder.glob("records/**/*.parquet")):
            yield from records(LocalFileSystem(), str(path), selection)

    return list(found())


@pytest.mark.parametrize("path", FIXTURES[::6], ids=lambda path: path.parent.name)
def test_a_record_holds_all_that_the_store_takes(path: Path, tmp_path: Path) -> None:
    told = prepared(extract(path.read_bytes(), "https://www.coast.example/a", fetched_at=FETCHED))
    row = page_row(page("https://www.coast.example/a"), told, WARC, source_id="coast", number="17")
    files = written(tmp_path, [row], Layout())
    assert sum(file.rows for file in files) == 1
    if isinstance(row, Record):
        (back,) = chosen(tmp_path, Selection())
        assert back == row
        assert told_of(back) == told._replace(beside="")


def test_columns_that_an_export_has_too_are_of_its_types(tmp_path: Path) -> None:
    written(tmp_path, [story("https://coast.example/1")], Layout())
    schema = pq.read_schema(next(tmp_path.glob("records/**/*.parquet")))
    assert [str(schema.field(name).type) for name in ("day", "authors", "paywalled", "words", "confidence", "fetched_at")] == [
        "date32[day]", "list<element: string>", "bool", "int64", "double", "timestamp[ms, tz=UTC]",
    ]  # fmt: skip
    assert str(schema.field("warc").type) == "struct<file: string, offset: int64, length: int64, digest: string>"


def test_a_part_is_split_by_day_and_publishers_and_bears_its_name_everywhere(tmp_path: Path) -> None:
    rows = [
        story("https://www.coast.example/1"),
        story("https://coast.example/2", fetched_at=datetime(2026, 1, 7, tzinfo=UTC)),
        story("https://hills.example/1"),
        story("https://hills.example/2", verdict="listing"),
        failed_row(ExtractionError("it took too long", code="extract_timeout"), WARC),
    ]
    files = written(tmp_path, rows, Layout(groups=0), part="crawl-0-abc")
    assert [(file.path, file.rows) for file in files] == [
        ("records/date=2026-01-06/publishers=coast.example/crawl-0-abc.parquet", 1),
        ("records/date=2026-01-06/publishers=hills.example/crawl-0-abc.parquet", 1),
        ("records/date=2026-01-07/publishers=coast.example/crawl-0-abc.parquet", 1),
        ("rejects/date=2026-01-06/publishers=hills.example/crawl-0-abc.parquet", 1),
        ("rejects/date=unknown/publishers=unknown/crawl-0-abc.parquet", 1),
    ]
    assert written_rows(files) == {"records": 3, "rejects": 2, "counters": 0}


def test_other_programs_read_folders_as_columns(tmp_path: Path) -> None:
    written(tmp_path, [story("https://coast.example/1"), story("https://hills.example/1")], Layout(groups=0))
    table = ds.dataset(tmp_path / "records", partitioning="hive").to_table(columns=["domain", "publishers", "date"])
    assert sorted(table.to_pylist(), key=lambda row: row["domain"]) == [
        {"domain": "coast.example", "publishers": "coast.example", "date": "2026-01-06"},
        {"domain": "hills.example", "publishers": "hills.example", "date": "2026-01-06"},
    ]


def test_a_large_part_is_written_in_pieces_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scraper.batch.dataset_writing.MOST_CHARACTERS", 20_000)
    files = written(tmp_path, [story(f"https://paper{number % 3}.example/{number}") for number in range(40)], Layout(groups=2))
    assert sum(file.rows for file in files) == 40
    assert sum(pq.ParquetFile(tmp_path / file.path).num_row_groups for file in files) > len(files)
    assert {row.url for row in chosen(tmp_path, Selection())} == {f"https://paper{number % 3}.example/{number}" for number in range(40)}


def test_what_a_part_came_to_is_one_row(tmp_path: Path) -> None:
    counted = Counted(
        part="p", input="a.warc.gz", start=0, end=None, started_at=FETCHED, seconds=1.5, cpu_seconds=1.25, bytes=9, pages=3, records=1,
        verdicts={"article": 1, "listing": 1}, rejects={"listing": 1, "extract_timeout": 1}, damaged=1, damage=("byte 7: no record",),
        extractor_version="0.1.0+x",
    )  # fmt: skip
    with PartWriter(LocalFileSystem(), str(tmp_path), "p", Layout()) as writer:
        writer.count(counted)
    (row,) = pq.read_table(tmp_path / "counters/p.parquet").to_pylist()
    assert dict(row["rejects"]) == {"listing": 1, "extract_timeout": 1}
    assert row["damage"] == ["byte 7: no record"]


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(), {"1", "2", "3", "4", "5"}),
        (Selection(publishers=("example.org",)), {"1", "2", "5"}),
        (Selection(publishers=("news.example.org",)), {"2"}),
        (Selection(publishers=("org",)), {"1", "2", "5"}),
        (Selection(publishers=("ample.org",)), set()),
        (Selection(languages=("de",)), {"3", "4"}),
        (Selection(languages=("de-AT",)), {"4"}),
        (Selection(verdicts=("live_blog",)), {"5"}),
        (Selection(since=datetime(2026, 1, 3, tzinfo=UTC)), {"2", "3", "4", "5"}),
        (Selection(until=datetime(2026, 1, 3, tzinfo=UTC)), {"1"}),
        (Selection(since=datetime(2026, 1, 6, tzinfo=UTC), until=datetime(2026, 1, 7, tzinfo=UTC)), {"3", "4", "5"}),
        (Selection(publishers=("example.org", "tal.example"), verdicts=("article",)), {"1", "2", "3", "4"}),
    ],
)
@pytest.mark.parametrize("groups", [0, 3])
def test_a_selection_gives_what_is_asked_for(tmp_path: Path, selection: Selection, expected: set[str], groups: int) -> None:
    layout = Layout(groups=groups)
    rows = [
        story("https://www.example.org/1", published=datetime(2026, 1, 2, tzinfo=UTC), language="en"),
        story("https://news.example.org/2", published=datetime(2026, 1, 5, 23, tzinfo=UTC), language="en-GB"),
        story("https://tal.example/3", language="de"),
        story("https://tal.example/4", language="de-AT"),
        story("https://example.org/5", verdict="live_blog"),
    ]
    files = written(tmp_path, rows, layout)
    asked = [file.path for file in files if selection.may_hold(file.path, layout)]
    found = [row for path in asked for row in records(LocalFileSystem(), str(tmp_path / path), selection)]
    assert {row.url[-1] for row in found} == expected


def test_domains_of_one_site_share_a_group() -> None:
    layout = Layout(groups=1_000)
    assert layout.publishers("news.example.co.uk") == layout.publishers("example.co.uk")
    assert layout.publishers("example.co.uk") != layout.publishers("other.co.uk")
    assert domain_of("https://www.Example.org:8443/a") == "example.org"
    assert domain_of("https://m.example.org/a") == "example.org"
    assert domain_of("https://example-org.cdn.ampproject.org/c/s/www.example.org/a") == "example.org"
    assert domain_of(None) == domain_of("no address") == "unknown"


def test_a_part_has_one_name_whoever_asks() -> None:
    name = part_name("s3://bucket/a b/CC-NEWS-1.warc.gz?etag=1", 100, 200)
    assert name == part_name("s3://bucket/a b/CC-NEWS-1.warc.gz?etag=1", 100, 200)
    assert name.startswith("CC-NEWS-1.warc.gz-100-")
    others = {part_name("s3://bucket/c/CC-NEWS-1.warc.gz", 100, 200), part_name("s3://bucket/a b/CC-NEWS-1.warc.gz?etag=1", 100)}
    assert len(others | {name}) == 3
    assert part_name("/../..").startswith("input-0-")


def test_a_layout_that_cannot_be_read_is_refused_in_a_sentence() -> None:
    assert Layout.from_json(Layout(groups=5).to_json(), "out") == Layout(groups=5)
    for text in ("", "[]", "{}", json.dumps({"version": 9, "groups": 1})):
        with pytest.raises(UsageError, match="out"):
            Layout.from_json(text, "out")


def test_a_day_that_no_calendar_has_left_alone_stays_readable(tmp_path: Path) -> None:
    written(tmp_path, [story("https://coast.example/1", published=datetime(1, 1, 1), published_precision="day")], Layout())  # noqa: DTZ001
    (row,) = chosen(tmp_path, Selection())
    assert (row.day, row.published) == (date(1, 1, 1), "0001-01-01")
