"""The public `extract`: its contract, its bad input, and the properties that hold on any page whatever."""

import gc
import json
import pickle
from dataclasses import fields
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper import Article, extract
from scraper.records import VERDICTS

PARAGRAPHS = (
    "The harbour board voted on Tuesday to reopen the eastern lock, eleven months after a barge tore one of its gates from the hinges.",
    "Engineers had warned that the remaining gate would not survive another winter, and the insurers had refused to cover the crossing.",
    "“We could have patched it again,” the lock keeper, Odile Marrant, said on the quay, “but nobody would have slept well.”",
    "The repair cost 4.2 million crowns, a third more than planned. The first boats are to pass on the ninth of November.",
)
PAGE = f"""<!doctype html><html lang="en"><head><title>Eastern lock reopens after eleven months | Quay Post</title>
<meta property="og:site_name" content="Quay Post"><meta property="article:published_time" content="2025-10-28T09:15:00+01:00"></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<article><h1>Eastern lock reopens after eleven months</h1><p class="byline">By Ines Kolar</p>
{"".join(f"<p>{text}</p>" for text in PARAGRAPHS)}</article>
<aside><h2>Related articles</h2><ul><li><a href="/a">Ferry strike enters its second week in the north</a></li></ul></aside>
<footer><p>Subscribe to our newsletter</p></footer></body></html>"""


def test_a_plain_news_page_gives_every_field_it_shows() -> None:
    article = extract(PAGE, "https://quay.example/2025/eastern-lock")
    assert article.headline == "Eastern lock reopens after eleven months"
    assert article.authors == ("Ines Kolar",)
    assert article.to_dict()["published"] == "2025-10-28T09:15:00+01:00"
    assert article.body == "\n\n".join(PARAGRAPHS)
    assert article.publisher == "Quay Post"
    assert article.language == "en"
    assert article.verdict == "article"
    assert 0 < article.confidence <= 1


def test_a_record_as_json_ready_values_has_every_field_and_its_whole_explanation() -> None:
    article = extract(PAGE, "https://quay.example/x")
    record = article.to_dict()
    assert list(record) == [entry.name for entry in fields(article)]
    assert (record["authors"], record["modified"], record["evidence"]["fields"][0]["field"]) == (["Ines Kolar"], None, "headline")
    explained = [tuple(entry) for entry in (*record["evidence"]["fields"], *record["evidence"]["dropped"])]
    assert set(explained) == {("field", "signal", "value", "candidates"), ("text", "reason")}
    assert [entry["reason"] for entry in record["evidence"]["dropped"]] == [block.reason for block in article.evidence.dropped]
    assert json.loads(json.dumps(record)) == record


def test_bytes_and_text_give_the_same_record() -> None:
    assert extract(PAGE.encode(), "https://quay.example/x") == extract(PAGE, "https://quay.example/x")


def test_the_charset_of_the_header_is_believed() -> None:
    article = extract(PAGE.encode("utf-16-le"), headers={"Content-Type": "text/html; charset=utf-16le"})
    assert article.headline == "Eastern lock reopens after eleven months"


def test_every_dropped_block_says_why_and_every_field_says_whence() -> None:
    article = extract(PAGE)
    assert {"headline", "authors", "published", "body", "verdict"} <= {entry.field for entry in article.evidence.fields}
    dropped = {block.text: block.reason for block in article.evidence.dropped}
    assert "navigation" in dropped["Sport"]
    assert "phrase" in dropped["Related articles"]
    shown = {block.text for block in article.evidence.dropped} | set(PARAGRAPHS)
    assert {"Eastern lock reopens after eleven months", "By Ines Kolar", "Subscribe to our newsletter"} <= shown


def test_plain_text_is_a_page_too() -> None:
    text = "\n\n".join(
        ["Home", "Eastern lock reopens after eleven months", "By Ines Kolar", *PARAGRAPHS, "Related articles", "Ferry strike"]
    )
    article = extract(text)
    assert article.body == "\n\n".join(PARAGRAPHS)
    assert article.authors == ("Ines Kolar",)


def test_a_short_headline_of_plain_text_is_told_by_the_byline_below_it() -> None:
    article = extract("\n".join(["Ferry returns", "By Edda Marsh", *PARAGRAPHS]))
    assert (article.headline, article.authors) == ("Ferry returns", ("Edda Marsh",))


def test_wrapped_plain_text_gives_whole_paragraphs() -> None:
    import textwrap

    text = "\n\n".join(textwrap.fill(line, 72) for line in ("Eastern lock reopens after eleven months", *PARAGRAPHS))
    assert extract(text).body == "\n\n".join(PARAGRAPHS)


def test_paragraphs_set_with_line_breaks_are_paragraphs() -> None:
    page = PAGE.replace("</p><p>", "<br><br>")
    assert extract(page).body == "\n\n".join(PARAGRAPHS)


def test_no_date_after_the_fetch_is_believed() -> None:
    page = PAGE.replace("2025-10-28T09:15", "2031-10-28T09:15")
    assert extract(page, fetched_at=datetime(2026, 1, 1, tzinfo=UTC)).published is None


def test_a_record_survives_the_way_to_another_process() -> None:
    article = extract(PAGE)
    assert pickle.loads(pickle.dumps(article)) == article


@pytest.mark.parametrize(
    ("content", "verdict"),
    [
        (b"", "empty"),
        ("", "empty"),
        (b"%PDF-1.7 \n1 0 obj", "not_a_page"),
        (b"\x89PNG\r\n\x1a\n0000", "not_a_page"),
        ("<html><head><script>boot()</script></head><body><div id=root></div></body></html>", "js_shell"),
        ("<html><body><h1>Are you a robot?</h1><p>Please verify you are a human to go on.</p></body></html>", "challenge"),
        ("<html><body><h1>Page not found</h1><p>The story you asked for is gone.</p></body></html>", "removed"),
        ("<html><body><p>One line.</p></body></html>", "stub"),
    ],
)
def test_what_is_no_story_says_what_it_is(content: bytes | str, verdict: str) -> None:
    article = extract(content)
    assert article.verdict == verdict
    assert article.evidence.of("verdict") is not None


def test_what_is_cut_off_a_giant_page_is_said() -> None:
    article = extract("<p>" + "word " * 2_000_020)
    assert article.evidence.dropped[-1].reason == "103 characters after the first 10000000 were not read"


def test_a_deep_page_does_not_break_the_walk() -> None:
    article = extract("<div>" * 3000 + "<p>" + PARAGRAPHS[0] + "</p>" + "</div>" * 3000)
    assert isinstance(article, Article)


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.binary(max_size=2000), st.text(max_size=2000), st.text(alphabet="<>/=\"'&;abp hrdiv1 \n", max_size=600)))
def test_any_content_gives_a_record_and_always_the_same(content: bytes | str) -> None:
    first = extract(content, "https://site.example/a")
    assert first.verdict in VERDICTS
    assert first == extract(content, "https://site.example/a")
    assert first.to_dict()


def test_a_page_that_begins_with_its_styles_is_markup() -> None:
    styles = "<style>" + ".grid-item-of-the-front { color: #333; display: grid; }\n" * 90 + "</style>"
    assert extract(styles + PAGE).headline == "Eastern lock reopens after eleven months"


def test_garbage_is_not_looked_for_while_a_page_is_read_and_afterwards_as_it_was_before() -> None:
    many = PAGE.replace("</aside>", "<p>Ferry</p><p>Strike</p>" * 3000 + "</aside>")
    extract(many)  # what is loaded by the first page leaves garbage of its own
    before = sum(generation["collections"] for generation in gc.get_stats())
    extract(many)
    assert sum(generation["collections"] for generation in gc.get_stats()) <= before + 1  # what had waited, at the end
    assert gc.isenabled()
    gc.disable()
    try:
        extract(PAGE)
        assert not gc.isenabled()
    finally:
        gc.enable()
