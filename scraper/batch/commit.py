"""When does a part of a batch count, and how does it come to count once? When its manifest stands, of which there is one.

    DIR/_batch/parts/<part>.json            the manifest: which files the part has, what it came to, where the next one begins
    DIR/_batch/unfinished/<run>/<attempt>/  files of parts that do not count yet, or not any more

A part's files are written under `unfinished`, where no reader of the datasets looks. Then its manifest is made, which only one attempt can:
a file is linked, an object put on condition that there is none (not every store knows that one: docs/batch.md). Then the files go where
they belong. Whoever finds a manifest whose files have not gone yet takes them there; and if they are nowhere, the part does not count.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Final, NamedTuple, Self
from uuid import uuid4

from scraper.batch.dataset import Counted
from scraper.batch.dataset_layout import DATASETS, LAYOUT, Layout
from scraper.batch.places import filesystem, is_local, named

__all__ = ["BOOKS", "Manifest", "Output"]

BOOKS: Final = "_batch"
PARTS, TEMPORARY = f"{BOOKS}/parts", f"{BOOKS}/unfinished"
DRAFT: Final = ".tmp"  # what a small file that is being made ends with


class Manifest(NamedTuple):
    """What says that a part counts. `files` are paths in the batch's folder, with their rows; they come from the folder `attempt`.

    The stretch of the input that the part belongs to goes on behind the record `after`, read from `mark` on; or it `ends` with it.
    """

    part: str
    attempt: str
    files: Mapping[str, int]
    counted: Counted
    mark: tuple[int, int]
    after: int
    ends: bool

    def to_json(self) -> bytes:
        """Write it."""
        plain = self._asdict() | {"counted": self.counted._asdict() | {"started_at": self.counted.started_at.isoformat()}}
        return json.dumps(plain, ensure_ascii=False).encode("utf-8", "surrogatepass")

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """Read it."""
        from datetime import datetime

        plain = json.loads(text)
        counted = plain["counted"]
        counted |= {"started_at": datetime.fromisoformat(counted["started_at"]), "damage": tuple(counted["damage"])}
        return cls(**(plain | {"counted": Counted(**counted), "mark": tuple(plain["mark"])}))


class Output:
    """The folder that a batch goes to, on any file system that fsspec knows. `run` names this run of it, for its temporary files."""

    def __init__(self, place: str, run: str) -> None:
        self.place = named(place)
        self.run = run
        self.filesystem, root = filesystem(self.place, allow_private=True)
        self.root = root.rstrip("/")
        self._is_local = is_local(self.place)

    def at(self, path: str) -> str:
        """Give the path of something in the folder on its file system."""
        return f"{self.root}/{path}"

    def attempt(self) -> str:
        """Name a folder of its own for an attempt at a part."""
        return f"{TEMPORARY}/{self.run}/{uuid4().hex[:16]}"

    def make(self, path: str, content: bytes) -> bool:
        """Make a small file, whole and at once; False if there is one already, which stays."""
        target = self.at(path)
        self.filesystem.makedirs(target.rpartition("/")[0], exist_ok=True)
        if not self._is_local:
            return self._put(target, content)
        draft = f"{target}.{uuid4().hex[:16]}{DRAFT}"
        with open(draft, "wb") as file:  # noqa: PTH123 - a path of fsspec's
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, target)
        except FileExistsError:
            return False
        finally:
            os.unlink(draft)  # noqa: PTH108
        return True

    def read(self, path: str) -> bytes | None:
        """Read a small file, or give None."""
        try:
            found: bytes = self.filesystem.cat_file(self.at(path))
        except FileNotFoundError:
            return None
        return found

    def layout(self, wanted: Layout) -> Layout:
        """Give how the batch is laid out: as it was when it began."""
        self.make(LAYOUT, wanted.to_json().encode())
        return Layout.from_json(self.read(LAYOUT) or b"", self.place)

    def manifest(self, part: str) -> Manifest | None:
        """Give the manifest of a part that counts."""
        text = self.read(f"{PARTS}/{part}.json")
        return Manifest.from_json(text) if text else None

    def manifests(self) -> Iterator[Manifest]:
        """Give those of all parts that count."""
        for text in self._texts(PARTS).values():
            yield Manifest.from_json(text)

    def texts(self, folder: str) -> dict[str, bytes]:
        """Read the small files of a folder."""
        return self._texts(f"{BOOKS}/{folder}")

    def commit(self, manifest: Manifest) -> Manifest:
        """Let a part count, unless another attempt was first, and give the manifest that stands. Its files are where they belong then."""
        self._sync(manifest)
        if not self.make(f"{PARTS}/{manifest.part}.json", manifest.to_json()):
            self.clear(manifest.attempt)
            manifest = self.manifest(manifest.part) or manifest
        self.settle(manifest)
        return manifest

    def settle(self, manifest: Manifest) -> None:
        """Bring the files of a part that counts to where they belong, as far as they are not there."""
        for path in manifest.files:
            source, target = self.at(f"{manifest.attempt}/{path}"), self.at(path)
            if not self._is_local and not self.filesystem.exists(source):
                continue
            with suppress(FileNotFoundError):  # it has gone there already
                self._move(source, target)
        self.clear(manifest.attempt)

    def clear(self, folder: str) -> None:
        """Delete a folder with all that is in it."""
        with suppress(FileNotFoundError):
            self.filesystem.rm(self.at(folder), recursive=True)

    def mend(self) -> dict[str, Manifest]:
        """Put in order what earlier runs have left behind, and give the parts that count. No other run may be at work.

        Files that are not yet where they belong go there; those of no part that counts are deleted, manifests without files, and drafts.
        """
        known: dict[str, Manifest] = {}
        present = {path for dataset in DATASETS for path in self._found(dataset)}
        waiting = self._found(TEMPORARY)
        for manifest in self.manifests():
            missing = set(manifest.files) - present
            if all(f"{manifest.attempt}/{path}" in waiting for path in missing):
                self.settle(manifest)
                known[manifest.part] = manifest
            else:
                self.filesystem.rm_file(self.at(f"{PARTS}/{manifest.part}.json"))
        belonging = {path for manifest in known.values() for path in manifest.files}
        for path in present - belonging:
            self.filesystem.rm_file(self.at(path))
        self.clear(TEMPORARY)
        for path in self._found(BOOKS) if self._is_local else ():
            if path.endswith(DRAFT):
                self.filesystem.rm_file(self.at(path))
        return known

    def _texts(self, folder: str) -> dict[str, bytes]:
        paths = [self.at(path) for path in self._found(folder) if path.endswith(".json")]
        found: dict[str, bytes] = self.filesystem.cat(paths) if paths else {}
        return dict(sorted(found.items()))

    def _found(self, folder: str) -> set[str]:
        """Give the files below a folder, as paths in the batch's."""
        self.filesystem.invalidate_cache()
        return {path.removeprefix(self.root).lstrip("/") for path in self.filesystem.find(self.at(folder))}

    def _put(self, target: str, content: bytes) -> bool:
        try:
            self.filesystem.pipe_file(target, content, mode="create")
        except FileExistsError:
            return False
        except (NotImplementedError, TypeError, ValueError):  # a store that knows no condition
            if self.filesystem.exists(target):
                return False
            self.filesystem.pipe_file(target, content)
        return True

    def _move(self, source: str, target: str) -> None:
        folder = target.rpartition("/")[0]
        self.filesystem.makedirs(folder, exist_ok=True)
        if self._is_local:
            os.replace(source, target)  # noqa: PTH105
            return
        self.filesystem.cp_file(source, target)
        self.filesystem.rm_file(source)

    def _sync(self, manifest: Manifest) -> None:
        """Have the files on the disk before the manifest says so."""
        for path in manifest.files if self._is_local else ():
            descriptor = os.open(self.at(f"{manifest.attempt}/{path}"), os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
