"""What does the rest of the page say of a block that the model doubts? Its siblings may be the story, or a description may name it.

A block that is spoken for is raised to what is kept; none is lowered. Plain text has neither siblings nor descriptions.
"""

from collections.abc import Sequence
from typing import Final

from scraper.extract.candidates import Claims
from scraper.extract.document import Block, Document
from scraper.extract.subheads import raise_subheads

__all__ = ["KEEP", "possible", "second_look"]

Family = tuple[int, str]

KEEP: Final = 0.45  # a block this likely is story; .5 keeps .003 less of what belongs to articles and leaks as much
# A paragraph whose siblings of the same tag are story is story from AMONG on where one of them follows, from BELOW on after the last,
# whatever advertisement or box stands before it: it takes this many others of LONG characters or more, sure to this degree on the mean.
# On held-out news .9681 to .9695, the rest unchanged; from .1 and .3 to these, snippets kept of articles .9678 to .9685, as much leaked.
AMONG: Final = 0.06
BELOW: Final = 0.2
SIBLINGS: Final = 3
SURE_SIBLINGS: Final = 0.7
LONG: Final = 80
LINKED_SHARE: Final = 0.6
# A description that is shown below the headline, this many blocks above the story's first or among its first two, is the standfirst and
# story from STANDFIRST on. On held-out news .9709 to .9733 and exact bodies .357 to .461, on articles .9556 to .9554.
STANDFIRST: Final = 0.1
ABOVE: Final = 12
AMONG_FIRST: Final = 2
SHOWN: Final = 0.5


def possible(scores: Sequence[float]) -> list[int]:
    """Give the blocks that are not out of the question: of all others nothing but the reason is asked."""
    return [index for index, score in enumerate(scores) if score >= AMONG]


def second_look(
    document: Document, scores: Sequence[float], among: Sequence[int], headline_block: int | None, claims: Claims | None
) -> list[float]:
    """Give the scores, 0 to 1, with those raised that the rest of the page speaks for: `among` are the possible ones."""
    raised = list(scores)
    doubted = [index for index in among if scores[index] < KEEP] if document.is_html else []
    if doubted:
        _raise_siblings(document, raised, doubted)
        raise_subheads(document, raised, doubted, KEEP)
        if claims is not None and claims.descriptions:
            _raise_standfirst(document, raised, headline_block, claims)
    return raised


def _raise_siblings(document: Document, scores: list[float], doubted: Sequence[int]) -> None:
    families: dict[Family, list[int]] = {
        family: [] for index in doubted if (family := _family(document, document.blocks[index])) is not None
    }
    if not families:
        return
    for index in _children(document, {parent for parent, _ in families}):
        family = _family(document, document.blocks[index])
        if family is not None and family in families:
            families[family].append(index)
    for members in families.values():
        others, total = len(members) - 1, sum(scores[index] for index in members)
        last = max((index for index in members if scores[index] >= KEEP), default=-1)
        for index in members if others >= SIBLINGS else ():
            least = AMONG if index < last else BELOW
            if least <= scores[index] < KEEP and total - scores[index] >= SURE_SIBLINGS * others:
                scores[index] = KEEP


def _children(document: Document, parents: set[int]) -> Sequence[int]:
    """Give the blocks whose elements stand right inside one of these, in the page's order; -1 is what has nothing around it."""
    if document.layout is None:
        return range(len(document.blocks))
    import numpy as np

    wanted = np.zeros(len(document.elements) + 1, dtype=np.bool_)  # the last place is that of -1
    wanted[list(parents)] = True
    around: Sequence[int] = np.flatnonzero(wanted[document.layout.parent[document.layout.element]]).tolist()
    return around


def _family(document: Document, block: Block) -> Family | None:
    """Give the parent and the tag of a paragraph; None for what is none."""
    if block.element < 0 or len(block.text) < LONG or block.link_chars >= LINKED_SHARE * len(block.text):
        return None
    return document.elements[block.element].parent, block.tag


def _raise_standfirst(document: Document, scores: list[float], headline_block: int | None, claims: Claims) -> None:
    """Raise the first block that shows one of the page's descriptions where a standfirst stands."""
    from scraper.extract.witness import shown

    begins = next((index for index, score in enumerate(scores) if score >= KEEP), None)
    if begins is None:
        return
    low = max(0, begins - ABOVE, -1 if headline_block is None else headline_block + 1)
    window = [index for index in range(low, min(len(scores), begins + AMONG_FIRST)) if STANDFIRST <= scores[index] < KEEP]
    if window:
        degrees = zip(window, shown([document.blocks[index].text for index in window], claims), strict=True)
        told = next((index for index, degree in degrees if degree >= SHOWN), None)
        if told is not None:
            scores[told] = KEEP
