"""How does a source fare, measured by its own history? Pure arithmetic: figures of hours and days in, a state with its findings out.

`figures` says what is counted of a look at a source, `usual` what its own weeks make of it, `judgement` what is to be thought of today.
What is counted where, and where it is kept, is the store's question (`store.health`).
"""

from scraper.health.figures import Day, Hour, are_ours_to_blame
from scraper.health.findings import STATES, Finding, State
from scraper.health.judgement import KEPT, KEPT_AT_LEAST, Health, judged
from scraper.health.usual import Usual, learned
from scraper.health.wording import said

__all__ = [
    "KEPT",
    "KEPT_AT_LEAST",
    "STATES",
    "Day",
    "Finding",
    "Health",
    "Hour",
    "State",
    "Usual",
    "are_ours_to_blame",
    "judged",
    "learned",
    "said",
]
