"""What the tests of rendered pages share: whether there is a browser at all, a shell whose story its script fetches, and the tools."""

import json
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from fetching import NOW, ONCE, fetcher_with
from newsroom import Answer, Newsroom

from scraper.fetch import Fetcher
from scraper.fetch.browser import Browser
from scraper.fetch.chromium import NAMES
from scraper.fetch.parts import Bounds
from scraper.records import Page, Policy

MISSING = "no Playwright" if find_spec("playwright") is None else "" if any(map(shutil.which, NAMES)) else "no Chromium"
needs_browser = pytest.mark.skipif(bool(MISSING), reason=f"{MISSING} on this machine")

POLICY = Policy(allow_private=True, delay_s=0.0, timeout_s=20.0, user_agent="TestBot/1.0 (+https://example.org/bot)")
BOUNDS = Bounds(pause_s=0.0)
SHELL = """<!doctype html><html lang="en"><head><title>Harbour Post</title><script defer src="/app.js"></script></head>
<body><div id="root"></div><noscript>You need to enable JavaScript to run this app.</noscript></body></html>"""
APP = """fetch('/api' + location.pathname).then(answer => answer.json()).then(story => {
  const article = document.createElement('article');
  for (const [tag, text] of [['h1', story.headline], ...story.paragraphs.map(text => ['p', text])])
    article.appendChild(document.createElement(tag)).textContent = text;
  document.getElementById('root').append(article);
})"""


def publish(room: Newsroom, path: str, place: str = "Orrin") -> str:
    """Publish a shell whose story comes by script, and give its URL."""
    story = {
        "headline": f"Sea wall of {place} to rise by two metres",
        "paragraphs": [
            f"The harbour council of {place} voted on Monday to raise the eastern sea wall by two metres before the winter storms arrive.",
            "Engineers told the meeting that the old wall had been overtopped four times in three years, twice at ordinary high tide.",
            "Fishing crews asked for the work to stop during the herring season; the council promised to keep one slipway open.",
        ],
    }
    room.answers[path] = Answer(SHELL.encode())
    room.answers["/app.js"] = Answer(APP.encode(), type="text/javascript")
    room.answers["/api" + path] = Answer(json.dumps(story).encode(), type="application/json")
    return room.origin + path


def environment_in(folder: Path) -> dict[str, str]:
    """Give the environment for a program of ours that keeps its temporary files in that folder."""
    path = os.pathsep.join(filter(None, (str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH"))))
    return os.environ | {"TMPDIR": str(folder), "PYTHONPATH": path}


def page(url: str, html: str) -> Page:
    """Give a page as the fetcher would."""
    headers = (("content-type", "text/html; charset=utf-8"),)
    return Page(url=url, requested_url=url, status=200, headers=headers, content=html.encode(), fetched_at=NOW)


@asynccontextmanager
async def rendering(bounds: Bounds = BOUNDS, **options: Any) -> AsyncIterator[tuple[Fetcher, Browser]]:
    """Give a fetcher and a browser that renders what it fetched."""
    async with fetcher_with(patience=ONCE, **options) as fetcher, Browser(fetcher, bounds=bounds) as browser:
        yield fetcher, browser
