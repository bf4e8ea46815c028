"""How much of a story's text is said to stand in links? Of what is kept of a page, and of nothing else on it."""

from datetime import UTC, datetime

import pytest

from scraper.extract.article import read
from scraper.extract.linked import link_density
from scraper.pipeline.extraction import prepare_page
from scraper.records import Link, Page

URL = "https://harbour.example/2026/ferry"
PARAGRAPHS = (
    "The night ferry to the islands will sail again from March, the harbour master said on Monday evening after a long meeting.",
    "People on both islands had waited for the news for most of the winter, and many of them came to hear it for themselves.",
    "What the crossing will cost nobody wanted to say, but the figures are to be laid before the island council in June.",
    "A second boat, which had been promised for the summer, will not come before the quay at the old lighthouse is mended.",
)
MENU = "".join(f'<li><a href="/section/{name}">{name.title()}</a></li>' for name in ("news", "sport", "weather", "letters", "tides"))


def page_of(*paragraphs: str) -> bytes:
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return (
        f"<html><head><title>Ferry to sail again</title></head><body><nav><ul>{MENU}</ul></nav>"
        f"<article><h1>Ferry to sail again</h1>{body}</article></body></html>"
    ).encode()


def test_a_story_without_links_has_none_whatever_stands_around_it() -> None:
    assert link_density(read(page_of(*PARAGRAPHS), URL)) == 0


def test_what_stands_in_links_is_counted_by_its_letters() -> None:
    linked = PARAGRAPHS[1].replace("both islands", '<a href="/islands">both islands</a>')
    density = link_density(read(page_of(PARAGRAPHS[0], linked, *PARAGRAPHS[2:]), URL))
    assert density == pytest.approx(len("both islands") / sum(map(len, PARAGRAPHS)), rel=0.02)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 \x00\x01", page_of()])
def test_a_page_without_a_story_has_no_share(content: bytes) -> None:
    assert link_density(read(content, URL)) is None


def test_a_run_stores_it_with_the_page() -> None:
    fetched_at = datetime(2026, 1, 6, 12, tzinfo=UTC)
    page = Page(url=URL, requested_url=URL, status=200, headers=(), content=page_of(*PARAGRAPHS), fetched_at=fetched_at)
    ready = prepare_page(page, None, Link(url=URL, source_id="harbour"), None)
    assert ready.verdict == "article"
    assert ready.told.link_density == 0
