"""The measuring tools themselves: labels, splits, floors."""

import random

import numpy as np
import pytest

pytest.importorskip("rapidfuzz", reason="labels need the optional group `train`")

from benchmarks.boxes import after_story, in_story
from benchmarks.corpora import corpora_folder
from benchmarks.gate import pinned
from benchmarks.labels import story_shares
from benchmarks.layouts import Story, page
from benchmarks.rows import _snippet_labels
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


def test_boxes_take_their_sentences_from_the_stories_and_are_never_empty() -> None:
    rng = random.Random(7)
    own, others = ("The lock opened. It is deep.",), [("Another headline", ("Something else happened. It was odd.",))]
    for draw in (in_story, after_story):
        for _ in range(60):
            lines = draw(rng, own, others)
            assert lines
            assert all(text for text, _ in lines)


@pytest.mark.skipif(corpora_folder() is None, reason="snippets are compared as the scorer beside the corpora does")
def test_a_snippet_labels_the_block_that_holds_it_and_no_other() -> None:
    blocks = walk_html("<p>Share</p><p>The lock was closed for eleven months.</p><p>It opened in 1962.</p><p>Share</p>").blocks
    labels = _snippet_labels(blocks, ["closed for eleven"], ["share"])
    assert np.array_equal(labels, np.asarray([0, 1, np.nan, 0], dtype=np.float32), equal_nan=True)


def test_a_floor_rises_by_itself_and_falls_only_when_named() -> None:
    floors = {"s/title": 0.8, "s/leaked": 0.1}
    assert pinned({"s/title": 0.9, "s/leaked": 0.05}, floors, set()) == {"s/title": 0.898, "s/leaked": 0.052}
    assert pinned({"s/title": 0.7, "s/leaked": 0.2}, floors, set()) == floors
    assert pinned({"s/title": 0.7, "s/leaked": 0.2}, floors, {"s/title"}) == {"s/title": 0.698, "s/leaked": 0.1}
