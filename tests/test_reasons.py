"""Why blocks are dropped: the compiled way and the one in Python say the same, and wrong arguments are refused."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.extract import features, phrases, plain_reasons, reasons, walk
from scraper.extract.document import Element
from scraper.extract.plaintext import read_text
from scraper.records import Dropped

speedups: Any = pytest.importorskip("scraper.extract._speedups", reason="no compiler was there when this was installed")

NUMBERS = st.lists(st.floats(allow_nan=True) | st.sampled_from([0.125, 0.005, 0.015, 0.995, 1.0, -0.0]), min_size=9, max_size=9)


@settings(max_examples=200)
@given(
    NUMBERS,
    st.sets(st.integers(0, 8)),
    st.dictionaries(st.integers(0, 8), st.sampled_from(["a byline", "said"])),
    st.binary(min_size=9, max_size=9),
)
def test_both_ways_explain_dropped_blocks_alike(scores: list[float], kept: set[int], known: dict[int, str], chrome: bytes) -> None:
    page = walk.walk_html(
        "<nav>a<aside>b</aside></nav><div hidden>c<footer>d</footer></div><figcaption>e</figcaption><p>f<table><caption>g</caption></table>"
        f"<p>{'long ' * 90}</p><p><a href=x>links</a> x</p>"
    )
    assert len(page.blocks) == len(scores)
    for document in (page, read_text("\n".join("abcdefghi"))):
        layout = document.layout and tuple(getattr(document.layout, name) for name in ("element", "link_chars", "parent", "hidden"))
        texts = [block.text for block in document.blocks]
        given_ = (texts, tuple(sorted(kept)), scores, known, chrome, document.elements, layout, reasons.WORDS, Dropped)
        assert speedups.explain(*given_) == plain_reasons.explain(*given_)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kept": (1, 0)}, {"kept": (2,)}, {"kept": (-1,)}, {"scores": [0.5]}, {"chrome": b"\0"}, {"texts": [1, 2]}, {"elements": ()},
        {"elements": (1,)}, {"parent": [0]}, {"element": [7, 0]}, {"words": (("one",), {}, {})}, {"words": (reasons.SAID, {"p": 99}, {})},
        {"scores": ["a", "b"]}, {"kept": ("a",)}, {"record": str},
    ],
)  # fmt: skip
def test_what_does_not_fit_is_not_explained(wrong: dict[str, Any]) -> None:
    given_: dict[str, Any] = {
        "texts": ["One.", "Two."], "kept": (), "scores": [0.1, 0.2], "known": {}, "chrome": b"\0\0",
        "elements": (Element("p", -1, 1, "", hidden=False),), "element": [0, 0], "parent": [-1], "words": reasons.WORDS, "record": Dropped,
    } | wrong  # fmt: skip
    layout = tuple(np.asarray(numbers, dtype=np.int32) for numbers in (given_.pop("element"), [0, 0], given_.pop("parent"), [0]))
    record, words = given_.pop("record"), given_.pop("words")
    with pytest.raises((TypeError, ValueError, AttributeError)):
        speedups.explain(*given_.values(), layout, words, record)


def test_phrases_are_marked_by_their_kinds() -> None:
    texts = ["The harbour was closed for the night.", "Read more", "Advertisement", "Related stories"]
    found = features.text_rows(read_text("\n".join(texts)), None, None)
    assert list(found.phrases) == [phrases.phrase_number(text) for text in texts] == [0, 3, 2, 1]
