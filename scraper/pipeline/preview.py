"""What would other rules change of a page's record? Two records of it are compared, and told as what reading an archive again brings."""

from typing import Final

from scraper.changes import Telling, change_between, field_changes, paragraphs_moved
from scraper.records import STORIES, Article
from scraper.store import Difference
from scraper.store.rereading import Outcome

__all__ = ["difference"]

FIELDS: Final = "verdict headline standfirst authors agencies published modified language publisher section tags".split()


def difference(before: Article, after: Article, *, url: str = "", source_id: str = "") -> Difference:
    """Compare two records of one page: each field with what it was and what it is, the paragraphs that went and came."""
    fields = field_changes(before.to_dict(), after.to_dict(), FIELDS)
    gained, lost = paragraphs_moved(before.body, after.body)
    change = change_between(_telling(before), _telling(after), details=bool(fields))
    return Difference(
        url=url,
        outcome=_outcome(before, after, changed=bool(fields or gained or lost)),
        source_id=source_id,
        headline=after.headline or before.headline,
        verdict=after.verdict,
        kinds=change.kinds,
        words_added=change.words_added,
        words_removed=change.words_removed,
        fields=fields,
        gained=gained,
        lost=lost,
    )


def _outcome(before: Article, after: Article, *, changed: bool) -> Outcome:
    was, now = before.verdict in STORIES, after.verdict in STORIES
    if was and now:
        return "changed" if changed else "unchanged"
    if was or now:
        return "new" if now else "no_story"
    return "reason" if before.verdict != after.verdict else "rejected"


def _telling(article: Article) -> Telling:
    return Telling(headline=article.headline, standfirst=article.standfirst, body=article.body)
