"""Does nothing that a page tries in the browser reach an address that the guard would refuse? Canaries on loopback must see nobody.

Loopback stands for every forbidden address, so that no packet leaves this machine if a wall falls. Asked of the browser as it is started
everywhere, and of one whose kernel grants it no network namespace, where flags alone hold.
"""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from fetching import names
from newsroom import Answer, newsroom
from rendering import BOUNDS, POLICY, needs_browser, page, rendering

from scraper.fetch import chromium
from scraper.fetch.parts import CONTENT_POLICY

PUBLIC = replace(POLICY, allow_private=False, timeout_s=12.0)
DOORS = (
    (socket.AF_INET, socket.SOCK_STREAM, "127.0.0.1"),
    (socket.AF_INET, socket.SOCK_DGRAM, "127.0.0.1"),
    (socket.AF_INET6, socket.SOCK_STREAM, "::1"),
)
TRIES = (Path(__file__).parent / "walls.html").read_text(encoding="utf-8")


@dataclass
class Canary:
    """A port of loopback, TCP over IPv4 and IPv6 and UDP, where nobody must call."""

    port: int = 0
    calls: list[tuple[str, bytes]] = field(default_factory=list)


@contextmanager
def canary() -> Iterator[Canary]:
    found, closed = Canary(), threading.Event()
    with ExitStack() as stack:
        doors = []
        for family, kind, host in DOORS:
            door = stack.enter_context(socket.socket(family, kind))
            door.settimeout(0.05)
            door.bind((host, found.port))
            found.port = door.getsockname()[1]
            if kind == socket.SOCK_STREAM:
                door.listen()
            doors.append(door)
        threads = [threading.Thread(target=_watch, args=(door, found, closed)) for door in doors]
        for thread in threads:
            thread.start()
        try:
            yield found
        finally:
            closed.set()
            for thread in threads:
                thread.join()


def _watch(door: socket.socket, found: Canary, closed: threading.Event) -> None:
    while not closed.is_set():
        try:
            if door.type == socket.SOCK_DGRAM:
                found.calls.append(("udp", door.recv(100)))
            else:
                with door.accept()[0] as caller:
                    caller.settimeout(1.0)
                    found.calls.append(("tcp", caller.recv(100)))
        except TimeoutError:
            continue
        except OSError:
            found.calls.append(("tcp", b"reset"))


@pytest.fixture(params=["alone", "by flags"])
def walls(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "by flags":
        monkeypatch.setattr(chromium, "CAGE", chromium.CAGE.replace("unshare", "false"))
    return str(request.param)


@needs_browser
@pytest.mark.parametrize("policy", [CONTENT_POLICY, "default-src * 'unsafe-inline' 'unsafe-eval' data: blob:"], ids=["our CSP", "no CSP"])
async def test_nothing_that_a_page_tries_reaches_loopback(walls: str, policy: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("scraper.fetch.parts.CONTENT_POLICY", policy)
    opened = _openers(tmp_path, monkeypatch)
    table = {"page.example": ["203.0.113.9"], "rebound.example": ["127.0.0.1"], "127.0.0.1.nip.example": ["127.0.0.1"]}
    with canary() as bird:
        html = TRIES.replace("@PLACE@", f"127.0.0.1:{bird.port}").replace("@PORT@", str(bird.port))
        async with rendering(replace(BOUNDS, parts=1_000, quiet_s=2.0), surroundings=names(table)) as (_, browser):
            rendered = await browser.rendered(page("https://page.example/story", html), PUBLIC)
            await asyncio.sleep(0.5)
        assert bird.calls == []
    assert b"The words of the page" in rendered.content
    assert b'data-tried="' in rendered.content
    assert not opened.exists()


def _openers(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put programs on PATH that say when they are called to open something."""
    opened = folder / "opened"
    for name in ("xdg-open", "xdg-email", "gio", "kde-open", "gnome-open", "x-www-browser", "sensible-browser"):
        (folder / name).write_text(f'#!/bin/sh\necho "$0 $@" >> {opened}\n')
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    return opened


@needs_browser
async def test_a_part_that_redirects_to_a_forbidden_address_is_refused() -> None:
    with newsroom() as room:
        for path, place in (
            ("/meta", "http://169.254.169.254/latest/meta-data/"),
            ("/file", "file:///etc/passwd"),
            ("/odd", "http://2852039166/"),
        ):
            room.answers[path] = Answer(status=302, headers={"Location": place})
        room.answers["/near"] = Answer(status=302, headers={"Location": "/data"})
        room.answers["/data"] = Answer(b"told", type="text/plain")
        html = """<script>for (const path of ['/meta', '/file', '/odd', '/near'])
          fetch(path).then(answer => answer.text()).then(
            text => document.body.append(path + ' said ' + text), () => document.body.append(path + ' failed'));
        </script>"""
        async with rendering() as (_, browser):
            rendered = await browser.rendered(page(room.origin + "/a", f"<body>{html}"), POLICY)
        text = rendered.content.decode()
        assert [f"{path} failed" in text for path in ("/meta", "/file", "/odd", "/near")] == [True, True, True, False]
        assert "/near said told" in text
