"""What a person says of a site's pages is done, written down as their word, and does no harm where it finds nothing."""

import asyncio
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsroom import STORY, Answer, Newsroom, newsroom
from selectolax.lexbor import LexborHTMLParser

from scraper import Article, SiteRules, extract
from scraper.extract.article import read as read_page
from scraper.extract.learning import lesson_of
from scraper.extract.site_rules import with_rules
from scraper.pipeline.crawl import crawl
from scraper.pipeline.scrape import Scraped, ScrapeOptions, scrape
from scraper.records import Policy, Source
from scraper.sources.selectors import fault

NOW = datetime(2026, 1, 6, 12, 0, tzinfo=UTC)
LOG = logging.getLogger("tests.rules")
URL = "https://post.example/2026/ferry"
PAGE = """<!doctype html><html lang="en"><head><title>Ferry to run all night | The Post</title>
<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle",
"headline": "Ferry to run all night | The Post",
"datePublished": "2026-07-05T16:50:00", "dateModified": "2026-07-06T08:00:00+02:00",
"author": [{"@type": "Person", "name": "Edda Marsh"}, {"@type": "Person", "name": "Nora Quay"}]}</script></head>
<body><nav><a href="/">Home</a></nav><main><h1>Ferry to run all night | The Post</h1>
<div class="intro"><p>For a trial of three months the ferry to the islands will cross every two hours after midnight.</p></div>
<div class="text"><p>The island council had asked for the night boats since the hospital on the mainland took over births.</p>
<p>PHOTO CREDITS: The harbour office and its archive, which readers may visit on the first Sunday of each month.</p>
<p>Crews will be paid a third more for the night, and one of the two older boats will be kept in reserve. [ends]</p>
<figure><img src="boat.jpg"><figcaption>The older of the boats at the quay</figcaption></figure>
<div class="offer"><p>Our weekly letter brings you the news of the islands every Friday morning, free of charge and without delay.</p></div>
<p>Whether the boats go on after the autumn depends on how many people use them, a spokesman for the line said.</p></div>
<p>The council meets again in September to look at the figures of the first weeks and at the cost of the fuel.</p>
</main></body></html>"""
HEADLINE = "Ferry to run all night | The Post"


def read(**rules: object) -> Article:
    return extract(PAGE, URL, rules=SiteRules(**rules))  # type: ignore[arg-type]


def paragraphs(article: Article) -> list[str]:
    return [paragraph.split()[0] for paragraph in (article.body or "").split("\n\n")]


def test_without_rules_the_page_is_read_as_ever() -> None:
    assert extract(PAGE, URL, rules=SiteRules()) == extract(PAGE, URL)
    assert extract(PAGE, URL).headline == HEADLINE


def test_the_body_is_what_stands_inside_of_its_place_and_nothing_else() -> None:
    article = read(body="div.text")
    assert paragraphs(article) == ["The", "PHOTO", "Crews", "Our", "Whether"]
    assert "at the quay" not in (article.body or "")
    proof = article.evidence.of("body")
    assert proof is not None
    assert proof.signal == "rules:body"
    reasons = {dropped.text.split()[0]: dropped.reason for dropped in article.evidence.dropped}
    assert reasons["For"].startswith("outside of the source's rule body")
    assert article.verdict == "article"


def test_a_body_may_stand_in_several_places() -> None:
    assert paragraphs(read(body=".intro, .text"))[0] == "For"


def test_a_body_that_no_page_has_changes_nothing_and_the_record_says_so() -> None:
    article, plain = read(body="div.story-text"), extract(PAGE, URL)
    assert article.body == plain.body
    proof = article.evidence.of("rules")
    assert proof is not None
    assert "finds no text on this page: div.story-text" in (proof.value or "")


def test_what_is_to_be_stripped_is_gone_with_all_it_holds_and_named_as_dropped() -> None:
    article = read(strip=(".offer", "figure", "main .offer p"))
    assert "weekly letter" not in (article.body or "")
    (offer,) = [dropped for dropped in article.evidence.dropped if dropped.text.startswith("Our weekly")]
    assert offer.reason == "taken out by the source's rule strip: .offer"


def test_every_paragraph_of_what_was_stripped_is_named() -> None:
    article = read(strip=(".text",))
    stripped = [dropped.text.split()[0] for dropped in article.evidence.dropped if dropped.reason.endswith("strip: .text")]
    assert stripped == ["The", "PHOTO", "Crews", "The", "Our", "Whether"]


def test_an_element_inside_of_another_that_is_found_too_is_taken_out_once() -> None:
    nested = PAGE.replace('<div class="offer">', '<div class="offer"><div class="offer">').replace(
        "without delay.</p></div>", "without delay.</p></div></div>"
    )
    article = extract(nested, URL, rules=SiteRules(strip=("div.offer",)))
    assert len([dropped for dropped in article.evidence.dropped if "strip: div.offer" in dropped.reason]) == 1
    assert "weekly letter" not in (article.body or "")


def test_text_is_cut_from_its_paragraph_and_a_paragraph_that_is_all_cut_is_gone() -> None:
    article = read(body="div.text", strip_text=(r"^PHOTO CREDITS:.*", r"\s*\[ends\]$"))
    assert paragraphs(article) == ["The", "Crews", "Our", "Whether"]
    assert "kept in reserve.\n" in (article.body or "")
    reasons = [dropped.reason for dropped in article.evidence.dropped if "strip_text" in dropped.reason]
    assert reasons == ["cut by the source's rule strip_text: ^PHOTO CREDITS:.*", r"cut by the source's rule strip_text: \s*\[ends\]$"]


def test_what_is_cut_between_two_words_leaves_one_space() -> None:
    whole, cut = read(body="div.text"), read(body="div.text", strip_text=(r"\bthe\b", r"\bof\b"))
    assert " the " in (whole.body or "")
    assert cut.body
    assert "  " not in cut.body
    assert cut.body.split() == [word for word in (whole.body or "").split() if word not in {"the", "of"}]


def test_a_story_all_of_which_is_cut_is_no_story() -> None:
    article = read(strip_text=(r"(?s).*",))
    assert article.body is None
    assert article.verdict not in {"article", "live_blog"}


def test_the_headline_is_trimmed_and_what_it_was_stands_beside_it() -> None:
    article = read(title_trim=(r" \| The Post$",))
    assert article.headline == "Ferry to run all night"
    proof = article.evidence.of("headline")
    assert proof is not None
    assert proof.signal.endswith("+rules:title_trim")
    assert (proof.value, proof.candidates[0].value) == ("Ferry to run all night", HEADLINE)


def test_a_headline_of_which_nothing_would_be_left_stays() -> None:
    assert read(title_trim=(".*",)).headline == HEADLINE


def test_authors_that_are_none_are_left_out() -> None:
    article = read(author_drop=("(?i)quay",))
    assert article.authors == ("Edda Marsh",)
    proof = article.evidence.of("authors")
    assert proof is not None
    assert proof.signal.endswith("+rules:author_drop")
    assert (proof.candidates[0].value, proof.candidates[0].reason) == ("Nora Quay", "left out by the source's rule author_drop: (?i)quay")
    assert read(author_drop=(".",)).authors == ()


def test_a_name_that_comes_back_from_elsewhere_is_left_out_again() -> None:
    plain = replace(extract(PAGE, URL), authors=("Night Desk",))
    assert with_rules(plain, SiteRules(author_drop=("Desk",))).authors == ()


def test_a_zone_is_assumed_where_the_page_gives_none_and_the_record_says_so() -> None:
    article = read(timezone="Europe/Berlin")
    assert article.published is not None
    assert article.published.isoformat() == "2026-07-05T16:50:00+02:00"
    proof = article.evidence.of("published")
    assert proof is not None
    assert proof.signal.endswith("+rules:timezone")
    assert proof.candidates[0].reason == "without a zone; Europe/Berlin is assumed by the source's rule timezone"


def test_a_zone_that_the_page_gives_stands() -> None:
    article = read(timezone="America/Lima")
    assert article.modified is not None
    assert article.modified.utcoffset() == timedelta(hours=2)


def test_a_day_has_no_zone() -> None:
    article = extract(PAGE.replace("2026-07-05T16:50:00", "2026-07-05"), URL, rules=SiteRules(timezone="Europe/Berlin"))
    assert article.published == datetime(2026, 7, 5)  # noqa: DTZ001 - the page gives none


def test_rules_say_nothing_of_a_plain_text_s_places() -> None:
    text = "Ferry to run all night\n\n" + "\n\n".join(
        f"The council of island {n} had asked for the night boats for years." for n in range(9)
    )
    assert extract(text, rules=SiteRules(body="div.text", strip=("p",))) == extract(text)


def test_the_same_rules_give_the_same_record() -> None:
    every = SiteRules(
        body=".text", strip=(".offer",), strip_text=("PHOTO.*",), title_trim=("Post",), author_drop=("Desk",), timezone="Asia/Tokyo"
    )
    first = extract(PAGE, URL, rules=every, fetched_at=datetime(2026, 8, 1, tzinfo=UTC))
    assert first == extract(PAGE, URL, rules=every, fetched_at=datetime(2026, 8, 1, tzinfo=UTC))


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", "", "<html></html>", "<p" * 999, b"\xff\xfe\x00"])
def test_no_page_makes_rules_fail(content: bytes | str) -> None:
    rules = SiteRules(body="p", strip=("html", "*"), strip_text=(".",), title_trim=(".",), author_drop=(".",), timezone="UTC")
    assert isinstance(extract(content, rules=rules), Article)


PARTS = ["div", ".a", "#b", "[c]", "[c^='d' i]", ":not(", ":has(", ")", ">", " ", ",", "~", ":empty", ":nth-child(2n+1)", "*", "e", "\\:"]


@given(st.lists(st.sampled_from(PARTS), max_size=12))
def test_what_is_taken_for_a_selector_is_one(parts: list[str]) -> None:
    selector = "".join(parts).strip()
    if fault(selector) is None:
        LexborHTMLParser("<p>x</p>").css(selector)


# --- in a run, and in a scrape ---

RULES = SiteRules(
    body="article", strip_text=("^The cost, put at.*",), author_drop=("Marsh",), title_trim=("^Sea wall of ",), timezone="Europe/Oslo"
)
CLOCKLESS = STORY.replace("T16:50:00+00:00", "T16:50:00").format(headline="Sea wall of Pell to rise by two metres", place="Pell")


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with newsroom() as site:
        site.answers |= {"/robots.txt": Answer(status=404), "/wall": Answer(CLOCKLESS.encode())}
        feed = f"<item><title>Sea wall to rise</title><link>{site.origin}/wall</link><author>Edda Marsh</author></item>"
        site.answers["/rss"] = Answer(f'<rss version="2.0"><channel>{feed}</channel></rss>'.encode(), type="application/rss+xml")
        yield site


def pell(room: Newsroom) -> Source:
    policy = Policy(delay_s=0, allow_private=True)
    return Source(id="pell", name="Pell", domain="127.0.0.1", feeds=(f"{room.origin}/rss",), policy=policy, rules=RULES)


def test_a_run_reads_the_pages_of_a_source_by_its_rules(room: Newsroom, database: Path) -> None:
    done = asyncio.run(crawl((pell(room),), db=database, now=lambda: NOW, log=LOG))
    assert done.total.new == 1
    with closing(sqlite3.connect(database)) as store:
        assert store.execute("SELECT headline, published_utc FROM articles").fetchall() == [
            ("Pell to rise by two metres", "2026-01-05 15:50:00")
        ]
        assert store.execute("SELECT count(*) FROM article_authors").fetchone() == (0,)
        assert "nine million" not in store.execute("SELECT body FROM articles").fetchone()[0]
        signals = dict(store.execute("SELECT field, signal FROM evidence").fetchall())
    assert signals["body"] == "rules:body+rules:strip_text"
    assert signals["headline"].endswith("+rules:title_trim")
    assert signals["published"].endswith("+rules:timezone")


@pytest.mark.parametrize(
    "rules",
    [
        SiteRules(title_trim=("^Sea wall of ",)),
        SiteRules(strip_text=(" by two metres", "^The cost, put at.*")),
        SiteRules(author_drop=("Marsh",)),
        SiteRules(timezone="Europe/Oslo"),
        SiteRules(strip=("article p:last-child",)),
        SiteRules(body="article p:nth-of-type(2), article p:nth-of-type(3)"),
    ],
)
def test_a_rule_that_came_or_went_is_no_news_of_the_story(rules: SiteRules, room: Newsroom, database: Path) -> None:
    for hours, told in ((0, None), (2, rules), (30, None)):
        later = NOW + timedelta(hours=hours)
        source = replace(pell(room), rules=told)
        done = asyncio.run(crawl((source,), db=database, now=lambda later=later: later, log=LOG))  # type: ignore[misc]
        assert done.total.fetched == 1
        assert done.total.updated == 0
    with closing(sqlite3.connect(database)) as store:
        assert store.execute("SELECT count(*) FROM article_versions").fetchone() == (0,)
        assert store.execute("SELECT content_changed_at = first_seen_at FROM articles").fetchone() == (1,)


def test_a_headline_that_the_page_has_changed_is_news_under_a_new_rule_too(room: Newsroom, database: Path) -> None:
    plain, later = replace(pell(room), rules=None), NOW + timedelta(hours=2)
    asyncio.run(crawl((plain,), db=database, now=lambda: NOW, log=LOG))
    room.answers["/wall"] = Answer(CLOCKLESS.replace("Sea wall of Pell to rise", "Sea wall of Pell not to rise").encode())
    done = asyncio.run(crawl((replace(plain, rules=SiteRules(title_trim=("^Sea wall of ",))),), db=database, now=lambda: later, log=LOG))
    assert done.total.updated == 1
    with closing(sqlite3.connect(database)) as store:
        assert store.execute("SELECT change FROM article_versions").fetchall() == [("headline",)]


def test_pages_whose_body_a_rule_gives_teach_their_site() -> None:
    reading = read_page(PAGE, URL, rules=SiteRules(body="div.text", strip_text=("^PHOTO.*",)))
    assert lesson_of(reading) is not None


def test_a_scrape_of_a_known_source_reads_its_page_by_the_rules(room: Newsroom) -> None:
    async def scraped() -> list[Scraped]:
        options = ScrapeOptions(sources=(pell(room),))
        return [one async for one in scrape([f"{room.origin}/wall"], options=options, now=lambda: NOW, log=LOG)]

    (result,) = asyncio.run(scraped())
    assert result.article is not None
    assert (result.article.headline, result.article.authors) == ("Pell to rise by two metres", ())
