"""What are the paths of a page's elements where no compiler built the inner loops? The compiled way gives the same."""

from collections.abc import Callable
from functools import lru_cache
from zlib import crc32

from scraper.extract.document import Element

__all__ = ["paths"]

Signature = Callable[[str, str], str]


def paths(elements: tuple[Element, ...], signature: Signature, /) -> tuple[str, ...]:
    """Give the path of each element, eight hex digits: the hash of its signature and those of all around it, from the root in."""
    known: list[int] = []
    for tag, parent, _, hint, _ in elements:
        known.append(_step(known[parent] if parent >= 0 else 0, tag, hint, signature))
    return tuple([f"{path:08x}" for path in known])


# Cached: the same elements stand on every page of a site, and on one page many times.
@lru_cache(maxsize=16_384)
def _step(above: int, tag: str, hint: str, signature: Signature) -> int:
    return crc32(signature(tag, hint).encode("utf-8", "replace"), above)
