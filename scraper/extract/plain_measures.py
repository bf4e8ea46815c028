"""How are a page's texts measured where no compiler built the inner loops? With numpy, all texts at once: their characters stand
behind each other in one array, and sums over sorts are differences of running totals. The compiled way gives the same numbers.
"""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from scraper.extract.sorts import (
    COMMA,
    DIGIT,
    LOWER,
    MAX_MEASURED,
    MEASURES,
    QUOTE,
    RULE,
    SHORT,
    SIGN,
    SPACE,
    STOP,
    TRIMMED,
    UPPER,
    WIDE,
)  # fmt: skip

__all__ = ["measure"]

Ints: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Table: TypeAlias = npt.NDArray[np.uint16]

FEW_WORDS = 2  # a line of no more, in other than ASCII, may be of a script that does not part words


def measure(texts: list[str], headline: str, credit_words: tuple[str, ...], sorts: bytes, lowered: bytes) -> bytes:
    """Give the measures of each text, and of the headline in the last row, as 32-bit integers; see `sorts.MEASURES`."""
    lower = np.frombuffer(lowered, dtype=np.uint16)
    kinds = np.frombuffer(sorts, dtype=np.uint16)
    columns = dict(zip(MEASURES, np.zeros((len(MEASURES), len(texts) + 1), dtype=np.int32), strict=True))
    held = [index for index, text in enumerate([*texts, headline]) if text]
    if held:
        counted = _Characters([[*texts, headline][index][:MAX_MEASURED] for index in held], kinds).counts()
        for name, column in counted.items():
            columns[name][held] = column
    title, known = _words(headline[:SHORT], kinds, lower), {word for credit in credit_words for word in _words(credit, kinds, lower)}
    for index, text in enumerate(texts):
        if len(text) <= SHORT:
            words = _words(text, kinds, lower)
            columns["line_words"][index] = len(words)
            columns["shared"][index] = len(words & title)
            columns["credit"][index] = bool(words & known)
    columns["line_words"][-1] = len(title)
    return np.stack([columns[name] for name in MEASURES], axis=1).astype(np.int32).tobytes()


def _lower(text: str, lowered: Table) -> str:
    return "".join(chr(lowered[ord(char)]) if ord(char) < len(lowered) else char for char in text)


def _words(text: str, sorts: Table, lowered: Table) -> set[str]:
    """Give the words of a line in lower case, or its characters too where its script does not part words."""
    plain = _lower(text, lowered)
    trimmed = "".join({char for char in text if ord(char) < len(sorts) and sorts[ord(char)] & TRIMMED})
    words = {word.strip(trimmed) for word in plain.split()} - {""}
    return words if len(words) > FEW_WORDS or text.isascii() else words | set(plain)


class _Characters:
    """All characters of some texts, none of them empty, and where each text begins and ends."""

    def __init__(self, texts: list[str], sorts: Table) -> None:
        self.codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        self.sorts = sorts[np.minimum(self.codes, len(sorts) - 1)]
        self.chars = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
        self.ends = np.cumsum(self.chars)
        self.starts = self.ends - self.chars
        self.begins = np.zeros(len(self.codes), dtype=np.bool_)
        self.begins[self.starts] = True

    def has(self, sort: int) -> Flags:
        """Say of each character whether it is of this sort."""
        return np.asarray((self.sorts & sort) != 0)

    def count(self, which: Flags) -> Ints:
        """Count, a text, the characters that are marked."""
        totals = np.concatenate(([0], np.cumsum(which)))
        return np.asarray(totals[self.ends] - totals[self.starts])

    def after(self, which: Flags) -> Flags:
        """Mark the characters that follow a marked one of the same text."""
        return np.concatenate(([False], which[:-1])) & ~self.begins

    def counts(self) -> dict[str, Ints]:
        """Count everything that is counted in characters."""
        space, lower, upper, digit, stop = (self.has(sort) for sort in (SPACE, LOWER, UPPER, DIGIT, STOP))
        opens = self.after(space) | self.begins
        slash = self.codes == ord("/")
        return {
            "chars": self.chars,
            "spaces": self.count(space),
            "wide": self.count(self.has(WIDE)),
            "lower": self.count(lower),
            "upper": self.count(upper),
            "digits": self.count(digit),
            "commas": self.count(self.has(COMMA)),
            "sentences": self.count(self.after(stop) & space),
            "wide_stops": self.count(stop & self.has(WIDE)),
            "lower_words": self.count(opens & lower),
            "upper_words": self.count(opens & upper),
            "quotes": self.count(self.has(QUOTE)),
            "years": self.count(self._years(digit)),
            "times": self.count(self.after(self.codes == ord(":")) & digit),
            "signs": self.count(self.has(SIGN)),
            "slashes": self.count(slash & self.after(slash)),
            "rules": self.count(self.has(RULE)),
            "breaks": self.count(self.codes == ord("\n")),
            "first": self.sorts[self.starts].astype(np.int64),
            "last": self.sorts[self.ends - 1].astype(np.int64),
            "last_code": self.codes[self.ends - 1].astype(np.int64),
        }

    def _years(self, digit: Flags) -> Flags:
        """Mark the last of four digits that begin with 19 or 20."""
        one, two, zero, nine = (self.codes == ord(char) for char in "1209")
        second = self.after(one) & nine | self.after(two) & zero
        return self.after(self.after(second) & digit) & digit
