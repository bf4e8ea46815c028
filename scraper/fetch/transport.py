"""How does one host get its requests, one at a time, by one connection? httpx's transport, without a pool of many.

httpx's own transport looks through a pool on every request and its answer. Here there is one connection, which httpcore speaks HTTP/1.1 or
HTTP/2 over, whichever TLS has settled on; it is replaced when it is over, or leads elsewhere.
"""

import ssl
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from contextlib import contextmanager
from typing import cast

import httpcore
import httpx

from scraper.fetch.network import Network

__all__ = ["Transport"]

_NETWORK = Network()


class Transport(httpx.AsyncBaseTransport):
    """The connection to one host; `keep_alive_s` is how long it is kept for the next request. Raises what httpx raises."""

    def __init__(self, tls: ssl.SSLContext, *, keep_alive_s: float) -> None:
        self._tls = tls
        self._keep_alive_s = keep_alive_s
        self._connection: httpcore.AsyncHTTPConnection | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and give the answer with its body still to come."""
        place = request.url
        url = httpcore.URL(scheme=place.raw_scheme, host=place.raw_host, port=place.port, target=place.raw_path)
        asked = httpcore.Request(request.method, url, headers=request.headers.raw, content=request.stream, extensions=request.extensions)
        with _errors_of_httpx():
            try:
                answer = await (await self._connected(url.origin)).handle_async_request(asked)
            except httpcore.ConnectionNotAvailable:  # it was told to go away at this very moment
                answer = await (await self._new(url.origin)).handle_async_request(asked)
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Body(cast("_Closing", answer.stream)), extensions=answer.extensions
        )

    async def aclose(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await connection.aclose()

    async def _connected(self, origin: httpcore.Origin) -> httpcore.AsyncHTTPConnection:
        known = self._connection
        if known is not None and known.can_handle_request(origin) and known.is_available() and not known.has_expired():
            return known
        return await self._new(origin)

    async def _new(self, origin: httpcore.Origin) -> httpcore.AsyncHTTPConnection:
        await self.aclose()
        self._connection = httpcore.AsyncHTTPConnection(
            origin, ssl_context=self._tls, keepalive_expiry=self._keep_alive_s, http2=True, network_backend=_NETWORK
        )
        return self._connection


class _Closing(AsyncIterable[bytes]):
    """What httpcore gives as the body of an answer."""

    async def aclose(self) -> None:
        """Let go of what is still to come."""


class _Body(httpx.AsyncByteStream):
    """A body as it comes."""

    def __init__(self, stream: _Closing) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _errors_of_httpx():
            async for part in self._stream:
                yield part

    async def aclose(self) -> None:
        await self._stream.aclose()


@contextmanager
def _errors_of_httpx() -> Iterator[None]:
    """Raise httpx's error for each of httpcore's: they have the same names."""
    try:
        yield
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
        raise getattr(httpx, type(error).__name__)(str(error)) from error
