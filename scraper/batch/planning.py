"""Into which stretches is the work cut? Files as they are when there are many; a few large ones where records begin, so that all have work.

What was cut once stays cut, whoever goes on with the batch and on however many cores: the plan is written down before any of it is done,
since parts are named by their stretches. A file whose content is another one by then is refused: its records would be there twice.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO, Final, NamedTuple
from uuid import uuid4

from scraper.archive.cutting import Raw, raw_records
from scraper.archive.unpacking import container
from scraper.batch.commit import BOOKS, Output
from scraper.batch.inputs import Input, Missing
from scraper.batch.places import opened, translated
from scraper.batch.stretch import Stretch

__all__ = ["Plan", "cuts", "length_of_pieces", "read_plan", "stretches_of", "write_plan"]

PLANS: Final = "plans"
TASKS_A_WORKER: Final = 4  # fewer, and the last ones are waited for by idle workers
SMALLEST_STRETCH: Final = 16_000_000  # bytes: half a minute of a core


class Plan(NamedTuple):
    """The stretches of each input that is planned already, by its address."""

    stretches: dict[str, tuple[Stretch, ...]]

    def of(self, found: Input) -> tuple[Stretch, ...] | Missing | None:
        """Give the stretches of an input; None if it is new, Missing if it is not what it was when it was planned."""
        known = self.stretches.get(found.place)
        if known and known[0].stamp != found.stamp:
            reason = f"{found.place} is not what it was when this batch began; what it holds now needs a folder of its own"
            return Missing(found.place, "input_changed", reason)
        return known


def read_plan(output: Output) -> Plan:
    """Read what was planned in earlier runs."""
    found: dict[str, tuple[Stretch, ...]] = {}
    for text in output.texts(PLANS).values():
        for place, stretches in json.loads(text).items():
            found.setdefault(place, tuple(Stretch(*stretch) for stretch in stretches))
    return Plan(found)


def write_plan(output: Output, planned: Iterable[Sequence[Stretch]]) -> None:
    """Write down the stretches of inputs, before the work on them begins."""
    content = {stretches[0].place: stretches for stretches in planned}
    if content:
        output.make(f"{BOOKS}/{PLANS}/{output.run}-{uuid4().hex[:8]}.json", json.dumps(content).encode())


def length_of_pieces(found: Input, *, files: int, workers: int) -> int | None:
    """Give into how long pieces a file is to be cut, in bytes: if there are few files for so many workers, and it is large."""
    size, pieces = found.size or 0, -(-workers * TASKS_A_WORKER // files)
    return max(size // pieces, SMALLEST_STRETCH) if pieces > 1 and size >= 2 * SMALLEST_STRETCH else None


def stretches_of(found: Input, borders: Sequence[int] = ()) -> tuple[Stretch, ...]:
    """Cut an input at these places, or take it whole."""
    begins = (0, *borders)
    ends = (*borders, None)
    return tuple(Stretch(found.place, found.size, found.stamp, begin, end) for begin, end in zip(begins, ends, strict=True))


def cuts(found: Input, length: int, *, allow_private: bool) -> tuple[int, ...]:
    """Give places where a file can be cut into pieces of some such length: where a record begins with a member. Raises ScraperError.

    The file is unpacked for that, since bytes that look like the beginning of a member may be part of what some page holds.
    """
    with translated(found.place), opened(found.place, allow_private=allow_private) as file:
        return tuple(_borders(file, found.place, length, found.size or 0))


def _borders(file: BinaryIO, place: str, length: int, size: int) -> Iterator[int]:
    wanted = length
    for raw in raw_records(file, container(file, place), most_bytes=0):
        if isinstance(raw, Raw) and raw.leads and raw.offset >= wanted and size - raw.offset >= length // 2:
            yield raw.offset
            wanted = raw.offset + length
