"""What date is left to a page that gives none in the markup we know, beside its headline or in its address? The last resorts, in order.

Each of them is rarer right than what `date_places` reads; whether one is worth giving is weighed in `date_trust`, which has learned how far
each can be trusted on which kind of page.
"""

import re
from collections.abc import Iterator

from scraper.extract.candidates import Frame
from scraper.extract.date_labels import Said, called, foreign, labelled, of_something_else
from scraper.extract.date_places import FAR, Claim, above, is_dated, is_posted, single
from scraper.extract.document import Document
from scraper.extract.metas import PLACES
from scraper.extract.moments import Reading, moment, moments

__all__ = ["remains"]

# Names that are in no table: w-published-date, ms.date, five_hundred_pixels:uploaded.
UNLISTED = re.compile(r"publi|uploaded|posted|(?:^|[._:-])date(?:$|[._:-])")
NOT_OF_IT = re.compile(r"updat|modif|expir|valid|revis|review|event|start|end|birth|until|copyright|build|version|crawl|cache")
MAX_MARKS, MAX_LINES, MAX_META_CHARS, HEAD_CHARS, SHORT_CHARS = 200, 60, 40, 220, 60


def remains(document: Document, reading: Reading, frame: Frame) -> list[Claim]:
    """Give what is left, the likeliest first."""
    lines = list(_lines(document, reading, frame))
    issued = [claim for said, claim in lines if said == "issued"]
    changed = [claim for said, claim in lines if said == "changed"]
    kinds: tuple[list[Claim], ...] = (
        _agreeing(issued),
        list(_unlisted(document, reading)),
        [claim._replace(signal="visible:only") for claim in _agreeing([claim for _, claim in lines])],
        _agreeing(changed),
    )
    return next((kind for kind in kinds if kind), [])


def _agreeing(claims: list[Claim]) -> list[Claim]:
    """Several days in one kind are those of teasers and comments."""
    return claims[:1] if len({claim.moment.day for claim in claims}) == 1 else []


def _unlisted(document: Document, reading: Reading) -> Iterator[Claim]:
    for name, content in document.metas:
        if name not in PLACES and len(content) <= MAX_META_CHARS and UNLISTED.search(name) and not NOT_OF_IT.search(name):
            found = moment(content, reading)
            if found is not None:
                yield Claim(found, f"meta:{name}")


def _lines(document: Document, reading: Reading, frame: Frame) -> Iterator[tuple[Said, Claim]]:
    """Read the dates of marks and lines that are about their date: short, or labelled."""
    for text, label in _texts(document, frame):
        for found in single(moments(text[:HEAD_CHARS], reading), text):
            said = called(text, found.start, found.end) or (labelled(label) if label else "")
            if said or len(text) <= SHORT_CHARS:
                signal = "visible:far:published" if said == "issued" else "visible:far"
                yield said, Claim(found, signal, changed=said == "changed", distance=FAR)


def _texts(document: Document, frame: Frame) -> Iterator[tuple[str, str]]:
    """Give the texts that may be about their date, each with the label above it."""
    top, (first, last) = frame.top or 0, frame.story or (0, 0)
    for mark in document.marks[:MAX_MARKS]:
        if mark.block <= top or not is_dated(mark.text) or foreign(mark.hint) or of_something_else(mark.text):
            continue
        if not is_posted(document, mark.block, frame.story):
            yield mark.text, above(document, mark.block) if document.blocks[mark.block].text == mark.text else ""
    seen = 0
    for index, block in enumerate(document.blocks):
        # The century first: it is the cheapest to look for.
        if "20" not in block.text and "19" not in block.text:
            continue
        text = block.text[:HEAD_CHARS]
        if (first <= index < last and len(text) > SHORT_CHARS) or not is_dated(text) or is_posted(document, index, frame.story):
            continue
        for line in text.split("\n"):
            if is_dated(line) and not of_something_else(line):
                seen += 1
                yield line, above(document, index) if line == block.text else ""
        if seen > MAX_LINES:
            return
