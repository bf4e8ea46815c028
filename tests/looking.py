"""What the tests of the page of plots share: a database with something to see, and the real command that serves it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from random import Random

import pytest
from test_store_samples import HARBOUR, NOW, QUIET, SITE, VALLEY, article_of, fill, link_of, page_of

from scraper.records import Link, Source
from scraper.store import Store

MISSING = [name for name in ("datasette", "jinja2", "uvicorn", "vl_convert") if find_spec(name) is None]
needs_look = pytest.mark.skipif(bool(MISSING), reason=f"{', '.join(MISSING)} not installed")

SYLLABLES = "ka le mi no ru sta ven tor pli gra sho bel".split()
HOSTILE = "<script>alert(1)</script>\u202e \"quoted\" & 'so'"


def fill_richly(path: Path, days: int = 40) -> None:
    """Fill a database as weeks of runs would: two sources, one of which nobody looks at for a week; then as `fill` does."""
    with Store.open(path) as store:
        store.remember_sources((HARBOUR, VALLEY, QUIET), NOW)
        for day in range(days, 0, -1):
            at = NOW - timedelta(days=day)
            run = store.begin_run("run", started_at=at)
            for source in (HARBOUR, VALLEY):
                if source is VALLEY and 10 <= day < 17:
                    continue
                site = SITE if source is HARBOUR else "https://valley.example"
                links = [link_of(f"{site}/{day}/{number}", source=source, published=at) for number in range(1 + day % 3)]
                store.record_listing(run, source.id, source.feeds[0], "feed", page_of(source.feeds[0], at=at), links)
                for link in links:
                    _publish(store, run, link, source, day)
            store.finish_run(run, finished_at=at + timedelta(minutes=1), status="ok", exit_code=0)
    fill(path)


def _publish(store: Store, run: int, link: Link, source: Source, day: int) -> None:
    topic = f"{source.id} matter {day} {link.url[-1]}"
    more = {"headline": HOSTILE, "authors": (HOSTILE,), "tags": (HOSTILE,)} if day % 20 == 0 else {}
    assert link.published is not None
    article = article_of(topic, body=_body(topic), published=link.published, **more)
    store.record_article(run, link, page_of(link.url, at=link.published), article)


def _body(topic: str) -> str:
    """Write a text that no other topic shares three words in a row with, most likely."""
    chance = Random(topic)
    return " ".join("".join(chance.choices(SYLLABLES, k=3)) for _ in range(60)).capitalize() + "."


@dataclass
class Served:
    """A running `scraper serve`: where it answers, and what it said."""

    url: str
    process: "subprocess.Popen[str]"
    said: list[str] = field(default_factory=list)

    def end(self, number: signal.Signals = signal.SIGINT) -> tuple[int, str]:
        """Send a signal; give the exit code and what was said after the address."""
        self.process.send_signal(number)
        _, rest = self.process.communicate(timeout=60)
        return self.process.returncode, rest


@contextmanager
def served(db: Path, *more: str) -> Iterator[Served]:
    """Start the real command on any free port, and wait until it says where it answers."""
    command = [sys.executable, "-m", "scraper", "serve", "--db", str(db), "--port", "0", *more]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=pipe, text=True, env=environment()) as process:
        try:
            assert process.stderr is not None
            said: list[str] = []
            for line in process.stderr:
                said.append(line)
                if address := re.search(r"http://\S+/", line):
                    yield Served(address[0], process, said)
                    return
            pytest.fail(f"scraper serve said no address: {said}")
        finally:
            process.kill()


def environment() -> dict[str, str]:
    """Give the environment in which a command is that of this tree."""
    path = os.pathsep.join(filter(None, (str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH"))))
    return os.environ | {"PYTHONPATH": path}
