"""`scraper archive`: which files are in the archive, how much room may it take, and is all in it as it was? `scraper.archive` knows."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scraper.cli import options
from scraper.cli.say import complain
from scraper.cli.work import interruptible

if TYPE_CHECKING:
    from scraper.archive import Checked, Held
    from scraper.records import ArchiveSettings

__all__ = ["archive"]


@click.group()
def archive() -> None:
    """Show the archive of fetched pages, and check it."""


@archive.command("list")
@options.archive_dir
@options.db
@options.sources
@options.as_json
def list_files(archive_dir: Path | None, db: Path, sources_file: Path, as_json: bool) -> int:
    """Show the files, their pages, and how much room they may take."""
    from scraper.archive import held
    from scraper.pipeline.keeping import archive_folder

    settings = options.catalogue(sources_file).archive
    folder = archive_dir or archive_folder(settings, db)
    found, pages = held(folder), _pages(db)
    missing = sorted(set(pages) - {file.name for file in found})
    if as_json:
        click.echo(json.dumps(_as_json(folder, settings, found, pages, missing), indent=2))
    else:
        from scraper.cli.archive_tables import archive_lines
        from scraper.cli.tables import show

        show(archive_lines(folder, settings, found, pages))
    if missing:
        complain(f"{sum(pages[name] for name in missing)} pages are in files that are not there: {', '.join(missing)}")
    return 1 if missing else 0


@archive.command()
@click.argument("names", nargs=-1, metavar="[FILE]...")
@options.archive_dir
@options.db
@options.sources
@options.quiet
@options.as_json
def verify(names: tuple[str, ...], archive_dir: Path | None, db: Path, sources_file: Path, quiet: bool, as_json: bool) -> int:
    """Read the files through, or those named, and say what in them is not as it was written. Nothing is changed."""
    from scraper.archive import checked, held
    from scraper.errors import UsageError
    from scraper.pipeline.keeping import archive_folder

    folder = archive_dir or archive_folder(options.catalogue(sources_file).archive, db)
    wanted = {Path(name).name for name in names}
    files = [file for file in held(folder) if not names or wanted & {file.name, file.path.name}]
    if not files or (names and len(files) < len(wanted)):
        raise UsageError(f"the archive {folder} has no such file" if names else f"there is no archive in {folder}")
    results = []
    with interruptible():
        for file in files:
            results.append(found := checked(file))
            if not as_json:
                _say(found, quiet=quiet)
    if as_json:
        click.echo(json.dumps([{**one._asdict(), "damage": [damage._asdict() for damage in one.damage]} for one in results], indent=2))
    damaged = [one for one in results if one.damage]
    if not quiet:
        pages = sum(one.pages for one in results)
        of = "one file" if len(results) == 1 else f"{len(results)} files"
        complain(f"{pages} pages in {of} are as they were" + (f"; {len(damaged)} files are damaged" if damaged else ""))
    return 1 if damaged else 0


def _say(found: "Checked", *, quiet: bool) -> None:
    if found.damage:
        complain(f"{found.file}: {found.pages} pages are as they were; it is damaged", *(
            f"byte {one.offset:,}, {one.length:,} bytes: {one.reason}" for one in found.damage
        ))  # fmt: skip
    elif not quiet:
        click.echo(f"{found.file}: {found.pages} pages, {found.size:,} bytes")


def _pages(db: Path) -> Mapping[str, int]:
    """Give how many pages the database has in each file: none, where there is no database."""
    if not db.exists():
        return {}
    from scraper.store import Store

    with Store.open(db, read_only=True) as store:
        return store.archive_files()


def _as_json(
    folder: Path, settings: "ArchiveSettings", found: "Sequence[Held]", pages: Mapping[str, int], missing: Sequence[str]
) -> dict[str, Any]:
    files = [
        {"file": file.name, "bytes": file.size, "begun_at": file.begun.isoformat(), "open": file.is_open, "pages": pages.get(file.name, 0)}
        for file in found
    ]
    used = sum(file.size for file in found)
    return {"folder": str(folder), "enabled": settings.enabled, "bytes": used, "max_bytes": settings.max_bytes, "files": files,
            "missing": list(missing)}  # fmt: skip
