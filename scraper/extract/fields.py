"""What does the page say about the story, besides its text? The fields of a record, each with the signal that gave it.

The caller may work in two steps: `opening` gives the headline and the claims before the body is known, `fields` takes them up again with
the body's blocks, so that a date or a writer's note below the story counts.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from scraper.extract.byline import byline
from scraper.extract.candidates import Choice, Claims, Found, Frame, evidence
from scraper.extract.date_trust import Page
from scraper.extract.dates import dates, reading_of
from scraper.extract.document import Document
from scraper.extract.headline import Headline, headline
from scraper.extract.language import language, region
from scraper.extract.moments import Moment
from scraper.extract.publisher import canonical, image, publisher, section, standfirsts, tags
from scraper.extract.site_names import site_names
from scraper.extract.structured import structured
from scraper.records import FieldEvidence, Precision, iso_date

__all__ = ["Fields", "Opening", "fields", "opening"]

SAMPLE_BLOCKS: Final = 12
SAMPLE_BLOCK_CHARS: Final = 60


class Opening(NamedTuple):
    """What is known before the body is: the markup's claims, the headline and its block, and the site's own names in common form."""

    claims: Claims
    headline: Headline
    names: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """The fields of a record. `standfirsts` are candidates to be found on the page, `types` the schema.org types of the page's object."""

    headline: str | None = None
    headline_block: int | None = None
    standfirsts: tuple[Found[str], ...] = ()
    authors: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    published: datetime | None = None
    published_precision: Precision | None = None
    modified: datetime | None = None
    language: str | None = None
    publisher: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    image: str | None = None
    canonical_url: str | None = None
    paywalled: bool | None = None
    types: tuple[str, ...] = ()
    evidence: tuple[FieldEvidence, ...] = ()


def opening(document: Document, url: str | None) -> Opening:
    """Collect the markup's claims and choose the headline."""
    claims = structured(document, url)
    names = site_names(claims, url)
    return Opening(claims, headline(document, claims, url, names), names)


def fields(
    document: Document,
    url: str | None,
    fetched_at: datetime | None,
    *,
    story: range | tuple[int, int] | None = None,
    known: Opening | None = None,
) -> Fields:
    """Choose every field of a page.

    `story` is the range of the body's blocks, end excluded, and `known` the result of `opening` for the same page; both may be left out.
    No date later than `fetched_at` is believed.
    """
    known = known or opening(document, url)
    claims, block = known.claims, known.headline.block
    span = (story.start, story.stop) if isinstance(story, range) else story
    tongue = language(document, claims, _sample(document, span))
    reading = reading_of(tongue.winner.value if tongue.winner else None, region(document, claims), url)
    who = byline(document, claims, names=known.names, headline=block, story=span)
    writer = who.authors.winner.signal if who.authors.winner else None
    when = dates(Page(document, claims, Frame(block, span), url, writer), reading, fetched_at)
    choices: dict[str, Choice[Any]] = {
        "headline": known.headline.choice,
        "authors": who.authors,
        "agencies": who.agencies,
        "published": when.published,
        "modified": when.modified,
        "language": tongue,
        "publisher": publisher(document, claims, headline=block),
        "section": section(claims),
        "tags": tags(document, claims, span),
        "image": image(claims, url),
        "canonical_url": canonical(document, url),
        "paywalled": Choice(claims.paywalled[0]) if claims.paywalled else Choice(),
    }
    return _fields(choices, standfirsts=standfirsts(claims), headline_block=block, types=claims.types)


def _sample(document: Document, story: tuple[int, int] | None) -> str:
    blocks = document.blocks[story[0] : story[1]] if story else document.blocks
    long = (block.text for block in blocks if len(block.text) >= SAMPLE_BLOCK_CHARS and block.link_chars * 2 < len(block.text))
    return "\n".join(text for _, text in zip(range(SAMPLE_BLOCKS), long, strict=False))


def _fields(choices: dict[str, Choice[Any]], **others: Any) -> Fields:
    values = {name: choice.winner.value for name, choice in choices.items() if choice.winner is not None}
    published, modified = values.pop("published", None), values.pop("modified", None)
    if isinstance(published, Moment):
        values.update(published=published.when, published_precision=published.precision)
    if isinstance(modified, Moment):
        values.update(modified=modified.when)
    proofs = tuple(_proof(name, choice) for name, choice in choices.items() if choice.winner is not None)
    return Fields(**values, **others, evidence=proofs)


def _proof(name: str, choice: Choice[Any]) -> FieldEvidence:
    value = choice.winner.value if choice.winner else None
    signal = choice.winner.signal if choice.winner else ""
    if isinstance(value, Moment):
        text = iso_date(value.when, value.precision) or ""
    elif isinstance(value, tuple):
        text = ", ".join(map(str, value))
    else:
        text = str(value)
    return evidence(name, signal, text, choice.losers)
