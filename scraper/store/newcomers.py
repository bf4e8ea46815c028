"""Is a page heard of for the first time? Then all its rows may wait for the end of the transaction, the story's own among them.

One question to the database takes the place of a dozen: whether any row is about the page's addresses, its text or its number. What
waits in the same transaction is asked first: a page that shares a key with one that waits has that written before anything is decided.
`articles` decides about all other pages, `waiting` writes.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from scraper.records import STORIES
from scraper.store.article_rows import Visit, add_details
from scraper.store.connection import Connection, storable
from scraper.store.copies import placed
from scraper.store.frontier import finish_later, keep_validators_later
from scraper.store.identity import Address, address_of
from scraper.store.scripts import index_scripts
from scraper.store.waiting import ADDRESSES, Newcomer
from scraper.urls import canonical_url

__all__ = ["add"]

# Of the page's addresses and its text. Where all its addresses are one, as those of most pages are, nothing has to be looked for in a list.
_KNOWN: Final = (
    "SELECT EXISTS (SELECT 1 FROM article_urls WHERE normal_url {keys}) OR EXISTS (SELECT 1 FROM articles WHERE canonical_url {own})"
    " OR EXISTS (SELECT 1 FROM articles WHERE text_hash = ?1) OR EXISTS (SELECT 1 FROM article_urls WHERE url {urls})"
    " OR EXISTS (SELECT 1 FROM rejects WHERE normal_url {keys}),"
    " coalesce((SELECT id FROM links WHERE url = ?2), (SELECT id FROM links WHERE canonical_url = ?3)),"
    " EXISTS (SELECT 1 FROM validators WHERE url = ?2)"
)
_OF_ONE: Final = _KNOWN.format(keys="= ?3", own="= ?3", urls="= ?2")
_OF_SEVERAL: Final = _KNOWN.format(keys="IN (?3, ?4, ?5)", own="IN (?4, ?6)", urls="IN (?2, ?7, ?8)")
_NUMBERED: Final = "SELECT 1 FROM articles WHERE source_id = ? AND source_article_id = ?"


class _Known(NamedTuple):
    """What the database has about a page: whether anything of a story or a reject, the link that announced it, validators."""

    is_heard_of: bool
    link_id: int | None
    has_validators: bool


def add(store: Connection, visit: Visit) -> int | None:
    """Let a story that nobody has heard of wait, with all its rows, and give the number it will have; None for any other page.

    What shares a key with the page is in the database then, and can be asked for there.
    """
    address = address_of(visit.page, visit.told, visit.link)
    keys = _keys(visit, address)
    if store.waiting.meets(keys):
        store.settle()
    if visit.told.verdict not in STORIES:
        return None
    known = _known(store, visit, address)
    return None if known.is_heard_of else _add(store, visit, address, known, keys)


def _keys(visit: Visit, address: Address) -> frozenset[str]:
    """Give everything by which a page may be recognised: what two pages have to have nothing of in common to be written together."""
    page, link = visit.page, visit.link
    found = {address.key, canonical_url(page.requested_url), canonical_url(link.url), page.url, page.requested_url, link.url}
    found.update(filter(None, (address.canonical, visit.told.text("text_hash"))))
    if address.number is not None:
        found.add(f"{address.source_id} {address.number}")
    return frozenset(found)


def _known(store: Connection, visit: Visit, address: Address) -> _Known:
    page, link, key, text = visit.page, visit.link, address.key, visit.told.text("text_hash")
    if page.url == page.requested_url == link.url and address.canonical in {None, key}:
        found = store.ask(_OF_ONE, (text, link.url, key))[0]
    else:
        asked, requested = canonical_url(link.url), canonical_url(page.requested_url)
        found = store.ask(_OF_SEVERAL, (text, link.url, asked, key, requested, address.canonical, page.url, page.requested_url))[0]
    known = _Known(*found)
    if not known.is_heard_of and address.number is not None and store.row(_NUMBERED, (address.source_id, address.number)):
        return known._replace(is_heard_of=True)
    return known


def _add(store: Connection, visit: Visit, address: Address, known: _Known, keys: Iterable[str]) -> int:
    told, waiting = visit.told, store.waiting
    article_id = waiting.next_number(store)
    original_id, likeness = placed(store, article_id, told.marks, fingerprint=told.values["text_hash"])
    own = (visit.source_id, visit.run_id, storable(visit.page.url), address.canonical or address.key, address.number)
    row = (article_id, *told.values.values(), *own, visit.at, visit.at, visit.at, original_id, likeness)
    waiting.add_newcomer(_insert(tuple(told.values)), Newcomer(row, original_id, told.text("text_hash"), told.text("body")), keys)
    store.later(ADDRESSES, _addresses(visit, address, article_id))
    index_scripts(store, article_id, told.values, told.wording)
    add_details(store, article_id, told)
    finish_later(store, visit.run_id, visit.link, visit.page.fetched_at, known.link_id)
    keep_validators_later(store, visit.source_id, visit.link.url, visit.validators, visit.page.fetched_at, had_any=known.has_validators)
    return article_id


def _addresses(visit: Visit, address: Address, article_id: int) -> list[tuple[object, ...]]:
    """Give the addresses the page was found at and asked for, as `articles` writes them of other pages."""
    page = visit.page
    found = [(page.url, article_id, address.key, visit.source_id, "new", visit.at)]
    others = {page.requested_url, visit.link.url} - {page.url}
    return [*found, *((url, article_id, canonical_url(url), visit.source_id, "url", visit.at) for url in sorted(others))]


@lru_cache(maxsize=4)  # there is one set of columns
def _insert(columns: tuple[str, ...]) -> str:
    names = (
        "id", *columns, "source_id", "run_id", "url", "canonical_url", "source_article_id", "first_seen_at", "last_seen_at",
        "content_changed_at", "original_id", "likeness",
    )  # fmt: skip
    return f"INSERT INTO articles ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608 - names of our own
