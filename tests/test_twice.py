"""A page that holds its story twice gives it once; a page that repeats a line or two keeps them."""

from scraper.extract.article import extract
from scraper.extract.twice import second_copy

STORY = [f"On day {number} the ferry to the outer islands left late, and nobody at the quay could say why." for number in range(8)]
SET = ["Delays", *STORY[:4], "What comes next", *STORY[4:]]


def test_the_second_copy_of_a_story_is_given_with_the_subheads_inside() -> None:
    assert second_copy([*SET, *SET], range(20)) == tuple(range(11, 20))


def test_a_copy_may_leave_lines_out_and_add_some() -> None:
    texts = [*SET, *SET[:5], "A line that only the page for phones shows, long enough to count.", *SET[5:]]
    assert second_copy(texts, range(21)) == (11, 12, 13, 14, 17, 18, 19, 20)


def test_a_few_repeated_paragraphs_are_the_storys_own() -> None:
    assert second_copy([*SET, *STORY[:4]], range(14)) == ()
    assert second_copy([*STORY, *(f"Week {week}: {line}" for week in range(3) for line in STORY), *STORY[:5]], range(37)) == ()


def test_one_paragraph_said_many_times_is_no_copy() -> None:
    assert second_copy([*STORY, *STORY[:1] * 9], range(17)) == ()


def test_a_page_for_wide_screens_and_for_phones_gives_its_story_once() -> None:
    told = "".join(f"<p>{line} The harbour master promised a new timetable before the summer is over.</p>" for line in STORY)
    page = (
        "<html><body><h1>The ferry is late again</h1>"
        f"<div class='wide'><article>{told}</article></div><div class='phone'><article>{told}</article></div></body></html>"
    )
    body = extract(page).body
    assert body is not None
    assert [body.count(line) for line in STORY] == [1] * len(STORY)
