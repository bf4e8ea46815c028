"""Feeds and sitemaps of every kind, whole or broken, become links."""

import gzip
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.discover import links, sitemap_indexes, wanted
from scraper.discover.dates import listed_date
from scraper.discover.links import read
from scraper.discover.listing import plain_text
from scraper.errors import ListingError
from scraper.records import Link, ListingKind, Page, Source

FIXTURES = Path(__file__).parents[1] / "fixtures"
CONFORMANCE = Path(__file__).parents[2] / "shared" / "conformance"
NOW = datetime(2026, 1, 6, 12, 0, tzinfo=UTC)
PLUS_ONE = timezone(timedelta(hours=1))
SOURCE = Source(id="gazette", name="Gazette", domain="quayside.example")
Case = dict[str, Any]


def page(content: bytes | str, url: str = "https://quayside.example/listing.xml", **headers: str) -> Page:
    content = content.encode() if isinstance(content, str) else content
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Page(url=url, requested_url=url, status=200, headers=named, content=content, fetched_at=NOW)


def fixture(name: str) -> Page:
    return page((FIXTURES / name).read_bytes())


def found(listing: Page, kind: ListingKind = "feed") -> tuple[Link, ...]:
    return links(listing, source=SOURCE, kind=kind)


# --- feeds ---


def test_an_rss_item_becomes_a_link_with_all_that_it_says() -> None:
    first = found(fixture("feeds/rss.xml"))[0]
    assert first == Link(
        url="https://quayside.example/2026/01/harbour-wall?utm_source=rss",
        source_id="gazette",
        kind="feed",
        found_in="https://quayside.example/listing.xml",
        title="Harbour wall to rise by two metres",
        published=datetime(2026, 1, 5, 16, 50, tzinfo=PLUS_ONE),
        authors=("Edda Marsh",),
        language="en-gb",
        keywords=("Harbour", "Council"),
    )


def test_each_story_of_a_feed_is_linked_once_and_only_stories_are() -> None:
    assert [link.url for link in found(fixture("feeds/rss.xml"))] == [
        "https://quayside.example/2026/01/harbour-wall?utm_source=rss",
        "https://quayside.example/2026/01/ferry-strike",
        "https://quayside.example/2026/01/only-a-guid",
        "https://quayside.example/2026/01/origin",
    ]


def test_a_title_is_given_as_a_reader_sees_it_and_a_time_without_zone_stays_so() -> None:
    second = found(fixture("feeds/rss.xml"))[1]
    assert second.title == "Ferry strike & fog: \u201cno boats\u201d until Friday"
    assert second.published == datetime(2026, 1, 4, 9, 0)  # noqa: DTZ001
    assert second.authors == ("Tomas Reed",)


def test_of_an_atom_entrys_pages_the_first_is_linked() -> None:
    feed = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Wall rises</title>
    <link rel="alternate" type="application/pdf" href="https://quayside.example/wall.pdf"/>
    <link rel="alternate" hreflang="en" href="https://quayside.example/wall"/>
    <link rel="alternate" hreflang="cy" href="https://quayside.example/cy/wal"/></entry></feed>"""
    assert [link.url for link in found(page(feed))] == ["https://quayside.example/wall"]


def test_an_atom_entry_links_to_its_alternate_within_its_base() -> None:
    first, second = found(fixture("feeds/atom.xml"))
    assert (first.url, first.title) == ("https://hafenbote.example/aktuell/mole", "Die Mole wird h\u00f6her")
    assert (first.authors, first.language, first.keywords) == (("Jonna Petersen", "Ole Brandt"), "de", ("Hafen",))
    assert first.published == datetime(2026, 1, 5, 16, 50, tzinfo=PLUS_ONE)
    assert second.authors == ("Redaktion Hafenbote",)
    assert second.published == datetime(2026, 1, 4, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("served_from", "site", "written", "link"),
    [
        ("https://feeds.example.net/quay/rss.xml", "https://quayside.example/", "/2026/wall", "https://quayside.example/2026/wall"),
        (
            "https://feeds.example.net/quay/rss.xml",
            "https://quayside.example/news/",
            "wall.html",
            "https://quayside.example/news/wall.html",
        ),
        ("https://quayside.example/feeds/rss.xml", "https://quayside.example/", "wall.html", "https://quayside.example/feeds/wall.html"),
        ("https://feeds.example.net/rss.xml", "https://quayside.example/", "https://other.example/x", "https://other.example/x"),
    ],
)
def test_a_relative_link_leads_to_the_site_also_from_a_feed_that_is_kept_elsewhere(
    served_from: str, site: str, written: str, link: str
) -> None:
    feed = f"<rss version='2.0'><channel><link>{site}</link><item><title>Wall</title><link>{written}</link></item></channel></rss>"
    assert [each.url for each in found(page(feed, served_from))] == [link]


def test_a_prefix_that_nobody_declared_is_read_as_what_it_is_meant_for() -> None:
    feed = """<rss version="2.0"><channel><title>Quay</title><item><title>Wall</title><dc:creator>Edda Marsh</dc:creator>
    <atom:link rel="alternate" href="https://quayside.example/wall"/></item></channel></rss>"""
    assert [(each.url, each.authors) for each in found(page(feed))] == [("https://quayside.example/wall", ("Edda Marsh",))]


def test_an_rdf_feed_in_latin_1_is_read() -> None:
    (link,) = found(fixture("feeds/rdf.xml"))
    assert (link.url, link.title, link.authors) == ("https://phare.example/digue", "La digue sera sur\u00e9lev\u00e9e", ("Aline Fournier",))
    assert (link.published, link.keywords, link.language) == (datetime(2026, 1, 5, 16, 50, tzinfo=PLUS_ONE), ("Port",), "fr")


def test_an_old_rss_feed_is_read() -> None:
    assert [link.title for link in found(fixture("feeds/rss-091.xml"))] == ["Mill pond frozen", "Wheel stands still"]


def test_a_json_feed_is_read_and_an_odd_item_does_not_spoil_it() -> None:
    first, second, third = found(fixture("feeds/feed.json"))
    assert (first.url, first.title) == ("https://quayside.example/tides/high", "Highest tide in ten years")
    assert (first.authors, first.keywords, first.language) == (("Tidewatch staff",), ("Tides", "Weather"), "en")
    assert first.published == datetime(2026, 1, 5, 16, 50, tzinfo=timezone(-timedelta(hours=5)))
    assert (second.url, second.authors, second.published) == ("https://elsewhere.example/low", ("Ida Boon",), None)
    assert (third.url, third.authors, third.keywords) == ("https://tidewatch.example/only-an-id", ("Nils Aker",), ())


def test_a_broken_feed_gives_every_item_that_can_be_read() -> None:
    broken = found(fixture("feeds/broken.xml"))
    assert [link.url for link in broken] == [
        "https://chips.example/1?a=1&b=2",
        "https://chips.example/2",
        "https://chips.example/3",
        "https://chips.example/4",
    ]
    assert broken[0].title == "One: caf\u00e9 reopens"


@pytest.mark.parametrize("spoiler", [b"\xff", b"\xff\xfe", b"\x00", b"\x0b", b"\xed\xa0\x80", b"&bogus;", b"&", b"<", b"&#0;", b"]]>"])
def test_one_bad_byte_never_loses_the_rest_of_a_feed(spoiler: bytes) -> None:
    text = (FIXTURES / "feeds" / "atom.xml").read_bytes().replace(b"<title>Der Hafenbote</title>", b"<title>Der " + spoiler + b"</title>")
    assert [link.url for link in found(page(text))] == ["https://hafenbote.example/aktuell/mole", "https://hafenbote.example/aktuell/ohne"]
    assert found(page(text))[0].title == "Die Mole wird h\u00f6her"


def test_a_feed_that_declares_nothing_is_utf8_unless_most_of_it_is_not() -> None:
    item = "<item><title>{}</title><link>https://x.example/1</link></item>"
    feed = f"<rss version='2.0'><channel><description>Caf\u00e9 \u201cna\u00efve\u201d</description>{item}</channel></rss>"
    (one_bad_byte,) = found(page(feed.format("Gr\u00fc\u00dfe \ud8ff").encode("utf-8", "replace").replace(b"?", b"\xe9")))
    (another_encoding,) = found(page(feed.format("\u00dcber Gr\u00fc\u00dfe aus M\u00fcnchen").encode("cp1252")))
    assert one_bad_byte.title == "Gr\u00fc\u00dfe \ufffd"
    assert another_encoding.title == "\u00dcber Gr\u00fc\u00dfe aus M\u00fcnchen"


def test_no_external_entity_is_read_and_none_is_multiplied() -> None:
    first, second, third = found(fixture("feeds/entities.xml"))
    assert first.title == "Before &file;&net; after"
    assert len(second.title or "") < 1_000
    assert third.title == "Plain"


def test_a_feed_that_is_too_long_is_read_as_far_as_it_is_read() -> None:
    items = "".join(f"<item><link>https://x.example/{number}</link></item>" for number in range(30))
    text = f"<rss version='2.0'><channel>{items}<description>{'x' * 6_000_000}</description></channel></rss>"
    assert len(found(page(text))) == 30


def test_a_feed_without_items_is_a_feed() -> None:
    assert found(page("<rss version='2.0'><channel><title>Quiet day</title></channel></rss>")) == ()


def test_a_feed_says_in_the_header_what_it_is_written_in() -> None:
    text = "<rss version='2.0'><channel><item><title>H\u00f6her</title><link>https://x.example/1</link></item></channel></rss>"
    (link,) = found(page(text.encode("latin-1"), content_type="text/xml; charset=iso-8859-1"))
    assert link.title == "H\u00f6her"


def test_content_that_is_an_address_is_a_list_of_one_and_not_fetched() -> None:
    """feedparser fetches what it takes for an address; nobody listens at this one."""
    assert [link.url for link in found(page("http://127.0.0.1:9/feed"))] == ["http://127.0.0.1:9/feed"]


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("desk@quayside.example (Tomas Reed)", ("Tomas Reed",)),
        ("Tomas Reed <desk@quayside.example>", ("Tomas Reed",)),
        ("Tomas Reed (desk@quayside.example)", ("Tomas Reed",)),
        ("Tomas Reed", ("Tomas Reed",)),
        ("desk@quayside.example", ()),
    ],
)
def test_an_author_is_a_name_and_no_address(author: str, names: tuple[str, ...]) -> None:
    item = f"<item><link>https://x.example/1</link><author>{author.replace('<', '&lt;')}</author></item>"
    (link,) = found(page(f"<rss version='2.0'><channel>{item}</channel></rss>"))
    assert link.authors == names


@pytest.mark.parametrize(
    "content",
    [
        "",
        "hello",
        "<html><body><rss></body></html>",
        "<!DOCTYPE html><p>Not here",
        "{}",
        '{"items": 3}',
        '{"items": [',
        "[" * 9_000,
        "{" * 9_000,
    ],
)
@pytest.mark.parametrize("kind", ["feed", "news_sitemap"])
def test_a_page_that_is_no_listing_is_named(content: str, kind: ListingKind) -> None:
    with pytest.raises(ListingError) as caught:
        found(page(content), kind)
    assert (caught.value.code, caught.value.url) == ("not_a_listing", "https://quayside.example/listing.xml")


# --- sitemaps ---


def test_a_news_sitemap_gives_what_it_says_of_each_story() -> None:
    first = found(fixture("sitemaps/news.xml"), "news_sitemap")[0]
    assert first == Link(
        url="https://quayside.example/2026/01/harbour-wall",
        source_id="gazette",
        kind="news_sitemap",
        found_in="https://quayside.example/listing.xml",
        title="Harbour wall to rise by two metres",
        published=datetime(2026, 1, 5, 16, 50, tzinfo=PLUS_ONE),
        language="en",
        keywords=("harbour", "council"),
    )


@pytest.mark.parametrize("compress", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_sitemap_gives_each_story_once_and_none_that_is_too_old(compress: Any) -> None:
    content = compress((FIXTURES / "sitemaps" / "news.xml").read_bytes())
    assert [link.url for link in found(page(content), "news_sitemap")] == [
        "https://quayside.example/2026/01/harbour-wall",
        "https://quayside.example/story?id=7&page=2",
        "https://quayside.example/2026/01/relative",
    ]


def test_the_day_a_page_was_changed_is_not_the_day_it_was_published() -> None:
    (link,) = found(page("<urlset><url><loc>https://x.example/1</loc><lastmod>2026-01-05</lastmod></url></urlset>"), "news_sitemap")
    assert link.published is None


def test_an_index_names_further_sitemaps_and_no_stories() -> None:
    index = fixture("sitemaps/index.xml")
    assert sitemap_indexes(index) == ("https://quayside.example/sitemap-news.xml.gz", "https://quayside.example/sitemap-2026.xml?a=1&b=2")
    assert found(index, "news_sitemap") == ()


@pytest.mark.parametrize("name", ["sitemaps/news.xml", "feeds/rss.xml", "feeds/feed.json"])
def test_what_is_no_index_names_none(name: str) -> None:
    assert sitemap_indexes(fixture(name)) == ()


def test_a_page_that_is_no_sitemap_names_none() -> None:
    assert sitemap_indexes(page("<html><p>Not found")) == ()


def test_a_broken_sitemap_gives_every_place_that_can_be_read() -> None:
    assert {link.url for link in found(fixture("sitemaps/broken.xml"), "news_sitemap")} == {
        "https://mill.example/1?a=1&b=2",
        *(f"https://mill.example/{number}" for number in (3, 4, 5, 6)),
        "https://mill.example/",  # the entity in the middle is not read, and what follows it is lost
    }


def test_a_line_of_a_text_sitemap_may_lack_its_scheme_but_not_name_another_host() -> None:
    listing = page("quayside.example/wall\nelsewhere.example/wall\nhttps://quayside.example/ferry", url="https://quayside.example/map.txt")
    assert [link.url for link in found(listing, "news_sitemap")] == ["https://quayside.example/wall", "https://quayside.example/ferry"]


def test_a_sitemap_of_plain_lines_is_read() -> None:
    assert [link.url for link in found(fixture("sitemaps/plain.txt"), "news_sitemap")] == [
        "https://mill.example/pond",
        "https://mill.example/wheel",
    ]


def test_a_feed_in_place_of_a_sitemap_is_read_as_what_it_is() -> None:
    assert len(found(fixture("feeds/atom.xml"), "news_sitemap")) == 2


def test_a_sitemap_is_read_up_to_the_number_the_standard_allows() -> None:
    content = "<urlset>" + "".join(f"<url><loc>https://x.example/{number}</loc></url>" for number in range(50_010)) + "</urlset>"
    assert len(read(page(content)).entries) == 50_000


@settings(deadline=None)  # the first example pays for the imports
@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: f"<urlset><url><loc>{text}".encode()))
def test_any_bytes_are_a_listing_or_named_as_none(content: bytes) -> None:
    for kind in ("feed", "news_sitemap"):
        try:
            assert isinstance(found(page(content), kind), tuple)
        except ListingError:
            continue


@settings(deadline=None)  # the first example pays for the imports
@given(st.text(max_size=200))
def test_any_text_in_a_feed_leaves_its_neighbours_alone(text: str) -> None:
    item = "<item><link>https://x.example/{}</link></item>"
    content = f"<rss version='2.0'><channel>{item.format(1)}<item><title><![CDATA[{text}]]></title></item>{item.format(2)}</channel></rss>"
    assert {"https://x.example/1", "https://x.example/2"} <= {link.url for link in found(page(content.encode("utf-8", "replace")))}


# --- dates and titles ---


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Mon, 05 Jan 2026 16:50:00 +0100", "2026-01-05T16:50:00+01:00"),
        ("Mon, 05 Jan 2026 16:50:00 GMT", "2026-01-05T16:50:00+00:00"),
        ("Mon, 05 Jan 2026 16:50:00 EST", "2026-01-05T16:50:00-05:00"),
        ("Mon, 5 Jan 2026 16:50 GMT+0200", "2026-01-05T16:50:00+02:00"),
        ("Mon, 05 Jan 2026 16:50:00 +0000 (UTC)", "2026-01-05T16:50:00+00:00"),
        ("05 Jan 2026 16:50:00", "2026-01-05T16:50:00"),
        ("Mon, 05 Jan 2026 16:50:00 -0000", "2026-01-05T16:50:00"),
        ("2026-01-05T16:50:00Z", "2026-01-05T16:50:00+00:00"),
        ("2026-01-05T16:50:00.123456789+05:30", "2026-01-05T16:50:00+05:30"),
        ("2026-01-05 16:50:00 +0100", "2026-01-05T16:50:00+01:00"),
        ("2026-1-5 6:50", "2026-01-05T06:50:00"),
        ("2026-01-05T16:50:00 UTC", "2026-01-05T16:50:00+00:00"),
        ("2026-01-05", "2026-01-05T00:00:00"),
        ("2026-01", "2026-01-01T00:00:00"),
        ("2026", "2026-01-01T00:00:00"),
        ("2026-02-31", None),
        ("2026-01-05T25:00:00Z", None),
        ("Mon, 99 Jan 2026 16:50:00 GMT", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_a_listed_date_keeps_the_zone_it_has(written: str | None, expected: str | None) -> None:
    when = listed_date(written)
    assert (when.isoformat() if when else None) == expected


@settings(deadline=None)  # the first example pays for the imports
@given(st.text(max_size=40) | st.from_regex(r"[0-9]{1,5}-[0-9]{1,3}-[0-9]{1,3}[T ]?[0-9:.]{0,12}( ?[Zz+-][0-9:]{0,5})?", fullmatch=True))
def test_any_text_is_a_date_or_none(written: str) -> None:
    assert listed_date(written) is None or isinstance(listed_date(written), datetime)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (" Two \n lines ", "Two lines"),
        ("AT&amp;T &lt;b&gt;up&lt;/b&gt;", "AT&T up"),
        ("2 < 3 & 5 > 4", "2 < 3 & 5 > 4"),
        ("Rise &amp;#8211; and fall", "Rise \u2013 and fall"),
        ("The history of the &lt;blink&gt; tag", "The history of the <blink> tag"),
        ("&lt;i&gt;Sea&lt;/i&gt; wall &amp;amp; slipway", "Sea wall & slipway"),
        ("<script>x()</script><img src=a> ", None),
        ("", None),
        (None, None),
    ],
)
def test_a_title_loses_its_markup(text: str | None, plain: str | None) -> None:
    assert plain_text(text) == plain


# --- what is wanted ---


@pytest.mark.parametrize(
    ("url", "published", "want"),
    [
        ("https://x.example/2026/story", None, True),
        ("https://x.example/2026/story", NOW - timedelta(days=6), True),
        ("https://x.example/2026/story", NOW - timedelta(days=8), False),
        ("https://x.example/2026/story", (NOW - timedelta(days=8)).replace(tzinfo=None), False),
        ("https://x.example/2026/story", NOW + timedelta(days=2), True),
        ("https://x.example/2026/video/story", None, False),
        ("https://x.example/about", None, False),
    ],
)
def test_a_link_is_wanted_by_its_url_and_its_age(url: str, published: datetime | None, want: bool) -> None:
    source = Source(id="x", name="X", domain="x.example", allow=(r"/20\d\d/",), deny=("/video/",), max_age_days=7)
    assert wanted(Link(url=url, source_id="x", published=published), source, NOW) is want


def test_without_patterns_every_link_is_wanted() -> None:
    assert wanted(Link(url="https://x.example/", source_id="x"), SOURCE, NOW)
