"""What is written down of a story so that search finds words that no space sets apart? `wording` asks for it.

articles_unspaced_fts   stories in Chinese, Japanese, Thai, Lao, Khmer or Burmese, each character of these scripts a word of its own: a
word is then a run of characters, found as a phrase, whether it has one or ten
long_words              the long words of languages that write compounds as one word, with an index of their trigrams
"""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from scraper.store.connection import Connection
from scraper.store.waiting import LONG_WORDS
from scraper.words import has_unspaced

__all__ = ["Wording", "forget_unspaced", "index_all_scripts", "index_scripts", "is_unspaced", "spaced", "wording_of"]

COLUMNS: Final = ("headline", "standfirst", "body", "authors", "agencies")
_UNSPACED: Final = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af\u0e00-\u0eff\u1780-\u17ff\u1000-\u109f"
_CHARACTER = re.compile(f"([{_UNSPACED}])")
# Languages that write compounds as one word; the rest have their stems at the head of the word, where `stem*` finds them.
COMPOUNDING: Final = frozenset("af da de et fi fo fy hu is lb nb nds nl nn no se sv".split())
_LONG_WORD = re.compile(r"[^\W\d_]{9,60}")  # two stems of four letters and one between them


class Wording(NamedTuple):
    """What search needs of a story beside its words: whether it holds scripts without spaces, and its long words, once each."""

    unspaced: bool
    long_words: list[str]


def wording_of(values: Mapping[str, Any]) -> Wording:
    """Find what a story adds to search; `values` are the columns of its row."""
    words: set[str] = set()
    if str(values["language"] or "").partition("-")[0].lower() in COMPOUNDING:
        words = {word.lower() for name in ("headline", "standfirst", "body") for word in _LONG_WORD.findall(values[name] or "")}
    return Wording(is_unspaced(*(values[name] for name in COLUMNS)), sorted(words))


def index_scripts(store: Connection, article_id: int, values: Mapping[str, Any], wording: Wording) -> None:
    """Write down what a story adds."""
    if wording.unspaced:
        _tell_index(store, article_id, values)
    if wording.long_words:
        store.later(LONG_WORDS, ((word,) for word in wording.long_words))


def forget_unspaced(store: Connection, article_id: int, values: Mapping[str, Any]) -> None:
    """Take a story out of the index of characters, as it was written down; the long words stay, since other stories have them."""
    if is_unspaced(*(values[name] for name in COLUMNS)):
        _tell_index(store, article_id, values, command="delete")


def index_all_scripts(store: Connection) -> None:
    """Write down what all stories add: for a database that was made before there were these indexes."""
    for article_id in store.column("SELECT id FROM articles ORDER BY id"):
        row = store.row("SELECT * FROM articles WHERE id = ?", (article_id,))
        if row is not None:
            index_scripts(store, article_id, dict(row), wording_of(dict(row)))


def is_unspaced(*texts: str | None) -> bool:
    """Tell whether a text holds characters of scripts without spaces."""
    return any(text and has_unspaced(text) for text in texts)


def spaced(text: str) -> str:
    """Set each character of these scripts apart."""
    return _CHARACTER.sub(r" \1 ", text)


def _tell_index(store: Connection, article_id: int, values: Mapping[str, Any], *, command: str | None = None) -> None:
    head, places = ("articles_unspaced_fts, ", "?, ") if command else ("", "")
    texts = [spaced(values[name]) if values[name] else None for name in COLUMNS]
    store.run(
        f"INSERT INTO articles_unspaced_fts ({head}rowid, {', '.join(COLUMNS)}) VALUES ({places}?, ?, ?, ?, ?, ?)",  # noqa: S608
        [*([command] if command else []), article_id, *texts],
    )
