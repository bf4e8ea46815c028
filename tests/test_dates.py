"""When was it published: reading dates, and choosing among a page's."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.extract.date_labels import labelled
from scraper.extract.document import Block, Document, Mark, Script
from scraper.extract.fields import Fields, fields
from scraper.extract.moments import Reading, moment
from scraper.extract.slow_dates import slow_moment
from scraper.extract.walk import walk_html

CASES = Path(__file__).parent.parent.parent / "shared" / "conformance" / "dates.jsonl"
# The others assume a zone, a year or an order the text does not give, or spell names without their vowel signs.
LEAST_DATES, MOST_WRONG = 168, 19
NOW = datetime(2026, 11, 23, tzinfo=UTC)


PLAIN = Reading()
# What makes a page that of an article, where its date is at a place where others' dates stand too.
NEWS_ADDRESS = "https://example.org/news/harbour-opens-after-the-long-winter-storm"
SIGNED = '<meta property="og:type" content="article"><meta name="author" content="Ann Lee">'


def iso(text: str, reading: Reading = PLAIN) -> str | None:
    found = moment(text, reading)
    if found is None:
        return None
    return found.when.date().isoformat() if found.precision == "day" else found.when.isoformat()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-05-21T14:05:00Z", "2025-05-21T14:05:00+00:00"),
        ("2025-05-21T14:05:00.000+0200", "2025-05-21T14:05:00+02:00"),
        ("2025-05-21T00:00:00", "2025-05-21"),
        ("20250521", "2025-05-21"),
        ("Wed, 21 May 2025 14:05:00 GMT", "2025-05-21T14:05:00+00:00"),
        ("Jan. 5, 2026 4:50 p.m. 351", "2026-01-05T16:50:00"),
        ("Straits Times21-05-2025", "2025-05-21"),
        ("21st of May, 2025 at 9.30am", "2025-05-21T09:30:00"),
        ("May 21, 2025, 12:05 a.m. ET", "2025-05-21T00:05:00-04:00"),
        ("Jan 21, 2025 12:05 pm EST", "2025-01-21T12:05:00-05:00"),
        ("21. Mai 2025, 14:05 Uhr", "2025-05-21T14:05:00"),
        ("21 mai 2025 à 14h05", "2025-05-21T14:05:00"),
        ("21 de mayo de 2025", "2025-05-21"),
        ("21 мая 2025 г., 14:05", "2025-05-21T14:05:00"),
        ("2025年5月21日 14時05分", "2025-05-21T14:05:00"),
        ("2025年5月21日 午後2時5分", "2025-05-21T14:05:00"),
        ("2025년 5월 21일 오후 2:05", "2025-05-21T14:05:00"),
        ("21 พฤษภาคม 2568", "2025-05-21"),
        ("٢١ مايو ٢٠٢٥", "2025-05-21"),
        ("২১ মে ২০২৫", "2025-05-21"),
        ("令和7年5月21日 14時05分", "2025-05-21T14:05:00"),
        ("21. maj 2025 14.05.00", "2025-05-21T14:05:00"),
        ("21.5.2025 14.05", "2025-05-21T14:05:00"),
        ("14.05.20 - 21 May 2025", "2020-05-14"),
        ("21 maj 2025, 2:05 m.d.", "2025-05-21T14:05:00"),
        ("21/5/25, 2:05 ਬਾ.ਦੁ.", "2025-05-21T14:05:00"),
        ("2025 оны тавдугаар сарын 21", "2025-05-21"),
        ("2025 оны арван хоёрдугаар сарын 21", "2025-12-21"),
        ("21 พฤษภาคม 2568 14 นาฬิกา 05 นาที", "2025-05-21T14:05:00"),
        ("Laraba 21 Mayu, 2025", "2025-05-21"),
        ("令和元年5月21日", "2019-05-21"),
        ("民國114年5月21日", "2025-05-21"),
        ("21/05/2568", "2025-05-21"),
        ("2025-5-3 22:17:36", "2025-05-03T22:17:36"),
        ("2017 10.5 inches", None),
        ("२१ मई २०२५", "2025-05-21"),
        ("ngày 21 tháng 5 năm 2025", "2025-05-21"),
        ("21 Mayıs 2025 Çarşamba 14:05", "2025-05-21T14:05:00"),
        ("time24 minutes ago", None),
        ("24 minutes ago", None),
        ("vor 2 Stunden", None),
        ("version 3.14.3", None),
        ("31.02.2025", None),
        ("+49 30 1234567", None),
        ("", None),
    ],
)
def test_dates_are_read_as_people_and_machines_write_them(text: str, expected: str | None) -> None:
    assert iso(text) == expected


def test_the_order_of_day_and_month_follows_the_page() -> None:
    assert iso("05/06/2025", Reading("dmy")) == "2025-06-05"
    assert iso("05/06/2025", Reading("mdy")) == "2025-05-06"
    assert iso("21/06/2025", Reading("mdy")) == "2025-06-21"
    assert iso("05-06-2025", Reading("mdy")) == "2025-06-05"


def test_a_zone_is_read_only_where_it_is_sure() -> None:
    assert iso("21 May 2025 14:05 IST") == "2025-05-21T14:05:00"
    assert iso("21 May 2025 14:05 IST", Reading(country="in")) == "2025-05-21T14:05:00+05:30"


def found(html: str, url: str | None = "https://example.org/a/harbour-opens-after-storm", story: tuple[int, int] | None = None) -> Fields:
    return fields(walk_html(html), url, NOW, story=story)


def day(html: str, url: str | None = "https://example.org/a/harbour-opens-after-storm", story: tuple[int, int] | None = None) -> str | None:
    published = found(html, url, story).published
    return published.date().isoformat() if published else None


def article(**members: str) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **members})}</script>'


def test_publication_is_never_replaced_by_modification() -> None:
    page = found(
        article(datePublished="2025-05-21T10:00:00Z", dateModified="2025-06-01T10:00:00Z")
        + "<h1>Harbour opens</h1><p>Updated June 1, 2025</p>"
    )
    assert page.published == datetime(2025, 5, 21, 10, tzinfo=UTC)
    assert page.modified == datetime(2025, 6, 1, 10, tzinfo=UTC)


def test_a_date_after_the_fetch_is_not_believed() -> None:
    assert day(article(datePublished="2027-05-21")) is None
    assert fields(walk_html(article(datePublished="2027-05-21")), None, None).published is not None


def test_the_evidence_says_which_signal_gave_the_date() -> None:
    proof = next(
        proof
        for proof in found(article(datePublished="2025-05-21"), "https://example.org/2025/05/20/story").evidence
        if proof.field == "published"
    )
    assert proof.signal == "json_ld:datePublished"
    assert [(loser.signal, loser.value) for loser in proof.candidates] == [("url", "2025-05-20")]


def test_a_utc_moment_is_written_in_the_zone_the_page_shows_it_in() -> None:
    page = found(article(datePublished="2025-05-22T02:25:00Z") + "<h1>Harbour opens</h1><p>May 21, 2025 | 9:25 pm</p>")
    assert page.published is not None
    assert page.published.isoformat() == "2025-05-21T21:25:00-05:00"


def test_a_utc_moment_takes_the_day_of_the_address_and_no_zone_is_guessed_from_a_shown_day_alone() -> None:
    late = article(datePublished="2025-05-21T23:11:00Z") + "<h1>Harbour opens</h1>"
    page = found(late + "<p>22 May 2025</p>")
    assert page.published == datetime(2025, 5, 21, 23, 11, tzinfo=UTC)
    assert day(late + "<p>22 May 2025</p>") == "2025-05-21"
    assert day(late + "<p>22 May 2025</p>", "https://example.org/2025/05/22/harbour") == "2025-05-22"
    assert day(late, "https://example.org/2025/05/22/harbour") == "2025-05-22"
    assert day(late + "<p>21 May 2025</p>", "https://example.org/2025/05/22/harbour") == "2025-05-21"
    # No zone is as far from Greenwich: this is another date.
    assert day(article(datePublished="2025-05-21T22:11:00Z") + "<h1>Harbour opens</h1><p>20 May 2025</p>") == "2025-05-20"


def test_a_line_too_long_for_a_date_alone_can_agree_with_the_markup() -> None:
    shown = "<p>By Ann Lee, correspondent, on 21 May 2025 at 9.30</p><p class='credit'>5 March 2025</p>"
    assert day(article(datePublished="2025-05-21T09:30:00") + f"<h1>Harbour opens</h1>{shown}") == "2025-05-21"


def test_a_mere_date_after_the_last_change_is_that_of_an_export() -> None:
    exported = '<meta name="date" content="2025-05-22T11:52:00"><h1>Harbour opens</h1>'
    assert day(f"{exported}<p>Stand: 21.05.2025 18:00 Uhr</p>") == "2025-05-21"
    assert day(f"{exported}<p>Stand: 23.05.2025 18:00 Uhr</p>") == "2025-05-22"


def test_a_link_to_a_publication_is_not_the_day_of_publication() -> None:
    report = '<li><a class="publication" href="/r.pdf">Report of 14 May 2025</a></li>'
    assert day(f"<h1>Harbour opens</h1><p>Date: 21 May 2025</p><p>Text.</p><p>Text.</p>{report}") == "2025-05-21"


@pytest.mark.parametrize("line", ["21 May 2025 at 11:21 · Reply", "Registriert: 21.05.2025, 05:56", "Retrieved 21 May 2025"])
def test_comments_and_members_and_citations_have_days_of_their_own(line: str) -> None:
    assert day(f"<h1>Harbour opens</h1><p>{line}</p>") is None


def test_a_date_is_left_out_where_such_dates_are_hardly_ever_the_storys() -> None:
    product = '<meta property="og:type" content="product"><meta property="article:published_time" content="2019-05-21"><h1>Blue anchor</h1>'
    assert day(product, "https://example.org/shop/") is None
    assert day(product.replace("product", "article") + "<p>By Ann Lee, 21 May 2019</p>") == "2019-05-21"
    below = f"<h1>Anchors</h1>{'<p>Text of the page about anchors and chains. </p>' * 40}<div>21 May 2019</div>"
    assert day(below, "https://example.org/", story=(1, 41)) is None
    assert day(article(datePublished="2019-05-21") + below, "https://example.org/", story=(1, 41)) == "2019-05-21"
    assert day(below, "https://example.org/2019/05/21/", story=(1, 41)) == "2019-05-21"


def test_a_line_anywhere_that_says_published_counts_when_nothing_else_does() -> None:
    story = SIGNED + "".join(f"<p>{'Text of the story. ' * 12}</p>" for _ in range(30))
    foot = "<p>-</p>" * 12
    posted = "<p>The harbour was closed on 3 March and this entry was posted on 21 May 2025</p>"
    assert day(f"<h1>Harbour opens</h1>{story}{foot}{posted}", url=NEWS_ADDRESS, story=(1, 31)) == "2025-05-21"
    assert day(f"<h1>Harbour opens</h1>{story}{foot}{posted}<p>Posted 20 May 2025</p>", story=(1, 31)) is None
    assert day(f"<h1>Harbour opens</h1>{story.removeprefix(SIGNED)}{foot}<p>21 May 2025</p>", story=(1, 31)) is None


def test_a_page_that_is_signed_or_a_post_of_its_system_is_more_likely_to_have_a_date() -> None:
    told = '<meta property="article:published_time" content="2019-05-21"><h1>Blue anchors</h1><p>Anchors and their chains.</p>'
    post = '<link rel="alternate" type="application/json" href="https://example.org/wp-json/wp/v2/posts/7">'
    card = '<meta name="twitter:label1" content="Est. reading time">'
    assert day(told, "https://example.org/anchors/") is None
    assert day(told + "<p>By Ann Lee</p>", "https://example.org/anchors/") == "2019-05-21"
    assert day(post + card + told, "https://example.org/anchors/") == "2019-05-21"


def test_a_day_heads_the_first_paragraph_below_some_subheads() -> None:
    heads = "<h2>The harbour in May</h2><h3>May</h3><h3>In spite of the storm it is open again</h3>"
    story = f"<h1>Harbour opens</h1><p>The town tells of it every month.</p>{heads}<p>21.05.2025 “The harbour is open,” said the mayor.</p>"
    assert day(SIGNED + story, NEWS_ADDRESS, story=(1, 6)) == "2025-05-21"


def test_the_date_beside_the_headline_beats_an_export_date() -> None:
    assert day('<meta name="date" content="2025-06-30"><h1>Harbour opens</h1><time>21 May 2025</time>') == "2025-05-21"


def test_a_day_below_read_also_is_that_of_another_story() -> None:
    own = article(datePublished="2025-05-21T15:40:00+02:00") + "<h1>Harbour opens</h1>"
    assert day(own + "<div>Read also</div><div>14/08/2024</div><h2>Harbour closes</h2>") == "2025-05-21"
    assert day(own + "<div>Lesen Sie auch:</div><div><time>14.08.2024</time></div><h2>Harbour closes</h2>") == "2025-05-21"


def test_a_date_hidden_in_a_webpage_object_is_the_cms_s_not_the_story_s() -> None:
    hidden = '<script type="application/ld+json">{"@type":"WebPage","datePublished":"2019-05-21"}</script><h1>Our services</h1>'
    assert day(hidden) is None
    assert day(f"{hidden}<p>21 May 2019</p>") == "2019-05-21"


def test_dates_of_teasers_and_comments_do_not_count() -> None:
    story = f"<p>{'Text. ' * 40}</p>" * 20
    assert (
        day(f'<h1>Harbour opens</h1>{story}<div class="related"><time>2025-05-21</time></div><div class="comment-date">May 20, 2025</div>')
        is None
    )


def test_the_date_below_the_story_counts_when_the_body_is_known() -> None:
    paragraphs = [f"{'Text of the story. ' * 12}" for _ in range(20)]
    lines = [
        "Harbour opens again after storm",
        *paragraphs,
        "Jan. 5, 2026 4:50 p.m. 351",
        "Other story",
        "Read more",
        *["-"] * 8,
        "Jan. 14, 2026 3:46 p.m.",
    ]
    document = Document(blocks=tuple(Block(line, -1, "p") for line in lines), is_html=False)
    assert fields(document, None, NOW, story=(1, 21)).published == datetime(2026, 1, 5, 16, 50)  # noqa: DTZ001 the page gives no zone


def test_an_address_can_settle_the_order_and_can_give_the_day() -> None:
    assert day("<h1>Harbour opens</h1><p>05/06/2025</p>", "https://example.org/2025/06/05/harbour") == "2025-06-05"
    assert day("<h1>Harbour opens</h1>", "https://example.org/2025/05/21/harbour") == "2025-05-21"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://example.org/view/HAF20250521143200004", "2025-05-21"),
        ("https://example.org/harbour-opens-20250521143205-nt.html", "2025-05-21"),
        ("https://example.org/view/20252345678901", None),
        ("https://example.org/view/20250521991", None),
        ("https://archive.example.org/web/20250521143205/http://example.com/harbour", None),
        ("https://archive.example.org/web/20250521143205/http://example.com/2019/03/02/harbour", "2019-03-02"),
    ],
)
def test_a_story_s_number_may_begin_with_its_time(address: str, expected: str | None) -> None:
    assert day("<h1>Harbour opens</h1>", address) == expected


def test_a_page_without_a_date_has_none() -> None:
    assert day("<h1>Harbour opens</h1><p>Sale ends 03/31/2026, use coupon SPRING</p><p>© 2025 Example</p><p>Version 3.14.3</p>") is None


def test_the_label_of_a_marked_date_may_stand_before_its_mark() -> None:
    page = found(
        '<h1>Harbour opens</h1><p>Last updated on <span class="date">1 June 2025</span></p><p>Published <time>21 May 2025</time></p>'
    )
    assert (page.published, page.modified) == (datetime(2025, 5, 21), datetime(2025, 6, 1))  # noqa: DTZ001


def test_an_update_shown_by_the_headline_counts_before_dates_below_the_story_and_one_at_the_pages_end_does_not() -> None:
    story = "".join(f"<p>{'Text of the story. ' * 12}</p>" for _ in range(30))
    updated = f"<h1>Harbour opens</h1><p>Last modified: 8 August 2023</p>{story}<p>5 March 2026</p>"
    assert day(updated, story=(2, 32)) == "2023-08-08"
    assert day(f"<h1>Harbour opens</h1>{story}<p>Last updated: 8 August 2023</p>", story=(1, 31)) is None


def test_where_only_the_change_is_told_to_machines_and_readers_alike_the_first_day_is_not_known() -> None:
    updated = f"{SIGNED}<h1>Harbour opens</h1><p>Last modified: 8 August 2023</p>{BODY}"
    told = '<meta property="article:modified_time" content="2023-08-08T10:00:00+00:00">'
    assert day(updated, NEWS_ADDRESS, story=(2, 32)) == "2023-08-08"
    assert day(told + updated, NEWS_ADDRESS, story=(2, 32)) is None
    assert found(told + updated, NEWS_ADDRESS, story=(2, 32)).modified == datetime(2023, 8, 8, 10, tzinfo=UTC)


def test_several_days_below_a_story_are_those_of_teasers() -> None:
    story = SIGNED + "".join(f"<p>{'Text of the story. ' * 12}</p>" for _ in range(30))
    assert day(f"<h1>Harbour opens</h1>{story}<p>5 March 2026</p>", NEWS_ADDRESS, story=(1, 31)) == "2026-03-05"
    assert day(f"<h1>Harbour opens</h1>{story}<p>5 March 2026</p><p>4 March 2026</p>", NEWS_ADDRESS, story=(1, 31)) is None
    line = "<p>Von Ann am 04.06.2014, 10:20 | 2 Meinungen | Hafen und Schiffe</p>"
    assert day(f"<h1>Harbour opens</h1>{story}{line}", NEWS_ADDRESS, story=(1, 31)) == "2014-06-04"


def test_behind_a_short_story_the_first_date_counts_and_not_the_best_marked_one() -> None:
    story = "".join(f"<p>{'Text of the story. ' * 12}</p>" for _ in range(9))
    teaser = "<p>Fish is dear</p><time>14 January 2026</time>"
    assert day(f"<h1>Harbour opens</h1>{story}<p>5 January 2026 351</p>{teaser}", NEWS_ADDRESS, story=(1, 10)) == "2026-01-05"


def test_the_days_of_a_box_of_teasers_above_the_headline_are_those_of_other_stories() -> None:
    link = "<p><a href='/1'>Fish is dear in every town of the coast</a></p>"
    box = "".join(f"{link}<p><time>1{n} January 2026</time></p>" for n in range(4))
    own = "<h1>Harbour opens</h1><p>Quay Post</p><p>5 January 2026</p>"
    assert day(f"{SIGNED}{box}{own}{BODY}", NEWS_ADDRESS) == "2026-01-05"
    # One alone stands below the way to the page.
    way = '<p><a href="/a">Home, World, and the ports of the coast</a></p><p><time>7 January 2026</time></p>'
    assert day(f"{SIGNED}{way}{own}{BODY}", NEWS_ADDRESS) == "2026-01-07"


def test_a_post_shown_within_the_story_has_a_day_of_its_own() -> None:
    post = '<blockquote><p>Glad to see it open.</p>Ann Lee (@annlee) <time datetime="2020-04-21">Apr 21, 2020</time></blockquote>'
    text = f"<h1>Harbour opens after storm</h1><p>The harbour opened.</p>{post}<p>Ships came in.</p>"
    assert day(text, story=(1, 5)) is None
    assert day(text + "<p>18.05.2020</p>", story=(1, 5)) == "2020-05-18"
    # Above the story a handle stands in a byline.
    assert day("<h1>Harbour opens</h1><p>By Ann Lee (@annlee) May 5, 2020</p><p>The harbour opened.</p>", story=(2, 3)) == "2020-05-05"


def test_the_date_that_ends_a_caption_is_not_the_storys() -> None:
    caption = "<p>Boats are waiting in front of the closed harbour, 24 April 2023</p>"
    assert day(f"<h1>Harbour opens</h1>{caption}") is None
    assert day("<h1>Harbour opens</h1><p>Ann Lee, Example Quay, 24 April 2023</p>") == "2023-04-24"


def test_a_guessed_order_follows_the_markup() -> None:
    assert day(article(datePublished="2024-09-10") + "<h1>Harbour opens</h1><p>10/09/2024</p>") == "2024-09-10"
    # What is guessed itself settles nothing.
    exported = '<html lang="de"><meta name="date" content="11/01/2023 12:43:42"><h1>Hafen offen</h1>'
    assert day(f"{exported}<p>Erstellt am: 01.11.2023</p>{BODY}", "https://example.de/news/hafen-offen") == "2023-11-01"


def test_a_moment_takes_the_zone_of_a_claim_with_the_same_clock_time() -> None:
    page = found(article(datePublished="2024-08-05T20:59:59") + '<meta name="date" content="2024-08-05T20:59:59+02:00">')
    assert page.published is not None
    assert page.published.isoformat() == "2024-08-05T20:59:59+02:00"


def test_the_slow_reader_knows_absolute_dates_only() -> None:
    assert slow_moment("vor 2 Stunden", Reading(language="de")) is None
    assert slow_moment("21 May 2025", Reading(language="xx")) is None
    parsed = slow_moment("21 May 2025", Reading(language="en"))
    assert parsed is not None
    assert parsed.day.isoformat() == "2025-05-21"


@pytest.mark.skipif(not CASES.exists(), reason="the conformance cases are not on this machine")
def test_peers_date_cases_hold_their_floor() -> None:
    right = wrong = 0
    for case in map(json.loads, filter(None, CASES.read_text("utf-8").split("\n"))):
        got, expected = moment(case["s"], Reading("mdy")), case["expect"]
        if expected in (None, "PARSES"):
            good = (got is None) == (expected is None)
        else:
            wanted = datetime.fromisoformat(expected)
            good = got is not None and (
                got.when == wanted if got.when.tzinfo and wanted.tzinfo else got.when.replace(tzinfo=None) == wanted.replace(tzinfo=None)
            )
        right += good
        wrong += got is not None and not good
    assert right >= LEAST_DATES
    assert wrong <= MOST_WRONG


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=120))
def test_any_text_is_read_without_error(text: str) -> None:
    moment(text)


@pytest.mark.parametrize("piece", ["1", "1.", "1 May ", "2025-", "By ", "Ann Lee, ", "Dr. ", "# ", "a - ", "md", " ", "午後", '\\"'])
def test_long_repetitions_cost_no_more_than_their_length(piece: str) -> None:
    text = piece * 40_000
    document = Document(
        blocks=tuple(Block(line, -1, "p") for line in (text[:180], text[:70], text)),
        marks=tuple(Mark(text[:400], "time", "author date byline", text[:100], index % 3) for index in range(300)),
        metas=(("og:title", text), ("author", text), ("keywords", text), ("date", text), ("og:image", text)),
        scripts=(Script("application/ld+json", f'{{"@type":"Article","headline":"{text}'), Script("application/ld+json", text)),
        title=text,
    )
    fields(document, f"https://example.org/{text[:3000]}", NOW, story=(0, 3))


TEXTS = st.text(max_size=80) | st.sampled_from(
    ["By Ann Lee", "21 May 2025", "Updated 5/6/25", "#a #b", "Example21-05-2025", "作者：王小明"]
)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(TEXTS, max_size=12),
    st.lists(TEXTS, max_size=5),
    st.none() | st.tuples(st.integers(0, 12), st.integers(0, 14)),
    TEXTS,
    st.booleans(),
)
def test_fields_accept_any_document(lines: list[str], values: list[str], story: tuple[int, int] | None, url: str, is_html: bool) -> None:
    document = Document(
        blocks=tuple(Block(line, -1, "h1" if index == 0 else "p") for index, line in enumerate(lines) if line),
        marks=tuple(Mark(value, "time", "author date", value, index) for index, value in enumerate(values)),
        metas=tuple(("author", value) for value in values) + tuple(("date", value) for value in values),
        links=tuple(("canonical", value, "") for value in values),
        title=values[0] if values else None,
        is_html=is_html,
    )
    first = fields(document, url, NOW, story=story)
    assert first == fields(document, url, NOW, story=story)


BODY = "".join(f"<p>{'Text of the story. ' * 12}</p>" for _ in range(30))


def test_the_label_of_a_date_may_stand_in_the_line_above() -> None:
    page = found(
        f"{SIGNED}<h1>Harbour opens</h1><p>Last updated</p><p>1 June 2025</p><p>Published</p><p>21 May 2025</p>{BODY}",
    )
    assert (page.published, page.modified) == (datetime(2025, 5, 21), datetime(2025, 6, 1))  # noqa: DTZ001
    named = article(datePublished="2025-05-21") + f"<h1>Harbour opens</h1><p>Last updated:</p><ul><li>June 1, 2025</li></ul>{BODY}"
    assert day(named) == "2025-05-21"


def test_each_line_of_a_block_has_a_date_of_its_own() -> None:
    lines = "<p>Last change: 1 June 2025<br>Published: 21 May 2025<br>Readers: 61<br>© the author</p>"
    assert day(f"{SIGNED}<h1>Harbour opens</h1>{BODY}{lines}", story=(1, 31)) == "2025-05-21"


def test_a_title_may_end_with_its_day() -> None:
    title = "<title>Harbour opens | Quay Post | 21.05.2025</title>"
    assert day(f"{title}<h1>Harbour opens</h1><p>Boats before the harbour of Varde, 20 May 2025</p>{BODY}") == "2025-05-21"
    assert day("<title>Harbour opens in 21 ports until 2025 | Quay Post</title><h1>Harbour opens</h1>") is None


def test_a_paragraph_may_begin_with_the_day_of_a_press_release() -> None:
    page = f"{SIGNED}<h1>Harbour opens</h1><p>Press release of 21 May 2025 | Varde – {'The harbour is open. ' * 9}</p>{BODY}"
    assert day(page, story=(1, 32)) == "2025-05-21"


@pytest.mark.parametrize(
    "line", ["9-21 May 2025", "19.05.2025 - 21.05.2025", "2025-05-21 – 2025-05-23", "21 May 2025, 13:15 - 19:00", "Expires 05/21/25"]
)
def test_a_span_of_days_or_hours_is_an_event(line: str) -> None:
    assert day(f'{SIGNED}<h1>Harbour fair</h1><p class="date">{line}</p>{BODY}') is None


def test_a_clock_behind_a_dash_makes_no_event() -> None:
    assert day(f'{SIGNED}<h1>Harbour opens</h1><p class="date">21.05.2025 - 14:05</p>{BODY}') == "2025-05-21"


def test_a_moment_in_utc_is_told_in_the_zone_of_the_address_even_if_it_is_shown_in_utc() -> None:
    head = article(datePublished="2025-05-20T23:01:00Z") + '<h1>Harbour opens</h1><time datetime="2025-05-20T23:01:00Z">01:01</time>'
    published = found(head, "https://example.org/2025/05/21/harbour").published
    assert published is not None
    assert published.isoformat() == "2025-05-21T00:01:00+01:00"


def test_a_date_above_a_story_whose_headline_is_not_shown_gives_the_zone() -> None:
    head = article(datePublished="2025-05-22T00:44:52Z") + '<div class="date">21/05/2025 21:44</div>' + "<p>Read aloud</p>" * 6
    published = found(head + BODY, "https://example.org.br/harbour", story=(7, 37)).published
    assert published is not None
    assert published.isoformat() == "2025-05-21T21:44:52-03:00"


def test_a_meta_that_no_table_lists_is_asked_last() -> None:
    named = '<meta name="q-published-date" content="2025-05-21T06:03:43Z"><meta name="q-update-date" content="2025-06-01">'
    assert day(f"{SIGNED}{named}<h1>Harbour opens</h1>", NEWS_ADDRESS) == "2025-05-21"
    assert day(f"{SIGNED}{named}<h1>Harbour opens</h1><p>By Ann Lee, 20 May 2025</p>", NEWS_ADDRESS) == "2025-05-20"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("First published 3 May, updated", "changed"),
        ("Letzte Aktualisierung:", "changed"),
        ("Stand:", "changed"),
        ("Mis à jour le", "changed"),
        ("Actualizado el", "changed"),
        ("Última actualització:", "changed"),
        ("Ultimo aggiornamento, aggiornato il", "changed"),
        ("Bijgewerkt op", "changed"),
        ("Sist oppdatert", "changed"),
        ("Päivitetty", "changed"),
        ("Aktualizacja:", "changed"),
        ("Zadnja izmjena:", "changed"),
        ("Ostatnio zmodyfikowano", "changed"),
        ("Frissítve:", "changed"),
        ("Обновлено:", "changed"),
        ("Оновлено", "changed"),
        ("Ενημερώθηκε:", "changed"),
        ("עודכן:", "changed"),
        ("آخر تحديث", "changed"),
        ("अपडेट किया गया", "changed"),
        ("আপডেট:", "changed"),
        ("อัปเดตเมื่อ", "changed"),
        ("更新日時", "changed"),
        ("수정", "changed"),
        ("Cập nhật lúc", "changed"),
        ("Son güncelleme", "changed"),
        ("Põhiartikkel uuendatud", "changed"),
        ("Atnaujinta", "changed"),
        ("Uppfært", "changed"),
        ("Veröffentlicht am", "issued"),
        ("Pubblicato il", "issued"),
        ("Publié le", "issued"),
        ("Mis en ligne le", "issued"),
        ("Publikováno", "issued"),
        ("Opublikowano", "issued"),
        ("Objavljeno", "issued"),
        ("Објављено:", "issued"),
        ("Публикувано на", "issued"),
        ("Опубліковано", "issued"),
        ("Δημοσίευση:", "issued"),
        ("פורסם בתאריך", "issued"),
        ("تاريخ النشر", "issued"),
        ("شائع شدہ", "issued"),
        ("प्रकाशित:", "issued"),
        ("প্রকাশ:", "issued"),
        ("เผยแพร่เมื่อ", "issued"),
        ("公開日", "issued"),
        ("입력", "issued"),
        ("Yayınlanma:", "issued"),
        ("Đăng ngày", "issued"),
        ("Avaldatud", "issued"),
        ("Paskelbta", "issued"),
        ("Birt þann", "issued"),
        ("Actualités", ""),
        ("Bundesrepublik", ""),
        ("Harbour", ""),
    ],
)
def test_a_label_says_in_many_languages_what_its_date_is(text: str, said: str) -> None:
    assert labelled(text) == said
