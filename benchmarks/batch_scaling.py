"""How far does a batch scale? What the engine costs a task, measured here; then a simulation of machines that nobody has at hand.

In the simulation the scheduler hands out one task after another, each after so much of its own CPU as was measured; workers work as long as
real tasks worked. It stops scaling where workers wait for the scheduler, or, at the end of a job, for the last tasks.
"""

import heapq
import random
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.processes import cpu_s

__all__ = ["Overhead", "overhead", "scaled", "simulated"]

LOST = 0.8  # of an ideal speed-up: where less is left, it is said to have stopped


@dataclass(frozen=True, slots=True, kw_only=True)
class Overhead:
    """What the engine costs for so many tasks that do nothing: seconds on the wall, CPU of the scheduler's process, in all."""

    tasks: int
    wall_s: float
    cpu_s: float


def overhead(client: object, counts: Sequence[int], scheduler_pid: int) -> list[Overhead]:
    """Measure it by Dask's client of a cluster whose scheduler is that process."""
    import time

    found = []
    for count in counts:
        began, used = time.monotonic(), cpu_s(scheduler_pid)
        client.gather(client.map(_nothing, range(count), pure=False))  # type: ignore[attr-defined]
        found.append(Overhead(tasks=count, wall_s=time.monotonic() - began, cpu_s=cpu_s(scheduler_pid) - used))
    return found


def _nothing(number: int) -> int:
    return number


def simulated(seconds: Sequence[float], workers: int, engine_s: float) -> float:
    """Give how long the tasks take so many workers, of which each is handed its next task by one scheduler."""
    free = [0.0] * workers
    heapq.heapify(free)
    scheduler = 0.0
    for needed in seconds:
        scheduler = max(scheduler, free[0]) + engine_s
        heapq.heapreplace(free, scheduler + needed)
    return max(free)


def scaled(measured: Sequence[float], tasks: int, engine_s: float, workers: Sequence[int]) -> list[tuple[int, float, float]]:
    """Give for each number of workers the hours that so many tasks like the measured ones take, and the share of an ideal speed-up."""
    dice = random.Random(5)
    drawn = dice.choices(measured, k=tasks)
    whole = sum(drawn)
    return [(count, took / 3600, whole / took / count) for count in workers for took in [simulated(drawn, count, engine_s)]]
