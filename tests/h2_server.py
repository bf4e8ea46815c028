"""A server on loopback that speaks HTTP/2 over TLS, and breaks it where it is told to: frames go out as a route writes them.

Reading requests is left to h2; answers are made of frames by hand, since no library writes wrong ones.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Self

import h2.config
import h2.connection
import h2.events
import hpack
from conversations import Conversations
from fault_server import CERTIFICATE
from hyperframe.frame import ContinuationFrame, DataFrame, Frame, GoAwayFrame, HeadersFrame, PingFrame, RstStreamFrame, SettingsFrame

HTML = (("content-type", "text/html; charset=utf-8"),)


@dataclass(slots=True, kw_only=True)
class Stream:
    """One request, and the connection on which its answer goes out frame by frame."""

    path: str
    id: int
    writer: asyncio.StreamWriter

    async def send(self, *frames: Frame) -> None:
        self.writer.write(b"".join(frame.serialize() for frame in frames))
        await self.writer.drain()

    def head(self, status: str = "200", headers: Iterable[tuple[str, str]] = HTML, *, flags: tuple[str, ...] = ("END_HEADERS",)) -> Frame:
        block = b"".join(_literal(name, value) for name, value in [(":status", status), *headers])
        return HeadersFrame(self.id, data=block, flags=flags)

    def data(self, body: bytes, *, end: bool = False) -> Frame:
        return DataFrame(self.id, data=body, flags=["END_STREAM"] if end else [])

    async def respond(self, body: bytes, status: str = "200") -> None:
        pieces = [body[at : at + 16_000] for at in range(0, len(body), 16_000)] or [b""]
        await self.send(self.head(status), *map(self.data, pieces[:-1]), self.data(pieces[-1], end=True))


H2Route = Callable[[Stream], Awaitable[None]]


@dataclass(slots=True)
class H2Server:
    """An async context manager. Paths without a route get 404; once a route has closed the connection, nothing more is answered."""

    routes: dict[str, H2Route] = field(default_factory=dict)
    _conversations: Conversations = field(init=False)

    def __post_init__(self) -> None:
        self._conversations = Conversations(self._converse)

    async def __aenter__(self) -> Self:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        CERTIFICATE.configure_cert(context)
        context.set_alpn_protocols(["h2"])
        await self._conversations.begin(context)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._conversations.end()

    @property
    def port(self) -> int:
        return self._conversations.port

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        listening = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        listening.initiate_connection()
        writer.write(listening.data_to_send())
        while not writer.is_closing() and (data := await reader.read(65_536)):
            events = listening.receive_data(data)
            writer.write(listening.data_to_send())
            for event in events:
                if isinstance(event, h2.events.RequestReceived):
                    path = dict(event.headers)[b":path"].decode()
                    await self.routes.get(path, _not_here)(Stream(path=path, id=event.stream_id, writer=writer))


async def _not_here(stream: Stream) -> None:
    await stream.respond(b"not here", "404")


def answer(body: bytes) -> H2Route:
    async def route(stream: Stream) -> None:
        await stream.respond(body)

    return route


def frames(make: Callable[[Stream], Iterable[Frame]], *, then: str = "stay") -> H2Route:
    """Send these frames, and then `stay` or `close`."""

    async def route(stream: Stream) -> None:
        await stream.send(*make(stream))
        if then == "close":
            stream.writer.close()

    return route


def flood(head: Callable[[Stream], Iterable[Frame]], piece: Callable[[Stream], Frame]) -> H2Route:
    """Send these frames, and then the same one for ever."""

    async def route(stream: Stream) -> None:
        await stream.send(*head(stream))
        while True:
            await stream.send(*[piece(stream)] * 50)
            await asyncio.sleep(0.002)  # the flood shares its loop with everything else

    return route


def reset(stream: Stream, code: int = 2) -> Frame:
    return RstStreamFrame(stream.id, error_code=code)


def go_away(last_stream: int, code: int = 0) -> Frame:
    return GoAwayFrame(0, last_stream_id=last_stream, error_code=code)


def more_headers(stream: Stream) -> Frame:
    return ContinuationFrame(stream.id, data=_literal("x-more", "a" * 500))


def ping(_stream: Stream) -> Frame:
    return PingFrame(0, opaque_data=b"are you?")


def settings(_stream: Stream) -> Frame:
    return SettingsFrame(0, settings={SettingsFrame.MAX_CONCURRENT_STREAMS: 100})


def _literal(name: str, value: str) -> bytes:
    """Write a header without touching the compressor's table (RFC 7541 6.2.2), so that what is left out or repeated breaks nothing else."""
    return bytes(hpack.Encoder().encode([hpack.NeverIndexedHeaderTuple(name, value)], huffman=False))
