"""A process in which everything is loaded already, and which forks one crawl after another and kills each at the moment it is told.

    python nursery.py DATABASE ORIGIN

A line on standard input is `SECONDS BYTES`: how long the crawl may live and how large its files may grow, 0 for no limit. The answer is a
line with how it ended, as `os.waitpid` has it. Extraction is done in the crawl's own process, so that it takes a fraction of a second.
"""

import asyncio
import logging
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scraper import extract
from scraper.errors import StoreError
from scraper.fetch import Patience
from scraper.pipeline import crawl as crawling
from scraper.pipeline.conduct import Conduct
from scraper.pipeline.exit_codes import exit_code_of
from scraper.pipeline.workers import Workers
from scraper.records import ArchiveSettings, Policy, Source


class Here(Workers):
    async def run(self, function: Callable[..., Any], *args: object, url: str | None = None) -> Any:
        await asyncio.sleep(0)
        return function(*args)


def crawl(db: Path, origin: str) -> int:
    policy = Policy(delay_s=0.0, timeout_s=20.0, allow_private=True)
    sources = [
        Source(id=name, name=name, domain="127.0.0.1", policy=policy, feeds=(f"{origin}/{name}.xml",), max_items=1_000)
        for name in ("coast", "hills")
    ]
    conduct = Conduct(patience=Patience(tries=1), archive=ArchiveSettings())
    try:
        summary = asyncio.run(
            crawling.crawl(sources, db=db, now=lambda: datetime.now(UTC), log=logging.getLogger("nursery"), conduct=conduct)
        )
    except StoreError as error:
        return exit_code_of(error)
    return summary.exit_code


def ended(db: Path, origin: str, seconds: float, max_bytes: int) -> int:
    child = os.fork()
    if child == 0:
        if max_bytes:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (max_bytes, max_bytes))
        os._exit(crawl(db, origin))
    if seconds:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def say(answer: object) -> None:
    sys.stdout.write(f"{answer}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    vars(crawling)["Workers"] = Here
    logging.disable()
    extract("<html lang=en><article><h1>The wall</h1><p>The wall of the harbour is to be raised by two metres.</p></article></html>")
    say("ready")
    for line in sys.stdin:
        moment, limit = line.split()
        say(ended(Path(sys.argv[1]), sys.argv[2], float(moment), int(limit)))
