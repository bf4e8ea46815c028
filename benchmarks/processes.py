"""What does a command cost, with all the processes it starts? Looked up in /proc while it runs, so Linux only."""

import os
import subprocess
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Cost", "Memory", "cpu_s", "watched"]

LOOK_S = 0.05
TICKS = os.sysconf("SC_CLK_TCK")
PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Resident megabytes of one process at a quarter, half and three quarters of its life, at its end, and at most."""

    name: str
    quarters_mb: tuple[float, ...]
    most_mb: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Seconds on the wall, CPU seconds of the main process and of all others, and each process's memory, the main one's first."""

    wall_s: float
    cpu_s: dict[str, float]
    memory: tuple[Memory, ...]


def cpu_s(pid: int) -> float:
    """Tell how many seconds of CPU a process has used so far; 0 once it has ended."""
    seen = _look(pid)
    return seen[0] / TICKS if seen else 0.0


def watched(command: Sequence[str], *, complaints: Path | None = None) -> Cost:
    """Run a command to its end and tell what it cost; what it says on standard error may go to a file. Raises CalledProcessError."""
    began = time.monotonic()
    ticks: dict[int, int] = {}
    sizes: dict[int, list[float]] = defaultdict(list)
    with (
        complaints.open("wb") if complaints else nullcontext() as errors,
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors) as process,
    ):
        while process.poll() is None:
            for pid in _family(process.pid):
                if (seen := _look(pid)) and seen[1] > 0:  # one that has ended and waits to be noticed has no memory
                    ticks[pid], size = seen
                    sizes[pid].append(size)
            time.sleep(LOOK_S)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    wall_s = time.monotonic() - began
    main = ticks.pop(process.pid, 0) / TICKS
    workers = [pid for pid, _ in sorted(ticks.items(), key=lambda item: -item[1]) if len(sizes[pid]) > 1]
    memory = [_memory("main", sizes[process.pid]), *(_memory("other", sizes[pid]) for pid in workers)]
    return Cost(wall_s=wall_s, cpu_s={"main": main, "others": sum(ticks.values()) / TICKS}, memory=tuple(memory))


def _memory(name: str, sizes: Sequence[float]) -> Memory:
    quarters = tuple(sizes[min(len(sizes) * step // 4, len(sizes) - 1)] for step in range(1, 5)) if sizes else ()
    return Memory(name=name, quarters_mb=quarters, most_mb=max(sizes, default=0.0))


def _family(pid: int) -> list[int]:
    """Give a process and all that descends from it."""
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += map(int, task.read_text().split())
            except OSError:
                continue  # it has just ended
    return found


def _look(pid: int) -> tuple[int, float] | None:
    """Give CPU ticks and resident megabytes of a process, or None when it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return int(fields[11]) + int(fields[12]), int(fields[21]) * PAGE_MB
