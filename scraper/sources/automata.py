"""Which characters may follow which in a text that a regular expression finds? Its positions, after Glushkov (1961), and what follows each.

A position is one place of the expression that takes one character; the start and the end of a text count as characters of their own, which
`^` and `$` take. What looks ahead or behind is passed over, so the language may come out larger than it is, never smaller. What is asked of
an automaton is `patterns`' business.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Final, NamedTuple

__all__ = ["SAMPLE", "Automaton", "TooLarge", "automaton"]

START, END = "\ue000start", "\ue001end"
MANY: Final = 8  # of so many repetitions or more the number makes no difference here: they count as any number
MOST_POSITIONS: Final = 600
# The characters that stand for all: what no expression tells apart need not be there twice.
SAMPLE: Final = frozenset(map(chr, [*range(9, 14), *range(32, 127)])) | {"é", "—", "語", "٣"}
_parser: Final = import_module("re._parser")  # Python's own reading of an expression; there is no public way to it
Letters = frozenset[str]


class TooLarge(Exception):  # noqa: N818 - the name says what is the matter
    """The expression has more positions than are worth looking at."""


class _Part(NamedTuple):
    """A part of an expression: in how many ways it takes nothing, and the positions it begins and ends with, each with its ways."""

    nullable: int
    first: Counter[int]
    last: Counter[int]


NOTHING: Final = _Part(1, Counter(), Counter())


@dataclass(frozen=True, slots=True, kw_only=True)
class Automaton:
    """`letters` a position takes, by its number; `follow` gives what may come next, and in how many ways (two stand for many)."""

    letters: tuple[Letters, ...]
    follow: tuple[Counter[int], ...]
    first: frozenset[int]
    last: frozenset[int]
    nullable: bool
    atomic: frozenset[int]


@dataclass(slots=True)
class _Builder:
    alphabet: Letters
    ignore_case: bool
    many_lines: bool
    letters: list[Letters] = field(default_factory=list)
    follow: list[Counter[int]] = field(default_factory=list)
    atomic: set[int] = field(default_factory=set)

    def place(self, letters: Iterable[str]) -> _Part:
        if len(self.letters) >= MOST_POSITIONS:
            raise TooLarge
        self.letters.append(frozenset(letters))
        self.follow.append(Counter())
        here = Counter([len(self.letters) - 1])
        return _Part(0, here, here)

    def link(self, before: Counter[int], after: Counter[int]) -> None:
        for position, ways in before.items():
            for following, more in after.items():
                self.follow[position][following] = min(2, self.follow[position][following] + ways * more)

    def sequence(self, items: Iterable[tuple[Any, Any]]) -> _Part:
        whole = NOTHING
        for operation, argument in items:
            whole = self.joined(whole, self.part(str(operation), argument))
        return whole

    def joined(self, one: _Part, other: _Part) -> _Part:
        self.link(one.last, other.first)
        first = one.first + _times(other.first, one.nullable)
        last = other.last + _times(one.last, other.nullable)
        return _Part(min(2, one.nullable * other.nullable), first, last)

    def part(self, operation: str, argument: Any) -> _Part:
        if operation in {"LITERAL", "NOT_LITERAL", "ANY", "IN"}:
            return self.place(self.taken(operation, argument))
        if operation == "AT":
            return self.edge(str(argument))
        if operation == "BRANCH":
            return self.either([self.sequence(branch) for branch in argument[1]])
        if operation == "SUBPATTERN":
            return self.sequence(argument[3])
        if operation.endswith("REPEAT"):
            return self.repeated(*argument, whole=operation.startswith("POSSESSIVE"))
        if operation == "ATOMIC_GROUP":
            return self.repeated(1, 1, argument, whole=True)
        if operation in {"GROUPREF", "GROUPREF_EXISTS"}:
            return self.anything()
        return NOTHING  # it looks ahead or behind, and takes nothing

    def edge(self, kind: str) -> _Part:
        if self.many_lines or kind not in {"AT_BEGINNING", "AT_BEGINNING_STRING", "AT_END", "AT_END_STRING"}:
            return NOTHING
        return self.place([START if "BEGINNING" in kind else END])

    def anything(self) -> _Part:
        """Take any text, as what refers back to a group may."""
        part = self.place(self.alphabet)
        self.link(part.last, part.first)
        self.atomic.update(part.first)
        return part._replace(nullable=1)

    def either(self, parts: list[_Part]) -> _Part:
        nullable = min(2, sum(part.nullable for part in parts))
        return _Part(nullable, sum((part.first for part in parts), Counter()), sum((part.last for part in parts), Counter()))

    def repeated(self, low: int, high: int, items: Any, *, whole: bool) -> _Part:
        begun, many = len(self.letters), int(high) >= MANY
        result = self.sequence(items)
        if many:
            self.link(result.last, result.first)
        elif high == 0:
            result = NOTHING
        for number in range(0 if many else int(high) - 1, 0, -1):
            result = self.joined(self.sequence(items), self.optional(result) if number >= low else result)
        if whole:
            self.atomic.update(range(begun, len(self.letters)))
        return self.optional(result) if low == 0 else result

    def optional(self, part: _Part) -> _Part:
        return part._replace(nullable=max(1, part.nullable))

    def taken(self, operation: str, argument: Any) -> Letters:
        """Give the characters that one item takes."""
        if operation == "ANY":
            return self.alphabet - {"\n"}
        if operation == "IN":
            negated = [1 for kind, _ in argument if str(kind) == "NEGATE"]
            found = frozenset[str]().union(*(self.taken_of(str(kind), value) for kind, value in argument))
            return self.alphabet - found if negated else found
        found = self.taken_of("LITERAL", argument)
        return self.alphabet - found if operation == "NOT_LITERAL" else found

    def taken_of(self, kind: str, value: Any) -> Letters:
        if kind == "LITERAL":
            return self.in_any_case(frozenset((chr(value),)))
        if kind == "RANGE":
            low, high = map(chr, value)
            return self.in_any_case(frozenset(letter for letter in self.alphabet if low <= letter <= high and len(letter) == 1))
        return frozenset(filter(_CATEGORIES[str(value)].fullmatch, self.alphabet)) if kind == "CATEGORY" else frozenset()

    def in_any_case(self, letters: Letters) -> Letters:
        if not self.ignore_case:
            return letters
        return letters.union(map(str.lower, letters), map(str.upper, letters))


def _times(ways: Counter[int], number: int) -> Counter[int]:
    return Counter({position: count * number for position, count in ways.items() if number})


_CATEGORIES: Final = {
    f"CATEGORY_{name}": re.compile(sign)
    for name, sign in (("DIGIT", r"\d"), ("SPACE", r"\s"), ("WORD", r"\w"), ("NOT_DIGIT", r"\D"), ("NOT_SPACE", r"\S"), ("NOT_WORD", r"\W"))
}


def automaton(pattern: str, letters: str = "") -> Automaton:
    """Give the positions of a regular expression that compiles. `letters` may stand in its texts beside the usual ones.

    Raises `TooLarge`.
    """
    flags = re.compile(pattern).flags
    scoped = re.search(r"\(\?[a-zA-Z]*i", pattern) is not None  # a flag for a part of it is taken to hold for all of it
    builder = _Builder(
        alphabet=SAMPLE.union(pattern, letters),
        ignore_case=scoped or bool(flags & re.IGNORECASE),
        many_lines=re.search(r"\(\?[a-zA-Z]*m", pattern) is not None,
    )
    whole = builder.sequence(_parser.parse(pattern))
    return Automaton(
        letters=tuple(builder.letters),
        follow=tuple(builder.follow),
        first=frozenset(whole.first),
        last=frozenset(whole.last),
        nullable=whole.nullable > 0,
        atomic=frozenset(builder.atomic),
    )
