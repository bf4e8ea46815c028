"""How does a URL become a Page? The order of it all: guard, robots.txt, the host's turn, the request, redirects, and trying again.

Each step is a module of its own; what to fetch, and what a failure means for the database, are the pipeline's questions.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import TracebackType
from typing import Self, cast

from scraper.errors import FetchError, NetworkError, RedirectError, RobotsDenied
from scraper.fetch import answers, guard
from scraper.fetch.addresses import Addresses, resolve
from scraper.fetch.client import Answer, Connections, Question, secure_context
from scraper.fetch.errand import Accept, Errand
from scraper.fetch.gate import Gate, RobotsAnswer, RobotsMemory
from scraper.fetch.patience import Patience
from scraper.fetch.slots import Slots
from scraper.fetch.spill import Spill
from scraper.fetch.troubles import Troubles
from scraper.politeness import Trouble, effective_delay_s
from scraper.records import NotModified, Page, Policy, Validators

__all__ = ["Fetcher", "Surroundings"]

_SLOW_DOWN = frozenset({429, 503})
_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a fetcher finds itself in: the name service, what TLS trusts, and what earlier runs met: troubles with hosts, robots.txt."""

    resolve: Callable[[str, int], Awaitable[tuple[str, ...]]] = resolve
    tls: ssl.SSLContext | None = None
    troubles: Mapping[str, Trouble] = field(default_factory=dict)
    robots: RobotsMemory | None = None


class Fetcher:
    """Fetches politely and safely; an async context manager, made once a run. `now` dates the pages and reads Retry-After's dates.

    `on_robots` hears of every robots.txt that was really asked for: its URL, and the page or the error. `pause_after_robots` is for runs;
    who wants one page makes two requests in all, and may make them one after the other.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        max_in_flight: int = 32,
        patience: Patience | None = None,
        on_robots: Callable[[str, RobotsAnswer], None] | None = None,
        pause_after_robots: bool = True,
        surroundings: Surroundings | None = None,
    ) -> None:
        surroundings = surroundings or Surroundings()
        self._now = now
        self._patience = patience or Patience()
        self._addresses = Addresses(surroundings.resolve)
        self._connections = Connections(surroundings.tls or secure_context())
        self._slots = Slots(max_in_flight=max_in_flight, max_hold_s=self._patience.max_retry_after_s)
        self._gate = Gate(self._robots_answer, on_robots, now, surroundings.robots)
        self._pause_after_robots = pause_after_robots
        self._troubles = Troubles(surroundings.troubles)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._connections.aclose()

    async def get(
        self, url: str, *, policy: Policy, validators: Validators | None = None, accept: Accept = "page", spill: Spill | None = None
    ) -> Page | NotModified:
        """Fetch a page, feed or sitemap; NotModified only if `validators` were given and the server says so.

        A body beyond `policy.max_bytes` goes into `spill`, if one is given, and is refused otherwise.

        Raises the FetchError that says what went wrong, with what it cost: `elapsed_ms` on the network and `attempts`, which is 0 when
        it was refused without asking anybody. After redirects its `url` is the one that failed.
        """
        return await self._insist(Errand(url=url, policy=policy, validators=validators, accept=accept, spill=spill))

    async def sitemaps(self, url: str, *, policy: Policy) -> tuple[str, ...]:
        """Give the sitemaps that the robots.txt of this URL's origin names; none while it cannot be read."""
        try:
            target = guard.target(url, allow_private=policy.allow_private)
            return (await self._gate.rules(target, policy)).sitemap_urls(target.url)
        except FetchError:
            return ()

    async def part(self, url: str, *, policy: Policy, headers: tuple[tuple[str, str], ...], pause_s: float) -> Page:
        """Fetch what a page that is being rendered asks for: once, whatever it holds, by the same rules as any page but for the delay.

        Raises FetchError.
        """
        errand = Errand(url=url, policy=policy, headers=headers, pause_s=pause_s)
        return cast("Page", await self._follow(errand))  # no validators were sent

    def changed_troubles(self, *, at_end: bool = False) -> dict[str, Trouble]:
        """Give what has changed in how hosts are to be treated since this was last asked; `at_end` of a run, what is still held back."""
        return self._troubles.changed(at_end=at_end)

    async def _robots_answer(self, url: str, policy: Policy, validators: Validators | None) -> RobotsAnswer:
        try:
            answer = await self._insist(Errand(url=url, policy=policy, validators=validators, for_robots=True))
            if not self._pause_after_robots:
                self._slots.forget(guard.target(url, allow_private=policy.allow_private))
        except FetchError as error:
            return error
        return answer

    async def _insist(self, errand: Errand) -> Page | NotModified:
        """Try until it works, cannot work, or patience ends."""
        tried = 1
        try:
            outcome = await self._follow(errand)
        except FetchError as error:
            outcome, tried = await self._insist_after(error, errand)
        return replace(outcome, attempts=tried, elapsed_ms=round(errand.spent_s * 1000))

    async def _insist_after(self, first: FetchError, errand: Errand) -> tuple[Page | NotModified, int]:
        """Do so once the first try has failed, and tell how many it took. Most pages come at once, without tenacity."""
        failed: list[FetchError] = [first]

        async def follow() -> Page | NotModified:
            if failed:
                raise failed.pop()
            return await self._follow(errand)

        tries = self._patience.retrying()
        try:
            return await tries(follow), tries.statistics["attempt_number"]
        except FetchError as error:
            looked_up = isinstance(error, NetworkError) and error.attempts > 0
            error.attempts = tries.statistics["attempt_number"] if errand.asked or looked_up else 0
            error.elapsed_ms = round(errand.spent_s * 1000)
            self._troubles.failed(error, self._now(), allow_private=errand.policy.allow_private)
            raise

    async def _follow(self, errand: Errand) -> Page | NotModified:
        """Ask, and ask again where a redirect leads to, with the same checks at each hop."""
        url, seen = errand.url, set[str]()
        for _ in range(errand.max_redirects + 1):
            target = guard.target(url, allow_private=errand.policy.allow_private)
            if target.url in seen:
                raise RedirectError(f"{errand.url} redirects in a circle, back to {target.url}", code="redirect_loop", url=errand.url)
            seen.add(target.url)
            answer = await self._ask(target, errand)
            url = answers.redirect(answer, target) or ""
            if not url:
                received = self._received(answer, target, errand)
                return answers.page(received) if errand.spill is None else await asyncio.to_thread(answers.page, received)
        raise RedirectError(f"{errand.url} redirects more than {errand.max_redirects} times", code="too_many_redirects", url=errand.url)

    async def _ask(self, target: guard.Target, errand: Errand) -> Answer:
        """Send one request, once robots.txt, the guard and the host's turn allow it."""
        policy = errand.policy
        self._troubles.check(target, self._now())
        delay_s = policy.delay_s if errand.for_robots else await self._permitted_delay_s(target, policy)
        with errand.clock():
            found = await self._addresses.of(target, timeout_s=policy.timeout_s)
        question = Question(
            target=target,
            addresses=guard.checked(target.url, found, allow_private=policy.allow_private),
            headers=errand.headers_to(target),
            timeout_s=policy.timeout_s,
            limit=errand.limit,
            spill=errand.spill,
        )
        async with self._slots.turn(target, delay_s=lambda: max(errand.delay_s(delay_s), self._troubles.delay_s(target))) as slot:
            errand.asked = True
            if errand.spill:
                errand.spill.empty()
            with errand.clock():
                answer = await self._connections.ask(question, slot.sent)
            if answer.status in _SLOW_DOWN:
                self._troubles.refused(target, max(delay_s, self._patience.first_wait_s))
                asked_s = answers.asked_wait_s(answer, self._now())
                slot.leave_alone(self._patience.first_wait_s if asked_s is None else asked_s, answer.status)
            elif answer.status < _SERVER_ERROR:
                self._troubles.answered(target, delay_s)
        return answer

    async def _permitted_delay_s(self, target: guard.Target, policy: Policy) -> float:
        if not policy.obey_robots:
            return policy.delay_s
        rules = await self._gate.rules(target, policy)
        if not rules.allows(target.url, policy.user_agent):
            error = RobotsDenied(f"robots.txt of {target.host} does not let us fetch {target.url}", code="robots_denied", url=target.url)
            error.attempts = 0
            raise error
        return effective_delay_s(policy.delay_s, rules.asked_delay_s(policy.user_agent))

    def _received(self, answer: Answer, target: guard.Target, errand: Errand) -> answers.Received:
        return answers.Received(
            answer=answer,
            target=target,
            requested_url=errand.url,
            at=self._now(),
            limit=errand.limit,
            validators=errand.validators,
            any_content=errand.any_content,
            spill=errand.spill,
        )
