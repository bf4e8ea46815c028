"""Whose page is it, and how does it file the story? Publisher, section, tags, image, canonical address, paywall."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final
from urllib.parse import urljoin, urlsplit

from scraper.extract.candidates import Choice, Claims, Found
from scraper.extract.document import Document
from scraper.extract.introductions import introduced
from scraper.extract.moments import Reading, moments
from scraper.extract.plain import plain, words
from scraper.records import Candidate

__all__ = ["canonical", "image", "publisher", "section", "standfirsts", "tags"]

MAX_TAGS: Final = 30
MAX_TAG_CHARS: Final = 60
MAX_NAME_CHARS: Final = 80
MAX_HASHTAG_CHARS: Final = 300
MAX_URL_CHARS: Final = 2000
MAX_DATE_CHARS: Final = 30
YEAR_DIGITS: Final = 4
HASHTAGS: Final = re.compile(r"#[^#\n]{2,40}(?:\s#[^#\n]{2,40})*\s*\Z")
GLUED: Final = re.compile(r"(?P<name>[^\W\d_][\w&.'’ -]{2,40}?)(?<=\w)(?=\d{1,2}[./-]\d{1,2}[./-]\d{4}\s*\Z)")
NAME: Final = re.compile(r"(?:[^\W\d_a-z][\w&.'’-]{0,20} ?){2,5}")
WHOLE: Final = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?:[/?#]|\Z)", re.ASCII)
DOMAIN: Final = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,10}", re.IGNORECASE)


def publisher(document: Document, claims: Claims, *, headline: int | None = None) -> Choice[str]:
    """Choose the publisher's name: the one glued to the date below the headline, else what the markup says."""
    named = [claim for claim in claims.publishers if 1 < len(claim.value) <= MAX_NAME_CHARS and "://" not in claim.value]
    # "Example" outweighs "example.org" where a page gives both.
    named.sort(key=lambda claim: ("." in claim.value and bool(DOMAIN.fullmatch(claim.value))) or claim.value.startswith("@"))
    # An aggregator's own name is in its markup; whose story it is stands beside the date.
    glued = list(_glued(document, headline)) if headline is not None else []
    above = list(_above(document, headline)) if headline is not None and not named else []
    return _choice([*glued, *named, *above])


def _above(document: Document, headline: int) -> Iterator[Found[str]]:
    """Read a name that stands alone between the headline and a line that is nothing but a date."""
    lines = [block.text for block in document.blocks[headline + 1 : headline + 4]]
    for name, below in pairwise(lines):
        dated = next(iter(moments(below)), None) if len(below) <= MAX_DATE_CHARS else None
        if dated and dated.start == 0 and NAME.fullmatch(name) and not introduced(name):
            yield Found(name, "visible:above_date")
            return


def _glued(document: Document, headline: int) -> Iterator[Found[str]]:
    for block in document.blocks[headline + 1 : headline + 6]:
        ends_in_year = len(block.text) <= MAX_NAME_CHARS and block.text.rstrip()[-YEAR_DIGITS:].isdecimal()
        match = GLUED.match(block.text) if ends_in_year else None
        if match and next(iter(moments(block.text, Reading())), None):
            yield Found(match["name"].strip(" -|·•,"), "visible:before_date")


def section(claims: Claims) -> Choice[str]:
    """Choose the section the site files the story under."""
    return _choice([claim for claim in claims.sections if len(claim.value) <= MAX_NAME_CHARS and "://" not in claim.value])


def tags(document: Document, claims: Claims, story: tuple[int, int] | None = None) -> Choice[tuple[str, ...]]:
    """Choose the tags: those of the first signal that gives any, else a line of hashtags around the story."""
    found = [Found(tuple(_split(claim.value)), claim.signal) for claim in claims.tags]
    found = [claim for claim in found if claim.value]
    if not found:
        found = list(_hashtags(document, story))
    if not found:
        return Choice()
    losers = tuple(Candidate(value=", ".join(claim.value), signal=claim.signal, reason="less trusted") for claim in found[1:])
    return Choice(found[0], losers)


def _split(values: Iterable[str]) -> Iterator[str]:
    listed = [value[:MAX_URL_CHARS] for value in values]
    pieces = (piece for value in listed for piece in (re.split(r"[,;|،、]", value) if len(listed) == 1 or "," in value else [value]))
    seen: set[str] = set()
    for piece in pieces:
        name = piece.strip(" #\"'[]")
        if 1 < len(name) <= MAX_TAG_CHARS and (form := plain(name)) not in seen and len(seen) < MAX_TAGS:
            seen.add(form)
            yield name


def _hashtags(document: Document, story: tuple[int, int] | None) -> Iterator[Found[tuple[str, ...]]]:
    blocks = document.blocks[story[0] : story[1] + 8] if story else document.blocks
    for text in [text for block in blocks if (text := block.text)[:1] == "#" and len(text) <= MAX_HASHTAG_CHARS]:
        if HASHTAGS.match(text):
            names = tuple(_split([piece for piece in text.split("#") if piece.strip()]))
            if names:
                yield Found(names, "visible:hashtags")
                return


def image(claims: Claims, url: str | None) -> Choice[str]:
    """Choose the story's picture, as an absolute address where the page's own is known."""
    for claim in claims.images[:8]:
        address = _absolute(claim.value, url)
        if address:
            return Choice(Found(address, claim.signal))
    return Choice()


def canonical(document: Document, url: str | None) -> Choice[str]:
    """Choose the address the page gives itself: link rel=canonical, then og:url. A bare home page is no story's address."""
    given = [Found(href, "link:canonical") for rel, href, _ in document.links if "canonical" in rel and "canonical" in rel.split()]
    open_graph = document.meta("og:url")
    if open_graph:
        given.append(Found(open_graph, "meta:og:url"))
    found = [Found(address, claim.signal) for claim in given for address in [_absolute(claim.value, url)] if address]
    return _choice([claim for claim in found if not _is_home(claim.value) or _is_home(url or "")])


def standfirsts(claims: Claims) -> tuple[Found[str], ...]:
    """Give what the markup offers as the story's summary, to be looked for on the page."""
    seen: set[str] = set()
    found = []
    for claim in claims.descriptions[:6]:
        if claim.value in seen:  # as most are: the same for every reader of metas
            continue
        seen.add(claim.value)
        form = " ".join(words(claim.value))
        if form and (form == claim.value or form not in seen):
            seen.add(form)
            found.append(claim)
    return tuple(found)


def _absolute(address: str, url: str | None) -> str | None:
    address = address.strip()
    if WHOLE.match(address):
        return address if len(address) <= MAX_URL_CHARS else None
    try:
        joined = address if address.startswith(("https://", "http://")) else urljoin(url or "", address)
        parts = urlsplit(joined)
    except ValueError:
        return None
    return joined if parts.scheme in ("http", "https") and parts.netloc and len(joined) <= MAX_URL_CHARS else None


def _is_home(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return True
    return parts.path in ("", "/") and not parts.query


def _choice(found: list[Found[str]]) -> Choice[str]:
    if not found:
        return Choice()
    losers = tuple(
        Candidate(value=claim.value, signal=claim.signal, reason="less trusted") for claim in found[1:] if claim.value != found[0].value
    )
    return Choice(found[0], losers)
