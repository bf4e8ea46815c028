"""A sitemap is read as it comes, whatever its size: in one request, in little memory, and to the place where it breaks off."""

import gzip
import json
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from newsroom import Answer, Newsroom, newsroom

from scraper.decode import gunzipped_pieces
from scraper.discover import read, wanted_entries
from scraper.errors import BodyError
from scraper.fetch import Spill
from scraper.records import Page, Source

NOW = datetime(2026, 1, 5, 16, 50, tzinfo=UTC)
URL = "https://quayside.example/sitemap.xml"
MOST_MB = 30  # that a sitemap of 50 MB may take of memory; held as a whole it takes three times its size and more

# Reads, from its standard input, what is expected to be a sitemap; tells how many entries it kept and by how many kB its memory has grown.
READER = """
import resource, sys
from test_large_sitemaps import NOW, kept
kept([b"<urlset><url><loc>https://quayside.example/0</loc></url></urlset>"])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
entries = kept(iter(lambda: sys.stdin.buffer.read1(65_536), b""))
print(len(entries), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
# Runs the command, and tells by how many kB its memory has grown since its start.
RUNNER = """
import resource, sys
from scraper.cli import app
import scraper.pipeline.crawl
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    app.main(sys.argv[1:])
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, file=sys.stderr)
"""


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with newsroom() as site:
        site.answers["/robots.txt"] = Answer(status=404)
        yield site


def kept(pieces: Any, **headers: str) -> list[str]:
    page = Page(url=URL, requested_url=URL, status=200, headers=tuple(headers.items()), content=b"", fetched_at=NOW)
    source = Source(id="quayside", name="Quayside", domain="quayside.example")
    return [entry.url or "" for entry in read(page, "news_sitemap", pieces=pieces, keep=wanted_entries(source, NOW)).entries]


def places(count: int, day: str, slug: str = "tide-table") -> Iterator[bytes]:
    for number in range(count):
        loc = f"https://quayside.example/2025/03/{slug}-number-{number}.html?view=1&amp;b=2"
        yield f"<url><loc>{loc}</loc><lastmod>{day}T10:00:00Z</lastmod><changefreq>daily</changefreq></url>\n".encode()


def cut(content: bytes, size: int) -> list[bytes]:
    return [content[at : at + size] for at in range(0, len(content), size)]


def test_two_hundred_thousand_urls_cost_the_memory_of_those_that_are_wanted() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", READER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parent
    ) as reader:
        assert reader.stdin
        assert reader.stdout
        reader.stdin.write(b"<urlset>")
        for line in places(200_000, "2025-01-05"):
            reader.stdin.write(line)
        reader.stdin.writelines([*places(20, "2026-01-05"), b"</urlset>"])
        reader.stdin.close()
        entries, grown_kb = map(int, reader.stdout.read().split())
    assert entries == 20
    assert grown_kb < MOST_MB * 1024


def run(folder: Path, room: Newsroom, *sitemaps: str) -> tuple[dict[str, Any], float]:
    """Run the command over the sitemaps and give its summary, and the MB by which its process has grown."""
    text = "version: 1\ndefaults: {contact: desk@example.org, delay_s: 0, allow_private: true, timeout_s: 120}\nsources:\n"
    text += f"  - {{id: room, domain: '127.0.0.1', news_sitemaps: [{', '.join(room.origin + path for path in sitemaps)}]}}\n"
    (folder / "sources.yaml").write_text(text, encoding="utf-8")
    command = [sys.executable, "-c", RUNNER, "run", "--db", "news.db", "--log", "run.log", "--json", "--quiet"]
    with tempfile.TemporaryDirectory() as spilled:  # a short path: sockets are made there too
        where = {"TMPDIR": spilled, "PYTHONPATH": str(Path(__file__).parents[1])}
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300, env=where)
        assert done.returncode in {0, 1}, done.stderr
        assert not [*Path(spilled).glob("scraper-*")], "nothing is left on the disk"
    total: dict[str, Any] = json.loads(done.stdout)["total"]
    return total, int(done.stderr.split()[-1]) / 1024


def rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(folder / "news.db")) as store:
        return store.execute(query).fetchall()


@pytest.mark.parametrize("coding", ["none", "http", "file"])
def test_fifty_megabytes_are_read_in_one_request_and_never_held(room: Newsroom, tmp_path: Path, coding: str) -> None:
    url = room.story("/a", "Ostvik")
    new = f"<url><loc>{url}</loc><lastmod>2099-01-05</lastmod></url>".encode()
    body = b"".join([b"<urlset>", *places(40_000, "2025-01-05", "tide-table-" * 100), new, b"</urlset>"])
    assert 45_000_000 < len(body) < 52_428_800
    coded = body if coding == "none" else gzip.compress(body, 1)
    room.answers["/map.xml"] = Answer(coded, headers={"ETag": '"map"'} | ({"Content-Encoding": "gzip"} if coding == "http" else {}))
    total, grown_mb = run(tmp_path, room, "/map.xml")
    assert (total["links_found"], total["new"], total["failed"], room.asked("/map.xml")) == (1, 1, 0, 1)
    assert grown_mb < MOST_MB
    assert rows(tmp_path, "SELECT bytes, attempts FROM fetches WHERE kind = 'news_sitemap'") == [
        (len(coded) if coding == "file" else len(body), 1)
    ]


def test_one_that_breaks_off_is_a_failure_and_costs_no_other_listing(room: Newsroom, tmp_path: Path) -> None:
    body = b"".join([b"<urlset>", *places(20_000, "2025-01-05", "tide-table-" * 100)])
    room.answers["/broken.xml"] = Answer(body, headers={"Content-Length": str(len(body) + 1_000), "Connection": "close"})
    room.answers["/large.xml"] = Answer(b"<urlset>", headers={"Content-Length": "52428801", "Connection": "close"})
    room.answers["/whole.xml"] = Answer(f"<urlset><url><loc>{room.story('/a', 'Ostvik')}</loc></url></urlset>".encode())
    total, _ = run(tmp_path, room, "/broken.xml", "/large.xml", "/whole.xml")
    assert (total["new"], total["failures"]) == (1, {"truncated_body": 1, "too_large": 1})


@pytest.mark.parametrize("size", [1, 7, 64, 100_000])
@pytest.mark.parametrize(
    ("name", "spoiled", "found"),
    [
        ("whole", lambda text: text, 3),
        ("cut off in an address", lambda text: text[: text.index("c=3")], 2),
        ("cut off before its end", lambda text: text.removesuffix("</urlset>"), 3),
        ("an entity of HTML", lambda text: text.replace("</loc>", "</loc><note>&eacute;</note>"), 3),
        ("markup after its end", lambda text: text + "<url>", 3),
    ],
)
def test_it_makes_no_difference_where_the_pieces_begin(name: str, spoiled: Any, found: int, size: int) -> None:
    loc = "<url><loc>{}https://quayside.example/Küste-{}?a=1{}c={}{}</loc></url>"
    entries = loc.format("", 1, "&", 1, "") + loc.format("<![CDATA[", 2, "&", 2, "]]>") + loc.format("", 3, "&amp;", 3, "")
    content = spoiled(f'<?xml version="1.0" encoding="utf-8"?><urlset>{entries}</urlset>').encode()
    urls = [f"https://quayside.example/K%C3%BCste-{number}?a=1&c={number}" for number in (1, 2, 3)][:found]
    for body in (content, gzip.compress(content), gzip.compress(content[:50]) + gzip.compress(content[50:])):
        assert kept(cut(body, size)) == urls, name


@pytest.mark.parametrize(("encoding", "declared"), [("utf-16", ""), ("iso-8859-1", "encoding='iso-8859-1'"), ("utf-8-sig", "")])
def test_what_is_longer_than_its_head_is_read_in_the_heads_encoding(encoding: str, declared: str) -> None:
    entries = "".join(f"<url><loc>https://quayside.example/Küste-{number}</loc></url>" for number in range(30_000))
    content = f"<?xml version='1.0' {declared}?><urlset>{entries}</urlset>".encode(encoding)
    assert len(content) > 1_000_000
    assert kept(cut(content, 65_535))[-1] == "https://quayside.example/K%C3%BCste-29999"


def test_a_list_of_addresses_is_read_in_pieces_too() -> None:
    lines = b"".join(b"https://quayside.example/%d\r\n" % number for number in range(2_000))
    assert kept(cut(lines, 333)) == lines.decode().split()


def test_a_bomb_within_a_bomb_ends_at_the_size_of_the_largest_sitemap() -> None:
    bomb = gzip.compress(gzip.compress(bytes(80_000_000)))
    assert sum(map(len, gunzipped_pieces([bomb]))) < 52_428_800 + 65_536


def test_what_is_spilled_is_bounded_and_deleted() -> None:
    with Spill(10) as spill:
        spill.take(b"tide ", URL)
        spill.take(b"table", URL)
        assert spill.overflow is not None
        path = Path(spill.overflow.path)
        assert (spill.overflow.size, path.read_bytes()) == (10, b"tide table")
        with pytest.raises(BodyError, match="larger than 10 bytes"):
            spill.take(b"s", URL)
    assert not path.exists()


def test_a_disk_without_room_is_a_failure_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    with Spill(10) as spill, pytest.raises(BodyError, match="cannot be put into a file") as caught:
        spill.take(b"tide", URL)
    assert (caught.value.code, spill.overflow) == ("too_large", None)
