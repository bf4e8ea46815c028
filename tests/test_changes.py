"""Each kind of change is told from the others, and the difference is shown word by word."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scraper.changes import Change, ChangeKind, Piece, Telling, change_between, paragraph_pieces, word_pieces

FIRST = "The ferry sails again from March, the harbour board said on Monday after a meeting of two hours."
SECOND = "Nobody wanted to say what the new boiler will cost, but it is to be paid for by the county."
BEFORE = Telling(headline="Ferry sails again", body=f"{FIRST}\n\n{SECOND}")


def after(*paragraphs: str, headline: str = "Ferry sails again") -> Telling:
    return Telling(headline=headline, body="\n\n".join(paragraphs))


@pytest.mark.parametrize(
    ("telling", "kinds"),
    [
        (after(FIRST, SECOND), ()),
        (after(FIRST.upper(), f"“{SECOND}”"), ()),
        (after(FIRST, SECOND, headline="FERRY “sails again”"), ()),
        (after(FIRST, SECOND, headline="Ferry to sail in spring"), ("headline",)),
        (after(FIRST.replace("Monday", "Tuesday"), SECOND), ("small_edit",)),
        (after(FIRST, SECOND, "The first boat leaves at six in the morning and carries forty cars and a mail van."), ("text_added",)),
        (after(FIRST), ("text_removed",)),
        (after(FIRST, SECOND, "Correction: the board met on Sunday."), ("correction", "small_edit")),
        (after(FIRST, SECOND, "[Richtigstellung – der Preis stimmt nicht.]"), ("correction", "small_edit")),
        (
            after(FIRST, SECOND, "An earlier version of this report gave the wrong month, and we beg pardon."),
            ("correction", "text_added"),
        ),
        (after(FIRST, SECOND, "訂正:価格に誤りがありました。"), ("correction", "text_added")),
        (after(FIRST, SECOND, "Correction officers are on strike too."), ("small_edit",)),
    ],
)
def test_a_change_is_of_these_kinds(telling: Telling, kinds: tuple[ChangeKind, ...]) -> None:
    assert change_between(BEFORE, telling).kinds == kinds


def test_words_that_came_and_went_are_counted() -> None:
    assert change_between(BEFORE, after(FIRST.replace("on Monday ", ""), f"{SECOND} So be it.")) == Change(("small_edit",), 3, 2)


def test_chrome_alone_is_no_change_of_the_story() -> None:
    promo = "Download our app"
    assert change_between(after(FIRST, promo, SECOND), BEFORE, is_chrome=promo.__eq__).kinds == ("chrome",)
    assert change_between(after(FIRST, promo), BEFORE, is_chrome=promo.__eq__).kinds == ("text_added",)
    assert change_between(after(FIRST, promo, SECOND), after(FIRST, SECOND, headline="New"), is_chrome=promo.__eq__).kinds[0] == "headline"


def test_other_fields_count_where_the_text_is_the_same() -> None:
    assert change_between(BEFORE, BEFORE, details=True).kinds == ("details",)
    assert change_between(BEFORE, after(FIRST), details=True).kinds == ("text_removed",)


def test_a_standfirst_that_opens_the_body_is_not_counted_twice() -> None:
    told = Telling(headline="Ferry sails again", standfirst=FIRST, body=BEFORE.body)
    assert change_between(BEFORE, told).kinds == ()


def test_an_edited_paragraph_is_paired_with_what_it_was() -> None:
    edited = FIRST.replace("March", "April")
    assert list(paragraph_pieces(f"{FIRST}\n\n{SECOND}", f"New here.\n\n{edited}\n\n{SECOND}")) == [
        ("", "New here."),
        (FIRST, edited),
        (SECOND, SECOND),
    ]


def test_pieces_say_what_stayed_came_and_went() -> None:
    assert word_pieces("from March on", "from late April on") == [
        Piece("same", "from"),
        Piece("removed", "March"),
        Piece("added", "late April"),
        Piece("same", "on"),
    ]
    assert word_pieces("", "new") == [Piece("added", "new")]


@given(st.text(alphabet="ab \n", max_size=60), st.text(alphabet="ab \n", max_size=60))
@example("aa", "a a")
def test_the_pieces_hold_all_that_both_say(before: str, now: str) -> None:
    """Without the spaces: paragraphs that differ only in how they are set are the same, and told once."""
    pieces = [piece for pair in paragraph_pieces(before, now) for piece in word_pieces(*pair)]
    assert unspaced(*(piece.text for piece in pieces if piece.how != "added")) == unspaced(before)
    assert unspaced(*(piece.text for piece in pieces if piece.how != "removed")) == unspaced(now)


def unspaced(*texts: str) -> str:
    return "".join("".join(texts).split())


def test_a_story_of_ten_thousand_paragraphs_is_compared() -> None:
    old = [f"Line {number} of the log." for number in range(10_000)]
    assert change_between(after(*old), after(*(f"{line} Seen." for line in old))).words_added >= 10_000
