"""Does a page hold its story twice, once for wide screens and once for phones? Then one of them is the story."""

from collections.abc import Sequence
from typing import Final

__all__ = ["second_copy"]

# Of 824 pages not trained on, three hold their story twice and say .68 of it or more again; articles .9559 to .9570 by F1, and nothing else
# changes. Dropping whatever was said before would cost the pages that give the same advice in each chapter, or a quote twice.
LONG: Final = 40
PARAGRAPHS: Final = 5
SHARE: Final = 0.25


def second_copy(texts: Sequence[str], story: Sequence[int]) -> tuple[int, ...]:
    """Give the blocks of a story that say again what stood above them; none where they are too few for a copy of the story."""
    if len({texts[index] for index in story}) == len(story):
        return ()
    firsts: set[str] = set()
    again: list[int] = []
    copying = False
    for index in story:
        text = texts[index]
        stood = text in firsts
        copying = stood if len(text) >= LONG else copying
        if stood and copying:
            again.append(index)
        else:
            firsts.add(text)
    copied = {texts[index] for index in again if len(texts[index]) >= LONG}
    enough = len(copied) >= PARAGRAPHS and sum(map(len, copied)) >= SHARE * sum(map(len, firsts))
    return tuple(again) if enough else ()
