"""Which line is the story's headline, and where does it stand? Weighs h1, JSON-LD, og:title and <title>, and takes the site's name off.

A headline is shown as the page writes it, curly quotes and all; only comparisons use a common form. What speaks for a line is measured in
`headline_features`, how much it counts is learned (`benchmarks/train_headline.py`) and stands in headline.tsv.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from scraper.decode import unescape
from scraper.extract.candidates import Choice, Claims, Found
from scraper.extract.document import Document
from scraper.extract.headline_features import Line, Scene, features
from scraper.extract.plain import plain, words
from scraper.extract.site_names import is_site, without_site
from scraper.records import Candidate

__all__ = ["Headline", "headline", "lines"]

MAX_HEADINGS, MAX_TITLE_CHARS, MIN_CHARS, SAME_LENGTH, MAX_CLEANED, MIN_REPEATED = 6, 400, 3, 6, 2, 8
# In plain text: what is a paragraph, and what can be a headline.
PARAGRAPH_CHARS, LEAST_LINE, LONGEST_LINE, SHORTEST_LINE = 160, 20, 250, 5
BYLINE = re.compile(r"(?:by|post by|von|por|par|di|door|av|text)\b\s*:?\s*\w", re.IGNORECASE)
CLOSING = "”\"’'»)"  # quotes that may close a sentence
LEVELS = frozenset(("h1", "h2", "h3", "h4"))
KINDS = {
    "json_ld:headline": "ld", "json_ld:name": "ldn", "json_ld:alternativeHeadline": "alt", "microdata:headline": "md",
    "meta:og:title": "og", "meta:twitter:title": "tw",
}  # fmt: skip

LINKED, MAX_PARTS = 0.8, 4
LOGO = re.compile(r"logo|brand|site-?(?:title|name)|masthead|navbar|blog-?(?:title|name)|header-?title-?site")
TITLED = re.compile(
    r"headline|(?:entry|post|article|story|page|content|single|blog-post|node|news|hero|detail)[-_]{0,2}(?:header[-_]{0,2})?title|p-name"
)
SEEN = {"h1": "visible:h1", "hp": "visible:part_of_h1", "h2": "visible:h2", "hx": "visible:heading_in_title"}


class Headline(NamedTuple):
    """The choice, and the index of the block that shows it, if any does."""

    choice: Choice[str]
    block: int | None = None


def headline(document: Document, claims: Claims, url: str | None, names: frozenset[str]) -> Headline:
    """Choose the headline of an HTML page, or of a plain text. `names` are the site's own, from `site_names`."""
    if not document.is_html:
        return _of_text(document)
    weights = _weights()
    scene, found = lines(document, claims, url, names)
    ranked = sorted(found, key=lambda line: -sum(weights.get(name, 0.0) * value for name, value in features(line, scene)))
    if not ranked:
        return Headline(Choice())
    winner = ranked[0]
    losers = tuple(Candidate(value=line.text, signal=line.signal, reason="less likely by the page's signals") for line in ranked[1:9])
    return Headline(Choice(Found(winner.text, winner.signal), losers), _shown(document, winner, found, names))


def lines(document: Document, claims: Claims, url: str | None, names: frozenset[str]) -> tuple[Scene, list[Line]]:
    """Give every line that could be the headline, once, with all the signals that offer it, and the page's titles to compare with."""
    titles = [
        (claim.value, KINDS.get(claim.signal, "om"), claim.signal) for claim in claims.headlines if len(claim.value) <= MAX_TITLE_CHARS
    ]
    titles.extend([(document.title[:MAX_TITLE_CHARS], "ti", "html:title")] if document.title else [])
    forms = frozenset(plain(text) for text, _, _ in titles)
    found: dict[str, Line] = {}
    headings = list(_headings(document, forms))
    for place, (text, kind, block) in enumerate(headings):
        _add(found, text, (SEEN[kind], kind, block), first=place == 0)
        for sign in _signs(document, block):
            _add(found, text, (SEEN[kind], sign, block))
        cleaned = without_site(text, names, forms) if place < MAX_CLEANED else text
        if cleaned != text:
            _add(found, cleaned, (SEEN[kind], f"{kind}c", block), first=place == 0)
    for text, kind, signal in titles:
        if not is_site(text, names):
            _add(found, without_site(text, names, forms), (signal, kind, None))
    first = next((plain(text) for text, kind, _ in headings if kind == "h1"), "")
    scene = Scene(
        title=plain((document.title or "")[:MAX_TITLE_CHARS]),
        open_graph=plain(next((text for text, kind, _ in titles if kind == "og"), "")),
        heading=first,
        linked_data=plain(next((text for text, kind, _ in titles if kind == "ld"), "")),
        headings=sum(kind == "h1" for _, kind, _ in headings),
        url=url or "",
        names=names,
        types=claims.types,
    )
    return scene, list(found.values())


def _signs(document: Document, block: int) -> Iterator[str]:
    """Give what a heading's element says of it: that it is a logo or links away, or that its class calls it the headline."""
    line = document.blocks[block]
    if line.link_chars >= len(line.text) * LINKED:
        yield "linked"
    yield from _told(_hints(document, line.element))


@lru_cache(maxsize=4096)
def _told(hints: str) -> tuple[str, ...]:
    # Cached: the same few hints stand on every page of a site.
    return tuple(sign for sign, pattern in (("logo", LOGO), ("titled", TITLED)) if pattern.search(hints))


def _hints(document: Document, element: int) -> str:
    """Give the hints of an element and of the two around it."""
    hints = []
    for _ in range(3):
        if element < 0:
            break
        hints.append(document.elements[element].hint)
        element = document.elements[element].parent
    return " ".join(hints)


def _add(found: dict[str, Line], text: str, source: tuple[str, str, int | None], *, first: bool = False) -> None:
    signal, kind, block = source
    text = text.strip()
    form = plain(text)
    if not MIN_CHARS <= len(text) <= MAX_TITLE_CHARS:
        return
    known = found.get(form)
    if known is None:
        found[form] = Line(text, form, signal, frozenset((kind,)), block, first=first)
    else:
        found[form] = known._replace(
            kinds=known.kinds | {kind}, block=known.block if known.block is not None else block, first=known.first or first
        )


def _shown(document: Document, winner: Line, found: list[Line], names: frozenset[str]) -> int | None:
    """Find the block that shows the headline: its own, one with the same text, else the heading most like it that is no logo."""
    if winner.block is not None:
        return winner.block
    for index, block in enumerate(document.blocks):
        if abs(len(block.text) - len(winner.text)) <= SAME_LENGTH and plain(block.text) == winner.form:
            return index
    wanted = set(words(winner.form))
    headings = [line for line in found if "h1" in line.kinds and not line.kinds & {"linked", "logo"} and not is_site(line.text, names)]
    best = max(headings, key=lambda line: len(wanted & set(words(line.form))), default=None)
    return best.block if best else None


def _headings(document: Document, titles: frozenset[str]) -> Iterator[tuple[str, str, int]]:
    """Give the headings of level one in page order; lower ones where there is none, or where a title of the page repeats them."""
    found = 0
    lower: list[tuple[str, str, int]] = []
    for level, start, parts in _by_level(document):
        text = " ".join(parts)
        if not MIN_CHARS <= len(text) <= MAX_TITLE_CHARS:
            continue
        if level == "h1":
            found += 1
            if found <= MAX_HEADINGS:
                yield text, "h1", start
                # A kicker and a headline may share the heading, a line each.
                yield from ((part, "hp", start + place) for place, part in enumerate(parts) if 1 < len(parts) <= MAX_PARTS)
        elif len(lower) < 3 * MAX_HEADINGS:
            lower.append((text, level, start))
    for text, level, index in lower:
        form = plain(text)
        repeated = len(form) >= MIN_REPEATED and any(form in title for title in titles)
        if repeated or (not found and level == "h2"):
            yield text, "h2" if not repeated else "hx", index


def _by_level(document: Document) -> Iterator[tuple[str, int, list[str]]]:
    """Give each heading's level, first block and the texts of its blocks; hidden ones left out."""
    layout = document.layout
    if layout is None:
        return
    for index in [index for index, element in enumerate(document.elements) if element[0] in LEVELS]:
        element = document.elements[index]
        if not element.hidden:
            first, end = int(layout.first[index]), int(layout.end[index])
            parts = [" ".join(block.text.split()) for block in document.blocks[first:end]]
            yield element.tag, first, [unescape(part) if "&" in part else part for part in parts]


@lru_cache(maxsize=1)
def _weights() -> Mapping[str, float]:
    rows = (
        line.split("\t")
        for line in files("scraper.extract").joinpath("headline.tsv").read_text("utf-8").splitlines()
        if not line.startswith("#")
    )
    return {name: float(weight) for name, weight in rows}


# -- plain text


def _of_text(document: Document) -> Headline:
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
        return Headline(Choice())
    losers = tuple(
        Candidate(value=lines[index], signal="text:line", reason="stands once or is shorter")
        for index in able
        if lines[index] != lines[chosen]
    )
    last = max(index for index in range(chosen, min(chosen + 4, len(lines))) if plain(lines[index]) == plain(lines[chosen]))
    return Headline(Choice(Found(lines[chosen], "text:repeated_line" if repeated else "text:line"), losers[:8]), last)
