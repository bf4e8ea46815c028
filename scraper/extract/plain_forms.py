"""What is the common form of a text, and which are its words, where no compiler built the inner loops? The compiled way gives the same."""

import re
from collections.abc import Callable

__all__ = ["common_form", "letters", "words"]

WORD = re.compile(r"\w+")


def common_form(text: str, slow: Callable[[str], str], /) -> str:
    """Give the form that two spellings of one text share; `slow` gives it for any text."""
    return slow(text)


def words(text: str, /) -> list[str]:
    """Give the words of a text in lower case."""
    return WORD.findall(text.casefold())


def letters(text: str, /) -> str:
    """Give the words of a text in lower case, as one word."""
    return "".join(words(text))
