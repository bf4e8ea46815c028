"""Kinds of hostile bytes and of plain text: encodings that are wrong, mixed or wide, what is no page at all, and text without an end."""

import gzip
import io
import json
import random
import zipfile
import zlib

from benchmarks.hostile_pages import STORY, Kind

__all__ = ["KINDS"]

LINE = "The harbour board voted on Tuesday to reopen the eastern lock after eleven months. "
PAGE = f"<html><head><title>Lock</title></head><body>{STORY}</body></html>"
NOISE = random.Random(7).randbytes(1 << 20)
FEED = "<item><title>Story</title><link>https://site.example/a</link><description>&lt;p&gt;Words&lt;/p&gt;</description></item>"


def repeated(piece: bytes, n: int) -> bytes:
    return (piece * (n // len(piece) + 1))[:n]


def zipped(n: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("page.html", PAGE * (n // len(PAGE) + 1))
    return file.getvalue()


def warc(n: int) -> bytes:
    record = (
        b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: %d\r\n\r\nHTTP/1.1 200 OK\r\n\r\n" % len(PAGE) + PAGE.encode() + b"\r\n\r\n"
    )
    return repeated(record, n)


def twice(text: str) -> bytes:
    return text.encode().decode("latin-1").encode()


def letters(number: int) -> str:
    """Give a word of four letters from á to þ, another for every number: encoded twice, none of them holds a control character."""
    return "".join(chr(0xE1 + number // 30**place % 30) for place in range(4)) + " "


def encoded(name: str) -> Kind:
    return Kind(f"page in {name}", 2_000, lambda n: (PAGE * n).encode(name, "replace"))


def mislabelled(name: str) -> Kind:
    return Kind(f"page labelled {name}", 2_000, lambda n: f"<meta charset={name}>".encode() + (PAGE * n).encode())


def paragraphs(name: str, piece: str) -> Kind:
    return Kind(f"paragraphs, {name}", 3_000_000, lambda n: f"<p>{piece * 9}</p>" * (n // len(piece) // 9 + 1))


def one_line(name: str, piece: str) -> Kind:
    return Kind(f"one line, {name}", 3_000_000, lambda n: f"<p>{piece * (n // len(piece))}</p>{STORY}")


def plain_text(name: str, piece: str) -> Kind:
    return Kind(f"plain text, {name}", 3_000_000, lambda n: piece * (n // len(piece)))


ENCODINGS = (
    "utf-8-sig utf-16 utf-16-le utf-16-be utf-32 utf-32-le gb18030 big5 shift_jis euc-kr iso2022_jp koi8-r cp1252 utf-7 cp037".split()
)
LETTERS = {
    "right to left": "הנהלת הנמל החליטה ביום שלישי לפתוח מחדש את השער. ",
    "Arabic digits": "٢٠٢٥-٠٥-٢١ ١٢:٣٠ قرر المجلس. ",
    "Chinese": "港务委员会周二投票决定重新开放东闸。",
    "Thai": "คณะกรรมการท่าเรือลงมติเมื่อวันอังคาร",
    "emoji": "\U0001f6f3\ufe0f\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466\U0001f3f4\U000e0067\U000e0062\U000e007f ",
    "zalgo": "Z\u0337\u0322\u031b\u031c\u0353\u032aa\u0338\u034e\u0350l\u0334\u0333g\u0337\u0331o\u0336\u035a ",
    "ligatures": "\ufdfa\ufdfa\ufdfa \ufb03 \u2167 \u337f ",
    "invisible": "\u200b\u200d\u2060\ufeff\xad",
    "bidi marks": "\u202e\u2066abc\u2069\u202c ",
    "private use": "\ue000\uf8ff\U000f0000 ",
    "astral": "\U0001d57f\U0001d58d\U0001d58a \U0001d591\U0001d594\U0001d588\U0001d590 ",
    "dotted capitals": "\u0130STANBUL \u1e9e \u0149 ",
    "wide digits": "２０２５年５月２１日 ",
}

KINDS: tuple[Kind, ...] = (
    *map(encoded, ENCODINGS),
    *map(mislabelled, ENCODINGS),
    *(paragraphs(*entry) for entry in LETTERS.items()),
    *(one_line(*entry) for entry in LETTERS.items()),
    *(plain_text(*entry) for entry in LETTERS.items()),
    Kind("a pile of combining marks", 5_000_000, lambda n: "<p>a" + "\u0301\u0323" * (n // 2) + STORY),
    Kind("combining marks, out of order", 2_000_000, lambda n: "<h1>a" + "\u0301\u0323\u031b" * (n // 3) + "</h1>" + STORY),
    Kind("lone surrogates", 3_000_000, lambda n: "<p>\ud800 \udfff\ud83d " * (n // 8) + STORY),
    Kind("lone surrogates in fields", 100, lambda n: f"<title>\ud800</title><h1>\udc00</h1><p class=author>By \ud83d Lee</p>{STORY}" * n),
    Kind("BOMs", 3_000_000, lambda n: "\ufeff" * n + PAGE),
    Kind("BOMs, in bytes", 3_000_000, lambda n: b"\xef\xbb\xbf" * n + PAGE.encode()),
    Kind("a BOM of UTF-16 over UTF-8", 1_000, lambda n: b"\xff\xfe" + (PAGE * n).encode()),
    Kind("UTF-8 encoded twice", 5_000, lambda n: (PAGE + "Größe “naïve” café" * n).encode().decode("cp1252", "replace").encode()),
    Kind("UTF-8 encoded twice, all different", 400_000, lambda n: twice("".join(map(letters, range(n))) + PAGE)),
    Kind("UTF-8 encoded twice, in one line", 2_000_000, lambda n: twice(PAGE + "é" * n)),
    Kind("UTF-8 encoded twice, or not", 500_000, lambda n: twice("é ü " * n) + PAGE.encode() + "é ü ".encode() * n),
    Kind("encodings mixed", 200_000, lambda n: PAGE.encode() + b"".join(b"<p>gr\xfc\xdfe \xe2\x82\xac \x80\xff</p>" for _ in range(n))),
    Kind("broken UTF-8", 5_000_000, lambda n: PAGE.encode() + b"\xc3 \xe2\x82 " * (n // 6)),
    Kind("overlong UTF-8", 5_000_000, lambda n: PAGE.encode() + b"\xc0\xaf\xf8\x88" * (n // 4)),
    Kind("bytes without a charset", 10_000_000, lambda n: PAGE.encode() + repeated(bytes(range(0x80, 0x100)), n)),
    Kind("charsets by the thousand", 200_000, lambda n: b"<meta charset=x>" * n + PAGE.encode()),
    Kind("a charset of 10 MB", 10_000_000, lambda n: b"<meta charset='" + b"x" * n + b"'>" + PAGE.encode()),
    Kind("escapes of ISO-2022-JP", 3_000_000, lambda n: PAGE.encode() + b"\x1b$B\x1b(B" * (n // 6)),
    Kind("noise", 20_000_000, lambda n: repeated(NOISE, n)),
    Kind("noise in a page", 20_000_000, lambda n: PAGE.encode() + repeated(NOISE, n)),
    Kind("zeros", 20_000_000, bytes),
    Kind("a page and zeros", 20_000_000, lambda n: PAGE.encode() + bytes(n)),
    Kind("a PDF", 20_000_000, lambda n: b"%PDF-1.7\n" + repeated(NOISE, n)),
    Kind("a PDF behind a page", 20_000_000, lambda n: PAGE.encode() + b"%PDF-1.7\n" + repeated(NOISE, n)),
    Kind("gzip", 200_000, lambda n: gzip.compress((PAGE * (n // len(PAGE) + 1)).encode())),
    Kind("a gzip bomb", 2_000_000_000, lambda n: b"".join(gzip.compress(bytes(20_000_000)) for _ in range(n // 20_000_000 + 1))),
    Kind("a gzip bomb in gzip", 500_000_000, lambda n: gzip.compress(gzip.compress(bytes(min(n, 100_000_000))) * 5)),
    Kind("a gzip bomb of a page", 200_000_000, lambda n: gzip.compress(("<div>" * (n // 5)).encode()[:60_000_000])),
    Kind("gzip members, empty", 500_000, lambda n: gzip.compress(b"") * n),
    Kind("gzip, damaged", 10_000_000, lambda n: gzip.compress(PAGE.encode())[:40] + repeated(NOISE, n)),
    Kind("gzip magic alone", 5_000_000, lambda n: b"\x1f\x8b" * (n // 2)),
    Kind("zlib", 20_000_000, lambda n: zlib.compress(bytes(n))),
    Kind("a zip archive", 20_000_000, zipped),
    Kind("a WARC file", 20_000_000, warc),
    Kind("a PNG", 20_000_000, lambda n: b"\x89PNG\r\n\x1a\n" + repeated(NOISE, n)),
    Kind("an MP4", 20_000_000, lambda n: b"\0\0\0\x20ftypisom" + repeated(NOISE, n)),
    Kind("JSON", 10_000_000, lambda n: json.dumps([LINE] * (n // len(LINE) + 1)).encode()),
    Kind("JSON nested", 5_000_000, lambda n: b"[" * n),
    Kind("an XML feed", 50_000, lambda n: ("<?xml version='1.0'?><rss><channel>" + FEED * n).encode()),
    Kind(
        "XML entities",
        2_000_000,
        lambda n: ("<?xml version='1.0'?><!DOCTYPE x [" + "<!ENTITY a '&b;&b;'>" * (n // 20) + "]><x>&a;</x>").encode(),
    ),
    Kind("XHTML with namespaces", 300_000, lambda n: "<?xml version='1.0'?><html xmlns='x'>" + "<x:p xmlns:x='y'>word</x:p>" * n + STORY),
    Kind("nothing", 0, lambda _n: b""),
    Kind("one character", 1, lambda _n: "<"),
    Kind("paragraphs", 50_000_000, lambda n: PAGE + f"<p>{LINE * 4}</p>" * (n // (4 * len(LINE) + 7))),
    Kind("paragraphs, all different", 100_000, lambda n: PAGE + "".join(f"<p>{number}. {LINE}</p>" for number in range(n))),
    Kind("one paragraph", 50_000_000, lambda n: "<p>" + LINE * (n // len(LINE)) + STORY),
    Kind("one word", 50_000_000, lambda n: "<p>" + "a" * n + STORY),
    Kind("white space", 50_000_000, lambda n: "<p>" + " \n\t" * (n // 3) + STORY),
    Kind("plain text without a line's end", 50_000_000, lambda n: LINE * (n // len(LINE))),
    Kind("plain text of one word", 50_000_000, lambda n: "a" * n),
    Kind("plain text of line ends", 50_000_000, lambda n: "\n" * n),
    Kind("plain text of carriage returns", 20_000_000, lambda n: "\r" * n),
    Kind("plain text of spaces", 50_000_000, lambda n: " " * n),
    Kind("plain text of lines", 50_000_000, lambda n: f"{LINE}\n" * (n // len(LINE))),
    Kind("plain text of short lines", 20_000_000, lambda n: "a\n" * (n // 2)),
    Kind("plain text of bylines", 5_000_000, lambda n: "By Ann Lee\n5 May 2025\n" * (n // 22)),
    Kind("plain text of wrapped lines", 20_000_000, lambda n: f"{LINE[:70]}\n" * (n // 71)),
    Kind("plain text of line separators", 5_000_000, lambda n: "a\u2028\x0b\x0c\x1c\x85" * (n // 6)),
    Kind("plain text of less-than signs", 10_000_000, lambda n: "<" * n),
    Kind("plain text of tabs", 10_000_000, lambda n: "a\tb" * (n // 3)),
    Kind("plain text that names tags late", 10_000_000, lambda n: "word " * (n // 5) + PAGE),
)
