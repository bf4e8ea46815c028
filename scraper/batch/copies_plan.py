"""How is the search for copies divided? Stories by files into chunks, what is compared by hash into buckets; both of bounded size.

A story's number is the number of its file among those of the batch, and its row in there: `file << 32 | row`. Its place in time is the
moment of its fetch, and its number where two are of one moment: earlier means earlier in that order, as in a database filled in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from scraper.batch.dataset_place import Place

__all__ = ["Plan", "number_of", "planned", "story_name"]

CHUNK_STORIES: Final = 40_000  # 1.3 million shingles, 26 MB, several times over while they are sorted
BUCKET_ROWS: Final = 1_500_000
SHINGLES: Final = 32  # of a story, about: one run of words in sixteen, of 500 words
GROUP_STORIES: Final = 50_000  # whose candidates are compared by one task
ROW_BITS: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One search: where the batch is, its files of stories, the first file of each chunk, and how many buckets and groups there are.

    `scratch` is the folder for what one stage leaves for the next.
    """

    place: Place
    files: tuple[str, ...]
    stories: int
    firsts: tuple[int, ...]
    buckets: int
    groups: int
    scratch: str = "_copies"

    @property
    def chunks(self) -> range:
        """Give the numbers of the chunks."""
        return range(len(self.firsts))

    def files_of(self, chunk: int) -> range:
        """Give the numbers of the files of a chunk."""
        return range(self.firsts[chunk], self.firsts[chunk + 1] if chunk + 1 < len(self.firsts) else len(self.files))

    def chunks_of(self, numbers: Any) -> Any:
        """Give the chunks that stories are in, by their numbers."""
        return np.searchsorted(np.asarray(self.firsts), numbers >> ROW_BITS, side="right") - 1

    def groups_of(self, numbers: Any) -> Any:
        """Give the groups in which stories are compared."""
        return mixed(numbers) % np.uint64(self.groups)

    def buckets_of(self, keys: Any) -> Any:
        """Give the buckets that keys fall into."""
        return mixed(keys) % np.uint64(self.buckets)


def planned(place: Place, files: Sequence[str]) -> Plan:
    """Plan the search in these files. Raises OSError where one cannot be read."""
    from pyarrow.parquet import read_metadata

    firsts, held, stories = [0], 0, 0
    for number, path in enumerate(files):
        rows = read_metadata(place.at(path), filesystem=place.filesystem).num_rows
        if held and held + rows > CHUNK_STORIES:
            firsts.append(number)
            held = 0
        held, stories = held + rows, stories + rows
    return Plan(
        place=place,
        files=tuple(files),
        stories=stories,
        firsts=tuple(firsts),
        buckets=1 + stories * SHINGLES // BUCKET_ROWS,
        groups=1 + stories // GROUP_STORIES,
    )


def number_of(file: int, rows: Any) -> Any:
    """Give the numbers of stories by their rows in a file."""
    return (np.int64(file) << ROW_BITS) | rows


def story_name(files: Sequence[str], number: int) -> str:
    """Name a story for people and other programs: its file below `records`, and its row."""
    path = files[number >> ROW_BITS].partition("/")[2].removesuffix(".parquet")
    return f"{path}#{number & ((1 << ROW_BITS) - 1)}"


def mixed(keys: Any) -> Any:
    """Mix the bits of keys (Stafford's variant 13), since shingles are all divisible by sixteen."""
    with np.errstate(over="ignore"):
        keys = keys.astype(np.uint64)
        keys = (keys ^ (keys >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        keys = (keys ^ (keys >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return keys ^ (keys >> np.uint64(31))
