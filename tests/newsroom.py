"""A news site on loopback whose every answer a test sets, and which remembers what it was asked."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

STORY = """<!doctype html><html lang="en"><head><title>{headline}</title>
<meta property="article:published_time" content="2026-01-05T16:50:00+00:00"><meta property="og:type" content="article"></head>
<body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav><article><h1>{headline}</h1><p class="by">By Edda Marsh</p>
<p>The harbour council of {place} voted on Monday to raise the eastern sea wall by two metres before the winter storms arrive.</p>
<p>Engineers told the meeting in {place} that the old wall had been overtopped four times in three years, twice at ordinary high tide.</p>
<p>Fishing crews of {place} asked for the work to stop during the herring season; the council promised to keep one slipway open.</p>
<p>The cost, put at nine million crowns, will be shared between the town of {place} and the coastal fund over the next eleven years.</p>
</article><footer>All rights reserved</footer></body></html>"""


@dataclass
class Answer:
    """One path's answer. `wait_s` passes before the first byte, unless the server is closed."""

    body: bytes = b""
    status: int = 200
    type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    wait_s: float = 0.0


@dataclass
class Newsroom:
    """The site: its address, its answers by path, the requests it got as (path, headers), and what was posted to it."""

    origin: str
    answers: dict[str, Answer] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    posted: list[tuple[str, bytes]] = field(default_factory=list)
    closed: threading.Event = field(default_factory=threading.Event)

    def story(self, path: str, place: str, **answer: object) -> str:
        """Publish a story and give its URL."""
        page = STORY.format(headline=f"Sea wall of {place} to rise by two metres", place=place)
        self.answers[path] = Answer(page.encode(), **answer)  # type: ignore[arg-type]
        return self.origin + path

    def feed(self, path: str, urls: list[str], **headers: str) -> str:
        """Publish an RSS feed of these URLs and give its own."""
        items = "".join(f"<item><title>Story {number}</title><link>{url}</link></item>" for number, url in enumerate(urls))
        body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{items}</channel></rss>'
        self.answers[path] = Answer(body.encode(), type="application/rss+xml", headers=headers)
        return self.origin + path

    def asked(self, path: str) -> int:
        """Count the requests for a path."""
        return sum(1 for seen, _ in self.requests if seen == path)


@contextmanager
def newsroom() -> Iterator[Newsroom]:
    """Serve a newsroom on a free port of loopback."""
    server = _Server(("127.0.0.1", 0), _Handler)
    room = Newsroom(f"http://127.0.0.1:{server.server_address[1]}")
    server.room = room  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield room
    finally:
        room.closed.set()
        server.shutdown()
        server.server_close()
        thread.join()


def wait_until(condition: Callable[[], bool], timeout_s: float = 60.0) -> None:
    """Wait for something another process does; fail when it does not come."""
    end = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients that are killed reset their connections, as they should."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        room: Newsroom = self.server.room  # type: ignore[attr-defined]
        room.posted.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
        self.do_GET()

    def do_GET(self) -> None:
        room: Newsroom = self.server.room  # type: ignore[attr-defined]
        room.requests.append((self.path, {key.lower(): value for key, value in self.headers.items()}))
        answer = room.answers.get(self.path, Answer(b"nothing here", status=404, type="text/plain"))
        if answer.wait_s and room.closed.wait(answer.wait_s):
            self.close_connection = True
            return
        unchanged = answer.headers.get("ETag") is not None and self.headers.get("If-None-Match") == answer.headers["ETag"]
        body = b"" if unchanged else answer.body
        self.send_response(304 if unchanged else answer.status)
        for key, value in {"Content-Type": answer.type, "Content-Length": str(len(body)), **answer.headers}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        pass
