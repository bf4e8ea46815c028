"""What is one task of a batch? To read a stretch of one input, part by part, and to commit each part as it is done.

A part ends after so many pages; a task that is tried again, on any machine, goes on behind the last part that counts. What makes the parts
depends on the input alone, so that two attempts at once make the same ones, and the one that is first counts.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Final, NamedTuple

from scraper.batch.commit import Manifest, Output
from scraper.batch.dataset import Counted, Record
from scraper.batch.dataset_layout import Layout, part_name
from scraper.batch.dataset_writing import PartWriter
from scraper.batch.reader import Reader
from scraper.batch.telling import LIMITS, Asked, Ended, Limits, Mark, Told
from scraper.errors import ArchiveError, ScraperError
from scraper.extract.version import extractor_version

__all__ = ["PART_PAGES", "Done", "Job", "Progress", "Stretch", "work"]

PART_PAGES: Final = 20_000  # two minutes of a core; what a worker that is killed has to do again at most
NAMED_DAMAGE: Final = 20
TOLD_EVERY_S: Final = 2.0


class Job(NamedTuple):
    """What all tasks of a run have in common."""

    out: str
    run: str
    layout: Layout
    part_pages: int = PART_PAGES
    limits: Limits = LIMITS
    allow_private: bool = False


class Stretch(NamedTuple):
    """A whole input, or its records whose members begin from `begin` on and before `end`. `stamp` tells this content from a later one."""

    place: str
    size: int | None
    stamp: str = ""
    begin: int = 0
    end: int | None = None

    def part(self, ordinal: int) -> str:
        """Name a part of it."""
        return part_name(f"{self.place}#{self.stamp}#{ordinal}", self.begin, self.end)


class Done(NamedTuple):
    """What came of a stretch: what its parts counted, and what went wrong with it as a whole, if anything did."""

    stretch: Stretch
    counted: tuple[Counted, ...]
    failure: tuple[str, str] | None = None  # code, sentence


class Progress(NamedTuple):
    """How far a stretch is, on the way: pages that were read since its task began, and bytes of the file that lie behind."""

    place: str
    begin: int
    pages: int
    bytes: int


def work(job: Job, stretch: Stretch, reader: Reader, tell: Callable[[Progress], object] = lambda _: None) -> Done:
    """Do what is left to do of a stretch, and tell every few seconds how far that is.

    A failure that will not go away is given; one that may is raised, as OSError or ScraperError.
    """
    output = Output(job.out, job.run)
    counted: list[Counted] = []
    try:
        counted.extend(_parts(job, stretch, _heard(reader, stretch, tell), output))
    except ScraperError as error:
        if error.retryable:
            raise
        return Done(stretch, tuple(counted), (error.code, error.message))
    return Done(stretch, tuple(counted))


def _heard(reader: Reader, stretch: Stretch, tell: Callable[[Progress], object]) -> Callable[[Asked], Iterator[Told | Ended]]:
    """Give the reader's `read`, overheard."""

    def read(asked: Asked) -> Iterator[Told | Ended]:
        pages, told_s = 0, time.monotonic()
        for answer in reader.read(asked):
            yield answer
            if isinstance(answer, Told):
                pages += not answer.is_lost
                if time.monotonic() - told_s >= TOLD_EVERY_S:
                    tell(Progress(stretch.place, stretch.begin, pages, max((answer.row.warc.offset or 0) - stretch.begin, 0)))
                    told_s = time.monotonic()

    return read


def _parts(job: Job, stretch: Stretch, read: Callable[[Asked], Iterator[Told | Ended]], output: Output) -> Iterator[Counted]:
    """Give what each part counts, those that count already first."""
    mark, after, ordinal = Mark(stretch.begin, 1), 0, 0
    while (known := output.manifest(stretch.part(ordinal))) is not None:
        output.settle(known)
        yield known.counted
        if known.ends:
            return
        mark, after, ordinal = Mark(*known.mark), known.after, ordinal + 1
    asked = Asked(stretch.place, mark, stretch.end, after, allow_private=job.allow_private, limits=job.limits)
    answers = read(asked)
    while True:
        manifest = _part(job, stretch, output, answers, (mark, after, ordinal))
        manifest = output.commit(manifest)
        yield manifest.counted
        if manifest.ends:
            return
        mark, after, ordinal = Mark(*manifest.mark), manifest.after, ordinal + 1


def _part(job: Job, stretch: Stretch, output: Output, answers: Iterator[Told | Ended], state: tuple[Mark, int, int]) -> Manifest:
    mark, after, ordinal = state
    part, attempt = stretch.part(ordinal), output.attempt()
    tally = Tally()
    ends = False
    try:
        with PartWriter(output.filesystem, output.at(attempt), part, job.layout) as writer:
            for answer in answers:
                after = answer.number
                tally.cpu_s += answer.cpu_s
                if isinstance(answer, Ended):
                    ends = True
                    break
                mark = answer.mark or mark
                writer.add(answer.row)
                tally.add(answer)
                if tally.pages >= job.part_pages:
                    break
            if ends and not ordinal and stretch.begin == 0:
                tally.refuse_nothing(stretch)
            counted = tally.counted(part, stretch)
            writer.count(counted)
        files = {file.path: file.rows for file in writer.close()}
    except BaseException:
        output.clear(attempt)
        raise
    return Manifest(part, attempt, files, counted, (mark.offset, mark.number), after, ends)


class Tally:
    """Counts what a part comes to."""

    def __init__(self) -> None:
        self.pages = 0
        self.cpu_s = 0.0  # of the process that reads
        self._bytes = 0
        self._codes: Counter[str] = Counter()
        self._verdicts: Counter[str] = Counter()
        self._damage: list[str] = []
        self._damaged = 0
        self._started_at = datetime.now(UTC)
        self._began_s = time.monotonic()
        self._thread_s = time.thread_time()

    def add(self, told: Told) -> None:
        """Count a page, or what is lost."""
        row = told.row
        if told.is_lost:
            self._damaged += 1
            if len(self._damage) < NAMED_DAMAGE:
                self._damage.append(f"byte {row.warc.offset}: {'' if isinstance(row, Record) else row.message}")
            return
        self.pages += 1
        self._bytes += told.size
        if isinstance(row, Record):
            self._verdicts[row.verdict] += 1
        else:
            self._codes[row.code] += 1

    def refuse_nothing(self, stretch: Stretch) -> None:
        """Raise ArchiveError if a whole file had no page, and something else."""
        if self._damaged and not self.pages:
            raise ArchiveError(f"{stretch.place} is no WARC file, or damaged from its beginning", code="archive_damaged")

    def counted(self, part: str, stretch: Stretch) -> Counted:
        """Give what was counted."""
        return Counted(
            part=part,
            input=stretch.place,
            start=stretch.begin,
            end=stretch.end,
            started_at=self._started_at,
            seconds=time.monotonic() - self._began_s,
            cpu_seconds=time.thread_time() - self._thread_s + self.cpu_s,
            bytes=self._bytes,
            pages=self.pages,
            records=self._verdicts.total(),
            verdicts=dict(self._verdicts),
            rejects=dict(self._codes),
            damaged=self._damaged,
            damage=tuple(self._damage),
            extractor_version=extractor_version(),
        )
