"""A live blog is its parent story and its entries with their times, in the order of the page, and nothing that stands around them."""

import pytest

from scraper import extract
from scraper.extract.live_blog import says_live

PARENT = "After two days of rain the river has left its bed. We report here on what happens in the valley until the water has gone down."
ENTRIES = (
    (
        "19:30",
        "Water falls at last",
        "The river has dropped by ten centimetres since noon, and the ferries will sail again from six o'clock.",
    ),
    (
        "18:31",
        "School gym opens for the night",
        "Whoever cannot go home may sleep in the gym. “Bring a blanket,” said Ilse Brandt, the caretaker.",
    ),
    ("17:32", "Bridge closed", "The old bridge was closed at noon, after a tree had struck its second pier. Engineers will look at it."),
    (
        "16:33",
        "First cellars under water",
        "The fire brigade has pumped out eleven cellars in Mill Lane since the morning. Nobody has been hurt.",
    ),
)
SHARE = "<ul class='share'><li><a href='#'>Share on the wall</a></li><li><a href='#'>Copy the link to this entry</a></li></ul>"
SAID = "I have seen the water from my window and it is still rising, whatever you write. " * 4
COMMENTS = "".join(f"<div class='comment'><time>15:0{number}</time><p>{SAID}</p></div>" for number in range(6))
MARKUPS = {
    "articles": "<article class='entry'><time datetime='2026-01-05T{time}:00Z'>{time}</time><h3>{head}</h3><p>{text}</p>{share}</article>",
    "items": "<li class='item'><span class='clock'>{time} Uhr</span><div><h4>{head}</h4><div class='text'>{text}</div></div>{share}</li>",
    "related": "<div class='teaser-like'><div class='meta'><b>{time}</b></div><h2>{head}</h2><p>{text}</p>{share}</div>",
}


def live(markup: str, *, headline: str = "Live blog: flood in the valley", entries: int = 4) -> str:
    told = "".join(MARKUPS[markup].format(time=time, head=head, text=text, share=SHARE) for time, head, text in ENTRIES[:entries])
    top = f"<nav><a href='/'>Home</a> <a href='/s'>Sport</a></nav><h1>{headline}</h1><p>By Edda Marsh</p><p>{PARENT}</p>"
    page = f"{top}<section>{told}</section>{COMMENTS}<footer>All rights reserved</footer>"
    return f"<html><head><title>{headline}</title></head><body>{page}</body></html>"


@pytest.mark.parametrize("markup", MARKUPS)
def test_the_body_is_the_parent_story_and_each_entry_with_its_time_in_page_order(markup: str) -> None:
    article = extract(live(markup))
    told = (article.body or "").split("\n\n")
    wanted = [PARENT, *(line for time, head, text in ENTRIES for line in (time, head, text))]
    assert article.verdict == "live_blog"
    assert [line.removesuffix(" Uhr") for line in told] == wanted


@pytest.mark.parametrize("markup", MARKUPS)
def test_buttons_comments_and_the_footer_are_no_entries(markup: str) -> None:
    body = extract(live(markup)).body or ""
    assert not [line for line in ("Share on the wall", "Copy the link", "whatever you write", "All rights") if line in body]


def test_what_is_told_is_not_said_to_be_dropped() -> None:
    article = extract(live("articles"))
    told = (article.body or "").split("\n\n")
    assert not [block for block in article.evidence.dropped if block.text in told]


def test_a_page_that_is_no_live_blog_is_read_as_ever() -> None:
    assert extract(live("articles", headline="Flood in the valley")).verdict == "article"


def test_the_markup_may_say_that_it_is_a_live_blog() -> None:
    said = '<script type="application/ld+json">{"@type": "LiveBlogPosting", "headline": "Flood in the valley"}</script></head>'
    assert extract(live("articles", headline="Flood in the valley").replace("</head>", said)).verdict == "live_blog"


def test_a_live_blog_without_entries_keeps_its_story() -> None:
    long = f"{PARENT} {PARENT.replace('river', 'lake')} {PARENT.replace('valley', 'plain')}"
    article = extract(live("articles", entries=0).replace(PARENT, f"{long}</p><p>{long.replace('rain', 'snow')}"))
    assert article.body is not None
    assert long in article.body


@pytest.mark.parametrize(
    ("headline", "live"),
    [
        ("Hafen „offen“: der Liveticker", True),
        ("Liman açık: CANLI LİVEBLOG", True),
        ("Der Hafen – wieder offen", False),
        ("Lifelines", False),
    ],
)
def test_a_headline_says_so_in_any_script_and_case(headline: str, live: bool) -> None:
    assert says_live(headline, ()) == live
