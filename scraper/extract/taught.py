"""What does one page teach of its site, as it is handed on? Plain values: taking them in loads nothing of what makes them (`lessons`)."""

from collections.abc import Mapping
from typing import NamedTuple

__all__ = ["Lesson", "Place"]


class Place(NamedTuple):
    """Where something stands: its path, the tag of its block and a selector for people to read."""

    path: str
    tag: str
    label: str


class Lesson(NamedTuple):
    """What one page teaches. `blocks`: fingerprint to (first letters, whether it is story); `paths`: story and other text inside each."""

    blocks: Mapping[str, tuple[str, bool]]
    paths: Mapping[str, tuple[int, int]]
    places: Mapping[str, Place]
