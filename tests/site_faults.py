"""What a whole site can do wrong: with its listings, with robots.txt, over HTTP/2; and what looks wrong and does no harm.

A table's entry makes the paths of one host, given the address of the host; `/fault` is the page or listing that the outcome is about.
"""

import gzip
import zlib
from collections.abc import Callable, Iterable
from dataclasses import replace

import h2_server
from fault_server import Route, answer, drip, raw, redirect
from faults import Fault, chunked, coded
from fetching import OK_HEAD
from h2_server import H2Route, Stream
from hyperframe.frame import Frame

KEEP = b"Connection: keep-alive\r\n"


def _sized(body: bytes, *extra: bytes) -> bytes:
    return OK_HEAD + b"".join(extra) + b"Content-Length: %d\r\n\r\n" % len(body) + body


def _pressed(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


def _typed(body: bytes, kind: str, *more: tuple[str, str]) -> Route:
    return answer(body, headers=[("Content-Type", kind), *more])


# A story comes all the same.
HARMLESS: dict[str, Callable[[bytes], Route]] = {
    "more than was promised": lambda story: raw(_sized(story, KEEP) + b"<p>And more of it.", then="hang"),
    "keep-alive, and closed": lambda story: raw(_sized(story, KEEP)),
    "keep-alive, and reset": lambda story: raw(_sized(story, KEEP), pause_s=0.05, then="reset"),
    "close, and left open": lambda story: raw(_sized(story, b"Connection: close\r\n"), then="hang"),
    "length and chunks": lambda story: raw(chunked(b"").replace(b"\r\n\r\n", b"\r\nContent-Length: 5\r\n\r\n") + _chunk(story)),
    "early hints": lambda story: raw(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 20 + b"HTTP/1.1 100 Continue\r\n\r\n" + _sized(story)),
    "HTTP/1.0 without length": lambda story: raw(b"HTTP/1.0 200 OK\r\n\r\n" + story),
    "no type": lambda story: _typed(story, ""),
    "type of an image": lambda story: _typed(story, "image/png"),
    "type of bytes": lambda story: _typed(story, "application/octet-stream"),
    "type that is none": lambda story: _typed(story, ";;=;charset"),
    "unknown charset": lambda story: _typed(story, "text/html; charset=klingon"),
    "UTF-16 said to be UTF-8": lambda story: _typed(story.decode().encode("utf-16"), "text/html; charset=utf-8"),
    "bytes that are no UTF-8": lambda story: _typed(story.replace(b"</article>", b"\xff\xfe\xc3</article>"), "text/html; charset=utf-8"),
    "gzip in three members": lambda story: coded(b"".join(gzip.compress(part) for part in (story[:99], b"", story[99:])), "gzip"),
    "gzip with rubbish behind": lambda story: coded(gzip.compress(story) + bytes(20), "gzip"),
    "raw deflate": lambda story: coded(_pressed(story), "deflate"),
    "a coding that is none": lambda story: coded(story, "utf-8"),
    "many cookies": lambda story: answer(story, headers=[("Set-Cookie", "a=" + "b" * 60_000)]),
    "folded headers": lambda story: raw(OK_HEAD + b"X-Long: one\r\n  two\r\nContent-Length: %d\r\n\r\n" % len(story) + story),
    "the clock of 1970": lambda story: _typed(story, "text/html", ("Date", "Thu, 01 Jan 1970 00:00:00 GMT")),
    "changed tomorrow": lambda story: _typed(story, "text/html", ("Last-Modified", "Sun, 06 Nov 2094 08:49:37 GMT")),
    "no date at all": lambda story: _typed(story, "text/html", ("Date", "yesterday"), ("Last-Modified", "0"), ("ETag", "\x01")),
    "status 203": lambda story: answer(story, status=203),
}


def _chunk(body: bytes) -> bytes:
    return b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n"


def feed(urls: Iterable[str], prologue: str = "", title: str = "Story") -> bytes:
    items = "".join(f"<item><title>{title}</title><link>{url}</link></item>" for url in urls)
    return f'<?xml version="1.0"?>{prologue}<rss version="2.0"><channel><title>News</title>{items}</channel></rss>'.encode()


def sitemap(urls: Iterable[str], kind: str = "urlset") -> bytes:
    entry = "sitemap" if kind == "sitemapindex" else "url"
    entries = "".join(f"<{entry}><loc>{url}</loc></{entry}>" for url in urls)
    return f'<{kind} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</{kind}>'.encode()


LAUGHS = "<!DOCTYPE rss [<!ENTITY l0 'ha'>" + "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10)) + "]>"
OUTSIDE = '<!DOCTYPE rss [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
NO_LISTING = "not_a_listing"

FEEDS: dict[str, Callable[[str], Fault]] = {
    "entities that double": lambda _: Fault(answer(feed((), LAUGHS, "&l9;")), "ok"),
    "an entity from outside": lambda host: Fault(answer(feed([f"{host}/late"], OUTSIDE, "&secret;")), "ok", announces=True),
    "a gigabyte": lambda _: Fault(raw(OK_HEAD + b"Content-Length: 1000000000\r\n\r\n<rss>", then="hang"), "too_large"),
    "endless": lambda _: Fault(drip(OK_HEAD + b"\r\n" + feed(()).replace(b"</channel></rss>", b""), b"<item/>" * 9_000), "too_large"),
    "a bomb": lambda _: Fault(coded(gzip.compress(b"<rss>" + bytes(50_000_000)), "gzip"), "too_large"),
    "cut short": lambda host: Fault(raw(OK_HEAD + b"Content-Length: 9000\r\n\r\n" + feed([host])), "truncated_body", retryable=True),
    "a PDF": lambda _: Fault(answer(b"%PDF-1.7\n" + bytes(200)), "not_a_page"),
    "a page": lambda _: Fault(answer(b"<!doctype html><html><body><p>Welcome.</p></body></html>"), NO_LISTING),
    "a login": lambda _: Fault(answer(b'{"error": "log in"}'), NO_LISTING),
    "empty": lambda _: Fault(answer(b""), "empty_body", retryable=True),
    "gone": lambda _: Fault(answer(b"", status=410), "http_410"),
    "unchanged since never": lambda _: Fault(answer(b"", status=304), "http_304"),
    "the type of an image": lambda host: Fault(_typed(feed([f"{host}/late"]), "image/png"), "ok", announces=True),
    "a feed of UTF-16": lambda host: Fault(_typed(feed([f"{host}/late"]).decode().encode("utf-16"), "text/xml"), "ok", announces=True),
    "ten thousand levels": lambda _: Fault(answer(b"<rss><channel>" + b"<item>" * 10_000), "ok"),
    "silence": lambda _: Fault(raw(then="hang"), "timeout", retryable=True),
}

SITEMAPS: dict[str, Callable[[str], Fault]] = {
    "names itself": lambda host: Fault(answer(sitemap([f"{host}/fault"], "sitemapindex")), "ok"),
    "goes in a circle": lambda host: Fault(
        answer(sitemap([f"{host}/b.xml"], "sitemapindex")), "ok", beside={"/b.xml": answer(sitemap([f"{host}/fault"], "sitemapindex"))}
    ),
    "a bomb in a file": lambda _: Fault(_typed(gzip.compress(b"<urlset>" + bytes(200_000_000)), "application/gzip"), "ok"),
    "entities that double": lambda _: Fault(answer(LAUGHS.replace("rss", "urlset").encode() + b"<urlset>&l9;</urlset>"), "ok"),
    "a list in a file": lambda host: Fault(_typed(gzip.compress(sitemap([f"{host}/late"])), "application/gzip"), "ok", announces=True),
}  # fmt: skip

RULES = b"User-agent: *\nDisallow: /private\n"
# The outcome is that of the feed, which is asked for next.
ROBOTS: dict[str, Fault] = {
    "endless": Fault(drip(OK_HEAD + b"\r\n" + RULES, b"Disallow: /y\n" * 1_000), "ok"),
    "binary": Fault(answer(bytes(range(256)) * 2_000), "ok"),
    "a page": Fault(answer(b"<html><p>Welcome to robots.txt"), "ok"),
    "a bomb": Fault(coded(gzip.compress(RULES + bytes(50_000_000)), "gzip"), "ok"),
    "no gzip": Fault(coded(RULES, "gzip"), "robots_unavailable", retryable=True),
    "server error": Fault(answer(RULES, status=500), "robots_unavailable", retryable=True),
    "too many requests": Fault(answer(RULES, status=429, headers=[("Retry-After", "86400")]), "robots_unavailable", retryable=True),
    "forbidden": Fault(answer(RULES, status=403), "ok"),
    "in a circle": Fault(redirect("/robots.txt"), "ok"),
    "to a file": Fault(redirect("file:///etc/passwd"), "robots_unavailable", retryable=True),
    "to the metadata address": Fault(redirect("http://169.254.169.254/robots.txt"), "robots_unavailable", retryable=True),
    "silent": Fault(raw(then="hang"), "timeout", retryable=True),
    "slow-loris": Fault(drip(OK_HEAD + b"\r\n", b"#", pause_s=0.02), "timeout", retryable=True),
    "reset": Fault(raw(then="reset"), "connection_lost", retryable=True),
    "no to everything": Fault(answer(b"User-agent: *\nDisallow: /"), "robots_denied"),
    "a delay that is no number": Fault(answer(b"User-agent: *\nCrawl-delay: -1e999\nCrawl-delay: nan\nRequest-rate: 1/0"), "ok"),
}


def _two(stream: Stream) -> Iterable[Frame]:
    return (stream.head(), stream.data(b"<p>Some of it"))


def _lies(stream: Stream) -> Iterable[Frame]:
    return (stream.head(headers=[("content-length", "900")]), stream.data(b"<p>Some of it", end=True))


H2: dict[str, tuple[H2Route, str, bool]] = {
    "reset at once": (h2_server.frames(lambda stream: [h2_server.reset(stream)]), "connection_lost", True),
    "reset in the body": (h2_server.frames(lambda stream: [*_two(stream), h2_server.reset(stream)]), "truncated_body", True),
    "go away": (h2_server.frames(lambda stream: [h2_server.go_away(0)], then="close"), "connection_lost", True),
    "go away in the body": (h2_server.frames(lambda stream: [*_two(stream), h2_server.go_away(1)], then="close"), "truncated_body", True),
    "closed at once": (h2_server.frames(lambda _: [], then="close"), "connection_lost", True),
    "closed in the body": (h2_server.frames(_two, then="close"), "truncated_body", True),
    "a length that lies": (h2_server.frames(_lies), "truncated_body", True),
    "a status in words": (h2_server.frames(lambda stream: [stream.head("fine")]), "protocol_error", False),
    "an answer to nobody": (h2_server.frames(lambda stream: [replace(stream, id=99).head()]), "protocol_error", False),
    "data before the head": (h2_server.frames(lambda stream: [stream.data(b"early")]), "protocol_error", False),
    "headers without end": (
        h2_server.flood(lambda stream: [stream.head(flags=())], h2_server.more_headers), "protocol_error", False
    ),
    "empty data without end": (h2_server.flood(lambda stream: [stream.head()], lambda stream: stream.data(b"")), "timeout", True),
    "pings without end": (h2_server.flood(lambda _: [], h2_server.ping), "timeout", True),
    "settings without end": (h2_server.flood(lambda _: [], h2_server.settings), "timeout", True),
}  # fmt: skip
