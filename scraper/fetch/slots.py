"""When does a host's turn come? One request at a time to each, its delay between two of them, and a bound on all hosts together.

The delay runs from the moment one request has been sent, or its answer begins, to the moment the next one starts, so that the server never
sees less of it, however slow the connection was that the first one came by. Time is the event loop's; what the delay should be is
`politeness`' question.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from scraper.errors import BadStatus
from scraper.fetch.guard import Target

__all__ = ["Hold", "Slot", "Slots"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A host's wish to be left alone: until when (loop time, seconds), and the status code that said so."""

    until: float = 0.0
    status: int = 503


@dataclass(slots=True, kw_only=True)
class Slot:
    """One host's turn-taking: who is next, when the last request left, and how long the host wants to be left alone."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    sent_at: float = float("-inf")
    hold: Hold = field(default_factory=Hold)

    def sent(self) -> None:
        """Note that a request has just gone out."""
        self.sent_at = _now()

    def leave_alone(self, wait_s: float, status: int) -> None:
        """Send this host nothing for that many seconds; a longer wait that was asked for before stands."""
        self.hold = max(self.hold, Hold(until=_now() + wait_s, status=status), key=lambda hold: hold.until)

    def held_s(self) -> float:
        """Give the seconds for which the host still wants to be left alone."""
        return max(0.0, self.hold.until - _now())


class Slots:
    """The slots of all hosts, and the bound on requests in flight (at 1 ms of CPU a request, 32 are more than one core can keep busy)."""

    def __init__(self, *, max_in_flight: int, max_hold_s: float) -> None:
        self._in_flight = asyncio.Semaphore(max_in_flight)
        self._max_hold_s = max_hold_s
        self._slots: dict[str, Slot] = {}

    @asynccontextmanager
    async def turn(self, target: Target, *, delay_s: Callable[[], float]) -> AsyncIterator[Slot]:
        """Wait for the host's turn and for a place among the requests in flight, in this order: who waits for a delay takes no place.

        `delay_s` is asked once the turn has come, since the answer to the request before may have changed it.
        Raises BadStatus, with `attempts` 0, when the host wants to be left alone for longer than we care to wait here.
        """
        slot = self._slots.setdefault(target.neighbourhood, Slot())
        async with slot.turn:
            if slot.held_s() > self._max_hold_s:
                raise _left_alone(slot, target)
            await asyncio.sleep(max(slot.sent_at + delay_s(), slot.hold.until) - _now())
            async with self._in_flight:
                slot.sent()
                yield slot

    def forget(self, target: Target) -> None:
        """Let the next request to this host go out without the delay; a host's wish to be left alone stands."""
        self._slots.setdefault(target.neighbourhood, Slot()).sent_at = float("-inf")


def _left_alone(slot: Slot, target: Target) -> BadStatus:
    status, wait_s = slot.hold.status, slot.held_s()
    message = f"{target.host} answered with status {status} and wants to be left alone for another {wait_s:.0f} s"
    error = BadStatus(message, code=f"http_{status}", url=target.url, retryable=True, status=status, retry_after_s=wait_s)
    error.attempts = 0
    return error


def _now() -> float:
    return asyncio.get_running_loop().time()
