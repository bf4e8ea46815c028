"""What a server can do wrong with one answer, as tables: how it is done, and the name and nature of the failure that must come of it.

`test_fetch_faults` meets each alone, `test_faults` all of them in one run. A code of `ok` means that the fault does no harm.
"""

import gzip
import os
from dataclasses import dataclass, field

import brotli  # type: ignore[import-untyped]
import zstandard
from fault_server import Exchange, Route, answer, drip, raw, redirect
from fetching import OK_HEAD, STORY

ETERNAL = b"a" * 3_000


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing done wrong. `beside` are the further paths it needs; a listing may announce a story at `/late` all the same."""

    route: Route
    code: str
    retryable: bool = False
    beside: dict[str, Route] = field(default_factory=dict)
    announces: bool = False


def coded(body: bytes, coding: str) -> Route:
    return answer(body, headers=[("Content-Encoding", coding)])


def chunked(body: bytes) -> bytes:
    return OK_HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + body


LOST, BROKEN, CUT = ("connection_lost", True), ("protocol_error", False), ("truncated_body", True)
TOO_LARGE, BAD_CODING, EMPTY, NO_PAGE = ("too_large", False), ("bad_content_encoding", False), ("empty_body", True), ("not_a_page", False)
NOISE = os.urandom(900)

CONNECTIONS = {
    "closed at once": Fault(raw(), *LOST),
    "reset at once": Fault(raw(then="reset"), *LOST),
    "closed in the status line": Fault(raw(b"HTTP/1.1 20"), *LOST),
    "closed in the head": Fault(raw(b"HTTP/1.1 200 OK\r\nContent-Ty"), *LOST),
    "reset in the head": Fault(raw(b"HTTP/1.1 200 OK\r\nContent-Ty", then="reset"), *LOST),
    "cut short": Fault(raw(OK_HEAD + b"Content-Length: 900\r\n\r\n" + STORY), *CUT),
    "reset in the body": Fault(raw(OK_HEAD + b"Content-Length: 900\r\n\r\n" + STORY, then="reset"), *CUT),
    "reset in a body without length": Fault(raw(OK_HEAD + b"\r\n" + STORY, pause_s=0.05, then="reset"), *CUT),
}

FRAMES = {
    "not HTTP": Fault(raw(b"220 mail.example.org ESMTP\r\n\r\n"), *BROKEN),
    "HTTP/0.9": Fault(raw(b"<html>" + STORY + b"\r\n\r\n"), *BROKEN),
    "bad status line": Fault(raw(b"HTTP/1.1 2x0 OK\r\n\r\n"), *BROKEN),
    "status of two digits": Fault(raw(b"HTTP/1.1 20 OK\r\n\r\n"), *BROKEN),
    "bad header": Fault(raw(OK_HEAD + b"no colon\r\n\r\n"), *BROKEN),
    "header with a NUL": Fault(raw(OK_HEAD + b"X-A: \0\r\n\r\n"), *BROKEN),
    "endless headers": Fault(drip(OK_HEAD, b"X-More: " + ETERNAL + b"\r\n"), *BROKEN),
    "endless header": Fault(drip(OK_HEAD + b"X-More: ", ETERNAL), *BROKEN),
    "a million headers": Fault(raw(OK_HEAD + b"A: b\r\n" * 1_000_000 + b"\r\n"), *BROKEN),
    "a megabyte of cookies": Fault(raw(OK_HEAD + (b"Set-Cookie: a=" + ETERNAL + b"\r\n") * 350 + b"\r\n"), *BROKEN),
    "two lengths": Fault(raw(OK_HEAD + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"), *BROKEN),
    "negative length": Fault(raw(OK_HEAD + b"Content-Length: -1\r\n\r\nabcd"), *BROKEN),
    "length in words": Fault(raw(OK_HEAD + b"Content-Length: many\r\n\r\nabcd"), *BROKEN),
    "unknown transfer": Fault(raw(OK_HEAD + b"Transfer-Encoding: gzip\r\n\r\nabcd"), *BROKEN),
    "chunks cut short": Fault(raw(chunked(b"5\r\nabcde\r\n")), *CUT),
    "bad chunks": Fault(raw(chunked(b"xyz\r\nabcde\r\n")), *CUT),
    "chunk that is longer than it says": Fault(raw(chunked(b"2\r\nabcde\r\n0\r\n\r\n")), *CUT),
    "chunk of a huge size": Fault(raw(chunked(b"f" * 40 + b"\r\nabc")), *CUT),
    "endless trailers": Fault(drip(chunked(b"1\r\na\r\n0\r\n"), b"X-More: " + ETERNAL + b"\r\n"), *CUT),
    "endless chunk extension": Fault(drip(chunked(b"1;"), ETERNAL), *CUT),
}

SIZES = {
    "20 MB": Fault(answer(bytes(20_000_000)), *TOO_LARGE),
    "20 MB without length": Fault(raw(OK_HEAD + b"\r\n", b"<p>" + b"words " * 3_400_000), *TOO_LARGE),
    "a gigabyte promised": Fault(raw(OK_HEAD + b"Content-Length: 1000000000\r\n\r\n<p>", then="hang"), *TOO_LARGE),
    "absurd length": Fault(raw(OK_HEAD + b"Content-Length: " + b"9" * 19 + b"\r\n\r\n<p>", then="hang"), *TOO_LARGE),
    "endless body": Fault(drip(OK_HEAD + b"\r\n", b"<p>" * 100_000), *TOO_LARGE),
    "endless chunks": Fault(drip(chunked(b""), b"2710\r\n" + b"a" * 10_000 + b"\r\n"), *TOO_LARGE),
}

CODINGS = {
    "truncated gzip": Fault(coded(gzip.compress(NOISE)[:500], "gzip"), *CUT),
    "truncated brotli": Fault(coded(brotli.compress(NOISE)[:500], "br"), *CUT),
    "truncated zstd": Fault(coded(zstandard.compress(NOISE)[:500], "zstd"), *CUT),
    "no gzip": Fault(coded(STORY, "gzip"), *BAD_CODING),
    "no brotli": Fault(coded(b"\xff" * 90, "br"), *BAD_CODING),
    "no zstd": Fault(coded(STORY, "zstd"), *BAD_CODING),
    "gzip with a wrong sum": Fault(coded(gzip.compress(STORY)[:-8] + bytes(8), "gzip"), *BAD_CODING),
    "gzip bomb": Fault(coded(gzip.compress(bytes(50_000_000)), "gzip"), *TOO_LARGE),
    "brotli bomb": Fault(coded(brotli.compress(bytes(50_000_000), quality=5), "br"), *TOO_LARGE),
    "zstd bomb": Fault(coded(zstandard.compress(bytes(50_000_000)), "zstd"), *TOO_LARGE),
    "bomb in a bomb": Fault(coded(gzip.compress(gzip.compress(bytes(50_000_000))), "gzip, gzip"), *TOO_LARGE),
    "gzip of a million empty members": Fault(coded(gzip.compress(b"") * 100_000, "gzip"), *BAD_CODING),
    "compressed nine times": Fault(coded(gzip.compress(STORY), ",".join(["gzip"] * 9)), *BAD_CODING),
    "zstd with a huge window": Fault(coded(b"\x28\xb5\x2f\xfd\x00\xf8\x01\x00\x00", "zstd"), *BAD_CODING),
}

CONTENTS = {
    "empty": Fault(answer(b""), *EMPTY),
    "empty by status": Fault(raw(b"HTTP/1.1 204 No Content\r\n\r\n"), *EMPTY),
    "white space": Fault(answer(b" \r\n\t "), *EMPTY),
    "empty gzip": Fault(coded(gzip.compress(b""), "gzip"), *EMPTY),
    "PDF as HTML": Fault(answer(b"%PDF-1.7\n" + bytes(200)), *NO_PAGE),
    "PNG as HTML": Fault(answer(b"\x89PNG\r\n\x1a\n" + bytes(200)), *NO_PAGE),
    "JPEG as HTML": Fault(answer(b"\xff\xd8\xff\xe0" + bytes(200)), *NO_PAGE),
    "ZIP as HTML": Fault(answer(b"PK\x03\x04" + bytes(200)), *NO_PAGE),
    "PDF in gzip": Fault(answer(gzip.compress(b"%PDF-1.7\n" + bytes(200))), *NO_PAGE),
    "noise": Fault(answer(bytes(range(32)) * 40), *NO_PAGE),
}

_AGAIN = frozenset({408, 425, 429, *range(500, 600)})
STATUSES = {
    f"status {status}": Fault(answer(b"<p>no", status=status), f"http_{status}", status in _AGAIN)
    for status in (
        *(206, 300, 304, 305, 306, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 418, 421, 425, 429, 431, 451),
        *(500, 501, 502, 503, 504, 505, 511, 521, 530, 599, 600, 999),
    )
}

SILENCES = {
    "silent before the head": Fault(raw(then="hang"), "timeout", True),
    "silent in the head": Fault(raw(b"HTTP/1.1 200 OK\r\n", then="hang"), "timeout", True),
    "silent before the body": Fault(raw(OK_HEAD + b"Content-Length: 90\r\n\r\n", then="hang"), "timeout", True),
    "slow-loris head": Fault(drip(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n", pause_s=0.02), "timeout", True),
    "slow-loris body": Fault(drip(OK_HEAD + b"\r\n", b"<p>", pause_s=0.02), "timeout", True),
    "slow-loris chunks": Fault(drip(chunked(b""), b"1\r\na\r\n", pause_s=0.02), "timeout", True),
    "slow-loris gzip": Fault(
        drip(OK_HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(NOISE)[:10], gzip.compress(b""), pause_s=0.02), "timeout", True
    ),
    "endless early answers": Fault(drip(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", pause_s=0.01), "timeout", True),
}  # fmt: skip


def _many(exchange: Exchange) -> str:
    return f"/hop/{int(exchange.request.path.rpartition('/')[2]) + 1}"


async def _next_hop(exchange: Exchange) -> None:
    await exchange.respond(b"", status=302, headers=[("Location", _many(exchange))])


# None of these passes the guard, even with allow_private: nothing is sent. `metadata.test` is a name for the last but one of them.
FORBIDDEN = {
    "to the metadata address": "http://169.254.169.254/latest/meta-data/",
    "to its number": "http://2852039166/",
    "to its octal form": "http://0251.0376.0251.0376/",
    "to its IPv6 form": "http://[::ffff:a9fe:a9fe]/",
    "to its NAT64 form": "http://[64:ff9b::a9fe:a9fe]/",
    "to Alibaba's metadata": "http://100.100.100.200/",
    "to Amazon's IPv6 metadata": "http://[fd00:ec2::254]/",
    "to link-local IPv6": "http://[fe80::1]/",
    "to no address": "http://0.0.0.0/",
    "to everyone": "http://255.255.255.255/",
    "to a group": "http://224.0.0.1/",
    "to a name of the metadata address": "http://metadata.test/",
}
OTHER_SCHEMES = {
    "to a file": "file:///etc/passwd",
    "to ftp": "ftp://127.0.0.1/a",
    "to gopher": "gopher://127.0.0.1:70/",
    "to a script": "javascript:alert(1)",
    "to data": "data:text/html,hello",
}
RUBBISH = {"to nothing": "", "to a space": " ", "to half a bracket": "http://[", "to a host with a space": "http://exa mple.org/"}

REDIRECTS = {
    "round to itself": Fault(redirect("/fault"), "redirect_loop"),
    "round in a circle": Fault(redirect("/pong"), "redirect_loop", beside={"/pong": redirect("/fault#again")}),
    "on and on": Fault(redirect("/hop/1"), "too_many_redirects", beside={f"/hop/{number}": _next_hop for number in range(1, 12)}),
    "without Location": Fault(answer(b"", status=301), "bad_redirect"),
    "to an endless URL": Fault(redirect("/" + "a" * 9_000), "bad_url"),
    **{name: Fault(redirect(place), "address_denied") for name, place in FORBIDDEN.items()},
    **{name: Fault(redirect(place), "scheme_denied") for name, place in OTHER_SCHEMES.items()},
    **{name: Fault(redirect(place), "bad_redirect") for name, place in RUBBISH.items()},
}

# One answer to one request for a page, whatever host it comes from.
ANSWERS = CONNECTIONS | FRAMES | SIZES | CODINGS | CONTENTS
PAGES = ANSWERS | STATUSES | SILENCES | REDIRECTS
