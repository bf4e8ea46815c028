"""What the tests of the fetcher share: fetchers that are in a hurry, a name service of our own, and the two outcomes of a fetch."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from scraper.errors import FetchError
from scraper.fetch import Fetcher, Patience, Surroundings
from scraper.records import Page, Policy

NOW = datetime(2026, 1, 5, 16, 50, tzinfo=UTC)
POLICY = Policy(allow_private=True, delay_s=0.0, timeout_s=2.0, user_agent="TestBot/1.0 (+https://example.org/bot)")
HASTY = Policy(allow_private=True, delay_s=0.0, timeout_s=0.3)
ONCE = Patience(tries=1, first_wait_s=0.01, jitter_s=0.0)
STORY = b"<html><p>The harbour wall is to be raised.</p></html>"
OK_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def fetcher_with(**options: Any) -> Fetcher:
    usual: dict[str, Any] = {"now": lambda: NOW, "patience": Patience(tries=3, first_wait_s=0.01, max_wait_s=0.05, jitter_s=0.0)}
    return Fetcher(**usual | options)


def names(table: Mapping[str, Sequence[str]]) -> Surroundings:
    """A name service that knows these names, and literal addresses."""

    async def resolve(host: str, _port: int) -> tuple[str, ...]:
        if host[0].isdigit():
            return (host,)
        if host not in table:
            raise OSError(-2, "Name or service not known")
        return tuple(table[host])

    return Surroundings(resolve=resolve)


async def page_of(fetcher: Fetcher, url: str, policy: Policy = POLICY, **options: Any) -> Page:
    page = await fetcher.get(url, policy=policy, **options)
    assert isinstance(page, Page)
    return page


async def failure_of(fetcher: Fetcher, url: str, policy: Policy = POLICY, **options: Any) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await fetcher.get(url, policy=policy, **options)
    return caught.value
