"""Does the simulation of a year break what it says, find it, and count it? One source that is looked at once a day."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.health import Score, lived
from benchmarks.health_breaks import BREAKS, EXPECTED, injected
from benchmarks.health_year import DAYS, papers, year


@pytest.mark.parametrize("kind", ["a field vanishes", "silent feed", "site answers 403"])
def test_a_break_is_found_and_named(kind: str) -> None:
    rng = np.random.default_rng(3)
    made = year(replace(papers(20, rng)[10], every=24), rng)
    breaks = injected(made, 1, [kind], rng)
    alarms = list(lived(made))
    score = Score()
    score.add(made, breaks, alarms)
    ((in_time, _, looks, named),) = score.delays[kind]
    assert in_time
    assert looks <= 3
    assert named


def test_every_state_that_is_expected_is_of_a_break_there_is() -> None:
    assert set(EXPECTED) < set(BREAKS)


def test_a_story_is_found_by_the_next_look() -> None:
    rng = np.random.default_rng(3)
    made = year(replace(papers(20, rng)[10], every=24), rng)
    assert DAYS - 15 < len(made.at) <= DAYS
    assert made.look.max() < len(made.at)
    assert sum(made.look[place] > made.look[place + 1] for place in range(len(made.look) - 1)) == 0
