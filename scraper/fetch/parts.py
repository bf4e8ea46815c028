"""What may a page load while it is rendered? Scripts and what they ask for by GET, within bounds, through our own fetcher; nothing else.

So guard, pinned addresses, TLS, robots.txt, caps and the honest name hold for every part as they hold for a page. Images, fonts, media,
frames, trackers, sockets and everything that sends something are refused: no story needs them. Knows nothing of the browser.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Final

from scraper import urls
from scraper.decode import decode
from scraper.errors import BadStatus, FetchError
from scraper.fetch.fetcher import Fetcher
from scraper.records import Page, Policy

__all__ = ["Asked", "Bounds", "Parts", "Reply", "Shelf", "is_tracker"]

LOADED: Final = frozenset({"script", "xhr", "fetch"})
FORWARDED: Final = frozenset({"accept", "authorization", "origin", "referer"})  # of a script's own headers, with every `x-`: APIs want them
NO_CONTENT: Final = 204  # a browser that is sent elsewhere and gets this stays where it is (RFC 9110 15.3.5)
# A page may run its scripts and ask for data. No window, dialog, form, download, plug-in, worker or frame of another site comes of it.
CONTENT_POLICY: Final = (
    "sandbox allow-scripts allow-same-origin; connect-src http: https: data: blob:; worker-src 'none'; frame-src 'none'; object-src 'none'"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much a page may cost while it is rendered: parts, bytes of one and of all, seconds, and bytes of memory a process.

    Parts of one host come one at a time, `pause_s` apart, where pages would be a delay apart: a page has dozens, and a browser asks for
    them at once. `quiet_s` without a request and without a change is when a page counts as done.
    """

    parts: int = 100
    part_bytes: int = 8_000_000
    total_bytes: int = 30_000_000
    part_timeout_s: float = 10.0
    pause_s: float = 0.1
    quiet_s: float = 0.5
    memory_bytes: int = 1_500_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request of the page. `kind` is the browser's word for what it is for; `leads_away` is one that would replace the page."""

    url: str
    kind: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    leads_away: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the browser is given."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class Shelf:
    """The scripts that pages of this run have asked for: a site has the same on all its pages, and is asked for each once."""

    def __init__(self, max_bytes: int = 50_000_000) -> None:
        self._room = max_bytes
        self._replies: OrderedDict[str, Reply] = OrderedDict()

    def get(self, url: str) -> Reply | None:
        """Give what was kept for a URL."""
        if url in self._replies:
            self._replies.move_to_end(url)
        return self._replies.get(url)

    def keep(self, url: str, reply: Reply) -> None:
        """Keep a reply in place of those that nobody has asked for the longest."""
        if url not in self._replies:
            self._replies[url] = reply
            self._room -= len(reply.body)
        while self._room < 0:
            self._room += len(self._replies.popitem(last=False)[1].body)


class Parts:
    """What one page loads, counted. `pending` is how many requests wait for an answer, `asked` how many there were."""

    def __init__(self, fetcher: Fetcher, page: Page, policy: Policy, *, bounds: Bounds, shelf: Shelf) -> None:
        self._fetcher = fetcher
        self._page: Page | None = page
        self._origin = urls.origin(page.url)
        self._policy = replace(
            policy, timeout_s=min(policy.timeout_s, bounds.part_timeout_s), max_bytes=min(policy.max_bytes, bounds.part_bytes)
        )
        self._bounds = bounds
        self._shelf = shelf
        self._bytes = 0
        self.asked = 0
        self.pending = 0

    async def reply(self, asked: Asked) -> Reply | None:
        """Give what the browser is to see, or None where it is to see a failure."""
        if asked.leads_away:
            return await self._document() or Reply(status=NO_CONTENT)
        if asked.kind == "stylesheet":  # scripts wait for it, and look at nothing in it
            return Reply(headers={"content-type": "text/css"})
        if asked.method != "GET" or asked.kind not in LOADED or is_tracker(asked.url):
            return None
        self.pending += 1
        try:
            return await self._fetched(asked)
        finally:
            self.pending -= 1

    async def _document(self) -> Reply | None:
        """Give the page itself, once, as the text that extraction would read."""
        page, self._page = self._page, None
        if page is None:
            return None
        text = (await asyncio.to_thread(decode, page.content, page.headers)).text
        headers = {"content-type": "text/html; charset=utf-8", "content-security-policy": CONTENT_POLICY}
        return Reply(headers=headers, body=text.encode("utf-8", "replace"))

    async def _fetched(self, asked: Asked) -> Reply | None:
        kept = self._shelf.get(asked.url) if asked.kind == "script" else None
        if kept is not None:
            return kept
        if self.asked >= self._bounds.parts or self._bytes >= self._bounds.total_bytes:
            return None
        self.asked += 1
        try:
            part = await self._fetcher.part(
                asked.url, policy=self._policy_for(asked.url), headers=_forwarded(asked.headers), pause_s=self._bounds.pause_s
            )
        except BadStatus as error:
            return Reply(status=error.status or NO_CONTENT) if error.attempts else None
        except FetchError:
            return None
        self._bytes += len(part.content)
        reply = Reply(status=part.status, headers={"content-type": part.header("content-type") or ""}, body=part.content)
        if asked.kind == "script":
            self._shelf.keep(asked.url, reply)
        return reply

    def _policy_for(self, url: str) -> Policy:
        """Give the source's own headers (a cookie, a key) to nobody but the page's own origin."""
        return self._policy if urls.origin(url) == self._origin else replace(self._policy, headers=())


def is_tracker(url: str) -> bool:
    """Tell whether a URL's host, or one that it is a subdomain of, is in the list."""
    labels = (urls.host(url) or "").split(".")
    return any(".".join(labels[start:]) in _trackers() for start in range(len(labels) - 1))


def _forwarded(headers: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in headers.items() if name in FORWARDED or name.startswith("x-"))


@cache
def _trackers() -> frozenset[str]:
    lines = files("scraper.fetch").joinpath("trackers.txt").read_text(encoding="ascii").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))
