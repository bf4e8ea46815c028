"""What changed between two versions of a story, and does it matter? A kind of change, and the difference word by word.

    correction     a paragraph was added in which the newsroom owns up to a mistake or clarifies (`corrections.tsv`)
    headline       the headline says something else
    text_added     ten words or more came in
    text_removed   ten words or more went out
    small_edit     fewer words than that came or went
    details        the text is the same; authors, dates or other fields are not
    chrome         only what the site writes around its stories came or went

A change may be of several kinds, the weightiest first, as in this list. How a text is set (case, spaces, quotes) is no change of it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from importlib.resources import files
from typing import Final, Literal, NamedTuple

from scraper.fingerprints import text_hash

__all__ = [
    "Change",
    "ChangeKind",
    "FieldChange",
    "Piece",
    "Telling",
    "change_between",
    "field_changes",
    "owns_up",
    "paragraph_pieces",
    "paragraphs_moved",
    "word_pieces",
]

ChangeKind = Literal["correction", "headline", "text_added", "text_removed", "small_edit", "details", "chrome"]

PARAGRAPH: Final = "\n\n"
SMALL: Final = 10  # words: a short sentence
REACH: Final = 20  # paragraphs: an edited one is looked for no further on
MOST_WORDS: Final = 3_000  # of two paragraphs together: the comparison takes quadratic time, and stories have no such paragraphs
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\s\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
_OPENING = " \t([{*_-–—•【「“\"'"
_GOES_ON = re.compile(r"\s*(?:[:.\-–—)\]：】」]|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What a reader reads of one version of a story."""

    headline: str | None = None
    standfirst: str | None = None
    body: str | None = None


class Change(NamedTuple):
    """The kinds of a change, the weightiest first, and how many words came and went in standfirst and body. No kind: nothing changed."""

    kinds: tuple[ChangeKind, ...]
    words_added: int = 0
    words_removed: int = 0


class FieldChange(NamedTuple):
    """One field that reads otherwise."""

    field: str
    before: str | None
    after: str | None


class Piece(NamedTuple):
    """A run of text that both versions have (`same`), or that only the later (`added`) or the earlier one has (`removed`)."""

    how: Literal["same", "added", "removed"]
    text: str


def change_between(before: Telling, after: Telling, *, details: bool = False, is_chrome: Callable[[str], bool] | None = None) -> Change:
    """Say what kind of change leads from one version to the next.

    `details` tells whether other fields than these three differ. `is_chrome` knows a paragraph that the site writes around its stories.
    """
    old, new = _text(before), _text(after)
    headline = _says_else(before.headline, after.headline)
    pieces = [piece for piece in paragraph_pieces(old, new) if piece[0] != piece[1]] if _says_else(old, new) else []
    if pieces and is_chrome is not None and not headline and all(_is_whole(old, new) and is_chrome(old or new) for old, new in pieces):
        return Change(("chrome",))
    added, removed = _words_moved(pieces)
    kinds: list[ChangeKind] = []
    if any(not old and owns_up(new) for old, new in pieces):
        kinds.append("correction")
    kinds += ["headline"] if headline else []
    kinds += ["text_added"] if added >= SMALL else []
    kinds += ["text_removed"] if removed >= SMALL else []
    kinds += ["small_edit"] if (added or removed) and max(added, removed) < SMALL else []
    kinds += ["details"] if details and not kinds else []
    return Change(tuple(kinds), added, removed)


def paragraph_pieces(before: str, after: str) -> Iterator[tuple[str, str]]:
    """Pair the paragraphs of two texts, in order: the same twice, one that was edited with what it became, "" where there is none."""
    old, new = before.split(PARAGRAPH) if before else [], after.split(PARAGRAPH) if after else []
    for how, i, j, k, n in SequenceMatcher(None, [*map(text_hash, old)], [*map(text_hash, new)]).get_opcodes():
        if how == "equal":
            yield from ((text, text) for text in new[k:n])
        else:
            yield from _paired(old[i:j], new[k:n])


def paragraphs_moved(before: str | None, after: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the paragraphs that came, and those that went; one that was edited did both."""
    pieces = [(old, new) for old, new in paragraph_pieces(before or "", after or "") if old != new]
    return tuple(new for _, new in pieces if new), tuple(old for old, _ in pieces if old)


def field_changes(before: Mapping[str, object], after: Mapping[str, object], names: Iterable[str]) -> tuple[FieldChange, ...]:
    """Give those of the fields whose values differ, each with both as text; of a list, its items."""
    return tuple(FieldChange(name, _said(before[name]), _said(after[name])) for name in names if before[name] != after[name])


def _said(value: object) -> str | None:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or None
    return None if value is None else str(value)


def word_pieces(before: str, after: str) -> list[Piece]:
    """Give the difference of two paragraphs word by word; where they are too long for that, or one is empty, as a whole."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if not old or not new or len(old) + len(new) > MOST_WORDS:
        return [piece for piece in (Piece("removed", before), Piece("added", after)) if piece.text]
    pieces = []
    for how, i, j, k, n in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if how == "equal":
            pieces.append(Piece("same", _joined(new[k:n])))
        else:
            changed = Piece("removed", _joined(old[i:j])), Piece("added", _joined(new[k:n]))
            pieces += [piece for piece in changed if piece.text]
    return pieces


def _text(telling: Telling) -> str:
    """Give standfirst and body as one text; a body may begin with its standfirst."""
    body = telling.body or ""
    if not telling.standfirst or body.startswith(telling.standfirst):
        return body
    return f"{telling.standfirst}{PARAGRAPH}{body}" if body else telling.standfirst


def _says_else(before: str | None, after: str | None) -> bool:
    return (before or "") != (after or "") and text_hash(before or "") != text_hash(after or "")


def _paired(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Pair edited paragraphs: each new one with the earlier one it shares most words with, if that is a third, keeping their order."""
    first = 0
    for paragraph in new:
        words = set(_TOKEN.findall(paragraph))
        shares = [len(words.intersection(_TOKEN.findall(candidate))) / max(1, len(words)) for candidate in old[first : first + REACH]]
        best = max(range(len(shares)), key=shares.__getitem__, default=None)
        if best is None or shares[best] < 1 / 3:
            yield "", paragraph
            continue
        yield from ((candidate, "") for candidate in old[first : first + best])
        yield old[first + best], paragraph
        first += best + 1
    yield from ((candidate, "") for candidate in old[first:])


def _words_moved(pairs: Sequence[tuple[str, str]]) -> tuple[int, int]:
    added = removed = 0
    for old, new in pairs:
        for piece in word_pieces(old, new):
            words = len(_TOKEN.findall(piece.text)) if piece.how != "same" else 0
            added, removed = added + words * (piece.how == "added"), removed + words * (piece.how == "removed")
    return added, removed


def _is_whole(old: str, new: str) -> bool:
    return not old or not new


def _joined(tokens: Sequence[str]) -> str:
    return " ".join(tokens)


def owns_up(paragraph: str) -> bool:
    """Tell whether a paragraph opens as a correction or clarification does."""
    words, phrases = _openings()
    line = paragraph.lstrip(_OPENING).replace("’", "'").casefold()
    return line.startswith(phrases) or any(line.startswith(word) and _GOES_ON.match(line, len(word)) for word in words)


@lru_cache(maxsize=1)
def _openings() -> tuple[tuple[str, ...], tuple[str, ...]]:
    rows = [line.split("\t") for line in files("scraper").joinpath("corrections.tsv").read_text("utf-8").splitlines() if line[0] != "#"]
    by_kind = {kind: tuple(text.casefold() for _, name, text in rows if name == kind) for kind in ("word", "phrase")}
    return by_kind["word"], by_kind["phrase"]
