"""What the body model is told of a block beyond its own text: what class names mean, what the markup quotes, where the prose gathers."""

from typing import Any

import numpy as np
import pytest

from scraper.extract.article import document_of
from scraper.extract.candidates import Claims, Found
from scraper.extract.class_kinds import kind_names
from scraper.extract.document import Document
from scraper.extract.features import page_matrix
from scraper.extract.fields import opening
from scraper.extract.inner_loops import witness
from scraper.extract.story_words import COLUMNS as WORDS
from scraper.extract.witness import WIDTH, told

LEAD = "The ferry to the outer islands will sail twice a day from May, the harbour board said on Monday."
LINES = (
    "It is the first new timetable in eleven years, and the first that nobody in the islands has asked to be withdrawn.",
    "Two boats are to share the route, so that one can be mended while the other sails, which was not so until now.",
)


PROSE = 13


def laid(markup: str) -> Document:
    return document_of(f"<html><body>{markup}</body></html>")


def kinds_of(markup: str) -> tuple[set[str], set[str]]:
    """Give the kinds of the page's only block: its own or its parent's, and any around it."""
    names = kind_names()
    values = page_matrix(laid(markup), None, None)[0, -WORDS - PROSE - 2 * len(names) : -WORDS - PROSE].tolist()
    near, around = values[: len(names)], values[len(names) :]
    return {name for name, held in zip(names, near, strict=True) if held}, {name for name, held in zip(names, around, strict=True) if held}


@pytest.mark.parametrize("name", ["imagecaption", "image-caption", "Media__Caption--wide", "photo_credit"])
def test_a_caption_is_told_however_its_name_is_spelt(name: str) -> None:
    assert "caption" in kinds_of(f'<div class="{name}">Boats at dawn</div>')[0]


def test_short_words_count_only_as_words() -> None:
    assert kinds_of('<div class="header loaded">Ferries</div>')[0] == set()
    assert kinds_of('<div class="ad">Ferries</div>')[0] == {"advert"}


def test_what_stands_further_up_is_around_and_not_near() -> None:
    near, around = kinds_of('<div id="comments"><ul class="x"><li><p>I like boats.</p></li></ul></div>')
    assert (near, around) == (set(), {"comment"})


def test_a_page_without_markup_around_its_text_has_no_kinds() -> None:
    assert kinds_of("Just text") == (set(), set())


def quoted(texts: list[str], **claims: str) -> list[list[float]]:
    found: dict[str, Any] = {name: (Found(value, "json_ld:test"),) for name, value in claims.items()}
    return np.frombuffer(witness(texts, *told(Claims(**found))), dtype=np.float32).reshape(-1, WIDTH).round(2).tolist()


def test_a_description_that_is_shown_is_found_also_when_it_is_cut_off() -> None:
    rows = quoted(["Menu", LEAD, *LINES], descriptions=LEAD[:70] + "…")
    assert [row[:3] for row in rows] == [[1, 0, 0], [1, 1, 0], [1, 0, 0], [1, 0, 0]]
    assert quoted([LEAD], descriptions=LEAD)[0][:3] == [1, 1, 1]


def test_a_place_before_the_description_does_not_hide_it() -> None:
    assert quoted([f"Outer Salt. {LEAD}"], descriptions=LEAD)[0][:3] == [1, 0.5, 1]


def test_blocks_that_the_article_body_holds_are_marked() -> None:
    rows = quoted(["Menu of the day and other things", *LINES, "Read more about this and that"], bodies="\n".join(LINES))
    assert [row[5] for row in rows] == [0, 1, 1, 0]
    assert [row[6] for row in rows] == [0, 0.5, 1, 1]


def test_a_page_that_claims_nothing_has_no_witness() -> None:
    assert told(None) == told(Claims()) == ((), "")
    assert witness([LEAD], (), "") == bytes(4 * WIDTH)


def test_the_article_body_of_the_page_s_object_is_claimed() -> None:
    script = f'<script type="application/ld+json">{{"@type":"NewsArticle","articleBody":"{LEAD}"}}</script>'
    claims = opening(document_of(f"<html><head>{script}</head><body><p>{LEAD}</p></body></html>"), None).claims
    assert [claim.value for claim in claims.bodies] == [LEAD]


def test_blocks_inside_the_element_that_holds_the_prose_are_told_from_those_outside() -> None:
    story = "".join(f"<p>{line}</p>" for line in LINES)
    document = laid(f"<ul><li>Home</li><li>News</li></ul><div><div>{story}</div><p>Share</p></div>")
    columns = page_matrix(document, None, None)[:, -WORDS - PROSE : -WORDS].T
    assert columns[0].tolist() == [0, 0, 1, 1, 0]
    assert columns[-1].tolist() == [0, 0, 1, 1, 0]


def test_a_page_without_prose_has_numbers_too() -> None:
    assert np.all(np.isfinite(page_matrix(laid("<p>a</p>"), None, None)))
