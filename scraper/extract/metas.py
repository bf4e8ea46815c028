"""What do a page's meta elements claim? OpenGraph, Dublin Core, parsely, sailthru, cXense and the plain names people made up.

The tables list the names in order of trust: the first that is given comes first among the claims; metas called just `date` or `created`
are as often those of the last export and come last. All names are lower case.
"""

from collections.abc import Mapping
from typing import Any, Final

from scraper.decode import unescape
from scraper.extract.candidates import Claims, Found, Named
from scraper.extract.introductions import is_introduction

__all__ = ["from_metas"]

HEADLINE_METAS: Final = (
    "og:title", "twitter:title", "title", "dc.title", "dcterms.title", "sailthru.title", "parsely-title", "cxenseparse:title",
    "citation_title", "headline", "hdl", "twitter:text:title", "og:article:title", "dc:title",
)  # fmt: skip
AUTHOR_METAS: Final = (
    "author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "dc:creator", "byl",
    "cxenseparse:author", "citation_author", "og:article:author", "article:author_name", "og:author", "creator",
    "shareaholic:article_author_name", "dc.contributor", "article.author", "authors", "citation_authors", "bt:author", "vr:author",
    "mrf:authors", "hcf:author", "dable:author", "parsely-authors", "rbauthors",
    "article:byline", "sailthru.byline_name", "articleauthor", "article_author", "article-author", "author_name", "byline", "cse_author",
    "mediator_author", "bc:authors", "twitter:author", "bepress_citation_author", "news:author",
)  # fmt: skip
PUBLISHED_METAS: Final = (
    "article:published_time", "datepublished", "parsely-pub-date", "sailthru.date", "dc.date.issued", "dcterms.issued",
    "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "og:article:published_time", "pubdate", "publishdate",
    "publish_date", "publish-date", "published_date", "published-date", "publication_date", "publication-date", "dcterms.available",
    "prism.publicationdate", "citation_publication_date", "citation_date", "citation_online_date", "article_date_original",
    "originalpublicationdate", "article.published", "article:published", "article:post_time", "shareaholic:article_published_time",
    "og:published_time", "published", "publish_time", "dateposted", "displaydate", "ptime", "bt:pubdate", "og:regdate",
    "dable:item_published_time", "uploaddate", "mediator_published_time", "rnews:datepublished", "weibo:article:create_at",
    "date.issued", "date_published", "rbpubdate", "pub_date", "pagepubdate", "last_published", "publishtime", "time",
    "article:create_at", "release_date", "video:release_date", "dc.date.created", "dcterms.created", "dcterms.date", "dc.date",
    "dc:date", "date", "datecreated", "article.created", "cdate", "created", "creation_date",
)  # fmt: skip
MODIFIED_METAS: Final = (
    "article:modified_time", "og:updated_time", "datemodified", "last-modified", "dcterms.modified", "dc.date.modified", "revised",
    "lastmod", "og:article:modified_time", "article:modified", "modified", "updated_time", "og:modified_time", "moddate",
    "shareaholic:article_modified_time", "modificationdate", "utime", "article.updated",
)  # fmt: skip
PUBLISHER_METAS: Final = (
    "og:site_name", "publisher", "dc.publisher", "dcterms.publisher", "application-name", "apple-mobile-web-app-title", "sitename",
    "site_name", "citation_journal_title", "al:android:app_name", "al:ios:app_name", "source", "copyright", "twitter:app:name:iphone",
)  # fmt: skip
SECTION_METAS: Final = (
    "article:section", "parsely-section", "og:section", "section", "prism.section", "mrf:sections", "og:article:section", "category",
    "cxenseparse:category", "sailthru.vertical",
)  # fmt: skip
TAG_METAS: Final = (
    "article:tag", "og:article:tag", "news_keywords", "parsely-tags", "sailthru.tags", "keywords", "mrf:tags", "tags", "dc.subject",
)  # fmt: skip
LANGUAGE_METAS: Final = (
    "og:locale", "content-language", "language", "dc.language", "inlanguage", "og:language", "lang", "dcterms.language",
)  # fmt: skip
IMAGE_METAS: Final = (
    "og:image", "og:image:secure_url", "twitter:image", "twitter:image:src", "thumbnail", "parsely-image-url", "sailthru.image.full",
    "image",
)  # fmt: skip
DESCRIPTION_METAS: Final = (
    "og:description", "description", "twitter:description", "dc.description", "sailthru.description", "cxenseparse:subtitle",
)  # fmt: skip
TIER_METAS: Final = ("article:content_tier", "og:article:content_tier", "article:content-tier")
SOLD: Final = ("locked", "metered", "premium", "paid")
MAX_METAS: Final = 500
MAX_NAMES: Final = 25
MAX_TAGS: Final = 60
CARD: Final = ("twitter:label1", "twitter:label2", "twitter:data1", "twitter:data2")
CARD_AUTHOR: Final = "meta:twitter:data"
# Of each name, the field it speaks for and its place in the order of trust. No name speaks for two fields.
FIELDS: Final = (
    "headlines",
    "authors",
    "published",
    "modified",
    "publishers",
    "sections",
    "tags",
    "images",
    "languages",
    "descriptions",
    "paywalled",
)
TABLES: Final = (
    HEADLINE_METAS, AUTHOR_METAS, PUBLISHED_METAS, MODIFIED_METAS, PUBLISHER_METAS, SECTION_METAS, TAG_METAS, IMAGE_METAS, LANGUAGE_METAS,
    DESCRIPTION_METAS, TIER_METAS,
)  # fmt: skip
PLACES: Final = {name: (field, place) for field, names in zip(FIELDS, TABLES, strict=True) for place, name in enumerate(names)}


def _by_name(metas: tuple[tuple[str, str], ...]) -> Mapping[str, list[str]]:
    """Group the contents of the metas that claim something by name, white space joined and entities that were escaped twice undone."""
    found: dict[str, list[str]] = {}
    for name, content in metas[:MAX_METAS]:
        if name in PLACES:
            value = " ".join(content.split())
            if "&" in value:
                value = unescape(value)
            if value:
                found.setdefault(name, []).append(value)
    return found


def from_metas(metas: tuple[tuple[str, str], ...]) -> Claims:
    """Collect the claims of all metas."""
    found: dict[str, list[Found[Any]]] = {}
    given = _by_name(metas)
    for name in sorted(given, key=PLACES.__getitem__):
        field = PLACES[name][0]
        found.setdefault(field, []).append(Found(_value(field, given[name]), f"meta:{name}"))
    if written := _written_by(metas):
        found.setdefault("authors", []).append(Found((Named(written),), CARD_AUTHOR))
    claims: dict[str, Any] = {field: tuple(ranked) for field, ranked in found.items()}
    if "paywalled" in claims:
        claims["paywalled"] = claims["paywalled"][:1]
    return Claims(**claims)


def _written_by(metas: tuple[tuple[str, str], ...]) -> str | None:
    """Give the writer on the card that a page's link is shown as: `twitter:data1` where `twitter:label1` says "Written by"."""
    card = dict(metas[:MAX_METAS])
    for label, data in zip(CARD[:2], CARD[2:], strict=True):
        if data in card and is_introduction(card.get(label, "")):
            return " ".join(unescape(card[data]).split()) or None
    return None


def _value(field: str, values: list[str]) -> Any:
    """Give what the values of one name claim: of `article:content_tier` (free, metered, locked), Facebook's, whether the page is sold."""
    if field == "authors":
        return tuple(Named(name) for name in values[:MAX_NAMES])
    if field == "tags":
        return tuple(values[:MAX_TAGS])
    return values[0].lower() in SOLD if field == "paywalled" else values[0]
