"""How is one page read in a browser? Opened in a context of its own, waited for until it is quiet, written out, and closed.

What the page says is read from a world that its scripts cannot reach, so nothing they redefine changes what is read.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, TypeVar

from scraper.fetch.parts import Asked, Bounds, Parts
from scraper.records import Policy
from scraper.urls import is_http

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, CDPSession, Request, Route, WebSocketRoute

__all__ = ["BrowserHangs", "document_in"]

T = TypeVar("T")
CLOSE_S: Final = 5.0
LOOK_S: Final = 0.25
MOST_REQUESTS: Final = 1_000  # of one page, refused ones included; a long page with all its images has some hundred
SETTLE_SHARE: Final = 0.7  # of a page's time, after which it is read as it is
STIRRING: Final = 6  # times `quiet_s`: a page that asks for nothing more but keeps changing (a clock, a carousel) is done then
LOOK: Final = """[document.readyState, document.getElementsByTagName('*').length,
  (document.documentElement || {textContent: ''}).textContent.length]"""
# Custom elements are written out as they are seen: with what is in their shadow trees, and their own children where the slots are.
READ: Final = """(() => {
  const inert = document.implementation.createHTMLDocument();
  const seen = node => node.shadowRoot ? node.shadowRoot.childNodes
    : node.localName === 'slot' && node.assignedNodes().length ? node.assignedNodes() : node.childNodes;
  const written = node => {
    const twin = inert.importNode(node, false);
    if (twin.append) for (const child of seen(node)) twin.append(written(child));
    return twin;
  };
  let root = document.documentElement;
  if (Array.from(document.querySelectorAll('*')).some(element => element.shadowRoot))
    try { root = written(root); } catch (nestedTooDeep) { }
  const html = root ? root.outerHTML : '';
  return html.length > %d ? null : (document.doctype ? '<!DOCTYPE html>' : '') + html;
})()"""
# Without a network interface Chromium believes that it is offline, and tells pages that ask.
ONLINE: Final = "Object.defineProperty(Navigator.prototype, 'onLine', {get: () => true})"


class BrowserHangs(Exception):  # noqa: N818 - it says what happened
    """The browser does not even close a page any more."""


async def document_in(browser: "Browser", url: str, parts: Parts, policy: Policy, bounds: Bounds) -> str | None:
    """Open a page, let its scripts run, and give its document as HTML, or None if that is longer than `policy.max_bytes`.

    Raises playwright's Error when the page's process dies or the page goes elsewhere, BrowserHangs, and whatever cancels it.
    """
    from playwright.async_api import Error

    end: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    async with _context(browser, policy) as context, _answered(context, parts, end):
        tab = await context.new_page()
        tab.on("crash", lambda _tab: _note(end, "its process died, as one that takes too much memory does"))
        line = await context.new_cdp_session(tab)

        async def read() -> str | None:
            await tab.goto(url, wait_until="commit", timeout=0)
            world = await _own_world(line)
            await _quiet(line, world, parts, bounds, policy.timeout_s * SETTLE_SHARE)
            found: str | None = await _evaluated(line, world, READ % policy.max_bytes)
            if not is_http(tab.url):  # about:blank and blob: are the only places that a page can go to without asking us
                raise Error(f"it went to {tab.url[:100]}")
            return found

        return await _unless(end, read())


@asynccontextmanager
async def _context(browser: "Browser", policy: Policy) -> AsyncIterator["BrowserContext"]:
    """Lend a context in which nothing is left of other pages. Times that scripts write are those of UTC, whatever machine this is."""
    from playwright.async_api import Error

    context = await browser.new_context(
        user_agent=policy.user_agent, locale="en-US", timezone_id="UTC", service_workers="block", accept_downloads=False
    )
    try:
        await context.add_init_script(ONLINE)
        yield context
    finally:
        try:
            async with asyncio.timeout(CLOSE_S):
                await context.close()
        except TimeoutError as error:
            raise BrowserHangs from error
        except Error:
            pass  # it went with its browser


@asynccontextmanager
async def _answered(context: "BrowserContext", parts: Parts, end: "asyncio.Future[str]") -> AsyncIterator[None]:
    """Answer every request of the context's pages from `parts` while the block lasts. A page that asks without end comes to its `end`."""
    answers: deque[asyncio.Task[None]] = deque()

    async def answered(route: "Route") -> None:
        if len(answers) >= MOST_REQUESTS:
            _note(end, f"it asked for more than {MOST_REQUESTS:,} things")
            raise asyncio.CancelledError
        answer = asyncio.ensure_future(_answer(route, parts))
        answers.append(answer)
        await asyncio.wait({answer})
        if answer.cancelled() or answer.exception():
            raise asyncio.CancelledError  # which playwright takes in silence; what went wrong is raised below

    async def refused(socket: "WebSocketRoute") -> None:
        await socket.close()

    await context.route("**/*", answered)
    await context.route_web_socket("**/*", refused)
    try:
        yield
    finally:
        for answer in answers:
            answer.cancel()
        outcomes = await asyncio.gather(*answers, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, Exception):
            raise outcome


async def _answer(route: "Route", parts: Parts) -> None:
    from playwright.async_api import Error

    request = route.request
    asked = Asked(
        url=request.url, kind=request.resource_type, method=request.method, headers=request.headers, leads_away=_leads_away(request)
    )
    reply = await parts.reply(asked)
    with suppress(Error):  # the page is gone
        if reply is None:
            await route.abort()
        else:
            await route.fulfill(status=reply.status, headers=dict(reply.headers), body=reply.body)


def _leads_away(request: "Request") -> bool:
    from playwright.async_api import Error

    try:
        return request.is_navigation_request() and request.frame.parent_frame is None
    except Error:  # a window that is not open yet
        return True


async def _own_world(line: "CDPSession") -> int:
    """Make a world beside the page's own, which sees the same document through untouched names."""
    tree = await line.send("Page.getFrameTree")
    made = await line.send("Page.createIsolatedWorld", {"frameId": tree["frameTree"]["frame"]["id"], "worldName": "reader"})
    world: int = made["executionContextId"]
    return world


async def _evaluated(line: "CDPSession", world: int, expression: str) -> Any:
    answer = await line.send("Runtime.evaluate", {"expression": expression, "contextId": world, "returnByValue": True})
    return answer["result"].get("value")


async def _quiet(line: "CDPSession", world: int, parts: Parts, bounds: Bounds, most_s: float) -> None:
    """Wait until the page is complete, waits for no answer, and has not changed for `quiet_s`; for `most_s` at most."""
    now = asyncio.get_running_loop().time
    end, before = now() + most_s, None
    asked_at = changed_at = now()
    while now() < end:
        await asyncio.sleep(LOOK_S)
        seen = await _evaluated(line, world, LOOK)
        if parts.pending or parts.asked != (before or (0, None))[0] or seen[0] != "complete":
            asked_at = now()
        if (parts.asked, seen) != before:
            changed_at = now()
        before = (parts.asked, seen)
        calm_s, still_s = now() - asked_at, now() - changed_at
        if min(calm_s, still_s) >= bounds.quiet_s or calm_s >= STIRRING * bounds.quiet_s:
            return


def _note(end: "asyncio.Future[str]", why: str) -> None:
    if not end.done():
        end.set_result(why)


async def _unless(end: "asyncio.Future[str]", reading: Coroutine[Any, Any, T]) -> T:
    """Await `reading`; raise playwright's Error when the page comes to its end before, since what it is asked then is never answered."""
    from playwright.async_api import Error

    task = asyncio.ensure_future(reading)
    try:
        waiting: set[asyncio.Future[Any]] = {task, end}
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise Error(end.result())
        return task.result()
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, Error):
            await task
