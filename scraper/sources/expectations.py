"""What is a saved page of a source expected to say, and does its record say it? Beside each page stands a small YAML file.

Where the pages are kept and how they are read is the pipeline's question.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import yaml

from scraper.errors import SourcesError
from scraper.records import STORIES, VERDICTS, Article
from scraper.sources import checks
from scraper.sources.catalogue import values_of
from scraper.sources.checks import Wrong
from scraper.sources.fields import Field
from scraper.sources.reading import Unreadable, plain_data, text_of

__all__ = ["EXPECTATION_KEYS", "Expectation", "as_yaml", "expectation", "failures"]

NOT_COMPARED: Final = frozenset(("url", "body", "confidence", "evidence", "published_precision"))
COMPARED: Final = tuple(entry.name for entry in fields(Article) if entry.name not in NOT_COMPARED)
MANY: Final = frozenset(("authors", "agencies", "tags"))
MOMENTS: Final = frozenset(("published", "modified"))
DAY_CHARS, SHOWN, AROUND = 10, 90, 30
ACCEPTED: Final = ("verdict", "headline", "authors", "published", "language")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What a page is to say. `values` are fields as `Article.to_dict` gives them; None is the expectation that there is none."""

    url: str | None = None
    fetched_at: datetime | None = None
    values: Mapping[str, Any] = field(default_factory=lambda: {"verdict": None})
    must_contain: tuple[str, ...] = ()
    must_not_contain: tuple[str, ...] = ()


def _moment(value: Any) -> str:
    """Accept a day or a moment in ISO 8601."""
    found = checks.text(value)
    try:
        datetime.fromisoformat(found)
    except ValueError as error:
        raise Wrong(f"not a date: {found!r} (such as 2026-01-31 or 2026-01-31T18:00:00+01:00)") from error
    return found


def _aware_moment(value: Any) -> datetime:
    found = datetime.fromisoformat(_moment(value))
    if found.tzinfo is None:
        raise Wrong(f"without a zone: {value!r} (such as 2026-01-31T18:00:00Z)")
    return found


def _fields() -> Iterator[tuple[str, Field]]:
    yield "url", Field(check=checks.url)
    yield "fetched_at", Field(check=_aware_moment)
    for name in COMPARED:
        if name in MOMENTS:
            yield name, Field(check=_moment)
        elif name == "verdict":
            yield name, Field(check=checks.one_of(*VERDICTS))
        else:
            yield name, Field(check=checks.switch if name == "paywalled" else checks.text, many=name in MANY)
    yield "must_contain", Field(check=checks.text, many=True)
    yield "must_not_contain", Field(check=checks.text, many=True)


EXPECTATION_KEYS: Final = dict(_fields())


def expectation(path: Path) -> Expectation:
    """Read the file beside a page; where there is none, the page is expected to be a story. Raises SourcesError with all that is wrong."""
    if not path.exists():
        return Expectation()
    try:
        data = plain_data(text_of(path))
    except Unreadable as error:
        raise SourcesError(str(path), [str(error)]) from error
    if not isinstance(data, dict):
        raise SourcesError(str(path), ["not a mapping of keys to values"])
    problems: list[str] = []
    given = values_of(data, EXPECTATION_KEYS, "", problems)
    if problems:
        raise SourcesError(str(path), [problem.removeprefix(".") for problem in problems])
    absent: dict[str, Any] = {name: [] if name in MANY else None for name in COMPARED if name in data and data[name] is None}
    values = {name: list(value) if name in MANY else value for name in COMPARED if (value := given.get(name)) is not None}
    about = {name: given[name] for name in ("url", "fetched_at", "must_contain", "must_not_contain") if name in given}
    return Expectation(values={"verdict": None} | absent | values, **about)


def failures(expected: Expectation, article: Article) -> Iterator[str]:
    """Say in a sentence each in what a record differs from what is expected of it."""
    found = article.to_dict()
    for name, value in expected.values.items():
        if name == "verdict" and value is None:
            if article.verdict not in STORIES:
                yield f"verdict: expected a story, found {article.verdict}"
        elif not _same(name, value, found[name]):
            yield f"{name}: expected {_shown(value)}, found {_shown(found[name])}"
    body = _plain(article.body or "")
    for line in expected.must_contain:
        if _plain(line) not in body:
            yield f"body: must contain {_shown(line)}, and does not"
    for line in expected.must_not_contain:
        at = body.find(_plain(line))
        if at >= 0:
            around = body[max(0, at - AROUND) : at + len(_plain(line)) + AROUND]
            yield f"body: must not contain {_shown(line)}, and does: {_shown(around)}"


def as_yaml(article: Article, fetched_at: datetime | None) -> str:
    """Write down what a page says now, as what is expected of it from now on: a few fields, and how its first and last paragraph begin."""
    found = article.to_dict()
    lines: dict[str, Any] = {"url": article.url} if article.url else {}
    lines |= {"fetched_at": fetched_at.isoformat()} if fetched_at else {}
    lines |= {name: found[name] for name in ACCEPTED}
    paragraphs = (article.body or "").split("\n\n")
    lines["must_contain"] = list(dict.fromkeys(paragraph[:SHOWN].strip() for paragraph in (paragraphs[0], paragraphs[-1]) if paragraph))
    lines["must_not_contain"] = []
    written: str = yaml.safe_dump(lines, allow_unicode=True, sort_keys=False, width=10_000)
    return written


def _same(name: str, expected: Any, found: Any) -> bool:
    if name in MOMENTS and expected and found:
        return _same_moment(expected, found)
    if isinstance(expected, str) and isinstance(found, str):
        return _plain(expected) == _plain(found)
    return bool(expected == found)


def _same_moment(expected: str, found: str) -> bool:
    """Compare as finely as it is expected: a day with the day, a clock without a zone with another such."""
    if len(expected) == DAY_CHARS:
        return expected == found[:DAY_CHARS]
    one, other = datetime.fromisoformat(expected), datetime.fromisoformat(found)
    return (one.tzinfo is None) == (other.tzinfo is None) and one == other


def _plain(text: str) -> str:
    return " ".join(text.split())


def _shown(value: Any) -> str:
    if value is None or value == []:
        return "nothing"
    text = ", ".join(value) if isinstance(value, list) else str(value)
    return repr(text if len(text) <= SHOWN else f"{text[:SHOWN]}…") if isinstance(value, (str, list)) else text
