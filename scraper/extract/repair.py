"""Is this markup safe to hand to the parser, and if not, what is? A linear look at the text before lexbor sees it.

Lexbor is quadratic in the nesting of elements and in the attributes of one tag, and a page of 93 kB with 4,000 open formatting tags costs
it 22 s and 5 GB (its issue 340). Nothing can stop a C parser from inside the process, so such markup is written anew with less of it:
text is kept, tags beyond the limits are not. Browsers cap nesting at 512 themselves.
"""

import re
from collections.abc import Iterator

__all__ = ["safe_markup"]

# What an ordinary page stays below, so that it is not looked at closely: tags, tags left open (void ones included), characters in one tag.
# The most in 2,710 pages of the corpora: 21,646 tags, 11,969 left open.
MANY_TAGS, MANY_OPEN, LONG_TAG, WINDOW, SCANNED = 10_000, 1_500, 20_000, 10_000, 100_000
MAX_TAGS, MAX_DEPTH, MAX_FORMATTING, MAX_ATTRIBUTES = 100_000, 500, 60, 300
FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
# Elements whose end may be left out: a new one ends the last, so a thousand <p> in a row are not a thousand deep.
SELF_ENDING = frozenset("p li dt dd option tr td th thead tbody tfoot colgroup optgroup rp rt".split())
RAW = re.compile(r"<(script|style|textarea|title|xmp|iframe|noembed|noframes)\b", re.IGNORECASE)
TAG = re.compile(r"<(/?)([a-zA-Z][^\s<>/]{0,60})([^<>]*)>")  # without "<", so that a search never runs over the next tag
TAG_END = re.compile(r"""<[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*>""")
ATTRIBUTE = re.compile(r"""[^\s=/>"']+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]*))?""")


def safe_markup(text: str) -> str:
    """Give the markup itself if a browser's parser handles it in linear time, else a copy with tags left out. Text is never lost."""
    tags = text.count("<")
    if tags < MANY_TAGS and tags - 2 * text.count("</") < MANY_OPEN and not _has_crowded_tag(text):
        return text
    if tags < MAX_TAGS and not _has_crowded_tag(text) and _is_harmless(text):
        return text
    return "".join(_rewritten(text))


def _has_crowded_tag(text: str) -> bool:
    """Say whether a tag holds too many attributes; one long attribute is common, and harmless.

    Such a tag covers a whole window in which no other tag begins; few windows of a page are like that, most of them in scripts.
    """
    for start in range(WINDOW, len(text) - WINDOW, WINDOW):
        if text.find("<", start, start + WINDOW) < 0:
            tag = text.rfind("<", 0, start)
            if start - tag < 2 * LONG_TAG and text[tag + 1 : tag + 2].isalpha() and not _in_script(text, tag):
                end = TAG_END.match(text, tag)
                if len(ATTRIBUTE.findall(text, tag + 1, end.end() if end else tag + SCANNED)) > MAX_ATTRIBUTES:
                    return True
    return False


def _in_script(text: str, at: int) -> bool:
    """Say whether a "<" is a sign of a program's and no tag's."""
    return any(text.rfind(f"<{name}", 0, at) > text.rfind(f"</{name}", 0, at) for name in ("script", "style"))


def _is_harmless(text: str) -> bool:
    """Follow the nesting, generously: no depth and no pile of formatting tags beyond the limits."""
    depth = formatting = 0
    for close, name, _rest in TAG.findall(text):
        tag = name.lower()
        if tag in VOID or tag in SELF_ENDING:
            continue
        step = -1 if close else 1
        depth = max(0, depth + step)
        if tag in FORMATTING:
            formatting = max(0, formatting + step)
        if depth > MAX_DEPTH or formatting > MAX_FORMATTING:
            return False
    return True


def _rewritten(text: str) -> Iterator[str]:
    """Write the markup anew: tags beyond the limits are left out with their ends, and so are attributes."""
    opened: list[tuple[str, bool]] = []
    formatting = end = count = 0
    while (found := TAG.search(text, end)) is not None:
        yield text[end : found.start()].replace("<", "&lt;")
        end = found.end()
        close, tag, rest = bool(found[1]), found[2].lower(), found[3]
        count += 1
        if count > MAX_TAGS:
            yield " "
            continue
        if tag in VOID or tag in SELF_ENDING:
            yield _tag(close, tag, rest)
            continue
        if close:
            if opened and opened[-1][0] == tag:
                written = opened.pop()[1]
                formatting -= tag in FORMATTING and written
                yield f"</{tag}>" if written else " "
            continue
        write = len(opened) < MAX_DEPTH and not (tag in FORMATTING and formatting >= MAX_FORMATTING)
        opened.append((tag, write))
        formatting += tag in FORMATTING and write
        yield _tag(close, tag, rest) if write else " "
        if write and RAW.match(found[0]):
            ending = re.compile(f"</{tag}", re.IGNORECASE).search(text, end)
            stop = ending.start() if ending else len(text)
            yield text[end:stop]
            end = stop
    yield text[end:].replace("<", "&lt;")


def _tag(close: bool, tag: str, rest: str) -> str:
    if close:
        return f"</{tag}>"
    if len(rest) <= LONG_TAG:
        return f"<{tag}{rest}>"
    kept = [found[0] for found, _ in zip(ATTRIBUTE.finditer(rest), range(MAX_ATTRIBUTES), strict=False)]
    return f"<{tag} {' '.join(kept)}>"
