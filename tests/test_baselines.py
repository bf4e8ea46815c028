"""Is what a day is expected to bring learned from the days like it, and from nothing else?"""

from datetime import date, timedelta

import pytest

from scraper.baselines import baseline

MONDAY = date(2026, 3, 2)
WEEK = (20, 22, 21, 23, 20, 9, 6)


def weeks(number: int, *, times: int = 1, without: frozenset[int] = frozenset()) -> dict[date, int]:
    """Give so many weeks of counts before MONDAY; `without` are days before it on which nobody looked."""
    return {
        day: WEEK[day.weekday()] * times
        for before in range(1, 7 * number + 1)
        if before not in without and (day := MONDAY - timedelta(days=before))
    }


def test_a_weekday_is_measured_by_its_like() -> None:
    seen = weeks(8)
    expected = [known.expected for days in range(7) if (known := baseline(seen, MONDAY + timedelta(days=days)))]
    assert expected == list(map(float, WEEK))


def test_one_night_of_elections_moves_nothing() -> None:
    seen = weeks(8)
    before = baseline(seen, MONDAY)
    assert baseline(seen | {MONDAY - timedelta(days=7): 400}, MONDAY) == before


def test_days_that_were_not_looked_at_are_no_zeros() -> None:
    known = baseline(weeks(8, without=frozenset({7, 14, 21, 28, 35})), MONDAY)
    assert known is not None
    assert known.expected == 20


@pytest.mark.parametrize(("days", "told"), [(0, False), (7, False), (8, True)])
def test_the_first_week_says_nothing_and_then_days_speak_for_each_other_without_a_verdict(days: int, told: bool) -> None:
    known = baseline({MONDAY - timedelta(days=before): 10 for before in range(1, days + 1)}, MONDAY)
    assert (known is not None) == told
    assert known is None or (known.expected, known.least) == (10, 0)


def test_yesterday_is_not_yet_told_to_the_end() -> None:
    seen = {MONDAY - timedelta(days=before): 10 for before in range(2, 9)}
    assert baseline(seen | {MONDAY - timedelta(days=1): 0}, MONDAY) == baseline(seen, MONDAY)


def test_only_what_chance_does_not_account_for_is_too_few() -> None:
    many, few = baseline(weeks(8, times=10), MONDAY), baseline(dict.fromkeys(weeks(8), 3), MONDAY)
    assert many is not None
    assert few is not None
    assert 100 < many.least < 200
    assert few.least == 0, "a source of three stories a day has days without any"


def test_silence_is_a_gap_however_days_scatter() -> None:
    wild = {MONDAY - timedelta(days=before): 40 + 110 * (before % 2) for before in range(1, 57)}
    known = baseline(wild, MONDAY)
    assert known is not None
    assert known.least == round(known.expected / 10)
    small = baseline({day: count // 10 for day, count in wild.items()}, MONDAY)
    assert small is not None
    assert small.least == 0


def test_a_source_whose_days_differ_more_is_allowed_more() -> None:
    even = dict.fromkeys(weeks(8), 50)
    uneven = {day: 50 + (-1) ** (day.toordinal() // 7) * 20 for day in weeks(8)}
    first, second = baseline(even, MONDAY), baseline(uneven, MONDAY)
    assert first is not None
    assert second is not None
    assert second.least < first.least
