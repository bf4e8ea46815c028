"""What is counted of a source? Names and numbers, the same for an hour, a day and a window of several hours.

Each figure is a number of something out of something; `of` says out of what:

    looks      listings that were asked for: `listing:refused`, `listing:unreachable`, `listing:resting`, `listing:failed`
    requests   pages that were asked for: `page:refused`, `page:unreachable`, `page:failed`
    visits     pages that came and had not been seen: `verdict:…` of those that are no stories, or the text of another (`duplicate`)
    stories    new stories: `field:…` they have, `signal:FIELD=…` that gave it, `access:paywalled`, `repeated:…` of the source's last ones,
               `words:…`, `lines:…`
    texts      new stories of which was counted how much stands in links: `links:…`
    fitted     pages of which was known whether they are built as the others: `template:misfit`
    items      links that the listings announced for the first time, out of nothing

`words:N` and `lines:N` count stories by length, in thirds of a doubling: of their text in words, of its average paragraph in characters;
`links:N` by the share of their text that stands in links, in the same steps: less than 10 %, 23, 40, 61, 87, and nearly all of it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import log2
from typing import Final

__all__ = [
    "LENGTHS",
    "WHOLES",
    "Counts",
    "Day",
    "Hour",
    "are_ours_to_blame",
    "density_bin",
    "is_weekend",
    "length_bin",
    "of",
    "summed",
    "unread_in",
]

Counts = Mapping[str, int]
WEEKEND: Final = 5
STEPS_PER_DOUBLING: Final = 3
DENSITY_UNIT: Final = 0.4  # so that less than 10 % is one step: 98 % of 383 stories of the corpora have no more
OUT_OF: Final = {
    "listing": "looks",
    "page": "requests",
    "verdict": "visits",
    "field": "stories",
    "signal": "stories",
    "access": "stories",
    "repeated": "stories",
    "words": "stories",
    "lines": "stories",
    "links": "texts",
    "template": "fitted",
}
UNREAD: Final = ("listing:refused", "listing:unreachable", "listing:resting", "listing:failed")
LENGTHS: Final = ("words", "lines", "links")
WHOLES: Final = ("looks", "requests", "visits", "stories", "texts", "fitted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """What one hour's looks at a source found; `at` is the moment of the last of them."""

    at: datetime
    counts: Counts

    def number(self, name: str) -> int:
        """Give one figure."""
        return self.counts.get(name, 0)

    @property
    def unread(self) -> int:
        """How many listings could not be read."""
        return unread_in(self.counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What one day's looks found, UTC, the new links and the listings that could be read by hour. `version` is the extractor's."""

    day: date
    counts: Counts
    items: Sequence[int]
    reads: Sequence[int]
    version: str = ""


def of(name: str) -> str:
    """Say out of what a figure counts."""
    return OUT_OF[name.partition(":")[0]]


def is_weekend(day: date) -> bool:
    """Say whether a day's stories are a weekend's."""
    return day.weekday() >= WEEKEND


def unread_in(counts: Counts) -> int:
    """Say how many listings could not be read."""
    return sum([counts.get(why, 0) for why in UNREAD])


def length_bin(length: float) -> int:
    """Give the number under which a length is counted."""
    return int(STEPS_PER_DOUBLING * log2(length + 1))


def density_bin(density: float) -> int:
    """Give the number under which a share of text in links, 0 to 1, is counted."""
    return length_bin(density / DENSITY_UNIT)


def summed(several: Iterable[Counts]) -> Counter[str]:
    """Add up figures."""
    total: dict[str, int] = {}
    for counts in several:
        for name, number in counts.items():
            total[name] = total.get(name, 0) + number
    return Counter(total)


def are_ours_to_blame(run: Iterable[Counts]) -> bool:
    """Say of one run's figures, source by source, whether it is our own network that is down: not one of several sources was reached."""
    asked = [counts for counts in run if counts.get("looks")]
    return len(asked) > 1 and all(counts.get("listing:unreachable", 0) == counts["looks"] for counts in asked)
