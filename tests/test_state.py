"""A page that shows nothing: its story out of the state it embeds for its scripts, and nothing out of what is no story."""

import json
import time
from typing import Any

import pytest

from scraper import extract
from scraper.extract.state import embedded_story
from scraper.extract.walk import walk_html

TITLE = "Harbour opens after a week of storm"
PARAGRAPHS = [
    f"Paragraph {number} of the story says that the harbour is open again. The boats went out at dawn. " * 2 for number in range(5)
]
CLEAN = [" ".join(text.split()) for text in PARAGRAPHS]
HTML = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
RICH = [{"type": "p", "children": [{"text": text[:20]}, {"type": "a", "children": [{"text": text[20:]}]}]} for text in PARAGRAPHS]


def page(script: str, attributes: str = 'id="__NEXT_DATA__" type="application/json"') -> str:
    return f'<html lang="en"><title>{TITLE} | Example</title><div id="app"></div><script {attributes}>{script}</script></html>'


def state(article: dict[str, Any]) -> str:
    return json.dumps({"props": {"pageProps": {"related": [{"title": "Another story", "body": "x " * 900}], "article": article}}})


@pytest.mark.parametrize(
    "body",
    [
        HTML,
        "\n\n".join(PARAGRAPHS),
        [{"type": "text", "content": text} for text in PARAGRAPHS],
        [{"type": "image", "content": "A picture of a boat at sea."}, *({"type": "paragraph", "text": text} for text in PARAGRAPHS)],
        RICH,
        {"blocks": [{"type": "MARKUP", "markup": HTML}, {"type": "PROMO", "markup": "<p>Read our newsletter about boats.</p>"}]},
    ],
)
def test_a_story_is_read_however_the_state_keeps_it(body: Any) -> None:
    found = embedded_story(walk_html(page(state({"headline": TITLE, "body": body}))))
    assert found is not None
    assert found.text.split("\n\n") == CLEAN


def test_a_shell_whose_state_holds_the_story_is_an_article_and_its_evidence_says_so() -> None:
    story = {"headline": TITLE, "publishedAt": "2025-05-21T10:00:00+02:00", "authors": [{"name": "Ann Lee"}], "body": HTML}
    article = extract(page(state(story)), "https://example.org/a/harbour-opens")
    assert (article.verdict, article.headline, article.authors) == ("article", TITLE, ("Ann Lee",))
    assert article.to_dict()["published"] == "2025-05-21T10:00:00+02:00"
    assert article.body == "\n\n".join(CLEAN)
    assert {proof.field: proof.signal for proof in article.evidence.fields}["body"] == "state:__NEXT_DATA__"


def test_state_that_is_assigned_to_a_variable_or_written_as_a_string_is_read() -> None:
    story = state({"headline": TITLE, "publishedAt": "2025-05-21", "body": HTML})
    for script in (f"window.__INITIAL_STATE__ = {story};", f"window.__PRELOADED_STATE__ = JSON.parse({json.dumps(story)});"):
        assert extract(page(script.replace("</", "<\\/"), "")).verdict == "article"


def test_a_shell_without_the_story_stays_a_shell() -> None:
    other = json.dumps({"props": {"items": [{"title": "Another story", "body": HTML}]}})
    assert extract(page(other)).verdict == "js_shell"
    assert extract(page('{"broken": [')).verdict == "js_shell"
    assert extract(page(state({"headline": TITLE, "body": "Too short."}))).verdict == "js_shell"


def test_a_story_behind_a_paywall_is_left_there() -> None:
    free = '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>'
    assert extract(page(state({"headline": TITLE, "body": HTML})) + free).body is None


def test_deep_and_wide_state_costs_no_more_than_its_length() -> None:
    deep = '{"a":' * 200_000 + "1" + "}" * 200_000
    wide = json.dumps({"title": TITLE, "body": [{"text": "x"}] * 300_000})
    before = time.process_time()
    assert embedded_story(walk_html(page(deep))) is None
    assert embedded_story(walk_html(page(wide))) is None
    assert time.process_time() - before < 5
