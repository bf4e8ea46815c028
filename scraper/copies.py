"""How alike are two stories? Copies of one wire text differ in words, in their lead and in length, and are still one text.

Two questions, asked in turn. `sample` picks shingles (runs of three words) by their hash, the same ones in every text that holds them
(Broder 1997; sampling by value as in Manber 1994), so that an index of them finds what may be a copy. `likeness` then compares two texts
word for word: the longest common subsequence of their longer words, as a share of the shorter text; how many of its numbers the other
has; and how many of the words it comes back to. Reports written on a template (markets, weather, council meetings) share their words, and
differ in their numbers or in what they speak of; two stories of one event share quotes, but no run of words through the whole. What
letter-for-letter copies are is the question of `fingerprints`.
"""

from collections import Counter
from typing import Final, NamedTuple

from scraper.words import Words, folds_of, sampled, taken_apart
from scraper.words import marks as taken_up

__all__ = ["LEAST_WORDS", "Likeness", "Marks", "Words", "likeness", "marks", "sample", "words"]

MOST_WORDS: Final = 5_000  # the comparison takes quadratic time: 1 ms at 5,000 words; stories are shorter
LEAST_WORDS: Final = 30  # below this, a text says too little to be told from a standing phrase
SAMPLED: Final = 16  # one shingle in so many: 99.7 % of the copies in `benchmarks.copies` still meet in the index
COPY: Final = 0.5  # share of the shorter text: nine unrelated pairs in ten are under .2, nineteen copies in twenty over .58
SAME_NUMBERS: Final = 0.6
FEW_NUMBERS: Final = 4  # fewer prove nothing
SAME_SUBJECT: Final = 0.8  # of the words that come twice; 99 copies in 100 keep .83


class Likeness(NamedTuple):
    """What of the shorter text the other has, 0 to 1: words in the same order, numbers, and words that come more than once.

    The last two are 1 where there are too few to tell.
    """

    share: float
    numbers: float
    subject: float

    @property
    def is_copy(self) -> bool:
        """Tell whether the two are one text."""
        return self.share >= COPY and self.numbers >= SAME_NUMBERS and self.subject >= SAME_SUBJECT


class Marks(NamedTuple):
    """All that the index of copies needs of a text, small enough to be handed on: shingles, words of meaning in one string, numbers."""

    shingles: tuple[int, ...]
    meant: bytes
    numbers: frozenset[bytes]

    @property
    def words(self) -> Words:
        """Give the words for `likeness`, which asks for no others."""
        return Words([], self.meant.split(), self.numbers)

    def has_other_numbers(self, other: "Marks") -> bool:
        """Tell whether the numbers alone say that the other is no copy: they cost little beside comparing the words."""
        return _numbers(self.numbers, other.numbers) < SAME_NUMBERS


def marks(text: str) -> Marks:
    """Make a text ready for the index of copies."""
    return Marks(*taken_up(text, MOST_WORDS, LEAST_WORDS, SAMPLED, folds_of))


def words(text: str) -> Words:
    """Split a text (its first 5,000 words) for `sample` and `likeness`."""
    return taken_apart(text.casefold(), MOST_WORDS)


def sample(text: Words) -> list[int]:
    """Give the shingles by which copies of this text find each other, as 32-bit hashes in ascending order; none for a few words."""
    return sampled(text.folded, LEAST_WORDS, SAMPLED)


def likeness(one: Words, other: Words) -> Likeness:
    """Compare two texts word for word."""
    from rapidfuzz.distance import LCSseq

    shorter, longer = sorted((one, other), key=lambda text: len(text.meant))
    if not shorter.meant:
        return Likeness(0.0, 0.0, 0.0)
    share = LCSseq.similarity(shorter.meant, longer.meant) / len(shorter.meant)
    return Likeness(share, _numbers(one.numbers, other.numbers), _subject(shorter, longer))


def _numbers(one: frozenset[bytes], other: frozenset[bytes]) -> float:
    fewest = min(len(one), len(other))
    return len(one & other) / fewest if fewest >= FEW_NUMBERS else 1.0


def _subject(shorter: Words, longer: Words) -> float:
    repeated = {word for word, times in Counter(shorter.meant).items() if times > 1}
    return len(repeated.intersection(longer.meant)) / len(repeated) if repeated else 1.0
