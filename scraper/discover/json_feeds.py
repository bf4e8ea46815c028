"""What does a JSON Feed say? The standard is https://www.jsonfeed.org/version/1.1/, with the forms of version 1 that are still about."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from scraper import urls
from scraper.discover.dates import listed_date
from scraper.discover.listing import Entry, Listing

__all__ = ["read"]


def read(text: str, base: str) -> Listing | None:
    """Read a feed; `None` if this is no JSON, or no feed. An item of the wrong shape never loses the others."""
    try:
        feed = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        return None
    general, language = _authors(feed), _text(feed, "language")
    items = [item for item in feed["items"] if isinstance(item, dict)]
    return Listing(
        title=_text(feed, "title"),
        url=_url(feed, base, "home_page_url", "feed_url"),
        language=language,
        entries=tuple(_entry(item, base, general) for item in items),
        following=_url(feed, base, "next_url"),
    )


def _entry(item: Mapping[str, Any], base: str, general_authors: tuple[str, ...]) -> Entry:
    tags = item.get("tags")
    return Entry(
        url=_url(item, base, "url", "external_url") or (_url(item, base, "id") if urls.is_http(str(item.get("id"))) else None),
        id=_text(item, "id"),
        title=_text(item, "title"),
        published=listed_date(_text(item, "date_published")),
        updated=listed_date(_text(item, "date_modified")),
        authors=_authors(item) or general_authors,
        language=_text(item, "language"),
        keywords=tuple(dict.fromkeys(tag.strip() for tag in tags if isinstance(tag, str) and tag.strip()))
        if isinstance(tags, list)
        else (),
    )


def _url(item: Mapping[str, Any], base: str, *names: str) -> str | None:
    for name in names:
        written = _text(item, name)
        found = urls.join(base, written) if written else None
        if found and urls.is_http(found):
            return found
    return None


def _authors(item: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_author_names(item.get("authors"), item.get("author"))))


def _author_names(*given: object) -> Iterator[str]:
    """Give the names in `authors` and in version 1's `author`, each of which comes as a list, an object or a plain name."""
    for value in given:
        for author in value if isinstance(value, list) else [value]:
            name = _text(author, "name") if isinstance(author, dict) else author
            if isinstance(name, str) and name.strip():
                yield name.strip()


def _text(item: Mapping[str, Any], name: str) -> str | None:
    value = item.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)  # an id may be a number
    return value.strip() or None if isinstance(value, str) else None
