"""`scraper sources`: which sites are collected, is what is said of them sound, and how is one put on or off? Its short commands.

What a sources file may hold is asked of `sources`; adding a site (`sources_add`), trying one
(`sources_test`) and trying its rules on what was kept (`sources_preview`) are modules of their own.
"""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scraper.cli import options
from scraper.cli.say import complain
from scraper.cli.sources_add import add
from scraper.cli.sources_preview import preview
from scraper.cli.sources_test import test
from scraper.errors import SourcesError, UsageError
from scraper.records import Source

if TYPE_CHECKING:
    from scraper.store import SourceStats

__all__ = ["sources"]


class InOrder(click.Group):
    """A group whose help lists its commands as they were added."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Give the names in order."""
        return list(self.commands)


@click.group(cls=InOrder)
def sources() -> None:
    """Show, add, test and change the sites that are collected."""


@sources.command("list")
@options.sources
@options.db
@options.as_json
def list_sources(sources_file: Path, db: Path, as_json: bool) -> int:
    """Show the sources, and when each gave its last article.

    The database is asked for that if it is there.
    """
    from scraper.sources import load

    listed, stored = load(sources_file), _stored(db)
    if as_json:
        rows = [_as_json(source, stored.get(source.id)) for source in listed]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2, default=datetime.isoformat))
        return 0
    from scraper.cli.source_tables import sources_table
    from scraper.cli.tables import show

    show(sources_table(listed, {source_id: row.last_article_at for source_id, row in stored.items()}))
    return 0


sources.add_command(add)
sources.add_command(test)
sources.add_command(preview)


@sources.command()
@options.sources
@options.quiet
def lint(sources_file: Path, quiet: bool) -> int:
    """Say everything that is wrong with the file, or cannot work as it is meant."""
    from scraper.sources.catalogue import load
    from scraper.sources.lint import findings

    if found := findings(sources_file):
        raise SourcesError(str(sources_file), found)
    if not quiet:
        listed = load(sources_file)
        complain(f"{sources_file}: {_counted(listed)}, nothing wrong")
    return 0


@sources.command()
@click.argument("source_id", metavar="ID")
@options.sources
@options.quiet
def enable(source_id: str, sources_file: Path, quiet: bool) -> int:
    """Let `scraper run` collect a source.

    One line of the file is changed; everything else in it stays as it is.
    """
    return _switch(source_id, sources_file, enabled=True, quiet=quiet)


@sources.command()
@click.argument("source_id", metavar="ID")
@options.sources
@options.quiet
def disable(source_id: str, sources_file: Path, quiet: bool) -> int:
    """Let `scraper run` pass over a source.

    One line of the file is changed; everything else in it stays as it is. What is stored stays stored.
    """
    return _switch(source_id, sources_file, enabled=False, quiet=quiet)


def _switch(source_id: str, path: Path, *, enabled: bool, quiet: bool) -> int:
    from scraper.pipeline.choice import chosen
    from scraper.sources import load
    from scraper.sources.catalogue import examined_text
    from scraper.sources.editing import switched, written
    from scraper.sources.reading import text_of

    (source,) = chosen(load(path), [source_id])
    word = "enabled" if enabled else "disabled"
    if source.enabled == enabled:
        if not quiet:
            complain(f"{source_id} is {word} already; nothing was changed")
        return 0
    before = text_of(path)
    after = switched(before, source_id, enabled=enabled)
    if problems := examined_text(after).problems:
        raise UsageError(f"{source_id} cannot be {word}: {problems[0].partition(': ')[2]}")
    written(path, after, before=before)
    if not quiet:
        complain(f"{source_id} is {word} in {path}")
    return 0


def _stored(db: Path) -> "dict[str, SourceStats]":
    """Give what the database knows of each source: nothing, where there is none."""
    if not db.exists():
        return {}
    from scraper.store import Store

    with Store.open(db, read_only=True) as store:
        return {row.source_id: row for row in store.stats().sources}


def _as_json(source: Source, stored: "SourceStats | None") -> dict[str, object]:
    return {
        "id": source.id,
        "name": source.name,
        "domain": source.domain,
        "enabled": source.enabled,
        "feeds": source.feeds,
        "news_sitemaps": source.news_sitemaps,
        "sections": source.sections,
        "home": source.home,
        "languages": source.languages,
        "country": source.country,
        "tags": source.tags,
        "rules": {key: value for key, value in asdict(source.rules).items() if value} if source.rules else None,
        "articles": stored.articles if stored else None,
        "last_article_at": stored.last_article_at if stored else None,
    }


def _counted(listed: tuple[Source, ...]) -> str:
    return f"{len(listed)} source{'s' if len(listed) != 1 else ''}, {sum(source.enabled for source in listed)} enabled"
