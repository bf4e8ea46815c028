"""Texts that say the same have the same hash, however they are set; texts that differ do not."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.fingerprints import block_fingerprint, text_hash

STORY = "The harbour “reopened” on Monday, officials said.\n\nIt had been closed for 12 days."


@pytest.mark.parametrize(
    "text",
    [
        'The harbour "reopened" on Monday, officials said. It had been closed for 12 days.',
        STORY.upper(),
        STORY.replace(" ", "\u00a0"),
        STORY.replace("harbour", "har\u00adbour"),
        STORY.replace("officials", "o\ufb03cials"),
        f"\ufeff  {STORY}\n",
        STORY.replace("Monday,", "Monday —"),
    ],
)
def test_setting_does_not_change_what_a_text_says(text: str) -> None:
    assert text_hash(text) == text_hash(STORY)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("closed for 12 days", "closed for 13 days"),
        ("It cost $5", "It cost €5"),
        ("लड़की आई", "लड़का आया"),
        ("Stéphane", "Stephane"),
        ("東京で雨", "京都で雨"),
    ],
)
def test_another_word_number_or_vowel_is_another_text(one: str, other: str) -> None:
    assert text_hash(one) != text_hash(other)


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert text_hash("Café in Đà Nẵng") == text_hash(unicodedata.normalize("NFD", "Café in Đà Nẵng"))


def test_numbers_in_a_block_that_a_site_repeats_all_count_alike() -> None:
    assert block_fingerprint("Views: 12") == block_fingerprint("Views: 3,456") == block_fingerprint("views ١٢")
    assert block_fingerprint("Views: 12") != block_fingerprint("Shares: 12")
    assert block_fingerprint("Read 2 of 3") != block_fingerprint("Read 2")


def test_the_hashes_stay_what_they_are_because_databases_hold_them() -> None:
    assert text_hash(STORY) == "66fd325a84e364197bd09ef94e754f49"
    assert block_fingerprint("Views: 12") == "29c0d700b0128c22"
    assert text_hash("") == text_hash(" \n—")


@given(st.text(alphabet=st.characters()))
def test_every_text_has_hashes_that_its_case_and_spacing_do_not_change(text: str) -> None:
    assert len(text_hash(text)) == 32
    assert len(block_fingerprint(text)) == 16
    assert text_hash(f" {text}.\n") == text_hash(text)


def test_a_pile_of_marks_counts_as_its_first_thirty() -> None:
    pile = "a" + "\u0301\u0323\u031b" * 100_000  # not cut, it takes minutes
    assert text_hash(f"{pile} word") == text_hash(f"{pile}\u0301 word")
    assert text_hash(f"{pile} word") != text_hash("a word")
    assert text_hash("Z\u0337\u0322a") != text_hash("Z\u0337a")
