"""What speaks for a line being the headline? Who offers it, how it resembles the page's titles and address, how it reads.

The measures are weighed by headline.tsv; a measure that stands in no table weighs nothing.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from scraper.extract.plain import letters, words
from scraper.extract.site_names import is_site

__all__ = ["Line", "Scene", "address_words", "features", "of_kinds", "of_text"]

ALONE: Final = ("h1", "h1c", "hp", "hpc", "linked", "logo", "h2", "hx", "ld", "ldn", "md", "og", "ti", "tw", "om")
TOGETHER: Final = (("h1", "ti"), ("h1", "og"), ("og", "ti"), ("og", "ld"), ("h1", "ld"))
IN_NEWS: Final = ("h1", "ld", "og", "ti")
CLAIMS: Final = frozenset(("og", "ld", "md"))
LONGEST: Final = 120
LEAST_PART: Final = 8
LEAST_KICKER: Final = 5
SHORT_WORDS: Final = 2
SLUG_WORD_CHARS: Final = 2
SURE_LETTERS: Final = 13


class Line(NamedTuple):
    """A line, its common form, the signal that offered it first, all kinds of signals that offer it, and the block that shows it."""

    text: str
    form: str
    signal: str
    kinds: frozenset[str]
    block: int | None = None
    first: bool = False


class Scene(NamedTuple):
    """The page's titles in common form, and what else a line is measured against."""

    title: str
    open_graph: str
    heading: str
    headings: int
    url: str
    names: frozenset[str]
    types: tuple[str, ...]
    below: tuple[str, ...] = ()

    @property
    def is_news(self) -> bool:
        """Say whether the page's object calls itself news."""
        return any("News" in kind for kind in self.types)


def features(line: Line, scene: Scene) -> Iterator[tuple[str, float]]:
    """Give the measures of a line that are not nought."""
    yield from of_kinds(line.kinds, news=scene.is_news, typed=bool(scene.types))
    yield from of_text(line, scene)


def of_kinds(kinds: frozenset[str], *, news: bool, typed: bool) -> Iterator[tuple[str, float]]:
    """Give the measures of who offers a line."""
    for kind in ALONE:
        if kind in kinds:
            yield kind, 1.0
            if news and kind in IN_NEWS:
                yield f"{kind}&news", 1.0
    for one, other in TOGETHER:
        if one in kinds and other in kinds:
            yield f"{one}&{other}", 1.0
    if "hp" in kinds and "h1" not in kinds and not kinds.isdisjoint(("og", "ld")):
        yield "part&claim", 1.0
    if news and kinds >= {"ld", "og"}:
        yield "ld&og&news", 1.0
    if typed and "ld" in kinds:
        yield "ld&article", 1.0


def of_text(line: Line, scene: Scene) -> Iterator[tuple[str, float]]:
    """Give the measures of how a line reads, and of how it resembles the page's titles and address."""
    form, tokens = line.form, frozenset(words(line.form))
    if line.first:
        yield "first", 1.0
    if scene.headings == 1 and not line.kinds.isdisjoint(("h1", "h1c")):
        yield "only_h1", 1.0
    if is_site(line.text, scene.names):
        yield "site", 1.0
    if len(tokens) <= SHORT_WORDS:
        yield "short", 1.0
    yield "length", min(len(form), LONGEST) / 100
    slug = address_words(scene.url)
    if slug and tokens:
        common = len(tokens & slug)
        yield "of_slug", common / len(slug)
        yield "in_slug", common / len(tokens)
    yield from _parts(line, scene)
    if scene.below and "h1" not in line.kinds and not line.kinds.isdisjoint(("og", "ld")):
        yield from _below(letters(form), scene.below)


def _parts(line: Line, scene: Scene) -> Iterator[tuple[str, float]]:
    """Give the measures of what a line is a part of, and what is a part of it."""
    form, heading = line.form, scene.heading
    if len(form) > LEAST_PART:
        for name, title in (("in_title", scene.title), ("in_og", scene.open_graph), ("in_heading", heading)):
            if form in title:
                yield name, 1.0
    if scene.title and scene.title in form:
        yield "holds_title", 1.0
    if not heading or heading == form:
        return
    if not line.kinds.isdisjoint(CLAIMS) and _follows_kicker(form, heading):
        yield "after_kicker", 1.0
    for name, met in (("ends_h1", heading.endswith(form)), ("begins_h1", heading.startswith(form)),
                      ("ends_with_h1", form.endswith(heading)), ("begins_with_h1", form.startswith(heading))):  # fmt: skip
        if met:
            yield name, 1.0
            if "og" in line.kinds:
                yield f"og&{name}", 1.0


def _follows_kicker(form: str, heading: str) -> bool:
    """Say whether a heading is a claimed headline behind words that no sign parts from it: its kicker's element stands in the heading's."""
    kicker = heading[: -len(form) - 1]
    return len(form) >= SURE_LETTERS and len(kicker) >= LEAST_KICKER and heading.endswith(f" {form}") and kicker[-1].isalnum()


def _below(letters: str, headings: tuple[str, ...]) -> Iterator[tuple[str, float]]:
    """Say whether a claimed headline is shown in a heading below the first, whole or behind a kicker."""
    if len(letters) < SURE_LETTERS:
        return
    if letters in headings:
        yield "shown_below", 1.0
    elif any(heading.endswith(letters) for heading in headings):
        yield "shown_below_kicker", 1.0


@lru_cache(maxsize=8)
def address_words(url: str) -> frozenset[str]:
    """Give the words of an address behind its host, without the short ones."""
    path = url.partition("?")[0].partition("//")[2].partition("/")[2].replace("_", " ")
    return frozenset(word for word in words(path) if len(word) > SLUG_WORD_CHARS)
