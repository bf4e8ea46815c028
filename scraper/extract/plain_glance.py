"""What does a line show at a glance, where no compiler built the inner loops? See `glance.py`; the compiled way gives the same."""

import re

from scraper.extract.glance import DATEISH, FIGURE, FIGURES, LONG_DIGITS, LONG_FIGURE, YEAR, YEAR_DIGITS

__all__ = ["figures", "leading_word"]

NUMBER = re.compile(r"\d+")
LIKE_DATES = re.compile(r"\d(?:\d{3}|\s?[./-]\s?\d|\s?[年月년월])")
FIRST = re.compile(r"\s*(?:[(\[—–-]\s*)?([^\s:：|/／﹕]+)")


def figures(text: str, /) -> int:
    """Say with bits what the numbers of a line are like."""
    sizes = [len(number) for number in NUMBER.findall(text)]
    if not sizes:
        return 0
    longest = max(sizes)
    several = len(sizes) > 1 or longest >= LONG_DIGITS
    bits = ((FIGURES, several), (YEAR, longest >= YEAR_DIGITS), (LONG_FIGURE, longest >= LONG_DIGITS), (DATEISH, LIKE_DATES.search(text)))
    return FIGURE + sum(bit for bit, there in bits if there)


def leading_word(text: str, /) -> str | None:
    """Give the word that a line begins with."""
    match = FIRST.match(text)
    return match[1] if match else None
