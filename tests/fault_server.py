"""A real server on loopback that answers as it is told, faults included, and keeps a log of what it was asked and when.

Raw asyncio streams: what goes over the wire is what a route writes, to the byte, and nothing tidies up behind it. A route is an async
function of an `Exchange`; the functions at the end make the usual ones. Paths without a route get 404, /robots.txt among them.
"""

import asyncio
import contextlib
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

import trustme
from conversations import Conversations

# An authority for the time of one test run, and what it vouches for.
AUTHORITY = trustme.CA()
CERTIFICATE = AUTHORITY.issue_cert("news.test", "*.news.test")

_REASONS = {200: "OK", 301: "Moved Permanently", 302: "Found", 304: "Not Modified", 404: "Not Found", 429: "Too Many Requests"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One request as it arrived: `at` in seconds of the event loop, `busy` how many others were being answered."""

    path: str
    headers: Mapping[str, str]
    at: float
    busy: int


@dataclass(slots=True, kw_only=True)
class Exchange:
    """One request and the connection to answer it on."""

    request: Seen
    writer: asyncio.StreamWriter
    times_asked: int

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def respond(self, body: bytes, *, status: int = 200, headers: Iterable[tuple[str, str]] = ()) -> None:
        given = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))} | dict(headers)
        lines = [f"HTTP/1.1 {status} {_REASONS.get(status, 'Whatever')}", *(f"{name}: {value}" for name, value in given.items() if value)]
        await self.send("\r\n".join([*lines, "", ""]).encode("latin-1") + body)

    def close(self) -> None:
        self.writer.close()

    def reset(self) -> None:
        """Break the connection with a TCP RST instead of an orderly end."""
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


Route = Callable[[Exchange], Awaitable[None]]


@dataclass(slots=True)
class FaultServer:
    """An async context manager; routes may be added while it runs. `asked` is set once something but robots.txt was asked for."""

    routes: dict[str, Route] = field(default_factory=dict)
    tls: bool = False
    log: list[Seen] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    _busy: int = 0
    _conversations: Conversations = field(init=False)

    def __post_init__(self) -> None:
        self._conversations = Conversations(self._converse)

    async def __aenter__(self) -> Self:
        context = None
        if self.tls:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            CERTIFICATE.configure_cert(context)
        await self._conversations.begin(context)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._conversations.end()

    @property
    def port(self) -> int:
        return self._conversations.port

    @property
    def origin(self) -> str:
        return f"http{'s' if self.tls else ''}://127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order, without robots.txt."""
        return [seen.path for seen in self.log if seen.path != "/robots.txt"]

    def url(self, path: str) -> str:
        return self.origin + path

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            while not writer.is_closing():
                head = await reader.readuntil(b"\r\n\r\n")
                await self._answer(head.decode("latin-1"), writer)

    async def _answer(self, head: str, writer: asyncio.StreamWriter) -> None:
        first, *lines = head.rstrip("\r\n").split("\r\n")
        path = first.split(" ")[1]
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        seen = Seen(path=path, headers=headers, at=asyncio.get_running_loop().time(), busy=self._busy)
        self.log.append(seen)
        exchange = Exchange(request=seen, writer=writer, times_asked=sum(before.path == path for before in self.log))
        self._busy += 1
        if path != "/robots.txt":
            self.asked.set()
        try:
            await self.routes.get(path, answer(b"not here", status=404))(exchange)
        finally:
            self._busy -= 1


def answer(body: bytes = b"<html><p>A page.</p></html>", *, status: int = 200, headers: Iterable[tuple[str, str]] = ()) -> Route:
    """Answer properly; a header with an empty value is left out."""
    given = tuple(headers)

    async def route(exchange: Exchange) -> None:
        await exchange.respond(body, status=status, headers=given)

    return route


def redirect(location: str, *, status: int = 302) -> Route:
    return answer(b"", status=status, headers=[("Location", location)])


def in_turn(*routes: Route) -> Route:
    """Answer the first request with the first route, and so on; the last one stays."""

    async def route(exchange: Exchange) -> None:
        await routes[min(exchange.times_asked, len(routes)) - 1](exchange)

    return route


def raw(*pieces: bytes, pause_s: float = 0.0, then: str = "close") -> Route:
    """Write these bytes, with a pause after each, and then `close`, `reset` or `hang`."""

    async def route(exchange: Exchange) -> None:
        for piece in pieces:
            await exchange.send(piece)
            await asyncio.sleep(pause_s)
        if then == "hang":
            await asyncio.sleep(3600)
        elif then == "reset":
            exchange.reset()
        else:
            exchange.close()

    return route


def drip(head: bytes, piece: bytes, *, pause_s: float = 0.0) -> Route:
    """Write the head, and then the same piece for ever."""

    async def route(exchange: Exchange) -> None:
        await exchange.send(head)
        while True:
            await exchange.send(piece)
            await asyncio.sleep(pause_s)

    return route


def slow(route: Route, *, pause_s: float) -> Route:
    """Answer as the route does, some time later."""

    async def later(exchange: Exchange) -> None:
        await asyncio.sleep(pause_s)
        await route(exchange)

    return later
