"""Which stories of a batch are copies of which? A join by sampled shingles, over as many machines as there are, in memory of bounded size.

    keys        each chunk of stories tells each bucket its texts and addresses          copies_exact
    same        each bucket leads what is the same to the first of it
    shingles    each chunk tells each bucket the shingles of its other stories           copies_pairs
    pairs       each bucket pairs those that share one
    candidates  each group of stories chooses whom to compare with
    texts       each chunk gives the groups the texts they ask for                       copies_texts
    near        each group compares
    copies      chains are followed to their ends, and written                           copies_clusters

The rules are the store's (`scraper.store.copies`), and so are the clusters: those of one database that was filled in the order of time. A
stage begins when the one before has ended; what it leaves stands in files, so a task may be tried again anywhere.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Final, NamedTuple, Protocol

from scraper.batch.copies_clusters import COPIES, led, roots, tell_members, write_clusters
from scraper.batch.copies_exact import find_same, tell_keys
from scraper.batch.copies_pairs import choose_candidates, pair_up, tell_shingles
from scraper.batch.copies_pieces import written
from scraper.batch.copies_plan import Plan, planned
from scraper.batch.copies_texts import compare, tell_texts
from scraper.batch.dataset_place import Place
from scraper.batch.engine import each, engine, refuse_without_engine
from scraper.errors import InternalError

__all__ = ["Engine", "Found", "find_copies", "find_copies_of", "in_turn", "spread"]

FOUND: Final = "_found.json"  # written last: without it, the dataset is not complete


class Engine(Protocol):
    """Calls a function for each item, anywhere, and gives what the calls gave, in their order."""

    def __call__(self, function: Callable[[int], Any], items: Iterable[int]) -> Sequence[Any]:
        """Call it."""


class Found(NamedTuple):
    """What was found: of so many stories, so many clusters, with so many copies beside their originals; of so many compared pairs."""

    stories: int
    clusters: int
    copies: int
    compared: int


def in_turn(function: Callable[[int], Any], items: Iterable[int]) -> list[Any]:
    """Call a function for each item, here and one after another: the engine for one core."""
    return [function(item) for item in items]


def spread(client: Any) -> Engine:
    """Give the engine that is a cluster, by Dask's client of it. A task that lost its worker is tried again by the cluster itself."""

    def called(function: Callable[[int], Any], items: Iterable[int]) -> Sequence[Any]:
        from distributed import KilledWorker

        asked = list(items)
        found: dict[int, Any] = {}
        for item, result in each(client, function, ((item, (item,)) for item in asked)):
            if isinstance(result, KilledWorker):
                raise InternalError(f"several workers died, one after another, over one task of the search: {result}") from result
            if isinstance(result, BaseException):
                raise result
            found[item] = result
        return [found[item] for item in asked]

    return called


def find_copies_of(folder: str, *, workers: int | None = None, address: str | None = None) -> Found:
    """Find the copies in a batch's folder, by worker processes of this machine or the cluster at an address.

    Raises UsageError (`no_engine`, `no_cluster`, `no_batch`, `unknown_place`), WorkerError, and OSError.
    """
    refuse_without_engine()
    place = Place.of(folder)
    place.layout()
    with engine(workers=workers, address=address, watched=False) as client:
        return find_copies(place, place.record_files(), spread(client))


def find_copies(place: Place, files: Sequence[str], call: Engine = in_turn) -> Found:
    """Find the copies among the stories of these files, and write the dataset `copies` anew. Raises OSError."""
    plan = planned(place, files)
    _clear(plan, plan.scratch)
    buckets, groups = range(plan.buckets), range(plan.groups)
    call(partial(tell_keys, plan), plan.chunks)
    call(partial(find_same, plan), buckets)
    call(partial(tell_shingles, plan), plan.chunks)
    call(partial(pair_up, plan), buckets)
    compared = sum(call(partial(choose_candidates, plan), groups))
    call(partial(tell_texts, plan), plan.chunks)
    leads = led(plan, list(call(partial(compare, plan), groups)))
    ends = roots(leads)
    found = Found(stories=plan.stories, clusters=tell_members(plan, leads, ends), copies=len(ends), compared=compared)
    _clear(plan, COPIES)
    call(partial(write_clusters, plan), plan.chunks)
    with written(plan, place.at(COPIES), FOUND) as path, place.filesystem.open_output_stream(path) as file:
        file.write(json.dumps(found._asdict()).encode())
    _clear(plan, plan.scratch)
    return found


def _clear(plan: Plan, folder: str) -> None:
    from pyarrow.fs import FileType

    path = plan.place.at(folder)
    if plan.place.filesystem.get_file_info(path).type == FileType.Directory:
        plan.place.filesystem.delete_dir(path)
