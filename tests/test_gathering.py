"""What waits is sent on together: as soon as it is enough, and otherwise in time."""

import asyncio
from pathlib import Path

from test_store_samples import NOW, article_of, link_of, page_of, url_of

from scraper.pipeline.gathering import Gathering
from scraper.pipeline.writer import Writer
from scraper.store import Store

NEVER_S = 3_600.0


async def test_enough_is_sent_at_once_and_less_waits() -> None:
    sent: list[None] = []
    gathering = Gathering(lambda: sent.append(None), enough=3, seconds=NEVER_S)
    assert [gathering.is_done(waiting) for waiting in (1, 2, 3, 1)] == [False, False, True, False]
    gathering.stop()
    assert sent == []


async def test_what_is_not_enough_is_sent_in_time() -> None:
    over = asyncio.Event()
    gathering = Gathering(over.set, enough=3, seconds=0.01)
    assert not gathering.is_done(1)
    await over.wait()
    assert gathering.is_done(1)
    assert not gathering.is_done(1), "and the next begins anew"
    gathering.stop()


async def test_pages_wait_for_each_other_and_whoever_is_in_a_hurry_takes_them_along(database: Path) -> None:
    async with Writer(database) as writer:
        writer._gathering = Gathering(writer._send, enough=4, seconds=NEVER_S)
        run = await writer.do(Store.begin_run, "run", started_at=NOW)

        def stored(topic: str) -> "asyncio.Task[object]":
            page = (link_of(url_of(topic)), page_of(url_of(topic)), article_of(topic))
            return asyncio.ensure_future(writer.do_with_others(Store.record_article, run, *page))

        first = stored("ferry")
        await asyncio.sleep(0)
        assert not first.done()
        assert await writer.do(Store.stats)
        assert first.done(), "it went with the question"
        await asyncio.gather(*map(stored, ("bridge", "school", "budget", "market")))
