"""A server on loopback that speaks HTTP/2 over TLS, and breaks it where it is told to: frames go out as a route writes them.

Reading requests is left to h2; answers are made of frames by hand, since no library writes wrong ones.
"""

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Self

import h2.config
import h2.connection
import h2.events
import hpack
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
    port: int = 0
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        CERTIFICATE.configure_cert(context)
        context.set_alpn_protocols(["h2"])
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0, ssl=context)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        # a conversation that was cancelled before it began has closed nothing
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.sleep(0)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        task = asyncio.get_running_loop().create_task(self._converse(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        listening = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        listening.initiate_connection()
        with contextlib.suppress(OSError):
            try:
                writer.write(listening.data_to_send())
                while not writer.is_closing() and (data := await reader.read(65_536)):
                    events = listening.receive_data(data)
                    writer.write(listening.data_to_send())
                    for event in events:
                        if isinstance(event, h2.events.RequestReceived):
                            path = dict(event.headers)[b":path"].decode()
                            await self.routes.get(path, _not_here)(Stream(path=path, id=event.stream_id, writer=writer))
            finally:
                writer.close()


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
