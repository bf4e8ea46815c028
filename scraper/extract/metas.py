"""What do a page's meta elements claim? OpenGraph, Dublin Core, parsely, sailthru, cXense and the plain names people made up.

The tables list the names in order of trust: the first that is given comes first among the claims; metas called just `date` or `created`
are as often those of the last export and come last. All names are lower case.
"""

from collections.abc import Mapping

from scraper.decode import unescape
from scraper.extract.candidates import Claims, Found, Named

__all__ = ["by_name", "from_metas"]

HEADLINE_METAS = (
    "og:title", "twitter:title", "title", "dc.title", "dcterms.title", "sailthru.title", "parsely-title", "cxenseparse:title",
    "citation_title", "headline", "hdl", "twitter:text:title", "og:article:title", "dc:title",
)  # fmt: skip
AUTHOR_METAS = (
    "author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "dc:creator", "byl",
    "cxenseparse:author", "citation_author", "og:article:author", "article:author_name", "og:author", "creator",
    "shareaholic:article_author_name", "dc.contributor", "article.author", "authors", "citation_authors", "bt:author", "vr:author",
    "mrf:authors", "hcf:author", "dable:author", "parsely-authors", "rbauthors",
)  # fmt: skip
PUBLISHED_METAS = (
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
MODIFIED_METAS = (
    "article:modified_time", "og:updated_time", "datemodified", "last-modified", "dcterms.modified", "dc.date.modified", "revised",
    "lastmod", "og:article:modified_time", "article:modified", "modified", "updated_time", "og:modified_time", "moddate",
    "shareaholic:article_modified_time", "modificationdate", "utime", "article.updated",
)  # fmt: skip
PUBLISHER_METAS = (
    "og:site_name", "publisher", "dc.publisher", "dcterms.publisher", "application-name", "apple-mobile-web-app-title", "sitename",
    "site_name", "citation_journal_title", "al:android:app_name", "al:ios:app_name", "source", "copyright", "twitter:app:name:iphone",
)  # fmt: skip
SECTION_METAS = (
    "article:section", "parsely-section", "og:section", "section", "prism.section", "mrf:sections", "og:article:section", "category",
    "cxenseparse:category", "sailthru.vertical",
)  # fmt: skip
TAG_METAS = (
    "article:tag", "og:article:tag", "news_keywords", "parsely-tags", "sailthru.tags", "keywords", "mrf:tags", "tags", "dc.subject",
)  # fmt: skip
LANGUAGE_METAS = (
    "og:locale", "content-language", "language", "dc.language", "inlanguage", "og:language", "lang", "dcterms.language",
)  # fmt: skip
IMAGE_METAS = (
    "og:image", "og:image:secure_url", "twitter:image", "twitter:image:src", "thumbnail", "parsely-image-url", "sailthru.image.full",
    "image",
)  # fmt: skip
DESCRIPTION_METAS = (
    "og:description", "description", "twitter:description", "dc.description", "sailthru.description", "cxenseparse:subtitle",
)  # fmt: skip
TIER_METAS = ("article:content_tier", "og:article:content_tier", "article:content-tier")
MAX_METAS = 500
KNOWN = frozenset(
    (*HEADLINE_METAS, *AUTHOR_METAS, *PUBLISHED_METAS, *MODIFIED_METAS, *PUBLISHER_METAS, *SECTION_METAS, *TAG_METAS, *LANGUAGE_METAS)
) | frozenset((*IMAGE_METAS, *DESCRIPTION_METAS, *TIER_METAS))


def by_name(metas: tuple[tuple[str, str], ...]) -> Mapping[str, list[str]]:
    """Group the contents of the metas that claim something by name, white space joined and entities that were escaped twice undone."""
    found: dict[str, list[str]] = {}
    for name, content in metas[:MAX_METAS]:
        if name not in KNOWN:
            continue
        value = " ".join(content.split())
        if "&" in value:
            value = unescape(value)
        if value:
            found.setdefault(name, []).append(value)
    return found


def from_metas(metas: tuple[tuple[str, str], ...]) -> Claims:
    """Collect the claims of all metas."""
    known = by_name(metas)
    return Claims(
        headlines=_first(known, HEADLINE_METAS),
        authors=tuple(Found(tuple(Named(name) for name in known[key][:25]), f"meta:{key}") for key in AUTHOR_METAS if key in known),
        published=_first(known, PUBLISHED_METAS),
        modified=_first(known, MODIFIED_METAS),
        publishers=_first(known, PUBLISHER_METAS),
        sections=_first(known, SECTION_METAS),
        tags=tuple(Found(tuple(known[key][:60]), f"meta:{key}") for key in TAG_METAS if key in known),
        images=_first(known, IMAGE_METAS),
        languages=_first(known, LANGUAGE_METAS),
        descriptions=_first(known, DESCRIPTION_METAS),
        paywalled=_tier(known),
    )


def _first(known: Mapping[str, list[str]], names: tuple[str, ...]) -> tuple[Found[str], ...]:
    return tuple(Found(known[name][0], f"meta:{name}") for name in names if name in known)


def _tier(known: Mapping[str, list[str]]) -> tuple[Found[bool], ...]:
    """Read `article:content_tier` (free, metered, locked), which Facebook's paywall scheme defined."""
    for name in TIER_METAS:
        if name in known:
            return (Found(known[name][0].lower() in ("locked", "metered", "premium", "paid"), f"meta:{name}"),)
    return ()
