"""What does a worker process do with a page? It reads a record, with the help of its listing and its site's template, and a lesson."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scraper.records import Article, FieldEvidence, Link, Page, Source, Template
from scraper.sources import article_id_in

if TYPE_CHECKING:
    from scraper.extract.lessons import Lesson

__all__ = ["Extracted", "extract_page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """What a worker makes of a page: its record, what it teaches of its site, and the link with the story's number in the final address."""

    article: Article
    lesson: "Lesson | None"
    link: Link


def extract_page(page: Page, source: Source, link: Link, template: Template | None = None) -> Extracted:
    """Extract one page; called in a worker process, where importing the extractor is paid for once.

    What the listing says completes the record, and teaches nothing: the lesson is the page's own.
    """
    from scraper.extract.article import read
    from scraper.extract.learning import lesson_of
    from scraper.extract.listed import with_listing

    reading = read(page.content, page.url, headers=page.headers, template=template, fetched_at=page.fetched_at)
    article = with_listing(reading.article, link, page.fetched_at)
    number = article_id_in(page.url, source.article_id) or article_id_in(link.url, source.article_id)
    return Extracted(
        article=_marked(article, page),
        lesson=lesson_of(reading),
        link=replace(link, source_article_id=number) if number else link,
    )


def _marked(article: Article, page: Page) -> Article:
    """Say in the evidence that the record is of what the page's scripts made of it."""
    if page.rendering is None:
        return article
    mark = FieldEvidence(field="rendering", signal=page.rendering)
    return replace(article, evidence=replace(article.evidence, fields=(*article.evidence.fields, mark)))
