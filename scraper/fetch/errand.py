"""What does one call of the fetcher want, and what has it cost so far? Which requests come of it is the fetcher's question."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from scraper.fetch import guard
from scraper.fetch.body import ACCEPT_ENCODING, Limit
from scraper.fetch.spill import Spill
from scraper.politeness import MAX_ROBOTS_BYTES, MAX_ROBOTS_REDIRECTS
from scraper.records import Policy, Validators

__all__ = ["Accept", "Errand"]

Accept = Literal["page", "listing"]

_MAX_REDIRECTS = 10  # browsers give up after 20; each hop costs its host a delay here
_ACCEPT: dict[Accept, str] = {
    "page": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "listing": "application/atom+xml,application/rss+xml,application/feed+json,application/xml;q=0.9,text/xml;q=0.9,*/*;q=0.8",
}


@dataclass(slots=True, kw_only=True)
class Errand:
    """One call's wishes, and what it has cost so far: whether anything was asked, and seconds on the network.

    A part of a page that is being rendered is asked for with the `headers` of the page's script, `pause_s` after the host's last request.
    A body that is larger than the policy lets it be goes into `spill`, if there is one.
    """

    url: str
    policy: Policy
    accept: Accept = "page"
    validators: Validators | None = None
    for_robots: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    pause_s: float | None = None
    spill: Spill | None = None
    asked: bool = False
    spent_s: float = 0.0

    @property
    def limit(self) -> Limit:
        """Give how many bytes may come; of a robots.txt, what comes after is left."""
        return Limit(max_bytes=MAX_ROBOTS_BYTES, excess="cut") if self.for_robots else Limit(max_bytes=self.policy.max_bytes)

    @property
    def max_redirects(self) -> int:
        """Give how many redirects are followed."""
        return MAX_ROBOTS_REDIRECTS if self.for_robots else _MAX_REDIRECTS

    @property
    def any_content(self) -> bool:
        """Tell whether anything will do, where otherwise only a page, a feed or a text does."""
        return self.for_robots or self.pause_s is not None

    def delay_s(self, hosts_own_s: float) -> float:
        """Give the seconds to leave between the host's last request and this one."""
        return hosts_own_s if self.pause_s is None else min(hosts_own_s, self.pause_s)

    @contextmanager
    def clock(self) -> Iterator[None]:
        """Count the time that passes inside."""
        began = asyncio.get_running_loop().time()
        try:
            yield
        finally:
            self.spent_s += asyncio.get_running_loop().time() - began

    def headers_to(self, target: guard.Target) -> list[tuple[str, str]]:
        """Give a request's headers; the source's own (a cookie, a key) never go to another host, down to http, or along for robots.txt."""
        policy, validators = self.policy, self.validators or Validators()
        headers = {
            "host": target.authority,
            "user-agent": policy.user_agent,
            "accept": "text/plain,*/*;q=0.8" if self.for_robots else _ACCEPT[self.accept],
            "accept-encoding": ACCEPT_ENCODING,
            "if-none-match": validators.etag or "",
            "if-modified-since": validators.last_modified or "",
        }
        home = guard.target(self.url, allow_private=policy.allow_private)
        if not self.for_robots and target.neighbourhood == home.neighbourhood and (target.scheme, home.scheme) != ("http", "https"):
            headers |= dict(self.headers) | {name.lower(): value for name, value in policy.headers}
        return [(name, value) for name, value in headers.items() if value]
