"""When was the story published, and when changed? Weighs what the markup claims against what a reader sees and what the address says.

Order of trust and its figures: docs/decisions/0011-dates.md. How a date text is read is left to `moments`, where dates stand on a page
to `date_places`.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta, timezone
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from scraper.extract.candidates import Choice, Found
from scraper.extract.date_places import ADDRESS, BELOW, BESIDE, Claim, beside, elsewhere, from_address
from scraper.extract.date_remains import remains
from scraper.extract.date_trust import LEAST, Page, doubtful, signs, trust
from scraper.extract.moments import Moment, Order, Reading, moment
from scraper.extract.slow_dates import slow_moment
from scraper.extract.structured import PAGE_DATE
from scraper.records import Candidate, iso_date

__all__ = ["Dates", "dates", "reading_of", "weighed"]

FIRST_YEAR: Final = 1990
MAX_VALUE_CHARS: Final = 100
COUNTRY_CHARS: Final = 2
# Metas whose date is as often that of the last export as that of publication.
WEAK: Final = frozenset(
    ("meta:date", "meta:dc.date", "meta:dcterms.date", "meta:dc.date.created", "meta:dcterms.created", "meta:created", "meta:cdate")
)
NAMED: Final = ("meta:", "microdata:")  # the places of claims that name each value
WEST: Final = -12  # the zones there are
EAST: Final = 14
MONTH_FIRST: Final = frozenset(("us", "ph", "fm", "mh"))
DAY_FIRST_ENGLISH: Final = frozenset("uk gb au nz ie in za sg my hk pk bd lk ng ke gh ug tz zw zm mt jm tt".split())
YEAR_FIRST: Final = frozenset(("zh", "ja", "ko", "hu"))


class Dates(NamedTuple):
    """The chosen moments, each with its signal, and what lost."""

    published: Choice[Moment] = Choice()
    modified: Choice[Moment] = Choice()


def reading_of(language: str | None, region: str | None, url: str | None) -> Reading:
    """Say how this page's dates are to be read. `region` is the second half of a tag like en-GB; the address's country outweighs it."""
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        host = ""
    top = host.rpartition(".")[2]
    country = top if len(top) == COUNTRY_CHARS else (region or "").lower() or None
    order: Order = "dmy"
    if language in YEAR_FIRST:
        order = "ymd"
    elif language in ("en", "fil", None) and (country in MONTH_FIRST or country not in DAY_FIRST_ENGLISH):
        order = "mdy"
    return Reading(order, language, "gb" if country == "uk" else country)


class Weighed(NamedTuple):
    """All that may be the moment of publication, the likeliest first; those of changes; and those of both that a reader sees."""

    issued: list[Claim]
    changed: list[Claim]
    shown: list[Claim]


def dates(page: Page, reading: Reading, now: datetime | None) -> Dates:
    """Choose the moments of publication and of the last change. `now` is the time of the fetch: nothing later is believed."""
    issued, changed, shown = weighed(page, reading, now)
    if issued and doubtful(issued, page) and trust(signs(issued[0], issued, shown, page)) < LEAST:
        issued = []
    return Dates(_choice(issued), _choice(changed))


def weighed(page: Page, reading: Reading, now: datetime | None) -> Weighed:
    """Order all that a page says of its moments."""
    document, claims, frame, url, _ = page
    address = [claim for claim in (from_address(url),) if claim is not None and _possible(claim.moment, now)]
    marked = [claim for claim in _structured(claims.published, reading) if _possible(claim.moment, now)]
    changed = [claim for claim in _structured(claims.modified, reading) if _possible(claim.moment, now)]
    sure = any(claim.signal not in WEAK and claim.signal != PAGE_DATE for claim in marked)
    shown = [claim for claim in (beside if sure else elsewhere)(document, reading, frame) if _possible(claim.moment, now)]
    for known in (*address, *marked[:3]) if any(claim.moment.guessed for claim in shown) else ():
        shown = [_ordered(claim, known) for claim in shown]
    updates = [claim for claim in shown if claim.changed and claim.distance < BELOW]
    told = {claim.moment.day for claim in changed if claim.signal.startswith(NAMED)}
    marked = [claim for claim in marked if _credible(claim, shown, updates)]
    changed.extend(claim for claim in shown if claim.changed)
    issued = _issued(marked, [claim for claim in shown if not claim.changed], changed, address)
    if updates and all(claim.distance >= BELOW for claim in issued) and updates[0].moment.day not in told:
        # A page that shows nothing but "updated on ..." by its headline has that date and no other; one below the text is the site's. But
        # where a meta calls it that of a change, and nothing tells of publication, the first day is kept back: of eleven such pages of the
        # sets five have another day, five none, and one this.
        issued = [*updates, *issued]
    if not issued:
        left = (claim for claim in remains(document, reading, frame) if _possible(claim.moment, now))
        issued = [claim for claim in left if claim.moment.day not in told]
    return Weighed(issued, changed, shown)


def _credible(claim: Claim, shown: list[Claim], updates: list[Claim]) -> bool:
    """Say whether a claim of the markup may be that of publication at all."""
    if claim.signal == PAGE_DATE:
        # Of 83 undated and 22 dated pages with nothing but a WebPage's date, hidden from the reader: it is the CMS's, not the story's.
        return any(_close(other, claim) for other in shown)
    # A mere "date" later than the last change a reader is told of is that of an export.
    return claim.signal not in WEAK or not updates or claim.moment.day <= max(update.moment.day for update in updates)


def _ordered(claim: Claim, known: Claim) -> Claim:
    """Read a guessed 05/06/2025 the other way round where the address or the markup says so."""
    found = claim.moment
    if not found.guessed or known.moment.guessed or found.day == known.moment.day:
        return claim
    turned = found.when.replace(month=found.when.day, day=found.when.month)
    if turned.date() == known.moment.day:
        return claim._replace(moment=found._replace(when=turned, guessed=False))
    return claim


def _issued(marked: list[Claim], seen: list[Claim], changed: list[Claim], address: list[Claim]) -> list[Claim]:
    """Order the claims of publication: the markup's first, unless the reader is shown another day beside the headline."""
    if not marked:
        return [*seen, *address]
    first = marked[0]
    by_headline = [claim for claim in seen if claim.distance <= BESIDE]
    near = by_headline if first.signal in WEAK else [claim for claim in seen if claim.near]
    others = {claim.moment.day for claim in changed}
    if near and not any(_close(claim, first) for claim in by_headline):
        days = {claim.moment.day for claim in by_headline}
        agreed = next((claim for claim in marked if claim.moment.day in days), None)
        beside_it = near[0] if near[0].moment.day not in others else None
        first = agreed or beside_it or first
    rest = [claim for claim in (*marked, *seen, *address) if claim is not first]
    return [_localised(first, rest), *rest]


def _close(shown: Claim, marked: Claim) -> bool:
    """Say whether a shown day can be the markup's: the same, or the next to it, since UTC is another day for many readers.

    A moment with a zone of its own may stand beside the day of the printed paper.
    """
    days = (shown.moment.day - marked.moment.day).days
    if abs(days) != 1 or marked.signal in WEAK:
        return days == 0
    return bool(marked.moment.when.utcoffset()) or _shift(marked.moment, days) is not None


def _shift(found: Moment, days: int) -> timedelta | None:
    """Give the least zone, in whole hours, in which a moment given in UTC falls on the day before (-1) or after (1)."""
    when = found.when
    if abs(days) != 1 or found.precision == "day" or when.utcoffset() != timedelta(0):
        return None
    hours = 24 - when.hour if days > 0 else -when.hour - 1
    return timedelta(hours=hours) if WEST <= hours <= EAST else None


def _localised(claim: Claim, others: list[Claim]) -> Claim:
    """Write a moment given in UTC with the zone in which the page shows it: the instant stays, the day becomes the reader's.

    Where the address names the day, the least zone that gives it is taken. A moment without a zone takes that of a claim with the same day
    and time of day.
    """
    when = claim.moment.when
    if when.tzinfo is None and claim.moment.precision != "day":
        zones = (other.moment.when.tzinfo for other in others if _same_clock(other.moment.when, when))
        zone = next(filter(None, zones), None)
        return claim._replace(moment=claim.moment._replace(when=when.replace(tzinfo=zone))) if zone else claim
    if when.utcoffset() != timedelta(0) or claim.moment.precision == "day":
        return claim
    for other in others:
        offset = _offset_between(when, other.moment)
        if offset:
            return claim._replace(moment=claim.moment._replace(when=when.astimezone(timezone(offset))))
    # Which zone a day alone would be of is a guess: it is made where the address names the day, too, and not for a shown day only.
    day = next((other.moment.day for other in others if other.signal == ADDRESS), when.date())
    shown = any(other.near and other.moment.day == when.date() and other.moment.when.utcoffset() != timedelta(0) for other in others)
    shift = None if shown else _shift(claim.moment, (day - when.date()).days)
    return claim._replace(moment=claim.moment._replace(when=when.astimezone(timezone(shift)))) if shift else claim


def _same_clock(one: datetime, other: datetime) -> bool:
    return one.replace(tzinfo=None, second=0, microsecond=0) == other.replace(tzinfo=None, second=0, microsecond=0)


def _offset_between(utc: datetime, shown: Moment) -> timedelta | None:
    """Give the zone a shown clock time stands in, if it is the moment `utc` at all."""
    if shown.precision == "day":
        return None
    if shown.when.tzinfo is not None:
        same = abs(shown.when - utc) < timedelta(minutes=1)
        return shown.when.utcoffset() if same else None
    apart = (shown.when - utc.replace(tzinfo=None, second=0, microsecond=0)).total_seconds() // 60
    return timedelta(minutes=apart) if apart and apart % 30 == 0 and WEST * 60 <= apart <= EAST * 60 else None


def _possible(found: Moment, now: datetime | None) -> bool:
    """Say whether a page could have this date: not before the web's news, and not after the fetch, give or take a day for zones."""
    if found.when.year < FIRST_YEAR:
        return False
    limit = now.date() if now else date(2100, 1, 1)
    return found.day <= limit + timedelta(days=1 if now else 0)


def _choice(found: list[Claim]) -> Choice[Moment]:
    if not found:
        return Choice()
    winner = found[0]
    losers = tuple(
        Candidate(value=iso_date(claim.moment.when, claim.moment.precision) or "", signal=claim.signal, reason=_why(winner, claim))
        for claim in found[1:9]
    )
    return Choice(Found(winner.moment, winner.signal), losers)


def _why(winner: Claim, loser: Claim) -> str:
    return "says the same day" if winner.moment.day == loser.moment.day else "a less trusted signal says another day"


# -- what the markup claims


def _structured(claims: Iterable[Found[str]], reading: Reading) -> Iterator[Claim]:
    for claim in claims:
        found = (moment(claim.value, reading) or slow_moment(claim.value, reading)) if len(claim.value) < MAX_VALUE_CHARS else None
        if found is not None:
            yield Claim(found, claim.signal)
