"""Which line of a page that arrived as plain text is its headline? Told by its place above the first paragraph, and by being said twice."""

import re

from scraper.extract.candidates import Choice, Found
from scraper.extract.document import Document
from scraper.extract.plain import plain
from scraper.records import Candidate

__all__ = ["headline_of_text"]

# What is a paragraph, and what can be a headline.
PARAGRAPH_CHARS, LEAST_LINE, LONGEST_LINE, SHORTEST_LINE = 160, 20, 250, 5
BYLINE = re.compile(r"(?:by|post by|von|por|par|di|door|av|text)\b\s*:?\s*\w", re.IGNORECASE)
CLOSING = "”\"’'»)"  # quotes that may close a sentence


def headline_of_text(document: Document) -> tuple[Choice[str], int | None]:
    """Choose among the lines above the first long paragraphs: a line that is repeated at once, else the last that reads like a headline."""
    lines = [block.text for block in document.blocks[:120]]
    story = next(
        (index for index, line in enumerate(lines) if len(line) >= PARAGRAPH_CHARS and line.rstrip(CLOSING)[-1:] in ".!?。…"), len(lines)
    )
    able = [
        index
        for index, line in enumerate(lines[:story])
        if LEAST_LINE <= len(line) <= LONGEST_LINE and line.rstrip(CLOSING)[-1:] not in ".!,;:"
    ]
    if not able:  # a short headline, told by the byline below it
        able = [index - 1 for index in range(1, story) if len(lines[index - 1]) >= SHORTEST_LINE and BYLINE.match(lines[index])][:1]
    repeated = [index for index in able if plain(lines[index]) in {plain(line) for line in lines[index + 1 : index + 4]}]
    chosen = repeated[0] if repeated else max(able, key=lambda index: len(lines[index]), default=None)
    if chosen is None:
        return Choice(), None
    losers = tuple(
        Candidate(value=lines[index], signal="text:line", reason="stands once or is shorter")
        for index in able
        if lines[index] != lines[chosen]
    )
    last = max(index for index in range(chosen, min(chosen + 4, len(lines))) if plain(lines[index]) == plain(lines[chosen]))
    return Choice(Found(lines[chosen], "text:repeated_line" if repeated else "text:line"), losers[:8]), last
