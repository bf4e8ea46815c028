"""Whatever a server does wrong has a name, costs no more than its limits, and leaves the fetcher fit for the next page."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from fault_server import FaultServer, answer, raw
from faults import ANSWERS, SILENCES
from fetching import HASTY, OK_HEAD, ONCE, STORY, failure_of, fetcher_with, names, page_of

from scraper.errors import NetworkError
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


@pytest.mark.parametrize("name", ANSWERS)
async def test_a_fault_has_its_name(server: FaultServer, name: str) -> None:
    """The second try is on a connection of its own, where nothing can be left of another answer."""
    fault = ANSWERS[name]
    server.routes |= {"/story": fault.route, "/next": answer(STORY)}
    async with fetcher_with(patience=replace(ONCE, tries=2)) as twice:
        error = await failure_of(twice, server.url("/story"))
        assert (error.code, error.retryable, error.url) == (fault.code, fault.retryable, server.url("/story"))
        assert (await page_of(twice, server.url("/next"))).content == STORY


@pytest.mark.parametrize("name", SILENCES)
async def test_a_server_that_dawdles_is_left_at_the_deadline(server: FaultServer, once: Fetcher, name: str) -> None:
    server.routes |= {"/story": SILENCES[name].route, "/next": answer(STORY)}
    error = await failure_of(once, server.url("/story"), HASTY)
    assert (type(error), error.code, error.retryable) == (NetworkError, "timeout", True)
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
