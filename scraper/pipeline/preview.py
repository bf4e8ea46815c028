"""What would other rules change of a page's record? Two records are compared: fields that differ, paragraphs lost and gained."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from scraper.records import Article

__all__ = ["Difference", "difference"]

FIELDS: Final = "verdict headline standfirst authors agencies published modified language publisher section tags".split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How one record of a page differs from another: each field with what it was and what it is, the paragraphs that went and came."""

    fields: tuple[tuple[str, str | None, str | None], ...] = ()
    lost: tuple[str, ...] = ()
    gained: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.fields or self.lost or self.gained)


def difference(before: Article, after: Article) -> Difference:
    """Compare two records of one page."""
    old, new = before.to_dict(), after.to_dict()
    changed = tuple((name, _said(old[name]), _said(new[name])) for name in FIELDS if old[name] != new[name])
    was, now = (article.body.split("\n\n") if article.body else [] for article in (before, after))
    steps = SequenceMatcher(None, was, now, autojunk=False).get_opcodes() if was != now else []
    lost = tuple(text for kind, begin, end, _, _ in steps if kind != "equal" for text in was[begin:end])
    gained = tuple(text for kind, _, _, begin, end in steps if kind != "equal" for text in now[begin:end])
    return Difference(fields=changed, lost=lost, gained=gained)


def _said(value: object) -> str | None:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or None
    return None if value is None else str(value)
