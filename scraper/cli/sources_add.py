"""`scraper sources add URL`: what is there to collect at a site, and how well is it read? A source is made of the answer.

The site is looked at by `pipeline.survey`, the lines are `pipeline.proposal`'s, and `sources.editing` puts them into the file.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scraper.cli import options
from scraper.cli.say import complain
from scraper.cli.work import finished
from scraper.errors import SourcesError, UsageError
from scraper.records import STORIES, Source
from scraper.urls import host, is_http

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.pipeline.survey import Survey
    from scraper.sources.catalogue import Examined

__all__ = ["add"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The command line of one `scraper sources add`."""

    url: str
    sources_file: Path
    source_id: str | None
    name: str | None
    save_pages: bool
    dry_run: bool
    allow_private: bool
    quiet: bool


@click.command()
@click.argument("url", metavar="URL")
@options.sources
@click.option("--id", "source_id", metavar="ID", help="The id of the source, instead of one made from its domain.")
@click.option("--name", help="The name of the source, instead of the one that its pages give.")
@click.option("--save-pages", is_flag=True, help="Keep the pages that were read, for `scraper sources test`.")
@click.option("--dry-run", is_flag=True, help="Print the lines, and leave the file alone.")
@click.option("--allow-private", is_flag=True, help="Allow private and loopback addresses, also in runs of this source.")
@options.quiet
def add(**given: Any) -> int:
    """Find out what there is to collect at a site, and add it to the list.

    URL is its home page, or a feed or news sitemap of it. What its pages give is shown; the lines that were added go to standard output.
    """
    asked = Asked(**given)
    url = asked.url if "://" in asked.url else f"https://{asked.url}"
    if not is_http(url) or "@" in url:
        raise UsageError(f"{asked.url!r} is no address of a site, such as https://harbourpost.example/")
    text, known = _file(asked.sources_file)
    if asked.source_id is None:
        _refuse_known(url, known)
    found = finished(_surveyed(url, _probe(asked, text, url), quiet=asked.quiet))
    if not asked.quiet:
        from scraper.cli.source_tables import survey_tables
        from scraper.cli.tables import show

        show(survey_tables(found), err=True)
    return _added(asked, text, known, found)


def _file(path: Path) -> "tuple[str | None, Sequence[Source]]":
    """Give the file's text, or None where there is none, and the sources in it. Raises SourcesError where it cannot be used."""
    from scraper.sources.catalogue import examined_text
    from scraper.sources.reading import text_of

    if not path.exists():
        return None, ()
    text = text_of(path)
    return text, _sound(path, examined_text(text))


def _sound(path: Path, found: "Examined") -> "Sequence[Source]":
    problems = [problem for problem in found.problems if not problem.startswith("sources: must be a list of at least one")]
    if problems:
        raise SourcesError(str(path), problems)
    return [source for source in found.sources if source]


def _refuse_known(url: str, known: "Sequence[Source]") -> None:
    from scraper.sources import source_for

    if source := source_for(url, known):
        state = "" if source.enabled else f"; `scraper sources enable {source.id}` lets it be collected"
        raise UsageError(f"{source.domain} is on the list as {source.id}{state}. Another source of the same site needs an --id of its own")


def _probe(asked: Asked, text: str | None, url: str) -> Source:
    """Give the source by whose policy the site is looked at: the file's defaults."""
    from scraper.sources.catalogue import examined_text
    from scraper.sources.editing import with_source

    entry = {"id": "a-source-to-be", "domain": host(url) or "", "home": url} | ({"allow_private": True} if asked.allow_private else {})
    found = examined_text(with_source(text, entry)[0])
    probe = found.sources[-1] if found.sources else None
    if probe is None or found.problems:
        raise UsageError(f"{asked.url} cannot be a source: {found.problems[0].partition(': ')[2]}")
    return probe


async def _surveyed(url: str, probe: Source, *, quiet: bool) -> "Survey":
    from scraper.pipeline.survey import survey

    def tell(address: str) -> None:
        if not quiet:
            complain(f"asking for {address}")

    return await survey(url, source=probe, now=lambda: datetime.now(UTC), tell=tell)


def _added(asked: Asked, text: str | None, known: "Sequence[Source]", found: "Survey") -> int:
    from scraper.pipeline.proposal import domain_of, entry_of, id_of, stories

    domain = domain_of(found)
    if not any(listing.links for listing in found.listings):
        why = f" ({found.error.message})" if found.error else ""
        complain(
            f"nothing to collect was found at {found.url}{why}; stories older than 30 days do not count, and sections can be written into "
            "the file by hand (docs/sources.md)"
        )
        return 1
    if not stories(found):
        scripts = any(sample.article and sample.article.verdict == "js_shell" for sample in found.samples)
        hint = "; they are made by their scripts: write the source by hand, with `render: auto`" if scripts else ""
        complain(f"none of the {len(found.samples)} pages that were read is an article; nothing was written{hint}")
        return 1
    if asked.source_id is None:
        _refuse_known(found.samples[0].url, known)
    ids = {source.id for source in known}
    made = id_of(domain) if id_of(domain) not in ids else domain.replace(".", "-").replace(":", "-")
    entry = entry_of(found, source_id=asked.source_id or made, domain=domain)
    entry |= ({"name": asked.name} if asked.name else {}) | ({"allow_private": True} if asked.allow_private else {})
    source = _write(asked, text, entry)
    if asked.save_pages and not asked.dry_run:
        _save_pages(asked, source, found)
    return 0


def _save_pages(asked: Asked, source: Source, found: "Survey") -> None:
    from scraper.pipeline.trial import folder_of, save_pages

    folder = folder_of(asked.sources_file) / source.id
    told = [sample.page for sample in found.samples if sample.page and sample.article and sample.article.verdict in STORIES]
    count = finished(save_pages(folder, told, source.rules))
    if not asked.quiet:
        complain(f"{count} page{'s' if count != 1 else ''} saved in {folder}: look at what is expected of them there, and add to it")


def _write(asked: Asked, text: str | None, entry: dict[str, Any]) -> Source:
    from scraper.sources.catalogue import examined_text
    from scraper.sources.editing import with_source, written

    after, lines = with_source(text, entry)
    found = examined_text(after)
    source = found.sources[-1] if found.sources else None
    if found.problems or source is None:
        raise UsageError(f"{entry['id']} cannot be added: {found.problems[0].partition(': ')[2]}")
    if not asked.dry_run:
        written(asked.sources_file, after, before=text)
    click.echo(lines)
    if not asked.quiet:
        done = f"{entry['id']} was added to {asked.sources_file}" if not asked.dry_run else "nothing was written"
        complain(done + ("" if source.enabled else "; it is disabled, as the file's defaults have it"))
    return source
