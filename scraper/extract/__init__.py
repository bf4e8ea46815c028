"""One page in, one record out. `article` holds the cascade; the other modules answer one question each.

document, walk, plaintext     what does the page hold?
structured, headline, byline, dates, language, publisher, standfirst → fields     what does it say about the story?
features, model, phrases, opinion, templates → body, live_blog     which blocks are the story?
paths, lessons → taught → memory → learning     what do the pages of a site teach? templates, learned_fields: and of the next one?
verdict     what sort of page is it?
ruled_page, site_rules     what does a source's own rules change of it?
"""

from __future__ import annotations

TYPE_CHECKING = False  # see scraper/__init__.py
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from scraper.records import Article, SiteRules, Template

__all__ = ["extract"]


def extract(
    content: bytes | str,
    url: str | None = None,
    *,
    headers: Mapping[str, str] | Iterable[tuple[str, str]] | None = None,
    template: Template | None = None,
    fetched_at: datetime | None = None,
    rules: SiteRules | None = None,
) -> Article:
    """Turn one page, HTML or plain text, into its record: `scraper.extract.article.extract`, where all is said of it.

    The first call loads the extractor (0.1 s and more); the package's door imports this module, and stays light so that a command which
    extracts nothing does not pay for it.
    """
    from scraper.extract.article import extract as extracted

    return extracted(content, url, headers=headers, template=template, fetched_at=fetched_at, rules=rules)
