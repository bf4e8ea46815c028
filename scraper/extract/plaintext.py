"""How does a page that arrives as plain text become a Document? One Block a line, or a paragraph where the text was wrapped by hand.

Such a page is what a visitor's "select all, copy" gives, what a browser's text dump holds, or the record of a WET archive.
"""

from itertools import pairwise

from scraper.extract.document import Block, Document

__all__ = ["characters", "looks_like_html", "read_text"]

# Text that somebody wrapped: most lines that another line follows directly fill between 50 and 100 columns. Mail and old archives wrap at
# 65 to 80; a page copied from a browser has paragraphs of any length.
WRAP_MIN, WRAP_MAX = 50, 100
WRAPPED_SHARE = 0.7
MIN_WRAPPED_LINES = 4
HEAD_CHARS, BEGINNING_CHARS = 4000, 200  # nearly every page says <html or <!doctype at once
MAX_CHARACTER = 4  # bytes
MAX_LINES = 100_000  # what comes after is one line; the body looks at fewer, and five million lines cost 1.1 GB
HTML_SIGNS = (
    "<!doctype",
    "<html",
    "<head",
    "<body",
    "<div",
    "<p>",
    "<p ",
    "<article",
    "<table",
    "<meta",
    "<script",
    "<style",
    "<link",
    "<title",
    "<br",
    "<h1",
    "<a ",
    "<span",
)
INVISIBLE = {ord(char): None for char in "\u00ad\u200b\u200c\u200e\u200f\u2060\ufeff\x00"}


def characters(text: str | bytes, count: int | None = None) -> str:
    """Give a page's characters, or its first ones. It comes as text, or as the same in UTF-8, which a scan reads as it is."""
    if isinstance(text, str):
        return text if count is None else text[:count]
    return text.decode("utf-8") if count is None else text[: MAX_CHARACTER * count].decode("utf-8", "ignore")[:count]


def looks_like_html(text: str | bytes) -> bool:
    """Tell markup from plain text by the tags in the first 4,000 characters (WHATWG MIME sniffing looks at far fewer)."""
    return _shows_tags(characters(text, BEGINNING_CHARS)) or _shows_tags(characters(text, HEAD_CHARS))


def _shows_tags(head: str) -> bool:
    head = head.lower()
    return "<" in head and any(sign in head for sign in HTML_SIGNS)


def read_text(text: str) -> Document:
    """Give the lines of a plain-text page as blocks; empty lines separate and are not kept."""
    lines = text.translate(INVISIBLE).splitlines()
    if len(lines) > MAX_LINES:
        lines[MAX_LINES:] = [" ".join(lines[MAX_LINES:])]
    groups = _paragraphs(lines) if _is_wrapped(lines) else [[line] for line in lines]
    texts = (" ".join(" ".join(group).split()) for group in groups)
    return Document(blocks=tuple(Block(line, -1, "p") for line in texts if line), is_html=False)


def _is_wrapped(lines: list[str]) -> bool:
    followed = [len(line) for line, after in pairwise(lines) if line.strip() and after.strip()]
    if len(followed) < MIN_WRAPPED_LINES:
        return False
    return sum(WRAP_MIN <= length <= WRAP_MAX for length in followed) >= WRAPPED_SHARE * len(followed)


def _paragraphs(lines: list[str]) -> list[list[str]]:
    groups: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]
