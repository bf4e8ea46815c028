"""What does the site's template say of a page? How likely its places hold story, which blocks other pages repeat, and if it is built alike.

Learning is `lessons` (one page) and `memory` (all of them); where templates are kept, and when a page is learned from, is left to the
pipeline. Fields that are read at learned places are `learned_fields`.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Final

from scraper.extract.document import Block, Document
from scraper.extract.paths import Paths
from scraper.fingerprints import block_fingerprint, opening_letters
from scraper.records import FieldEvidence, Repeated, Rule, Template

__all__ = ["FEWEST_PAGES", "FITS", "MISFIT", "MOST_REPEATED", "SENTENCE_CHARS", "Site"]

FITS, MISFIT = "template_fits", "template_misfit"
# Beyond these no odds of a path change what becomes of a block: they gain it 2 at most, which leads from .033 to .2, or cost it 3.
SURELY_NOT, SURELY = 0.033, 0.955
# A path that holds story says nothing for a caption in it, or for a line of links.
NEVER_LIKELIER: Final = frozenset(("figcaption", "caption", "figure", "aside", "nav", "footer", "header", "form"))
LINKED = 0.6
# A repeated line shorter than this, or in one of these, is a subhead or a cell: part of how the site tells its stories.
SENTENCE_CHARS = 40
# Of a story at most this share can be the site's own: pages that have more in common are one story at several addresses.
MOST_REPEATED = 0.5
FORMAL: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "th", "td", "dt"))
# A page fits where one of the known places of the body holds this share of its story; a field's absence is told from this support on.
HELD, USUAL = 0.5, 0.9
SAMPLE = 20  # blocks of a story, evenly taken: enough to tell where most of it stands
ABOVE, BELOW = 40, 15  # blocks around the first of a story, within which its headline, byline and date stand
FEWEST_PAGES = 5


class Site:
    """One page beside the template of its site. Paths and odds are worked out for the blocks that are asked for."""

    def __init__(self, document: Document, template: Template) -> None:
        self.document = document
        self.template = template
        self.paths = Paths(document.elements)
        self._odds: dict[int, float] = {-1: 0.0}
        self._letters = {known.letters for known in template.repeated.values()}

    def weighed(self, scores: Sequence[float]) -> list[float]:
        """Add to the model's log odds those of each block's path, or of the nearest known path around it."""
        blocks, odds = self.document.blocks, self.template.odds
        if not odds:
            return list(scores)
        weighed = list(scores)
        for index in [index for index, score in enumerate(scores) if SURELY_NOT < score < SURELY]:
            block, score = blocks[index], scores[index]
            shift = self._odds_at(block.element)
            if shift < 0 or (shift > 0 and _may_gain(block)):
                weighed[index] = 1 / (1 + math.exp(-shift) * (1 - score) / score)
        return weighed

    def repeated(self, story: Sequence[int]) -> dict[int, str]:
        """Give those of the story's blocks that the site repeats, each with the reason.

        What the other pages have in their stories too is no story, unless it is half of this one: then they tell the same.
        """
        blocks = self.document.blocks
        known = {index: mark for index in story if (mark := self._known(blocks[index])) is not None}
        told = sum(len(blocks[index].text) for index, mark in known.items() if not mark.beside)
        if told and told > MOST_REPEATED * sum(len(blocks[index].text) for index in story):
            known = {index: mark for index, mark in known.items() if mark.beside}
        return {index: f"repeated on {mark.pages} of the site's other pages" for index, mark in known.items()}

    def _known(self, block: Block) -> Repeated | None:
        # A fingerprint costs more than a template may: most blocks are told apart by their first letters.
        if opening_letters(block.text) not in self._letters:
            return None
        known = self.template.repeated.get(block_fingerprint(block.text))
        return known if known is not None and (known.beside or _is_sentence(block)) else None

    def is_beside(self, text: str) -> bool:
        """Say whether a text stands beside the stories of several pages."""
        if opening_letters(text) not in self._letters:
            return False
        known = self.template.repeated.get(block_fingerprint(text))
        return known is not None and known.beside

    def at(self, rule: Rule, among: range | None = None) -> Iterator[int]:
        """Give the blocks that stand at a rule's place; with `among`, of these only."""
        blocks, paths = self.document.blocks, self.paths.of_all()
        for index in range(len(blocks)) if among is None else among:
            block = blocks[index]
            if block.tag == rule.tag and block.element >= 0 and paths[block.element] == rule.path:
                yield index

    def fit(self, kept: Sequence[int]) -> FieldEvidence | None:
        """Say whether the page is built as the site's others are; None where too few of them are known."""
        rules = self.template.rules
        bodies = [rule for rule in rules if rule.field == "body"]
        if self.template.pages < FEWEST_PAGES or not bodies or not kept:
            return None
        sample = kept[:: max(1, len(kept) // SAMPLE)]
        best = next((rule for rule in bodies if self._holds(rule.path, sample)), None)
        misses = [*([] if best else bodies[:1]), *self._absent(kept[0])]
        if misses or best is None:
            return FieldEvidence(field="template", signal=MISFIT, value="not where it was: " + "; ".join(map(_said, misses)))
        return FieldEvidence(field="template", signal=FITS, value=_said(best))

    def _absent(self, first: int) -> list[Rule]:
        """Give the places that nearly every page has around the head of its story, and this one has not."""
        known = [[rule for rule in self.template.rules if rule.field == field] for field in ("headline", "authors", "published")]
        usual = [rules for rules in known if rules and sum([rule.pages for rule in rules]) >= USUAL * rules[0].of]
        tags = {rule.tag for rules in usual for rule in rules}
        around, paths = self.document.blocks[max(0, first - ABOVE) : first + BELOW] if usual else (), self.paths.of_all()
        here = {(block.tag, paths[block.element]) for block in around if block.tag in tags and block.element >= 0}
        return [rules[0] for rules in usual if not any((rule.tag, rule.path) in here for rule in rules)]

    def _holds(self, path: str, story: Sequence[int]) -> bool:
        """Say whether most of the story stands inside one path."""
        blocks, elements, paths = self.document.blocks, self.document.elements, self.paths.of_all()
        known: dict[int, bool] = {-1: False}
        held = total = 0
        for index in story:
            waiting, at = [], blocks[index].element
            while at not in known and paths[at] != path:
                waiting.append(at)
                at = elements[at].parent
            inside = known.setdefault(at, True)
            for inner in waiting:
                known[inner] = inside
            size = len(blocks[index].text)
            total += size
            held += size if inside else 0
        return held >= HELD * total

    def _odds_at(self, element: int) -> float:
        known, odds, elements, paths = self._odds, self.template.odds, self.document.elements, self.paths.of_all()
        waiting = []
        at = element
        while at not in known:
            value = odds.get(paths[at])
            if value is not None:
                known[at] = value
                break
            waiting.append(at)
            at = elements[at].parent
        for inner in waiting:
            known[inner] = known[at]
        return known[element]


def _may_gain(block: Block) -> bool:
    return block.tag not in NEVER_LIKELIER and block.link_chars < LINKED * len(block.text)


def _is_sentence(block: Block) -> bool:
    return len(block.text) >= SENTENCE_CHARS and block.tag not in FORMAL


def _said(rule: Rule) -> str:
    return f"{rule.field} at {rule.label} ({rule.pages} of {rule.of} pages)"
