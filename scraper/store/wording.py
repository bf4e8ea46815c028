"""In which forms may a word of a search stand in a text? A word, and where its script or language hides it, more.

    Chinese, Japanese, Thai, ...   the characters one after another, in an index of their own
    German and its like            every long word that holds it: `regierung` finds Bundesregierung and Regierungskrise
    Arabic                         with the article and the particles that are written as one with it, alef and ya in their spellings

Only words as a person types them are widened, with AND, OR, NOT and brackets between them; what else FTS5 understands is left as it stands.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from scraper.store.connection import Connection
from scraper.store.scripts import is_unspaced, spaced

__all__ = ["PLAIN", "UNSPACED", "explicit", "widened"]

PLAIN, UNSPACED = "articles_fts", "articles_unspaced_fts"
SHORTEST: Final = 4  # letters: shorter ones stand by chance in too many words
DEEPEST: Final = 20  # brackets
MOST_FORMS: Final = 20  # of one word; each costs a look-up, and time at each story that is ranked
OPERATORS: Final = frozenset({"AND", "OR", "NOT"})
_TOKEN = re.compile(r'"[^"]*"|[()]|[^\s()"]+')
_PHRASE = re.compile(r'"[^"]*"|\w+')
_WORD = re.compile(r"[^\W\d_]+")
_ARABIC = re.compile(r"[\u0621-\u064a]+")
ARTICLE: Final = "ال"
PARTICLES: Final = ("", "و", "ف")
PREFIXES: Final = ("", "ال", "ب", "بال", "ك", "كال", "ل", "لل")
SPELLINGS: Final = (("أ", "ا"), ("إ", "ا"), ("آ", "ا"), ("ى", "ي"))


def widened(store: Connection, query: str) -> tuple[str, str]:
    """Give the index to ask, and the query in the form to ask it; both as they were where nothing has to be widened."""
    if is_unspaced(query):
        return UNSPACED, _PHRASE.sub(_as_phrase, query)
    tokens = _simple(query)
    forms = {part: found for part in tokens if _WORD.fullmatch(part) and len(found := _forms(store, part)) > 1}
    return PLAIN, _expression(iter(tokens), forms) if forms else query


def explicit(query: str) -> str:
    """Write the AND that people leave out and FTS5 wants beside a bracket; a query with more than words and operators stays as it is."""
    tokens = _simple(query)
    return _expression(iter(tokens), {}) if tokens else query


def _simple(query: str) -> list[str]:
    """Give the parts of a query that has only words, phrases, operators and brackets; none of any other."""
    parts: list[str] = _TOKEN.findall(query)
    closed = parts.count("(") == parts.count(")") <= DEEPEST
    return parts if closed and "NEAR" not in parts and all(map(_is_simple, parts)) else []


def _as_phrase(found: re.Match[str]) -> str:
    """Write a phrase or word that holds such characters as a phrase of them."""
    return f'"{spaced(found[0].strip(chr(34)))}"' if is_unspaced(found[0]) else found[0]


def _is_simple(part: str) -> bool:
    return part in OPERATORS or part in "()" or part.startswith('"') or bool(_WORD.fullmatch(part))


def _forms(store: Connection, word: str) -> list[str]:
    if word in OPERATORS:
        return [word]
    if _ARABIC.fullmatch(word):
        return _arabic(word)
    if len(word) < SHORTEST:
        return [word]
    found = store.column("SELECT word FROM long_words_fts WHERE long_words_fts MATCH ? ORDER BY rowid LIMIT ?", (f'"{word}"', MOST_FORMS))
    return [word, *(form for form in found if form != word.lower())]


def _arabic(word: str) -> list[str]:
    stem = word.removeprefix(ARTICLE) if len(word) > len(ARTICLE) + 1 else word
    stems = {stem, word}
    for strict, loose in SPELLINGS:
        stems |= {form.replace(strict, loose) for form in stems}
    heads = [f"{particle}{prefix}" for particle in PARTICLES for prefix in PREFIXES]
    return sorted({f"{head}{form}" for form in stems for head in heads if not (head and form.startswith(ARTICLE))})


def _expression(tokens: Iterator[str], forms: Mapping[str, Sequence[str]]) -> str:
    """Write an expression anew, up to its closing bracket. FTS5 sees no AND beside a bracket, and joins words side by side first."""
    parts: list[str] = []
    side_by_side: list[str] = []
    for part in tokens:
        if part == ")":
            break
        if part in OPERATORS:
            parts += [_together(side_by_side), part]
            side_by_side = []
        elif part == "(":
            side_by_side.append(f"({_expression(tokens, forms)})")
        else:
            side_by_side.append(f"({' OR '.join(map(_quoted, forms[part]))})" if part in forms else part)
    return " ".join([*parts, _together(side_by_side)])


def _together(parts: Sequence[str]) -> str:
    return f"({' AND '.join(parts)})" if parts else ""


def _quoted(form: str) -> str:
    return f'"{form}"'
