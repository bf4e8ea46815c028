"""One run over some two hundred sites that each do something wrong, or seem to: it ends, knows what went wrong, and loses nothing.

Every address that is forbidden is refused by the guard even where the source may use private ones: no packet leaves loopback.
"""

import asyncio
import contextlib
import sqlite3
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fault_server import AUTHORITY, FaultServer, Route, answer
from faults import PAGES, SILENCES, Fault
from h2_server import H2Server
from h2_server import answer as h2_answer
from newsroom import STORY
from site_faults import FEEDS, H2, HARMLESS, ROBOTS, SITEMAPS, feed

from scraper.fetch import Patience, Surroundings
from scraper.pipeline.conduct import Conduct
from scraper.pipeline.crawl import crawl
from scraper.pipeline.logfile import log_to
from scraper.records import Policy, Source

NOW = datetime(2026, 1, 6, 9, 0, tzinfo=UTC)
HASTE = Patience(tries=2, first_wait_s=0.01, jitter_s=0.0)
POLICY = Policy(delay_s=0.0, timeout_s=20.0, allow_private=True)
IMPATIENT = replace(POLICY, timeout_s=4.0)  # for hosts that never end by themselves
DEADLINE_S = 180.0  # of the whole run, on a busy machine; by itself it takes a tenth of that
WORDS = ("quay", "mole", "weir", "dyke", "lock", "pier", "dock", "ford", "cove", "reef", "tarn", "fell", "moor", "glen", "holm", "ness")


@dataclass(slots=True)
class Town:
    """All hosts of one run, and what has to come of them: the outcome of each fault's URL, and the stories."""

    sources: list[Source] = field(default_factory=list)
    outcomes: dict[str, tuple[str, bool]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    stories: set[str] = field(default_factory=set)
    written: int = 0

    def story(self) -> bytes:
        """Write a story that is like no other."""
        self.written += 1
        place = " ".join(f"{WORDS[self.written // 16**place % 16]}{self.written}" for place in range(3))
        return STORY.format(headline=f"Sea wall of {place} to rise", place=place).encode()

    def publish(self, url: str) -> bytes:
        self.stories.add(url)
        return self.story()

    def expect(self, name: str, url: str, code: str, *, retryable: bool) -> None:
        self.names[url] = name
        self.outcomes[url] = (code, retryable)

    def differences(self, found: dict[str, tuple[str, bool]]) -> dict[str, Any]:
        """Give, for each URL that fared otherwise than it had to, what came of it and what should have."""
        return {self.names[url]: (found.get(url), wanted) for url, wanted in self.outcomes.items() if found.get(url) != wanted}

    def place(self, url: str) -> str:
        """Give the path of a URL and what its host does wrong."""
        origin = "/".join(url.split("/")[:3])
        return f"{url.removeprefix(origin)} beside {[name for at, name in self.names.items() if at.startswith(origin)]}"

    def settle(self, origin: str, *, policy: Policy = POLICY, **fields: Any) -> None:
        number = len(self.sources)
        given: dict[str, Any] = {"id": f"site-{number}", "name": f"Site {number}", "domain": "news.test", "policy": policy}
        self.sources.append(Source(**given | {"feeds": (f"{origin}/feed.xml",)} | fields))


async def build(town: Town, hosts: contextlib.AsyncExitStack) -> None:
    for _ in range(3):
        server = await hosts.enter_async_context(FaultServer())
        server.routes |= good_paths(town, server.origin)
        town.settle(server.origin)
    for name, fault in PAGES.items():
        await add_page_fault(town, hosts, name, fault)
    for name, make in HARMLESS.items():
        server = await hosts.enter_async_context(FaultServer())
        town.expect(name, server.url("/fault"), "ok", retryable=False)
        server.routes |= good_paths(town, server.origin, "/fault") | {"/fault": make(town.publish(server.url("/fault")))}
        town.settle(server.origin)
    await add_listing_faults(town, hosts)
    await add_robots_faults(town, hosts)
    await add_names(town, hosts)
    await add_h2_faults(town, hosts)


def good_paths(town: Town, origin: str, *more: str) -> dict[str, Route]:
    """Make a feed and its two stories, with other addresses between them."""
    first, *between, last = [origin + path for path in ("/first", *more, "/last")]
    stories = {"/first": answer(town.publish(first)), "/last": answer(town.publish(last))}
    return {"/feed.xml": answer(feed([first, *between, last])), **stories}


async def add_page_fault(town: Town, hosts: contextlib.AsyncExitStack, name: str, fault: Fault) -> None:
    server = await hosts.enter_async_context(FaultServer())
    server.routes |= good_paths(town, server.origin, "/fault") | {"/fault": fault.route, **fault.beside}
    town.expect(name, server.url("/fault"), fault.code, retryable=fault.retryable)
    town.settle(server.origin, policy=IMPATIENT if name in SILENCES else POLICY)


async def add_listing_faults(town: Town, hosts: contextlib.AsyncExitStack) -> None:
    for kind, table in (("feeds", FEEDS), ("news_sitemaps", SITEMAPS)):
        for name, make in table.items():
            server = await hosts.enter_async_context(FaultServer())
            fault = make(server.origin)
            server.routes |= good_paths(town, server.origin) | {"/fault": fault.route, **fault.beside}
            if fault.announces:
                server.routes["/late"] = answer(town.publish(server.url("/late")))
            town.expect(f"{kind}: {name}", server.url("/fault"), fault.code, retryable=fault.retryable)
            listings = (server.url("/fault"), *([server.url("/feed.xml")] if kind == "feeds" else []))
            town.settle(server.origin, policy=IMPATIENT if fault.code == "timeout" else POLICY, **{kind: listings})


async def add_robots_faults(town: Town, hosts: contextlib.AsyncExitStack) -> None:
    for name, fault in ROBOTS.items():
        server = await hosts.enter_async_context(FaultServer())
        policy = IMPATIENT if fault.code == "timeout" else POLICY
        if fault.code == "ok":
            server.routes |= good_paths(town, server.origin)
        server.routes["/robots.txt"] = fault.route
        town.expect(f"robots.txt: {name}", server.url("/feed.xml"), fault.code, retryable=fault.retryable)
        town.settle(server.origin, policy=policy)


NAMES: dict[str, list[tuple[str, ...]]] = {  # what the name service says, one answer after another; the last one stays
    "metadata.test": [("169.254.169.254",)],
    "changing.test": [("127.0.0.1",), ("169.254.169.254",)],
    "mixed.test": [("127.0.0.1", "169.254.169.254")],
    "nobody.test": [()],
}
NAME_OUTCOMES = {
    "changing.test": ("ok", False),
    "mixed.test": ("address_denied", False),
    "nobody.test": ("dns_failure", True),
    "unknown.test": ("dns_failure", True),
    "silent.test": ("dns_failure", True),
}


async def add_names(town: Town, hosts: contextlib.AsyncExitStack) -> None:
    server = await hosts.enter_async_context(FaultServer())
    links = {name: f"http://{name}:{server.port}/{name}" for name in NAME_OUTCOMES}
    server.routes |= good_paths(town, server.origin) | {"/changing.test": answer(town.publish(links["changing.test"]))}
    server.routes["/feed.xml"] = answer(feed([server.url("/first"), *links.values(), server.url("/last")]))
    for name, (code, retryable) in NAME_OUTCOMES.items():
        town.expect(name, links[name], code, retryable=retryable)
    town.settle(server.origin, policy=IMPATIENT)


async def add_h2_faults(town: Town, hosts: contextlib.AsyncExitStack) -> None:
    for number, (name, (route, code, retryable)) in enumerate(H2.items()):
        server = await hosts.enter_async_context(H2Server())
        origin = f"https://h{number}.news.test:{server.port}"
        first, fault, last = (f"{origin}/{path}" for path in ("first", "fault", "last"))
        server.routes |= {"/feed.xml": h2_answer(feed([first, fault, last])), "/fault": route}
        server.routes |= {"/first": h2_answer(town.publish(first)), "/last": h2_answer(town.publish(last))}
        town.expect(f"HTTP/2: {name}", fault, code, retryable=retryable)
        town.settle(origin, policy=IMPATIENT if code == "timeout" else POLICY)


def surroundings() -> Surroundings:
    told = {name: list(answers) for name, answers in NAMES.items()}

    async def resolve(host: str, _port: int) -> tuple[str, ...]:
        if host == "silent.test":
            await asyncio.sleep(3_600)
        if host in told:
            return told[host].pop(0) if len(told[host]) > 1 else told[host][0]
        if host.endswith(".news.test") or host[0].isdigit():
            return ("127.0.0.1",)
        raise OSError(-2, "Name or service not known")

    trust = ssl.create_default_context()
    AUTHORITY.configure_trust(trust)
    return Surroundings(resolve=resolve, tls=trust)


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    async with contextlib.AsyncExitStack() as hosts:
        built = Town()
        await build(built, hosts)
        yield built


def rows(db: Path, query: str) -> list[tuple[Any, ...]]:
    with contextlib.closing(sqlite3.connect(db)) as connection:
        return connection.execute(query).fetchall()


async def test_nothing_that_a_server_does_stops_a_run_or_costs_a_good_page(town: Town, tmp_path: Path) -> None:
    assert len(town.outcomes) >= 200
    db = tmp_path / "news.db"
    conduct = Conduct(patience=HASTE, surroundings=surroundings())
    with log_to(tmp_path / "log") as log:
        async with asyncio.timeout(DEADLINE_S):
            summary = await crawl(town.sources, db=db, now=lambda: NOW, log=log, conduct=conduct)
    listed = rows(db, "SELECT url, outcome, retryable FROM fetches")
    outcomes = {url: (outcome, bool(retryable)) for url, outcome, retryable in listed}
    assert town.differences(outcomes) == {}
    assert {url for url, (outcome, _) in outcomes.items() if outcome != "ok"} <= set(town.outcomes), "nothing else went wrong"
    assert len(listed) == len(outcomes), "each URL was fetched once"
    stored = [url for (url,) in rows(db, "SELECT url FROM articles")]
    assert sorted(town.place(url) for url in town.stories - set(stored)) == [], "no good page is lost"
    assert sorted(stored) == sorted(town.stories), "and none is there twice"
    assert summary.total.new == len(town.stories)
    assert not [title for (title,) in rows(db, "SELECT title FROM links") if "root:" in (title or "")]
    assert rows(db, "PRAGMA integrity_check") == [("ok",)]
