"""In which state is a source, since when, and why? One judgement after each run, which goes on from the one before.

A source is as badly off as the worst that is found. What is found stays until it has passed, so that a state does not flicker; a new layout
that has stayed for four weeks is the source's way from then on, while silence and refusal never become usual.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from scraper.health.figures import Hour
from scraper.health.findings import FEWEST_LOOKS, STATES, Finding, State, shifts
from scraper.health.silence import silence, unread
from scraper.health.usual import Usual

__all__ = ["KEPT", "KEPT_AT_LEAST", "Health", "judged"]

KEPT: Final = timedelta(days=7)  # so long hours are of use, and so many in any case: who looks once a week has three of them, too
KEPT_AT_LEAST: Final = 5
ACCEPTED_AFTER: Final = timedelta(weeks=4)
REST: Final = timedelta(days=2)  # what is left of a trouble for so long, on its way to `ok`, is told to nobody


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """A source's state, since when, and the findings behind it, the worst first; none where it is `ok`.

    `learned_from` is the day from which on its own days say what is usual: later than its first where something has been accepted.
    `told` is the state that people were told last.
    """

    state: State = "ok"
    since: datetime | None = None
    findings: tuple[Finding, ...] = ()
    learned_from: date | None = None
    told: State = "ok"

    @property
    def needs_attention(self) -> bool:
        """Tell whether a person should look."""
        return self.state != "ok"

    def accepted(self, now: datetime) -> "Health":
        """Give the health of a source whose ways of today are taken for usual: what was before them teaches nothing any more."""
        begun = min((finding.since for finding in self.findings), default=None)
        return Health(since=now, learned_from=begun.date() if begun else self.learned_from)


def judged(before: Health, usual: Usual, hours: Sequence[Hour], now: datetime) -> Health:
    """Judge a source after a run, by its last hours in order, as many as are `KEPT`."""
    known = {finding.about: finding for finding in before.findings}
    new = _since_well(before, hours)
    found = [
        unread(hours, now, known.get("listings")),
        silence(usual.rhythm, new, known.get("items")),
        *shifts(usual, new, now, before.findings),
    ]
    findings = tuple(sorted(filter(None, found), key=lambda finding: (-STATES.index(finding.state), finding.since, finding.about)))
    state: State = findings[0].state if findings else "ok"
    if state == "degraded" and now - min(finding.since for finding in findings) >= ACCEPTED_AFTER:
        return Health(findings=findings).accepted(now)
    since = _since(before, state, findings, now)
    is_rest = _is_better(state, before.told) and since is not None and (now - since < REST or _looks_after(since, hours) < FEWEST_LOOKS)
    told = before.told if is_rest and state != "ok" else state
    return Health(state=state, since=since, findings=findings, learned_from=before.learned_from, told=told)


def _since_well(before: Health, hours: Sequence[Hour]) -> Sequence[Hour]:
    """Give the hours since a source was found to be well again: what was seen before that says nothing new."""
    return [hour for hour in hours if before.since is None or hour.at >= before.since] if before.state == "ok" else hours


def _since(before: Health, state: State, findings: Sequence[Finding], now: datetime) -> datetime | None:
    """Give since when the state is what it is: for trouble when it began, which is before it was found, and for what is left of it now."""
    if state == before.state:
        return before.since
    return now if _is_better(state, before.state) else min(finding.since for finding in findings if finding.state == state)


def _looks_after(moment: datetime, hours: Sequence[Hour]) -> int:
    return sum(hour.at > moment for hour in hours)


def _is_better(state: State, other: State) -> bool:
    return STATES.index(state) < STATES.index(other)
