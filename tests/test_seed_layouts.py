"""Does extraction give each fixture page's story, all of it and nothing else? And the two seed pages the project started from?"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from fixtures.truth import content, expected
from scraper import Article, extract

PAGES = expected()
STORIES = {path: entry for path, entry in PAGES.items() if entry["verdict"] == "article"}
SEEDS = ("000_cca503ecdb4ba757.txt", "002_d464079f8fa76583.txt")
# A shorter line ("Comments", "Trending News") can be part of an honest sentence; it is chrome only when it is a paragraph of its own.
LONG_LINE = 25
BULLET = re.compile(r"^(?:[-*•>]|\d+\.|#+)\s+")


def normal(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def paragraphs(article: Article) -> list[str]:
    return [BULLET.sub("", normal(line)) for line in (article.body or "").split("\n") if line.strip()]


def missing_in_order(wanted: list[str], given: list[str]) -> list[str]:
    """Give the wanted paragraphs that do not follow the ones before them."""
    missing, position = [], 0
    for text in map(normal, wanted):
        try:
            position = given.index(text, position) + 1
        except ValueError:
            missing.append(text)
    return missing


def leaked(chrome: list[str], given: list[str]) -> list[str]:
    whole = " ".join(given)
    return [line for line in map(normal, chrome) if line in given or (len(line) >= LONG_LINE and line in whole)]


@cache
def extracted(path: str) -> Article:
    return extract(content(path), PAGES[path]["url"])


def seed(shared: Path, name: str) -> tuple[Article, Mapping[str, Any]]:
    truth = json.loads((shared / "seeds" / "expected.json").read_text(encoding="utf-8"))[name]
    return extract((shared / "seeds" / name).read_bytes()), truth


@pytest.mark.parametrize("path", PAGES)
def test_verdict_says_what_the_page_is(path: str) -> None:
    assert extracted(path).verdict == PAGES[path]["verdict"]


@pytest.mark.parametrize("path", STORIES)
def test_headline_is_the_story_s_own(path: str) -> None:
    assert extracted(path).headline == STORIES[path]["headline"]


@pytest.mark.parametrize("path", STORIES)
def test_authors_are_the_writers_and_nobody_else(path: str) -> None:
    assert list(extracted(path).authors) == STORIES[path]["authors"]


@pytest.mark.parametrize("path", STORIES)
def test_published_is_as_fine_as_the_page_says(path: str) -> None:
    article = extracted(path)
    given = article.to_dict()["published"]
    wanted = STORIES[path]["published"]
    assert (given and datetime.fromisoformat(given)) == (wanted and datetime.fromisoformat(wanted))
    assert article.published_precision == STORIES[path]["published_precision"]


@pytest.mark.parametrize("path", [path for path, entry in STORIES.items() if entry["publisher"]])
def test_publisher_is_named(path: str) -> None:
    assert extracted(path).publisher == STORIES[path]["publisher"]


@pytest.mark.parametrize("path", [path for path, entry in STORIES.items() if entry["tags"]])
def test_tags_are_those_of_the_page(path: str) -> None:
    assert list(extracted(path).tags) == STORIES[path]["tags"]


@pytest.mark.parametrize("path", STORIES)
def test_language_is_recognised(path: str) -> None:
    assert extracted(path).language == STORIES[path]["language"]


@pytest.mark.parametrize("path", STORIES)
def test_every_paragraph_of_the_story_is_there_in_order(path: str) -> None:
    assert missing_in_order(STORIES[path]["body"], paragraphs(extracted(path))) == []


@pytest.mark.parametrize("path", STORIES)
def test_no_line_of_the_surroundings_is_in_the_body(path: str) -> None:
    assert leaked(STORIES[path]["chrome"], paragraphs(extracted(path))) == []


@pytest.mark.parametrize("path", STORIES)
def test_nothing_but_the_story_is_in_the_body(path: str) -> None:
    allowed = {normal(text) for text in (*STORIES[path]["body"], *STORIES[path]["optional"])}
    assert [text for text in paragraphs(extracted(path)) if text not in allowed] == []


@pytest.mark.parametrize("name", SEEDS)
def test_seed_page_gives_its_story_and_nothing_else(shared: Path, name: str) -> None:
    article, truth = seed(shared, name)
    given = paragraphs(article)
    assert article.verdict == "article"
    assert missing_in_order(truth["body"], given) == []
    assert leaked(truth["chrome"], given) == []
    allowed = {normal(text) for text in (*truth["body"], *truth["optional"])}
    assert [text for text in given if text not in allowed] == []


@pytest.mark.parametrize("name", SEEDS)
def test_seed_page_gives_its_headline_writer_date_and_tags(shared: Path, name: str) -> None:
    article, truth = seed(shared, name)
    assert article.headline == truth["headline"]
    assert list(article.authors) == truth["authors"]
    assert article.to_dict()["published"] == truth["published"]
    assert article.published_precision == truth["published_precision"]
    assert article.publisher == truth.get("publisher", article.publisher)
    assert list(article.tags) == truth["tags"]
