"""How does a page that was read become a row of a batch, and a row again what the store takes? Field by field, and nothing is lost."""

from datetime import date, datetime
from typing import Any, Final

from scraper.batch.dataset import Record, Reject, Traced, Warc
from scraper.batch.dataset_layout import domain_of
from scraper.copies import marks
from scraper.errors import ScraperError
from scraper.records import STORIES, Page
from scraper.store import Prepared
from scraper.store.rows import instant, utc_text
from scraper.store.scripts import wording_of

__all__ = ["failed_row", "page_row", "told_of"]

# Columns of a record that are columns of the database's table `articles`, and hold the same.
SAME: Final = (
    "headline", "standfirst", "body", "published", "published_precision", "modified", "language", "publisher", "section", "image",
    "verdict", "confidence", "text_hash", "extractor_version",
)  # fmt: skip


def page_row(page: Page, told: Prepared, warc: Warc, *, source_id: str | None = None, number: str | None = None) -> Record | Reject:
    """Give the row of a page that was read: of a story a record, of any other page a reject. `number` is the source's own for the story."""
    domain = domain_of(page.url)
    if told.verdict not in STORIES:
        return Reject(
            domain=domain,
            source_id=source_id or None,
            url=page.url,
            requested_url=page.requested_url,
            fetched_at=page.fetched_at,
            code=told.verdict,
            message=told.reason,
            headline=told.text("headline"),
            characters=len(told.text("body") or ""),
            extractor_version=told.text("extractor_version"),
            warc=warc,
        )
    values: dict[str, Any] = dict(told.values)
    return Record(
        domain=domain,
        source_id=source_id or None,
        source_article_id=number,
        url=page.url,
        requested_url=page.requested_url,
        canonical_url=told.canonical_url,
        fetched_at=page.fetched_at,
        day=_day(values["published_day"]),
        published_utc=instant(values["published_utc"]),
        authors=tuple(name for _, name, kind in told.people if kind == "person"),
        agencies=tuple(name for _, name, kind in told.people if kind == "agency"),
        tags=tuple(tag for _, tag in told.tags),
        words=values["word_count"],
        paywalled=values["paywalled"],
        reason=told.reason,
        rendering=page.rendering,
        status=page.status,
        bytes=page.size,
        template_fit=told.template_fit,
        shingles=told.marks.shingles,
        evidence=tuple(Traced(*entry) for entry in told.evidence),
        warc=warc,
        **{name: values[name] for name in SAME},
    )


def failed_row(error: ScraperError, warc: Warc, *, url: str | None = None, fetched_at: datetime | None = None) -> Reject:
    """Give the row of a page, or of a record that is none, that could not be read."""
    return Reject(
        domain=domain_of(url),
        source_id=None,
        url=url,
        requested_url=url,
        fetched_at=fetched_at,
        code=error.code,
        message=error.message,
        headline=None,
        characters=0,
        extractor_version=None,
        warc=warc,
    )


def told_of(record: Record) -> Prepared:
    """Give what the store takes: the same as `prepared` made of the page, but for the texts that were left out of the story."""
    published_day = record.day.isoformat() if record.day else None
    values: dict[str, object] = {name: getattr(record, name) for name in SAME} | {
        "authors": ", ".join(record.authors) or None,
        "agencies": ", ".join(record.agencies) or None,
        "published_utc": utc_text(record.published_utc),
        "published_day": published_day,
        "paywalled": record.paywalled,
        "word_count": record.words,
    }
    people = [(name, "person") for name in record.authors] + [(name, "agency") for name in record.agencies]
    return Prepared(
        values=values,
        people=[(position, *person) for position, person in enumerate(people, start=1)],
        tags=[*enumerate(record.tags, start=1)],
        evidence=[(entry.field, entry.signal, entry.value, entry.candidates) for entry in record.evidence],
        canonical_url=record.canonical_url,
        reason=record.reason,
        template_fit=record.template_fit,
        beside="",
        marks=marks(record.body or ""),
        wording=wording_of(values),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
