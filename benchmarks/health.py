"""Is every break found within three runs or a day, and how often is there an alarm about nothing? A simulated year of twenty sources.

    python -m benchmarks.health [--sources N] [--breaks N] [--seed S] [--all]

Each look goes through the code of a run (`scraper.health`), with what was kept of the looks before it and nothing else. A break counts as
found when an alarm is raised at most a day or three looks after it began, whichever is longer; an alarm while nothing was broken is false.
"""

import argparse
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from benchmarks.health_breaks import BREAKS, EXPECTED, Break, injected
from benchmarks.health_year import FATES, LISTINGS, START, Year, moment, papers, year
from scraper.health import KEPT, KEPT_AT_LEAST, Day, Health, Hour, Usual, judged, learned, said
from scraper.health.figures import density_bin, length_bin, summed


@dataclass(frozen=True)
class Alarm:
    """A change of state: when, of which source, to what, and why."""

    source: int
    at: float
    health: Health
    before: str


def main() -> None:
    parser = argparse.ArgumentParser(description="Simulate a year of sources, break them, and see what is found.")
    parser.add_argument("--sources", type=int, default=20)
    parser.add_argument("--breaks", type=int, default=5, help="a source (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--all", action="store_true", help="say every alarm")
    options = parser.parse_args()
    started = time.process_time()
    rng = np.random.default_rng(options.seed)
    kinds = [str(kind) for kind in rng.permutation(list(BREAKS) * (options.sources * options.breaks // len(BREAKS) + 1))]
    score = Score()
    for number, paper in enumerate(papers(options.sources, rng)):
        made = year(paper, rng)
        breaks = injected(made, options.breaks, kinds[number * options.breaks :], rng)
        alarms = list(lived(made))
        score.add(made, breaks, alarms)
        if options.all:
            print(f"source {number}: {paper.volume:.0f} a day, every {paper.every} h")
            print("\n".join(f"    {line}" for line in _told(breaks, alarms)), flush=True)
    score.show()
    print(f"{score.looks} looks, {time.process_time() - started:.0f} s of CPU")


def lived(made: Year) -> Iterator[Alarm]:
    """Live through a year as runs do, and give every change of state."""
    health, usual = Health(), Usual(day=START.date())
    hours: list[Hour] = []
    days: dict[date, Day] = {}
    bad: set[date] = set()
    for hour in looks(made):
        now = hour.at
        if usual.day != now.date():
            usual = learned([day for day in days.values() if day.day not in bad and _counts(day.day, health)], now.date(), "1")
        hours = (
            [*hours[-KEPT_AT_LEAST + 1 :], hour]
            if len(young := [kept for kept in hours if kept.at > now - KEPT]) < KEPT_AT_LEAST
            else [*young, hour]
        )
        days[now.date()] = _with(days.get(now.date()), hour)
        before, health = health, judged(health, usual, hours, now)
        if health.learned_from != before.learned_from:
            bad.clear()
        if health.needs_attention and health.since is not None:
            bad |= {health.since.date() + timedelta(days=number) for number in range((now.date() - health.since.date()).days + 1)}
        if health.told != before.told:
            yield Alarm(made.paper.number, (now - START) / timedelta(hours=1), health, before.told)


def _counts(day: date, health: Health) -> bool:
    return health.learned_from is None or day >= health.learned_from


def _with(day: Day | None, hour: Hour) -> Day:
    """Add an hour to its day."""
    day = day or Day(day=hour.at.date(), counts={}, items=[0] * 24, reads=[0] * 24, version="1")
    items, reads = list(day.items), list(day.reads)
    items[hour.at.hour] += hour.number("items")
    reads[hour.at.hour] += hour.number("looks") - hour.unread
    return replace(day, counts=summed((day.counts, hour.counts)), items=items, reads=reads)


def looks(made: Year) -> Iterator[Hour]:
    """Give what each look finds. What a listing that could not be read announces meanwhile is found by the next that can."""
    found_by = _next_read(made)[made.look]
    usable = made.announced & (found_by < len(made.at))
    order = np.argsort(found_by[usable], kind="stable")
    stories = np.flatnonzero(usable)[order]
    ends = np.searchsorted(found_by[stories], np.arange(len(made.at)), side="right")
    for place, at in enumerate(made.at):
        own = stories[ends[place - 1] if place else 0 : ends[place]]
        yield Hour(at=moment(float(at)), counts=_figures(made, place, own))


def _next_read(made: Year) -> np.ndarray:
    """Give, for each look, the first from it on that reads the listing."""
    nexts = np.full(len(made.at), len(made.at))
    after = len(made.at)
    for place in range(len(made.at) - 1, -1, -1):
        after = place if made.listing[place] == 0 else after
        nexts[place] = after
    return nexts


def _figures(made: Year, place: int, own: np.ndarray) -> dict[str, int]:
    counts = Counter({"looks": 1})
    if made.listing[place]:
        counts[f"listing:{LISTINGS[made.listing[place]]}"] += 1
        return counts
    if not len(own):
        return counts
    fates = made.fate[own]
    counts.update(items=len(own), requests=len(own), visits=int(sum(FATES[fate].partition(":")[0] != "page" for fate in fates)))
    for fate, number in Counter(fates.tolist()).items():
        if fate:
            counts[FATES[fate]] += number
    stories = own[fates == 0]
    counts.update(stories=len(stories), texts=len(stories), fitted=len(stories))
    for name, has in made.has.items():
        having = stories[has[stories]]
        counts[f"field:{name}"] += len(having)
        for signal, number in Counter(made.signal[name][having].tolist()).items():
            counts[f"signal:{name}={signal}"] += number
    for name, marks in made.repeated.items():
        counts[f"repeated:{name}"] += int(marks[stories].sum())
    for story in stories:
        counts[f"words:{length_bin(made.words[story])}"] += 1
        counts[f"lines:{length_bin(made.line[story])}"] += 1
        counts[f"links:{density_bin(made.links[story])}"] += 1
    counts["template:misfit"] += int(made.misfit[stories].sum())
    return counts


SECOND = 1 / 3600  # of an hour; moments are kept to the microsecond


class Score:
    """What was found, when, and what was found that was not there."""

    def __init__(self) -> None:
        self.delays: dict[str, list[tuple[bool, float, int, bool]]] = defaultdict(list)
        self.recoveries: list[float] = []
        self.false: Counter[int] = Counter()
        self.alarms_a_break: list[int] = []
        self.sources = self.looks = 0

    def add(self, made: Year, breaks: Sequence[Break], alarms: Sequence[Alarm]) -> None:
        self.sources += 1
        self.looks += len(made.at)
        for broken in breaks:
            own = [alarm for alarm in alarms if broken.begin <= alarm.at < broken.end and alarm.health.needs_attention]
            after = made.at[made.at >= broken.begin]
            limit = max(broken.begin + 24, after[min(2, len(after) - 1)])
            first = own[0] if own else None
            states = EXPECTED.get(broken.kind, ("degraded",))
            if first is None:
                self.delays[broken.kind].append((False, np.inf, 0, False))
            else:
                self.delays[broken.kind].append(
                    (first.at <= limit + SECOND, first.at - broken.begin, int((after <= first.at).sum()), own[-1].health.state in states)
                )
                self.alarms_a_break.append(len(own))
            before = [alarm for alarm in alarms if alarm.at < broken.end]
            healed = [alarm.at - broken.end for alarm in alarms if alarm.at >= broken.end and not alarm.health.needs_attention]
            if own and healed and before[-1].health.needs_attention:
                self.recoveries.append(healed[0])
        self.false[made.paper.number] = len([alarm for alarm in alarms if is_false(alarm, breaks)])

    def show(self) -> None:
        print(f"{'break':28}{'number':>7}{'found':>7}{'median h':>10}{'worst h':>9}{'runs':>6}{'named':>7}")
        for kind, found in sorted(self.delays.items()):
            hours = sorted(delay for _, delay, _, _ in found)
            runs = sorted(number for _, _, number, _ in found)
            in_time, named = sum(one[0] for one in found), sum(one[3] for one in found)
            numbers = (len(found), in_time, hours[len(hours) // 2], hours[-1], runs[len(runs) // 2], named)
            print("{:28}{:7}{:7}{:10.1f}{:9.1f}{:6}{:7}".format(kind, *numbers))
        every = [one for found in self.delays.values() for one in found]
        print(f"found in time: {sum(one[0] for one in every)} of {len(every)}; named rightly: {sum(one[3] for one in every)}")
        print(f"false alarms: {self.false.total()} at {self.sources} sources, at most {max(self.false.values())} at one")
        healed = f"well again after {np.median(self.recoveries):.0f} h, at most {max(self.recoveries):.0f} h"
        print(f"alarms a break: {np.mean(self.alarms_a_break):.2f}; {healed}")


def is_false(alarm: Alarm, breaks: Sequence[Break]) -> bool:
    return alarm.health.needs_attention and not any(broken.begin <= alarm.at < broken.end + 24 for broken in breaks)


def _told(breaks: Sequence[Break], alarms: Sequence[Alarm]) -> list[str]:
    lines = [(broken.begin, f"BREAK {broken.kind} until {moment(broken.end):%m-%d %H:%M}") for broken in breaks]
    for alarm in alarms:
        mark = "FALSE " if is_false(alarm, breaks) else ""
        why = "; ".join(said(finding) for finding in alarm.health.findings)
        lines.append((alarm.at, f"{mark}{alarm.before} -> {alarm.health.state} {why}"))
    return [f"{moment(at):%m-%d %H:%M} {line}" for at, line in sorted(lines)]


if __name__ == "__main__":
    main()
