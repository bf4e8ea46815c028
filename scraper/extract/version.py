"""Which extractor read a page? The package's version and a digest of its weights and tables, which may change between two versions.

It stands on every row, so that it can be told what was read by an earlier one and may be read better today.
"""

from functools import lru_cache
from hashlib import blake2b
from importlib.resources import files

from scraper import __version__

__all__ = ["extractor_version"]

READ = (".npz", ".tsv", ".txt")
DIGEST_BYTES = 4


@lru_cache(maxsize=1)
def extractor_version() -> str:
    """Give it, as `0.1.0+3f9c01ab`."""
    digest = blake2b(digest_size=DIGEST_BYTES)
    for entry in sorted(files("scraper.extract").iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(READ):
            digest.update(entry.name.encode())
            digest.update(entry.read_bytes())
    return f"{__version__}+{digest.hexdigest()}"
