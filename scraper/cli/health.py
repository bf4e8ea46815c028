"""`scraper health`: how does each source fare, by its own history? The judgement is `scraper.health`'s, made at the end of each run."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from scraper.cli import options
from scraper.cli.say import complain

__all__ = ["health"]


@click.command()
@options.db
@click.option("--source", "ids", multiple=True, metavar="ID", help="Only this source. Repeatable.")
@click.option("--trouble", is_flag=True, help="Only sources that need attention.")
@click.option("--accept", is_flag=True, help="Take what the sources given with --source do today for usual from now on.")
@options.as_json
def health(db: Path, ids: tuple[str, ...], trouble: bool, accept: bool, as_json: bool) -> int:
    """Show which sources are not what they usually are, since when and why.

    Each source is measured by its own last weeks at the end of every run. Exit code 4 if one needs attention.
    """
    from scraper.errors import UsageError
    from scraper.pipeline.exit_codes import ALL_WELL, NEEDS_ATTENTION
    from scraper.store import Store

    if accept and not ids:
        raise UsageError("--accept takes the sources to accept: --source ID", code="usage")
    if accept:
        _accept(db, ids)
    with Store.open(db, read_only=True) as store:
        sources = [source for source in store.health() if not ids or source.source_id in ids]
    if missing := set(ids) - {source.source_id for source in sources}:
        raise UsageError(f"no run has looked at {', '.join(sorted(missing))} yet", code="unknown_source")
    shown = [source for source in sources if source.needs_attention] if trouble else sources
    if as_json:
        click.echo(json.dumps([source.to_dict() for source in shown], ensure_ascii=False, indent=2))
    else:
        from scraper.cli.tables import health_table, show

        show(health_table(shown) if shown else [])
        if not sources:
            complain("no source has been judged yet: that is done at the end of a run")
        elif not shown:
            complain("no source needs attention")
    return NEEDS_ATTENTION if any(source.needs_attention for source in sources) else ALL_WELL


def _accept(db: Path, ids: tuple[str, ...]) -> None:
    from scraper.store import Store

    with Store.open(db) as store:
        for source_id in ids:
            store.accept_health(source_id, datetime.now(UTC))
