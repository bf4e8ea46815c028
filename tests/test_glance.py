"""What a line shows at a glance, compiled and in Python: one answer, and the one that the patterns would give."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.extract import inner_loops, plain_glance
from scraper.extract.glance import DATEISH, FIGURE, FIGURES, LONG_FIGURE, YEAR

WAYS = (inner_loops, plain_glance)
LINES = st.text("12 5.5/-年월\t\n٣४:|/(—–[ByVon文é\u00a0\x1f\U0001d7d9年", max_size=24) | st.text(max_size=40)


@pytest.mark.parametrize("way", WAYS)
def test_the_numbers_of_a_line_are_told(way: object) -> None:
    def told(text: str) -> int:
        return way.figures(text)  # type: ignore[attr-defined, no-any-return]

    assert told("By Ann Lee") == 0
    assert told("7 comments") == FIGURE
    assert told("7 of 9") == FIGURE | FIGURES
    assert told("since 2019") == FIGURE | YEAR | DATEISH
    assert told("5 . 5") == told("5.5") == told("٣/٣") == FIGURE | FIGURES | DATEISH
    assert told("5  . 5") == FIGURE | FIGURES
    assert told("5月") == FIGURE | DATEISH
    assert told("20250521") == FIGURE | FIGURES | YEAR | LONG_FIGURE | DATEISH


@pytest.mark.parametrize("way", WAYS)
def test_the_word_a_line_begins_with_is_told(way: object) -> None:
    words = [way.leading_word(text) for text in ("", " ", ":", "By Ann", " (By: Ann", "— Von", "文/Ann", "( ", "-:", "[[x")]  # type: ignore[attr-defined]
    assert words == [None, None, None, "By", "By", "Von", "文", "(", "-", "[x"]


@given(LINES)
def test_both_ways_tell_the_same_of_any_line(text: str) -> None:
    assert inner_loops.figures(text) == plain_glance.figures(text)
    assert inner_loops.leading_word(text) == plain_glance.leading_word(text)


@given(LINES)
def test_no_line_is_ruled_out_that_has_a_date_in_numbers(text: str) -> None:
    assert bool(inner_loops.figures(text) & FIGURES) == bool(re.search(r"\d(?:\D+\d|\d{7})", text))
    assert bool(inner_loops.figures(text) & YEAR) == bool(re.search(r"\d{4}", text))
