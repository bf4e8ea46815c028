"""How do the figures become a page? One that needs nothing else: style and plots stand in it, it runs no script and asks for nothing.

The same page is a file of its own (`report`) and the first page beside Datasette (`serving`), where it has a form and links to the tables.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from scraper import __version__
from scraper.look.pictures import pictures
from scraper.look.tables import Filtered, Linked, Value
from scraper.store import Overview

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["Surroundings", "policy", "refused", "rendered"]

POLICY: Final = "default-src 'none'; style-src 'sha256-{}'; img-src data:; base-uri 'none'; form-action {}"
WEB: Final = ("http://", "https://")


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What stands around the figures: the database's name and the moment, and, beside Datasette, where its tables are.

    `sources` are all there are, by id and name, for the form.
    """

    database: str
    at: datetime
    tables: str = ""
    sources: tuple[tuple[str, str], ...] = ()


def rendered(figures: Overview, around: Surroundings) -> str:
    """Write the page."""
    return _environment().get_template("page.html").render(
        figures=figures, around=around, pictures=pictures(figures), tiles=_tiles(figures), style=_style(), policy=policy(is_served=False),
        version=__version__, last_day=figures.span.until - timedelta(days=1),
    )  # fmt: skip


def refused(complaint: str) -> str:
    """Write the page that says what is wrong with what was asked."""
    return _environment().get_template("refused.html").render(complaint=complaint, style=_style())


def policy(*, is_served: bool) -> str:
    """Give the Content-Security-Policy of the page: no script, no request, and no other style than its own."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return POLICY.format(digest, "'self'" if is_served else "'none'")


def _tiles(figures: Overview) -> tuple[tuple[str, int, str], ...]:
    """Give the few numbers that stand above everything: each with its noun and the picture that says more."""
    return (
        ("articles", figures.published, "days"),
        ("sources with articles", len(figures.sources), "sources"),
        ("sources in trouble", len(figures.troubles), "troubles"),
        ("days with gaps", len(figures.gaps), "gaps"),
        ("addresses that fail", sum(failure.addresses for failure in figures.failures), "failures"),
        ("pages that are no articles", sum(reject.pages for reject in figures.rejects), "rejects"),
        ("reprints", sum(reprint.near + reprint.exact for reprint in figures.reprints), "reprints"),
    )


@cache
def _style() -> str:
    return files("scraper.look").joinpath("templates", "style.css").read_text(encoding="utf-8")


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("scraper.look"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["said"] = _said
    environment.tests["linked"] = lambda cell: isinstance(cell, Linked) and cell.url.startswith(WEB)
    environment.tests["filtered"] = lambda cell: isinstance(cell, Filtered)
    environment.tests["dated"] = lambda cell: isinstance(cell, date)
    environment.tests["counted"] = lambda cell: isinstance(cell, int)
    return environment


def _said(cell: Value) -> str:
    if isinstance(cell, Linked | Filtered):
        return cell.text
    if isinstance(cell, int):
        return f"{cell:,}"
    return cell.isoformat() if isinstance(cell, date) else cell or "–"
