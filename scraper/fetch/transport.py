"""How does one host get its requests, one at a time, by one connection? httpx's transport, without a pool of many.

httpx's own transport looks through a pool on every request and its answer. Here there is one connection, over which HTTP/1.1 is spoken or,
by httpcore, HTTP/2, whichever TLS has settled on; it is replaced when it is over, or leads elsewhere.
"""

import ssl
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import cast

import httpcore
import httpx

from scraper.fetch.http11 import Http11
from scraper.fetch.network import connected

__all__ = ["Transport"]

_PORTS = {"http": 80, "https": 443}


class Transport(httpx.AsyncBaseTransport):
    """The connection to one host; `keep_alive_s` is how long it is kept for the next request. Raises what httpx raises."""

    def __init__(self, tls: ssl.SSLContext, *, keep_alive_s: float) -> None:
        self._tls = tls
        self._keep_alive_s = keep_alive_s
        self._place: tuple[str, str, int] | None = None
        self._connection: Http11 | httpcore.AsyncHTTP2Connection | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and give the answer with its body still to come."""
        url = request.url
        place = (url.scheme, url.host, url.port or _PORTS[url.scheme])
        with _errors_of_httpx():
            known = self._connection if place == self._place and self._is_fit() else await self._opened(place, request)
            try:
                return await self._answer(known, request)
            except httpcore.ConnectionNotAvailable:  # it was told to go away at this very moment
                return await self._answer(await self._opened(place, request), request)

    async def aclose(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await connection.aclose()

    def _is_fit(self) -> bool:
        known = self._connection
        if isinstance(known, httpcore.AsyncHTTP2Connection):
            return known.is_available() and not known.has_expired()
        return known is not None and known.is_fit()

    async def _opened(self, place: tuple[str, str, int], request: httpx.Request) -> Http11 | httpcore.AsyncHTTP2Connection:
        await self.aclose()
        scheme, host, port = place
        timeout_s = request.extensions["timeout"]["connect"]
        stream = await connected(host, port, timeout_s=timeout_s)
        if scheme == "https":
            self._tls.set_alpn_protocols(["http/1.1", "h2"])
            stream = await stream.start_tls(self._tls, server_hostname=request.extensions["sni_hostname"], timeout=timeout_s)
        self._place = place
        if scheme == "https" and stream.get_extra_info("ssl_object").selected_alpn_protocol() == "h2":
            origin = httpcore.Origin(scheme.encode(), host.encode(), port)
            self._connection = httpcore.AsyncHTTP2Connection(origin=origin, stream=stream, keepalive_expiry=self._keep_alive_s)
        else:
            self._connection = Http11(stream, keep_alive_s=self._keep_alive_s)
        return self._connection

    async def _answer(self, connection: Http11 | httpcore.AsyncHTTP2Connection | None, request: httpx.Request) -> httpx.Response:
        if isinstance(connection, Http11):
            head = await connection.ask(request)
            return httpx.Response(head.status_code, headers=head.headers.raw_items(), stream=_Body(connection, connection.release))
        assert connection is not None
        url = httpcore.URL(scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port, target=request.url.raw_path)
        asked = httpcore.Request(request.method, url, headers=request.headers.raw, content=request.stream, extensions=request.extensions)
        said = await connection.handle_async_request(asked)
        return httpx.Response(said.status, headers=said.headers, stream=_Body(cast("AsyncIterable[bytes]", said.stream), said.aclose))


class _Body(httpx.AsyncByteStream):
    """A body as it comes."""

    def __init__(self, parts: AsyncIterable[bytes], release: Callable[[], Awaitable[None]]) -> None:
        self._parts = parts
        self._release = release

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _errors_of_httpx():
            async for part in self._parts:
                yield part

    async def aclose(self) -> None:
        await self._release()


@contextmanager
def _errors_of_httpx() -> Iterator[None]:
    """Raise httpx's error for each of httpcore's: they have the same names."""
    try:
        yield
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
        raise getattr(httpx, type(error).__name__)(str(error)) from error
