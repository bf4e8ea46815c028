"""Does the measurement of the view coverage know a gap when it makes one?"""

import numpy as np
import pytest

from benchmarks import coverage


def test_a_large_source_that_scatters_as_dice_do_has_its_empty_days_found() -> None:
    judged = coverage.year(np.random.default_rng(1), 150, 0.0, left=0.0)
    assert judged.broken > 5
    assert judged.found >= judged.broken * 0.8


def test_it_tells_of_every_kind_of_source(capsys: pytest.CaptureFixture[str]) -> None:
    coverage.main(["--sources", "1"])
    assert len(capsys.readouterr().out.splitlines()) == 1 + len(coverage.MEANS) * len(coverage.SCATTERS)
