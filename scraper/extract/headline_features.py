"""What speaks for a line being the headline? Named measures of one line beside the page's titles, for the weights in headline.tsv.

A measure is 0 or 1, or a share between them. Nothing here decides.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from scraper.extract.plain import words
from scraper.extract.site_names import is_site

__all__ = ["Line", "Scene", "features"]

ALONE = ("h1", "h1c", "hp", "hpc", "linked", "logo", "titled", "h2", "hx", "ld", "ldn", "alt", "md", "og", "ti", "tw", "om")
TOGETHER = (("h1", "ti"), ("h1", "og"), ("og", "ti"), ("og", "ld"), ("h1", "ld"))
LONGEST, LEAST_PART, SHORT_WORDS, SLUG_WORD_CHARS = 120, 8, 2, 2


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
    linked_data: str
    headings: int
    url: str
    names: frozenset[str]
    types: tuple[str, ...]


def features(line: Line, scene: Scene) -> Iterator[tuple[str, float]]:
    """Give the measures of a line that are not nought."""
    tokens = _tokens(line.form)
    yield from _sources(line, scene)
    yield from _shares(line, scene, tokens)
    if line.first:
        yield "first", 1.0
    if line.kinds & {"h1", "h1c"} and scene.headings == 1:
        yield "only_h1", 1.0
    if is_site(line.text, scene.names):
        yield "site", 1.0
    if len(tokens) <= SHORT_WORDS:
        yield "short", 1.0
    if line.text.isupper():
        yield "upper", 1.0
    if "hx" in line.kinds and line.form in (scene.open_graph, scene.linked_data):
        yield "hx&whole", 1.0
    if line.form.endswith(("...", "…")):
        yield "cut", 1.0
    yield "length", min(len(line.form), LONGEST) / 100


def _sources(line: Line, scene: Scene) -> Iterator[tuple[str, float]]:
    kinds = line.kinds
    news = any("News" in kind for kind in scene.types)
    for kind in ALONE:
        if kind in kinds:
            yield kind, 1.0
            if news and kind in ("h1", "ld", "og", "ti"):
                yield f"{kind}&news", 1.0
    for one, other in TOGETHER:
        if one in kinds and other in kinds:
            yield f"{one}&{other}", 1.0
    yield "sources", len(kinds) / 4
    if kinds.isdisjoint(("h1", "ld", "ti")) and "og" in kinds:
        yield ("og_alone&news" if news else "og_alone"), 1.0
    if news and kinds >= {"h1", "ld", "ti"}:
        yield "h1&ld&ti&news", 1.0
    if news and kinds >= {"ld", "og"}:
        yield "ld&og&news", 1.0
    if "ld" in kinds and scene.types:
        yield "ld&article", 1.0


def _shares(line: Line, scene: Scene, tokens: frozenset[str]) -> Iterator[tuple[str, float]]:
    form, heading = line.form, scene.heading
    slug = _slug(scene.url)
    if slug and tokens:
        common = len(tokens & slug)
        yield "of_slug", common / len(slug)
        yield "in_slug", common / len(tokens)
    for name, title in (("title", scene.title), ("og", scene.open_graph), ("heading", heading)):
        other = _tokens(title)
        yield f"like_{name}", len(tokens & other) / max(1, len(tokens | other))
        if len(form) > LEAST_PART and form in title:
            yield f"in_{name}", 1.0
    if scene.title and scene.title in form:
        yield "holds_title", 1.0
    if heading and heading != form:
        for name, met in (("ends_h1", heading.endswith(form)), ("begins_h1", heading.startswith(form)),
                          ("ends_with_h1", form.endswith(heading)),
                          ("begins_with_h1", form.startswith(heading))):  # fmt: skip
            if met:
                yield name, 1.0
                if "og" in line.kinds:
                    yield f"og&{name}", 1.0


@lru_cache(maxsize=512)
def _tokens(form: str) -> frozenset[str]:
    # Every line of a page is measured against the same titles.
    return frozenset(words(form))


@lru_cache(maxsize=8)
def _slug(url: str) -> frozenset[str]:
    path = url.partition("?")[0].partition("//")[2].partition("/")[2].replace("_", " ")
    return frozenset(word for word in words(path) if len(word) > SLUG_WORD_CHARS)
