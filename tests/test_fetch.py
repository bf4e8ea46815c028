"""The fetcher against a real server on loopback: what is sent, what comes back, where redirects lead, and what the guard keeps out."""

import asyncio
import contextlib
import gc
import ssl
from collections.abc import AsyncIterator, Iterator

import h2.config
import h2.connection
import h2.events
import pytest
from conversations import Conversations, Converse
from fault_server import AUTHORITY, CERTIFICATE, FaultServer, answer, in_turn, raw, redirect, slow
from fetching import HASTY, NOW, ONCE, POLICY, STORY, failure_of, fetcher_with, names, page_of

from scraper.errors import AddressDenied, BadStatus, NetworkError, RedirectError
from scraper.fetch import Fetcher, Surroundings
from scraper.records import NotModified, Policy, Validators


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


@contextlib.asynccontextmanager
async def listening(converse: Converse, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Hold conversations on a free port. It ends when each has; where the client never hangs up, it fails."""
    conversations = Conversations(converse)
    await conversations.begin(tls)
    try:
        yield conversations.port
        await conversations.over()
    finally:
        await conversations.end()


# --- what is asked, and what comes back ---


async def test_a_page_comes_back_with_where_and_when_it_was_found(server: FaultServer, fetcher: Fetcher) -> None:
    server.routes["/story"] = answer(STORY, headers=[("ETag", '"v1"'), ("Content-Type", "text/html; charset=iso-8859-1")])
    page = await page_of(fetcher, server.url("/story#comments"))
    assert (page.url, page.requested_url, page.status) == (server.url("/story"), server.url("/story#comments"), 200)
    assert (page.content, page.fetched_at, page.attempts) == (STORY, NOW, 1)
    assert page.header("content-type") == "text/html; charset=iso-8859-1"
    assert {name for name, _ in page.headers} == {"etag", "content-type", "content-length"}


async def test_a_request_says_who_asks_and_what_for(server: FaultServer, fetcher: Fetcher) -> None:
    server.routes |= {"/story": answer(), "/feed": answer(b"<rss/>")}
    await page_of(fetcher, server.url("/story"))
    await page_of(fetcher, server.url("/feed"), accept="listing")
    robots, page, feed = (seen.headers for seen in server.log)
    assert robots["user-agent"] == page["user-agent"] == "TestBot/1.0 (+https://example.org/bot)"
    assert page["host"] == f"127.0.0.1:{server.port}"
    assert page["accept-encoding"] == "gzip, deflate, br, zstd"
    assert page["accept"].startswith("text/html")
    assert feed["accept"].startswith("application/atom+xml")
    assert "cookie" not in page
    assert "if-none-match" not in page


async def test_a_path_goes_over_the_wire_as_the_url_standard_spells_it(server: FaultServer, once: Fetcher) -> None:
    await failure_of(once, server.url("/a b/../c|d?q=ü&r=[1]&s='%7e'"))
    assert server.paths == ["/c|d?q=%C3%BC&r=[1]&s=%27%7e%27"]


async def test_a_sources_own_headers_are_sent_and_win(server: FaultServer, fetcher: Fetcher) -> None:
    server.routes["/story"] = answer()
    policy = Policy(allow_private=True, delay_s=0.0, headers=(("Accept", "text/plain"), ("X-Key", "k")))
    await page_of(fetcher, server.url("/story"), policy)
    assert (server.log[-1].headers["accept"], server.log[-1].headers["x-key"]) == ("text/plain", "k")


async def test_a_sources_own_headers_never_go_to_another_host(server: FaultServer, fetcher: Fetcher) -> None:
    async with FaultServer({"/there": answer()}) as other:
        server.routes |= {"/here": redirect(other.url("/there")), "/a": redirect("/b"), "/b": answer()}
        policy = Policy(allow_private=True, delay_s=0.0, headers=(("Authorization", "secret"),))
        await page_of(fetcher, server.url("/here"), policy)
        await page_of(fetcher, server.url("/a"), policy)
        assert all("authorization" not in seen.headers for seen in other.log)
    assert [seen.headers["authorization"] for seen in server.log if seen.path in {"/here", "/a", "/b"}] == ["secret"] * 3


async def test_proxy_variables_are_not_read(server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    server.routes["/story"] = answer(STORY)
    async with fetcher_with() as fetcher:
        assert (await page_of(fetcher, server.url("/story"))).content == STORY


async def test_cookies_are_not_kept(server: FaultServer, fetcher: Fetcher) -> None:
    server.routes["/story"] = answer(headers=[("Set-Cookie", "id=7; Path=/")])
    for _ in range(2):
        await page_of(fetcher, server.url("/story"))
    assert all("cookie" not in seen.headers for seen in server.log)


# --- conditional requests ---


async def test_an_unchanged_page_is_not_modified(server: FaultServer, fetcher: Fetcher) -> None:
    server.routes["/feed"] = raw(b'HTTP/1.1 304 Not Modified\r\nETag: "v1"\r\n\r\n')
    validators = Validators(etag='W/"v1"', last_modified="Mon, 05 Jan 2026 16:00:00 GMT")
    outcome = await fetcher.get(server.url("/feed"), policy=POLICY, validators=validators)
    assert isinstance(outcome, NotModified)
    assert (outcome.url, outcome.fetched_at, outcome.attempts) == (server.url("/feed"), NOW, 1)
    sent = server.log[-1].headers
    assert (sent["if-none-match"], sent["if-modified-since"]) == ('W/"v1"', "Mon, 05 Jan 2026 16:00:00 GMT")


async def test_a_redirected_feed_is_asked_conditionally_where_it_is(server: FaultServer, fetcher: Fetcher) -> None:
    server.routes |= {"/feed": redirect("/feed.xml"), "/feed.xml": raw(b"HTTP/1.1 304 Not Modified\r\n\r\n")}
    outcome = await fetcher.get(server.url("/feed"), policy=POLICY, validators=Validators(etag='"v1"'))
    assert isinstance(outcome, NotModified)
    assert outcome.url == server.url("/feed")


@pytest.mark.parametrize("validators", [None, Validators()])
async def test_a_304_that_nobody_asked_for_is_a_failure(server: FaultServer, fetcher: Fetcher, validators: Validators | None) -> None:
    server.routes["/story"] = raw(b"HTTP/1.1 304 Not Modified\r\n\r\n")
    error = await failure_of(fetcher, server.url("/story"), validators=validators)
    assert (type(error), error.code, error.retryable) == (BadStatus, "http_304", False)


# --- statuses and retries ---


@pytest.mark.parametrize("status", [206, 300, 400, 401, 402, 403, 404, 405, 406, 410, 418, 451, 499])
async def test_a_final_status_is_asked_for_once(server: FaultServer, fetcher: Fetcher, status: int) -> None:
    server.routes["/story"] = answer(STORY, status=status)
    error = await failure_of(fetcher, server.url("/story"))
    assert (type(error), error.code, error.status, error.retryable, error.attempts) == (BadStatus, f"http_{status}", status, False, 1)
    assert server.paths == ["/story"]


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 520, 599])
async def test_a_passing_trouble_is_tried_three_times(server: FaultServer, fetcher: Fetcher, status: int) -> None:
    server.routes["/story"] = answer(STORY, status=status)
    error = await failure_of(fetcher, server.url("/story"))
    assert (type(error), error.code, error.retryable, error.attempts) == (BadStatus, f"http_{status}", True, 3)
    assert server.paths == ["/story"] * 3


async def test_a_page_that_comes_at_the_third_try_is_a_page(server: FaultServer, fetcher: Fetcher) -> None:
    server.routes["/story"] = in_turn(answer(status=503), raw(then="reset"), answer(STORY))
    page = await page_of(fetcher, server.url("/story"))
    assert (page.content, page.attempts) == (STORY, 3)


async def test_retry_after_is_waited_for_by_the_whole_host(server: FaultServer, fetcher: Fetcher) -> None:
    server.routes |= {"/a": in_turn(answer(status=429, headers=[("Retry-After", "1")]), answer()), "/b": answer()}
    await asyncio.gather(page_of(fetcher, server.url("/a")), page_of(fetcher, server.url("/b")))
    first, *later = [seen.at for seen in server.log if seen.path != "/robots.txt"]
    assert len(later) == 2
    assert all(at - first >= 0.99 for at in later)


async def test_a_long_retry_after_ends_the_try_and_spares_the_host(server: FaultServer, fetcher: Fetcher) -> None:
    server.routes |= {"/a": answer(status=503, headers=[("Retry-After", "Mon, 05 Jan 2026 17:50:00 GMT")]), "/b": answer()}
    error = await failure_of(fetcher, server.url("/a"))
    assert (error.code, error.retry_after_s, error.attempts, error.retryable) == ("http_503", 3600.0, 1, True)
    spared = await failure_of(fetcher, server.url("/b"))
    assert (spared.code, spared.attempts, spared.retryable) == ("host_resting", 0, True)
    assert spared.retry_after_s == pytest.approx(3600, abs=30)
    assert server.paths == ["/a"]


async def test_a_failure_tells_what_it_cost(server: FaultServer, fetcher: Fetcher) -> None:
    server.routes["/story"] = slow(answer(status=500), pause_s=0.02)
    error = await failure_of(fetcher, server.url("/story"))
    assert error.elapsed_ms >= 60


# --- redirects ---


async def test_redirects_are_followed_whatever_their_form(server: FaultServer, fetcher: Fetcher) -> None:
    server.routes |= {
        "/1": redirect("2", status=301),
        "/2": redirect(f"//127.0.0.1:{server.port}/3", status=303),
        "/3": redirect("/4?q=caf\u00e9#part", status=307),
        "/4?q=caf%C3%A9": redirect("   /5  ", status=308),
        "/5": answer(STORY),
    }
    page = await page_of(fetcher, server.url("/1"))
    assert (page.url, page.requested_url, page.content) == (server.url("/5"), server.url("/1"), STORY)


@pytest.mark.parametrize(("path", "code"), [("/self", "redirect_loop"), ("/ping", "redirect_loop"), ("/1", "too_many_redirects")])
async def test_redirects_that_do_not_end_are_left(server: FaultServer, fetcher: Fetcher, path: str, code: str) -> None:
    server.routes |= {"/self": redirect("/self"), "/ping": redirect("/pong"), "/pong": redirect("/ping#again")}
    server.routes |= {f"/{number}": redirect(f"/{number + 1}") for number in range(1, 30)}
    error = await failure_of(fetcher, server.url(path))
    assert (type(error), error.code, error.retryable) == (RedirectError, code, False)
    assert len(server.paths) <= 11


@pytest.mark.parametrize("location", ["", " ", "http://[", "http://exa mple.org/"])
async def test_a_redirect_to_nowhere_is_named(server: FaultServer, fetcher: Fetcher, location: str) -> None:
    server.routes["/story"] = redirect(location)
    error = await failure_of(fetcher, server.url("/story"))
    assert (type(error), error.code) == (RedirectError, "bad_redirect")


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("http://169.254.169.254/latest/meta-data/", "address_denied"),
        ("http://2852039166/", "address_denied"),
        ("http://[::ffff:a9fe:a9fe]/", "address_denied"),
        ("http://100.100.100.200/", "address_denied"),
        ("http://0.0.0.0/", "address_denied"),
        ("http://metadata.test/", "address_denied"),
        ("file:///etc/passwd", "scheme_denied"),
        ("ftp://127.0.0.1/a", "scheme_denied"),
        ("gopher://127.0.0.1:70/", "scheme_denied"),
        ("javascript:alert(1)", "scheme_denied"),
        ("data:text/html,hello", "scheme_denied"),
    ],
)
async def test_a_redirect_to_a_forbidden_place_is_not_followed(server: FaultServer, location: str, code: str) -> None:
    """Refused by the guard, which these addresses do not pass even with allow_private: no packet leaves this machine."""
    server.routes["/story"] = redirect(location)
    async with fetcher_with(surroundings=names({"metadata.test": ["169.254.169.254"]})) as fetcher:
        error = await failure_of(fetcher, server.url("/story"))
    assert (type(error), error.code, error.retryable) == (AddressDenied, code, False)


# --- the guard at work ---


@pytest.mark.parametrize("host", ["127.0.0.1", "0x7f.1", "2130706433", "[::ffff:127.0.0.1]", "localhost", "news.test"])
async def test_this_machine_is_not_connected_to_unless_the_source_says_so(server: FaultServer, host: str) -> None:
    async with fetcher_with(surroundings=names({"news.test": ["127.0.0.1"]})) as fetcher:
        error = await failure_of(fetcher, f"http://{host}:{server.port}/story", Policy(delay_s=0.0))
    assert (type(error), error.code, error.attempts) == (AddressDenied, "address_denied", 0)
    assert server.log == []


async def test_a_name_with_one_forbidden_address_is_refused(server: FaultServer) -> None:
    async with fetcher_with(surroundings=names({"news.test": ["127.0.0.1", "169.254.169.254"]})) as fetcher:
        error = await failure_of(fetcher, f"http://news.test:{server.port}/story")
    assert (type(error), error.code) == (AddressDenied, "address_denied")
    assert server.log == []


async def test_the_address_that_was_checked_is_the_one_connected_to(server: FaultServer) -> None:
    """The name resolves to us once, and would lead elsewhere the second time; the real resolver does not know it at all."""
    answers = [("127.0.0.1",), ("169.254.169.254",)]

    async def resolve(_host: str, _port: int) -> tuple[str, ...]:
        return answers.pop(0)

    server.routes["/story"] = answer(STORY)
    async with fetcher_with(surroundings=Surroundings(resolve=resolve)) as fetcher:
        page = await page_of(fetcher, f"http://news.test:{server.port}/story")
    assert page.content == STORY
    assert {seen.headers["host"] for seen in server.log} == {f"news.test:{server.port}"}


async def test_the_next_address_is_tried_when_the_first_is_dead(server: FaultServer) -> None:
    server.routes["/story"] = answer(STORY)  # the server listens at 127.0.0.1 only
    async with fetcher_with(surroundings=names({"news.test": ["127.0.0.2", "::1", "127.0.0.1"]})) as fetcher:
        assert (await page_of(fetcher, f"http://news.test:{server.port}/story")).content == STORY


@pytest.mark.parametrize("url", ["nonsense", "mailto:desk@example.org", "http://", "/story"])
async def test_what_is_no_web_address_is_refused(fetcher: Fetcher, url: str) -> None:
    assert isinstance(await failure_of(fetcher, url), AddressDenied)


# --- TLS ---


def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    AUTHORITY.configure_trust(context)
    return context


async def test_tls_is_verified_against_the_name_though_an_address_is_connected_to() -> None:
    async with FaultServer({"/story": answer(STORY)}, tls=True) as server:
        surroundings = Surroundings(resolve=names({"news.test": ["127.0.0.1"]}).resolve, tls=trusting())
        async with fetcher_with(surroundings=surroundings) as fetcher:
            page = await page_of(fetcher, f"https://news.test:{server.port}/story")
        assert page.content == STORY
        assert server.log[-1].headers["host"] == f"news.test:{server.port}"


async def test_http_2_is_spoken_where_the_server_does() -> None:
    seen: list[dict[bytes, bytes]] = []
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    CERTIFICATE.configure_cert(context)
    context.set_alpn_protocols(["h2"])

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        server.initiate_connection()
        while data := await reader.read(65_536):
            for event in server.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    seen.append(dict(event.headers))
                    server.send_headers(event.stream_id, [(":status", "200"), ("content-length", str(len(STORY)))])
                    cut = STORY[:-9] if b"cut" in seen[-1][b":path"] else STORY
                    server.send_data(event.stream_id, cut, end_stream=True)
            writer.write(server.data_to_send())

    surroundings = Surroundings(resolve=names({"news.test": ["127.0.0.1"]}).resolve, tls=trusting())
    async with listening(converse, context) as port:
        origin = f"https://news.test:{port}"
        async with fetcher_with(surroundings=surroundings, patience=ONCE) as fetcher:
            assert (await page_of(fetcher, f"{origin}/story?a=|")).content == STORY
            assert (await failure_of(fetcher, f"{origin}/cut")).code == "truncated_body"
            assert (await page_of(fetcher, f"{origin}/next")).content == STORY
    assert {headers[b":authority"] for headers in seen} == {origin.removeprefix("https://").encode()}
    assert [headers[b":path"] for headers in seen] == [b"/robots.txt", b"/story?a=|", b"/cut", b"/next"]


async def test_a_name_is_looked_up_by_the_system(server: FaultServer, fetcher: Fetcher) -> None:
    server.routes["/story"] = answer(STORY)
    assert (await page_of(fetcher, f"http://localhost:{server.port}/story")).content == STORY


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1"])
async def test_a_certificate_for_another_name_is_a_tls_failure(host: str) -> None:
    async with FaultServer({"/story": answer(STORY)}, tls=True) as server:
        surroundings = Surroundings(resolve=names({host: ["127.0.0.1"]}).resolve, tls=trusting())
        async with fetcher_with(surroundings=surroundings) as fetcher:
            error = await failure_of(fetcher, f"https://{host}:{server.port}/story")
        assert (type(error), error.code, error.retryable) == (NetworkError, "tls_failure", True)
        assert server.log == []


async def test_a_certificate_nobody_vouches_for_is_a_tls_failure() -> None:
    async with FaultServer(tls=True) as server, fetcher_with(surroundings=names({"news.test": ["127.0.0.1"]})) as fetcher:
        error = await failure_of(fetcher, f"https://news.test:{server.port}/story")
        assert error.code == "tls_failure"
        assert server.log == []


@pytest.fixture
def no_collector() -> Iterator[None]:
    """Leave the closing of what is forgotten to nobody."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collector")
async def test_a_handshake_that_is_cancelled_leaves_no_socket_open(once: Fetcher) -> None:
    greeted = asyncio.Event()

    async def converse(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        while await reader.read(1_000):
            greeted.set()

    async with listening(converse) as port:
        task = asyncio.create_task(page_of(once, f"https://127.0.0.1:{port}/story"))
        await greeted.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.mark.parametrize(("reply", "code"), [(b"HTTP/1.1 400 Bad Request\r\n\r\n", "tls_failure"), (b"", "tls_failure"), (None, "timeout")])
async def test_a_server_that_speaks_no_tls_is_named(once: Fetcher, reply: bytes | None, code: str) -> None:
    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(1_000) and reply is None:
            pass
        writer.write(reply or b"")

    async with listening(converse) as port:
        error = await failure_of(once, f"https://127.0.0.1:{port}/story", HASTY)
    assert (type(error), error.code, error.retryable) == (NetworkError, code, True)
