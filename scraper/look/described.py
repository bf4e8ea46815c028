"""What do the tables and columns mean, and what can be asked of them? As docs/database.md says; nothing of it is written twice.

`database.md` in this folder is a link to that page, so that it is part of an installed package, too.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

__all__ = ["Described", "Example", "described"]

_SECTION = re.compile(r"^#{2,4} ", re.MULTILINE)
_HEADING = re.compile(r"(?:Table|View) `(\w+)`\n")
_COLUMN = re.compile(r"^\| `(\w+)` \| (.+) \|$", re.MULTILINE)
_EXAMPLE = re.compile(r"^```sql\n-- ([^\n]+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_SIGNS = re.compile(r"`(\W+)`")
_CODE = re.compile(r"`([^`]+)`")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_END_OF_PROSE: Final = re.compile(r"^(?:\||```|#)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Example:
    """A query of the page: the question in its first line, and the SQL."""

    title: str
    sql: str


@dataclass(frozen=True, slots=True)
class Described:
    """One table or view: what it holds, what each column holds, and examples."""

    name: str
    text: str
    columns: tuple[tuple[str, str], ...]
    examples: tuple[Example, ...]


@cache
def described() -> tuple[Described, ...]:
    """Give every table and view in the order of the page."""
    page = files("scraper.look").joinpath("database.md").read_text(encoding="utf-8")
    return tuple(_read(heading[1], section) for section in _SECTION.split(page) if (heading := _HEADING.match(section)))


def _read(name: str, section: str) -> Described:
    body = section.partition("\n")[2]
    end = _END_OF_PROSE.search(body)
    text = body[: end.start()] if end else body
    examples = tuple(Example(title.rstrip(".:"), sql.strip()) for title, sql in _EXAMPLE.findall(body))
    return Described(name, _plain(text), tuple((column, _plain(meaning)) for column, meaning in _COLUMN.findall(body)), examples)


def _plain(text: str) -> str:
    """Take the marks out of a text: what shows it shows it as it stands."""
    return " ".join(_CODE.sub(r"\1", _SIGNS.sub(r"“\1”", _LINK.sub(r"\1", text))).split())
