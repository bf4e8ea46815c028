"""Which pages are still to be fetched, and when? The rows of `links` and `validators`: what listings announced and what became of it.

The frontier stands in the database, so it survives Ctrl-C, a crash and a reboot: a link is written down in the transaction that stores the
validators of its listing, and leaves the state `pending` only in the transaction that stores its page or gives it up.
"""

import json
import re
import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from scraper.errors import FetchError, ScraperError
from scraper.records import Link, Validators
from scraper.store.connection import Connection, storable
from scraper.store.rows import utc_text
from scraper.urls import canonical_url

__all__ = [
    "add_links",
    "due_links",
    "finish_later",
    "finish_link",
    "forget_page_validators",
    "keep_validators",
    "keep_validators_later",
    "kept_validators",
    "known_link",
    "link_of",
    "postpone_link",
]

# Pauses of 15 minutes, 45, 2¼ hours, 6¾, 20, then a day each: ten attempts take six days. Then the story is old, and the link is given up.
FIRST_PAUSE: Final = timedelta(minutes=15)
PAUSE_GROWTH: Final = 3
LONGEST_PAUSE: Final = timedelta(days=1)
LONGEST_WISH: Final = timedelta(days=7)  # of a server's Retry-After, which is kept even where it is longer than our own pause
MOST_ATTEMPTS: Final = 10

_SHARED: Final = re.compile(r"[^\W\d_]{4,}")
_FINISH: Final = (
    "UPDATE links SET state = 'done', attempts = attempts + 1, next_attempt_at = NULL, last_attempt_at = ?, last_outcome = 'ok',"
    " last_message = NULL, source_article_id = coalesce(?, source_article_id) WHERE "
)
_ADD: Final = (
    "INSERT INTO links (url, canonical_url, source_id, kind, found_in, source_article_id, title, published, published_utc, authors,"
    " keywords, language, first_seen_at, run_id, state, attempts, last_attempt_at, last_outcome)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)
_KEEP: Final = "INSERT OR REPLACE INTO validators (url, source_id, etag, last_modified, updated_at) VALUES (?, ?, ?, ?, ?)"
_FORGET: Final = "DELETE FROM validators WHERE url = ?"
_FIND: Final = "SELECT id, state, attempts, title, published FROM links WHERE canonical_url = ? OR url = ?"


def add_links(store: Connection, run_id: int, links: Sequence[Link], at: datetime) -> int:
    """Write down what a listing announced and give how many links are new. Of a known one, title and date are brought up to date."""
    return sum(_add_link(store, run_id, link, at) for link in links)


def due_links(store: Connection, source_id: str, now: datetime, limit: int) -> tuple[Link, ...]:
    """Give the links to fetch next: the newest first, those without a date last, each in the order in which they were found.

    No attempt is put off for more than a week: one that seems to be was planned by a clock that has been set right since, and is due.
    """
    found = store.rows(
        "SELECT * FROM links WHERE source_id = ? AND state = 'pending'"
        " AND (next_attempt_at IS NULL OR next_attempt_at <= ? OR next_attempt_at > ?) ORDER BY published_utc DESC, id LIMIT ?",
        (source_id, utc_text(now), utc_text(now + LONGEST_WISH), limit),
    )
    return tuple(link_of(row) for row in found)


def known_link(store: Connection, url: str) -> Link | None:
    """Give the link that announced this address, in whatever spelling."""
    row = store.row("SELECT * FROM links WHERE canonical_url = ? OR url = ?", (canonical_url(url), url))
    return link_of(row) if row else None


def finish_link(store: Connection, run_id: int, link: Link, at: datetime) -> None:
    """Take a link off the frontier, since its page is stored. One that nobody announced is written down as done."""
    if not _finish(store, link, at) and not _add_link(store, run_id, link, at, is_done=True):
        _finish(store, link, at)


def finish_later(store: Connection, run_id: int, link: Link, at: datetime, link_id: int | None) -> None:
    """Take a link off the frontier at the end of the transaction. `link_id` is its row; None if nobody announced it."""
    if link_id is not None:
        store.later(f"{_FINISH}id = ?", [(utc_text(at), link.source_article_id, link_id)])
    elif not _known_by_number(store, link):
        store.later(_ADD, [_link_row(link, run_id, at, is_done=True)])


def postpone_link(store: Connection, url: str, error: ScraperError, at: datetime) -> bool:
    """Plan the next attempt at a link that failed, or give it up; False when the URL is no link.

    A link that is `done` stays so: a later visit that fails takes nothing away.
    """
    link = store.row(_FIND, (canonical_url(url), url))
    if link is None:
        return False
    attempts = link["attempts"] + (error.code != "host_resting")  # which asks nobody, so it uses nothing up
    again = error.retryable and attempts < MOST_ATTEMPTS
    state = "done" if link["state"] == "done" else "pending" if again else "failed"
    store.run(
        "UPDATE links SET state = ?, attempts = ?, next_attempt_at = ?, last_attempt_at = ?, last_outcome = ?, last_message = ?"
        " WHERE id = ?",
        (state, attempts, _next_attempt(error, attempts, at) if again else None, utc_text(at), error.code, error.message, link["id"]),
    )
    return True


def keep_validators(store: Connection, source_id: str, url: str, validators: Validators, at: datetime) -> None:
    """Remember what the next request for this listing or page can be made conditional with; forget it when the server gave nothing."""
    if validators == Validators():
        store.run(_FORGET, (url,))
        return
    store.run(_KEEP, (url, source_id, validators.etag, validators.last_modified, utc_text(at)))


def keep_validators_later(store: Connection, source_id: str, url: str, validators: Validators, at: datetime, *, had_any: bool) -> None:
    """Do so at the end of the transaction. `had_any`: something was remembered until now."""
    if validators != Validators():
        store.later(_KEEP, [(url, source_id, validators.etag, validators.last_modified, utc_text(at))])
    elif had_any:
        store.later(_FORGET, [(url,)])


def kept_validators(store: Connection, url: str) -> Validators | None:
    """Give what was remembered for this URL."""
    row = store.row("SELECT etag, last_modified FROM validators WHERE url = ?", (url,))
    return Validators(etag=row["etag"], last_modified=row["last_modified"]) if row else None


def forget_page_validators(store: Connection, before: datetime) -> None:
    """Let go of the validators of pages that were last kept before this moment: nobody looks at them again. Those of listings stay."""
    store.run("DELETE FROM validators WHERE updated_at < ? AND url IN (SELECT url FROM links)", (utc_text(before),))


def _finish(store: Connection, link: Link, at: datetime) -> bool:
    known = store.run(f"{_FINISH}canonical_url = ? OR url = ?", (utc_text(at), link.source_article_id, canonical_url(link.url), link.url))
    return known.rowcount > 0


def _add_link(store: Connection, run_id: int, link: Link, at: datetime, *, is_done: bool = False) -> bool:
    """Add a link, or note what its listing says of it now; True when it is new. `is_done` is a link whose page is stored already."""
    if _known_by_number(store, link):
        return False
    if store.run(_ADD, _link_row(link, run_id, at, is_done=is_done)).rowcount > 0:
        return True
    known = store.row(_FIND, (canonical_url(link.url), link.url))
    values = {"title": link.title, "published": link.published.isoformat() if link.published else None}
    said = {name: value for name, value in (values | {"published_utc": utc_text(link.published)}).items() if value is not None}
    if known is not None and any(known[name] != storable(said.get(name, known[name])) for name in ("title", "published")):
        store.update("links", known["id"], said)
    return False


def _known_by_number(store: Connection, link: Link) -> bool:
    """Tell whether a link is another address of a story that was announced before, by the source's own number for it.

    A pattern that finds the section's number in place of the story's would hide every story but one; so the two titles have to have a
    word in common, where both are given. One that was missed is fetched, and recognised by its text.
    """
    if link.source_article_id is None:
        return False
    known = store.rows(
        "SELECT title FROM links WHERE source_id = ? AND source_article_id = ? AND canonical_url <> ? AND state <> 'failed' LIMIT 20",
        (link.source_id, link.source_article_id, canonical_url(link.url)),
    )
    return any(_share_a_word(row["title"], link.title) for row in known)


def _share_a_word(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return True
    return not {word.casefold() for word in _SHARED.findall(one)}.isdisjoint(word.casefold() for word in _SHARED.findall(other))


def _link_row(link: Link, run_id: int, at: datetime, *, is_done: bool) -> tuple[object, ...]:
    seen = utc_text(at)
    state = ("done", 1, seen, "ok") if is_done else ("pending", 0, None, None)
    return (
        link.url, canonical_url(link.url), link.source_id, link.kind, link.found_in, link.source_article_id, link.title,
        link.published.isoformat() if link.published else None, utc_text(link.published), json.dumps(link.authors, ensure_ascii=False),
        json.dumps(link.keywords, ensure_ascii=False), link.language, seen, run_id, *state,
    )  # fmt: skip


def link_of(row: sqlite3.Row) -> Link:
    """Give the link that a row of `links` holds."""
    return Link(
        url=row["url"],
        source_id=row["source_id"],
        kind=row["kind"],
        found_in=row["found_in"],
        source_article_id=row["source_article_id"],
        title=row["title"],
        published=datetime.fromisoformat(row["published"]) if row["published"] else None,
        authors=tuple(json.loads(row["authors"])),
        language=row["language"],
        keywords=tuple(json.loads(row["keywords"])),
    )


def _pause(attempts: int) -> timedelta:
    """Give how long to wait after so many failed attempts."""
    growing: timedelta = FIRST_PAUSE * PAUSE_GROWTH ** (attempts - 1)
    return min(growing, LONGEST_PAUSE)


def _next_attempt(error: ScraperError, attempts: int, at: datetime) -> str | None:
    pause = _pause(attempts)
    if isinstance(error, FetchError) and error.retry_after_s:
        pause = max(pause, min(timedelta(seconds=error.retry_after_s), LONGEST_WISH))
    return utc_text(at + pause)
