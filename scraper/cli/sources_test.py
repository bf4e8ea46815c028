"""`scraper sources test`: are the saved pages of the sources read as they are to be? The work is `pipeline.trial`'s, the words here."""

from collections.abc import Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scraper.cli import options
from scraper.cli.say import complain
from scraper.cli.work import finished

if TYPE_CHECKING:
    from scraper.pipeline.trial import SavedPage, Trial
    from scraper.store import Difference

__all__ = ["test"]

SHOWN = 90


@dataclass(slots=True, kw_only=True)
class Asked:
    """The command line of one `scraper sources test`."""

    ids: tuple[str, ...]
    sources_file: Path
    folder: Path | None
    preview: bool
    accept: bool
    quiet: bool


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@options.sources
@click.option(
    "--pages", "folder", type=click.Path(file_okay=False, path_type=Path), help="The folder of the pages, if not beside the file."
)
@click.option("--preview", is_flag=True, help="Show what the rules of each source change on its pages.")
@click.option("--accept", is_flag=True, help="Write down what a page says now, where nothing is expected of it yet.")
@options.quiet
def test(**given: Any) -> int:
    """Read the saved pages of the sources, and say where they are not read as they are to be.

    Without an ID the pages of all sources are read. Nothing leaves this machine.
    """
    from scraper.pipeline.choice import chosen
    from scraper.pipeline.trial import folder_of, saved_pages
    from scraper.sources import load

    asked = Asked(**given)
    sources = load(asked.sources_file)
    picked = chosen(sources, asked.ids) if asked.ids else sources
    pages = saved_pages(asked.folder or folder_of(asked.sources_file), picked)
    return finished(_tested(asked, pages))


async def _tested(asked: Asked, pages: "Sequence[SavedPage]") -> int:
    from scraper.pipeline.trial import trials

    well = 0
    async with aclosing(trials(pages)) as results:
        async for trial in results:
            well += trial.well
            if not trial.well:
                complain(*_failed(trial))
            if asked.preview and trial.difference and trial.difference.is_any:
                complain(*_previewed(trial.page, trial.difference))
            if asked.accept:
                _accept(trial)
    if not asked.quiet or well < len(pages):
        complain(f"{well} of {len(pages)} page{'s' if len(pages) != 1 else ''} {'is' if len(pages) == 1 else 'are'} read as expected")
    return 0 if well == len(pages) else 1


def _failed(trial: "Trial") -> Sequence[str]:
    name = f"{trial.page.source.id}: {trial.page.path}"
    return [f"{name}: {trial.error.message}"] if trial.error else [name, *trial.failures]


def _previewed(page: "SavedPage", found: "Difference") -> Iterator[str]:
    yield f"{page.source.id}: what the rules change of {page.path}"
    for name, before, after in found.fields:
        yield f"{name}: {_short(before)} becomes {_short(after)}"
    for sign, texts in (("-", found.lost), ("+", found.gained)):
        for text in texts:
            yield f"{sign} {_short(text)}"


def _accept(trial: "Trial") -> None:
    from scraper.sources.expectations import as_yaml

    target = trial.page.expectations
    if trial.article is not None and not target.exists():
        target.write_text(as_yaml(trial.article, trial.page.expected.fetched_at), encoding="utf-8")
        complain(f"{target} says what {trial.page.path.name} says now; look at it, and add what must and must not stand in the text")


def _short(text: str | None) -> str:
    if text is None:
        return "nothing"
    return repr(text if len(text) <= SHOWN else f"{text[:SHOWN]}…")
