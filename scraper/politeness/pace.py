"""How often is a source looked at? As often as it publishes, between two bounds, so that what it costs follows what it brings.

New stories come, near enough, as a Poisson process: of one that brings r stories an hour a look after half an hour over r finds one with
odds of two in five, and the mean story waits a quarter of an hour over r. The rate is learned from the looks themselves, the older ones
counting less and less, so that a quiet season or an election is followed within days.
"""

from datetime import datetime, timedelta
from math import inf
from typing import Final, NamedTuple

__all__ = ["Pace", "after_look", "is_due", "pause"]

STORIES_A_LOOK: Final = 0.5  # expected; below one, since a story that waits is worse than a look that finds nothing (a 304, mostly)
HALF_LIFE_H: Final = 72.0  # three days: a weekend is noticed, one quiet night moves nothing much
WATCHED_LONG_ENOUGH_H: Final = 6.0  # before that nobody knows, and every run looks
EARLY: Final = 0.1  # of the pause: a timer that fires some seconds early must not cost a source a whole turn


class Pace(NamedTuple):
    """What the looks at a source have taught: when the last one was (aware), and over how many hours how many new stories came.

    `stories` and `watched_h` fade together; their quotient is the rate.
    """

    looked_at: datetime
    stories: float = 0.0
    watched_h: float = 0.0


def after_look(pace: Pace | None, at: datetime, new: int | None) -> Pace:
    """Give the pace after one more look. `new` counts the stories that it found, None where the listings could not be read.

    What the first look finds has gathered for nobody knows how long, and teaches nothing. Nor does a clock that went backwards.
    """
    if pace is None:
        return Pace(at)
    hours = (at - pace.looked_at) / timedelta(hours=1)
    if hours <= 0 or new is None:
        return pace._replace(looked_at=at)
    kept = 0.5 ** (hours / HALF_LIFE_H)
    return Pace(at, pace.stories * kept + new, pace.watched_h * kept + hours)


def pause(pace: Pace, *, shortest: timedelta, longest: timedelta) -> timedelta:
    """Give how long to leave the source alone after its last look; never less than `shortest`, even where `longest` is less."""
    if pace.watched_h < WATCHED_LONG_ENOUGH_H:
        return shortest
    hours = STORIES_A_LOOK * pace.watched_h / pace.stories if pace.stories else inf
    return max(shortest, longest if hours >= longest / timedelta(hours=1) else timedelta(hours=hours))


def is_due(pace: Pace | None, now: datetime, *, shortest: timedelta, longest: timedelta) -> bool:
    """Tell whether it is time to look again. A last look in the future was dated by a clock that has been set right since."""
    if pace is None or now < pace.looked_at:
        return True
    return now - pace.looked_at >= (1 - EARLY) * pause(pace, shortest=shortest, longest=longest)
