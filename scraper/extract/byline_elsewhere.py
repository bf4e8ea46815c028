"""Where else does a page name its writer, when nothing near the story does? In marks far off, at labels, in what a person's site is called.

What stands near the headline and the story is read by `byline_places`.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from scraper.extract.byline_places import MAX_MARKS, NAME_HINT, Claim, Scene, is_byline, named
from scraper.extract.byline_words import LABELS
from scraper.extract.given_names import given
from scraper.extract.names import people

__all__ = ["card", "far", "labelled", "owner"]

FAR: Final = "visible:far_author"
MAX_FAR: Final = 12
LABEL_CHARS: Final = 24
LABEL_REACH: Final = 3
MAX_LABELLED_CHARS: Final = 60
OWNER_REACH: Final = 12
OWNER_WORDS: Final = 2
LABELLED: Final = re.compile(
    r"\s*(?:(?:author|auteure?|autore|autrice|autora?|autorin|autoren|autor:in|autorin/autor|forfatter|författare|szerző|yazar|"
    r"kirjoittaja|автор|συντάκτης)"
    r"(?:\s*:|/|(?<=autorin/autor))\s*|(?:written|words|article|story) by:?\s)\S",
    re.IGNORECASE,
)
LABELLED_REACH: Final = 30
LABEL_HEADS: Final = frozenset(f"{''.join(label[0] for label in LABELS)} :").union(label[0].upper() for label in LABELS)
CARD_BEFORE: Final = 2
CARD_REACH: Final = 8
CARD_WORDS: Final = 3
MAX_CARD_CHARS: Final = 70
BIO_REACH: Final = 4
BIO_CHARS: Final = 60
VOICE: Final = re.compile(r"(?:\A|[\s(“\"])(?:I|ich|j’ai|yo)(?=[\s’'])")

OWNED: Final = re.compile(
    r"(?:©|\(c\)|copyright)\s*(?:copyright\s*)?(?:(?:19|20)\d\d\s*(?:[-–]\s*(?:(?:19|20)\d\d|present)\s*)?)?(?:by\s+|[-–|]\s*)?"
    r"(?P<name>[^\W\d_][\w'’-]+ (?:[^\W\d_][\w'’.-]* )?[^\W\d_][\w'’-]+)(?=\s*(?:[.,;|·•\n]|[-–]\s|all rights|\Z))",
    re.IGNORECASE,
)


def far(scene: Scene) -> Iterator[Claim]:
    """Read the authors' marks anywhere on the page, if all of them name the same."""
    marks = [mark for mark in scene.document.marks[:MAX_MARKS] if is_byline(mark)][:MAX_FAR]
    read = ((mark, bool(NAME_HINT.search(mark.hint))) for mark in marks)
    claims = [Claim(people(mark.text, scene.names, lone=precise), FAR if precise else "", mark.text) for mark, precise in read]
    claims = [claim for claim in claims if claim.people.persons and not (" " in claim.raw and claim.people.persons[0].islower())]
    claims = [claim._replace(signal=FAR) for claim in claims if claim.signal or given(claim.people.persons[0])]
    if len({claim.people.persons for claim in claims}) == 1:
        yield claims[0]


def card(scene: Scene) -> Iterator[Claim]:
    """Read the name above a few lines on a person at the story's end: "Ann Lee", and below it "Ann is a growth analyst"."""
    blocks, end = scene.document.blocks, scene.story[1] if scene.story else 0
    for index in range(max(0, end - CARD_BEFORE), min(len(blocks) - 1, end + CARD_REACH)) if end else ():
        text = blocks[index].text
        found = people(text, scene.names, lone=False) if len(text) <= MAX_CARD_CHARS and " " in text and given(text) else None
        if found is None or len(found.persons) != 1 or not f"{text},".startswith(f"{found.persons[0]},"):
            continue
        if found.persons[0].count(" ") >= CARD_WORDS:
            continue
        heads = (f"{found.persons[0]} ", f"{text.partition(' ')[0]} ")
        lines = (block.text for block in blocks[index + 1 : index + BIO_REACH])
        if next((line for line in lines if len(line) > BIO_CHARS), "").startswith(heads):
            yield Claim(found, "visible:card", text)
            return


def labelled(scene: Scene) -> Iterator[Claim]:
    """Read the names below a label ("Author", "Written by"), or behind one below the story: above, it may be a book's."""
    blocks, end = scene.document.blocks, scene.story[1] if scene.story else 0
    for block in blocks[end : end + LABELLED_REACH]:
        if len(block.text) <= MAX_LABELLED_CHARS and LABELLED.match(block.text):
            found = people(block.text, scene.names, lone=False)
            if found.persons and given(found.persons[0]):
                yield Claim(found, "visible:label", block.text)
                return
    for index, block in enumerate(blocks):
        text = block.text
        if len(text) <= LABEL_CHARS and text[:1] in LABEL_HEADS and text.strip(" :").casefold() in LABELS:
            for below in blocks[index + 1 : index + 1 + LABEL_REACH]:
                if len(below.text) <= MAX_LABELLED_CHARS and given(below.text):
                    found = named(below.text, scene.names)
                    if found.persons:
                        yield Claim(found, "visible:below_label", f"{text} {below.text}")
                        return


def owner(scene: Scene, publishers: Iterable[str]) -> Iterator[Claim]:
    """Read the name of a person's own site, where the story says "I": its title, its first line, or the holder of its copyright."""
    blocks = scene.document.blocks
    tail = (scene.document.title or "").replace(" - ", " | ").rpartition(" | ")[2]
    held = (OWNED.search(block.text) for block in blocks[-OWNER_REACH:] if "©" in block.text or "opyright" in block.text)
    offered = [*((name, "site:name") for name in publishers), (tail, "site:title")]
    offered.extend((block.text, "site:first_line") for block in blocks[:1])
    offered.extend((match["name"], "site:copyright") for match in held if match)
    for name, signal in offered:
        text = name.strip()
        if len(text) <= MAX_LABELLED_CHARS and len(text.split()) == OWNER_WORDS and given(text):
            found = people(text, lone=False)
            if found.persons == (text,) and _says_i(scene):
                yield Claim(found, signal, text)
                return


def _says_i(scene: Scene) -> bool:
    low, high = scene.story or (0, len(scene.document.blocks))
    return any(VOICE.search(block.text) for block in scene.document.blocks[low:high])
