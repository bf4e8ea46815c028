"""Whose page, and how is the story filed: publisher, section, tags, image, canonical address, paywall."""

from scraper.extract.document import Block, Document
from scraper.extract.fields import Fields, fields
from scraper.extract.walk import walk_html

URL = "https://example.org/news/harbour"


def found(html: str, url: str | None = URL) -> Fields:
    return fields(walk_html(html), url, None)


def test_a_name_outweighs_a_domain() -> None:
    html = '<meta property="og:site_name" content="example.org"><meta name="publisher" content="The Example">'
    assert found(html).publisher == "The Example"


def test_a_publisher_glued_to_the_date_is_read_from_plain_text() -> None:
    lines = ["Harbour opens again after storm", "Harbour opens again after storm", "Example Times21-05-2025", "Text of the story. " * 20]
    document = Document(blocks=tuple(Block(line, -1, "p") for line in lines), is_html=False)
    assert fields(document, None, None).publisher == "Example Times"


def test_section_and_tags_come_from_the_first_signal_that_gives_any() -> None:
    html = (
        '<meta property="article:section" content="World">'
        '<meta property="article:tag" content="Harbour"><meta property="article:tag" content="Storm">'
        '<meta name="keywords" content="a1, b2">'
    )
    assert found(html).section == "World"
    assert found(html).tags == ("Harbour", "Storm")
    assert found('<meta name="keywords" content="harbour, storm,  harbour , ">').tags == ("harbour", "storm")


def test_hashtags_below_the_story_are_tags() -> None:
    document = Document(blocks=(Block("Text of the story. " * 20, -1, "p"), Block("#Global News #Asia News", -1, "p")), is_html=False)
    assert fields(document, None, None, story=(0, 1)).tags == ("Global News", "Asia News")


def test_addresses_are_absolute_and_http() -> None:
    page = found('<meta property="og:image" content="/img/a.jpg"><link rel="canonical" href="/news/harbour">')
    assert page.image == "https://example.org/img/a.jpg"
    assert page.canonical_url == "https://example.org/news/harbour"
    assert found('<meta property="og:image" content="data:image/png;base64,AAAA">').image is None


def test_a_home_page_is_no_storys_canonical_address() -> None:
    assert found('<link rel="canonical" href="https://example.org/">').canonical_url is None


def test_a_paywall_is_read_from_the_markup_and_unknown_without_it() -> None:
    assert found('<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":"False"}</script>').paywalled is True
    assert found('<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":true}</script>').paywalled is False
    assert found('<meta property="article:content_tier" content="locked">').paywalled is True
    assert found("<p>Text.</p>").paywalled is None
