"""What is wrong with a regular expression that compiles? It can find nothing, finds everything, or may take for ever over some texts.

Answered from its positions (`automata`), without trying it: what takes for ever would have to be waited for. Why no library does this:
docs/decisions/0027-regular-expressions.md.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Final, TypeVar

from scraper.sources.automata import SAMPLE, Automaton, TooLarge, automaton

__all__ = ["fault_of_text_pattern", "fault_of_url_pattern"]

# An address as the reader of listings writes it (the WHATWG's standard): letters beyond ASCII are encoded, the host is in lower case.
# The start and the end can be asked for more than once, and `$` is content before a last line break.
URL: Final = r"(?:^)+https?://[a-z0-9._\-\[\]:%]+(?:[/?#][!#-;=?-_a-z|~]*)?(?:$)+"
TEXT: Final = r"(?:^)+(?:.|\n)*(?:$)+\n?(?:$)*"
ODD_URLS: Final = ("http://q.invalid/", "https://zz9.invalid/8?x=_", "https://k-k.invalid/~!")
FOR_EVER: Final = "may take for ever over some texts: what it repeats can be divided in many ways, as in (a+)+"
NOTHING: Final = "finds nothing"
MOST_PAIRS: Final = 250_000

Pair = tuple[int, int]
T = TypeVar("T", int, Pair)


def fault_of_url_pattern(pattern: str) -> str | None:
    """Say what is wrong with a pattern that is searched for in addresses; None if nothing is to be seen."""
    if fault := _fault(pattern, URL):
        return f"{fault} in any address" if fault == NOTHING else fault
    return "finds something in every address" if all(re.search(pattern, url) for url in ODD_URLS) else None


def fault_of_text_pattern(pattern: str) -> str | None:
    """Say what is wrong with a pattern that is searched for in texts."""
    fault = _fault(pattern, TEXT)
    return f"{fault} in any text" if fault == NOTHING else fault


def _fault(pattern: str, language: str) -> str | None:
    try:
        found = automaton(pattern)
        if not _meets(found, _language(language, "".join(sorted(set(pattern) - SAMPLE)))):
            return NOTHING
        return FOR_EVER if _is_explosive(found) else None
    except (TooLarge, RecursionError):
        return None


@lru_cache(maxsize=256)
def _language(pattern: str, letters: str) -> Automaton:
    return automaton(pattern, letters)


def _meets(searched: Automaton, language: Automaton) -> bool:
    """Say whether some text of the language holds what is searched for: both are followed at once, before, in and behind the find."""
    if searched.nullable:
        return True
    before, behind = -1, len(searched.letters)

    def next_of(place: int) -> Iterator[int]:
        yield from [before, *searched.first] if place == before else [] if place == behind else searched.follow[place]
        if place == behind or place in searched.last:
            yield behind

    def steps(pair: Pair) -> Iterator[Pair]:
        place, here = pair
        for there in language.follow[here]:
            for following in next_of(place):
                if following in {before, behind} or _common(searched.letters[following], language.letters[there]):
                    yield following, there

    starts = [(place, here) for here in language.first for place in (before, *searched.first)]
    begun = [pair for pair in starts if pair[0] == before or _common(searched.letters[pair[0]], language.letters[pair[1]])]
    return any(here in language.last and (place == behind or place in searched.last) for place, here in _reached(begun, steps))


def _is_explosive(found: Automaton) -> bool:
    """Say whether a text can be taken in a number of ways that doubles with each few letters, and then fail (Weideman et al., 2016).

    That is so where two different ways lead from a position back to it over the same letters, and something has to follow.
    """
    for circle in _circles(found):
        if all(following in circle for position in circle for following in found.follow[position]):
            continue  # nothing follows: the first way it is taken is the last
        if _has_two_ways(found, circle - found.atomic):
            return True
    return False


def _has_two_ways(found: Automaton, circle: frozenset[int]) -> bool:
    inside = {position: [following for following in found.follow[position] if following in circle] for position in circle}
    if any(found.follow[position][following] > 1 for position, those in inside.items() for following in those):
        return True
    if len(circle) ** 2 > MOST_PAIRS:
        raise TooLarge

    def steps(pair: Pair) -> Iterator[Pair]:
        for one in inside[pair[0]]:
            for other in inside[pair[1]]:
                if _common(found.letters[one], found.letters[other]):
                    yield one, other

    apart = [pair for pair in _reached([(position, position) for position in circle], steps) if pair[0] != pair[1]]
    return any(one == other for one, other in _reached(apart, steps))


def _circles(found: Automaton) -> Iterator[frozenset[int]]:
    """Give the sets of positions that lead to each other and back."""
    reached = [_reached(found.follow[position], found.follow.__getitem__) for position in range(len(found.letters))]
    done: set[int] = set()
    for position, those in enumerate(reached):
        if position not in done and position in those:
            circle = frozenset(other for other in those if position in reached[other])
            done |= circle
            yield circle


def _reached(starts: Iterable[T], steps: Callable[[T], Iterable[T]]) -> set[T]:
    waiting = list(starts)
    seen = set(waiting)
    while waiting:
        for following in steps(waiting.pop()):
            if following not in seen:
                seen.add(following)
                waiting.append(following)
    return seen


def _common(one: frozenset[str], other: frozenset[str]) -> bool:
    return not one.isdisjoint(other)
