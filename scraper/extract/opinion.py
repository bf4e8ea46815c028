"""What would trafilatura keep of this page? The second opinion, asked only where the model is at a loss: it costs much more."""

import re
from collections.abc import Sequence

from scraper.extract.document import Document

__all__ = ["second_opinion"]

WORD = re.compile(r"\w+")
MIN_SHINGLE = 4
# trafilatura is quadratic on some large pages (its issue 704); beyond this size the model's word stands alone.
MAX_HTML_CHARS = 1_500_000
# 20,000 paragraphs cost it .7 s of CPU time.
MAX_BLOCKS, MAX_TAGS = 1_500, 20_000


def second_opinion(html: str, document: Document) -> Sequence[float] | None:
    """Give, for each block, the share of its 4-word shingles that trafilatura's text holds; None where it finds no text."""
    if len(html) > MAX_HTML_CHARS or len(document.blocks) > MAX_BLOCKS or html.count("<") > MAX_TAGS:
        return None
    text = _extracted(html)
    if not text:
        return None
    words = WORD.findall(text)
    shingles = {tuple(words[at : at + MIN_SHINGLE]) for at in range(len(words))}
    lines = {" ".join(WORD.findall(line)) for line in text.splitlines()}
    return [_share(WORD.findall(block.text), shingles, lines) for block in document.blocks]


def _share(words: list[str], shingles: set[tuple[str, ...]], lines: set[str]) -> float:
    if len(words) < MIN_SHINGLE:
        return float(bool(words) and " ".join(words) in lines)
    grams = [tuple(words[at : at + MIN_SHINGLE]) for at in range(len(words) - MIN_SHINGLE + 1)]
    return sum(gram in shingles for gram in grams) / len(grams)


def _extracted(html: str) -> str | None:
    """Call trafilatura; a page it cannot parse is a page without a second opinion.

    It is to ask neither readability nor justext (`fast`). Of the corpora's 15 pages that come here four are then answered otherwise, three
    of them nearer the truth (the fourth has 0 both ways), and the first answer takes .27 s rather than .47.
    """
    import logging

    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        found: str | None = trafilatura.extract(html, include_comments=False, include_tables=True, deduplicate=False, fast=True)
    except (AssertionError, ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError, MemoryError):
        # the errors its users report: 14 AssertionErrors in 9,121 pages of the html5lib set, ValueErrors on control characters
        return None
    return found
