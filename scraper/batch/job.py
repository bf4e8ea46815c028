"""What does a batch do, from what it is given to what came of it? It finds the inputs, plans, has the tasks done, and says what that was.

Whoever begins a batch again in the same folder goes on with it: parts that count are passed over, and all else is done anew.
"""

import fcntl
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Protocol
from uuid import uuid4

from scraper.batch.commit import BOOKS, Manifest, Output
from scraper.batch.dataset import Counted
from scraper.batch.dataset_layout import Layout
from scraper.batch.engine import dashboard, each, engine, perform, refuse_without_engine, threads
from scraper.batch.inputs import Input, Missing, inputs
from scraper.batch.places import is_local
from scraper.batch.planning import Plan, cuts, length_of_pieces, read_plan, stretches_of, write_plan
from scraper.batch.stretch import PART_PAGES, Done, Job, Progress, Stretch
from scraper.batch.telling import LIMITS, Limits
from scraper.errors import StoreError, UsageError
from scraper.pipeline.exit_codes import ALL_WELL, SOME_FAILED

__all__ = ["Batch", "Outcome", "Watching", "run_batch"]

NAMED: Final = 20  # of the damage, in a report


class Watching(Protocol):
    """Is told how far a batch is."""

    def begin(self, *, stretches: int, done: int, bytes_total: int, bytes_done: int, dashboard: str | None) -> None:
        """Be told how much there is, and how much of it was done before."""

    def under_way(self, progress: Progress) -> None:
        """Be told now and then how far a stretch is, in any thread."""

    def stretch(self, done: Done, size: int) -> None:
        """Be told of a stretch that is done: what it counted, and how many bytes it has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What is to be done: which inputs, into which folder, by how many workers of this machine or by the cluster at an address."""

    words: Sequence[str]
    out: str
    watching: Watching
    workers: int | None = None
    address: str | None = None
    dashboard: bool = False
    allow_private: bool = False
    layout: Layout = field(default_factory=Layout)
    part_pages: int = PART_PAGES
    limits: Limits = LIMITS


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What came of it, of this run and the earlier ones in the same folder."""

    files: int = 0
    stretches: int = 0
    before: int = 0  # stretches that were done already
    pages: int = 0
    records: int = 0
    bytes: int = 0
    cpu_s: float = 0.0
    rejects: Counter[str] = field(default_factory=Counter)
    damaged: int = 0
    damage: list[str] = field(default_factory=list)
    failures: list[Missing] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """Give the code with which the command ends: pages that are no stories are no failures."""
        return SOME_FAILED if self.failures or self.damaged else ALL_WELL

    def add(self, counted: Counted) -> None:
        """Add what a part counted."""
        self.pages += counted.pages
        self.records += counted.records
        self.bytes += counted.bytes
        self.cpu_s += counted.cpu_seconds
        self.rejects.update(counted.rejects)
        self.damaged += counted.damaged
        self.damage += [f"{counted.input}, {where}" for where in counted.damage][: max(NAMED - len(self.damage), 0)]

    def to_dict(self) -> Mapping[str, Any]:
        """Give it for JSON."""
        return {
            "files": self.files,
            "stretches": self.stretches,
            "done_before": self.before,
            "pages": self.pages,
            "records": self.records,
            "rejects": dict(self.rejects.most_common()),
            "damaged": self.damaged,
            "damage": self.damage,
            "failures": [missing._asdict() for missing in self.failures],
            "bytes": self.bytes,
            "cpu_s": round(self.cpu_s, 3),
        }


def run_batch(batch: Batch) -> Outcome:
    """Do it. Raises UsageError, StoreError (`store_locked`), WorkerError, and OSError where the folder cannot be written."""
    refuse_without_engine()
    found = list(inputs(batch.words, allow_private=batch.allow_private))
    output = Output(batch.out, uuid4().hex[:12])
    with _alone(output):
        layout = output.layout(batch.layout)
        job = Job(output.place, output.run, layout, batch.part_pages, batch.limits, batch.allow_private)
        known = output.mend()
        return _Run(batch, output, job, known).outcome_of(found)


class _Run:
    """One run of a batch."""

    def __init__(self, batch: Batch, output: Output, job: Job, known: Mapping[str, Manifest]) -> None:
        self._batch = batch
        self._output = output
        self._job = job
        self._known = known
        self._outcome = Outcome()

    def outcome_of(self, found: Sequence[Input | Missing]) -> Outcome:
        plan = read_plan(self._output)
        self._outcome.files = len(found)
        self._outcome.failures += [missing for missing in found if isinstance(missing, Missing)]
        planned, new = self._sorted([one for one in found if isinstance(one, Input)], plan)
        if not new and not any(self._is_left(stretch) for stretch in planned):
            self._go(None, planned)
            return self._outcome
        with engine(workers=self._batch.workers, address=self._batch.address, watched=self._batch.dashboard) as client:
            self._go(client, [*planned, *self._planned(client, new)])
        return self._outcome

    def _sorted(self, found: Sequence[Input], plan: Plan) -> tuple[list[Stretch], list[Input]]:
        """Give the stretches of inputs that were planned before, and the inputs that were not."""
        planned: list[Stretch] = []
        new: list[Input] = []
        for one in found:
            stretches = plan.of(one)
            if stretches is None:
                new.append(one)
            elif isinstance(stretches, Missing):
                self._outcome.failures.append(stretches)
            else:
                planned += stretches
        return planned, new

    def _planned(self, client: Any, new: Sequence[Input]) -> list[Stretch]:
        """Cut the new inputs into stretches, and write that down."""
        workers = threads(client)
        lengths = {one: length_of_pieces(one, files=len(new), workers=workers) for one in new}
        whole = [stretches_of(one) for one, length in lengths.items() if length is None]
        large = [(one, (one, length)) for one, length in lengths.items() if length is not None]
        for one, borders in each(client, partial(cuts, allow_private=self._batch.allow_private), large):
            whole.append(stretches_of(one, () if isinstance(borders, BaseException) else borders))  # the task will say what is wrong
        write_plan(self._output, whole)
        return [stretch for stretches in whole for stretch in stretches]

    def _go(self, client: Any, stretches: Sequence[Stretch]) -> None:
        left = [stretch for stretch in stretches if self._is_left(stretch)]
        outcome, watching = self._outcome, self._batch.watching
        outcome.stretches, outcome.before = len(stretches), len(stretches) - len(left)
        for stretch in stretches:
            if not self._is_left(stretch):
                for counted in self._counted(stretch):
                    outcome.add(counted)
        total = sum(map(_size, stretches))
        watching.begin(
            stretches=len(stretches),
            done=outcome.before,
            bytes_total=total,
            bytes_done=total - sum(map(_size, left)),
            dashboard=dashboard(client) if client and self._batch.dashboard else None,
        )
        for done in perform(client, self._job, left, watching.under_way) if left else ():
            for counted in done.counted:
                outcome.add(counted)
            if done.failure:
                outcome.failures.append(Missing(done.stretch.place, *done.failure))
            watching.stretch(done, _size(done.stretch))

    def _manifests(self, stretch: Stretch) -> Iterator[Manifest]:
        ordinal = 0
        while (manifest := self._known.get(stretch.part(ordinal))) is not None:
            yield manifest
            if manifest.ends:
                return
            ordinal += 1

    def _is_left(self, stretch: Stretch) -> bool:
        return not any(manifest.ends for manifest in self._manifests(stretch))

    def _counted(self, stretch: Stretch) -> Iterator[Counted]:
        return (manifest.counted for manifest in self._manifests(stretch))


def _size(stretch: Stretch) -> int:
    """Give how many bytes a stretch has, as far as that is known."""
    end = stretch.end if stretch.end is not None else stretch.size
    return max((end or 0) - stretch.begin, 0)


@contextmanager
def _alone(output: Output) -> Iterator[None]:
    """Be the only batch that writes to a folder of this machine; of an object store nothing can be locked (docs/batch.md)."""
    if not is_local(output.place):
        yield
        return
    path = output.at(f"{BOOKS}/lock")
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120 - a path of fsspec's
    except (FileExistsError, NotADirectoryError) as error:
        raise UsageError(f"{output.place} is no folder", code="no_directory") from error
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise StoreError(f"another batch is writing to {output.place}", code="store_locked") from error
    finally:
        os.close(descriptor)
