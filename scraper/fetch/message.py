"""How is the operator's own address told something? One request, by the same guard as every other, without robots.txt, turns or redirects.

Home of what is sent rather than fetched: heartbeats and webhooks, whose addresses stand in sources.yaml.
"""

import asyncio

import tenacity

from scraper.errors import BadStatus, FetchError, NetworkError
from scraper.fetch import guard
from scraper.fetch.addresses import Addresses
from scraper.fetch.body import Limit
from scraper.fetch.client import Connections, Question, secure_context

__all__ = ["send"]

GOOD, SERVER_ERRORS = range(200, 300), range(500, 600)
TRIES = 3
TRY_S = 5.0
PAUSE_S = 0.5  # before the second try; twice that before the third
ALL_S = 10.0  # a run has ended meanwhile, and its deadline may have come
ANSWER = Limit(max_bytes=65_536, excess="cut")  # nobody reads it


async def send(url: str, *, content: bytes | None = None, user_agent: str, allow_private: bool = False) -> None:
    """Ask for a URL, or post JSON to it: three times at most, ten seconds in all. Raises FetchError unless a try is answered well."""
    tries = tenacity.AsyncRetrying(
        stop=tenacity.stop_after_attempt(TRIES),
        wait=tenacity.wait_exponential(multiplier=PAUSE_S),
        retry=tenacity.retry_if_exception(_helps),
        reraise=True,
    )
    try:
        async with asyncio.timeout(ALL_S):
            await tries(_send, url, content, user_agent, allow_private)
    except TimeoutError as error:
        raise NetworkError(f"{url} took more than {ALL_S:g} s", code="timeout", url=url, retryable=True) from error


def _helps(error: BaseException) -> bool:
    return isinstance(error, FetchError) and error.retryable


async def _send(url: str, content: bytes | None, user_agent: str, allow_private: bool) -> None:
    target = guard.target(url, allow_private=allow_private)
    addresses = guard.checked(target.url, await Addresses().of(target, timeout_s=TRY_S), allow_private=allow_private)
    headers = [("host", target.authority), ("user-agent", user_agent), ("accept", "*/*")]
    if content is not None:
        headers += [("content-type", "application/json"), ("content-length", str(len(content)))]
    question = Question(target=target, addresses=addresses, headers=headers, timeout_s=TRY_S, limit=ANSWER, content=content)
    connections = Connections(secure_context())
    try:
        answer = await connections.ask(question, lambda: None)
    finally:
        await connections.aclose()
    if answer.status not in GOOD:
        raise BadStatus(f"{url} answered {answer.status}", code=f"http_{answer.status}", url=url, retryable=answer.status in SERVER_ERRORS)
