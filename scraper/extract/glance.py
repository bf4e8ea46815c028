"""What does a line show at a glance? The signs that rule out most lines before a pattern is asked: a pattern costs twenty times as much.

    figures(text)       bits, for the numbers of a line: see below; 0 where it has no digit of any script
    leading_word(text)    the word that a line begins with, behind a bracket or dash; None where there is none

Compiled code and `plain_glance.py` share this.
"""

from typing import Final

__all__ = ["DATEISH", "FIGURE", "FIGURES", "LONG_DIGITS", "LONG_FIGURE", "YEAR", "YEAR_DIGITS"]

FIGURE: Final = 1  # there is a digit
FIGURES: Final = 2  # two numbers, or a long one: what every date has
YEAR: Final = 4  # a number of four digits or more
LONG_FIGURE: Final = 8  # a number of eight digits or more: 20250521
DATEISH: Final = 16  # a year, "5.5", "5 / 5", "5-5", or a number before the sign of a year or month in Chinese, Japanese and Korean
YEAR_DIGITS: Final = 4
LONG_DIGITS: Final = 8
