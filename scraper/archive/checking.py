"""Which files hold the archive, and is every record in them what it was when it was written? Asked by people; a run does not ask."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from scraper.archive import files
from scraper.archive.reading import Damage, pages
from scraper.archive.records import digest_of
from scraper.errors import ArchiveError

__all__ = ["Checked", "Held", "checked", "held"]

TIME: Final = slice(len("pages-"), len("pages-") + 14)
OTHER_CONTENT: Final = "its content is another than was kept"


class Held(NamedTuple):
    """A file of the archive, its size, when its first page was fetched (UTC), and whether it was not closed: it is being written, say."""

    path: Path
    size: int
    begun: datetime
    is_open: bool

    @property
    def name(self) -> str:
        """Give the name by which the database knows it."""
        return self.path.name.removesuffix(files.OPEN)


class Checked(NamedTuple):
    """What a file was found to hold: so many pages that are as they were, and what of it cannot be read."""

    file: str
    size: int
    pages: int
    damage: tuple[Damage, ...]


def held(folder: Path) -> tuple[Held, ...]:
    """Give the files of the archive, the oldest first; none where there is no folder."""
    paths = [*files.closed_files(folder), *files.open_files(folder)]
    return tuple(sorted(filter(None, map(_held, paths)), key=lambda file: file.name))


def _held(path: Path) -> Held | None:
    try:
        size = path.stat().st_size
        begun = datetime.strptime(path.name[TIME], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except (FileNotFoundError, ValueError):  # it went meanwhile, or is none of ours
        return None
    return Held(path, size, begun, path.name.endswith(files.OPEN))


def checked(file: Held) -> Checked:
    """Read a file through. The torn end of one that is being written is no damage. Raises ArchiveError where it is gone."""
    if not file.path.is_file():
        raise ArchiveError(f"{file.path} is not there any more", code="archive_missing")
    whole, damage = 0, []
    for found in _faults(file.path):
        if found is None:
            whole += 1
        elif not (file.is_open and found.offset + found.length >= file.size):
            damage.append(found)
    return Checked(file.name, file.size, whole, tuple(damage))


def _faults(path: Path) -> Iterator[Damage | None]:
    """Give, for each page of a file, what is wrong with it, or None; and what is no page and no record."""
    for found in pages(path):
        if isinstance(found, Damage):
            yield found
        elif found.digest is not None and found.digest != digest_of(found.page) and (kept := found.page.kept):
            yield Damage(kept.file, kept.offset, kept.length, OTHER_CONTENT)
        else:
            yield None
