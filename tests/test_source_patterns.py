"""A regular expression that cannot do what it is there for is found by looking at it, and one that can is left in peace."""

import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.sources.automata import TooLarge, automaton
from scraper.sources.patterns import fault_of_text_pattern, fault_of_url_pattern


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a+)+$",
        r"(?:\w+\s?)+!",
        r"^(?:a|a)*b",
        r"(a|aa)+$",
        r"([a-z]+)*\d",
        r"(.*)*x",
        r"(?:[a-z0-9]+-?)+/$",
        r"(\d+|\w+)*;",
        r"(x+x+)+y",
        r"(?:a?b?)*c",
        r"(a{1,30}){1,30}b",
        r"(?i)(?:[a-z]+|A)*!",
    ],
)
def test_what_can_be_divided_in_many_ways_may_take_for_ever(pattern: str) -> None:
    assert "may take for ever" in (fault_of_text_pattern(pattern) or "")


@pytest.mark.parametrize(
    "pattern",
    [
        r"/news/\d{4}/",
        r"(?:[a-z]+-)*\d+",
        r"^https?://[^/]+/(?:a|b)/",
        r"/story-(\d{6,})",
        r"(?:[a-z0-9]+-)+[0-9]+$",
        r"(?:/[^/]+)+/x",
        r"(?>a+)+b",
        r"(?:a{3})+b",
        r"(?:a{1,2}b)*c",
        r"(?:a{2}|b{0})+c",
        r"(?=a+)b*c",
        r"(\w+)-\1x",
        r"[a-z]+[a-z]+\d",  # slow in the second power only
        r"(a+)+",  # nothing follows that could fail
        "[\u00e0-\u00ff]+x",
    ],
)
def test_what_can_be_divided_in_one_way_is_no_trouble(pattern: str) -> None:
    assert fault_of_text_pattern(pattern) is None


def test_what_is_said_to_take_for_ever_does() -> None:
    code = "import re; re.search(r'(?:[a-z0-9]+-?)+/$', 'a' * 60 + '!')"
    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run([sys.executable, "-c", code], timeout=1, check=True)


@pytest.mark.parametrize(
    "pattern", ["^/news/", "/m\u00e1s/", "/a b/", "x^y", r"\.html$x", r"^www\.", "(?i)^web desk$", "<a>", r"[^\x00-\x7f]"]
)
def test_what_no_address_can_hold_finds_nothing(pattern: str) -> None:
    assert fault_of_url_pattern(pattern) == "finds nothing in any address"


@pytest.mark.parametrize("pattern", ["", ".*", "http", "^https?://", "/", "x*", r"\w"])
def test_what_every_address_holds_tells_nothing_apart(pattern: str) -> None:
    assert fault_of_url_pattern(pattern) == "finds something in every address"


@pytest.mark.parametrize(
    "pattern", [r"\.html?$", "^https://post", r"(?:^|/)news", r"/(?:de|fr)/\d+", r"\?id=\d", r"(?i)/NEWS/", r"\bnews\b", "#"]
)
def test_a_pattern_that_some_addresses_hold_is_sound(pattern: str) -> None:
    assert fault_of_url_pattern(pattern) is None


@pytest.mark.parametrize("pattern", ["x^y", r"\.$x", r"a\Zb"])
def test_what_no_text_can_hold_finds_nothing(pattern: str) -> None:
    assert fault_of_text_pattern(pattern) == "finds nothing in any text"


@pytest.mark.parametrize("pattern", ["^Photo: .*", r"\s*\(ends\)$", " - The Post$", "(?m)a$\n^b", "m\u00e1s", "\u8a9e", "(?s)a.b"])
def test_a_pattern_for_texts_is_sound(pattern: str) -> None:
    assert fault_of_text_pattern(pattern) is None


def test_an_expression_that_is_too_large_to_look_at_is_let_pass() -> None:
    large = "(?:" + "|".join(f"word{number}" for number in range(300)) + ")+x"
    with pytest.raises(TooLarge):
        automaton(large)
    assert fault_of_text_pattern(large) is None


PIECES = ["a", "b", "ab", r"\w", "[ab]", "^", "$", "(?:", ")", "|", "*", "+", "?", "{1,3}", "(?=", "(?>", r"\b", "."]


@given(st.lists(st.sampled_from(PIECES), max_size=10), st.text("ab \n", max_size=8))
def test_what_is_found_somewhere_is_never_said_to_find_nothing(pieces: list[str], text: str) -> None:
    pattern = "".join(pieces)
    try:
        found = re.search(pattern, text)
    except re.error:
        return
    if found:
        assert "nothing" not in (fault_of_text_pattern(pattern) or "")
