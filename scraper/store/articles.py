"""What becomes of one extracted page? A new story, a change to a stored one, one more address of it, or a page kept apart with its reason.

`prepared` says what of it can be made ready beforehand, `identity` which story a page tells, `article_rows` how it is written, `copies`
what it is a copy of, `versions` what it said before; this module decides. It runs inside the caller's transaction.
"""

import json
import sqlite3
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from scraper.changes import Change, Telling, change_between, owns_up
from scraper.records import STORIES
from scraper.store.article_rows import Visit, add_details, replace_details, same_tags
from scraper.store.connection import Connection
from scraper.store.copies import place
from scraper.store.identity import Address, Match, address_of, match, own_address
from scraper.store.own_rules import MovedByRules, moved_by_rules
from scraper.store.prepared import Prepared
from scraper.store.rows import Outcome, Saved
from scraper.store.scripts import forget_unspaced, index_scripts
from scraper.store.versions import keep, telling
from scraper.urls import canonical_url

__all__ = ["DERIVED", "News", "bring_up", "news_of", "save"]

TEXT: Final = frozenset({"headline", "standfirst", "body"})  # what a reader reads
UNMOVED: Final = frozenset({"details", "chrome"})  # the story says what it said: content_changed_at stays
FIELD_OF: Final = {"agencies": "authors", "published_utc": "published", "published_day": "published", "published_precision": "published"}
DROPPED_CHARS: Final = 300  # so much is kept of a block that was left out
DERIVED: Final = frozenset({"confidence", "word_count", "text_hash", "extractor_version"})  # a change of these alone is none of the story's


class News(NamedTuple):
    """In what a page differs from its stored story: the columns, the kind of change, whether that makes a version, and the tags."""

    stored: sqlite3.Row
    changed: frozenset[str]
    change: Change
    says_else: bool
    other_tags: bool


def save(store: Connection, visit: Visit, is_chrome: Callable[[str], bool]) -> Saved:
    """Store a page as a story or among the rejects. `is_chrome` knows a paragraph that the site writes around its stories."""
    address = address_of(visit.page, visit.told, visit.link)
    if visit.told.verdict not in STORIES:
        return _reject(store, visit, address)
    found = match(store, address, visit.told)
    article_id = found.article_id or _insert(store, visit, address)
    more_urls = _add_urls(store, visit, address, found, article_id)
    changed = found.article_id is not None and _seen_again(store, visit, address, found, is_chrome)
    store.run("DELETE FROM rejects WHERE normal_url IN (?, ?)", (address.key, canonical_url(visit.link.url)))
    return Saved(outcome=_outcome(found, changed=changed, more_urls=more_urls), article_id=article_id, matched_by=found.by)


def _outcome(found: Match, *, changed: bool, more_urls: bool) -> Outcome:
    if found.by == "new":
        return "new"
    if changed:
        return "updated"
    return "duplicate" if more_urls or not found.owner else "unchanged"


def _insert(store: Connection, visit: Visit, address: Address) -> int:
    store.settle()  # or the number would be that of a story that waits
    key = _free_key(store, address)
    origin = {"source_id": visit.source_id, "run_id": visit.run_id, "url": visit.page.url, "canonical_url": key}
    origin["source_article_id"] = address.number
    seen = dict.fromkeys(("first_seen_at", "last_seen_at", "content_changed_at"), visit.at)
    article_id = store.insert("articles", {**visit.told.values, **origin, **seen})
    index_scripts(store, article_id, visit.told.values, visit.told.wording)
    add_details(store, article_id, visit.told)
    place(store, article_id, visit.told.marks, fingerprint=visit.told.values["text_hash"])
    store.waiting.add_story()
    return article_id


def _seen_again(store: Connection, visit: Visit, address: Address, found: Match, is_chrome: Callable[[str], bool]) -> bool:
    """Note that a story was seen again, and bring it up to what its own page says; True when that has changed."""
    store.settle()
    article_id = found.article_id or 0
    changed = found.owner and _update(store, visit, article_id, is_chrome)
    store.run(
        "UPDATE articles SET last_seen_at = max(last_seen_at, ?), source_article_id = coalesce(source_article_id, ?) WHERE id = ?",
        (visit.at, address.number, article_id),
    )
    return changed


def _update(store: Connection, visit: Visit, article_id: int, is_chrome: Callable[[str], bool]) -> bool:
    """Bring a story up to what its page says now, and keep what it said; True when it says something else."""
    news = news_of(store, visit, article_id, is_chrome)
    if news is None:
        return False
    bring_up(store, visit, news)
    return news.says_else or news.other_tags


def news_of(store: Connection, visit: Visit, article_id: int, is_chrome: Callable[[str], bool]) -> News | None:
    """Say in what a page differs from the story that is stored; None if in nothing.

    Where only our reading has changed, by what other pages have taught or the source's rules have been told meanwhile, that is no change
    of the story's, unless it is the reading that is asked about.
    """
    stored = store.row("SELECT * FROM articles WHERE id = ?", (article_id,))
    told = visit.told
    changed = {name for name, value in told.values.items() if stored is not None and stored[name] != value}
    other_tags = not same_tags(store, article_id, told)
    if stored is None or not (changed - DERIVED or other_tags):
        return None
    moved = frozenset[str]() if visit.read_at else _moved_by_template(stored, told)
    ruled = MovedByRules() if visit.read_at else moved_by_rules(store, stored, told)
    before = ruled.taken_off(telling(stored), told)
    change = _change(before, told, lambda paragraph: paragraph[:DROPPED_CHARS] in moved or is_chrome(paragraph), changed)
    reread = not visit.read_at and change.kinds == ("details",) and _is_reread(store, article_id, told, changed - DERIVED, ruled.fields)
    return News(stored, frozenset(changed), change, change.kinds not in {(), ("chrome",)} and not reread, other_tags)


def bring_up(store: Connection, visit: Visit, news: News) -> None:
    """Write what a page says of its story now, and keep what the story said if that was something else."""
    stored, told, values = news.stored, visit.told, dict(visit.told.values)
    article_id = stored["id"]
    if "text_hash" in news.changed and store.row("SELECT 1 FROM articles WHERE text_hash = ?", (values["text_hash"],)):
        values["text_hash"] = None  # two stories that came to say the same: both stay, and the first keeps the fingerprint
    if not UNMOVED.issuperset(news.change.kinds):
        values["content_changed_at"] = visit.noted_at
    if news.says_else:
        keep(store, stored, news.change, at=visit.noted_at, run_id=visit.run_id, cause="reextraction" if visit.read_at else "revisit")
    store.update("articles", article_id, values)
    forget_unspaced(store, article_id, dict(stored))
    index_scripts(store, article_id, values, told.wording)
    replace_details(store, article_id, told)
    if "body" in news.changed:
        place(store, article_id, told.marks, fingerprint=values["text_hash"], before=stored["body"])


def _is_reread(store: Connection, article_id: int, told: Prepared, changed: AbstractSet[str], ruled: AbstractSet[str]) -> bool:
    """Tell whether the columns that differ were read by the site's template, then or now, or by rules at one of the two times."""
    before = store.rows("SELECT field, signal FROM evidence WHERE article_id = ?", (article_id,))
    signals = [*((row["field"], row["signal"]) for row in before), *((field, signal) for field, signal, *_ in told.evidence)]
    by_template = {field for field, signal in signals if signal.startswith("template:")}
    return {FIELD_OF.get(column, column) for column in changed} <= by_template | ruled


def _change(before: Telling, told: Prepared, is_no_change: Callable[[str], bool], changed: AbstractSet[str]) -> Change:
    """Say what has changed. What our reading alone has taken out of the story, or into it, is as little of its own as the site's chrome."""
    after = Telling(headline=told.text("headline"), standfirst=told.text("standfirst"), body=told.text("body"))
    return change_between(before, after, details=bool(changed - DERIVED - TEXT), is_chrome=is_no_change)


def _moved_by_template(stored: sqlite3.Row, told: Prepared) -> AbstractSet[str]:
    """Give the beginnings of the texts that are on the page and were left out this time, or stand in the story by the template's word.

    The latter may be the page's news all the same: it says that it was modified, or owns up to a mistake.
    """
    added: list[dict[str, str]] = next((json.loads(losers) for field, _, _, losers in told.evidence if field == "added"), [])
    modified = told.values["modified"] != stored["modified"]
    return {*told.dropped, *(one["value"] for one in added if not modified and not owns_up(one["value"]))}


def _add_urls(store: Connection, visit: Visit, address: Address, found: Match, article_id: int) -> bool:
    """Note the addresses the page was asked for and found at; True when one of them is new.

    The final address goes with the story it shows now. The one asked for keeps the story it stood for before, if there is one: a site may
    send the address of an old story to a new one.
    """
    insert = (
        "INSERT INTO article_urls (article_id, source_id, first_seen_at, url, normal_url, matched_by) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (url) DO"
    )
    row = (article_id, visit.source_id, visit.at)
    moved = " UPDATE SET article_id = excluded.article_id, matched_by = excluded.matched_by WHERE article_id <> excluded.article_id"
    added = store.run(insert + moved, (*row, visit.page.url, address.key, found.by)).rowcount
    store.run(
        "UPDATE article_urls SET article_id = ?, matched_by = 'url' WHERE normal_url = ? AND article_id <> ?",
        (article_id, address.key, article_id),
    )
    for url in sorted({visit.page.requested_url, visit.link.url} - {visit.page.url}):
        added += store.run(f"{insert} NOTHING", (*row, url, canonical_url(url), "url")).rowcount
    return added > 0


def _free_key(store: Connection, address: Address) -> str:
    """Give the canonical key of a new story: what it calls its own address, if no other story has that, else its address.

    Where another story sits on this very address, by a canonical link that was wrong, that story moves back to its own.
    """
    if address.canonical is not None and _holder(store, address.canonical) is None:
        return address.canonical
    squatter = _holder(store, address.key)
    if squatter is not None:
        own = own_address(store, squatter)
        free = own if own is not None and _holder(store, own) is None else f"{address.key}#{squatter}"
        store.update("articles", squatter, {"canonical_url": free})
    return address.key


def _holder(store: Connection, key: str) -> int | None:
    found = store.value("SELECT id FROM articles WHERE canonical_url = ?", (key,))
    return None if found is None else int(found)


def _reject(store: Connection, visit: Visit, address: Address) -> Saved:
    """Keep a page that is no story, unless its address has told one before: that story stays, whatever stands there today."""
    asked = canonical_url(visit.link.url)
    story = store.value("SELECT article_id FROM article_urls WHERE normal_url IN (?, ?)", (asked, address.key))
    if story is None:
        store.run(
            "INSERT INTO rejects (normal_url, url, final_url, source_id, verdict, reason, headline, text_length, run_id,"
            " first_seen_at, last_seen_at) VALUES (:normal_url, :url, :final_url, :source_id, :verdict, :reason, :headline,"
            " :text_length, :run_id, :at, :at) ON CONFLICT (normal_url) DO UPDATE SET final_url = excluded.final_url,"
            " verdict = excluded.verdict, reason = excluded.reason, headline = excluded.headline, text_length = excluded.text_length,"
            " run_id = excluded.run_id, last_seen_at = max(last_seen_at, excluded.last_seen_at), times_seen = times_seen + 1",
            _reject_row(visit) | {"normal_url": asked},
        )
    return Saved(outcome="rejected", article_id=story)


def _reject_row(visit: Visit) -> dict[str, object]:
    return {
        "url": visit.link.url,
        "final_url": visit.page.url,
        "source_id": visit.source_id,
        "verdict": visit.told.verdict,
        "reason": visit.told.reason,
        "headline": visit.told.text("headline"),
        "text_length": len(visit.told.text("body") or ""),
        "run_id": visit.run_id,
        "at": visit.at,
    }
