"""Which of our sources does a URL belong to? Asked for one-off pages; a crawl knows where its links come from."""

from collections.abc import Iterable

from scraper import urls
from scraper.records import Source

__all__ = ["source_for"]


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
