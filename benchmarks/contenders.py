"""The extractors that are compared, each behind one call: decoded text in, a prediction in the scorer's form out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["CONTENDERS", "Contender"]

Prediction = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A named extractor: text and url in; title, authors, date and body out."""

    name: str
    predict: Callable[[str, str | None], Prediction]


def ours(text: str, url: str | None) -> Prediction:
    """Run the public `extract` with its defaults."""
    from scraper import extract

    article = extract(text, url)
    return {
        "title": article.headline,
        "authors": list(article.authors),
        "date": article.to_dict()["published"],
        "body": article.body,
        "verdict": article.verdict,
    }


def trafilatura(text: str, url: str | None) -> Prediction:
    """Run trafilatura's full record, with its defaults."""
    import trafilatura

    found = trafilatura.bare_extraction(text, url=url, with_metadata=True)
    if found is None or isinstance(found, dict):
        return {}
    authors = [name.strip() for name in (found.author or "").split(";") if name.strip()]
    return {"title": found.title, "authors": authors, "date": found.date, "body": found.text}


CONTENDERS = {"scraper": Contender(name="scraper", predict=ours), "trafilatura": Contender(name="trafilatura", predict=trafilatura)}
