"""Is a module imported as it was compiled, or from its source? From its source where that changed since: nobody runs what he edited away.

Only a working copy can change. There setup.py writes what it compiled into `.compiled`, each source with its CRC-32; an installed package
has no such file. Where one source is another, all modules are imported from their sources, since compiled ones do not look for each other.
The environment variable SCRAPER_PLAIN asks for that too: `modules`, or `all`, for no compiled inner loops either.
"""

import os
import sys
import zlib

TYPE_CHECKING = False  # see scraper/__init__.py
if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec

__all__ = ["changed", "choose"]

STAMP = ".compiled"


def changed(package: str) -> list[str]:
    """Tell which sources of a package's folder are no longer what was compiled."""
    try:
        with open(os.path.join(package, STAMP), encoding="utf-8") as stamp:  # noqa: PTH118, PTH123 - pathlib costs more than all of this
            digests = {name: int(digest) for digest, name in (line.split() for line in stamp)}
    except FileNotFoundError:
        return []
    root = os.path.dirname(package)  # noqa: PTH120
    return [name for name, digest in digests.items() if _digest(os.path.join(root, name)) != digest]  # noqa: PTH118


def _digest(path: str) -> int | None:
    try:
        with open(path, "rb") as source:  # noqa: PTH123
            return zlib.crc32(source.read())
    except FileNotFoundError:
        return None


def choose(package: str) -> None:
    """Have the modules of `package`, a folder, imported from their sources where they must be."""
    plain = os.environ.get("SCRAPER_PLAIN")
    if (plain or changed(package)) and not any(isinstance(finder, Sources) for finder in sys.meta_path):
        sys.meta_path.insert(0, Sources(alone=plain == "all"))


class Sources:
    """Finds the package's modules in their sources; `alone`: and nowhere else."""

    def __init__(self, *, alone: bool) -> None:
        self.alone = alone

    def find_spec(self, name: str, path: "Sequence[str] | None" = None, target: object = None) -> "ModuleSpec | None":  # noqa: ARG002
        """Answer the import system (importlib.abc.MetaPathFinder)."""
        if not name.startswith("scraper."):
            return None
        from importlib.machinery import SOURCE_SUFFIXES, FileFinder, SourceFileLoader

        for folder in path or ():
            spec = FileFinder(folder, (SourceFileLoader, SOURCE_SUFFIXES)).find_spec(name)
            if spec is not None and spec.loader is not None:
                return spec
        if self.alone:
            message = f"{name} has no source, and SCRAPER_PLAIN asks for sources"
            raise ModuleNotFoundError(message, name=name)
        return None
