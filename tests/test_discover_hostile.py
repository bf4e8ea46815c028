"""What hostile feeds and sitemaps cost: each kind a bounded time, and never the stories around what is wrong."""

import time
from collections.abc import Iterator

import pytest

from scraper.discover import feeds, json_feeds, sitemaps
from scraper.discover.lean import MAX_ENTRIES, lean

SIZE = 150_000  # characters; feedparser alone takes 100 s on the worst kind
LIMIT_S = 3.0  # of processor time; the slowest takes 0.5 s, and a quadratic one a minute
FEED = "https://quayside.example/feed.xml"
HEAD = '<?xml version="1.0"?><rss version="2.0"><channel><title>x</title><link>https://quayside.example/</link>'
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom">'


def item(number: int, more: str = "") -> str:
    return f"<item><title>Tide table {number}</title><link>https://quayside.example/{number}</link>{more}</item>"


def often(text: str) -> str:
    return text * (SIZE // len(text))


def numbered(text: str) -> str:
    return "".join(text.format(n=number) for number in range(SIZE // len(text)))


def between_stories(middle: str) -> str:
    return f"{HEAD}{item(0)}{middle}{item(1)}</channel></rss>"


def kinds() -> Iterator[tuple[str, str]]:
    for name, piece in {
        "elements": "<a>",
        "angles": "<",
        "ampersands": "&",
        "entities": "&foo;",
        "sections nobody closes": "<![CDATA[",
        "comments nobody closes": "<!--",
        "instructions nobody closes": "<?x ",
        "texts nobody closes": "<description>",
    }.items():
        yield name, between_stories(often(piece))
    yield "elements that are closed", between_stories(often("<b>") + often("</b>"))
    yield "attributes", between_stories("<x " + numbered('a{n}="1" ') + "/>")
    yield "name spaces", between_stories("<x " + numbered('xmlns:a{n}="u{n}" ') + "/>")
    yield "a quote nobody closes", between_stories('<x a="' + often("x "))
    yield "declarations", often("<!DOCTYPE x [") + between_stories("")
    yield "entities of entities", "<!DOCTYPE x [" + numbered('<!ENTITY e{n} "&e{n};&e{n};">') + "]>" + between_stories("&e9;")
    for field in ("author", "title", "pubDate", "link", "category", "guid"):
        for piece in ("a", "a@", "(", "1 ", "2026-", "../", "&lt;div&gt;", "<b>", "<![CDATA[a]]>", "<x/>a"):
            yield f"a {field} of {piece}", between_stories(f"<item><{field}>{often(piece)}</{field}></item>")
    yield "keywords", between_stories("<item>" + numbered("<category>a{n}</category>") + "</item>")
    yield "authors", ATOM + often("<author><name>a</name></author>") + "<entry><title>x</title></entry></feed>"
    yield "bases", ATOM + often('<x xml:base="a/">') + "</feed>"
    yield "items in items", HEAD + often("<item>")
    yield "markup in a title", f'{ATOM}<entry><title type="xhtml"><div>{often("<b>")}</div></title></entry></feed>'
    yield "entities of items", f"{HEAD}{often('<description><item>')}</description>"


@pytest.mark.parametrize(("kind", "text"), [pytest.param(*case, id=case[0]) for case in kinds()])
def test_a_hostile_feed_costs_a_bounded_time(kind: str, text: str) -> None:
    began = time.process_time()
    found = feeds.read(text, FEED)
    assert time.process_time() - began < LIMIT_S, kind
    if f"{item(0)}" in text:
        assert "https://quayside.example/0" in [entry.url for entry in found.entries]


@pytest.mark.parametrize(
    "spoiler",
    ["<![CDATA[ ", "<!-- ", "<? ", "<description>", "<description><![CDATA[", "<a><b><c>", "&nope;", "<", '<x a="', "</channel>", "]]>"],
)
def test_what_nobody_closes_never_loses_the_next_stories(spoiler: str) -> None:
    text = between_stories(f"<item><title>Odd</title>{spoiler}</item>") + item(2, "<description><![CDATA[<p>x</p>]]></description>")
    assert {"Tide table 0", "Tide table 1", "Tide table 2"} <= {entry.title for entry in feeds.read(text, FEED).entries}


def test_stories_told_in_full_are_left_out_before_a_feed_is_read() -> None:
    told = item(0, "<description><![CDATA[<p>Long &amp; winding</p>]]></description><content:encoded>more</content:encoded>")
    assert lean(HEAD + told) == HEAD + item(0)


def test_a_feed_is_read_up_to_a_number_of_entries() -> None:
    assert lean(HEAD + "".join(map(item, range(MAX_ENTRIES * 2)))).count("<item>") == MAX_ENTRIES + 1


def test_what_looks_like_an_entry_within_a_text_is_text() -> None:
    told = item(0, "<description><![CDATA[<item>no</item>]]></description>") + item(1)
    assert lean(HEAD + told) == HEAD + item(0) + item(1)


@pytest.mark.parametrize(
    "middle",
    [often("<![CDATA["), often("&"), often("<url>"), often("<loc>"), often("<a>"), often("<!--"), "<loc>" + often("a") + "</loc>"],
    ids=lambda text: text[:12],
)
def test_a_hostile_sitemap_costs_a_bounded_time(middle: str) -> None:
    text = f"<urlset><url><loc>https://quayside.example/0</loc></url>{middle}</urlset>"
    began = time.process_time()
    found = sitemaps.read(text, "https://quayside.example/sitemap.xml")
    assert time.process_time() - began < LIMIT_S
    assert found.entries[0].url == "https://quayside.example/0"


@pytest.mark.parametrize(
    "text", [often("["), '{"items":' + often("["), '{"items":[' + often("{},") + "{}]}"], ids=["lists", "nested", "many"]
)
def test_a_hostile_json_feed_costs_a_bounded_time(text: str) -> None:
    began = time.process_time()
    json_feeds.read(text, FEED)
    assert time.process_time() - began < LIMIT_S
