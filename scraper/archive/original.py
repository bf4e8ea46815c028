"""Where are the bytes that several visits found? A page that came again letter for letter is not written twice."""

from typing import NamedTuple

__all__ = ["Original"]


class Original(NamedTuple):
    """The record that holds a page's bytes: its place in its file, and what a revisit record says of it. `date` is as WARC-Date has it."""

    offset: int
    length: int
    url: str
    date: str
