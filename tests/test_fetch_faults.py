"""Whatever a server does wrong has a name, costs no more than its limits, and leaves the fetcher fit for the next page."""

import asyncio
import gzip
import os
from collections.abc import AsyncIterator

import pytest
import zstandard
from fault_server import FaultServer, Route, answer, drip, raw
from fetching import HASTY, OK_HEAD, ONCE, STORY, failure_of, fetcher_with, names, page_of

from scraper.errors import BodyError, FetchError, NetworkError, NotAPage
from scraper.fetch import Fetcher, Surroundings
from scraper.records import Policy


@pytest.fixture
async def server() -> AsyncIterator[FaultServer]:
    async with FaultServer() as running:
        yield running


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with fetcher_with() as running:
        yield running


@pytest.fixture
async def once() -> AsyncIterator[Fetcher]:
    """A fetcher that tries once, for what fails every time."""
    async with fetcher_with(patience=ONCE) as running:
        yield running


# --- broken connections, silence, floods ---

LONG = b"a" * 3_000
FAULTS: dict[str, tuple[Route, type[FetchError], str, bool]] = {
    "closed at once": (raw(), NetworkError, "connection_lost", True),
    "reset at once": (raw(then="reset"), NetworkError, "connection_lost", True),
    "closed in the head": (raw(b"HTTP/1.1 200 OK\r\nContent-Ty"), NetworkError, "connection_lost", True),
    "reset in the head": (raw(b"HTTP/1.1 200 OK\r\nContent-Ty", then="reset"), NetworkError, "connection_lost", True),
    "not HTTP": (raw(b"220 mail.example.org ESMTP\r\n\r\n"), NetworkError, "protocol_error", False),
    "bad status line": (raw(b"HTTP/1.1 2x0 OK\r\n\r\n"), NetworkError, "protocol_error", False),
    "bad header": (raw(OK_HEAD + b"no colon\r\n\r\n"), NetworkError, "protocol_error", False),
    "endless headers": (drip(OK_HEAD, b"X-More: " + LONG + b"\r\n"), NetworkError, "protocol_error", False),
    "endless header": (drip(OK_HEAD + b"X-More: ", LONG), NetworkError, "protocol_error", False),
    "two lengths": (raw(OK_HEAD + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"), NetworkError, "protocol_error", False),
    "cut short": (raw(OK_HEAD + b"Content-Length: 900\r\n\r\n" + STORY), BodyError, "truncated_body", True),
    "reset in the body": (raw(OK_HEAD + b"Content-Length: 900\r\n\r\n" + STORY, then="reset"), BodyError, "truncated_body", True),
    "chunks cut short": (raw(OK_HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n"), BodyError, "truncated_body", True),
    "bad chunks": (raw(OK_HEAD + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\nabcde\r\n"), BodyError, "truncated_body", True),
    "truncated gzip": (
        answer(gzip.compress(os.urandom(900))[:500], headers=[("Content-Encoding", "gzip")]),
        BodyError,
        "truncated_body",
        True,
    ),
    "no gzip": (answer(STORY, headers=[("Content-Encoding", "gzip")]), BodyError, "bad_content_encoding", False),
    "empty": (answer(b""), BodyError, "empty_body", True),
    "empty by status": (raw(b"HTTP/1.1 204 No Content\r\n\r\n"), BodyError, "empty_body", True),
    "white space": (answer(b" \r\n\t "), BodyError, "empty_body", True),
    "empty gzip": (answer(gzip.compress(b""), headers=[("Content-Encoding", "gzip")]), BodyError, "empty_body", True),
    "gzip bomb": (answer(gzip.compress(bytes(50_000_000)), headers=[("Content-Encoding", "gzip")]), BodyError, "too_large", False),
    "zstd bomb": (answer(zstandard.compress(bytes(50_000_000)), headers=[("Content-Encoding", "zstd")]), BodyError, "too_large", False),
    "20 MB": (answer(bytes(20_000_000)), BodyError, "too_large", False),
    "20 MB without length": (raw(OK_HEAD + b"\r\n", b"<p>" + b"words " * 3_400_000), BodyError, "too_large", False),
    "a gigabyte promised": (raw(OK_HEAD + b"Content-Length: 1000000000\r\n\r\n<p>", then="hang"), BodyError, "too_large", False),
    "absurd length": (raw(OK_HEAD + b"Content-Length: " + b"9" * 19 + b"\r\n\r\n<p>", then="hang"), BodyError, "too_large", False),
    "endless body": (drip(OK_HEAD + b"\r\n", b"<p>" * 100_000), BodyError, "too_large", False),
    "endless chunks": (
        drip(OK_HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"2710\r\n" + b"a" * 10_000 + b"\r\n"),
        BodyError,
        "too_large",
        False,
    ),
    "PDF as HTML": (answer(b"%PDF-1.7\n" + bytes(200)), NotAPage, "not_a_page", False),
    "PNG as HTML": (answer(b"\x89PNG\r\n\x1a\n" + bytes(200)), NotAPage, "not_a_page", False),
    "JPEG as HTML": (answer(b"\xff\xd8\xff\xe0" + bytes(200)), NotAPage, "not_a_page", False),
    "ZIP as HTML": (answer(b"PK\x03\x04" + bytes(200)), NotAPage, "not_a_page", False),
    "PDF in gzip": (answer(gzip.compress(b"%PDF-1.7\n" + bytes(200))), NotAPage, "not_a_page", False),
    "noise": (answer(bytes(range(32)) * 40), NotAPage, "not_a_page", False),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_has_its_name(server: FaultServer, once: Fetcher, fault: str) -> None:
    route, kind, code, retryable = FAULTS[fault]
    server.routes |= {"/story": route, "/next": answer(STORY)}
    error = await failure_of(once, server.url("/story"))
    assert (type(error), error.code, error.retryable, error.url) == (kind, code, retryable, server.url("/story"))
    assert (await page_of(once, server.url("/next"))).content == STORY


SILENCES: dict[str, Route] = {
    "before the head": raw(then="hang"),
    "in the head": raw(b"HTTP/1.1 200 OK\r\n", then="hang"),
    "before the body": raw(OK_HEAD + b"Content-Length: 90\r\n\r\n", then="hang"),
    "slow-loris head": drip(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n", pause_s=0.02),
    "slow-loris body": drip(OK_HEAD + b"\r\n", b"<p>", pause_s=0.02),
    "slow-loris chunks": drip(OK_HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n", pause_s=0.02),
}


@pytest.mark.parametrize("silence", SILENCES)
async def test_a_server_that_dawdles_is_left_at_the_deadline(server: FaultServer, once: Fetcher, silence: str) -> None:
    server.routes |= {"/story": SILENCES[silence], "/next": answer(STORY)}
    error = await failure_of(once, server.url("/story"), HASTY)
    assert (type(error), error.code, error.retryable) == (NetworkError, "timeout", True)
    assert error.elapsed_ms < 2_000
    assert (await page_of(once, server.url("/next"))).content == STORY


async def test_a_host_where_nobody_listens_is_named(fetcher: Fetcher) -> None:
    async with FaultServer() as server:
        url = server.url("/story")
    error = await failure_of(fetcher, url)
    assert (type(error), error.code, error.retryable, error.url) == (NetworkError, "connect_failed", True, url)


async def test_a_name_without_address_is_named() -> None:
    async with fetcher_with(surroundings=names({})) as fetcher:
        error = await failure_of(fetcher, "https://no-such-host.example/story")
    assert (type(error), error.code, error.retryable) == (NetworkError, "dns_failure", True)


async def test_a_name_service_that_hangs_is_left_at_the_deadline() -> None:
    async def resolve(_host: str, _port: int) -> tuple[str, ...]:
        await asyncio.sleep(3_600)
        return ()

    async with fetcher_with(surroundings=Surroundings(resolve=resolve), patience=ONCE) as fetcher:
        assert (await failure_of(fetcher, "https://hangs.example/", HASTY)).code == "dns_failure"


async def test_a_length_that_is_too_short_gives_what_it_promises(server: FaultServer, fetcher: Fetcher) -> None:
    server.routes |= {"/story": raw(OK_HEAD + b"Content-Length: 10\r\n\r\n<p>a story and more"), "/next": answer(STORY)}
    assert (await page_of(fetcher, server.url("/story"))).content == b"<p>a story"
    assert (await page_of(fetcher, server.url("/next"))).content == STORY


async def test_compressed_pages_are_undone_and_their_members_all_read(server: FaultServer, fetcher: Fetcher) -> None:
    server.routes["/story"] = answer(gzip.compress(b"<p>one ") + gzip.compress(b"two"), headers=[("Content-Encoding", "gzip")])
    assert (await page_of(fetcher, server.url("/story"))).content == b"<p>one two"


async def test_a_file_that_is_gzip_itself_is_handed_on(server: FaultServer, fetcher: Fetcher) -> None:
    packed = gzip.compress(b"<urlset/>")
    server.routes["/sitemap.xml.gz"] = answer(packed, headers=[("Content-Type", "application/gzip")])
    assert (await page_of(fetcher, server.url("/sitemap.xml.gz"), accept="listing")).content == packed


async def test_the_cap_is_the_sources_own(server: FaultServer, once: Fetcher) -> None:
    server.routes["/story"] = answer(STORY)
    small = Policy(allow_private=True, delay_s=0.0, max_bytes=len(STORY) - 1)
    exact = Policy(allow_private=True, delay_s=0.0, max_bytes=len(STORY))
    assert (await failure_of(once, server.url("/story"), small)).code == "too_large"
    assert (await page_of(once, server.url("/story"), exact)).content == STORY


async def test_a_connection_that_the_server_closed_meanwhile_does_no_harm(server: FaultServer, fetcher: Fetcher) -> None:
    server.routes |= {"/a": raw(OK_HEAD + b"Content-Length: 3\r\n\r\nabc"), "/b": answer(STORY)}
    await page_of(fetcher, server.url("/a"))
    assert (await page_of(fetcher, server.url("/b"))).content == STORY


async def test_a_fetch_that_is_cancelled_leaves_the_host_free(server: FaultServer, fetcher: Fetcher) -> None:
    server.routes |= {"/slow": raw(then="hang"), "/next": answer(STORY)}
    task = asyncio.create_task(page_of(fetcher, server.url("/slow")))
    await server.asked.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert (await page_of(fetcher, server.url("/next"))).content == STORY
