"""What would a year of twenty sources look like, look by look? Invented papers with weekends, holidays, elections, growth and drift.

Every story is drawn: when it appears, what it has and from which signal, how long it is, what became of its page. A source's days differ
from each other by more than chance, its nights from its days, and four of them are odd, with far more wire copy than usual. Looks fail now
and then, the site is down for some hours, and the machine that looks is off for two days.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

START = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 365
HOURS = DAYS * 24
FIELDS = ("headline", "standfirst", "authors", "published", "section", "image", "tags", "modified")
Numbers = NDArray[np.float64]
HOLIDAYS = (0, 4, 92, 95, 120, 133, 144, 275, 303, 340, 357, 358, 359, 364)  # days of the year
ELECTIONS = (79, 80, 263, 264)


@dataclass(frozen=True)
class Paper:
    """One source: how much it publishes, when, and what its stories have. `every` is the hours between two looks."""

    number: int
    volume: float
    every: int
    weekend: float
    peak: float
    growth: float
    summer: float
    wire: float
    wire_weekend: float
    shares: dict[str, float]
    drift: float
    main_signal: dict[str, float]
    words: float
    spread: float
    linked: float
    stubs: float
    noise: float


@dataclass
class Year:
    """A source's year: one row a story in `looks` order, one row a look. A break changes these arrays."""

    paper: Paper
    at: Numbers  # of each look, in hours since START
    look: NDArray[np.int64]  # of each story, the number of the look that finds it
    has: dict[str, NDArray[np.bool_]]
    signal: dict[str, NDArray[np.int64]]
    words: Numbers
    line: Numbers
    links: Numbers  # the share of its text that stands in links
    fate: NDArray[np.int64]  # what its page came to; FATES
    repeated: dict[str, NDArray[np.bool_]]
    misfit: NDArray[np.bool_]
    announced: NDArray[np.bool_]
    listing: NDArray[np.int64]  # of each look, LISTINGS
    odd: list[str] = field(default_factory=list)


FATES = (
    "story",
    "verdict:paywall_stub",
    "verdict:listing",
    "verdict:other",
    "page:failed",
    "page:refused",
    "verdict:challenge",
    "verdict:consent_wall",
    "verdict:js_shell",
)
LISTINGS = ("read", "refused", "unreachable", "resting", "failed")


def papers(number: int, rng: np.random.Generator) -> list[Paper]:
    volumes = np.exp(np.linspace(np.log(8), np.log(400), number))
    return [_paper(place, float(volume), rng) for place, volume in enumerate(volumes)]


def _paper(number: int, volume: float, rng: np.random.Generator) -> Paper:
    every = int(rng.choice((12, 24)) if volume < 30 else rng.choice((1, 1, 2, 3, 6)))
    shares = {name: float(rng.choice((rng.uniform(0.9, 1.0), rng.uniform(0.45, 0.95)), p=(0.7, 0.3))) for name in FIELDS}
    return Paper(
        number=number,
        volume=volume,
        every=every,
        weekend=float(rng.uniform(0.35, 0.95)),
        peak=float(rng.uniform(8, 17)),
        growth=float(rng.uniform(0.7, 1.7)),
        summer=float(rng.uniform(0.5, 1.0)),
        wire=float(rng.uniform(0.0, 0.35)),
        wire_weekend=float(rng.uniform(0.0, 0.3)),
        shares=shares | {"headline": 0.999, "published": float(rng.uniform(0.95, 1.0))},
        drift=float(rng.uniform(-0.3, 0.3)),
        main_signal={name: float(rng.uniform(0.6, 1.0)) for name in FIELDS},
        words=float(rng.uniform(180, 800)),
        spread=float(rng.uniform(0.35, 0.8)),
        linked=float(rng.choice((0.0, rng.uniform(0.01, 0.1)))),
        stubs=float(rng.choice((0.0, rng.uniform(0.02, 0.3)))),
        noise=float(rng.uniform(0.1, 0.25)),
    )


def year(paper: Paper, rng: np.random.Generator) -> Year:
    at = _looks(paper, rng)
    appeared = _arrivals(paper, rng)
    look = np.searchsorted(at, appeared)
    inside = look < len(at)
    look, day = look[inside], (appeared[inside] // 24).astype(int)
    count, odd = len(look), set(rng.choice(np.arange(45, DAYS), 4, replace=False).tolist())
    is_odd = np.isin(day, list(odd))
    wire_share = np.clip(paper.wire + paper.wire_weekend * (_weekday(day) >= 5) + 0.15 * _night(appeared[inside]), 0, 0.9)
    wire = rng.random(count) < np.where(is_odd, np.minimum(0.9, wire_share + 0.4), wire_share)
    has = {name: rng.random(count) < _moved(share, day, paper, name, rng) for name, share in paper.shares.items()}
    has["authors"] &= ~wire
    signal = {
        name: np.where(rng.random(count) < _moved(share, day, None, name, rng), 0, 1 + wire) for name, share in paper.main_signal.items()
    }
    election = np.isin(day, ELECTIONS)
    words = np.exp(rng.normal(np.log(paper.words), paper.spread, count)) * np.where(wire, 0.7, 1) * np.where(election, 1.4, 1)
    links = np.minimum(0.9, paper.linked * np.exp(rng.normal(0, 0.6, count)) * np.where(wire, 0.3, 1))
    fate = rng.choice(4, count, p=(0.97 - paper.stubs, paper.stubs, 0.02, 0.01))
    fate[rng.random(count) < 0.01] = FATES.index("page:failed")
    repeated = {"headline": rng.random(count) < 0.01, "authors": rng.random(count) < 0.05, "paragraph": rng.random(count) < 0.03}
    listing = np.where(rng.random(len(at)) < 0.004, LISTINGS.index("failed"), 0)
    made = Year(
        paper, at, look, has, signal, words, rng.normal(260, 60, count).clip(40), links, fate, repeated,
        rng.random(count) < 0.02, np.ones(count, bool), listing,
    )  # fmt: skip
    _outages(made, rng)
    return made


def _looks(paper: Paper, rng: np.random.Generator) -> Numbers:
    """Give when the source is looked at: on the hour or so, a run in a hundred left out, and the machine off for two days in the year."""
    planned = np.arange(rng.integers(0, 24), HOURS, paper.every, dtype=float)
    off = rng.uniform(60, DAYS - 10) * 24
    kept = (rng.random(len(planned)) > 0.01) & ~((planned > off) & (planned < off + 48))
    return planned[kept] + rng.uniform(0.02, 0.2)


def _arrivals(paper: Paper, rng: np.random.Generator) -> Numbers:
    hour = np.arange(HOURS)
    day, of_day = hour // 24, hour % 24
    season = np.where((day >= 195) & (day < 235), paper.summer, 1.0)
    season = np.where(np.isin(day, HOLIDAYS), np.minimum(season, rng.uniform(0.35, 0.7, DAYS)[day]), season)
    season = np.where(day >= 355, season * 0.7, season)
    busy = np.where(np.isin(day, ELECTIONS), rng.uniform(1.3, 2.5), 1.0)
    shape = 0.15 + np.exp(-0.5 * ((of_day - paper.peak) / 4.0) ** 2)
    shape = shape / shape[:24].sum()
    week = np.where(_weekday(day) >= 5, paper.weekend, 1.0)
    rate = paper.volume * week * season * busy * shape * paper.growth ** (day / DAYS) * np.exp(rng.normal(0, paper.noise, DAYS))[day]
    number = rng.poisson(rate)
    return np.sort(np.repeat(hour, number) + rng.random(number.sum()))


def _weekday(day: NDArray[np.int64]) -> NDArray[np.int64]:
    return (day + START.weekday()) % 7


def _night(appeared: Numbers) -> Numbers:
    return ((appeared % 24 < 6) | (appeared % 24 > 22)).astype(float)


def _moved(share: float, day: NDArray[np.int64], paper: Paper | None, name: str, rng: np.random.Generator) -> Numbers:
    """Give a share as it is on each day: it differs from day to day, and in one field of the paper's it drifts through the year."""
    odds = np.log(share / (1 - min(share, 0.9995))) + rng.normal(0, 0.35, DAYS)
    moved = 1 / (1 + np.exp(-odds))
    if paper is not None and name == ("tags", "section")[paper.number % 2]:
        moved = np.clip(moved + paper.drift * np.arange(DAYS) / DAYS, 0, 1)
    return np.asarray(moved[day])


def _outages(made: Year, rng: np.random.Generator) -> None:
    """Let the site be down six times, for an hour to five."""
    for begin in rng.uniform(0, HOURS, 6):
        end = begin + rng.uniform(1, 5)
        made.listing[(made.at >= begin) & (made.at < end)] = LISTINGS.index("unreachable")


def moment(hours: float) -> datetime:
    return START + timedelta(hours=hours)
