"""What does a host's robots.txt say? Asked for once a day and origin, through the fetcher; what it means is `politeness`' question."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from scraper.errors import AddressDenied, FetchError, NetworkError, RobotsDenied
from scraper.fetch.guard import Target
from scraper.politeness import ROBOTS_LIFETIME_S, Rules, robots_rules
from scraper.records import Page, Policy

__all__ = ["Gate"]

# How long a host that gave no robots.txt is left alone when it does not say: the rest of a short run, and not the rest of the day.
_UNAVAILABLE_S = 300.0


@dataclass(slots=True)
class _Entry:
    """What is known of one origin: its rules, or why there are none, and until when (loop time) that holds."""

    asking: asyncio.Lock = field(default_factory=asyncio.Lock)
    rules: Rules | None = None
    failure: FetchError | None = None
    until: float = float("-inf")


class Gate:
    """The robots rules of all origins. `ask` fetches one robots.txt; `on_answer` hears of every one that was asked for."""

    def __init__(
        self, ask: Callable[[str, Policy], Awaitable[Page | FetchError]], on_answer: Callable[[str, Page | FetchError], None] | None
    ) -> None:
        self._ask = ask
        self._on_answer = on_answer
        self._entries: dict[str, _Entry] = {}

    async def rules(self, target: Target, policy: Policy) -> Rules:
        """Give the rules of the target's origin (RFC 9309 2.3: scheme, host and port).

        Raises RobotsDenied `robots_unavailable` while they cannot be read, or the error that keeps the whole host out of reach; with
        `attempts` 0, as nothing was asked for the page itself.
        """
        entry = self._entries.setdefault(target.origin, _Entry())
        async with entry.asking:
            if asyncio.get_running_loop().time() >= entry.until:
                await self._renew(entry, target.origin + "/robots.txt", policy)
        if entry.rules is None:
            raise _refusal(entry, target) from entry.failure
        return entry.rules

    async def _renew(self, entry: _Entry, url: str, policy: Policy) -> None:
        answer = await self._ask(url, policy)
        if self._on_answer and answer.attempts:
            self._on_answer(url, answer)
        rules = robots_rules(answer)
        wait_s = ROBOTS_LIFETIME_S
        if rules is None and isinstance(answer, FetchError):
            entry.failure = answer
            wait_s = _UNAVAILABLE_S if answer.retry_after_s is None else answer.retry_after_s
        entry.rules = rules or entry.rules  # RFC 9309 2.4: a stale copy may stand in while the server cannot be reached
        entry.until = asyncio.get_running_loop().time() + wait_s


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
