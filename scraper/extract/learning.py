"""How does a site's template come about? A few of its pages are read without one, and what they teach is put together."""

from collections.abc import Iterable

from scraper.extract.article import Reading, read
from scraper.extract.lessons import lesson
from scraper.extract.memory import Memory, remembered, template_of
from scraper.extract.taught import Lesson
from scraper.records import STORIES, Page, Template

__all__ = ["learn", "lesson_of"]


def learn(pages: Iterable[bytes | str | Page | Lesson]) -> Template:
    """Learn a template from pages of one source, read or as they came. One that holds no story teaches nothing."""
    memory = Memory()
    for page in pages:
        taught = page if isinstance(page, Lesson) else lesson_of(_read(page))
        if taught is not None:
            memory = remembered(memory, taught)
    return template_of(memory)


def lesson_of(reading: Reading) -> Lesson | None:
    """Give what a page that was read teaches of its site, if it tells a story."""
    if reading.article.verdict not in STORIES or reading.body is None or reading.fields is None or reading.document is None:
        return None
    return lesson(reading.document, reading.body, reading.fields, reading.article.url)


def _read(page: bytes | str | Page) -> Reading:
    if isinstance(page, Page):
        return read(page.content, page.url, headers=page.headers, fetched_at=page.fetched_at)
    return read(page)
