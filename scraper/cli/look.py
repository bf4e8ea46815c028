"""`scraper search` and `scraper stats`: what is in the database? The questions are the store's, the tables `tables`'."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from scraper.cli import options
from scraper.cli.say import complain

__all__ = ["search", "stats"]


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="WORDS...")
@options.db
@options.narrowing
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="At most so many.")
@options.as_json
def search(words: tuple[str, ...], db: Path, as_json: bool, **narrow: Any) -> int:
    """Find stored articles by their words.

    Best match first; an article holds all the words. Words in double quotes are a phrase.
    """
    from scraper.store import Filters, Store

    filters = Filters(**options.filter_values(narrow))
    with Store.open(db, read_only=True) as store:
        hits = store.search(" ".join(words), filters)
        elsewhere = () if hits or as_json else store.search(" ".join(words), Filters(limit=1))
    if as_json:
        _print_json([asdict(hit) for hit in hits])
        return 0
    from scraper.cli.tables import hit_lines, show

    show(line for hit in hits for line in hit_lines(hit))
    if not hits:
        complain("articles hold these words, but none that the options leave" if elsewhere else "no article holds these words")
    elif hits[0].newest is not None:
        complain(f"these are the best of the newest {hits[0].newest:,} articles that match; there may be more")
    return 0


@click.command()
@options.db
@options.as_json
def stats(db: Path, as_json: bool) -> int:
    """Show what is stored, and the latest runs."""
    from scraper.store import Store

    with Store.open(db, read_only=True) as store:
        stored = store.stats()
    if as_json:
        _print_json(asdict(stored))
        return 0
    from scraper.cli.tables import show, stats_tables

    show(stats_tables(stored))
    return 0


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=datetime.isoformat))
