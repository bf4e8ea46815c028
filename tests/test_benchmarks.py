"""The measuring tools themselves: labels, splits, floors."""

import random

import pytest

pytest.importorskip("rapidfuzz", reason="labels need the optional group `train`")

from benchmarks.gate import pinned
from benchmarks.labels import story_shares
from benchmarks.layouts import Story, page
from scraper.extract.walk import walk_html


def test_a_short_line_is_story_only_where_the_story_has_it() -> None:
    blocks = walk_html("<p>Background</p><p>The lock was closed for eleven months.</p><p>Background</p><p>It opened in 1962.</p>").blocks
    shares = story_shares(blocks, "The lock was closed for eleven months. Background. It opened in 1962.")
    assert shares == [0.0, 1.0, 1.0, 1.0]


def test_a_made_up_page_holds_its_story_whole() -> None:
    rng = random.Random(4)
    stories = [
        Story(headline=f"Headline {name}", paragraphs=tuple(f"Paragraph {name} {number}." for number in range(6))) for name in "abcd"
    ]
    for _ in range(20):
        html, lines, headline = page(stories, rng)
        texts = {block.text for block in walk_html(html).blocks}
        assert lines == set(stories[0].paragraphs) <= texts
        assert headline in texts


def test_a_floor_rises_by_itself_and_falls_only_when_named() -> None:
    floors = {"s/title": 0.8, "s/leaked": 0.1}
    assert pinned({"s/title": 0.9, "s/leaked": 0.05}, floors, set()) == {"s/title": 0.898, "s/leaked": 0.052}
    assert pinned({"s/title": 0.7, "s/leaked": 0.2}, floors, set()) == floors
    assert pinned({"s/title": 0.7, "s/leaked": 0.2}, floors, {"s/title"}) == {"s/title": 0.698, "s/leaked": 0.1}
