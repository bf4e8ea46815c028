"""The common form of two spellings of one line, and the short cut that tells most lines apart."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scraper.extract.plain import plain, saying

LETTERS = st.text(st.sampled_from("eEé\u0301\u0308\u00adßſKkIiİıǰJ\u030cﬁfi\u200b \t\n’'…." + "\u0327ÅåA\u030a"), max_size=6)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("The harbour’s  closed", "the harbour's closed"),
        ("\u00adHarbour", "harbour"),
        ("E\u0301tat", "état"),
        ("ﬁnal", "final"),
        ("", ""),
    ],
)
def test_a_line_says_what_its_common_form_is(text: str, form: str) -> None:
    assert plain(text) == form
    assert saying([text, "x"], range(2), form) == [0]


@given(LETTERS, LETTERS)
@example("İ", "i\u0307")
@example("I\u0307", "İ")
def test_no_line_is_told_apart_that_says_the_same(text: str, other: str) -> None:
    assert saying([text], [0], plain(other)) == ([0] if plain(text) == plain(other) else [])
