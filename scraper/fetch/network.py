"""How do bytes get to a server and back? httpcore's streams, on asyncio itself.

The layer that httpcore comes with serves two event loops, and costs a third of what a request to a server nearby costs. Deadlines for
reading and writing are left to who asks: the whole request has one (`client`).
"""

import asyncio
import select
import ssl
from collections import deque
from collections.abc import Iterable
from typing import Any, Final, cast

import httpcore

__all__ = ["Network"]

ENOUGH_BYTES: Final = 262_144  # unread: more is left with the sender. Twice that much may be held, since so much comes in one piece
_LOST: Final = "the connection is closed"
_ASYNCIO_NAMES: Final = {"client_addr": "sockname", "server_addr": "peername"}


class _Arrivals(asyncio.Protocol):
    """What has come and is unread, and who waits for more or for room to write."""

    def __init__(self) -> None:
        self.chunks: deque[bytes] = deque()
        self.transport: asyncio.Transport | None = None
        self.ended = False
        self.error: Exception | None = None
        self._unread = 0
        self._waiting: asyncio.Future[None] | None = None
        self._room: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self.chunks.append(data)
        self._unread += len(data)
        if self._unread > ENOUGH_BYTES and self.transport:
            self.transport.pause_reading()
        _wake(self._waiting)

    def eof_received(self) -> bool:
        self.ended = True
        _wake(self._waiting)
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended = True
        self.error = exc
        _wake(self._waiting)
        _wake(self._room)

    def pause_writing(self) -> None:
        self._room = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        _wake(self._room)
        self._room = None

    async def taken(self, max_bytes: int) -> bytes:
        """Give what has come, up to so much of it, once there is something; nothing at the end."""
        while not self.chunks and not self.ended:
            self._waiting = asyncio.get_running_loop().create_future()
            try:
                await self._waiting
            finally:
                self._waiting = None
        if not self.chunks:
            return b""
        chunk = self.chunks.popleft()
        if len(chunk) > max_bytes:
            self.chunks.appendleft(chunk[max_bytes:])
            chunk = chunk[:max_bytes]
        before, self._unread = self._unread, self._unread - len(chunk)
        if before > ENOUGH_BYTES >= self._unread and self.transport and not self.ended:
            self.transport.resume_reading()
        return chunk

    async def drained(self) -> None:
        """Wait until there is room for more."""
        if self._room is not None and not self.ended:
            await self._room


def _wake(waiter: "asyncio.Future[None] | None") -> None:
    if waiter is not None and not waiter.done():
        waiter.set_result(None)


class _Stream(httpcore.AsyncNetworkStream):
    """One connection."""

    def __init__(self, transport: asyncio.Transport, arrivals: _Arrivals) -> None:
        self._transport = transport
        self._arrivals = arrivals

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - httpcore's signature
        data = await self._arrivals.taken(max_bytes)
        if not data and self._arrivals.error:
            raise httpcore.ReadError(str(self._arrivals.error)) from self._arrivals.error
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - httpcore's signature
        if not buffer:
            return
        if self._transport.is_closing():
            raise httpcore.WriteError(_LOST) from self._arrivals.error
        self._transport.write(buffer)
        await self._arrivals.drained()

    async def aclose(self) -> None:
        self._transport.abort()  # what is unsent or unread is of no use any more; TLS's own farewell would be waited for
        await asyncio.sleep(0)  # the socket is closed in the loop's next turn

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout):
                transport = await loop.start_tls(self._transport, self._arrivals, ssl_context, server_hostname=server_hostname)
        except TimeoutError as error:
            await self.aclose()
            raise httpcore.ConnectTimeout(str(error)) from error
        except OSError as error:  # an ssl.SSLError is one; who hangs up in the middle speaks no TLS either
            await self.aclose()
            why = error if isinstance(error, ssl.SSLError) else ssl.SSLEOFError("the server hung up during the handshake")
            raise httpcore.ConnectError(str(why)) from why
        if transport is None:
            raise httpcore.ConnectError(_LOST)
        self._arrivals.transport = transport
        return _Stream(transport, self._arrivals)

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":  # of an idle connection: there is something where nothing should be, or the end
            return self._arrivals.ended or bool(self._arrivals.chunks) or _is_readable(self._transport)
        return self._transport.get_extra_info(_ASYNCIO_NAMES.get(info, info))


def _is_readable(transport: asyncio.Transport) -> bool:
    number = transport.get_extra_info("socket").fileno()
    if number < 0:
        return True
    poll = select.poll()
    poll.register(number, select.POLLIN)
    return bool(poll.poll(0))


class Network(httpcore.AsyncNetworkBackend):
    """Opens connections."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002 - httpcore's signature
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002 - httpcore's signature
    ) -> httpcore.AsyncNetworkStream:
        """Connect within `timeout` seconds."""
        try:
            async with asyncio.timeout(timeout):
                transport, arrivals = await asyncio.get_running_loop().create_connection(_Arrivals, host, port)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        return _Stream(transport, arrivals)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)
