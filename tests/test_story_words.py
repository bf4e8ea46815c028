"""The words that blocks begin with: both ways of weighing them give the same numbers, and what those are."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.extract import plain_words
from scraper.extract.sorts import tables
from scraper.extract.story_words import COLUMNS, weights_of, word_columns, word_weights

WEIGHTS = {"harbour": 50, "cookies": -120, "ärger": -55, "и": 3, "ι": 4, "d": -2, "far": 200}
ODD = ["", "HARBOUR d'Ärger, и", "x" * 500 + " harbour", "𝒳 harbour 中文cookies", "İ far", "a" * 237 + " far", "ΣΑΣ Ι", "cookies " * 60]


def test_words_are_weighed_in_any_case_and_numbers_lie_within_one() -> None:
    row = word_columns(["Harbour COOKIES, harbour!", "nothing known", "far far"], WEIGHTS)
    assert row[0].tolist() == pytest.approx([-20 / 420, -20 / 3 / 50, -0.8, 50 / 150])
    assert row[1].tolist() == [0] * COLUMNS
    assert row[2].tolist() == pytest.approx([0.5, 1, 1, 1])


def test_only_the_beginning_of_a_text_is_read() -> None:
    assert not word_columns(["x" * 500 + " harbour"], WEIGHTS).any()


def test_the_shipped_words_are_lower_case_and_have_weights_of_both_signs() -> None:
    weights = word_weights()
    assert all(word == word.lower() and weight for word, weight in weights.items())
    assert min(weights.values()) < 0 < max(weights.values())


def test_a_table_is_read_without_its_comments() -> None:
    assert weights_of("# word\tweight\nfar\t20\n\ncookies\t-5\n") == {"far": 20, "cookies": -5}


@pytest.mark.parametrize("weights", [WEIGHTS, {}], ids=["weights", "none"])
def test_both_ways_weigh_odd_texts_alike(weights: dict[str, int]) -> None:
    speedups: Any = pytest.importorskip("scraper.extract._speedups", reason="no compiler was there when this was installed")
    assert speedups.weigh_words(ODD, weights, *tables()) == plain_words.weigh_words(ODD, weights, *tables())


@settings(max_examples=200)
@given(st.lists(st.lists(st.sampled_from([*WEIGHTS, " ", "\n", "'", "É", "中", "\U0001f600", "Far", "7"])).map("".join), max_size=4))
def test_both_ways_weigh_texts_alike(texts: list[str]) -> None:
    speedups: Any = pytest.importorskip("scraper.extract._speedups", reason="no compiler was there when this was installed")
    found = speedups.weigh_words(texts, WEIGHTS, *tables())
    assert found == plain_words.weigh_words(texts, WEIGHTS, *tables())
    assert len(found) == len(texts) * COLUMNS * np.dtype(np.float32).itemsize


def test_a_weight_that_is_no_hundredth_and_a_text_that_is_none_are_refused() -> None:
    speedups: Any = pytest.importorskip("scraper.extract._speedups", reason="no compiler was there when this was installed")
    with pytest.raises(ValueError, match="between"):
        speedups.weigh_words(["a"], {"a": 5000}, *tables())
    with pytest.raises(TypeError, match="str"):
        speedups.weigh_words([1], WEIGHTS, *tables())
