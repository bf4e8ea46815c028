"""What is counted on a whole page: both ways count alike, and what does not fit is refused."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.extract.document import Block, Element
from scraper.extract.plain_tally import Tally, tally

LINES = {"reply": 1, "add to cart": 1, "οδος": 1, "i\u0307stanbul": 1, "größe": 1, "\U0001f600": 1}
NAMES = {"reply": 1, "post": 1, "produkt": 1, "größe": 1}
HINTS = st.lists(st.sampled_from(["post", "-", "_", " ", "reply", "\u00a0", "größe", "x" * 80, "produkt"]), max_size=12).map("".join)
TEXTS = st.one_of(
    st.sampled_from(
        [
            "Reply",
            "ADD TO CART",
            "ΟΔΟΣ",
            "οδος",
            "\u0130stanbul",
            "İ" * 24,
            "GRÖSSE",
            "GRÖßE",
            "\U0001f600",
            "",
            "a" * 29,
            "b" * 30,
            "$¥€" * 90,
            "£" * 200,
            "₹\U0001f600",
        ]
    ),
    st.text(max_size=40),
)


def page(texts: list[str], hints: list[str], links: list[int]) -> tuple[Any, Any]:
    blocks = tuple(Block(text, -1, "p", link) for text, link in zip(texts, [*links, *[0] * len(texts)], strict=False))
    return blocks, tuple(Element("div", -1, 0, hint, hidden=False) for hint in hints)


@settings(max_examples=300)
@given(st.lists(TEXTS, max_size=12), st.lists(HINTS, max_size=8), st.lists(st.integers(0, 40), max_size=12), st.sets(st.integers(0, 11)))
def test_both_ways_count_alike(texts: list[str], hints: list[str], links: list[int], kept: set[int]) -> None:
    speedups: Any = pytest.importorskip("scraper.extract._speedups", reason="no compiler was there when this was installed")
    story = tuple(sorted(index for index in kept if index < len(texts)))
    given_ = (*page(texts, hints, links), story, LINES, NAMES)
    assert ordered(speedups.tally(*given_)) == ordered(tally(*given_))


def test_many_names_are_read_up_to_a_bound() -> None:
    speedups: Any = pytest.importorskip("scraper.extract._speedups", reason="no compiler was there when this was installed")
    for hints in ([f"box-{number} wide" for number in range(299)] + ["post"], ["x"] * 300 + ["post"], ["y " * 1499 + "post reply"]):
        given_ = (*page(["One."], hints, []), (0,), LINES, NAMES)
        assert ordered(speedups.tally(*given_)) == ordered(tally(*given_))


def ordered(found: Any) -> tuple[Any, ...]:
    counted = Tally(*found)
    return (*counted[:7], sorted(counted.lines), sorted(counted.names))


def test_what_stands_on_a_page_is_counted() -> None:
    texts = ["Reply", "A headline of another page, as long as one", "The story: £5.", "Add to cart: € 7, ₹ 9"]
    found = tally(*page(texts, ["post-body", "post reply_link"], [0, 40, 0, 50]), (2,), LINES, NAMES)
    assert found == Tally(82, 61, 14, 0, 1, 3, 3, ["reply"], ["reply", "post"])


@pytest.mark.parametrize("wrong", [{"kept": (1, 0)}, {"kept": (7,)}, {"blocks": (1,)}, {"elements": (("p",),)}, {"lines": {"x" * 99: 1}}])
def test_what_does_not_fit_is_not_counted(wrong: dict[str, Any]) -> None:
    speedups: Any = pytest.importorskip("scraper.extract._speedups", reason="no compiler was there when this was installed")
    blocks, elements = page(["One.", "Two."], ["a"], [])
    given_ = {"blocks": blocks, "elements": elements, "kept": (0,), "lines": LINES, "names": NAMES} | wrong
    with pytest.raises((TypeError, ValueError)):
        speedups.tally(*given_.values())
