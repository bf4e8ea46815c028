"""How is HTTP/1.1 spoken over a connection, one request at a time? h11 knows the protocol; here are the bytes between it and the network.

Raises what httpcore raises, h11's complaints among it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any, Final

import h11
import httpcore
import httpx

__all__ = ["Http11"]

_READ_BYTES: Final = 262_144  # what asyncio reads at once
_MAX_HEAD_BYTES: Final = 102_400  # httpcore's measure


class Http11:
    """A connection that is open; `keep_alive_s` is how long it is fit for the next request."""

    def __init__(self, stream: httpcore.AsyncNetworkStream, *, keep_alive_s: float) -> None:
        self._stream = stream
        self._keep_alive_s = keep_alive_s
        self._protocol = h11.Connection(h11.CLIENT, max_incomplete_event_size=_MAX_HEAD_BYTES)
        self._idle_until: float | None = None

    def is_fit(self) -> bool:
        """Tell whether another request can be sent: where something has come unasked, it is the end or no HTTP."""
        return self._idle_until is not None and _now() < self._idle_until and not self._stream.get_extra_info("is_readable")

    async def ask(self, request: httpx.Request) -> h11.Response | h11.InformationalResponse:
        """Send a request and give the head of its answer; `trace` among its extensions hears of both. The body is read from here, then."""
        self._idle_until = None
        told: Callable[[str, dict[str, Any]], Awaitable[None]] = request.extensions["trace"]
        try:
            await self._send(request)
            await told("http11.send_request_headers.complete", {})
            head = await self._head()
            await told("http11.receive_response_headers.complete", {})
        except BaseException:
            await self.aclose()
            raise
        return head

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Give the body of the answer as it comes."""
        while isinstance(event := await self._event(), h11.Data):
            yield event.data

    async def release(self) -> None:
        """Be done with an answer: one that was not read to its end takes the connection with it."""
        if self._protocol.our_state is h11.DONE and self._protocol.their_state is h11.DONE:
            self._protocol.start_next_cycle()
            self._idle_until = _now() + self._keep_alive_s
        else:
            await self.aclose()

    async def aclose(self) -> None:
        """Close the connection."""
        self._idle_until = None
        await self._stream.aclose()

    async def _send(self, request: httpx.Request) -> None:
        """Send all of it at once. Who hangs up before it is through may have answered all the same."""
        target = request.extensions["target"]
        try:
            sent = self._protocol.send(h11.Request(method=request.method, target=target, headers=request.headers.raw)) or b""
            assert isinstance(request.stream, httpx.AsyncByteStream)
            async for part in request.stream:
                sent += self._protocol.send(h11.Data(data=part)) or b""
            sent += self._protocol.send(h11.EndOfMessage()) or b""
        except h11.LocalProtocolError as error:
            raise httpcore.LocalProtocolError(str(error)) from error
        with suppress(httpcore.WriteError):
            await self._stream.write(sent)

    async def _head(self) -> h11.Response | h11.InformationalResponse:
        while True:
            event = await self._event()
            if isinstance(event, h11.Response) or (
                isinstance(event, h11.InformationalResponse) and event.status_code == httpx.codes.SWITCHING_PROTOCOLS
            ):
                return event

    async def _event(self) -> object:
        """Give what the server says next."""
        try:
            while (event := self._protocol.next_event()) is h11.NEED_DATA:
                data = await self._stream.read(_READ_BYTES)
                if not data and self._protocol.their_state is h11.SEND_RESPONSE:
                    raise httpcore.RemoteProtocolError("Server disconnected without sending a response.")
                self._protocol.receive_data(data)
        except h11.RemoteProtocolError as error:
            raise httpcore.RemoteProtocolError(str(error)) from error
        return event


def _now() -> float:
    return asyncio.get_running_loop().time()
