"""Why is a block of a page not in the body? In the words that a reader would use; the number behind them is what decided."""

from collections.abc import Iterator, Mapping, Sequence

from scraper.extract.document import Document
from scraper.extract.phrases import MAX_CHARS, phrase_kind
from scraper.records import Dropped

__all__ = ["CHROME", "MAX_REASON_CHARS", "dropped_blocks"]

MAX_REASON_CHARS = 300
# Of 7,915 such lines in the corpora 106 count as story in the truth, most of them promotions that were left in.
CHROME = "a phrase that sites write around stories"
LINKED_SHARE = 0.6
AROUND = {
    "nav": "in the navigation",
    "footer": "in the footer",
    "aside": "in the aside",
    "form": "in the form",
    "header": "in the page header",
}
CAPTIONS = {"figcaption": "a caption", "caption": "a caption"}
HIDDEN = "hidden"


def dropped_blocks(document: Document, kept: Sequence[int], scores: Sequence[float], reasons: Mapping[int, str]) -> Iterator[Dropped]:
    """Give every block that is not kept, with the reason; `reasons` are those that are known already."""
    around = _around(document)
    inside = set(kept)
    first, last = (kept[0], kept[-1]) if kept else (len(document.blocks), -1)
    for index, block in enumerate(document.blocks):
        if index in inside:
            continue
        text = block.text
        reason = reasons.get(index) or (CHROME if len(text) <= MAX_CHARS and phrase_kind(text) else around[index])
        if reason is None:
            linked = document.is_html and block.link_chars >= LINKED_SHARE * len(text)
            reason = CAPTIONS.get(block.tag) or ("mostly links" if linked else _place(index, first, last))
        yield Dropped(text=text[:MAX_REASON_CHARS], reason=f"{reason} (story {scores[index]:.2f})")


def _around(document: Document) -> list[str | None]:
    """Say of each block what it stands in, if that tells; inner elements come after outer ones, and what is hidden is that first of all."""
    reasons: list[str | None] = [None] * len(document.blocks)
    layout = document.layout
    if layout is None:
        return reasons
    telling = [(index, AROUND[element.tag]) for index, element in enumerate(document.elements) if element.tag in AROUND]
    telling += [(index, HIDDEN) for index in layout.hidden.nonzero()[0].tolist()]
    for element, reason in telling:
        first, end = int(layout.first[element]), int(layout.end[element])
        reasons[first:end] = [reason] * (end - first)
    return reasons


def _place(index: int, first: int, last: int) -> str:
    if last < first:
        return "no story here"
    if index < first:
        return "above the story"
    return "below the story" if index > last else "between the story's paragraphs"
