"""What can be measured of a page as a whole, to tell an article from a shop, a forum, a manual or a list? Numbers that decide nothing.

The names are words, since the verdict gives the strongest measures as its reason. What is left out of the measures is nought.
"""

import re
from collections.abc import Iterator
from typing import Final

from scraper.extract.body import Body
from scraper.extract.document import Document
from scraper.extract.fields import Fields
from scraper.extract.page_words import Address, page_tally, page_words
from scraper.extract.plain_tally import Tally

__all__ = ["page_measures"]

HEADINGS: Final = frozenset(("h2", "h3", "h4"))
READER: Final = (" you",)
WRITER: Final = (" I ", " my ")
HOUSE: Final = (" we ", " our ")
SAMPLE_CHARS: Final = 4000  # of the story, where its words are counted
YEAR: Final = re.compile(r"\b20[12]\d\b")
FIGURE: Final = re.compile(r"\d")
WORD: Final = re.compile(r"\w+")
DATED: Final = re.compile(r"/(?:19|20)\d\d[/-]\d\d?")
CLAIMED: Final = {
    "authors": "an author", "modified": "a date of change", "published": "a date of publication", "section": "a section",
}  # fmt: skip


def page_measures(document: Document, body: Body, found: Fields, url: str | None) -> dict[str, float]:
    """Measure a page of HTML that has text. Shares are per cent, rates are counts in 10,000 characters."""
    address = _address(url or found.canonical_url)
    counted = page_tally(document, body.blocks)
    measures = page_words(document, found, address, counted)
    measures.update(_of_blocks(document, counted))
    measures.update(_of_story(document, body))
    measures.update(_of_fields(document, body, found))
    measures.update(_of_headline(found.headline or ""))
    if address is not None:
        measures.update(_of_address(address, found.headline or ""))
    return measures


def _address(url: str | None) -> Address | None:
    try:
        return Address(url) if url else None
    except ValueError:
        return None


def _of_blocks(document: Document, counted: Tally) -> Iterator[tuple[str, float]]:
    total, linked, story, story_links, teasers, shorts, prices, *_ = counted
    count = len(document.blocks)
    yield "characters of story", story
    yield "per cent of the unlinked text in the story", 100 * (story - story_links) / max(1, total - linked)
    yield "per cent of the story in links", 100 * story_links / max(1, story)
    yield "per cent of the text in links", 100 * linked / total
    yield "linked headlines", teasers
    yield "per cent of lines that are short", 100 * shorts / count
    yield "lines", count
    yield "prices", prices
    yield "prices in 10,000 characters", 1e4 * prices / total


def _of_story(document: Document, body: Body) -> Iterator[tuple[str, float]]:
    kept, story, count = body.blocks, body.text or "", len(document.blocks)
    yield "marks of authors and dates", len(document.marks)
    if not kept:
        return
    heads = sum([document.blocks[index].tag in HEADINGS for index in kept])
    yield "subheads in the story", heads
    yield "subheads in 10,000 characters of story", 1e4 * heads / max(1, len(story))
    yield "per cent of lines above the story", 100 * kept[0] / count
    yield "per cent of lines down to the story's end", 100 * kept[-1] / count
    yield "per cent of certainty about the story", 100 * body.confidence
    sample = story[:SAMPLE_CHARS]
    rate = 1e4 / max(1, len(sample))
    yield "words to the reader in 10,000 characters of story", rate * sum([sample.count(word) for word in READER])
    yield "words of the writer in 10,000 characters of story", rate * sum([sample.count(word) for word in WRITER])
    yield "words of a house in 10,000 characters of story", rate * sum([sample.count(word) for word in HOUSE])


def _of_fields(document: Document, body: Body, found: Fields) -> Iterator[tuple[str, float]]:
    for proof in found.evidence:
        name = CLAIMED.get(proof.field)
        if name:
            yield name, 1
            yield f"{name} by {proof.signal.partition(':')[0]}", 1
    for name, content in document.metas:
        if name == "og:type":
            yield f"the og:type {content.strip().lower()}", 1
    for kind in found.types:
        yield f"the type {kind}", 1
    block = found.headline_block
    if block is not None:
        yield "a headline on the page", 1
        yield "per cent of lines above the headline", 100 * block / len(document.blocks)
        if body.blocks:
            yield "lines from the headline to the story", body.blocks[0] - block


def _of_headline(headline: str) -> Iterator[tuple[str, float]]:
    yield "words in the headline's line", len(headline.split())
    yield "characters of headline", len(headline)
    for sign in "?:":
        if sign in headline:
            yield f"a {sign} in the headline", 1
    if FIGURE.search(headline):
        yield "a figure in the headline", 1
        yield "a year in the headline", YEAR.search(headline) is not None


def _of_address(address: Address, headline: str) -> Iterator[tuple[str, float]]:
    slug = address.slug
    yield "parts of the address", len(address.folders) + bool(address.last)
    yield "words in the address's last part", len(slug)
    yield "a slash at the address's end", address.path.endswith("/")
    yield "a date in the address", DATED.search(address.path) is not None
    words = set(WORD.findall(headline.lower()))
    if words and slug:
        shared = len(words.intersection(slug))
        yield "per cent of the address's words in the headline", 100 * shared / len(slug)
        yield "per cent of the headline's words in the address", 100 * shared / len(words)
