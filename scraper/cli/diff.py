"""`scraper diff`: what did a story say before, and what does it say now? The history is the store's, the comparison `changes`'."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scraper.cli import options
from scraper.cli.say import complain
from scraper.errors import UsageError

if TYPE_CHECKING:
    from scraper.changes import Piece
    from scraper.store import Version

__all__ = ["diff"]

NAMED = ("headline", "standfirst", "authors", "published")


@click.command()
@click.argument("article", metavar="ARTICLE")
@options.db
@click.option(
    "--version", "number", type=click.IntRange(min=2), metavar="N", help="The change that led to this version; without it, the last."
)
@options.as_json
def diff(article: str, db: Path, number: int | None, as_json: bool) -> int:
    """Show word by word how a stored story was changed.

    ARTICLE is its number in the database, or one of its addresses.
    """
    from scraper.store import Store

    with Store.open(db, read_only=True) as store:
        versions = store.history(article)
    if number is not None and number > len(versions):
        raise UsageError(f"article {versions[0].article_id} has {_counted(versions)}, there is no number {number}", code="usage")
    if len(versions) == 1:
        complain(f"article {versions[0].article_id} was not changed since it was first seen, {versions[0].seen_at:%Y-%m-%d %H:%M} UTC")
    last = number or len(versions)
    pair = versions[last - 2 : last] if len(versions) > 1 else ()
    if as_json:
        click.echo(json.dumps(_as_json(pair), ensure_ascii=False, indent=2, default=datetime.isoformat))
    elif pair:
        from scraper.cli.differences import difference_lines
        from scraper.cli.tables import show

        show(difference_lines(*pair, of=len(versions)))
    return 0


def _counted(versions: Sequence[Any]) -> str:
    return "one version" if len(versions) == 1 else f"{len(versions)} versions"


def _as_json(pair: "Sequence[Version]") -> dict[str, Any] | None:
    """Give the change as data: pieces of text that are the `same`, `added` or `removed`, by field, the body by paragraph."""
    from scraper.changes import paragraph_pieces

    if not pair:
        return None
    before, after = pair
    return {
        **{name: getattr(after, name) for name in ("article_id", "number", "seen_at", "kinds", "words_added", "words_removed", "cause")},
        **{name: _pieces(*values) for name, values in fields_of(before, after)},
        "body": [_pieces(*texts) for texts in paragraph_pieces(before.telling.body or "", after.telling.body or "")],
    }


def _pieces(before: str | None, after: str | None) -> list[dict[str, str]]:
    return [piece._asdict() for piece in pieces_of(before, after)]


def pieces_of(before: str | None, after: str | None) -> "list[Piece]":
    """Give the difference of two values of a field."""
    from scraper.changes import word_pieces

    return word_pieces(before or "", after or "")


def fields_of(before: "Version", after: "Version") -> Iterator[tuple[str, tuple[str | None, str | None]]]:
    """Give the fields besides the body, in the order of reading, each with what it was and what it became."""
    for name in NAMED:
        old, new = (getattr(version.telling if hasattr(version.telling, name) else version, name) for version in (before, after))
        yield name, (old, new)
