"""The body's own decisions, above what the model says; and that the model's weights fit what is measured."""

from array import array
from collections.abc import Sequence

import pytest

from scraper.extract import body, model
from scraper.extract.article import document_of
from scraper.extract.body import Body, story
from scraper.extract.candidates import Claims, Found
from scraper.extract.document import Document
from scraper.extract.features import page_rows, text_rows
from scraper.extract.model import PIECE, probabilities
from scraper.extract.second_look import KEEP, possible, second_look
from scraper.extract.templates import Site
from scraper.extract.writer_notes import writer_notes
from scraper.fingerprints import block_fingerprint, opening_letters
from scraper.records import Repeated, Template

LINES = (
    "The orchard council met on Friday to decide whether the last cider press in the valley should be saved from the scrapyard.",
    "Nobody spoke against it, but nobody could say where the money was to come from either, and the vote was put off by a month.",
    "“A press that does not press is a sculpture,” said Ruta Balode, who chairs the council and owns eleven trees herself.",
)
HEADLINE = "Valley puts off vote on its last cider press"


def page(*lines: str) -> Document:
    return document_of(f"<html><body><h1>{HEADLINE}</h1><div>{''.join(f'<p>{line}</p>' for line in lines)}</div></body></html>")


def told(document: Document) -> list[str]:
    return (story(document, HEADLINE, 0).text or "").split("\n\n")


def test_the_headline_again_is_no_part_of_the_story() -> None:
    found = story(page(HEADLINE, *LINES), HEADLINE, 0)
    assert found.text == "\n\n".join(LINES)
    assert found.span == (2, 5)


@pytest.mark.parametrize(
    "note",
    [
        "Karl Vitols is agriculture correspondent at the Valley Courier. He has covered orchards since 1998.",
        "Karl Vitols writes for the Valley Courier. Send a message to the newsroom.",
    ],
)
def test_a_note_about_the_writer_is_no_part_of_the_story(note: str) -> None:
    assert told(page(*LINES, note)) == list(LINES)


def test_lines_below_a_note_about_the_writer_are_no_part_of_the_story() -> None:
    note = "Karl Vitols is agriculture correspondent at the Valley Courier. He has covered orchards since 1998."
    document = page(*LINES, note, "Get the Courier on your phone and be the first to know", "grey shape", "Ask about this story:")
    assert writer_notes(document, (1, 2, 3, 4, 6, 7)) == ((4,), (6, 7))
    assert writer_notes(document, (1, 2, 3, 6)) == ((), (6,))
    assert writer_notes(page(*LINES, "grey shape"), (1, 2, 3, 4)) == ((), ())
    assert writer_notes(page(note), (1,)) == ((), ())


def test_a_paragraph_that_tells_what_somebody_is_stays_in_the_middle() -> None:
    middle = "Karl Vitols is an orchard keeper at Upper Salt and voted for the press, as did his two brothers and his mother."
    assert middle in told(page(LINES[0], middle, *LINES[1:]))


def test_what_the_site_repeats_is_dropped_however_likely_it_looks() -> None:
    mark = Repeated(letters=opening_letters(LINES[1]), pages=4)
    site = Site(page(*LINES), Template(pages=6, repeated={block_fingerprint(LINES[1]): mark}))
    found = story(site.document, HEADLINE, 0, site=site)
    assert found.text == f"{LINES[0]}\n\n{LINES[2]}"
    assert any(block.text == LINES[1] and "other pages" in block.reason for block in found.dropped)


def _kept(scores: list[float], texts: Sequence[str]) -> list[int]:
    return body._likely(scores, possible(scores), texts)


def test_a_hole_of_one_line_is_filled_and_a_wider_one_is_not() -> None:
    assert _kept([0.9, 0.4, 0.9, 0.4, 0.4, 0.9], LINES * 2) == [0, 1, 2, 5]


def test_a_short_line_beside_the_story_must_be_surer_than_one_inside_it() -> None:
    paragraph = "The ferry to the outer islands left late again, and nobody at the quay could say why that was or when it will end."
    texts = ["Half past nine", "At the quay", paragraph, "Wait", paragraph, "Harbour Times", "Nobody knows"]
    assert _kept([0.5, 0.7, 0.9, 0.5, 0.9, 0.5, 0.7], texts) == [1, 2, 3, 4, 6]
    assert _kept([0.5, 0.5], texts[:2]) == [0, 1]


def test_a_paragraph_among_the_story_s_own_is_kept_where_the_model_doubts_it() -> None:
    document = page(*LINES * 2)
    scores = [0.0, 0.9, 0.9, 0.2, 0.9, 0.9, 0.05]
    assert second_look(document, scores, possible(scores), 0, None) == [0.0, 0.9, 0.9, KEEP, 0.9, 0.9, 0.05]


def test_a_paragraph_among_doubtful_ones_stays_in_doubt() -> None:
    document = page(*LINES * 2)
    scores = [0.0, 0.9, 0.3, 0.2, 0.3, 0.1, 0.9]
    assert second_look(document, scores, possible(scores), 0, None) == scores


def test_a_description_shown_above_the_story_is_its_standfirst() -> None:
    lead = "Nobody wants to lose the press, and nobody wants to pay for it."
    document = page(lead, "Ruta Vane", *LINES)
    claims = Claims(descriptions=(Found(lead, "meta:og:description"),))
    doubted = [0.0, 0.2, 0.1, 0.9, 0.9, 0.9]
    assert second_look(document, doubted, possible(doubted), 0, claims) == [0.0, KEEP, *doubted[2:]]
    assert second_look(document, doubted, possible(doubted), 1, claims) == doubted
    assert second_look(document, [0.0, 0.02, *doubted[2:]], possible([0.0, 0.02, *doubted[2:]]), 0, claims)[1] == 0.02


def _likely(monkeypatch: pytest.MonkeyPatch, looks: list[float]) -> None:
    """Have the network say this; what calls it is compiled, and would not see another function in the place of one of its own."""
    monkeypatch.setattr(model, "forward", lambda *_: array("f", looks).tobytes())


def test_a_model_at_a_loss_keeps_what_it_finds_likeliest_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    document = page(*LINES * 4)
    count = len(document.blocks)
    assert story(document, HEADLINE, 0).signal == "model"
    _likely(monkeypatch, [0.1, *[0.2] * (count - 1)])
    found = story(document, HEADLINE, 0)
    assert (found.signal, found.text, found.confidence) == ("model:loosened", "\n\n".join(LINES * 4), 0.3)
    linked = document._replace(blocks=tuple(block._replace(link_chars=len(block.text)) for block in document.blocks))
    assert story(linked, HEADLINE, 0).signal == "model"


def test_another_opinion_is_asked_only_where_even_a_lower_bar_finds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    document = page(*LINES * 4)
    count = len(document.blocks)
    asked: list[int] = []

    def opinion() -> list[float]:
        asked.append(1)
        return [0.0, *[1.0] * (count - 1)]

    for looks in ([0.0, *[1.0] * (count - 1)], [0.1, *[0.2] * (count - 1)]):
        _likely(monkeypatch, looks)
        assert story(document, HEADLINE, 0, opinion=opinion).signal in {"model", "model:loosened"}
    assert not asked
    _likely(monkeypatch, [0.0] * count)
    found = story(document, HEADLINE, 0, opinion=opinion)
    assert asked
    assert (found.signal, found.text, found.confidence) == ("trafilatura", "\n\n".join(LINES * 4), 0.3)


def test_a_page_of_too_many_blocks_says_what_was_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    document = page(*LINES * 8)
    monkeypatch.setattr(body, "MAX_BLOCKS", 12)
    _likely(monkeypatch, [0.0, *[1.0] * 11])
    found = story(document, HEADLINE, 0)
    assert found.span == (1, 12)
    assert found.dropped[-1].reason == "13 blocks after the first 12 were not looked at"


def test_a_page_without_text_has_no_story() -> None:
    assert story(document_of("<html></html>"), None, None) == Body()


def test_the_weights_fit_the_columns_and_long_pages_are_scored_piece_by_piece() -> None:
    document = page(*LINES * (PIECE // 3 + 20))
    for kind, rows in (("page", page_rows(document, HEADLINE, 0)), ("text", text_rows(document, HEADLINE, 0))):
        scores = probabilities(rows.table, kind)  # type: ignore[arg-type]
        assert len(scores) == len(document.blocks)
        assert all(0 <= score <= 1 for score in scores)
