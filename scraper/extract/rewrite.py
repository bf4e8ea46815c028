"""How is markup written anew with less of it? Tag by tag as a browser's tokenizer reads it, properly nested, within limits.

Only hostile pages come here, and very large ones to be looked at closely (`repair`); the copy keeps all text a reader could see.
"""

import re
from collections import Counter

__all__ = ["ATTRIBUTE", "FORMATTING", "Rewriting"]

MAX_TAGS, MAX_DEPTH, MAX_NAMES, MAX_OPTIONS, MAX_NAME_CHARS = 100_000, 500, 250, 2_000, 60
MAX_AGAIN, MAX_PILE = 200_000, 100  # formatting elements that are opened again in later paragraphs; those open at once
# The standard's formatting elements, but for <a> and <nobr>: a new one of those ends the last, so they never pile up.
FORMATTING = frozenset("b big code em font i s small strike strong tt u".split())
VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
# Elements whose end may be left out: a new one ends the last, so a thousand <p> in a row are not a thousand deep.
SELF_ENDING = frozenset("p li dt dd option tr td th thead tbody tfoot colgroup optgroup rp rt".split())
ONCE = frozenset(("html", "head", "body"))
OPTIONS = frozenset(("option", "optgroup"))
ALONE = frozenset(("a", "nobr", "button", "form"))
# Inside them <title> and <style> hold markup, outside they hold text. Nobody reads them, nor an <object>.
FOREIGN = {"svg": "object", "math": "object"}
SPACE = r"[ \t\n\f\r]"
# Everything below is possessive, and an end of the text ends whatever is open: no start is tried twice.
VALUE = rf"""{SPACE}*+={SPACE}*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^ \t\n\f\r>"'][^ \t\n\f\r>]*+)?+"""
NAME = r"[^ \t\n\f\r/>][^ \t\n\f\r/>=]*+"
ATTRIBUTE = re.compile(rf"({NAME})(?:{VALUE})?+")
TAIL = rf"((?:[ \t\n\f\r/]++|{NAME}(?:{VALUE})?+)*+)(?:>|\Z)"
TOKEN = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"
    rf"|<(script|style|textarea|title|xmp|iframe|noembed|noframes)(?=[ \t\n\f\r/>]){TAIL}((?:[^<]++|<(?!/\1[ \t\n\f\r/>]))*+)"
    rf"|<(/?)([a-z][^ \t\n\f\r/>]*+){TAIL}"
    r"|<[!?/][^>]*+>?",
    re.IGNORECASE | re.DOTALL,
)


class Rewriting:
    """One page being written anew; `limited` says afterwards whether it met a limit, and so differs from the page in more than form."""

    def __init__(self, text: str) -> None:
        self.limited = False
        self._text = text
        self._pieces: list[str] = []
        self._opened: list[tuple[str, str]] = []  # what is open, and as what it was written, "" if not at all
        self._within: Counter[str] = Counter()
        self._formatting: Counter[str] = Counter()  # what a parser would have open or open again
        self._pile = self._again = 0
        self._names: set[str] = set()
        self._tags: set[str] = set()
        self._options = 0

    def written(self) -> str:
        """Give the copy."""
        text, end, pieces = self._text, 0, self._pieces
        for number, found in enumerate(TOKEN.finditer(text)):
            pieces.append(text[end : found.start()].replace("<", "&lt;"))
            end = found.end()
            if number >= MAX_TAGS:
                self.limited = True
                pieces.append(TOKEN.sub(" ", text[found.start() :]).replace("<", "&lt;"))
                end = len(text)
                break
            raw, raw_attributes, inside, close, tag, attributes = found.groups()
            if raw:
                # The pattern leaves its end tag, which is dropped as one of nothing that is open: without one here, the rest is its text.
                pieces.append(f"<{raw}{self._attributes(raw_attributes)}>{inside}</{raw}>")
            elif close:
                self._end(tag.lower())
            elif tag:
                self._start(tag.lower(), attributes)
                if tag.lower() == "plaintext":
                    break
        pieces.append(text[end:].replace("<", "&lt;"))
        return "".join(pieces)

    def _start(self, tag: str, attributes: str) -> None:
        if tag in ONCE and self._within[tag]:
            self.limited = self.limited or bool(attributes)
            return
        if tag in VOID or tag in SELF_ENDING:
            self._begin_line(tag, attributes)
            return
        if tag in ALONE and self._within[tag]:
            self._end(tag)
        if tag in FORMATTING:
            self._formatting[tag] += 1
            self._pile += 1
            self.limited = self.limited or self._pile > MAX_PILE
        deep = len(self._opened) >= MAX_DEPTH
        self.limited = self.limited or deep
        name = "" if deep else self._known(FOREIGN.get(tag, tag))
        self._opened.append((tag, name))
        self._within[tag] += 1
        self._pieces.append(f"<{name}{self._attributes(attributes)}>" if name else " ")

    def _begin_line(self, tag: str, attributes: str) -> None:
        if tag in OPTIONS:
            self._options += 1
            if self._options > MAX_OPTIONS:
                self.limited = True
                self._pieces.append(" ")
                return
        if tag in SELF_ENDING:
            self._again += self._pile
            self.limited = self.limited or self._again > MAX_AGAIN
            self._end_formatting()
        self._pieces.append(f"<{tag}{self._attributes(attributes)}>")

    def _end(self, tag: str) -> None:
        if tag in SELF_ENDING:
            self._end_formatting()
            self._pieces.append(f"</{tag}>")
        elif self._within[tag]:
            if self._formatting[tag]:
                self._formatting[tag] -= 1
                self._pile -= 1
            while self._pop() != tag:
                pass
        else:
            self._pieces.append(" ")

    def _end_formatting(self) -> None:
        """End what stands open around words before a paragraph begins or ends: a parser would open it again in every one after it."""
        while self._opened and self._opened[-1][0] in FORMATTING:
            self._pop()

    def _pop(self) -> str:
        tag, name = self._opened.pop()
        self._within[tag] -= 1
        self._pieces.append(f"</{name}>" if name else " ")
        return tag

    def _known(self, tag: str) -> str:
        """Give the name an element is written with: that of a block where there are too many different ones."""
        if tag not in self._tags:
            if len(self._tags) >= MAX_NAMES or len(tag) > MAX_NAME_CHARS or "<" in tag:
                self.limited = True
                return "div"
            self._tags.add(tag)
        return tag

    def _attributes(self, given: str) -> str:
        """Write a tag's attributes again, those left out whose names are beyond the limit."""
        kept = ""
        for found in ATTRIBUTE.finditer(given):
            name = found[1].lower()
            if name not in self._names:
                if len(self._names) >= MAX_NAMES or len(name) > MAX_NAME_CHARS:
                    self.limited = True
                    continue
                self._names.add(name)
            kept += f" {found[0]}"
        return kept
