"""Subheads of a story and titles of boxes: which of them stays is told by the text that follows."""

from scraper.extract.article import document_of
from scraper.extract.second_look import KEEP, possible, second_look
from scraper.extract.subheads import idle_subheads

PARAGRAPH = "The lock keeper of Upper Salt has counted every barge since the spring, in a notebook that nobody has asked to see."
PAGE = document_of(
    "<html><body><h1>Barges</h1>"
    f"<div><p>{PARAGRAPH}</p><h2>More barges</h2><p>{PARAGRAPH}</p><p>{PARAGRAPH}</p></div>"
    "<h3>Popular</h3><ul><li>Ten locks to see</li></ul><h3>Also of note</h3><p>A line.</p><h2>Read next</h2></body></html>"
)
TAGS = [block.tag for block in PAGE.blocks]


def test_the_page_is_what_the_tests_take_it_for() -> None:
    assert TAGS == ["h1", "p", "h2", "p", "p", "h3", "li", "h3", "p", "h2"]


def test_headings_that_no_text_of_the_story_follows_are_the_titles_of_boxes() -> None:
    assert idle_subheads(PAGE, [1, 2, 3, 4, 9]) == (9,)
    assert set(idle_subheads(PAGE, [1, 2, 3, 4, 5, 7])) == {5, 7}


def test_a_heading_before_one_of_its_rank_is_idle_where_what_stood_between_them_was_dropped() -> None:
    assert idle_subheads(PAGE, [1, 2, 3, 4, 5, 7, 8]) == (5,)
    assert idle_subheads(PAGE, [1, 2, 3, 4, 5, 6, 7, 8]) == ()


def test_a_story_set_in_headings_keeps_them() -> None:
    assert idle_subheads(PAGE, [5, 7, 9]) == ()


def test_a_doubted_heading_above_a_sure_paragraph_is_kept() -> None:
    scores = [0.0, 0.9, 0.2, 0.95, 0.9, 0.2, 0.0, 0.1, 0.0, 0.2]
    assert second_look(PAGE, scores, possible(scores), 0, None) == [0.0, 0.9, KEEP, 0.95, 0.9, 0.2, 0.0, 0.1, 0.0, 0.2]


def test_a_heading_above_the_story_is_left_alone() -> None:
    scores = [0.2, 0.95, 0.9, 0.95, 0.9, 0.0, 0.0, 0.0, 0.0, 0.0]
    assert second_look(PAGE, scores, possible(scores), 0, None) == scores
