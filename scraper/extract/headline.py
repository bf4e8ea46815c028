"""Which line is the story's headline, and where does it stand? Weighs the lines that `headline_lines` offers.

A headline is shown as the page writes it, curly quotes and all; only comparisons use a common form. What speaks for a line is measured in
`headline_features`, how much it counts is learned (`benchmarks/train_headline.py`) and stands in headline.tsv.
"""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

from scraper.extract.candidates import Choice, Claims, Found
from scraper.extract.document import Document
from scraper.extract.headline_features import Line, Scene, address_words, of_kinds, of_text
from scraper.extract.headline_lines import lines
from scraper.extract.headline_text import headline_of_lines, headline_of_text, is_paragraph
from scraper.extract.plain import plain, words
from scraper.extract.site_names import is_site, parted
from scraper.records import Candidate

__all__ = ["Headline", "headline"]

SAME_LENGTH: Final = 6
MAX_LOSERS: Final = 8
# A heading of so few words, which the title has as a part only, may be the site's name.
NAME_WORDS: Final = 3
TOLD: Final = frozenset(("og", "ld", "md", "ti"))
REPEATED: Final = frozenset(("hx", "ti"))
TITLES: Final = TOLD | {"hx", "ldn", "tw", "om", "alt"}
# A heading below so many paragraphs is a teaser's, unless a title repeats it or no line above them is said twice or by the address: of the
# 49 headlines of the corpora's pages that stand there, none is left out for it.
PARAGRAPHS: Final = 3


class Headline(NamedTuple):
    """The choice, and the index of the block that shows it, if any does."""

    choice: Choice[str]
    block: int | None = None


def headline(document: Document, claims: Claims, url: str | None, names: frozenset[str]) -> Headline:
    """Choose the headline of an HTML page, or of a plain text. `names` are the site's own, from `site_names`."""
    if not document.is_html:
        return Headline(*headline_of_text(document))
    scene, found = lines(document, claims, url, names)
    ranked = sorted(found, key=lambda line: -_weight(line, scene)) if len(found) > 1 else list(found)
    if ranked and _is_short(ranked[0]):
        # A heading of the site's name above the story's own, which the title repeats: so on all three such pages of the sets.
        ranked.sort(key=lambda line: not line.kinds >= REPEATED)
    below = bool(ranked) and _is_below_story(ranked[0], document)
    if not ranked or below or _is_of_site(ranked[0], document, names):
        choice, block = headline_of_lines(document, address_words(url or ""))
        if choice.winner is not None and (not ranked or below or _gives_way(ranked[0], choice.winner.value, block or 0)):
            return Headline(choice, block)
    if not ranked:
        return Headline(Choice())
    winner = ranked[0]
    reason = "less likely by the page's signals"
    losers = tuple(Candidate(value=line.text, signal=line.signal, reason=reason) for line in ranked[1 : 1 + MAX_LOSERS])
    return Headline(Choice(Found(winner.text, winner.signal), losers), _shown(document, winner, found, names))


def _gives_way(line: Line, text: str, block: int) -> bool:
    """Say whether a line that may be the site's gives way to another, which stands below it and does not hold it."""
    return line.form not in plain(text) and (line.block is None or line.kinds == {"h2"} or line.block < block)


def _is_below_story(line: Line, document: Document) -> bool:
    """Say whether a heading that no title speaks for stands below paragraphs: it is a teaser's, if a line above may be the headline."""
    if line.block is None or not line.kinds.isdisjoint(TITLES):
        return False
    above = 0
    for block in document.blocks[: line.block]:
        above += is_paragraph(block.text) and block.link_chars * 2 < len(block.text)
        if above >= PARAGRAPHS:
            return True
    return False


def _is_of_site(line: Line, document: Document, names: frozenset[str]) -> bool:
    """Say whether the likeliest line may be the site's and no story's: its name, or a title that nobody else offers nor the page shows."""
    if is_site(line.text, names) or line.kinds == {"h2"}:
        return True
    if line.kinds == {"ti"}:
        low, high = len(line.text) - SAME_LENGTH, len(line.text) + SAME_LENGTH
        return not any(low <= len(block[0]) <= high and plain(block[0]) == line.form for block in document.blocks)
    return _is_short(line) and _heads_title(line.form, document.title)


def _is_short(line: Line) -> bool:
    return line.kinds.isdisjoint(TOLD) and len(words(line.form)) <= NAME_WORDS


def _heads_title(form: str, title: str | None) -> bool:
    """Say whether a line stands in the title between its separators, as a site's name does, or there is no title."""
    return not title or any(plain(part) == form for parts in parted(title) for part in parts)


def _weight(line: Line, scene: Scene) -> float:
    weights = _weights()
    offered = _weight_of_kinds(line.kinds, scene.is_news, bool(scene.types))
    return offered + sum(weights.get(name, 0.0) * value for name, value in of_text(line, scene))


@lru_cache(maxsize=2048)
def _weight_of_kinds(kinds: frozenset[str], news: bool, typed: bool) -> float:
    # Cached: pages of one site have their headlines from the same places.
    weights = _weights()
    return sum(weights.get(name, 0.0) * value for name, value in of_kinds(kinds, news=news, typed=typed))


@lru_cache(maxsize=1)
def _weights() -> Mapping[str, float]:
    text = files("scraper.extract").joinpath("headline.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {name: float(weight) for name, weight in rows}


def _shown(document: Document, winner: Line, found: list[Line], names: frozenset[str]) -> int | None:
    """Find the block that shows the headline: its own, one with the same text, else the heading most like it that is no logo."""
    if winner.block is not None:
        return winner.block
    low, high = len(winner.text) - SAME_LENGTH, len(winner.text) + SAME_LENGTH
    for index, block in enumerate(document.blocks):
        if low <= len(block[0]) <= high and plain(block[0]) == winner.form:
            return index
    wanted = set(words(winner.form))
    headings = [line for line in found if "h1" in line.kinds and not line.kinds & {"linked", "logo"} and not is_site(line.text, names)]
    best = max(headings, key=lambda line: len(wanted & set(words(line.form))), default=None)
    return best.block if best else None
