"""How is one request put on the wire and its answer read, within limits? Redirects, retries, politeness and meaning are left to others.

Home of httpx, of which only the transport is used, one for each host: a client follows redirects, keeps cookies and reads proxy variables,
and one pool for all hosts scans all its connections on every request (28 s where a pool each takes 4, research/scale.md). A pool each is
also what makes it safe to connect to addresses: a connection is never reused for another name at the same address.
"""

import asyncio
import ssl
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import h2.events
import h2.exceptions
import httpcore
import httpx

from scraper.errors import BodyError, FetchError, NetworkError
from scraper.fetch.body import Limit
from scraper.fetch.guard import Target
from scraper.fetch.spill import Spill
from scraper.fetch.transport import Transport

__all__ = ["Answer", "Connections", "Question", "secure_context"]

_MAX_IDLE_HOSTS = 64  # hosts whose connection is kept for the next request: two open files each
_KEEP_ALIVE_S = 30.0  # longer than the usual delay of 2 s, shorter than what servers keep (nginx 75 s, many 60 s)
_CONNECT_S = 10.0  # of one address; Linux repeats a lost SYN after 1, 3 and 7 s
_MAX_ADDRESSES = 4  # of one host that are tried
_OK = range(200, 300)
_TOLD = ("send_request_headers.complete", "receive_response_headers.complete")  # of httpcore's events
_Cause = TypeVar("_Cause", bound=BaseException)
# What the libraries raise over what a server sends. httpcore lets through a GOAWAY that comes at the wrong moment, and an HTTP/2 status
# that is no number, as they are.
_BROKEN = (httpx.HTTPError, h2.exceptions.H2Error, httpcore.ConnectionNotAvailable, OSError, ValueError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One request: where to, at which checked addresses, with which headers, for how long (seconds in all) and for how much.

    It is a GET, or a POST of its `content`.
    """

    target: Target
    addresses: Sequence[str]
    headers: Sequence[tuple[str, str]]
    timeout_s: float
    limit: Limit
    spill: Spill | None = None
    content: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A response as it came: header names in lower case, values as Latin-1, the body (of a 2xx only) still compressed.

    A body beyond the limit that is not compressed is in the question's `spill`, if there is one.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    raw: bytes = b""

    def header(self, name: str) -> str | None:
        """Give the values of a header joined with commas (RFC 9110 5.3); `name` is in lower case."""
        return ", ".join(value for key, value in self.headers if key == name) or None


def secure_context() -> ssl.SSLContext:
    """Give what every TLS connection is verified with. It costs 20 ms to build, so there is one for all hosts."""
    return httpx.create_ssl_context(trust_env=False)


class Connections:
    """The open connections to all hosts. One request at a time to each is the caller's promise (`slots`)."""

    def __init__(self, tls: ssl.SSLContext) -> None:
        self._tls = tls
        self._idle: OrderedDict[str, Transport] = OrderedDict()

    async def ask(self, question: Question, on_sent: Callable[[], None]) -> Answer:
        """Send a request and read the answer; `on_sent` is called when the request has left.

        It is called once more when the answer begins, which is the latest moment at which the server can have seen the request.
        Raises NetworkError and BodyError (`too_large`, `truncated_body`), nothing else. What is no HTTP on a connection that has been used
        may be the rest of an answer that was longer than it promised, and is worth another try.
        """
        url, used = question.target.url, question.target.neighbourhood in self._idle
        try:
            async with asyncio.timeout(question.timeout_s), self._transport(question.target.neighbourhood) as transport:
                return await _first_answer(transport, question, on_sent)
        except (TimeoutError, httpx.TimeoutException) as error:
            raise NetworkError(f"{url} took more than {question.timeout_s:g} s", code="timeout", url=url, retryable=True) from error
        except _BROKEN as error:
            failure = _translated(error, url)
            failure.retryable |= used
            raise failure from error

    async def aclose(self) -> None:
        """Close every connection."""
        while self._idle:
            await self._idle.popitem()[1].aclose()

    @asynccontextmanager
    async def _transport(self, neighbourhood: str) -> AsyncIterator[Transport]:
        """Lend the host's connection; it is kept after an answer, since what is unread of an HTTP/2 stream comes on with the next."""
        transport = self._idle.pop(neighbourhood, None) or Transport(self._tls, keep_alive_s=_KEEP_ALIVE_S)
        try:
            yield transport
        except BaseException:
            await transport.aclose()
            raise
        self._idle[neighbourhood] = transport
        if len(self._idle) > _MAX_IDLE_HOSTS:
            await self._idle.popitem(last=False)[1].aclose()


async def _first_answer(transport: Transport, question: Question, on_sent: Callable[[], None]) -> Answer:
    """Ask at one address after the other until a connection stands; only then has the host had its request."""
    *spare, last = question.addresses[:_MAX_ADDRESSES]
    for address in spare:
        try:
            return await _answer(transport, question, address, on_sent)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            continue
    return await _answer(transport, question, last, on_sent)


async def _answer(transport: Transport, question: Question, address: str, on_sent: Callable[[], None]) -> Answer:
    response = await transport.handle_async_request(_request(question, address, on_sent))
    try:
        headers = tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in response.headers.raw)
        raw = await _raw_body(response, question) if response.status_code in _OK else b""
        return Answer(status=response.status_code, headers=headers, raw=raw)
    finally:
        await response.aclose()


def _request(question: Question, address: str, on_sent: Callable[[], None]) -> httpx.Request:
    """Build a request that connects to the checked address and speaks, in TLS and in HTTP, to the host by its name."""
    opened: list[httpcore.AsyncNetworkStream] = []

    async def trace(event: str, info: Mapping[str, Any]) -> None:
        if event.endswith(_TOLD):
            on_sent()
        elif event == "connection.connect_tcp.complete":
            opened.append(info["return_value"])
        elif event == "connection.start_tls.failed":
            # httpcore 1.0 leaves the socket of a handshake that is cancelled open until the garbage collector finds it
            await opened.pop().aclose()

    target = question.target
    place = f"[{address}]" if ":" in address else address
    return httpx.Request(
        "GET" if question.content is None else "POST",
        f"{target.scheme}://{place}:{target.port}/",
        headers=[(name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in question.headers],
        content=question.content,
        extensions={
            "target": target.path.encode(),
            "sni_hostname": target.host.strip("[]").rstrip("."),
            "timeout": {"connect": min(question.timeout_s, _CONNECT_S)},  # for the rest there is one for the whole request
            "trace": trace,
        },
    )


async def _raw_body(response: httpx.Response, question: Question) -> bytes:
    url, limit = question.target.url, question.limit
    spill = None if response.headers.get("content-encoding") else question.spill
    promised = response.headers.get("content-length", "")
    if limit.excess == "refuse" and promised.isdecimal() and int(promised[:18]) > (spill.max_bytes if spill else limit.max_bytes):
        raise limit.too_large(url)
    raw = bytearray()
    try:
        async for chunk in cast("httpx.AsyncByteStream", response.stream):
            raw += chunk
            if len(raw) > limit.max_bytes:
                if spill is None:
                    break
                spill.take(raw, url)
                raw.clear()
    except httpx.TimeoutException:
        raise
    except _BROKEN as error:
        raise _cut_short(url, len(raw)) from error
    if len(raw) > limit.max_bytes and limit.excess == "refuse":
        raise limit.too_large(url)
    if spill and spill.overflow:
        spill.take(raw, url)
        raw.clear()
    return bytes(raw)


def _translated(error: Exception, url: str) -> FetchError:
    """Turn a failure before the body into one of ours."""
    if refused := _cause(error, ssl.SSLError):
        why = getattr(refused, "verify_message", None) or refused
        return NetworkError(f"no secure connection for {url}: {why}", code="tls_failure", url=url, retryable=True)
    if lied := _cause(error, h2.exceptions.InvalidBodyLengthError):
        return _cut_short(url, lied.actual_length)
    if isinstance(error, httpx.ConnectError):
        return NetworkError(f"no connection for {url}: {error}", code="connect_failed", url=url, retryable=True)
    if isinstance(error, httpx.ProtocolError | h2.exceptions.H2Error | ValueError) and not _hung_up(error):
        return NetworkError(f"{url} is not answered in HTTP: {error}", code="protocol_error", url=url)
    return NetworkError(f"the connection for {url} was lost: {error}", code="connection_lost", url=url, retryable=True)


def _cut_short(url: str, received: int) -> BodyError:
    return BodyError(f"{url} broke off after {received:,} bytes", code="truncated_body", url=url, retryable=True)


def _hung_up(error: Exception) -> bool:
    """Tell whether a server left without an answer: it closed, or sent HTTP/2's RST_STREAM or GOAWAY (RFC 9113 6.4, 6.8)."""
    said = error.__cause__.args if error.__cause__ else ()
    return "disconnected" in str(error) or any(isinstance(event, h2.events.StreamReset | h2.events.ConnectionTerminated) for event in said)


def _cause(error: BaseException | None, kind: type[_Cause]) -> _Cause | None:
    while error is not None and not isinstance(error, kind):
        error = error.__cause__ or error.__context__
    return error
