"""Serves the invented papers on loopback, each at an address of its own, and keeps what a polite crawler is judged by.

    python -m benchmarks.press_server --stories 150 [--wait-ms 10] [--crawl-delay 0.5]

Prints its port, and then, for each line on standard input, a line of JSON: what was asked since the last one. For each host, requests,
the most that were in hand at once and the most connections, and the shortest time between the beginnings of two requests; for each path of
a listing how often it was asked for and how often with a condition.
"""

import argparse
import asyncio
import json
import socket
import sys
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b
from itertools import pairwise
from typing import Any

from benchmarks.press import PAPERS, Paper

__all__ = ["Host", "main"]

NETWORK = "127.0.1."  # loopback, all of it, on Linux


@dataclass
class Host:
    """One paper's server, and what it saw; times in seconds of the event loop."""

    paper: Paper
    wait_s: float = 0.0
    crawl_delay: str = ""
    starts: list[float] = field(default_factory=list)
    connections: int = 0
    most_connections: int = 0
    in_hand: int = 0
    most_in_hand: int = 0
    listings: Counter[str] = field(default_factory=Counter)
    conditional: Counter[str] = field(default_factory=Counter)

    def report(self) -> dict[str, Any]:
        """Tell what was seen since the last report, and forget it."""
        gaps = [later - earlier for earlier, later in pairwise(self.starts)]
        seen = {
            "requests": len(self.starts), "connections": self.most_connections, "in_hand": self.most_in_hand,
            "shortest_gap_s": min(gaps, default=None), "listings": self.listings, "conditional": self.conditional,
        }  # fmt: skip
        self.starts, self.listings, self.conditional = [], Counter(), Counter()
        self.most_connections, self.most_in_hand = self.connections, self.in_hand
        return seen

    def answer(self, path: str, head: bytes) -> bytes:
        """Give the whole answer to one request."""
        if path.startswith("/moved"):
            return f"HTTP/1.1 302 Found\r\nLocation: {path.removeprefix('/moved')}\r\nContent-Length: 0\r\n\r\n".encode()
        found = self.paper.answer(path)
        if found is None:
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        body, media = found
        if path == "/robots.txt":
            body += self.crawl_delay.encode()
        tag = blake2b(body, digest_size=8).hexdigest()
        if path in {"/feed.xml", "/news.xml"}:
            self.listings[path] += 1
            self.conditional[path] += b"if-none-match" in head.lower()
        if tag.encode() in head:
            return f'HTTP/1.1 304 Not Modified\r\nETag: "{tag}"\r\nContent-Length: 0\r\n\r\n'.encode()
        return f'HTTP/1.1 200 OK\r\nContent-Type: {media}\r\nETag: "{tag}"\r\nContent-Length: {len(body)}\r\n\r\n'.encode() + body


class _Conversation(asyncio.Protocol):
    """One connection; requests are answered in their order, after the server's wait."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.received = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self.host.connections += 1
        self.host.most_connections = max(self.host.most_connections, self.host.connections)

    def connection_lost(self, _error: Exception | None) -> None:
        self.host.connections -= 1

    def data_received(self, data: bytes) -> None:
        self.received += data
        while (end := self.received.find(b"\r\n\r\n")) >= 0:
            head = bytes(self.received[:end])
            del self.received[: end + 4]
            loop = asyncio.get_running_loop()
            self.host.starts.append(loop.time())
            self.host.in_hand += 1
            self.host.most_in_hand = max(self.host.most_in_hand, self.host.in_hand)
            loop.call_later(self.host.wait_s, self._answer, head)

    def _answer(self, head: bytes) -> None:
        self.host.in_hand -= 1
        if not self.transport.is_closing():
            self.transport.write(self.host.answer(head.split(b" ", 2)[1].decode("latin-1"), head))


async def _serve(stories: int, wait_s: float, crawl_delay: str) -> None:
    loop = asyncio.get_running_loop()
    port = _free_port()
    hosts = {}
    for number in range(PAPERS):
        name = f"{NETWORK}{number + 1}"
        paper = Paper(number=number, count=stories, origin=f"http://{name}:{port}")
        for story in range(stories):  # drawn before anybody asks, so that the first to crawl does not wait for it
            paper.story(story)
        host = hosts[name] = Host(paper=paper, wait_s=wait_s, crawl_delay=crawl_delay)
        await loop.create_server(partial(_Conversation, host), name, port)
    print(port, flush=True)
    while await loop.run_in_executor(None, sys.stdin.readline):
        print(json.dumps({name: host.report() for name, host in hosts.items()}), flush=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((f"{NETWORK}1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stories", type=int, default=150)
    parser.add_argument("--wait-ms", type=float, default=10.0)
    parser.add_argument("--crawl-delay", type=float, default=0.0)
    asked = parser.parse_args()
    delay = f"Crawl-delay: {asked.crawl_delay}\n" if asked.crawl_delay else ""
    asyncio.run(_serve(asked.stories, asked.wait_ms / 1000, delay))


if __name__ == "__main__":
    main()
