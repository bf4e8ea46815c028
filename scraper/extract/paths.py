"""Where on a page does a block stand, said so that it holds on the site's next page? Its path: the elements around it, from the root in,
each with its tag and those of its class and id words that the site will write again.

Positions among siblings are no part of it, numbers count alike, and words that a build tool or an editor's choice makes (hashes, a
story's own id or category) are left out. A path is handed on as a short hash; `label` says it to people.
"""

import re

from scraper.extract.document import Element
from scraper.extract.inner_loops import paths

__all__ = ["Paths"]

DIGITS = re.compile(r"\d+")
# `module_part__x7Fa2`, as CSS modules are written, and any ending of letters mixed with digits behind two underscores.
MODULE = re.compile(r"(?<=[a-z\d]_)[^_]+_(?P<hash>_[a-z0-9_+-]{5})$|_(?P<mixed>_(?=[a-z]*\d)[a-z\d]{5,8})$")
# Words that libraries of styles generate whole.
GENERATED = re.compile(r"(?:sc|css|jsx|svelte|emotion|astro|_ngcontent|data-v)-|[b-df-hj-np-tv-xz]{5,}$|:r")
STYLED = re.compile(r"(?:^| )sc-")
STYLED_NAME = re.compile(r"[a-z]{5,7}$")
# What WordPress and its kin write beside a story's number: its categories, tags and writers.
NUMBERED = re.compile(r"(?:^| )(?:post|postid|page-id|node|entry)-\d")
FILED = re.compile(r"(?:category|tag|author|term)-")
MAX_NUMBERS, MAX_WORDS, MAX_HINT_CHARS = 2, 6, 400
ROOTS = frozenset(("html", "body"))  # their classes speak of the page, not of a place on it
LABELLED, NO_PATH = 2, "00000000"


class Paths:
    """The paths of one page's elements, worked out when the first of them is asked for."""

    __slots__ = ("_elements", "_known")

    def __init__(self, elements: tuple[Element, ...]) -> None:
        self._elements = elements
        self._known: tuple[str, ...] | None = None

    def of_all(self) -> tuple[str, ...]:
        """Give the path of each element, eight hex digits."""
        if self._known is None:
            self._known = paths(self._elements, _signature)
        return self._known

    def of(self, index: int) -> str:
        """Give the path of an element; -1 stands for what has no element around it."""
        return self.of_all()[index] if index >= 0 else NO_PATH

    def label(self, index: int) -> str:
        """Write the end of an element's path as a selector: `article.story > div.text`."""
        parts: list[str] = []
        while index >= 0 and len(parts) < LABELLED:
            element = self._elements[index]
            parts.append(_signature(element.tag, element.hint))
            index = element.parent
        return " > ".join(reversed(parts))


def _signature(tag: str, hint: str) -> str:
    return tag if tag in ROOTS else ".".join((tag, *_lasting(hint[:MAX_HINT_CHARS])))


def _lasting(hint: str) -> list[str]:
    """Give the words of an element's hint that will stand on the next page too."""
    styled, numbered = STYLED.search(hint) is not None, NUMBERED.search(hint) is not None
    kept: list[str] = []
    for word in hint.split():
        if GENERATED.match(word) or (styled and STYLED_NAME.match(word)) or (numbered and FILED.match(word)):
            continue
        masked = DIGITS.sub("0", _without_hash(word))
        if masked.count("0") <= MAX_NUMBERS and masked not in kept:
            kept.append(masked)
    return kept[:MAX_WORDS]


def _without_hash(word: str) -> str:
    found = MODULE.search(word)
    if found is None:
        return word
    return word[: found.start("hash") if found["hash"] else found.start("mixed")].rstrip("_")
