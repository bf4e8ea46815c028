"""How does the difference of two versions look? In colour on a terminal; elsewhere as git's word diff: [-what went-] and {+what came+}."""

import sys
from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import RenderableType
from rich.text import Text

from scraper.changes import Piece, paragraph_pieces
from scraper.cli.diff import fields_of, pieces_of
from scraper.export import printable
from scraper.store import Version

__all__ = ["difference_lines", "marked"]

STYLES: Final = {"same": "", "added": "bold green", "removed": "red strike"}
MARKS: Final = {"same": ("", ""), "added": ("{+", "+}"), "removed": ("[-", "-]")}


def difference_lines(before: Version, after: Version, *, of: int) -> Iterator[RenderableType]:
    """Show how one version became the next, of so many: the kind of change, the fields that differ, the paragraphs that do."""
    kinds = ", ".join(kind.replace("_", " ") for kind in after.kinds)
    yield Text(printable(after.telling.headline or "(no headline)"), style="bold")
    yield Text(f"article {after.article_id}, version {after.number} of {of}, seen {after.seen_at:%Y-%m-%d %H:%M} UTC")
    yield Text(f"{kinds}{_counted(after)} ({after.cause})")
    yield Text()
    for name, (old, new) in fields_of(before, after):
        if old != new:
            yield Text(f"{name}: ", style="dim").append_text(marked(pieces_of(old, new)))
            yield Text()
    yield from _body(before.telling.body or "", after.telling.body or "")


def _counted(after: Version) -> str:
    """Say how many words came and went in standfirst and body, if any did."""
    if not (after.words_added or after.words_removed):
        return ""
    return f": {after.words_added} word{'' if after.words_added == 1 else 's'} added, {after.words_removed} removed"


def _body(before: str, after: str) -> Iterator[RenderableType]:
    same = 0
    for old, new in [*paragraph_pieces(before, after), ("", " ")]:
        if old == new:
            same += 1
            continue
        if same:
            yield Text(f"({same} paragraph{'s' if same > 1 else ''} unchanged)\n", style="dim")
            same = 0
        if new != " ":
            yield marked(pieces_of(old, new)).append("\n")


def marked(pieces: Sequence[Piece]) -> Text:
    """Show the difference of two texts word by word."""
    if sys.stdout.isatty():
        return Text(" ").join(Text(printable(piece.text), style=STYLES[piece.how]) for piece in pieces)
    return Text(" ".join(printable(piece.text).join(MARKS[piece.how]) for piece in pieces))
