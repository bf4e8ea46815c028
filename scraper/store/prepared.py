"""What of a page can be made ready before the database is asked? All of it but the numbers of rows: columns, keys, marks, JSON.

This is most of what storing a page costs beside SQLite itself, and none of it needs the database: so it is done where the page was read, in
a worker process. What is given back are plain values, which cross to the writer's process in a tenth of the time that records take.
"""

import json
from collections.abc import Mapping
from operator import attrgetter
from typing import Final, NamedTuple

from scraper.copies import Marks, marks
from scraper.extract.version import extractor_version
from scraper.records import STORIES, Article, FieldEvidence, iso_date
from scraper.store.connection import storable_rows, storable_values
from scraper.store.rows import hash_of, utc_text, word_count
from scraper.store.scripts import Wording, wording_of

__all__ = ["Prepared", "prepared"]

_json: Final = json.JSONEncoder(ensure_ascii=False).encode  # `json.dumps` makes an encoder each time
_TEXT: Final = attrgetter("text")
NO_MARKS: Final = Marks((), b"", frozenset())
_BETWEEN: Final = "\0"  # a text that has one itself is in no story as it is: SQLite could not hold it
NO_WORDING: Final = Wording(unspaced=False, long_words=[])


class Prepared(NamedTuple):
    """A page as the rows it will become. `values` are columns of `articles`, fit for SQLite; lists are rows without the story's number.

    `canonical_url` is what the page calls its own address; `reason` what spoke for its verdict; `beside` the texts beside the story, all in
    one string, since they are seldom asked for; `link_density` the share of the story that stands in links, where that was counted.
    """

    values: Mapping[str, object]
    people: list[tuple[int, str, str]]
    tags: list[tuple[int, str]]
    evidence: list[tuple[str, str, str | None, str]]
    canonical_url: str | None
    reason: str | None
    template_fit: str | None
    beside: str
    marks: Marks
    wording: Wording
    link_density: float | None = None

    @property
    def verdict(self) -> str:
        """Give what kind of page it is."""
        return str(self.values["verdict"])

    @property
    def dropped(self) -> list[str]:
        """Give the texts beside the story."""
        return self.beside.split(_BETWEEN) if self.beside else []

    def text(self, name: str) -> str | None:
        """Give one of the columns that hold text."""
        value = self.values[name]
        return value if isinstance(value, str) else None


def prepared(article: Article, *, stored: bool = True, link_density: float | None = None) -> Prepared:
    """Make a record ready to be stored. What only stories need is left out of the others.

    Of what is not `stored` itself, as in a batch, it is left out how it is found and what stood beside the story.
    """
    is_story = article.verdict in STORIES
    values = storable_values(_values(article))
    people = [(name, "person") for name in article.writers] + [(name, "agency") for name in article.agencies]
    fit = article.evidence.of("template")
    return Prepared(
        values=values,
        people=storable_rows([(position, *person) for position, person in enumerate(people, start=1)]),
        tags=storable_rows([*enumerate(article.tags, start=1)]),
        evidence=storable_rows([_evidence(entry) for entry in article.evidence.fields]) if is_story else [],
        canonical_url=article.canonical_url,
        reason=_reason(article),
        template_fit=fit.signal if fit else None,
        beside=_BETWEEN.join(map(_TEXT, article.evidence.dropped)) if is_story and stored else "",
        marks=marks(article.body or "") if is_story else NO_MARKS,
        wording=wording_of(values) if is_story and stored else NO_WORDING,
        link_density=link_density,
    )


def _values(article: Article) -> Mapping[str, object]:
    """Give the columns of `articles` that follow from what the page says."""
    published = iso_date(article.published, article.published_precision)
    return {
        "headline": article.headline,
        "standfirst": article.standfirst,
        "body": article.body,
        "authors": ", ".join(article.writers) or None,
        "agencies": ", ".join(article.agencies) or None,
        "published": published,
        "published_utc": utc_text(article.published),
        "published_day": published[:10] if published else None,
        "published_precision": article.published_precision,
        "modified": iso_date(article.modified),
        "language": article.language,
        "publisher": article.publisher,
        "section": article.section,
        "image": article.image,
        "paywalled": article.paywalled,
        "verdict": article.verdict,
        "confidence": float(article.confidence),
        "word_count": word_count(article.body),
        "text_hash": hash_of(article.body or ""),
        "extractor_version": extractor_version(),
    }


def _evidence(entry: FieldEvidence) -> tuple[str, str, str | None, str]:
    candidates = [{"value": one.value, "signal": one.signal, "reason": one.reason} for one in entry.candidates]
    return entry.field, entry.signal, entry.value, _json(candidates) if candidates else "[]"


def _reason(article: Article) -> str | None:
    """Give what spoke for the verdict, as the extractor wrote it down."""
    evidence = article.evidence.of("verdict")
    if evidence is None:
        return None
    return evidence.signal if evidence.value in {None, article.verdict} else f"{evidence.signal}: {evidence.value}"
