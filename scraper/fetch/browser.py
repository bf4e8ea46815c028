"""What does a page hold once its scripts have run? A fetched page goes through a browser, and comes back as the document it has become.

Home of playwright, an optional extra that is imported with the first page. How the browser is kept from the network is `chromium`'s
question, what it is given instead that of `parts`, and how one page is read that of `tab`. Here: one browser a run, started when it is
needed, started anew when it dies, and ended with the run whatever happens.
"""

import asyncio
import os
import signal
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from scraper.errors import RenderError
from scraper.fetch.chromium import FLAGS, caged, program, wants_sandbox
from scraper.fetch.fetcher import Fetcher
from scraper.fetch.parts import Bounds, Parts, Shelf
from scraper.fetch.tab import BrowserHangs, document_in
from scraper.records import RENDERED, Page, Policy

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import CDPSession, Playwright

__all__ = ["Browser"]

PAGES_AT_ONCE: Final = 2  # each is a process that is busy for seconds
START_S: Final = 30.0
CLOSE_S: Final = 3.0
ALIVE_S: Final = 2.0  # to answer "which version are you?"
DRIVER_DIED: Final = "Connection closed while reading from the driver"  # in Playwright's words
UTF8: Final = ("content-type", "text/html; charset=utf-8")
# What was said of the bytes that came and is not true of the rendered document. Asked with the shell's validators, a server would say "not
# modified" of a story that has been.
UNTRUE: Final = frozenset({"content-encoding", "content-length", "content-type", "etag", "last-modified", "transfer-encoding"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A browser that was started: a line to ask it things, its process group, and what is to be undone after it."""

    playwright: "Playwright"
    chromium: "Chromium"
    line: "CDPSession"
    group: int
    cage: ExitStack


class BrowserLost(Exception):  # noqa: N818 - it says what happened
    """The browser died under a page, perhaps another's."""


class Browser:
    """Renders pages; an async context manager, made once a run. `fetcher` loads what they need."""

    def __init__(self, fetcher: Fetcher, *, bounds: Bounds | None = None) -> None:
        self._fetcher = fetcher
        self._bounds = bounds or Bounds()
        self._shelf = Shelf()
        self._room = asyncio.Semaphore(PAGES_AT_ONCE)
        self._starting = asyncio.Lock()
        self._running: Running | None = None
        self._missing: RenderError | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._running is not None:
            await self._end(self._running)

    async def rendered(self, page: Page, policy: Policy) -> Page:
        """Run a page's scripts and give the page as it is then, in UTF-8; at most `policy.timeout_s` is spent on it.

        Raises RenderError: `no_browser`, `render_timeout`, `render_failed`, `render_too_large`. A page whose browser dies is tried once
        more, in a new one, since another page may have killed it.
        """
        async with self._room:
            try:
                document = await self._tried(page, policy)
            except BrowserLost:
                try:
                    document = await self._tried(page, policy)
                except BrowserLost as error:
                    raise RenderError(f"{page.url} cost two browsers: {error}", code="render_failed", url=page.url) from error
        content = document.encode("utf-8", "replace")
        if len(content) > policy.max_bytes:
            raise _too_large(page, policy)
        return replace(page, content=content, headers=(*_still_true(page), UTF8), rendering=RENDERED)

    async def _tried(self, page: Page, policy: Policy) -> str:
        running = await self._started(page.url)
        from playwright.async_api import Error

        parts = Parts(self._fetcher, page, policy, bounds=self._bounds, shelf=self._shelf)
        try:
            async with asyncio.timeout(policy.timeout_s):
                document = await document_in(running.chromium, page.url, parts, policy, self._bounds)
        except TimeoutError as error:
            if not await _is_alive(running):  # a page that floods the line with requests leaves no room on it for the next page's
                await self._end(running)
            message = f"{page.url} was still busy with its scripts after {policy.timeout_s:g} s"
            raise RenderError(message, code="render_timeout", url=page.url) from error
        except BrowserHangs as error:
            await self._end(running)
            raise RenderError(f"{page.url} brought the browser to a halt", code="render_timeout", url=page.url) from error
        except Error as error:
            if not await _is_alive(running):
                await self._end(running)
                raise BrowserLost(_first_line(error)) from error
            raise RenderError(f"{page.url} cannot be rendered: {_first_line(error)}", code="render_failed", url=page.url) from error
        if document is None:
            raise _too_large(page, policy)
        return document

    async def _started(self, url: str) -> Running:
        """Give the browser, and start one if there is none; one that cannot be started is not tried again in this run."""
        async with self._starting:
            if self._missing is not None:
                raise RenderError(self._missing.message, code=self._missing.code, url=url)
            if self._running is None:
                try:
                    self._running = await _start(self._bounds.memory_bytes)
                except RenderError as error:
                    self._missing = error
                    raise RenderError(error.message, code=error.code, url=url) from error
            return self._running

    async def _end(self, running: Running) -> None:
        """End a browser; one that does not go by itself is killed with all its processes."""
        if self._running is not running:
            return  # another page's task has seen it first
        self._running = None
        from playwright.async_api import Error

        try:
            async with asyncio.timeout(CLOSE_S):
                await running.chromium.close()
        except (Error, TimeoutError):
            _kill(running.group)
        finally:
            with suppress(Error, TimeoutError):
                async with asyncio.timeout(CLOSE_S):
                    await running.playwright.stop()
            running.cage.close()


async def _start(memory_bytes: int) -> Running:
    """Start a browser in its cage. Raises RenderError `no_browser`."""
    path = program()
    try:
        from playwright.async_api import Error, async_playwright
    except ImportError as error:
        raise RenderError("pages cannot be rendered without Playwright: pip install 'scraper[render]'", code="no_browser") from error
    with ExitStack() as undone_if_it_fails:
        cage, environment = undone_if_it_fails.enter_context(caged(path, memory_bytes=memory_bytes))
        _hush_a_dead_driver(asyncio.get_running_loop())
        playwright = await async_playwright().start()
        try:
            chromium = await playwright.chromium.launch(
                executable_path=cage, args=list(FLAGS), env=dict(environment), chromium_sandbox=wants_sandbox(), timeout=START_S * 1000
            )
            line = await chromium.new_browser_cdp_session()
            processes = (await line.send("SystemInfo.getProcessInfo"))["processInfo"]
        except Error as error:
            await playwright.stop()
            raise RenderError(f"pages cannot be rendered, {path} does not start: {_first_line(error)}", code="no_browser") from error
        except BaseException:
            await playwright.stop()
            raise
        group = next(os.getpgid(process["id"]) for process in processes if process["type"] == "browser")
        return Running(playwright=playwright, chromium=chromium, line=line, group=group, cage=undone_if_it_fails.pop_all())


def _hush_a_dead_driver(loop: asyncio.AbstractEventLoop) -> None:
    """Say nothing of requests that Playwright's driver did not live to answer.

    Ctrl-C reaches the driver as it reaches us, and Playwright leaves what it was asked to asyncio, which prints it long after the end.
    """

    def handle(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if DRIVER_DIED not in str(context.get("exception")):
            loop.default_exception_handler(context)

    loop.set_exception_handler(handle)


async def _is_alive(running: Running) -> bool:
    from playwright.async_api import Error

    try:
        async with asyncio.timeout(ALIVE_S):
            await running.line.send("Browser.getVersion")
    except (Error, TimeoutError):
        return False
    return True


def _kill(group: int) -> None:
    """Kill a browser's processes. Playwright gives each a process group of its own; ours is none to be killed."""
    if group != os.getpgrp():
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)


def _still_true(page: Page) -> list[tuple[str, str]]:
    return [(name, value) for name, value in page.headers if name.lower() not in UNTRUE]


def _too_large(page: Page, policy: Policy) -> RenderError:
    return RenderError(f"{page.url} grew beyond {policy.max_bytes:,} bytes when rendered", code="render_too_large", url=page.url)


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)[:200]
