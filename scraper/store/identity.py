"""Which stored article does a page tell? The ladder: its address, then the canonical address it names, the source's number, its text.

    url        an address under which the story was seen before, in any of its spellings (`urls.canonical_url`)
    canonical  the address the page calls its own, if that can be believed
    article_id the number in its address, where the source's entry in sources.yaml says how to find it
    text       the same words, whatever the address
    new        none of these

A wrong canonical link is common: every page of a site pointing to the home page, to a section, or to one fixed story. So it has to stand
on the same site, must not be the home page, and joins two pages only if their stories resemble each other. A number joins them if
they have anything in common at all, since a story may be rewritten under it, and its newest address speaks for it. For the same reason an
address that was once recognised by its text or canonical link is looked at again on each visit: what was taken for a copy because both
pages showed the same consent text must not swallow the story that appears there later.
"""

import re
import sqlite3
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from scraper.fingerprints import text_hash
from scraper.records import Link, Page
from scraper.store.connection import Connection
from scraper.store.prepared import Prepared
from scraper.store.rows import MatchedBy
from scraper.urls import canonical_url, host, is_http

__all__ = ["Address", "Match", "address_of", "match", "own_address"]

# Chinese and Japanese have no spaces between words, which are mostly two characters long.
_LONGER_WORD: Final = re.compile(r"[^\W\d_\u3040-\u30ff\u3400-\u9fff]{4,}|[\u3040-\u30ff\u3400-\u9fff]{2}")
SHARED_PARAGRAPHS: Final = 0.5  # a copy cut short or with a paragraph of its own keeps more; two stories of one site share a footer at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """How a page is known: the key of its final address, that of the canonical link it may be believed about, the source's own number."""

    key: str
    canonical: str | None
    source_id: str = ""
    number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The article a page tells, by which step, and whether the page speaks for it (`owner`) or is another address of it."""

    article_id: int | None
    by: MatchedBy
    owner: bool


NEW: Final = Match(article_id=None, by="new", owner=True)


def address_of(page: Page, told: Prepared, link: Link) -> Address:
    """Give the keys under which a page may be known."""
    key = canonical_url(page.url)
    return Address(
        key=key,
        canonical=_believable(key, told.canonical_url),
        source_id=link.source_id,
        number=link.source_article_id,
    )


def match(store: Connection, address: Address, told: Prepared) -> Match:
    """Find the article that this page tells, or NEW."""
    return (
        _by_url(store, address, told)
        or _by_canonical(store, address, told)
        or _by_number(store, address, told)
        or _by_text(store, told)
        or NEW
    )


def own_address(store: Connection, article_id: int) -> str | None:
    """Give the key of the address at which an article was first found."""
    value = store.value("SELECT normal_url FROM article_urls WHERE article_id = ? AND matched_by = 'new' ORDER BY rowid", (article_id,))
    return None if value is None else str(value)


def _by_url(store: Connection, address: Address, told: Prepared) -> Match | None:
    """Look for the address itself. Its owner is the canonical address once that was seen, before that the one the story was found at.

    An address that was joined by the source's own number speaks for the story as well.
    """
    found = store.row(
        "SELECT articles.id, headline, body, published_day,"
        " max(CASE WHEN canonical_url = normal_url OR matched_by = 'article_id' THEN 2 ELSE matched_by = 'new' END)"
        " > EXISTS (SELECT 1 FROM article_urls AS own WHERE own.article_id = articles.id AND own.normal_url = canonical_url) AS owner"
        " FROM article_urls JOIN articles ON articles.id = article_id WHERE normal_url = ? GROUP BY articles.id ORDER BY owner DESC",
        (address.key,),
    )
    if found is None or not (found["owner"] or _resembles(found, told)):
        return None
    return Match(article_id=found["id"], by="url", owner=bool(found["owner"]))


def _by_canonical(store: Connection, address: Address, told: Prepared) -> Match | None:
    found = store.rows(
        "SELECT id, headline, body, published_day, canonical_url FROM articles WHERE canonical_url IN (?, ?)",
        (address.key, address.canonical),
    )
    alike = [row for row in found if _resembles(row, told)]
    owned = next((row for row in alike if row["canonical_url"] == address.key), None)
    best = owned or next(iter(alike), None)
    return Match(article_id=best["id"], by="canonical", owner=owned is not None) if best else None


def _by_number(store: Connection, address: Address, told: Prepared) -> Match | None:
    """Look for the source's number. A pattern that finds a section's number must not join its stories: they share nothing."""
    if address.number is None:
        return None
    found = store.rows(
        "SELECT id, headline, body, published_day FROM articles WHERE source_id = ? AND source_article_id = ?",
        (address.source_id, address.number),
    )
    kin = next((row for row in found if _resembles(row, told) or _has_common_ground(row, told)), None)
    return Match(article_id=kin["id"], by="article_id", owner=True) if kin else None


def _has_common_ground(stored: sqlite3.Row, told: Prepared) -> bool:
    """Tell whether a page may be a story rewritten: a paragraph of it stands, or half the longer words of its headline."""
    if _paragraphs(stored["body"]) & _paragraphs(told.text("body")):
        return True
    first, second = (frozenset(_LONGER_WORD.findall((text or "").casefold())) for text in (stored["headline"], told.text("headline")))
    return bool(first and second) and len(first & second) * 2 >= min(len(first), len(second))


def _by_text(store: Connection, told: Prepared) -> Match | None:
    fingerprint = told.text("text_hash")
    found = store.value("SELECT id FROM articles WHERE text_hash = ?", (fingerprint,)) if fingerprint else None
    return Match(article_id=found, by="text", owner=False) if found is not None else None


def _believable(own: str, canonical: str | None) -> str | None:
    """Give the key of a canonical link, if it is another than the page's own, stands on its site and is not that site's home page."""
    if canonical is None or (key := canonical_url(canonical)) == own or not is_http(canonical):
        return None
    parts = urlsplit(key)
    is_home = parts.path in {"", "/"} and not parts.query
    return key if not is_home and _same_site(host(own), host(key)) else None


def _same_site(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return False
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _resembles(stored: sqlite3.Row, told: Prepared) -> bool:
    """Tell whether a page may be another view of a stored story: half of the paragraphs, or the headline and any of them."""
    first, second = _paragraphs(stored["body"]), _paragraphs(told.text("body"))
    shared, shortest = len(first & second), min(len(first), len(second))
    if shared and shared >= shortest * SHARED_PARAGRAPHS:
        return True
    return (shared > 0 or shortest <= 1) and _same_headline(stored, told)


def _same_headline(stored: sqlite3.Row, told: Prepared) -> bool:
    headline, day = told.text("headline"), told.text("published_day")
    if not stored["headline"] or not headline or text_hash(stored["headline"]) != text_hash(headline):
        return False
    return not day or stored["published_day"] in {day, None}


def _paragraphs(body: str | None) -> frozenset[str]:
    return frozenset(" ".join(paragraph.split()) for paragraph in (body or "").split("\n\n") if paragraph.strip())
