"""A host gets its turn, its delay and its robots.txt, judged by what the server saw."""

import asyncio
import json
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from fault_server import FaultServer, Route, answer, drip, in_turn, raw, redirect, slow
from fetching import OK_HEAD, ONCE, STORY, failure_of, fetcher_with, names, page_of

from scraper.errors import BadStatus, FetchError, RobotsDenied
from scraper.fetch import Fetcher, Patience
from scraper.records import Page, Policy

CONFORMANCE = Path(__file__).parents[2] / "shared" / "conformance"


@pytest.fixture
async def server() -> AsyncIterator[FaultServer]:
    async with FaultServer() as running:
        yield running


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with fetcher_with() as running:
        yield running


@pytest.fixture
async def once() -> AsyncIterator[Fetcher]:
    """A fetcher that tries once, for what fails every time."""
    async with fetcher_with(patience=ONCE) as running:
        yield running


# --- turns and delays, judged by the server's log ---


def gaps(server: FaultServer) -> list[float]:
    times = [seen.at for seen in server.log]
    return [later - earlier for earlier, later in pairwise(times)]


async def test_a_host_gets_one_request_at_a_time_with_its_delay_between(server: FaultServer, fetcher: Fetcher) -> None:
    server.routes |= {f"/{number}": slow(answer(), pause_s=0.01) for number in range(5)}
    policy = Policy(allow_private=True, delay_s=0.1)
    await asyncio.gather(*(page_of(fetcher, server.url(f"/{number}"), policy) for number in range(5)))
    assert len(server.log) == 6
    assert min(gaps(server)) >= 0.09  # robots.txt is a request like any other
    assert {seen.busy for seen in server.log} == {0}


async def test_who_wants_one_page_need_not_wait_after_robots_txt(server: FaultServer) -> None:
    server.routes |= {"/robots.txt": answer(b"User-agent: *\nCrawl-delay: 0.3"), "/a": answer(), "/b": answer()}
    async with fetcher_with(pause_after_robots=False) as fetcher:
        await asyncio.gather(*(page_of(fetcher, server.url(path)) for path in ("/a", "/b")))
    after_robots, between_pages = gaps(server)
    assert after_robots < 0.2
    assert between_pages >= 0.29


async def test_a_delay_asked_for_in_robots_txt_counts_when_it_is_the_larger(server: FaultServer, fetcher: Fetcher) -> None:
    server.routes |= {"/robots.txt": answer(b"User-agent: *\nCrawl-delay: 0.2"), "/a": answer(), "/b": answer()}
    await asyncio.gather(*(page_of(fetcher, server.url(path)) for path in ("/a", "/b")))
    assert min(gaps(server)) >= 0.19


async def test_tries_and_redirects_keep_the_delay_too(server: FaultServer, fetcher: Fetcher) -> None:
    server.routes |= {"/a": in_turn(answer(status=500), redirect("/b")), "/b": answer()}
    await page_of(fetcher, server.url("/a"), Policy(allow_private=True, delay_s=0.1))
    assert len(server.log) == 4
    assert min(gaps(server)) >= 0.09


async def test_hosts_do_not_wait_for_each_other(fetcher: Fetcher) -> None:
    async with FaultServer({"/a": slow(answer(), pause_s=0.5)}) as slow_one, FaultServer({"/b": answer()}) as quick_one:
        task = asyncio.create_task(page_of(fetcher, slow_one.url("/a")))
        await page_of(fetcher, quick_one.url("/b"))
        assert not task.done()
        await task


async def test_requests_in_flight_are_bounded_over_all_hosts() -> None:
    async with fetcher_with(max_in_flight=2) as fetcher:
        now, most = 0, 0

        async def count(exchange: Any) -> None:
            nonlocal now, most
            now, most = now + 1, max(most, now + 1)
            await asyncio.sleep(0.03)
            now -= 1
            await exchange.respond(STORY)

        servers = [FaultServer({"/a": count}) for _ in range(6)]
        for server in servers:
            await server.__aenter__()
        await asyncio.gather(*(page_of(fetcher, server.url("/a")) for server in servers))
        for server in servers:
            await server.__aexit__()
    assert most == 2


async def test_many_hosts_are_served_though_few_connections_are_kept(fetcher: Fetcher) -> None:
    async with FaultServer({"/a": answer(STORY)}) as server:
        table = {f"h{number}.test": ["127.0.0.1"] for number in range(90)}
        async with fetcher_with(surroundings=names(table)) as many:
            pages = await asyncio.gather(*(page_of(many, f"http://{host}:{server.port}/a") for host in table))
        assert {page.content for page in pages} == {STORY}


# --- robots.txt ---


async def test_robots_txt_is_asked_first_and_once(server: FaultServer, fetcher: Fetcher) -> None:
    server.routes |= {"/robots.txt": answer(b"User-agent: TestBot\nDisallow: /private"), "/a": answer(), "/b": answer()}
    await asyncio.gather(*(page_of(fetcher, server.url(path)) for path in ("/a", "/b")))
    denied = await failure_of(fetcher, server.url("/private/story"))
    assert (type(denied), denied.code, denied.retryable, denied.attempts) == (RobotsDenied, "robots_denied", False, 0)
    assert server.log[0].path == "/robots.txt"
    assert sorted(seen.path for seen in server.log) == ["/a", "/b", "/robots.txt"]


async def test_robots_txt_is_not_asked_for_when_the_policy_says_so(server: FaultServer, fetcher: Fetcher) -> None:
    server.routes |= {"/robots.txt": answer(b"User-agent: *\nDisallow: /"), "/a": answer()}
    await page_of(fetcher, server.url("/a"), Policy(allow_private=True, delay_s=0.0, obey_robots=False))
    assert [seen.path for seen in server.log] == ["/a"]


async def test_a_redirect_is_not_followed_where_robots_txt_forbids(server: FaultServer, fetcher: Fetcher) -> None:
    async with FaultServer({"/robots.txt": answer(b"User-agent: *\nDisallow: /there"), "/there": answer()}) as other:
        server.routes["/here"] = redirect(other.url("/there"))
        error = await failure_of(fetcher, server.url("/here"))
        assert (error.code, error.attempts) == ("robots_denied", 1)
        assert [seen.path for seen in other.log] == ["/robots.txt"]


async def test_every_robots_txt_that_was_asked_for_can_be_observed(server: FaultServer) -> None:
    heard: list[tuple[str, Page | FetchError]] = []
    server.routes |= {"/robots.txt": answer(b"User-agent: *"), "/a": answer()}
    async with FaultServer({"/b": answer()}) as other, fetcher_with(on_robots=lambda *what: heard.append(what)) as fetcher:
        for _ in range(2):
            await page_of(fetcher, server.url("/a"))
            await page_of(fetcher, other.url("/b"))
        assert [url for url, _ in heard] == [server.url("/robots.txt"), other.url("/robots.txt")]
    found, missing = (what for _, what in heard)
    assert isinstance(found, Page)
    assert isinstance(missing, BadStatus)
    assert (found.content, missing.code) == (b"User-agent: *", "http_404")


async def test_a_host_whose_robots_txt_fails_is_not_asked_again_at_once(server: FaultServer, fetcher: Fetcher) -> None:
    server.routes |= {"/robots.txt": answer(status=500), "/a": answer(), "/b": answer()}
    for path in ("/a", "/b"):
        error = await failure_of(fetcher, server.url(path))
        assert (type(error), error.code, error.retryable, error.attempts) == (RobotsDenied, "robots_unavailable", True, 0)
        assert error.retry_after_s == pytest.approx(300, abs=30)
    assert [seen.path for seen in server.log] == ["/robots.txt"] * 3


# The cases of robots_status.jsonl, acted out by the server. `expect` is theirs.

RULES = b"User-agent: *\nDisallow: /x\n"


def robots_route(response: dict[str, Any], elsewhere: str) -> dict[str, Route]:
    """Make the routes that act out a case: redirects first, then its answer or fault at the end of them."""
    body = response["body_latin1"].encode("latin-1") if "body_latin1" in response else response.get("body", "").encode()
    headers = [*response.get("headers", {}).items(), ("Content-Type", response.get("content_type", "text/plain"))]
    last = answer(body, status=response.get("status", 200), headers=headers)
    if response.get("fault") == "refused":
        last = raw(then="reset")
    elif "fault" in response:
        last = raw(then="hang")
    if "to" in response:
        last = redirect(response["to"])
    steps = ["/robots.txt", *(f"/hop{number}" for number in range(response.get("redirects", 0) - ("to" in response)))]
    routes: dict[str, Route] = {here: redirect(elsewhere + there) for here, there in pairwise(steps)}
    return routes | {steps[-1]: last, "/x": answer(), "/y": answer()}


def status_cases() -> list[Any]:
    path = CONFORMANCE / "robots_status.jsonl"
    if not path.exists():
        return [pytest.param({}, marks=pytest.mark.skip(reason="the shared conformance cases are not on this machine"))]
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [pytest.param(row, id=row["case"].replace(" ", "-")) for row in rows if "cached_age_h" not in row["response"]]


EXPECTED: dict[str, tuple[bool, bool]] = {  # whether /x and /y may then be fetched
    "use_rules": (False, True),
    "use_rules_for_original_host": (False, True),
    "allow_all": (True, True),
    "disallow_all": (False, False),
    "disallow_all_and_wait_60": (False, False),
    "blocked_not_fetched": (False, False),
    "per_scheme_host_port": (True, True),  # see the next test
    "same_user_agent": (True, True),
    "gap>=10s (or capped and host skipped)": (True, True),
}


@pytest.mark.parametrize("case", status_cases())
async def test_what_comes_for_robots_txt_decides_about_the_host(server: FaultServer, case: dict[str, Any]) -> None:
    policy = Policy(allow_private=True, delay_s=0.0, timeout_s=0.3 if "hang" in case["response"].get("fault", "") else 30.0)
    response = {**case["response"], "body": case["response"].get("body", "").replace("Crawl-delay: 10", "Crawl-delay: 0.1")}
    patience = Patience(tries=1, first_wait_s=0.0, max_retry_after_s=100.0)
    async with FaultServer() as other, fetcher_with(patience=patience) as fetcher:
        routes = robots_route(response, other.origin if response.get("cross_host") else "")
        server.routes |= routes
        other.routes |= routes
        for path, allowed in zip(("/x", "/y"), EXPECTED[case["expect"]], strict=True):
            if allowed:
                await page_of(fetcher, server.url(path), policy)
            else:
                error = await failure_of(fetcher, server.url(path), policy)
                assert error.retryable is not EXPECTED[case["expect"]][1]
        waits = case["expect"].endswith("_60")
        assert not waits or error.retry_after_s == pytest.approx(60, abs=5)
        assert not case["expect"].startswith("gap") or min(gaps(server)) >= 0.09
    assert {seen.headers["user-agent"] for seen in server.log} == {policy.user_agent}


async def test_rules_hold_for_one_origin_only(server: FaultServer, fetcher: Fetcher) -> None:
    async with FaultServer({"/x": answer()}) as other:
        server.routes |= {"/robots.txt": answer(RULES), "/x": answer()}
        assert (await failure_of(fetcher, server.url("/x"))).code == "robots_denied"
        await page_of(fetcher, other.url("/x"))


async def test_rules_are_kept_for_a_day_and_longer_only_if_the_server_fails(
    server: FaultServer, once: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.routes |= {"/robots.txt": in_turn(answer(RULES), answer(status=503), answer(b"")), "/x": answer()}
    loop = asyncio.get_running_loop()
    real = loop.time
    codes = []
    for hours in (0, 3, 25, 50):
        monkeypatch.setattr(loop, "time", lambda hours=hours: real() + hours * 3_600)
        try:
            await page_of(once, server.url("/x"))
            codes.append("fetched")
        except FetchError as error:
            codes.append(error.code)
    monkeypatch.undo()
    assert codes == ["robots_denied", "robots_denied", "robots_denied", "fetched"]
    assert [seen.path for seen in server.log] == ["/robots.txt"] * 3 + ["/x"]


async def test_more_than_five_redirects_of_robots_txt_allow_everything(server: FaultServer, fetcher: Fetcher) -> None:
    server.routes |= robots_route({"redirects": 6, "status": 200, "body": RULES.decode()}, "")
    await page_of(fetcher, server.url("/x"))


async def test_of_a_huge_robots_txt_the_beginning_is_read(server: FaultServer, fetcher: Fetcher) -> None:
    server.routes |= {"/robots.txt": drip(OK_HEAD + b"\r\n" + RULES, b"Disallow: /y\n" * 1_000), "/x": answer()}
    assert (await failure_of(fetcher, server.url("/x"))).code == "robots_denied"
