"""In what does a page differ from its stored story only because its source's rules do? A rule that came or went is no news."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from typing import Final, NamedTuple

from scraper.changes import Telling
from scraper.store.connection import Connection
from scraper.store.prepared import Prepared

__all__ = ["MovedByRules", "moved_by_rules"]

RULE: Final = "rules:"
TRIM: Final = "+rules:title_trim"
Proof = tuple[str, str, str]


class MovedByRules(NamedTuple):
    """The fields that a rule had a part in then or now, but not both times, and whether the headline is the same but for what was cut."""

    fields: frozenset[str] = frozenset()
    same_headline: bool = False

    def taken_off(self, before: Telling, told: Prepared) -> Telling:
        """Give what a story said before, but for what only the rules have changed: there, what its page says now."""
        headline = told.text("headline") if self.same_headline else before.headline
        return replace(before, headline=headline, body=told.text("body") if "body" in self.fields else before.body)


def moved_by_rules(store: Connection, stored: sqlite3.Row, told: Prepared) -> MovedByRules:
    """Compare the evidence of the stored story with that of the page."""
    rows = store.rows("SELECT field, signal, candidates FROM evidence WHERE article_id = ?", (stored["id"],))
    then: list[Proof] = [(row["field"], row["signal"], row["candidates"]) for row in rows]
    now: list[Proof] = [(field, signal, candidates) for field, signal, _, candidates in told.evidence]
    fields = _ruled(then) ^ _ruled(now)
    cut = (_cut_from(now), stored["headline"]), (_cut_from(then), told.values["headline"])
    return MovedByRules(fields, any(whole is not None and whole == other for whole, other in cut))


def _ruled(proofs: Iterable[Proof]) -> frozenset[str]:
    return frozenset(field for field, signal, _ in proofs if RULE in signal)


def _cut_from(proofs: Iterable[Proof]) -> str | None:
    """Give the headline as it was before a rule trimmed it."""
    losers = next((json.loads(candidates) for field, signal, candidates in proofs if field == "headline" and TRIM in signal), None)
    return losers[0]["value"] if losers else None
