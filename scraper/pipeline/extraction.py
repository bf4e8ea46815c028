"""What does a worker process do with a page? It reads a record, with the help of its listing and its site's template, and a lesson."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from scraper.extract.taught import Lesson
from scraper.pipeline.packing import Packed, unpacked
from scraper.records import Article, FieldEvidence, Link, Page, SiteRules, Source, Template
from scraper.sources import article_id_in
from scraper.store.prepared import Prepared, prepared

__all__ = ["Extracted", "Ready", "extract_page", "marked", "prepare_fetched", "prepare_page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """What a worker makes of a page: its record, what it teaches of its site, and the link with the story's number in the final address."""

    article: Article
    lesson: Lesson | None
    link: Link

    @property
    def verdict(self) -> str:
        """Give what kind of page it is."""
        return self.article.verdict


class Ready(NamedTuple):
    """The same, ready to be stored, in plain values: what a run sends back from its workers for each of thousands of pages.

    `number` is the source's own for the story, if its address holds one.
    """

    told: Prepared
    lesson: Lesson | None
    number: str | None

    @property
    def verdict(self) -> str:
        """Give what kind of page it is."""
        return self.told.verdict


def extract_page(page: Page, source: Source, link: Link, template: Template | None = None) -> Extracted:
    """Extract one page; called in a worker process, where importing the extractor is paid for once.

    What the listing says completes the record, and teaches nothing: the lesson is the page's own.
    """
    article, lesson, _ = _read(page, link, template, source.rules)
    number = _number(page, source.article_id, link)
    return Extracted(article=article, lesson=lesson, link=replace(link, source_article_id=number) if number else link)


def prepare_page(page: Page, article_id: str | None, link: Link, template: Template | None, rules: SiteRules | None = None) -> Ready:
    """Extract one page as `extract_page` does, and make ready what will be stored of it; `article_id` is the source's pattern."""
    article, lesson, density = _read(page, link, template, rules)
    return Ready(prepared(article, link_density=density), lesson, _number(page, article_id, link))


def prepare_fetched(page: Page, article_id: str | None, link: Link, packed: Packed | None, rules: SiteRules | None) -> Ready:
    """Do what `prepare_page` does with a template that was packed."""
    return prepare_page(page, article_id, link, unpacked(packed) if packed else None, rules)


def _number(page: Page, pattern: str | None, link: Link) -> str | None:
    """Give the source's own number for a story, if the address it was found at or the one it was announced under holds one."""
    return article_id_in(page.url, pattern) or article_id_in(link.url, pattern)


def _read(page: Page, link: Link, template: Template | None, rules: SiteRules | None) -> tuple[Article, Lesson | None, float | None]:
    from scraper.extract.article import read
    from scraper.extract.learning import lesson_of
    from scraper.extract.linked import link_density
    from scraper.extract.listed import with_listing
    from scraper.extract.site_rules import with_rules

    reading = read(page.content, page.url, headers=page.headers, template=template, fetched_at=page.fetched_at, rules=rules)
    article = with_rules(with_listing(reading.article, link, page.fetched_at), rules)
    return marked(article, page), lesson_of(reading), link_density(reading)


def marked(article: Article, page: Page) -> Article:
    """Say in the evidence that the record is of what the page's scripts made of it."""
    if page.rendering is None:
        return article
    mark = FieldEvidence(field="rendering", signal=page.rendering)
    return replace(article, evidence=replace(article.evidence, fields=(*article.evidence.fields, mark)))
