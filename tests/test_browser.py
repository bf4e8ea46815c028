"""What comes back from a browser, what does it cost the site, and what does a page that misbehaves cost the others? In a real Chromium."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from newsroom import Answer, Newsroom, newsroom, wait_until
from rendering import BOUNDS, POLICY, environment_in, needs_browser, page, publish, rendering

from scraper import extract
from scraper.errors import RenderError
from scraper.fetch.browser import Browser
from scraper.fetch.chromium import SETTING
from scraper.records import Policy

HASTY = replace(POLICY, timeout_s=8.0)
PLAIN = "<p>It is said in plain words.</p>"


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with newsroom() as room:
        yield room


async def failure_of(browser: Browser, url: str, html: str, policy: Policy = HASTY) -> RenderError:
    with pytest.raises(RenderError) as caught:
        await browser.rendered(page(url, html), policy)
    return caught.value


@needs_browser
async def test_a_shell_comes_back_with_the_story_that_its_script_fetched(room: Newsroom) -> None:
    url = publish(room, "/wall")
    async with rendering() as (fetcher, browser):
        fetched = await fetcher.get(url, policy=POLICY)
        assert extract(fetched.content, url).verdict == "js_shell"  # type: ignore[union-attr]
        rendered = await browser.rendered(fetched, POLICY)  # type: ignore[arg-type]
    article = extract(rendered.content, url, headers=rendered.headers)
    assert (article.verdict, article.headline) == ("article", "Sea wall of Orrin to rise by two metres")
    assert (rendered.url, rendered.rendering) == (url, "rendered")
    assert {headers["user-agent"] for _, headers in room.requests} == {POLICY.user_agent}


@needs_browser
async def test_what_custom_elements_show_is_written_where_it_is_seen(room: Newsroom) -> None:
    html = """<news-story><p>Second.</p><p slot=top>First.</p></news-story>
    <script>customElements.define('news-story', class extends HTMLElement {
      constructor() {
        super();
        this.attachShadow({mode: 'open'}).innerHTML = '<h1>Zeroth.</h1><slot name=top></slot><slot></slot><p>Third.</p>';
      }
    })</script>"""
    async with rendering() as (_, browser):
        rendered = await browser.rendered(page(room.origin + "/a", html), POLICY)
    shown = re.sub("</?slot[^>]*>", "", rendered.content.decode().partition("<script>")[0]).strip()
    assert shown.endswith('<news-story><h1>Zeroth.</h1><p slot="top">First.</p><p>Second.</p><p>Third.</p></news-story>')


@needs_browser
async def test_a_script_is_asked_for_once_a_run_and_data_each_time(room: Newsroom) -> None:
    urls = [publish(room, f"/wall-{number}") for number in range(3)]
    async with rendering() as (_, browser):
        for url in urls:
            await browser.rendered(page(url, room.answers[url.removeprefix(room.origin)].body.decode()), POLICY)
    assert room.asked("/app.js") == 1
    assert [room.asked(f"/api/wall-{number}") for number in range(3)] == [1, 1, 1]


@needs_browser
async def test_only_scripts_and_what_they_get_are_asked_for(room: Newsroom) -> None:
    room.answers["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /closed/", type="text/plain")
    room.answers["/open.json"] = Answer(b"{}", type="application/json")
    html = """<link rel=stylesheet href=/style.css><link rel=preload as=font href=/font crossorigin><img src=/image>
    <video src=/film></video><iframe src=/frame></iframe><script src=/script.js></script><script>
    for (const path of ['/open.json', '/closed/data.json']) fetch(path).catch(error => 0);
    fetch('/sent', {method: 'POST', body: 'x'}).catch(error => 0); navigator.sendBeacon('/beacon', 'x'); new EventSource('/events');
    </script>"""
    async with rendering() as (_, browser):
        await browser.rendered(page(room.origin + "/a", html), POLICY)
    assert sorted(path for path, _ in room.requests) == ["/open.json", "/robots.txt", "/script.js"]


@needs_browser
async def test_parts_of_a_host_come_one_at_a_time_and_no_more_of_them_than_are_allowed(room: Newsroom) -> None:
    for number in range(30):
        room.answers[f"/{number}.js"] = Answer(b"", type="text/javascript")
    html = "".join(f"<script src=/{number}.js></script>" for number in range(30))
    began = time.monotonic()
    async with rendering(replace(BOUNDS, parts=8, pause_s=0.1)) as (_, browser):
        await browser.rendered(page(room.origin + "/a", html), POLICY)
    assert len(room.requests) == 1 + 8  # robots.txt
    assert time.monotonic() - began > 7 * 0.1


@needs_browser
async def test_a_sources_own_headers_go_to_its_own_origin_only(room: Newsroom) -> None:
    policy = replace(POLICY, headers=(("X-Subscription", "secret"),))
    with newsroom() as other:
        html = f"<script src=/mine.js></script><script src={other.origin}/theirs.js></script>"
        async with rendering() as (_, browser):
            await browser.rendered(page(room.origin + "/a", html), policy)
        assert [headers.get("x-subscription") for path, headers in room.requests if path == "/mine.js"] == ["secret"]
        assert [headers.get("x-subscription") for path, headers in other.requests if path == "/theirs.js"] == [None]


@needs_browser
@pytest.mark.parametrize(
    "script",
    [
        "location.href = '/elsewhere'",
        "setTimeout(() => location.replace('/elsewhere'), 100)",
        "document.head.innerHTML += '<meta http-equiv=refresh content=\"0;url=/elsewhere\">'",
        "window.onbeforeunload = () => 'stay'; alert(1); confirm(2); print(); window.open('/elsewhere')",
        "setInterval(() => document.title += '.', 10)",
        "setInterval(() => fetch('/again?' + Math.random()), 50)",
        "Object.defineProperty(document, 'documentElement', {get: () => null}); Element.prototype.toString = () => 'lies'",
    ],
)
async def test_a_restless_page_is_read_as_it_stands(room: Newsroom, script: str) -> None:
    async with rendering() as (_, browser):
        began = time.monotonic()
        rendered = await browser.rendered(page(room.origin + "/a", f"<body>{PLAIN}<script>{script}</script>"), HASTY)
        assert time.monotonic() - began < HASTY.timeout_s + 5.0
    assert PLAIN.encode() in rendered.content
    assert room.asked("/elsewhere") == 0


@needs_browser
async def test_what_a_page_cannot_be_rendered_for_has_a_code_and_costs_no_other_page(room: Newsroom) -> None:
    url = room.origin + "/a"
    bombs = {
        "<script>for (;;);</script>": "render_timeout",
        "<script>for (;;) alert(1)</script>": "render_timeout",
        "<script>const all = []; for (;;) all.push(new Array(1e6).fill(0.5))</script>": "render_failed",
        "<script>document.write('<p>' + 'x'.repeat(2e6))</script>": "render_too_large",
        "<script>location.href = 'about:blank'</script>": "render_failed",
    }
    async with rendering() as (_, browser):
        for html, code in bombs.items():
            error = await failure_of(
                browser,
                url,
                html,
                replace(HASTY, max_bytes=1_000_000, timeout_s=3.0 if "for (;;)" in html and "Array" not in html else 40.0),
            )
            assert (html, error.code, error.url) == (html, code, url)
        assert PLAIN.encode() in (await browser.rendered(page(url, PLAIN), POLICY)).content


@needs_browser
async def test_a_page_that_asks_without_end_comes_to_an_end(room: Newsroom) -> None:
    html = "<script>setInterval(() => { for (let n = 0; n < 100; n++) fetch('/x').catch(() => 0); }, 1)</script>"
    began = time.monotonic()
    async with rendering() as (_, browser):
        error = await failure_of(browser, room.origin + "/a", html)
        assert error.code in {"render_failed", "render_timeout"}  # whichever comes first on this machine: too many, or too late
        assert time.monotonic() - began < HASTY.timeout_s + 30.0
        assert PLAIN.encode() in (await browser.rendered(page(room.origin + "/a", PLAIN), POLICY)).content
    assert len(room.requests) <= 1 + 2 * BOUNDS.parts  # twice, if it cost a browser


@needs_browser
async def test_a_page_whose_browser_is_killed_is_rendered_in_another(room: Newsroom) -> None:
    url = publish(room, "/wall")
    room.answers["/api/wall"].wait_s = 1.0
    async with rendering() as (_, browser):
        await browser.rendered(page(url, PLAIN), POLICY)
        first = browser._running
        assert first is not None
        shell = page(url, room.answers["/wall"].body.decode())
        rendering_it = asyncio.ensure_future(browser.rendered(shell, POLICY))
        await asyncio.to_thread(wait_until, lambda: room.asked("/api/wall") == 1)
        os.killpg(first.group, signal.SIGKILL)
        rendered = await rendering_it
        assert browser._running is not first
    assert b"Engineers told the meeting" in rendered.content
    assert room.asked("/api/wall") == 2


@needs_browser
async def test_a_driver_that_dies_is_started_anew(room: Newsroom) -> None:
    async with rendering() as (_, browser):
        await browser.rendered(page(room.origin + "/a", PLAIN), POLICY)
        assert browser._running is not None
        os.kill(_parent_of(browser._running.group), signal.SIGKILL)
        assert PLAIN.encode() in (await browser.rendered(page(room.origin + "/a", PLAIN), POLICY)).content


def _parent_of(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


async def test_a_machine_without_a_browser_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.delenv(SETTING, raising=False)
    async with rendering() as (_, browser):
        error = await failure_of(browser, "https://page.example/", PLAIN)
        assert (error.code, "apt-get install chromium" in error.message) == ("no_browser", True)
    monkeypatch.setenv(SETTING, "/nonexistent/browser")
    async with rendering() as (_, browser):
        error = await failure_of(browser, "https://page.example/", PLAIN)
        assert (error.code, "/nonexistent/browser" in error.message) == ("no_browser", True)


async def test_without_playwright_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, sys.executable)
    monkeypatch.setitem(sys.modules, "playwright.async_api", None)
    async with rendering() as (_, browser):
        error = await failure_of(browser, "https://page.example/", PLAIN)
    assert (error.code, "scraper[render]" in error.message) == ("no_browser", True)


@needs_browser
async def test_a_program_that_is_no_browser_is_not_started_twice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    started = tmp_path / "started"
    program = tmp_path / "browser"
    program.write_text(f"#!/bin/sh\necho >> {started}\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv(SETTING, str(program))
    async with rendering() as (_, browser):
        for _ in range(2):
            assert (await failure_of(browser, "https://page.example/", PLAIN)).code == "no_browser"
    assert len(started.read_text().splitlines()) == 1


LONELY = """
import asyncio, sys
sys.path[:0] = [{tests!r}]
from rendering import POLICY, page, rendering

async def main():
    async with rendering() as (_, browser):
        waiting = asyncio.ensure_future(browser.rendered(page("http://127.0.0.1:1/", "<script>for (;;);</script>"), POLICY))
        while browser._running is None:
            await asyncio.sleep(0.05)
        print(browser._running.group, flush=True)
        await waiting

asyncio.run(main())
"""


@needs_browser
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_nothing_is_left_of_a_browser_whose_program_is_killed(number: signal.Signals, tmp_path: Path) -> None:
    lonely = LONELY.format(tests=str(Path(__file__).parent))
    environment = environment_in(tmp_path)
    command = [sys.executable, "-c", lonely]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=2, text=True, env=environment, start_new_session=True) as process:
        assert process.stdout is not None
        group = int(process.stdout.readline())
        time.sleep(1.0)
        if number == signal.SIGKILL:
            process.kill()
        else:  # as a terminal does
            os.killpg(process.pid, number)
        wait_until(lambda: not _alive(group))
        process.wait()
    wait_until(lambda: not [*tmp_path.glob("scraper-browser-*"), *tmp_path.glob("playwright*profile*")])


def _alive(group: int) -> bool:
    with suppress(ProcessLookupError):
        os.killpg(group, 0)
        return True
    return False
