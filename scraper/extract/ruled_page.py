"""What do a source's own selectors make of its page? What `strip` finds is taken out, and the blocks inside of `body` are told.

The rules that concern the text and the fields are `site_rules`. A page that comes as plain text has nothing to select.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from scraper.extract.document import Block, Document
from scraper.extract.repair import safe_markup
from scraper.extract.walk import walk_html
from scraper.records import Dropped, FieldEvidence, SiteRules

__all__ = ["BY_RULE", "STRIPPED", "Ruled", "outside", "ruled", "weighed"]

BY_RULE: Final = "rules:body"
STRIPPED: Final = "+rules:strip"
MARK: Final = "scraper-rule-body"  # a class that no page has: how an element that a selector finds is known again among the blocks
OUTSIDE: Final = "outside of the source's rule body"
SURE, MAX_REASON_CHARS = 0.99, 300
# What stands in a story's element without being it: of these, of a line of links and of a short line in an element for anything (a date, a
# button) the model's own word holds.
NEVER: Final = frozenset(("figcaption", "caption", "figure", "aside", "nav", "footer", "header", "form"))
TEXT: Final = frozenset(("p", "li", "blockquote", "pre", "h2", "h3", "h4", "h5", "h6", "td", "th", "dt", "dd"))
LINKED, LINE = 0.6, 60


class Ruled(NamedTuple):
    """A page under its source's rules: its text, as characters or in UTF-8, and its blocks, what was taken out, and a note where the body's
    place is not there.
    """

    text: str | bytes
    document: Document
    dropped: tuple[Dropped, ...] = ()
    note: FieldEvidence | None = None


def ruled(text: str, rules: SiteRules) -> Ruled:
    """Apply the selectors to a page's markup. One that is no selector finds nothing."""
    tree = LexborHTMLParser(safe_markup(text))
    dropped = tuple(taken for selector in rules.strip for taken in _taken_out(tree, selector))
    for node in _found(tree, rules.body):
        node.attrs["class"] = f"{node.attributes.get('class') or ''} {MARK}"
    text = tree.html or ""
    document = walk_html(text)
    inside = _inside(document)
    if inside:
        return Ruled(text.replace(f" {MARK}", ""), _unmarked(document)._replace(inside=inside), dropped)
    note = FieldEvidence(field="rules", signal=BY_RULE, value=f"finds no text on this page: {rules.body}") if rules.body else None
    return Ruled(text, document, dropped, note)


def weighed(document: Document, scores: Sequence[float]) -> Sequence[float]:
    """Give the scores of the blocks where a source's rules say which hold the story: these are sure, all others are not."""
    inside, blocks = document.inside, document.blocks
    if inside is None:
        return scores
    told = [index in inside and _is_told(block) for index, block in enumerate(blocks)]
    return [max(score, SURE) if told[index] else score * (index in inside) for index, score in enumerate(scores)]


def outside(document: Document, scores: Sequence[float], least: float) -> dict[int, str]:
    """Give the blocks that the model alone would keep, its score at least this, and the rule does not."""
    if document.inside is None:
        return {}
    return {index: OUTSIDE for index, score in enumerate(scores) if score >= least and index not in document.inside}


def _is_told(block: Block) -> bool:
    if block.tag in NEVER or block.link_chars >= LINKED * len(block.text):
        return False
    return block.tag in TEXT or len(block.text) >= LINE


def _taken_out(tree: LexborHTMLParser, selector: str) -> list[Dropped]:
    """Take elements out of the page, and give their blocks as they would stand among the page's own."""
    reason = f"taken out by the source's rule strip: {selector}"
    dropped = []
    for node in _outermost([node for node in _found(tree, selector) if node.tag != "html"]):
        dropped += [Dropped(text=block.text[:MAX_REASON_CHARS], reason=reason) for block in walk_html(node.html or "").blocks]
        node.decompose()
    return dropped


def _found(tree: LexborHTMLParser, selector: str | None) -> list[LexborNode]:
    try:
        return tree.css(selector) if selector else []
    except SelectolaxError:
        return []


def _outermost(nodes: list[LexborNode]) -> list[LexborNode]:
    """Give those that are not inside of another: what is taken out with its parent cannot be taken out again."""
    within = {node.mem_id: True for node in nodes}
    outermost = []
    for node in nodes:
        above, way = node.parent, []
        while above is not None and above.mem_id not in within:
            way.append(above.mem_id)
            above = above.parent
        inside = above is not None and within[above.mem_id]
        within.update(dict.fromkeys(way, inside))
        if not inside:
            outermost.append(node)
    return outermost


def _inside(document: Document) -> frozenset[int]:
    """Give the blocks inside of marked elements; an element stands before those inside of it."""
    held: set[int] = set()
    for number, element in enumerate(document.elements):
        if element.parent in held or MARK in element.hint.split():
            held.add(number)
    return frozenset(index for index, block in enumerate(document.blocks) if block.element in held)


def _unmarked(document: Document) -> Document:
    """Give the elements as the page has them: what class names mean is learned, and so are the paths that they are part of."""
    elements = (
        element._replace(hint=" ".join(word for word in element.hint.split() if word != MARK)) if MARK in element.hint else element
        for element in document.elements
    )
    return document._replace(elements=tuple(elements))
