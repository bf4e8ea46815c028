"""How does a record look to its reader? As JSON for programs, as Markdown for notes, as text for the eye; and where its values came from.

What a page says may hold control characters, which a terminal would obey: the forms made for people leave them out. Saving records in
bulk is the question of `tables` and `parquet`.
"""

import json
import unicodedata
from collections.abc import Callable
from types import MappingProxyType
from typing import Final, Literal

from scraper.records import Article, FieldEvidence, iso_date

__all__ = ["FORMATS", "Format", "explain", "printable", "render"]

Format = Literal["json", "markdown", "text"]
CONTROL: Final = frozenset({"Cc", "Cs"})  # control characters, and halves of surrogate pairs, which cannot be printed at all
MAX_COLUMN = 40  # a longer signal, such as why a page is an article, does not push the others aside
SHOWN: Final = 100  # characters of a value or a dropped block in an explanation: one line on a wide terminal


def render(article: Article, form: Format, *, evidence: bool = False, indent: int | None = None) -> str:
    """Write one record, without a line break at its end.

    `evidence` and `indent` are for JSON: whether the record holds its explanation, and whether it is spread over lines (one record a
    line is what programs expect of several).
    """
    if form == "json":
        return _json(article, evidence=evidence, indent=indent)
    return printable(FORMATS[form](article))


def explain(article: Article) -> str:
    """Write where each field came from, what it won against, and why each block of text that is not in the body was dropped."""
    lines = [f"verdict {article.verdict}, confidence {article.confidence:.2f}", "", "Where each field came from:"]
    width = max((len(entry.signal) for entry in article.evidence.fields if len(entry.signal) <= MAX_COLUMN), default=0)
    for entry in article.evidence.fields:
        lines += _field_lines(entry, width)
    dropped = article.evidence.dropped
    lines += ["", f"Dropped ({len(dropped)} blocks of text):"]
    width = max((len(block.reason) for block in dropped), default=0)
    lines += [f"  {block.reason:<{width}}  {_short(block.text)}" for block in dropped]
    return printable("\n".join(lines))


def printable(text: str) -> str:
    """Leave out control and other characters that a terminal would act on; line breaks and tabs stay."""
    return "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in CONTROL)


def _json(article: Article, *, evidence: bool, indent: int | None) -> str:
    record = article.to_dict()
    if not evidence:
        del record["evidence"]
    text = json.dumps(record, ensure_ascii=False, indent=indent)
    return "".join(sign if sign == "\n" or unicodedata.category(sign) not in CONTROL else f"\\u{ord(sign):04x}" for sign in text)


def _markdown(article: Article) -> str:
    parts = [
        f"# {article.headline}" if article.headline else None,
        f"*{standfirst}*" if (standfirst := _standfirst(article)) else None,
        _credits(article),
        f"<{address}>" if (address := article.canonical_url or article.url) else None,
        article.body,
        f"Topics: {', '.join(article.tags)}" if article.tags else None,
    ]
    return "\n\n".join(part for part in parts if part)


def _text(article: Article) -> str:
    parts = (article.headline, _standfirst(article), _credits(article), article.body)
    return "\n\n".join(part for part in parts if part)


def _standfirst(article: Article) -> str | None:
    """Give the standfirst unless the body begins with it, as it does where the page shows it as part of the story."""
    told = article.standfirst is not None and (article.body or "").startswith(article.standfirst)
    return None if told else article.standfirst


def _credits(article: Article) -> str | None:
    """Give who, when and where in one line, as far as the page says."""
    writers = ", ".join((*article.writers, *article.agencies)) or None
    published = iso_date(article.published, article.published_precision)
    return " · ".join(part for part in (writers, published, article.publisher) if part) or None


FORMATS: Final = MappingProxyType[str, Callable[[Article], str]]({"markdown": _markdown, "text": _text})


def _field_lines(entry: FieldEvidence, width: int) -> list[str]:
    won = f"  {entry.field:<13}  {entry.signal:<{width}}  {_short(entry.value)}"
    return [won, *(f"  {'':<13}  lost: {lost.signal}  {_short(lost.value)}  ({lost.reason})" for lost in entry.candidates)]


def _short(text: str | None) -> str:
    flat = " ".join((text or "").split())
    return flat if len(flat) <= SHOWN else f"{flat[: SHOWN - 1]}…"
