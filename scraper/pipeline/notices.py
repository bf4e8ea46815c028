"""Who hears of a run that nobody watches? A heartbeat service when it begins and ends, a webhook or a command when something is wrong.

A heartbeat is for what no program can say of itself: that it did not run at all. The service is asked for URL/start when a run begins, for
the URL itself when it has done its work, and for URL/fail when it could not. Webhook and command get one message, as JSON, for all sources
whose state has changed, for better or worse, since the last message that arrived; so each change is told once, and none is lost while the
network is down. None of this ever fails a run: what could not be delivered is said in the log and at the command's end.
"""

import asyncio
import json
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from scraper.errors import FetchError, ScraperError
from scraper.fetch.message import send
from scraper.records import PRODUCT, NoticeSettings
from scraper.store import HealthChange

__all__ = ["Notices", "sources_changed"]

COMMAND_S: Final = 10.0  # for a command to take its message and end


class Notices:
    """The notices of one run. `troubles` holds a sentence for each that could not be delivered."""

    def __init__(self, settings: NoticeSettings) -> None:
        self._settings = settings
        self._start: asyncio.Task[None] | None = None
        self.troubles: list[str] = []

    @property
    def has_listener(self) -> bool:
        """Say whether there is anybody to be told of what is wrong."""
        return bool(self._settings.webhook or self._settings.command)

    def begun(self) -> None:
        """Say that the run begins. The run does not wait for it."""
        if self._settings.heartbeat:
            self._start = asyncio.ensure_future(self._beat("start"))

    async def ended(self) -> None:
        """Say that the run has done its work."""
        await self._beat_at_end(None)

    async def failed(self, error: ScraperError) -> None:
        """Say that the run could not do its work, and why."""
        said = {"event": "run_failed", "code": error.code, "text": f"scraper run failed: {error.message}"}
        await asyncio.gather(self._beat_at_end("fail"), self.tell(said))

    async def tell(self, message: Mapping[str, Any]) -> bool:
        """Hand a message to the webhook and the command, and tell whether it arrived: at all that are set, and at one at least."""
        text = json.dumps(message, ensure_ascii=True).encode()
        ways: list[Awaitable[bool]] = []
        if self._settings.webhook:
            ways.append(self._asked("webhook", self._settings.webhook, text))
        if self._settings.command:
            ways.append(self._run(self._settings.command, text))
        return bool(ways) and all(await asyncio.gather(*ways))

    async def _beat_at_end(self, word: str | None) -> None:
        if self._start is not None:
            await self._start  # a service that hears of the end before the start takes the run for one that goes on
        await self._beat(word)

    async def _beat(self, word: str | None) -> None:
        if self._settings.heartbeat:
            await self._asked("heartbeat", _below(self._settings.heartbeat, word), None)

    async def _asked(self, way: str, url: str, content: bytes | None) -> bool:
        settings = self._settings
        try:
            await send(url, content=content, user_agent=PRODUCT, allow_private=settings.allow_private)
        except FetchError as error:
            # The address is a secret of its own at most services: it is left out.
            self.troubles.append(f"the {way} could not be delivered ({error.code})")
            return False
        return True

    async def _run(self, command: tuple[str, ...], text: bytes) -> bool:
        try:
            process = await asyncio.create_subprocess_exec(
                *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
            )
        except (OSError, ValueError) as error:
            self.troubles.append(f"the command {command[0]} cannot be run: {getattr(error, 'strerror', None) or error}")
            return False
        try:
            _, said = await asyncio.wait_for(process.communicate(text), COMMAND_S)
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            self.troubles.append(f"the command {command[0]} took more than {COMMAND_S:g} s")
            return False
        if process.returncode:
            last = said.decode("utf-8", "replace").strip().splitlines()[-1:]
            self.troubles.append(f"the command {command[0]} ended with {process.returncode}" + "".join(f": {line[:200]}" for line in last))
        return not process.returncode


def sources_changed(run_id: int, changes: Sequence[HealthChange]) -> dict[str, Any]:
    """Make the message that sources are not as they were: the whole of it, and a text for people."""
    text = "\n".join(_sentence(change) for change in changes)
    return {"event": "sources_changed", "run_id": run_id, "text": text, "changes": [change.to_dict() for change in changes]}


def _sentence(change: HealthChange) -> str:
    if change.is_recovery:
        return f"{change.source} is well again"
    since = f" since {change.since:%Y-%m-%d %H:%M} UTC" if change.since else ""
    return f"{change.source} is {change.state.replace('_', ' ')}{since}: {'; '.join(change.evidence)}"


def _below(url: str, word: str | None) -> str:
    """Put a word behind the path of a heartbeat's URL."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{word}")) if word else url
