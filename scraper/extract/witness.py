"""Which blocks does the page's own markup quote? Columns that hold the blocks against the descriptions and the `articleBody` it gives.

A description that is shown is the standfirst more often than not, and an `articleBody` names the story's paragraphs, where a site gives
one at all. Both may be cut short, or another story's: the body model weighs them as it weighs everything else.
"""

from array import array
from collections.abc import Sequence
from typing import Final

from scraper.extract.candidates import Claims
from scraper.extract.inner_loops import witness

__all__ = ["WIDTH", "shown", "told"]

WIDTH: Final = 7
MIN_SHOWN: Final = 25
MIN_BODY: Final = 200
# More of a description or a body is not looked at: they are other people's input.
MAX_TOLD: Final = 5000
MAX_BODY: Final = 200_000
SEPARATOR: Final = " \n "


def told(claims: Claims | None) -> tuple[tuple[str, ...], str]:
    """Give the page's descriptions in lower case, and its body; nothing of what is too short to tell.

    Columns made of them are WIDTH a block: whether there are descriptions; whether the block begins as one of them (1) or holds the
    beginning of one (0.5); whether that is all it says; whether there is an `articleBody`; how much of the page it could be; how much of
    the block stands in it; and how much of all that does lies behind, the block included. `plain_witness.py` writes them out.
    """
    if claims is None:
        return (), ""
    bodies = SEPARATOR.join([claim.value for claim in claims.bodies if len(claim.value) >= MIN_BODY])
    return _descriptions(claims), bodies[:MAX_BODY]


def shown(texts: Sequence[str], claims: Claims) -> list[float]:
    """Say of each text whether it begins as one of the page's descriptions (1), holds the beginning of one (0.5), or neither."""
    return array("f", witness(list(texts), _descriptions(claims), "")).tolist()[1::WIDTH]


def _descriptions(claims: Claims) -> tuple[str, ...]:
    return tuple(dict.fromkeys(claim.value[:MAX_TOLD].lower() for claim in claims.descriptions if len(claim.value) >= MIN_SHOWN))
