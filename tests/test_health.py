"""Is a source judged by its own history, and by nothing else? The arithmetic alone, on invented days."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, pairwise
from math import comb

import pytest

from scraper.health import STATES, Day, Finding, Health, Hour, Usual, are_ours_to_blame, judged, learned, said
from scraper.health.chance import at_most, share_at_least, share_at_most
from scraper.health.figures import density_bin, length_bin

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
VERSION = "1.0"
STORIES = 20  # a day, one look at noon
HEALTHY = {
    "looks": 1, "items": 20, "requests": 20, "visits": 20, "stories": 20, "fitted": 20, "verdict:paywall_stub": 0,
    "field:authors": 19, "field:tags": 12, "signal:authors=json_ld:author": 17, "signal:authors=visible:line": 2,
    f"words:{length_bin(120)}": 2, f"words:{length_bin(400)}": 12, f"words:{length_bin(900)}": 6, f"lines:{length_bin(240)}": 20,
    "texts": 20, f"links:{density_bin(0.01)}": 15, f"links:{density_bin(0.15)}": 5,
}  # fmt: skip


def day_of(when: date, counts: Mapping[str, int] = HEALTHY, *, hour: int = 12, version: str = VERSION) -> Day:
    items, reads = [0] * 24, [0] * 24
    items[hour], reads[hour] = counts.get("items", 0), counts.get("looks", 0)
    return Day(day=when, counts=counts, items=items, reads=reads, version=version)


def weeks(number: int = 8, **changes: int) -> list[Day]:
    """Give healthy days before MONDAY."""
    first = MONDAY.date() - timedelta(weeks=number)
    return [day_of(first + timedelta(days=place), HEALTHY | changes) for place in range(7 * number)]


USUAL = learned(weeks(), MONDAY.date(), VERSION)


def lived(looks: Sequence[Mapping[str, int]], *, usual: Usual = USUAL, health: Health | None = None, every_h: int = 24) -> list[Health]:
    """Judge look after look, from Monday noon on, after two healthy ones."""
    at = MONDAY + timedelta(hours=12)
    hours = [Hour(at=at - timedelta(hours=every_h * back), counts=HEALTHY) for back in (2, 1)]
    told, health = [], health or Health()
    for counts in looks:
        hours.append(Hour(at=at, counts=counts))
        health = judged(health, usual, hours, at)
        told.append(health)
        at += timedelta(hours=every_h)
    return told


def states(looks: Sequence[Mapping[str, int]], **given: object) -> list[str]:
    return [health.state for health in lived(looks, **given)]  # type: ignore[arg-type]


def test_chance_is_that_of_dice_where_days_are_alike() -> None:
    exact = sum(comb(10, number) * 0.3**number * 0.7 ** (10 - number) for number in range(3))
    assert share_at_most(2, 10, 0.3, 1e-9) == pytest.approx(exact, rel=1e-4)
    assert share_at_least(3, 10, 0.3, 1e-9) == pytest.approx(1 - exact, rel=1e-4)


def test_chance_is_greater_where_days_differ() -> None:
    rising = [share_at_most(0, 12, 0.9, correlation) for correlation in (0.01, 0.05, 0.15)]
    assert all(one < other for one, other in pairwise(rising))
    assert at_most(0, 20, 4) > at_most(0, 20, 40) > 0


@pytest.mark.parametrize("of", [1, 40, 100_000])
def test_all_that_can_be_is_certain(of: int) -> None:
    assert share_at_most(of, of, 0.9, 0.05) == pytest.approx(1)
    assert 0.3 < at_most(of, of, 1e6) <= 1


def test_a_healthy_source_is_ok() -> None:
    assert states([HEALTHY] * 5) == ["ok"] * 5


@pytest.mark.parametrize(
    ("broken", "about"),
    [
        ({"field:authors": 0, "signal:authors=json_ld:author": 0, "signal:authors=visible:line": 0}, "field:authors"),
        ({"signal:authors=json_ld:author": 0, "signal:authors=visible:line": 19}, "signal:authors=json_ld:author"),
        ({f"words:{length_bin(400)}": 0, f"words:{length_bin(900)}": 0, f"words:{length_bin(60)}": 18}, "words:short"),
        ({f"words:{length_bin(400)}": 0, f"words:{length_bin(900)}": 0, f"words:{length_bin(3000)}": 18}, "words:long"),
        ({f"lines:{length_bin(240)}": 0, f"lines:{length_bin(60)}": 20}, "lines:short"),
        ({f"links:{density_bin(0.01)}": 0, f"links:{density_bin(0.15)}": 2, f"links:{density_bin(0.4)}": 18}, "links:long"),
        ({"repeated:headline": 20}, "repeated:headline"),
        ({"repeated:paragraph": 20}, "repeated:paragraph"),
        ({"verdict:paywall_stub": 18}, "verdict:paywall_stub"),
        ({"verdict:js_shell": 18}, "verdict:js_shell"),
        ({"template:misfit": 18}, "template:misfit"),
        ({"access:paywalled": 18}, "access:paywalled"),
    ],
)
def test_a_break_is_found_within_three_runs(broken: dict[str, int], about: str) -> None:
    told = lived([HEALTHY | broken] * 3)
    assert told[0].state == "ok"  # one odd day
    assert told[-1].state == "degraded"
    assert [finding.about for finding in told[-1].findings] == [about]
    assert told[-1].since == MONDAY + timedelta(hours=12)  # when it began, not when it was found


def test_a_state_stays_until_things_are_as_they_were_and_then_says_so_once() -> None:
    broken = HEALTHY | {"field:authors": 0}
    assert states([broken, broken, broken, HEALTHY, HEALTHY, HEALTHY, HEALTHY]) == [
        "ok", "degraded", "degraded", "degraded", "degraded", "ok", "ok",
    ]  # fmt: skip


def test_nothing_new_to_go_by_changes_nothing() -> None:
    broken, nothing = HEALTHY | {"field:authors": 0}, {"looks": 1, "items": 20}
    assert states([broken, broken, broken, nothing])[-1] == "degraded"


def test_a_share_of_links_that_was_not_counted_before_says_nothing() -> None:
    before = weeks(texts=0, **{f"links:{density_bin(0.01)}": 0, f"links:{density_bin(0.15)}": 0})
    full = HEALTHY | {f"links:{density_bin(0.01)}": 0, f"links:{density_bin(0.4)}": 15}
    assert states([full] * 3, usual=learned(before, MONDAY.date(), VERSION)) == ["ok"] * 3


def test_a_story_that_links_a_name_or_two_is_one_that_links_none() -> None:
    assert density_bin(0.0) == density_bin(0.1) == 0
    assert [density_bin(share) for share in (0.12, 0.25, 1.0)] == [1, 2, 5]


def test_a_share_that_varies_from_day_to_day_may_vary() -> None:
    days = [day_of(day.day, {**day.counts, "field:authors": (6, 19, 19)[day.day.toordinal() % 3]}) for day in weeks()]
    usual = learned(days, MONDAY.date(), VERSION)
    wire = HEALTHY | {"field:authors": 7}
    assert states([wire, wire, wire], usual=usual) == ["ok"] * 3


def test_weekends_have_ways_of_their_own() -> None:
    days = [day_of(day.day, {**day.counts, "field:authors": (19, 4)[day.day.weekday() >= 5]}) for day in weeks()]
    usual = learned(days, MONDAY.date(), VERSION)
    wire = HEALTHY | {"field:authors": 3, "signal:authors=json_ld:author": 3, "signal:authors=visible:line": 0}
    hours, health, told = [], Health(), {}
    for place in range(-4, 7):
        hours.append(Hour(at=MONDAY + timedelta(days=place, hours=12), counts=wire if place in {-2, -1, 2, 3, 4} else HEALTHY))
        health = told[place] = judged(health, usual, hours, hours[-1].at)
    assert [told[place].state for place in (-1, 0, 4)] == ["ok", "ok", "degraded"]  # Sunday, Monday, Friday


def test_an_odd_day_and_a_quiet_night_before_it_are_no_break() -> None:
    """A day of wire copy leaves a tenth of the authors, and the few stories of the evening before had none by chance."""
    evening = {**HEALTHY, "stories": 4, "field:authors": 0}
    wire = HEALTHY | {"field:authors": 3}
    assert states([evening, wire], every_h=12) == ["ok"] * 2


def test_what_is_gone_altogether_is_found_before_a_day_is_over() -> None:
    broken = [HEALTHY | {"field:authors": 0}] * 24
    assert states(broken, every_h=1).index("degraded") < 24


def test_a_source_of_few_stories_is_found_in_the_end() -> None:
    few = {**HEALTHY, "items": 5, "stories": 5, "field:authors": 3, "signal:authors=json_ld:author": 3}
    days = [day_of(day.day, {**HEALTHY, "field:authors": 12, "signal:authors=json_ld:author": 12}) for day in weeks()]
    usual = learned(days, MONDAY.date(), VERSION)
    assert states([few | {"field:authors": 0}] * 8, usual=usual, every_h=12)[-1] == "degraded"


def test_what_came_while_nobody_looked_counts_from_the_look_before_it() -> None:
    usual, at = USUAL, MONDAY + timedelta(hours=12)
    hours = [Hour(at=at - timedelta(days=back), counts=HEALTHY) for back in (4, 3)]
    health = Health()
    for late in (0, 1):  # after two days without a look, one that finds all that came meanwhile, and the next an hour later
        hours.append(Hour(at=at + timedelta(hours=late), counts=HEALTHY | {"field:authors": 0, "stories": 60 - 40 * late}))
        health = judged(health, usual, hours, hours[-1].at)
    assert health.state == "degraded"


def test_a_holiday_is_no_silence_and_what_lasts_longer_is() -> None:
    days = [
        Day(day=day.day, counts={"looks": 8, "items": 40}, items=[0, 0, 5] * 8, reads=[0, 0, 1] * 8, version=VERSION) for day in weeks()
    ]
    usual = learned(days, MONDAY.date(), VERSION)
    assert usual.rhythm is not None
    hours = [Hour(at=MONDAY - timedelta(hours=3 * back), counts={"looks": 1, "items": 5}) for back in range(8, 0, -1)]
    found, health = [], Health()
    for look in range(16):
        hours.append(Hour(at=MONDAY + timedelta(hours=3 * look), counts={"looks": 1}))
        health = judged(health, usual, hours, hours[-1].at)
        found.append(health.state)
    assert found[3] == "ok"  # twenty expected, none heard: Christmas has such nights
    assert found.index("silent") <= 9


def test_one_odd_day_teaches_little() -> None:
    days = weeks()
    days[20] = day_of(days[20].day, HEALTHY | {"field:authors": 0})
    assert states([HEALTHY | {"field:authors": 0}] * 3, usual=learned(days, MONDAY.date(), VERSION))[-1] == "degraded"


def test_what_a_new_version_of_ours_reads_otherwise_is_no_break() -> None:
    moved = HEALTHY | {"signal:authors=json_ld:author": 0, "signal:authors=linked_data:author": 17}
    assert states([moved] * 3, usual=learned(weeks(), MONDAY.date(), "1.1")) == ["ok"] * 3


def test_a_source_that_says_nothing_is_silent_and_speaks_again() -> None:
    told = lived([{"looks": 1}] * 3 + [HEALTHY] * 2)
    assert [health.state for health in told] == ["ok", "silent", "silent", "ok", "ok"]
    assert said(told[1].findings[0]) == "0 new links since 2026-03-01 12:00, 40 expected"


def test_a_sunday_is_measured_by_sundays() -> None:
    quiet = {**HEALTHY, "items": 1, "stories": 0, "requests": 1, "visits": 1, "fitted": 0}
    days = [day_of(day.day, quiet if day.day.weekday() >= 5 else HEALTHY, hour=23) for day in weeks()]
    usual = learned(days, MONDAY.date(), VERSION)
    assert usual.rhythm is not None
    sunday, tuesday = MONDAY + timedelta(days=6), MONDAY + timedelta(days=1)
    assert usual.rhythm.expected(sunday, sunday + timedelta(days=1)) < 5
    assert usual.rhythm.expected(tuesday, tuesday + timedelta(days=1)) == pytest.approx(20, rel=0.1)


def test_the_hours_of_a_day_are_known_where_it_is_looked_at_every_hour() -> None:
    days = [
        Day(day=day.day, counts={"looks": 24, "items": 60}, items=[0] * 8 + [5] * 12 + [0] * 4, reads=[1] * 24, version=VERSION)
        for day in weeks()
    ]
    rhythm = learned(days, MONDAY.date(), VERSION).rhythm
    assert rhythm is not None
    assert rhythm.expected(MONDAY, MONDAY + timedelta(hours=7)) < 3
    assert rhythm.expected(MONDAY + timedelta(hours=8), MONDAY + timedelta(hours=20)) > 50


@pytest.mark.parametrize(("why", "state"), [("refused", "blocked"), ("unreachable", "backing_off"), ("failed", "silent")])
def test_listings_that_cannot_be_read_name_the_state(why: str, state: str) -> None:
    nothing = {"looks": 1, f"listing:{why}": 1}
    assert states([nothing] * 3) == ["ok", "ok", state]
    assert states([nothing] * 3, usual=Usual(day=MONDAY.date())) == ["ok", "ok", state]  # on the first days, too


def test_a_short_outage_is_none_of_ours() -> None:
    down = {"looks": 1, "listing:unreachable": 1}
    assert states([down] * 8 + [HEALTHY], every_h=1) == ["ok"] * 9
    assert states([down] * 10, every_h=1)[-1] == "backing_off"


def test_a_host_that_rests_is_backed_off_from_at_once_and_stays_blocked_where_it_refused_us() -> None:
    refused, resting = {"looks": 1, "listing:refused": 1}, {"looks": 1, "listing:resting": 1}
    assert states([resting]) == ["backing_off"]
    assert states([refused, refused, refused, *[resting] * 8]) == ["ok", "ok", *["blocked"] * 9]


def test_pages_that_refuse_us_are_a_block() -> None:
    assert states([HEALTHY | {"page:refused": 20, "visits": 0, "stories": 0, "fitted": 0}] * 3)[-1] == "blocked"
    assert states([HEALTHY | {"verdict:challenge": 20, "stories": 0, "fitted": 0}] * 3)[-1] == "blocked"


def test_the_worst_names_the_state() -> None:
    assert STATES == ("ok", "degraded", "silent", "backing_off", "blocked")
    (*_, last) = lived([HEALTHY | {"field:authors": 0, "verdict:challenge": 15}] * 3)
    assert [finding.state for finding in last.findings] == ["blocked", "degraded"]


@pytest.mark.parametrize("worse", [{"page:refused": 20}, {"verdict:challenge": 18}])
def test_what_is_left_of_a_trouble_on_its_way_to_ok_is_told_to_nobody(worse: dict[str, int]) -> None:
    """Recovery from blocked passes through degraded: people hear of the block and of its end."""
    lesser = HEALTHY | {"field:authors": 0}
    told = lived([HEALTHY | worse] * 4 + [lesser] * 3 + [HEALTHY] * 5)
    assert {health.state for health in told} == {"ok", "blocked", "degraded"}
    assert [key for key, _ in groupby(health.told for health in told)] == ["ok", "blocked", "ok"]


def test_what_stays_of_a_trouble_is_told_after_some_days() -> None:
    lesser = HEALTHY | {"field:authors": 0}
    told = [health.told for health in lived([HEALTHY | {"page:refused": 20}] * 4 + [lesser] * 8)]
    assert [key for key, _ in groupby(told)] == ["ok", "blocked", "degraded"]
    assert told.index("degraded") >= 4 + 3


def test_a_layout_that_has_stayed_for_four_weeks_is_the_sources_way() -> None:
    told = lived([HEALTHY | {"field:authors": 0}] * 29)
    assert [health.state for health in told] == ["ok", *["degraded"] * 27, "ok"]
    assert told[-1].learned_from == MONDAY.date()


def test_silence_never_becomes_usual() -> None:
    assert states([{"looks": 1}] * 60)[-1] == "silent"


def test_a_network_of_ours_that_is_down_is_no_trouble_of_theirs() -> None:
    down, resting = {"looks": 2, "listing:unreachable": 2}, {"looks": 1, "listing:resting": 1}
    assert are_ours_to_blame([down, down, {}])
    assert not are_ours_to_blame([down])
    assert not are_ours_to_blame([down, resting])
    assert not are_ours_to_blame([down, HEALTHY])


def test_what_is_usual_and_what_is_found_are_kept_as_json() -> None:
    usual = learned(weeks(), MONDAY.date(), VERSION)
    again = Usual.from_dict(usual.to_dict())
    assert again.to_dict() == usual.to_dict()
    (finding,) = lived([HEALTHY | {"field:authors": 0}] * 3)[-1].findings
    assert Finding.from_dict(finding.to_dict()).to_dict() == finding.to_dict()
    assert said(finding) == "with authors: 0 of 60 stories, usually 95%"
