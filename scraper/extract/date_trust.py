"""Is the date that was found likely to be the story's at all? Weighs where it was found, and what kind of page says so.

Teasers, events, products and the CMS date pages that have no date of their own. What speaks for and against is named here; how much it
counts is learned (`benchmarks/train_dates.py`) and stands in date_trust.tsv.
"""

import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

from scraper.extract.candidates import Claims, Frame
from scraper.extract.date_places import ADDRESS, ALONE, BELOW, BESIDE, FAR, Claim
from scraper.extract.document import Document
from scraper.extract.metas import PLACES as METAS
from scraper.extract.structured import PAGE_DATE

__all__ = ["LEAST", "Page", "doubtful", "signs", "trust"]

# On sites not trained on, 147 of 211 dates that pages do not have are left out with it, and 29 of 1,077 that are right (decision 0011).
LEAST: Final = 0.5
NEWS: Final = frozenset(("NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle", "LiveBlogPosting"))
COMMON: Final = "https://site/news/one-of-four-words"
PLACES: Final = frozenset(("visible", "json_ld", "microdata", "meta"))
DIGITS: Final = re.compile(r"\d{4}")
FOLDER_WORD: Final = re.compile(r"[/_+-]")
MOST_DAYS: Final = 4
MOST_WORDS: Final = 5
MOST_DEPTH: Final = 3
SIZES: Final = (3, 8, 30)
LENGTHS: Final = (50, 100, 250)


class Page(NamedTuple):
    """What a date stands on: the page, what its markup claims, where its story stands, its address, and the signal that names a writer."""

    document: Document
    claims: Claims
    frame: Frame
    url: str | None
    writer: str | None = None


def doubtful(issued: list[Claim], page: Page) -> bool:
    """Say whether the first date is to be weighed at all: not in plain text, nor if the address or a news story's own object gives it."""
    winner = issued[0]
    place = winner.signal.partition(":")[0]
    if not page.document.is_html or place not in PLACES or (place == "json_ld" and NEWS.intersection(page.claims.types)):
        return False
    return not any(claim.signal == ADDRESS and claim.moment.day == winner.moment.day for claim in issued)


def trust(found: Iterable[str]) -> float:
    """Give the odds, 0 to 1, that a page with these signs has the date that was found."""
    weights = _weights()
    total = sum(weights.get(sign, 0.0) for sign in found) + weights["always"]
    return 1.0 / (1.0 + math.exp(-total))


def signs(winner: Claim, issued: list[Claim], shown: list[Claim], page: Page) -> Iterator[str]:
    """Name what speaks for or against a date: `shown` are all dates a reader sees, `issued` all that may be the day of publication."""
    document, claims, frame, url, writer = page
    place = winner.signal.partition(":")[0]
    yield from _of_shown(winner, shown) if place == "visible" else _of_claimed(winner, shown, place)
    if any(claim.moment.day == winner.moment.day and claim.signal.partition(":")[0] != place for claim in issued):
        yield "agreed"
    yield from _of_address(url)
    kind = document.meta("og:type") or "none"
    yield f"og:{kind if kind in ('article', 'website', 'none') else 'other'}"
    yield f"type:{'none' if not claims.types else 'news' if NEWS.intersection(claims.types) else 'other'}"
    yield f"writer:{'none' if writer is None else 'seen' if writer.startswith('visible') else 'told'}"
    yield from _of_system(document)
    yield f"blocks:{bisect_right(LENGTHS, len(document.blocks))}"
    yield f"story:{bisect_right(SIZES, frame.story[1] - frame.story[0]) if frame.story else 0}"


def _of_shown(winner: Claim, shown: list[Claim]) -> Iterator[str]:
    said = "published" if winner.signal.endswith(":published") else "changed" if winner.changed else "unsaid"
    yield f"shown:{_zone(winner)}:{said}"
    yield winner.signal.removesuffix(":published")
    if winner.moment.precision != "day":
        yield "shown:clock"
    yield f"days:{min(MOST_DAYS, len({claim.moment.day for claim in shown if not claim.changed}))}"


def _zone(claim: Claim) -> str:
    if claim.near:
        return "near"
    steps = ((BESIDE, "by the headline"), (ALONE, "by the story"), (BELOW, "alone"), (FAR, "below"))
    return next((name for limit, name in steps if claim.distance < limit), "far")


def _of_claimed(winner: Claim, shown: list[Claim], place: str) -> Iterator[str]:
    yield f"claimed:{_kind_of(winner.signal, place)}"
    seen = any(abs((claim.moment.day - winner.moment.day).days) <= 1 for claim in shown)
    yield f"claimed:{'seen' if seen else 'other seen' if shown else 'hidden'}"
    if winner.moment.precision == "day":
        yield "claimed:day"


def _kind_of(signal: str, place: str) -> str:
    if signal == PAGE_DATE:
        return "page"
    if place == "meta" and signal.removeprefix("meta:") not in METAS:
        return "unlisted"
    return "created" if "reated" in signal else place


def _of_system(document: Document) -> Iterator[str]:
    """Read what a page's system takes it for: WordPress links a post to its entry among the posts, and tells cards about its writer."""
    if any("/wp/v2/posts/" in href for _, href, _ in document.links):
        yield "system:post"
    if document.meta("twitter:label1"):
        yield "card"


def _of_address(url: str | None) -> Iterator[str]:
    # An address that nobody told is taken for a common one.
    path = (url or COMMON).partition("://")[2].partition("/")[2].partition("?")[0].strip("/")
    if not path:
        yield "address:none"
        return
    parts = path.split("/")
    yield f"address:depth {min(MOST_DEPTH, len(parts))}"
    yield f"address:words {min(MOST_WORDS, max(part.count('-') + part.count('_') for part in parts))}"
    if DIGITS.search(path):
        yield "address:digits"
    words = _address_words()
    folders = path.lower().rpartition("/")[0]
    kinds = {kind for word in {*folders.split("/"), *FOLDER_WORD.split(folders)} for kind in words.get(word, ())}
    yield from (f"address:{kind}" for kind in sorted(kinds) or ("unsaid",))


@lru_cache(maxsize=1)
def _address_words() -> Mapping[str, tuple[str, ...]]:
    """Read which kinds of page the folders of an address speak of (`page_words` counts more than these)."""
    known: dict[str, tuple[str, ...]] = {}
    for row in files(__package__ or "scraper.extract").joinpath("page_words.tsv").read_text("utf-8").splitlines():
        kind, place, word = row.split("\t") if not row.startswith("#") else ("", "", "")
        if place == "address":
            known[word] = (*known.get(word, ()), kind)
    return known


@lru_cache(maxsize=1)
def _weights() -> Mapping[str, float]:
    rows = files(__package__ or "scraper.extract").joinpath("date_trust.tsv").read_text("utf-8").splitlines()
    return {name: float(weight) for name, weight in (row.split("\t") for row in rows if not row.startswith("#"))}
