"""How do the servers of the tests listen, and how do they end so that nothing of theirs is left open, whatever the clients did?"""

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

__all__ = ["Conversations", "Converse"]

Converse = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

_STEPS_TO_BEGIN = 10  # of the event loop; asyncio takes three from a connection it has accepted to the conversation on it


@dataclass(slots=True)
class Conversations:
    """What is said on the connections to one listening socket of loopback; each is closed when its conversation ends."""

    converse: Converse
    port: int = 0
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def begin(self, tls: ssl.SSLContext | None = None) -> None:
        """Listen on a free port, which is `port` from then on."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0, ssl=tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def over(self) -> None:
        """Wait until every conversation has ended by itself. Raises TimeoutError after a minute, where a client never hangs up."""
        async with asyncio.timeout(60):
            await asyncio.gather(*self._tasks)

    async def end(self) -> None:
        """Break off what is still being said, and close every connection."""
        if self._server:
            self._server.close()
        for _ in range(_STEPS_TO_BEGIN):
            await asyncio.sleep(0)
        for task in self._tasks:
            task.cancel()
        await asyncio.sleep(0)
        # what a client does not read would be waited for without end; and a conversation cancelled before it began has closed nothing
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.sleep(0)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        task = asyncio.get_running_loop().create_task(self._talk(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            try:
                await self.converse(reader, writer)
            finally:
                writer.close()
                with contextlib.suppress(OSError, asyncio.CancelledError):
                    await writer.wait_closed()
