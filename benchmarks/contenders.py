"""The extractors that are compared, each behind one call: decoded text in, a prediction in the scorer's form out.

The peers but trafilatura come with the optional group `bench`. They are called with their defaults, for as much of a record as they give.
"""

import logging
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["CONTENDERS", "PARSE", "Contender"]

Prediction = dict[str, Any]
NO_AUTHOR = "[no-author]"  # readability-lxml's
ADDRESS = "https://site.example/"  # newspaper4k needs one


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
    """Run trafilatura's full record."""
    import trafilatura

    found = trafilatura.bare_extraction(text, url=url, with_metadata=True)
    if found is None or isinstance(found, dict):
        return {}
    authors = [name.strip() for name in (found.author or "").split(";") if name.strip()]
    return {"title": found.title, "authors": authors, "date": found.date, "body": found.text}


def readability(text: str, url: str | None) -> Prediction:
    """Run readability-lxml: title, author and the story's markup, read as text by lxml, a line a block."""
    from lxml import html
    from readability import Document

    _quieten("readability")
    document = Document(text, url=url)
    story = html.fromstring(document.summary(html_partial=True))
    for element in story.iter("p", "li", "h1", "h2", "h3", "h4", "tr", "br", "blockquote", "pre", "div"):
        element.tail = "\n" + (element.tail or "")
    author = document.author()
    return {"title": document.short_title(), "authors": [] if author == NO_AUTHOR else [author], "body": story.text_content()}


def newspaper4k(text: str, url: str | None) -> Prediction:
    """Run newspaper4k's parse, without its language models and without fetching."""
    import newspaper

    _quieten("newspaper")
    article = newspaper.Article(url or ADDRESS, fetch_images=False)
    article.download(input_html=text)
    article.parse()
    date = article.publish_date.isoformat() if article.publish_date else None
    return {"title": article.title, "authors": article.authors, "date": date, "body": article.text}


def resiliparse(text: str, _url: str | None) -> Prediction:
    """Run resiliparse's main content; it gives a body and the title element only."""
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    tree = HTMLTree.parse(text)
    return {"title": tree.title, "body": extract_plain_text(tree, main_content=True, alt_texts=False)}


def parse(text: str, _url: str | None) -> Prediction:
    """Only parse, with lexbor: the measure of speed."""
    from selectolax.lexbor import LexborHTMLParser

    LexborHTMLParser(text)
    return {}


def _quieten(library: str) -> None:
    logging.getLogger(library).setLevel(logging.CRITICAL)
    warnings.simplefilter("ignore")


PARSE = Contender(name="lexbor's parse", predict=parse)
CONTENDERS = {
    contender.name: contender
    for contender in (
        Contender(name="scraper", predict=ours),
        Contender(name="trafilatura", predict=trafilatura),
        Contender(name="readability-lxml", predict=readability),
        Contender(name="newspaper4k", predict=newspaper4k),
        Contender(name="resiliparse", predict=resiliparse),
    )
}
