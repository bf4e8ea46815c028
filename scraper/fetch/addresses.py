"""Which addresses does a host have just now? Asked of the system's resolver, and remembered for a while.

Pages come in dozens from one host. Whether they may be connected to is decided by `guard`, on every request, also on what is remembered.
"""

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

from scraper.errors import NetworkError
from scraper.fetch.guard import Target

__all__ = ["Addresses", "resolve"]

_LIFETIME_S = 120.0  # the fifty pages of one source take about that long; the records of sites behind a CDN live 20-300 s


async def resolve(host: str, port: int) -> tuple[str, ...]:
    """Ask the system's resolver for a host's addresses, in the order to try them (RFC 6724); raises OSError or UnicodeError.

    Each question has a thread of its own that nobody waits for: it cannot be interrupted, and in the loop's pool (6 threads on two cores)
    a few names whose servers are silent would hold up all others, and the end of the program, for half a minute.
    """
    loop = asyncio.get_running_loop()
    found: asyncio.Future[tuple[str, ...]] = loop.create_future()

    def look_up() -> None:
        deliver: Callable[[], None]
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            deliver = partial(found.set_exception, error)
        else:
            deliver = partial(found.set_result, tuple(str(answer[4][0]) for answer in answers))
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(lambda: None if found.done() else deliver())

    threading.Thread(target=look_up, name=f"resolve {host}", daemon=True).start()
    return await found


class Addresses:
    """The addresses found lately; `resolve` is the one way to find new ones."""

    def __init__(self, resolve: Callable[[str, int], Awaitable[tuple[str, ...]]] = resolve) -> None:
        self._resolve = resolve
        self._known: dict[tuple[str, int], tuple[float, tuple[str, ...]]] = {}

    async def of(self, target: Target, *, timeout_s: float) -> tuple[str, ...]:
        """Give the addresses of a target's host, at least one; raise NetworkError `dns_failure`."""
        place = (target.host.strip("[]"), target.port)
        until, found = self._known.get(place, (0.0, ()))
        if _now() < until:
            return found
        try:
            async with asyncio.timeout(timeout_s):
                found = await self._resolve(*place)
        except (OSError, UnicodeError) as error:  # a TimeoutError is an OSError
            raise _no_address(target, getattr(error, "strerror", None) or str(error) or "no answer in time") from error
        if not found:
            raise _no_address(target, "the answer is empty")
        self._known[place] = (_now() + _LIFETIME_S, found)
        return found


def _no_address(target: Target, why: str) -> NetworkError:
    return NetworkError(f"{target.host} has no address: {why}", code="dns_failure", url=target.url, retryable=True)


def _now() -> float:
    return asyncio.get_running_loop().time()
