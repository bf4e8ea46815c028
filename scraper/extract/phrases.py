"""Is this line one that sites write around their stories? A table of phrases in twenty-eight languages; it decides nothing by itself,
it is one of the signals that the body model weighs.
"""

from functools import lru_cache
from importlib.resources import files
from typing import Literal

from scraper.extract.meanings import KINDS
from scraper.extract.sorts import FRAMING, SORTS

__all__ = ["PhraseKind", "phrase_kind", "phrase_number", "phrase_rows"]

PhraseKind = Literal["end", "line", "more"]
SAID: dict[str, PhraseKind] = {"end": "end", "line": "line", "more": "more"}
# A prefix such as "read more" may open a paragraph too; a line longer than this is told by other signals.
MAX_CHARS = 160
# Prefixes are looked up by their first letters: most have as many as LONG_KEY, all have SHORT_KEY.
LONG_KEY, SHORT_KEY = 4, 2
TRIMMED = SORTS[FRAMING]


@lru_cache(maxsize=8192)  # asked twice of a page's lines, and a site repeats its own on every page
def phrase_kind(text: str) -> PhraseKind | None:
    """Tell whether a line opens a part that is no story (`end`), is chrome itself (`line`), leads to another story (`more`) or none."""
    if len(text) > MAX_CHARS:
        return None
    line = text.lower().strip(TRIMMED)
    exact, prefixes = _table()
    kind = exact.get(line)
    if kind is not None or not line:
        return kind
    for prefix, rest, prefix_kind in (*prefixes.get(line[:LONG_KEY], ()), *prefixes.get(line[:SHORT_KEY], ())):
        if line.startswith(prefix) and (not rest or all(part in line[len(prefix) :] for part in rest)):
            return prefix_kind
    return None


def phrase_number(text: str) -> int:
    """Give a line's kind as a number, 0 where it is none of the table's; see `meanings.KINDS`."""
    kind = phrase_kind(text)
    return KINDS[kind] if kind else 0


@lru_cache(maxsize=1)
def phrase_rows() -> tuple[tuple[str, tuple[str, ...] | None, int], ...]:
    """Give the table as it is looked up in: each phrase, the parts that stand behind it (None: it is a whole line), and its kind."""
    exact, prefixes = _table()
    begun = [(prefix, rest, KINDS[kind]) for rows in prefixes.values() for prefix, rest, kind in rows]
    return (*((phrase, None, KINDS[kind]) for phrase, kind in exact.items()), *begun)


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, PhraseKind], dict[str, tuple[tuple[str, tuple[str, ...], PhraseKind], ...]]]:
    exact: dict[str, PhraseKind] = {}
    prefixes: dict[str, list[tuple[str, tuple[str, ...], PhraseKind]]] = {}
    for row in files("scraper.extract").joinpath("phrases.tsv").read_text("utf-8").splitlines():
        if not row or row.startswith("#"):
            continue
        kind_name, _language, phrase = row.split("\t")
        kind = SAID[kind_name]
        if "*" in phrase:
            prefix, *rest = phrase.split("*")
            key = prefix[: LONG_KEY if len(prefix) >= LONG_KEY else SHORT_KEY]
            prefixes.setdefault(key, []).append((prefix, tuple(part for part in rest if part), kind))
        else:
            exact.setdefault(phrase, kind)
    return exact, {key: tuple(rows) for key, rows in prefixes.items()}
