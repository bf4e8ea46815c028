"""Which lines of a page could be its headline, and who offers each? Its headings, JSON-LD, og:title and <title>, without the site's name.

A line that several offer is one line. How much each of them counts is said in `headline_features`.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from scraper.decode import unescape
from scraper.extract.candidates import Claims
from scraper.extract.document import Document
from scraper.extract.headline_features import Line, Scene
from scraper.extract.plain import letters, plain
from scraper.extract.site_names import is_site, parted, without_site

__all__ = ["Heading", "lines"]

MAX_HEADINGS: Final = 6
MAX_LOWER: Final = 18
MAX_TITLE_CHARS: Final = 400
MIN_CHARS: Final = 3
MAX_CLEANED: Final = 2
MIN_REPEATED: Final = 8
MAX_SHOWN: Final = 600
LONG_LINK: Final = 25
SPACES: Final = 2
LINKED: Final = 0.8
MAX_PARTS: Final = 4
# A second heading this near below the first, with no paragraph between, may be the one that readers take for the headline.
BELOW_BLOCKS: Final = 30
PARAGRAPH_CHARS: Final = 160
# JSON-LD often keeps the first 110 characters only, which is what a search engine asked for.
CUT_CHARS: Final = 100
KINDS: Final = {
    "json_ld:headline": "ld", "json_ld:name": "ldn", "json_ld:alternativeHeadline": "alt", "microdata:headline": "md",
    "meta:og:title": "og", "meta:twitter:title": "tw", "html:title": "ti",
}  # fmt: skip
SEEN: Final = {"h1": "visible:h1", "hp": "visible:part_of_h1", "h2": "visible:h2", "hx": "visible:heading_in_title"}
LOGO: Final = re.compile(r"logo|brand|site-?(?:title|name)|masthead|navbar|blog-?(?:title|name)|header-?title-?site")


class Heading(NamedTuple):
    """A heading's level, its text, its first block, and the texts of its blocks."""

    level: str
    text: str
    block: int
    parts: list[str]


def lines(document: Document, claims: Claims, url: str | None, names: frozenset[str]) -> tuple[Scene, list[Line]]:
    """Give every line that could be the headline, once, with all that offer it, and the page's titles to compare with."""
    titles = _titles(document, claims)
    by_kind = {kind: plain(text) for text, kind, _ in reversed(titles)}
    forms = frozenset(plain(text) for text, _, _ in titles)
    found: dict[str, Line] = {}
    upper, lower = _headings(document)
    known = "\n".join(forms)
    # A heading that the titles repeat says where they end; without one, a line does.
    if not any(plain(heading.text) in known for heading in upper):
        forms |= _shown_part(document, [text for text, _, _ in titles], names)
    chosen = [*_upper(upper), *_lower(lower, forms, alone=not upper)]
    for place, (text, kind, block) in enumerate(chosen):
        signs = (kind, *_signs(document, block))
        _add(found, text, SEEN[kind], signs, block, first=place == 0)
        cleaned = without_site(text, names, forms) if place < MAX_CLEANED else text
        if cleaned != text:
            _add(found, cleaned, SEEN[kind], (f"{kind}c",), block, first=place == 0)
    first = plain(upper[0].text) if upper else ""
    full = (first, by_kind.get("ti", ""))
    for text, kind, signal in titles:
        if not is_site(text, names) and not _is_cut(kind, by_kind[kind], full):
            _add(found, without_site(text, names, forms), signal, (kind,))
    scene = Scene(
        title=by_kind.get("ti", ""),
        open_graph=by_kind.get("og", ""),
        heading=first,
        headings=len(upper),
        url=url or "",
        names=names,
        types=claims.types,
        below=_below(document, upper, lower, found),
    )
    return scene, list(found.values())


def _titles(document: Document, claims: Claims) -> list[tuple[str, str, str]]:
    """Give what claims to be the title, the kind of claim, and its signal."""
    titles = [(claim.value, claim.signal) for claim in claims.headlines]
    titles.extend([(document.title[:MAX_TITLE_CHARS], "html:title")] if document.title else [])
    return [
        (unescape(text) if "&" in text else text, KINDS.get(signal, "om"), signal)
        for text, signal in titles
        if len(text) <= MAX_TITLE_CHARS
    ]


def _shown_part(document: Document, titles: list[str], names: frozenset[str]) -> frozenset[str]:
    """Give the part of a title that the page shows as a line of its own: the rest is its site's or section's name."""
    parts = [(plain(head), plain(tail), len(title)) for title in titles for head, tail in parted(title)]
    heads = {head for head, _, _ in parts}
    # What a title ends with is the headline where it is most of it.
    tails = {tail for _, tail, whole in parts if len(tail) * 2 > whole}
    forms = [*sorted(heads, key=_longest_first), *sorted(tails, key=_longest_first)]
    shown = _shown_among(document, frozenset(form for form in forms if len(form) >= MIN_REPEATED and not is_site(form, names)))
    return frozenset(next(([form] for form in forms if form in shown), ()))


def _longest_first(form: str) -> tuple[int, str]:
    return -len(form), form


def _shown_among(document: Document, forms: frozenset[str]) -> set[str]:
    """Give those of the forms that a line says; a short link is one of a menu."""
    # By their lengths first: next to no line is as long as one of these.
    lengths = {len(form) + more for form in forms for more in range(-SPACES, SPACES + 1)}
    lines_ = [block for block in document.blocks[:MAX_SHOWN] if len(block[0]) in lengths] if forms else []
    return {form for block in lines_ if (form := plain(block[0])) in forms and (block.links == 0 or len(form) >= LONG_LINK)}


def _is_cut(kind: str, form: str, full: tuple[str, ...]) -> bool:
    """Say whether a claim stops inside another title: at the length JSON-LD is kept to, or at a quote that ended its attribute."""
    if kind not in ("ld", "og"):
        return False
    form = form.rstrip(" .…")
    rests = [other[len(form) :].lstrip() for other in full if other.startswith(form)]
    return any(rest.startswith('"') or (len(form) >= CUT_CHARS and rest[:1].isalnum()) for rest in rests)


def _add(found: dict[str, Line], text: str, signal: str, kinds: tuple[str, ...], block: int | None = None, *, first: bool = False) -> None:
    text = text.strip()
    if not MIN_CHARS <= len(text) <= MAX_TITLE_CHARS:
        return
    form = plain(text)
    known = found.get(form)
    if known is None:
        found[form] = Line(text, form, signal, frozenset(kinds), block, first=first)
    else:
        shown = known.block if known.block is not None else block
        found[form] = known._replace(kinds=known.kinds.union(kinds), block=shown, first=known.first or first)


# -- headings


def _headings(document: Document) -> tuple[list[Heading], list[Heading]]:
    """Give the headings of level one and the lower ones in page order, the hidden ones left out."""
    layout, elements = document.layout, document.elements
    upper: list[Heading] = []
    lower: list[Heading] = []
    if layout is None:
        return upper, lower
    for index in document.headings:
        element = elements[index]
        kept = upper if element.tag == "h1" else lower
        if element.hidden or (kept is lower and len(lower) >= MAX_LOWER):
            continue
        first = int(layout.first[index])
        parts = [block.text for block in document.blocks[first : int(layout.end[index])]]
        text = " ".join(parts)
        if "\n" in text or "&" in text:
            parts = [unescape(part.replace("\n", " ")) for part in parts]
            text = " ".join(parts)
        if MIN_CHARS <= len(text) <= MAX_TITLE_CHARS:
            kept.append(Heading(element.tag, text, first, parts))
    return upper, lower


def _upper(headings: list[Heading]) -> Iterator[tuple[str, str, int]]:
    """Give the headings of level one; a kicker and a headline may share one, a line each."""
    for heading in headings[:MAX_HEADINGS]:
        yield heading.text, "h1", heading.block
        if 1 < len(heading.parts) <= MAX_PARTS:
            yield from ((part, "hp", heading.block + place) for place, part in enumerate(heading.parts))


def _lower(headings: list[Heading], titles: frozenset[str], *, alone: bool) -> Iterator[tuple[str, str, int]]:
    """Give the lower headings that a title of the page repeats, and those of level two where there is none of level one."""
    joined = "\n".join(titles)
    for heading in headings:
        form = plain(heading.text)
        repeated = len(form) >= MIN_REPEATED and form in joined
        if repeated or (alone and heading.level == "h2"):
            yield heading.text, "hx" if repeated else "h2", heading.block


def _below(document: Document, upper: list[Heading], lower: list[Heading], found: dict[str, Line]) -> tuple[str, ...]:
    """Give the letters of the lower headings near below the first of level one, where og:title or JSON-LD speak of another headline."""
    if not upper or not any(line.kinds.isdisjoint(("h1",)) and line.kinds & {"og", "ld"} for line in found.values()):
        return ()
    top, blocks = upper[0].block, document.blocks
    story = (index for index in range(top + 1, min(len(blocks), top + BELOW_BLOCKS)) if len(blocks[index][0]) >= PARAGRAPH_CHARS)
    near = range(top, next(story, top + BELOW_BLOCKS))
    shown = [heading for heading in lower if heading.block in near and blocks[heading.block].links == 0]
    return tuple(letters(plain(heading.text)) for heading in shown)


def _signs(document: Document, block: int) -> Iterator[str]:
    """Give what a heading's element says of it: that it is a logo or links away."""
    line = document.blocks[block]
    if line.link_chars >= len(line.text) * LINKED:
        yield "linked"
    if _is_logo(_hints(document, line.element)):
        yield "logo"


@lru_cache(maxsize=4096)
def _is_logo(hints: str) -> bool:
    # Cached: the same few hints stand on every page of a site.
    return LOGO.search(hints) is not None


def _hints(document: Document, element: int) -> str:
    """Give the hints of an element and of the two around it."""
    hints = []
    for _ in range(3):
        if element < 0:
            break
        hints.append(document.elements[element].hint)
        element = document.elements[element].parent
    return " ".join(hints)
