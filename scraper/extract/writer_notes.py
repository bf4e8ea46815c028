"""Which blocks at a story's ends are about its writer, and whom do they name? "X is correspondent at Y" is such a note, "By X" a byline.

Neither is part of the story; a note names the writer only when nothing else does.
"""

import re
from collections.abc import Sequence
from typing import Final

from scraper.extract.candidates import Found
from scraper.extract.document import Document
from scraper.extract.introductions import introduced, is_introduction
from scraper.extract.names import people

__all__ = ["bylines", "closing_author", "writer_notes"]

NOTE: Final = re.compile(
    r"(?P<name>(?:[^\W\d_][\w'’.-]{0,25}\s){1,4}[^\W\d_][\w'’.-]{0,25})\s(?:is|was|are|ist|est|es|è|é)\s"
    r"(?:an?\s|the\s|The\s[\w ]{2,30}['’]s\s|our\s|eine?\s|une?\s|"
    r"(?:[\w'’-]{1,20}\s){0,4}?)(?:[\w'’-]{1,20}\s){0,4}?(?:correspondent|reporter|editor|writer|journalist|columnist|contributor|fellow|author|analyst|"
    r"redakteurin|redakteur|korrespondentin|korrespondent|autorin|autor|journaliste|correspondant|periodista|corresponsal|giornalista)\b"
)
# "X writes for Y", "X covers Z": notes without a role.
PLAIN_NOTE: Final = re.compile(
    r"(?P<name>(?:[^\W\d_][\w'’.-]{0,25}\s){1,4}[^\W\d_][\w'’.-]{0,25})\s"
    r"(?:writes (?:for|about)|reports for|covers|schreibt für|berichtet für|écrit pour|escribe para|scrive per)\s"
)
# What stands behind the name in either, which is the cheaper question.
VERB: Final = re.compile(r"\s(?:is|was|are|ist|est|es|è|é|writes|reports|covers|schreibt|berichtet|écrit|escribe|scrive)\s")
LONGEST_NAME: Final = 5 * 27
MAX_NOTE_CHARS: Final = 600
NOTE_REACH: Final = 4
MAX_BYLINE_CHARS: Final = 80
BYLINE_REACH: Final = 6
STOPS: Final = ".!?"


def closing_author(document: Document, story: tuple[int, int], names: frozenset[str] = frozenset()) -> tuple[Found[str], ...]:
    """Read "X is China correspondent at Y" in the last blocks of the story or just below it."""
    for index in range(max(story[0], story[1] - 2), min(len(document.blocks), story[1] + NOTE_REACH)):
        text = document.blocks[index].text
        match = _note(text) if len(text) <= MAX_NOTE_CHARS else None
        if match:
            found = people(match["name"], names, lone=False).persons
            if len(found) == 1:
                return (Found(found[0], "visible:closing_note"),)
    return ()


def writer_notes(document: Document, story: Sequence[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Give the last blocks of a story that are about its writer, and its lines below such a note: neither is part of the story.

    `story` are the blocks that count as it. A note is one of the last two of them, or stands below its last paragraph.
    """
    last = [index for index in story[1:][-2:] if _is_note(document, index)]
    long = (index for index in reversed(story) if len(document.blocks[index].text) >= MAX_BYLINE_CHARS and index not in last)
    paragraph = next((index for index in long if not _is_note(document, index)), story[0])
    noted = next((index for index in range(paragraph + 1, story[-1]) if _is_note(document, index)), story[-1])
    below = [index for index in story[1:] if index >= noted and index not in last]
    notes = [index for index in below if _is_note(document, index)]
    return (*last, *notes), tuple(index for index in below if index > noted and index not in notes)


def _is_note(document: Document, index: int) -> bool:
    text = document.blocks[index].text
    return len(text) <= MAX_NOTE_CHARS and _note(text) is not None


def bylines(document: Document, story: Sequence[int]) -> tuple[int, ...]:
    """Give the lines above a story's first paragraph that do nothing but name its writer, among the blocks that count as story."""
    found: list[int] = []
    for index in story[:BYLINE_REACH]:
        text = document.blocks[index].text
        if len(text) > MAX_BYLINE_CHARS:
            break
        begun = bool(found) and found[-1] == index - 1 and is_introduction(document.blocks[found[-1]].text)
        named = (begun or introduced(text)) and text[-1] not in STOPS and bool(people(text, lone=False).persons)
        if named or is_introduction(text):
            found.append(index)
    return tuple(found)


def _note(text: str) -> re.Match[str] | None:
    verb = VERB.search(text, 0, LONGEST_NAME + len(" berichtet "))
    return (NOTE.match(text) or PLAIN_NOTE.match(text)) if verb else None
