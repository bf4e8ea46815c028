"""Which words on a page speak of what it is? Counts them by kind and by place: in its address, class names, short lines, schema.org types.

A shop, a forum and a newspaper are told by their furniture. The words stand in page_words.tsv; how much they count is learned.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Final
from urllib.parse import urlsplit

from scraper.extract.document import Document
from scraper.extract.fields import Fields
from scraper.extract.inner_loops import tally
from scraper.extract.plain_tally import Tally

__all__ = ["Address", "page_tally", "page_words"]

WORD: Final = re.compile(r"\w+")
SLUG_PARTS: Final = re.compile(r"[-_+]|%20")
TYPE: Final = re.compile(r'"@type"\s*:\s*\[?\s*"(?:https?://schema\.org/)?(\w+)"(?:\s*,\s*"(\w+)")?')
# Bounds that keep a large page cheap.
MAX_TYPED_CHARS: Final = 30_000
MAX_SCOPED: Final = 300
PLACES: Final[Mapping[str, str]] = {
    "address": "in the address", "host": "in the host's name", "title": "in the title", "headline": "in the headline",
    "class": "among the class names", "line": "among the short lines", "type": "among the types",
}  # fmt: skip


class Address:
    """A URL taken apart: the labels of its host, its folders, its last part and the words of that. Raises ValueError as urlsplit does."""

    __slots__ = ("folders", "labels", "last", "path", "query", "slug")

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.path, self.query = parts.path.lower(), parts.query
        steps = [step for step in self.path.split("/") if step]
        self.folders, self.last = steps[:-1], steps[-1] if steps else ""
        self.labels = WORD.findall(parts.hostname or "")
        self.slug = [word for word in SLUG_PARTS.split(self.last.split(".")[0]) if word]


def page_tally(document: Document, kept: tuple[int, ...]) -> Tally:
    """Count what stands on a page, and find the telling words among its short lines and its class names."""
    table = _table()
    return Tally(*tally(document.blocks, document.elements, kept, table["line"], table["class"]))


def page_words(document: Document, found: Fields, address: Address | None, counted: Tally) -> dict[str, float]:
    """Count the page's telling words, by the name of the measure, such as "forum words in the address"."""
    table = _table()
    counts: dict[str, float] = {}
    kinds: list[str] = []
    for place, words in _places(document, found, address, counted):
        known = table[place]
        said = [names for word in words if word in known for names in known[word]]
        for _, name in said:
            counts[name] = counts.get(name, 0.0) + 1.0
        kinds.extend({kind for kind, _ in said})
    for kind in kinds:
        name = PLACES_WITH[kind]
        counts[name] = counts.get(name, 0.0) + 1.0
    return counts


PLACES_WITH: Final[Mapping[str, str]] = {
    kind: f"places with {kind} words" for kind in ("article", "forum", "product", "collection", "documentation", "service")
}


def _places(document: Document, found: Fields, address: Address | None, counted: Tally) -> Iterator[tuple[str, Collection[str]]]:
    yield "class", counted.names
    yield "line", counted.lines
    yield "type", set(_types(document, found))
    yield "title", set((document.title or "").lower().split())
    yield "headline", set(WORD.findall((found.headline or "").lower()))
    if address is not None:
        yield "host", set(address.labels)
        yield "address", {word for folder in address.folders for word in (folder, *SLUG_PARTS.split(folder))}


def _types(document: Document, found: Fields) -> Iterator[str]:
    yield from found.types
    for script in document.scripts:
        if "ld+json" in script.kind:
            for pair in TYPE.findall(script.text[:MAX_TYPED_CHARS]):
                yield from pair
    for prop in document.properties[:MAX_SCOPED]:
        yield from prop.scopes


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Mapping[str, tuple[tuple[str, str], ...]]]:
    """Read the table: by place and word, the kinds that the word speaks of, each with the name of its measure."""
    table: dict[str, dict[str, tuple[tuple[str, str], ...]]] = {place: {} for place in PLACES}
    for row in files("scraper.extract").joinpath("page_words.tsv").read_text("utf-8").splitlines():
        if not row.startswith("#"):
            kind, place, word = row.split("\t")
            table[place][word] = (*table[place].get(word, ()), (kind, f"{kind} words {PLACES[place]}"))
    return table
