"""What stands on the page? Pictures with a caption and their figures as a table: plain values, which `page` writes as HTML."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

__all__ = ["Filtered", "Key", "Linked", "Picture", "Table", "Value", "plural"]


@dataclass(frozen=True, slots=True)
class Linked:
    """A text that leads somewhere; the page makes a link of it where the address is one of the web."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Filtered:
    """A text that stands for rows of a view: those that have it in a column. Beside Datasette it leads there."""

    text: str
    view: str
    column: str

    @property
    def path(self) -> str:
        """Where Datasette shows these rows, from the database on."""
        return f"{self.view}?{urlencode({self.column: self.text})}"


Value = str | int | date | Linked | Filtered | None


@dataclass(frozen=True, slots=True)
class Table:
    """Figures under headings. A column of numbers is set flush right by its values."""

    head: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True)
class Key:
    """What a colour means: a CSS class of style.css, and words."""

    colour: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One part of the page. `drawings` are SVG, none where there is nothing to draw; a picture without one shows its table at once.

    `view` is the table or view of the database that has more of the same.
    """

    name: str
    title: str
    caption: str
    table: Table
    drawings: tuple[str, ...] = ()
    keys: tuple[Key, ...] = ()
    view: str = ""
    is_wide: bool = False


def plural(number: int, noun: str, many: str | None = None) -> str:
    """Write a number with its noun."""
    return f"{number:,} {noun if number == 1 else many or noun + 's'}"
