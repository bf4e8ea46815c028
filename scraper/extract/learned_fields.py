"""Which fields do the places give where a site keeps its headline, byline and date? Asked where the reader found nothing or is in doubt.

A headline that several of the site's pages have is the site's own, and none. Otherwise the reader's word stands wherever it has one that
does not hang on a weak signal: a learned place finds what was missed and breaks ties.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeVar

from scraper.extract.candidates import Choice, Found
from scraper.extract.date_labels import speaks_of_change
from scraper.extract.dates import reading_of
from scraper.extract.document import Document
from scraper.extract.fields import Fields, Opening
from scraper.extract.headline import Headline
from scraper.extract.moments import Moment, moments
from scraper.extract.names import People, people
from scraper.extract.plain import plain
from scraper.extract.templates import FEWEST_PAGES, Site
from scraper.records import Candidate, FieldEvidence, Rule, iso_date

__all__ = ["completed", "with_own_headline"]

T = TypeVar("T")
SIGNAL: Final = "template:place"
MAX_CHARS = 220
# The address's day, or that of a line which only stands near the story, gives way to the line that has held the date on the other pages.
DOUBTFUL: Final = frozenset(("url", "visible:far", "visible:dateline", "visible:line"))
USUAL = 0.9
REACH = 400  # blocks from the page's head: fields stand there, and a page may have thousands


def with_own_headline(known: Opening, site: Site) -> Opening:
    """Replace a headline that the site's other pages have too, or that no reader sees while the usual place shows another candidate."""
    choice = known.headline.choice
    if choice.winner is None or site.template.pages < FEWEST_PAGES:
        return known
    why = _doubt(known.headline, site)
    if why is None:
        return known
    offered = {plain(loser.value): loser for loser in choice.losers if not site.is_beside(loser.value)}
    for index in _places(site, "headline"):
        shown = offered.get(plain(site.document.blocks[index].text))
        if shown is not None:
            return known._replace(headline=Headline(_instead(choice, shown, SIGNAL, why), index))
    if site.is_beside(choice.winner.value) and offered:
        best = next(iter(offered.values()))
        return known._replace(headline=Headline(_instead(choice, best, best.signal, why), _shown(site.document, best.value)))
    return known


def completed(found: Fields, site: Site, names: frozenset[str], fetched_at: datetime | None) -> Fields:
    """Fill in authors and date from their usual places, where they are missing or doubtful. `names` are the site's own."""
    if site.template.pages < FEWEST_PAGES:
        return found
    if not found.authors and not found.agencies:
        found = _with_authors(found, site, names)
    signal = next((entry.signal for entry in found.evidence if entry.field == "published"), None)
    if found.published is None or signal in DOUBTFUL:
        found = _with_date(found, site, fetched_at)
    return found


def _doubt(headline: Headline, site: Site) -> str | None:
    winner = headline.choice.winner
    if winner is not None and site.is_beside(winner.value):
        return "the headline of other pages of the site too"
    return "not shown where the site shows headlines" if headline.block is None else None


def _instead(choice: Choice[str], chosen: Candidate, signal: str, why: str) -> Choice[str]:
    before = choice.winner
    beaten = [Candidate(value=before.value, signal=before.signal, reason=why)] if before else []
    return Choice(Found(chosen.value, signal), (*beaten, *(loser for loser in choice.losers if loser is not chosen)))


def _shown(document: Document, text: str) -> int | None:
    form = plain(text)
    return next((index for index, block in enumerate(document.blocks) if plain(block.text) == form), None)


def _with_authors(found: Fields, site: Site, names: frozenset[str]) -> Fields:
    def named(text: str) -> People | None:
        read = people(text, names, lone=False)
        return read if read.persons else None

    read = _first(site, "authors", named)
    if read is None:
        return found
    proof = FieldEvidence(field="authors", signal=SIGNAL, value=", ".join(read.persons))
    return replace(found, authors=read.persons, agencies=read.agencies, evidence=(*found.evidence, proof))


def _with_date(found: Fields, site: Site, fetched_at: datetime | None) -> Fields:
    reading, latest = reading_of(found.language, None, None), fetched_at.date() if fetched_at else None

    def dated(text: str) -> Moment | None:
        if speaks_of_change(text):
            return None
        return next((moment for moment in moments(text, reading) if latest is None or moment.day <= latest), None)

    moment = _first(site, "published", dated)
    if moment is None or (found.published is not None and moment.day == found.published.date()):
        return found
    losers = tuple(
        Candidate(value=entry.value or "", signal=entry.signal, reason="the site shows its dates elsewhere")
        for entry in found.evidence
        if entry.field == "published"
    )
    proof = FieldEvidence(field="published", signal=SIGNAL, value=iso_date(moment.when, moment.precision), candidates=losers)
    rest = tuple(entry for entry in found.evidence if entry.field != "published")
    return replace(found, published=moment.when, published_precision=moment.precision, evidence=(*rest, proof))


def _first(site: Site, field: str, read: Callable[[str], T | None]) -> T | None:
    """Give what the first block at a field's usual places says, if it says anything."""
    for index in _places(site, field):
        text = site.document.blocks[index].text
        value = read(text) if len(text) <= MAX_CHARS else None
        if value is not None:
            return value
    return None


def _places(site: Site, field: str) -> Iterator[int]:
    """Give the blocks at the places that hold a field on nearly every page."""
    rules: list[Rule] = [rule for rule in site.template.rules if rule.field == field]
    if rules and sum(rule.pages for rule in rules) >= USUAL * rules[0].of:
        for rule in rules:
            yield from site.at(rule, range(min(len(site.document.blocks), REACH)))
