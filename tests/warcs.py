"""Which WARC files do the tests of batches read? Small ones, of pages that say their number, packed in every way there is."""

import gzip
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import zstandard

__all__ = ["PACKINGS", "html", "http", "record", "url", "warc", "warcs", "whole"]

DICTIONARY_MAGIC = b"\x5d\x2a\x4d\x18"


def url(number: int, site: str = "coast.example") -> str:
    return f"https://www.{site}/stories/{number}"


def html(number: int) -> bytes:
    """Tell a story that no other page tells, long enough to be one."""
    told = "".join(
        f"<p>Keeper {number} of the lighthouse counted {number * 7 + line} ships in week {line}, and wrote each name in the book.</p>"
        for line in range(8)
    )
    head = f"<title>Ships counted, {number}</title><meta property='article:published_time' content='2026-01-05T08:00:00Z'>"
    return f"<html><head>{head}</head><body><article><h1>Ships counted, {number}</h1>{told}</article></body></html>".encode()


def http(body: bytes, *headers: str, status: str = "200 OK", kind: str = "text/html") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def record(block: bytes, target: str | None, *, kind: str = "response", **head: str) -> bytes:
    """Write a record; names of `head` have underscores for hyphens, and an empty value leaves its line out."""
    lines = {
        "WARC-Type": kind,
        "WARC-Target-URI": target or "",
        "WARC-Date": "2026-01-06T07:08:09Z",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block)),
    } | {name.replace("_", "-"): value for name, value in head.items()}
    told = [f"{name}: {value}" for name, value in lines.items() if value]
    return "\r\n".join(["WARC/1.0", *told, "", ""]).encode() + block + b"\r\n\r\n"


def warc(numbers: Iterable[int], site: str = "coast.example") -> list[bytes]:
    """Give the records of a file: what crawlers write before and beside their pages, and a page for each number."""
    records = [record(b"software: test\r\n", None, kind="warcinfo", Content_Type="application/warc-fields")]
    for number in numbers:
        records += [record(b"GET / HTTP/1.1\r\n\r\n", url(number, site), kind="request"), record(http(html(number)), url(number, site))]
    return records


def whole(records: Iterable[bytes], size: int) -> bytes:
    """Pack a stream in pieces that end anywhere, as bgzip does."""
    stream = b"".join(records)
    return b"".join(gzip.compress(stream[at : at + size]) for at in range(0, len(stream), size))


def _with_dictionary(records: Iterable[bytes]) -> bytes:
    known = zstandard.ZstdCompressionDict(record(http(html(0)), url(0)) * 3, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    packer = zstandard.ZstdCompressor(dict_data=known)
    content = zstandard.ZstdCompressor().compress(known.as_bytes())
    return DICTIONARY_MAGIC + len(content).to_bytes(4, "little") + content + b"".join(map(packer.compress, records))


PACKINGS: Mapping[str, Callable[[list[bytes]], bytes]] = {
    "plain": b"".join,
    "gzip": lambda records: b"".join(map(gzip.compress, records)),
    "gzip-whole": lambda records: gzip.compress(b"".join(records)),
    "gzip-anywhere": lambda records: whole(records, 5_000),
    "zstd": lambda records: b"".join(map(zstandard.ZstdCompressor().compress, records)),
    "zstd-whole": lambda records: zstandard.ZstdCompressor().compress(b"".join(records)),
    "zstd-dictionary": _with_dictionary,
}


def warcs(folder: Path, *, files: int, pages: int) -> list[str]:
    """Write files of so many pages each, and give the addresses of all pages."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(files):
        records = warc(range(number * pages, (number + 1) * pages), f"site{number % 3}.example")
        (folder / f"crawl-{number:03}.warc.gz").write_bytes(PACKINGS["gzip"](records))
    return [url(number * pages + page, f"site{number % 3}.example") for number in range(files) for page in range(pages)]
