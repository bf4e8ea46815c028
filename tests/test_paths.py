"""The paths of a page's elements: the compiled way and the one in Python say the same, whatever the elements are called."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.extract import plain_paths
from scraper.extract.article import document_of
from scraper.extract.document import Element
from scraper.extract.paths import Paths, _signature

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted((ROOT / "fixtures" / "sites").rglob("*.html"))
WORDS = (
    *"story post post-12 postid-9 entry-4 page-id-7 node- sc- sc-hxqbdf dlxib lead category-sea tag-2 author-x term- col-md-6".split(),
    *"css-1x2y3z jsx-3 _ngcontent-a-c12 data-v-1 :r1: bcdfg bcdfgy bcdf a1b2c3 a1b2 0 00 12-34-56 ä-story ٣-story".split(),
    *"story_text__x7Fa2 story_text__q0opz a_b__x7fa2 _b__x7fa2 a_b___-+_a text__a1b2c3d4 text__a1b2c3d4e __a1b2c __abcde __x7fa2 _".split(),
    "x" * 150,
)
HINTS = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join),
    st.lists(st.sampled_from(WORDS), max_size=9).map("\t ".join),
    st.text(alphabet="ab_0-9+ :x\x1f\x0b\u00e9", max_size=30),
    st.text(max_size=12),
)
TAGS = st.sampled_from(("div", "html", "body", "p", "x-story", "é"))


def compiled() -> Any:
    return pytest.importorskip("scraper.extract._speedups", reason="no compiler was there when this was installed")


@st.composite
def trees(draw: st.DrawFn) -> tuple[Element, ...]:
    named = draw(st.lists(st.tuples(TAGS, HINTS), max_size=12))
    parents = [draw(st.integers(-1, at - 1)) for at in range(len(named))]
    return tuple(Element(tag, parent, 0, hint, hidden=False) for (tag, hint), parent in zip(named, parents, strict=True))


@settings(max_examples=500)
@given(trees())
def test_both_ways_give_the_same_paths(elements: tuple[Element, ...]) -> None:
    assert compiled().paths(elements, _signature) == plain_paths.paths(elements, _signature)


@pytest.mark.parametrize("word", WORDS)
def test_a_word_counts_the_same_both_ways_alone_and_beside_others(word: str) -> None:
    elements = tuple(
        Element("div", -1, 0, hint, hidden=False) for hint in (word, f"post-1 {word}", f"sc-x {word}", f"{word} {word}", f" {word}")
    )
    assert compiled().paths(elements, _signature) == plain_paths.paths(elements, _signature)


def test_the_fixtures_elements_have_the_same_paths_both_ways() -> None:
    for page in PAGES:
        elements = document_of(page.read_text("utf-8", "replace")).elements
        found = compiled().paths(elements, _signature)
        assert found == plain_paths.paths(elements, _signature)
        assert len(found) == len(elements)


def test_a_path_is_the_hash_of_what_stands_around() -> None:
    elements = (Element("body", -1, 0, "home", hidden=False), Element("div", 0, 1, "story post-7", hidden=False))
    known = Paths(elements)
    assert known.of_all() == ("dba80bb2", "5aae2e6d")
    assert (known.of(1), known.of(-1), known.label(1)) == ("5aae2e6d", "00000000", "body > div.story.post-0")


@pytest.mark.parametrize(
    "elements", [((),), (("p", 0, 0, "", False),), (("p", -2, 0, "", False),), (("p", "", 0, "", False),), ((1, -1, 0, "", False),), (3,)]
)
def test_what_is_no_tree_has_no_paths(elements: tuple[Any, ...]) -> None:
    with pytest.raises((TypeError, ValueError)):
        compiled().paths(elements, _signature)


def test_a_signature_that_fails_is_an_error() -> None:
    with pytest.raises(ZeroDivisionError):
        compiled().paths((Element("é", -1, 0, "", hidden=False),), lambda *_: 1 // 0)
    with pytest.raises(TypeError):
        compiled().paths((Element("é", -1, 0, "", hidden=False),), lambda *_: 1)
