"""In which words does a worker speak with the process that reads for it? What is asked, and what is told."""

from typing import Final, NamedTuple

from scraper.batch.dataset import Record, Reject
from scraper.errors import ExtractionError

__all__ = ["LIMITS", "Asked", "Ended", "Failed", "Full", "Limits", "Mark", "Told"]


class Limits(NamedTuple):
    """What one page may cost: seconds of processor time, and bytes of memory with all that the process holds already."""

    page_s: float = 15.0  # as in a crawl
    memory_bytes: int = 320_000_000  # a page of 10 MB that is nothing but tags takes 300


LIMITS: Final = Limits()


class Mark(NamedTuple):
    """A place where reading can begin: the offset of a member, and the number of the record that begins with it."""

    offset: int
    number: int


class Asked(NamedTuple):
    """Read the records of a file from a mark on to before the byte `end`, and give what comes after the record of a number.

    So many of the first ones are read `singly`, that it is known which one a process dies over. `blamed` is what is said of the first
    page, in place of reading it.
    """

    place: str
    mark: Mark
    end: int | None
    after: int
    singly: int = 0
    blamed: ExtractionError | None = None
    allow_private: bool = False
    limits: Limits = LIMITS


class Told(NamedTuple):
    """What came of the record of a number: the row of a page, or what is lost. `size` is its bytes; `cpu_s` what was used for it.

    Of pages that were read together the first bears what all of them used.
    """

    number: int
    mark: Mark | None
    row: Record | Reject
    is_lost: bool
    size: int
    cpu_s: float


class Ended(NamedTuple):
    """All has been told; the last record had this number."""

    number: int
    cpu_s: float


class Failed(NamedTuple):
    """The file cannot be read."""

    message: str
    code: str
    retryable: bool


class Full(NamedTuple):
    """This process has grown, and ends: another goes on."""
