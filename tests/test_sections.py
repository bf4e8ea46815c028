"""Section pages become links to stories, and nothing else of them does."""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.discover import links, read, sitemap_indexes
from scraper.discover.shapes import story_likeness
from scraper.errors import ListingError
from scraper.records import Link, Page, Source

FIXTURES = Path(__file__).parents[1] / "fixtures"
NOW = datetime(2026, 1, 6, 12, 0, tzinfo=UTC)
SOURCE = Source(id="quay", name="Quay", domain="quay.example")


def page(content: str, url: str = "https://quay.example/harbour/") -> Page:
    return Page(url=url, requested_url=url, status=200, headers=(), content=content.encode(), fetched_at=NOW)


def found(content: str) -> tuple[Link, ...]:
    return links(page(content), source=SOURCE, kind="section")


def document(inside: str) -> str:
    return f'<!doctype html><html lang="en"><body>{inside}</body></html>'


CARD = """<article class="card"><a class="pic" href="{url}"><img src="/i.jpg" alt=""></a>
<h3><a href="{url}">{title}</a></h3><p>A line about it and what comes next in the harbour.</p>
<time datetime="2026-01-0{n}T08:00:00Z">today</time><a class="more" href="{url}#comments">Read more</a></article>"""
TITLES = ("Sea wall to rise by two metres", "Ferry to Pell stays in port", "Herring is back in the bay", "New crane blocks the view")
CARDS = "".join(CARD.format(url=f"/harbour/{n}/", title=title, n=n) for n, title in enumerate(TITLES, 1))
CHROME = """<nav><a href="/news/the-whole-of-the-news-today">The whole of the news of today</a></nav>
<div class="main-menu"><a href="/sport/all-about-our-football-teams">All about our football teams</a></div>
<footer><a href="/company/how-we-work-and-who-we-are">How we work and who we are</a></footer>"""


def test_the_stories_of_a_list_are_found_once_each_with_headline_and_date() -> None:
    stories = found(document(CHROME + f"<main>{CARDS}</main>"))
    assert [link.url for link in stories] == [f"https://quay.example/harbour/{n}/" for n in range(1, 5)]
    assert [link.title for link in stories] == list(TITLES)
    assert stories[0].published == datetime(2026, 1, 1, 8, 0, tzinfo=UTC)
    assert (stories[0].kind, stories[0].language, stories[0].found_in) == ("section", "en", "https://quay.example/harbour/")


def test_menus_footers_other_sites_and_the_page_itself_are_no_stories() -> None:
    stray = '<p><a href="https://elsewhere.example/2026/01/05/a-story-of-another-site">A story of another site today</a></p>'
    own = '<h2><a href="/harbour/?utm_source=x">All that happens in our harbour</a></h2>'
    with pytest.raises(ListingError, match="not a page that links to stories"):
        found(document(CHROME + stray + own))


def test_a_single_story_is_told_by_its_address_and_its_headline() -> None:
    lone = '<p><a href="/2026/01/05/ferry-to-pell-stays-in-port.html">Ferry to Pell stays in port</a></p>'
    about = '<p><a href="/company/people">The people who make this newspaper</a></p>'
    assert [link.url for link in found(document(lone + about))] == ["https://quay.example/2026/01/05/ferry-to-pell-stays-in-port.html"]


def test_a_list_in_a_script_without_spaces_is_read() -> None:
    items = "".join(f'<li><a href="/news/{n}0412">港の堤防を二メートル高くする計画{n}</a></li>' for n in range(4))
    assert len(found(document(f"<ul>{items}</ul>"))) == 4


def test_the_section_page_of_the_fixtures_gives_its_stories_and_its_next_page() -> None:
    text = (FIXTURES / "odd" / "section.html").read_text(encoding="utf-8").replace("{origin}", "https://quay.example")
    stories = found(text)
    assert len(stories) == 8
    assert all("/2026/" in link.url for link in stories)
    assert read(page(text), "section").following == "https://quay.example/energy/?page=2"


@pytest.mark.parametrize(
    "link", ['<a rel="next" href="?page=2">2</a>', '<link rel="next" href="?page=2">', '<a href="?page=2">Older posts »</a>']
)
def test_a_page_says_where_it_goes_on(link: str) -> None:
    assert read(page(document(CARDS + link)), "section").following == "https://quay.example/harbour/?page=2"


@pytest.mark.parametrize("link", ['<a rel="next" href="https://elsewhere.example/2">2</a>', '<a rel="next" href="#">2</a>', ""])
def test_a_page_that_leads_elsewhere_does_not_go_on(link: str) -> None:
    assert read(page(document(CARDS + link)), "section").following is None


def test_a_feed_in_pages_says_where_it_goes_on() -> None:
    feed = '<feed xmlns="http://www.w3.org/2005/Atom"><link rel="next" href="https://quay.example/feed?page=2"/></feed>'
    assert read(page(feed)).following == "https://quay.example/feed?page=2"
    assert read(page('{"version": "1", "items": [], "next_url": "https://quay.example/2.json"}')).following == "https://quay.example/2.json"


def test_an_index_is_read_newest_first_and_back_to_a_day() -> None:
    index = "".join(
        f"<sitemap><loc>https://quay.example/{month}.xml</loc><lastmod>2025-{month}-28</lastmod></sitemap>" for month in ("10", "12", "11")
    )
    listing = page(f"<sitemapindex>{index}</sitemapindex>")
    assert [url[-6:] for url in sitemap_indexes(listing)] == ["12.xml", "11.xml", "10.xml"]
    assert [url[-6:] for url in sitemap_indexes(listing, since=datetime(2025, 11, 1, tzinfo=UTC))] == ["12.xml", "11.xml"]


@pytest.mark.parametrize(
    ("url", "likeness"),
    [
        ("https://quay.example/2026/01/05/harbour/sea-wall-to-rise-by-two-metres.html", 2),
        ("https://quay.example/news/sea-wall-to-rise-by-two-metres-1.1234567", 2),
        ("https://quay.example/article.aspx?id=48213", 1),
        ("https://quay.example/a/48213", 1),
        ("https://quay.example/sport", 0),
        ("https://quay.example/", -3),
        ("https://quay.example/tag/harbour-wall-in-the-winter", -3),
        ("https://quay.example/en/author/edda-marsh-of-the-harbour-desk", -3),
        ("https://quay.example/2026/01/05/sea-wall-seen-from-above.jpg", -3),
        ("https://quay.example/login.php", -3),
    ],
)
def test_an_address_looks_like_a_storys_or_not(url: str, likeness: int) -> None:
    assert story_likeness(url) == likeness


@given(st.text(alphabet='<a href="/x">hlin b/=\n', max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_page_is_a_list_of_stories_or_named_as_none(text: str) -> None:
    with suppress(ListingError):
        assert found(text)
