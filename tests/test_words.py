"""The compiled reading of a story's words: the same answers as the Python that it stands for."""

import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sanitizing import assert_runs_sanitized

from scraper import fingerprints
from scraper.copies import LEAST_WORDS, MOST_WORDS, SAMPLED
from scraper.words import plain

compiled: Any = pytest.importorskip("scraper.words._marks", reason="no compiler was there when this was installed")

# What words are made of and what sets them apart: scripts with and without spaces, digits of both, apostrophes, halves of surrogate pairs.
SIGNS = "abcäß_ſ09٣๕.,:'’-– \t\n\x1c?²½東京カ・ー한กิ\u0e50ມខကا\ud800\udfff\U00020000𝒳𝟘"
TEXTS = st.text(st.one_of(st.sampled_from(SIGNS), st.characters()), max_size=120)


@given(TEXTS)
@example("3.500,5 boats at 12:30, v2.0, 7th; don't re-open Müller’s")
@example("東京2,000人と大阪の경기는ก๕5๕")
def test_words_are_taken_apart_alike(text: str) -> None:
    for most, least, sampled in ((MOST_WORDS, LEAST_WORDS, SAMPLED), (7, 0, 1), (MOST_WORDS, 3, 2), (7, 2, 3)):
        assert compiled.marks(text, most, least, sampled, plain.folds_of) == plain.marks(text, most, least, sampled, plain.folds_of)


@given(TEXTS)
@example("don't re-open --x-- Müller’s a-中国-b '' 中’a")
def test_words_are_counted_alike(text: str) -> None:
    assert compiled.count(text) == plain.count(text)


@given(TEXTS)
@example("\U000323af")
@example("\U000323b0")
def test_scripts_without_spaces_are_seen_alike(text: str) -> None:
    assert compiled.has_unspaced(text) == plain.has_unspaced(text)


def test_every_character_is_folded_alike() -> None:
    for start in range(0, 0x20000, 512):  # beyond there is no case
        text = " ".join(f"{chr(code)}x{chr(code)}abc" for code in range(start, start + 512))
        assert compiled.marks(text, 10_000, 0, 1, plain.folds_of)[1:] == plain.marks(text, 10_000, 0, 1, plain.folds_of)[1:]


# Letters that stand for themselves, those that become several, digits of several scripts, and what depends on its neighbours.
SAID = "aÀéßŉΐİſñςΣДю“”’–…\u00ad\u200b ½²①⁄ﬁ﷽0٣๕३12東ー가각\u1100\u1161\u11a8\u0301\u0323กิक्ि¨\ud800\U0001f600\U00016d67𝟘𝒳"


@given(st.text(st.one_of(st.sampled_from(SAID), st.characters(max_codepoint=0x24F), st.characters())))
@example("Views: 3,456 ½ von 12.٣4 Straße, “ﬁn” 東京2,000人")
def test_what_a_text_says_is_said_alike(text: str) -> None:
    for alike in (False, True):
        found = compiled.said(text, alike, fingerprints.left_by)
        assert found in {None, fingerprints.said_plainly(text, digits_alike=alike)}


def test_the_texts_of_most_languages_are_said_quickly() -> None:
    for text in ("Straße: “Grüße”, 12,5 %…", "Đà Nẵng", "Łódź – ‚nie’", "Мэр города", "τέλος", "東京都、雨。", "서울의 비", "سلام ٣"):
        assert compiled.said(text, False, fingerprints.left_by) == fingerprints.said_plainly(text, digits_alike=False)


def test_no_character_that_joins_the_one_before_it_is_taken_alone() -> None:
    pairs = (unicodedata.decomposition(chr(code)).split() for code in range(sys.maxunicode + 1))
    seconds = {chr(int(pair[1], 16)) for pair in pairs if len(pair) == 2 and not pair[0].startswith("<")}
    assert len(seconds) > 50
    for second in seconds:
        assert compiled.said(f"a{second}", False, fingerprints.left_by) is None


def test_an_answer_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="256"):
        compiled.said("\U000e4567", False, lambda _: b"short")
    with pytest.raises(ValueError, match="256"):
        compiled.marks("\U000e4567", 1, 1, 1, lambda _: b"short")


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(TypeError):
        compiled.said(b"bytes", False, fingerprints.left_by)
    with pytest.raises(TypeError):
        compiled.count(None)
    with pytest.raises(TypeError):
        compiled.marks(b"bytes", 1, 1, 1, plain.folds_of)
    with pytest.raises(TypeError):
        compiled.has_unspaced(b"bytes")
    with pytest.raises(ValueError, match="one in how many"):
        compiled.marks("text", 1, 1, 0, plain.folds_of)


FUZZ = """
import random, sys
sys.path.insert(0, sys.argv[1])
import _marks
from scraper.words import plain
from scraper import fingerprints
chance, signs = random.Random(7), sys.argv[2].encode().decode("unicode_escape")
for turn in range(5000):
    text = "".join(chance.choices(signs, k=chance.choice((0, 1, 2, 3, 10, 100))))
    for limits in ((5000, 30, 16), (7, 0, 1), (5000, 3, 2), (0, 0, 1)):
        assert _marks.marks(text, *limits, plain.folds_of) == plain.marks(text, *limits, plain.folds_of), (text, limits)
    assert _marks.count(text) == plain.count(text), text
    for alike in (False, True):
        assert _marks.said(text, alike, fingerprints.left_by) in (None, fingerprints.said_plainly(text, digits_alike=alike)), text
print("done")
"""


def test_the_compiled_code_touches_no_memory_but_its_own(tmp_path: Path) -> None:
    sources = sorted((Path(__file__).resolve().parents[1] / "scraper" / "words" / "c").glob("*.c"))
    assert_runs_sanitized(tmp_path, "_marks", sources, FUZZ, SIGNS.casefold().encode("unicode_escape").decode())
