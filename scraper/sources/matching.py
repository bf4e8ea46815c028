"""Which of our sources does a URL belong to, and which of its stories? The first is asked for one-off pages only."""

import re
from collections.abc import Iterable

from scraper import urls
from scraper.records import Source

__all__ = ["article_id_in", "source_for"]

_LONGEST_ID = 200


def source_for(url: str, sources: Iterable[Source]) -> Source | None:
    """Give the source whose domain the URL's host is, or is under; the longest domain, and then an enabled one, wins.

    A domain written with a port matches that port only.
    """
    place = (urls.origin(url) or "").partition("://")[2]
    name = urls.host(url)
    if not place or not name:
        return None
    fitting = [source for source in sources if source.domain in {place, name} or name.endswith(f".{source.domain}")]
    return max(fitting, key=lambda source: (len(source.domain), source.enabled), default=None)


def article_id_in(url: str, pattern: str | None) -> str | None:
    """Give what the one group of a source's `article_id` finds in a URL; None without a pattern, or where it finds nothing."""
    match = re.search(pattern, url) if pattern else None
    return (match[1] or None) if match and len(match[1] or "") <= _LONGEST_ID else None
