"""Measures `extract` on hostile pages: `python -m benchmarks.hostile [NAME…]`, each kind in a process of its own, its peak memory and time.

A kind is done when it gives a verdict within LIMIT_S of CPU time, which is wall clock on a machine that has nothing else to do, and within
LIMIT_MB, the page itself and the libraries included. The pages are invented here; each aims at something that was quadratic once, or could
be. Exit code 1 if any kind is not done.
"""

import argparse
import os
import resource
import signal
import sys
import time
from typing import NamedTuple

from benchmarks import hostile_bytes, hostile_data, hostile_markup
from benchmarks.hostile_pages import Kind
from scraper import extract

__all__ = ["KINDS", "Outcome", "measured"]

KINDS: tuple[Kind, ...] = (*hostile_markup.KINDS, *hostile_data.KINDS, *hostile_bytes.KINDS)
LIMIT_S, LIMIT_MB, GIVEN_UP_S, ADDRESS_SPACE = 10.0, 1024.0, 60, 6 << 30
URL = "https://site.example/2025/05/21/lock"
MEGABYTE = 1_048_576


class Outcome(NamedTuple):
    """What became of one kind: the page's size and the peak in megabytes, wall clock and CPU in seconds, and the verdict or what broke."""

    page_mb: float
    seconds: float
    cpu_s: float
    peak_mb: float
    verdict: str

    @property
    def done(self) -> bool:
        """Tell whether the kind kept to its limits and gave a verdict."""
        return self.cpu_s <= LIMIT_S and self.peak_mb <= LIMIT_MB and not self.verdict.startswith("!")


def measured(kind: Kind) -> Outcome:
    """Make and extract one page in a forked process, so that a crash, too much memory or a hang is an outcome too."""
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        os.close(ours)
        os.write(theirs, "\t".join(map(str, _extracted(kind))).encode())
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, encoding="utf-8") as answers:
        answer = answers.read()
    _, status = os.waitpid(child, 0)
    if not answer:
        return Outcome(0.0, float(GIVEN_UP_S), float(GIVEN_UP_S), 0.0, f"!ended by signal {os.waitstatus_to_exitcode(status)}")
    page_mb, seconds, cpu_s, peak_mb, verdict = answer.split("\t")
    return Outcome(float(page_mb), float(seconds), float(cpu_s), float(peak_mb), verdict)


def _extracted(kind: Kind) -> Outcome:
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    signal.alarm(GIVEN_UP_S)
    page: str | bytes = ""
    began, cpu = time.perf_counter(), time.process_time()
    try:
        page = kind.make(kind.size)
        began, cpu = time.perf_counter(), time.process_time()
        verdict: str = extract(page, URL).verdict
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is the outcome
        verdict = f"!{type(error).__name__}: {str(error)[:60]}"
    seconds, cpu_s = time.perf_counter() - began, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Outcome(len(page) / MEGABYTE, round(seconds, 2), round(cpu_s, 2), round(peak), verdict)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="only kinds whose name holds one of these")
    options = parser.parse_args()
    kinds = [kind for kind in KINDS if not options.names or any(name in kind.name for name in options.names)]
    extract("<p>Words.</p>" * 9, URL)  # what is loaded once is not measured with the first kind
    print(f"{'kind':48} {'page MB':>8} {'seconds':>8} {'CPU s':>7} {'peak MB':>8}  verdict", flush=True)
    failed = 0
    for kind in kinds:
        found = measured(kind)
        failed += not found.done
        figures = f"{found.page_mb:8.1f} {found.seconds:8.2f} {found.cpu_s:7.2f} {found.peak_mb:8.0f}"
        print(f"{kind.name[:48]:48} {figures}  {found.verdict:14} {'ok' if found.done else 'FAILED'}", flush=True)
    print(f"{len(kinds) - failed} of {len(kinds)} kinds in {LIMIT_S:g} s and {LIMIT_MB:g} MB")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
