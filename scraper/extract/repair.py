"""Is this markup safe to hand to the parser, and if not, what is? A look at the text before lexbor sees it.

Lexbor's time is quadratic in the depth of nesting, in the names of attributes and elements that differ, in the options of one select and
in what a second <html> or <body> adds to the first. Open formatting tags multiply with the paragraphs around them: 93 kB cost it 22 s and
5 GB (its issue 340), and 26 kB with many of their end tags more than 40 s. Nothing can stop a C parser from inside the process. So such
markup is written anew with less of it: text is kept, tags and attributes beyond the limits are not. Browsers cap nesting at 512 themselves.
"""

import re

from scraper.extract.rewrite import ATTRIBUTE, FORMATTING, Rewriting

__all__ = ["safe_markup"]

# What an ordinary page stays below, so that it is not read closely: tags, tags left open (void ones included), formatting tags with
# attributes, and characters. The most in 2,710 pages of the corpora: 21,646 tags, 11,969 left open.
MANY_TAGS, MANY_OPEN, MANY_FORMATTED, LONG_PAGE = 10_000, 1_500, 120, 2_000_000
FEW_TAGS = 700  # half of them formatting, half paragraphs: 122,500 elements, 0.1 s
# Without attributes at most three of each formatting tag count (the standard's Noah's Ark clause), and they may multiply with every tag.
PLAIN_FORMATTING, MOST_ELEMENTS = 3 * len(FORMATTING), 1_000_000
_EITHER_CASE = ("".join(f"[{char}{char.upper()}]" for char in name) for name in sorted(FORMATTING))
FORMATTED = re.compile(rf"<(?=[bBcCeEfFiIsStTuU])(?:{'|'.join(_EITHER_CASE)})[\s/]")  # looking ahead halves the time
# 20,000 different names cost lexbor 0.7 s, 80,000 14 s. So many do not fit into SMALL_PAGE; in a longer one they show in the places looked
# at, up to 40 in each of five. Of 250 long pages of the corpora one has more than MANY_NAMES there, the next 122.
SMALL_PAGE, WINDOWS, WINDOW, STRIDE, MANY_NAMES = 100_000, 64, 200, 20_000, 140
NAMED = re.compile(r"""(?<=[\s"'/])([^\s"'<>/=]++)=["']""")


def safe_markup(text: str) -> str:
    """Give the markup itself if lexbor handles it in linear time, else a copy that it does. Text is never lost."""
    if _is_harmless(text):
        return text
    rewriting = Rewriting(text)
    copy = rewriting.written()
    return copy if rewriting.limited else text


def _is_harmless(text: str) -> bool:
    """Say whether a page is so ordinary that it need not be read closely. Each question costs as much as a tenth of the parse."""
    tags = text.count("<")
    if tags >= MANY_TAGS or len(text) >= LONG_PAGE:
        return False
    if tags >= MANY_OPEN and tags - 2 * text.count("</") >= MANY_OPEN:
        return False
    if tags >= FEW_TAGS:
        formatted = len(FORMATTED.findall(text))
        if formatted >= MANY_FORMATTED or (PLAIN_FORMATTING + formatted) * tags >= MOST_ELEMENTS:
            return False
    return not _has_many_names(text)


def _has_many_names(text: str) -> bool:
    """Say whether a page seems to hold thousands of different attributes, by looking at places spread over it."""
    if len(text) < SMALL_PAGE:
        return False
    names: set[str] = set()
    before, opening, closing = 0, -1, -1
    for start in range(STRIDE, len(text), max(STRIDE, len(text) // WINDOWS)):
        piece = text[start : start + WINDOW]
        names.update(NAMED.findall(piece))
        opening = max(opening, text.rfind("<", before, start))
        closing = max(closing, text.rfind(">", before, start))
        if opening > closing and text[opening + 1].isalpha():
            names.update(ATTRIBUTE.findall(piece.partition(">")[0]))
        before = start
    return len(names) > MANY_NAMES
