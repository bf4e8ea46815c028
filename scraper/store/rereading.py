"""What comes of a page that was read again? Its story says something else, or comes to light, or nothing; each told as a difference.

A story follows what is read in its own page, and what it said before stays as a version. One that today's extractor takes for none stays as
it was: nothing that was collected is taken away by a change of program.
"""

from collections.abc import Callable
from typing import Final, Literal, NamedTuple

from scraper.changes import ChangeKind, FieldChange, field_changes, paragraphs_moved
from scraper.records import STORIES
from scraper.store.archive import note_read
from scraper.store.article_rows import Visit
from scraper.store.articles import DERIVED, News, bring_up, news_of, save
from scraper.store.connection import Connection
from scraper.store.identity import address_of, match
from scraper.urls import canonical_url

__all__ = ["Difference", "Outcome", "difference", "reread"]

Outcome = Literal["unchanged", "changed", "chrome", "new", "no_story", "rejected", "reason", "elsewhere"]
FOLLOW: Final = frozenset({"published_utc", "published_day", "published_precision"})  # from `published`, which is shown


class Difference(NamedTuple):
    """What reading a page again has brought.

    `changed`: its story says something else. `chrome`: only what the site writes around its stories came or went. `new`: a page that was
    rejected tells a story. `no_story`: a stored story's page reads as none, and the story stays. `reason`: rejected, for another reason
    than before; `rejected`: as before. `elsewhere`: the page is another address of a story, which follows its own.
    """

    url: str
    outcome: Outcome
    source_id: str
    article_id: int | None = None
    headline: str | None = None
    verdict: str | None = None
    kinds: tuple[ChangeKind, ...] = ()
    words_added: int = 0
    words_removed: int = 0
    fields: tuple[FieldChange, ...] = ()
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()

    @property
    def is_any(self) -> bool:
        """Tell whether anything reads otherwise."""
        return bool(self.fields or self.gained or self.lost)


def difference(store: Connection, visit: Visit, is_chrome: Callable[[str], bool]) -> Difference:
    """Say what a page that was read again would bring."""
    return _found(store, visit, is_chrome)[0]


def reread(store: Connection, visit: Visit, is_chrome: Callable[[str], bool]) -> Difference:
    """Store what a page that was read again brings: a version, a story, a reason; and by which extractor it was read."""
    store.settle()
    found, news = _found(store, visit, is_chrome)
    version, article_id = visit.told.text("extractor_version"), found.article_id
    if news is not None:
        bring_up(store, visit, news)
    elif found.outcome == "new":
        article_id = save(store, visit, is_chrome).article_id
    elif found.outcome == "unchanged":
        store.run("UPDATE articles SET extractor_version = ? WHERE id = ? AND extractor_version <> ?", (version, article_id, version))
    elif found.outcome == "reason":
        store.run(
            "UPDATE rejects SET verdict = ?, reason = ?, headline = ?, text_length = ? WHERE normal_url = ?",
            (found.verdict, visit.told.reason, found.headline, len(visit.told.text("body") or ""), canonical_url(visit.link.url)),
        )
    note_read(store, visit.page.kept, version, article_id if found.outcome == "new" else None)
    return found._replace(article_id=article_id)


def _found(store: Connection, visit: Visit, is_chrome: Callable[[str], bool]) -> tuple[Difference, News | None]:
    """Tell what a page brings, and, where that is a change of its story, what is to be written."""
    told, address = visit.told, address_of(visit.page, visit.told, visit.link)
    if told.verdict not in STORIES:
        return _no_story(store, visit, address.key), None
    found = match(store, address, told)
    if found.article_id is None:
        return _difference(visit, "new"), None
    if not found.owner:
        return _difference(visit, "elsewhere", article_id=found.article_id), None
    news = news_of(store, visit, found.article_id, is_chrome)
    if news is None:
        return _difference(visit, "unchanged", article_id=found.article_id), None
    gained, lost = paragraphs_moved(news.stored["body"], visit.told.text("body"))
    if news.change.kinds == ("chrome",) and gained and not lost:  # it was taken out of the story on the word of other pages
        return _difference(visit, "unchanged", article_id=found.article_id), None
    outcome: Outcome = "changed" if news.says_else or news.other_tags else "chrome"
    whole = _difference(visit, outcome, article_id=found.article_id)
    return whole._replace(
        kinds=news.change.kinds, words_added=news.change.words_added, words_removed=news.change.words_removed, fields=_fields(news, visit),
        gained=gained, lost=lost,
    ), news  # fmt: skip


def _no_story(store: Connection, visit: Visit, key: str) -> Difference:
    asked = canonical_url(visit.link.url)
    story = store.value(
        "SELECT articles.id FROM article_urls JOIN articles ON articles.id = article_id WHERE normal_url IN (?, ?)"
        " AND (articles.url = ? OR canonical_url = normal_url)",
        (asked, key, visit.page.url),
    )
    if story is not None:
        return _difference(visit, "no_story", article_id=story)
    stored = store.row("SELECT verdict, reason FROM rejects WHERE normal_url = ?", (asked,))
    same = stored is None or (stored["verdict"], stored["reason"]) == (visit.told.verdict, visit.told.reason)
    return _difference(visit, "rejected" if same else "reason")


def _difference(visit: Visit, outcome: Outcome, *, article_id: int | None = None) -> Difference:
    told = visit.told
    return Difference(
        url=visit.page.url, outcome=outcome, source_id=visit.source_id, article_id=article_id, headline=told.text("headline"),
        verdict=told.verdict,
    )  # fmt: skip


def _fields(news: News, visit: Visit) -> tuple[FieldChange, ...]:
    stored = {name: news.stored[name] for name in news.changed}
    fields = field_changes(stored, visit.told.values, sorted(news.changed - DERIVED - FOLLOW - {"body"}))
    return (*fields, *([FieldChange("tags", None, ", ".join(tag for _, tag in visit.told.tags))] if news.other_tags else []))
