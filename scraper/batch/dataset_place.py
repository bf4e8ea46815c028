"""Where is a batch that is to be read, and which files are in it? A folder on this machine, or of an object store.

The files of stories that are there count, all of them: a part's files come to where they belong when it is committed (`commit`).
"""

from typing import Any, NamedTuple, Self

from scraper.batch.dataset_layout import LAYOUT, RECORDS, Layout
from scraper.batch.dataset_writing import arrow_filesystem
from scraper.batch.places import filesystem, is_local, named
from scraper.errors import UsageError

__all__ = ["Place"]


class Place(NamedTuple):
    """A folder: on which of pyarrow's filesystems, under which path there, and what people call it."""

    filesystem: Any
    root: str
    name: str

    @classmethod
    def of(cls, folder: str) -> Self:
        """Find the folder. Raises UsageError (`unknown_place`)."""
        from pyarrow.fs import LocalFileSystem

        place = named(folder)
        if is_local(place):
            path = place.partition("://")[2] or place
            return cls(LocalFileSystem(), path, path)
        found, root = filesystem(place)
        return cls(arrow_filesystem(found), root.rstrip("/"), place)

    def at(self, path: str) -> str:
        """Give the path of a file of the batch on its filesystem."""
        return f"{self.root}/{path}"

    def layout(self) -> Layout:
        """Read how the batch is laid out. Raises UsageError (`no_batch`)."""
        try:
            with self.filesystem.open_input_stream(self.at(LAYOUT)) as file:
                text = file.read()
        except OSError as error:
            raise UsageError(f"{self.name} is no folder of a batch: it has no {LAYOUT}", code="no_batch") from error
        return Layout.from_json(text, self.name)

    def record_files(self) -> tuple[str, ...]:
        """Name the files of stories by their paths in the batch, in the order of days, of parts, of publishers."""
        from pyarrow.fs import FileSelector, FileType

        found = self.filesystem.get_file_info(FileSelector(self.at(RECORDS), recursive=True, allow_not_found=True))
        paths = [info.path for info in found if info.type == FileType.File and info.path.endswith(".parquet")]
        return tuple(sorted((path[path.rindex(f"{RECORDS}/date=") :] for path in paths if f"{RECORDS}/date=" in path), key=_in_time))


def _in_time(path: str) -> tuple[str, ...]:
    dataset, day, publishers, part = path.split("/")
    return dataset, day, part, publishers
