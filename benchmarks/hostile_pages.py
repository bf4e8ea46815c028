"""What is a kind of hostile page? A name, the size at which it is measured, and how a page of any size is made; what many kinds share."""

from collections.abc import Callable
from typing import NamedTuple

__all__ = ["STORY", "Kind", "deep", "flood", "rows", "script"]

STORY = "<h1>Eastern lock to reopen</h1><p class=byline>By Ann Lee</p><time>5 May 2025</time>" + "".join(
    f"<p>The harbour board voted on Tuesday to reopen lock {name}, eleven months after a barge tore one of its gates.</p>"
    for name in "abcdef"
)
DEPTH, FLOOD = 100_000, 3_000_000


class Kind(NamedTuple):
    """A kind of hostile page; `make` gives one of the size asked for, whatever that counts."""

    name: str
    size: int
    make: Callable[[int], str | bytes]


def deep(tag: str) -> Kind:
    """Nest one element in itself, never closed."""
    return Kind(f"nested <{tag}>", DEPTH, lambda n: f"<{tag}>" * n + STORY)


def flood(piece: str) -> Kind:
    """Write one piece of markup again and again, ahead of a story: 50 MB at most."""
    return Kind(f"flood of {piece}", min(FLOOD, 50_000_000 // len(piece)), lambda n: piece * n + STORY)


def rows(row: str) -> Callable[[int], str]:
    """Write one row n times, ahead of a story."""
    return lambda n: row * n + STORY


def script(text: Callable[[int], str]) -> Callable[[int], str]:
    """Put a text into a JSON-LD script, ahead of a story."""
    return lambda n: f'<script type="application/ld+json">{text(n)}</script>{STORY}'
