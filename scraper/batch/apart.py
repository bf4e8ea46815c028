"""What does the process do that reads a stretch of an archive, apart from the worker it works for? It gives the rows of its pages.

    python -m scraper.batch     asked on standard input, told on standard output, in pickles of `telling`'s types

A page can cost a C parser minutes and gigabytes, and nothing in Python can interrupt that. So the system is told to end this process when a
page has taken its share of processor time, and to give it no more memory than a worker may use. Who asked (`reader`) starts another, which
goes on behind that page. Nothing here looks at a clock.
"""

import gc
import os
import pickle
import resource
from contextlib import suppress
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from scraper.batch.dataset import Reject, Warc
from scraper.batch.steps import row_of, told
from scraper.batch.telling import Asked, Ended, Failed, Full, Told
from scraper.errors import ScraperError
from scraper.pipeline.boundary import boundary
from scraper.records import Page

__all__ = ["main"]

RESIDENT_BYTES: Final = 200_000_000  # what a process may have grown to when it is replaced
EPOCH: Final = datetime(2026, 1, 6, tzinfo=UTC)
SELDOM: Final = (5_000, 20, 20)  # as in a run
SAMPLE: Final = b"""<html><body><article><h1>The harbour at night</h1><p>By Ann Lee, 5 January 2026</p>%s</article></body></html>""" % (
    b"<p>Two barges came in before the tide turned, and the keeper wrote their names in the book by the door.</p>" * 9
)


def main() -> None:
    """Answer what is asked on standard input until nobody asks any more."""
    asks, tells = Connection(os.dup(0), writable=False), Connection(os.dup(1), readable=False)
    with Path(os.devnull).open("r+b") as nothing:  # what a library prints is no answer
        os.dup2(nothing.fileno(), 0)
        os.dup2(nothing.fileno(), 1)
    _warm_up()
    gc.freeze()  # what is loaded stays, and a page leaves hardly a cycle
    gc.set_threshold(*SELDOM)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while _answer(asks.recv(), tells):
            pass


def _answer(asked: Asked, tells: Connection) -> bool:
    """Tell what was asked for; False when this process has grown too large to go on."""
    _limit_memory(asked.limits.memory_bytes)
    try:
        with boundary(None):
            for answers in told(asked):
                ran_out = any(map(_ran_out, answers))
                if ran_out and len(answers) > 1:
                    return False  # the others may lack what one of them has taken: each is read again by itself
                tells.send_bytes(pickle.dumps(answers, pickle.HIGHEST_PROTOCOL))
                if not isinstance(answers[-1], Ended) and (ran_out or _resident() > RESIDENT_BYTES):
                    tells.send_bytes(pickle.dumps([Full()]))
                    return False
    except ScraperError as error:
        tells.send_bytes(pickle.dumps([Failed(error.message, error.code, error.retryable)]))
    return True


def _ran_out(answer: Told | Ended) -> bool:
    """Tell whether a page took all the memory there was."""
    return isinstance(answer, Told) and isinstance(answer.row, Reject) and answer.row.code == "extract_memory"


def _limit_memory(limit_bytes: int) -> None:
    """Take no more than this of the system, libraries' code left out, where the system can be told so."""
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (limit_bytes, resource.getrlimit(resource.RLIMIT_DATA)[1]))


def _resident() -> int:
    with suppress(OSError):
        return int(Path("/proc/self/statm").read_bytes().split()[1]) * resource.getpagesize()
    return 0


def _warm_up() -> None:
    """Load what reading a page needs, so that no page pays for it."""
    from scraper.extract import extract

    url = "https://harbour.example/night"
    page = Page(url=url, requested_url=url, status=200, headers=(), content=SAMPLE, fetched_at=EPOCH)
    row_of(extract(page.content, page.url, headers=page.headers, fetched_at=page.fetched_at), page, Warc(url, 0), None)
