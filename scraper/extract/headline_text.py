"""Which line is the headline where no heading says so? Told by its place above the first paragraph, and by being said twice.

`headline_of_text` asks so of a page that arrived as plain text, `headline_of_lines` of one whose markup has no heading and no title but the
site's.
"""

import re
from typing import Final

from scraper.extract.candidates import Choice, Found
from scraper.extract.document import Document
from scraper.extract.plain import plain, words
from scraper.records import Candidate

__all__ = ["headline_of_lines", "headline_of_text", "is_paragraph"]

# What is a paragraph, and what can be a headline.
PARAGRAPH_CHARS: Final = 160
LEAST_LINE: Final = 20
LONGEST_LINE: Final = 250
SHORTEST_LINE: Final = 5
BYLINE: Final = re.compile(r"(?:by|post by|von|por|par|di|door|av|text)\b\s*:?\s*\w", re.IGNORECASE)
CLOSING: Final = "”\"’'»)"  # quotes that may close a sentence
# A line within so many blocks above the story, of so many words, may be its headline; one of them says so if the address has most of it.
# Menus and offers are said twice, too, but in fewer words.
MAX_LINES: Final = 600
ABOVE: Final = 12
LEAST_WORDS: Final = 3
SENTENCE_WORDS: Final = 6
OF_ADDRESS: Final = 0.6


def headline_of_text(document: Document) -> tuple[Choice[str], int | None]:
    """Choose among the lines above the first long paragraphs: a line that is repeated at once, else the last that reads like a headline."""
    lines = [block.text for block in document.blocks[:120]]
    story = next((index for index, line in enumerate(lines) if is_paragraph(line)), len(lines))
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


def headline_of_lines(document: Document, address: frozenset[str]) -> tuple[Choice[str], int | None]:
    """Choose among the lines above the first long paragraph: one that has most words of the page's address, else one said twice."""
    blocks = document.blocks[:MAX_LINES]
    lines = [block.text for block in blocks]
    story = next((index for index, block in enumerate(blocks) if is_paragraph(block.text) and block.link_chars * 2 < len(block.text)), 0)
    able = [
        index
        for index in range(max(0, story - ABOVE), story)
        if LEAST_LINE <= len(lines[index]) <= LONGEST_LINE and lines[index].rstrip(CLOSING)[-1:] not in ".!,;:"
    ]
    forms = {index: plain(lines[index]) for index in able}
    # A line is said once more by itself, or at the end of the way to the page: "Home World Harbour opens".
    said = "\n".join((*map(plain, lines[:story]), ""))
    twice = [index for index in able if said.count(f"{forms[index]}\n") > 1 and len(words(forms[index])) >= SENTENCE_WORDS]
    addressed = [index for index in able if _share(forms[index], address) >= OF_ADDRESS]
    chosen = [index for index in twice if index in addressed] or addressed or twice
    # What is all link leads to another story.
    chosen = [index for index in chosen if blocks[index].link_chars * 2 < len(lines[index])]
    if not chosen:
        return Choice(), None
    signal = "visible:line_of_address" if addressed else "visible:repeated_line"
    # The last of them stands nearest to the story; above it are the way to the page and its picture's name.
    return Choice(Found(lines[chosen[-1]], signal)), chosen[-1]


def is_paragraph(line: str) -> bool:
    """Say whether a line is as long as a paragraph and ends as one."""
    return len(line) >= PARAGRAPH_CHARS and line.rstrip(CLOSING)[-1:] in ".!?。…"


def _share(form: str, address: frozenset[str]) -> float:
    tokens = set(words(form))
    return len(tokens & address) / len(address) if len(tokens) >= LEAST_WORDS <= len(address) else 0.0
