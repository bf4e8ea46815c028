"""What does a host's robots.txt say? Asked for once a day and origin, through the fetcher, and remembered from run to run.

What it means is `politeness`' question; where it is kept meanwhile, whoever makes the fetcher decides.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from scraper.errors import AddressDenied, FetchError, NetworkError, RobotsDenied
from scraper.fetch.guard import Target
from scraper.politeness import ROBOTS_LIFETIME_S, RobotsCopy, Rules, robots_copy
from scraper.records import NotModified, Page, Policy, Validators

__all__ = ["Gate", "RobotsAnswer", "RobotsMemory"]

RobotsAnswer = Page | NotModified | FetchError

# How long a host that gave no robots.txt is left alone when it does not say: the rest of a short run, and not the rest of the day.
_UNAVAILABLE_S = 300.0


class RobotsMemory(Protocol):
    """Where copies are kept from one run to the next, by origin."""

    async def recall(self, origin: str) -> RobotsCopy | None:
        """Give what was kept last."""

    async def keep(self, origin: str, copy: RobotsCopy) -> None:
        """Keep this in place of what was kept before."""


@dataclass(slots=True)
class _Entry:
    """What is known of one origin: its rules, or why there are none, and until when (loop time) that holds."""

    asking: asyncio.Lock = field(default_factory=asyncio.Lock)
    rules: Rules | None = None
    validators: Validators | None = None
    failure: FetchError | None = None
    until: float = float("-inf")


class Gate:
    """The robots rules of all origins. `ask` fetches one robots.txt; `on_answer` hears of every one that was asked for.

    `now` gives an aware datetime; without a `memory` nothing outlives this gate.
    """

    def __init__(
        self,
        ask: Callable[[str, Policy, Validators | None], Awaitable[RobotsAnswer]],
        on_answer: Callable[[str, RobotsAnswer], None] | None,
        now: Callable[[], datetime],
        memory: RobotsMemory | None = None,
    ) -> None:
        self._ask = ask
        self._on_answer = on_answer
        self._now = now
        self._memory = memory
        self._entries: dict[str, _Entry] = {}

    async def rules(self, target: Target, policy: Policy) -> Rules:
        """Give the rules of the target's origin (RFC 9309 2.3: scheme, host and port).

        Raises RobotsDenied `robots_unavailable` while they cannot be read, or the error that keeps the whole host out of reach; with
        `attempts` 0, as nothing was asked for the page itself.
        """
        entry = self._entries.get(target.origin)
        if entry is None:
            entry = self._entries[target.origin] = _Entry()
        if asyncio.get_running_loop().time() >= entry.until:
            async with entry.asking:
                await self._renew(entry, target.origin, policy)
        if entry.rules is None:
            raise _refusal(entry, target) from entry.failure
        return entry.rules

    async def _renew(self, entry: _Entry, origin: str, policy: Policy) -> None:
        """Bring an entry up to date, unless somebody has just done so: from memory while that is fresh, else by asking."""
        if asyncio.get_running_loop().time() < entry.until:
            return
        wait_s = 0.0
        kept = await self._memory.recall(origin) if self._memory else None
        if kept is not None:
            entry.rules, entry.validators, wait_s = kept.rules, kept.validators, kept.fresh_s(self._now())
        if not wait_s:
            wait_s = await self._asked(entry, origin, policy, kept)
        entry.until = asyncio.get_running_loop().time() + wait_s

    async def _asked(self, entry: _Entry, origin: str, policy: Policy, kept: RobotsCopy | None) -> float:
        """Ask for a robots.txt, and give the seconds for which the answer holds."""
        url = origin + "/robots.txt"
        answer = await self._ask(url, policy, entry.validators)
        if self._on_answer and answer.attempts:
            self._on_answer(url, answer)
        if isinstance(answer, NotModified):
            copy = kept._replace(at=answer.fetched_at) if kept else None
        else:
            copy = robots_copy(answer, self._now())
            if copy is None:  # RFC 9309 2.4: a stale copy may stand in while the server cannot be reached
                entry.failure = answer if isinstance(answer, FetchError) else None
                asked_s = entry.failure.retry_after_s if entry.failure else None
                return _UNAVAILABLE_S if asked_s is None else asked_s
            entry.rules, entry.validators = copy.rules, copy.validators
        if copy and self._memory:
            await self._memory.keep(origin, copy)
        return ROBOTS_LIFETIME_S


def _refusal(entry: _Entry, target: Target) -> FetchError:
    failure = entry.failure
    error: FetchError
    if isinstance(failure, NetworkError):  # what the page itself would have met
        error = NetworkError(failure.message, code=failure.code, url=target.url, retryable=True)
    elif isinstance(failure, AddressDenied) and failure.url == target.origin + "/robots.txt":
        error = AddressDenied(failure.message, code=failure.code, url=target.url)
    else:
        wait_s = max(0.0, entry.until - asyncio.get_running_loop().time())
        message = f"nothing is asked of {target.host} while its robots.txt cannot be read: {failure}"
        error = RobotsDenied(message, code="robots_unavailable", url=target.url, retryable=True, retry_after_s=wait_s)
    error.attempts = 0
    return error
