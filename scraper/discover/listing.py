"""What does a feed or sitemap say, whatever its format? The shape that the readers of all formats fill in, and `links` turns into Links."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from scraper.decode import unescape

__all__ = ["Entry", "Listing", "plain_text"]

_MARKUP = re.compile(r"<(script|style)\b.*?</\1\s*>|</?[a-z!][^<>]*>", re.IGNORECASE | re.DOTALL)
# Markup that was escaped twice ends what it begins, or breaks a line; a title that speaks of a tag ("the <blink> tag") does neither.
_ESCAPED_TWICE = re.compile(r"</[a-z]|<br\b|&(?:#\d|#x[0-9a-f]|[a-z]+;)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a listing. Texts are as the format gives them, markup and all; `published` and `updated` keep a zone if one is given."""

    url: str | None = None
    id: str | None = None
    title: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A whole listing: what it says of itself, its entries in their order, the sitemaps that an index names, the page it goes on at.

    `changed` says when a sitemap of an index was last changed, where the index says so.
    """

    title: str | None = None
    url: str | None = None
    language: str | None = None
    entries: tuple[Entry, ...] = ()
    sitemaps: tuple[str, ...] = ()
    following: str | None = None
    changed: Mapping[str, datetime] = field(default_factory=dict)


def plain_text(text: str | None) -> str | None:
    """Give a title as a reader sees it: tags off, character references resolved, white space collapsed; `None` if nothing is left."""
    if text is None:
        return None
    if "<" in text or "&" in text:
        text = unescape(_MARKUP.sub("", text))
        if _ESCAPED_TWICE.search(text):
            text = unescape(_MARKUP.sub("", text))
    return " ".join(text.split()) or None
