"""How is the operator's own address told something? One request, by the same guard as every other, without robots.txt, turns or redirects.

Home of what is sent rather than fetched: heartbeats and webhooks, whose addresses stand in sources.yaml.
"""

import asyncio
from contextlib import aclosing

from scraper.errors import BadStatus, NetworkError
from scraper.fetch import guard
from scraper.fetch.addresses import Addresses
from scraper.fetch.body import Limit
from scraper.fetch.client import Connections, Question, secure_context
from scraper.fetch.patience import Patience

__all__ = ["send"]

GOOD, SERVER_ERRORS = range(200, 300), range(500, 600)
PATIENCE = Patience(tries=3, first_wait_s=0.5, jitter_s=0.0)
TRY_S = 5.0
ALL_S = 10.0  # a run has ended meanwhile, and its deadline may have come
ANSWER = Limit(max_bytes=65_536, excess="cut")  # nobody reads it


async def send(url: str, *, content: bytes | None = None, user_agent: str, allow_private: bool = False) -> None:
    """Ask for a URL, or post JSON to it: three times at most, ten seconds in all. Raises FetchError unless a try is answered well."""
    target = guard.target(url, allow_private=allow_private)
    headers = [("host", target.authority), ("user-agent", user_agent), ("accept", "*/*")]
    if content is not None:
        headers += [("content-type", "application/json"), ("content-length", str(len(content)))]

    async def attempt() -> None:
        addresses = guard.checked(target.url, await Addresses().of(target, timeout_s=TRY_S), allow_private=allow_private)
        question = Question(target=target, addresses=addresses, headers=headers, timeout_s=TRY_S, limit=ANSWER, content=content)
        answer = await connections.ask(question, lambda: None)
        if answer.status not in GOOD:
            code, helps = f"http_{answer.status}", answer.status in SERVER_ERRORS
            raise BadStatus(f"{url} answered {answer.status}", code=code, url=url, retryable=helps)

    try:
        async with asyncio.timeout(ALL_S), aclosing(Connections(secure_context())) as connections:
            await PATIENCE.retrying()(attempt)
    except TimeoutError as error:
        raise NetworkError(f"{url} took more than {ALL_S:g} s", code="timeout", url=url, retryable=True) from error
