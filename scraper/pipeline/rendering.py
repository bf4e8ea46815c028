"""Which pages are rendered, and what is read where that fails? Asked of every fetched page, in runs and one-off scrapes alike.

`always` renders first. `auto` reads the page as it came, and renders it only if that shows a shell which its scripts would have filled. A
page that cannot be rendered is read as it came, and what went wrong goes with it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

from scraper.decode import kind
from scraper.errors import RenderError
from scraper.fetch.browser import Browser
from scraper.records import Page, Policy

__all__ = ["Read", "read_page"]


class Judged(Protocol):
    """What a page was read as."""

    @property
    def verdict(self) -> str:
        """Give what kind of page it is."""


T = TypeVar("T", bound=Judged)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read(Generic[T]):
    """A page as it was read, what was read from it, and why it could not be rendered if it should have been."""

    page: Page
    extracted: T
    failure: RenderError | None = None


async def read_page(page: Page, policy: Policy, *, browser: Browser, extract: Callable[[Page], Awaitable[T]]) -> Read[T]:
    """Extract a page, and render it before if its source wants that or its own content calls for it."""
    if policy.render == "always" and kind(page.content) == "html":
        page, failure = await _rendered(page, policy, browser)
        return Read(page=page, extracted=await extract(page), failure=failure)
    extracted = await extract(page)
    if policy.render == "never" or extracted.verdict != "js_shell":
        return Read(page=page, extracted=extracted)
    page, failure = await _rendered(page, policy, browser)
    return Read(page=page, extracted=extracted if failure else await extract(page), failure=failure)


async def _rendered(page: Page, policy: Policy, browser: Browser) -> tuple[Page, RenderError | None]:
    try:
        return await browser.rendered(page, policy), None
    except RenderError as error:
        return replace(page, rendering=error.code), error
