"""Which breaks befall the invented sources, and what do their looks then find? From a byline that moves to a feed that dies."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.health_year import DAYS, FATES, FIELDS, LISTINGS, Year

FIRST_DAY = 42  # weeks in which a source is learned
APART_DAYS = 40
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Break:
    """What broke, from when to when, in hours since the year's start."""

    kind: str
    begin: float
    end: float


def injected(made: Year, number: int, kinds: list[str], rng: np.random.Generator) -> list[Break]:
    """Break a year so many times, each for five days to sixteen, and give what was done."""
    room = (DAYS - FIRST_DAY - 20) / number
    breaks = []
    for place, kind in zip(range(number), kinds, strict=False):
        begin = (FIRST_DAY + room * place + rng.uniform(0, max(1.0, room - APART_DAYS))) * 24
        done = Break(kind, begin, begin + rng.uniform(5, 16) * 24)
        look = (made.at >= done.begin) & (made.at < done.end)
        BREAKS[kind](made, look[made.look], look, rng)
        breaks.append(done)
    return breaks


def _field_vanishes(made: Year, story: Mask, _look: Mask, rng: np.random.Generator) -> None:
    name = str(rng.choice([name for name in FIELDS[1:] if made.has[name].mean() >= 0.6]))
    made.has[name][story] = False


def _signal_moves(made: Year, story: Mask, _look: Mask, rng: np.random.Generator) -> None:
    name = str(rng.choice([name for name in FIELDS if (made.has[name] & (made.signal[name] == 0)).mean() >= 0.5]))
    made.signal[name][story & (made.signal[name] == 0)] = 9


def _body_shrinks(made: Year, story: Mask, _look: Mask, rng: np.random.Generator) -> None:
    made.words[story] *= rng.uniform(0.1, 0.3)


def _boilerplate(made: Year, story: Mask, _look: Mask, rng: np.random.Generator) -> None:
    made.words[story] += rng.uniform(40, 120)
    made.line[story] *= 0.8
    made.repeated["paragraph"][story] = rng.random(story.sum()) < 0.9


def _lists_enter(made: Year, story: Mask, _look: Mask, rng: np.random.Generator) -> None:
    """Put a list of other stories into the text, another on each page."""
    made.words[story] += rng.uniform(100, 250)
    made.line[story] *= rng.uniform(0.3, 0.5)


def _links_enter(made: Year, story: Mask, _look: Mask, rng: np.random.Generator) -> None:
    """Put as many lines of links into the text as paragraphs are lost: nothing but the share of links tells."""
    made.links[story] = np.minimum(0.95, made.links[story] + rng.uniform(0.2, 0.6) * rng.uniform(0.6, 1.4, story.sum()))


def _same_headline(made: Year, story: Mask, _look: Mask, rng: np.random.Generator) -> None:
    made.repeated["headline"][story] = rng.random(story.sum()) < 0.95


def _same_author(made: Year, story: Mask, _look: Mask, rng: np.random.Generator) -> None:
    made.has["authors"][story] = True
    made.repeated["authors"][story] = rng.random(story.sum()) < 0.95


def _silent(made: Year, story: Mask, _look: Mask, _rng: np.random.Generator) -> None:
    made.announced[story] = False


def _trickle(made: Year, story: Mask, _look: Mask, rng: np.random.Generator) -> None:
    made.announced[story] &= rng.random(story.sum()) < 0.04


def _feed_gone(made: Year, story: Mask, look: Mask, _rng: np.random.Generator) -> None:
    made.announced[story] = False
    made.listing[look] = LISTINGS.index("failed")


def _pages_become(fate: str, least: float) -> Callable[[Year, Mask, Mask, np.random.Generator], None]:
    def change(made: Year, story: Mask, _look: Mask, rng: np.random.Generator) -> None:
        became = story.copy()
        became[story] = rng.random(story.sum()) < rng.uniform(least, 1.0)
        made.fate[became] = FATES.index(fate)

    return change


def _refused(made: Year, story: Mask, look: Mask, _rng: np.random.Generator) -> None:
    made.announced[story] = False
    made.listing[look] = LISTINGS.index("refused")


def _asked_too_often(made: Year, story: Mask, look: Mask, rng: np.random.Generator) -> None:
    """429: the listings refuse us, the host rests, is asked again, refuses again."""
    made.announced[story] = False
    made.listing[look] = np.where(rng.random(look.sum()) < 0.4, LISTINGS.index("refused"), LISTINGS.index("resting"))


def _unreachable(made: Year, story: Mask, look: Mask, rng: np.random.Generator) -> None:
    made.announced[story] = False
    made.listing[look] = np.where(rng.random(look.sum()) < 0.5, LISTINGS.index("unreachable"), LISTINGS.index("resting"))


BREAKS: dict[str, Callable[[Year, Mask, Mask, np.random.Generator], None]] = {
    "a field vanishes": _field_vanishes,
    "a field's signal moves": _signal_moves,
    "the body shrinks": _body_shrinks,
    "boilerplate enters": _boilerplate,
    "lists enter the body": _lists_enter,
    "links enter the body": _links_enter,
    "one headline on all pages": _same_headline,
    "one author on all pages": _same_author,
    "silent feed": _silent,
    "feed trickles": _trickle,
    "feed gone (404)": _feed_gone,
    "paywall goes up": _pages_become("verdict:paywall_stub", 0.7),
    "consent wall": _pages_become("verdict:consent_wall", 0.8),
    "pages need scripts": _pages_become("verdict:js_shell", 0.8),
    "challenge": _pages_become("verdict:challenge", 0.7),
    "pages answer 403": _pages_become("page:refused", 0.6),
    "site answers 403": _refused,
    "site answers 429": _asked_too_often,
    "site is down": _unreachable,
}
EXPECTED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("silent feed", "feed trickles", "feed gone (404)"), ("silent",)),
    **dict.fromkeys(("challenge", "pages answer 403", "site answers 403"), ("blocked",)),
    "site answers 429": ("blocked", "backing_off"),
    "site is down": ("backing_off",),
}  # all others: degraded
