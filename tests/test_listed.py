"""A feed or sitemap is a second witness: it fills what the page leaves open, never overrides it, and both stand side by side."""

import asyncio
import logging
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from newsroom import STORY, Answer, Newsroom, newsroom

from scraper.extract.listed import with_listing
from scraper.pipeline.crawl import crawl
from scraper.pipeline.scrape import ScrapeOptions, scrape
from scraper.records import Article, Candidate, Evidence, FieldEvidence, Link, Policy, Precision, Source

NOW = datetime(2026, 1, 6, 12, 0, tzinfo=UTC)
LOG = logging.getLogger("tests.listed")
PLUS_TWO = timezone(timedelta(hours=2))


def story(published: datetime | None = None, precision: Precision | None = None, signal: str = "visible:line", **more: object) -> Article:
    proofs = [FieldEvidence(field=name, signal="json_ld:x", value=str(value)) for name, value in more.items() if value]
    if published:
        proofs.append(FieldEvidence(field="published", signal=signal, value=published.isoformat()))
    return Article(
        verdict="article",
        published=published,
        published_precision=precision,
        evidence=Evidence(fields=tuple(proofs)),
        **more,  # type: ignore[arg-type]
    )


def link(**said: object) -> Link:
    return Link(url="https://quay.example/wall", source_id="quay", **{"kind": "feed"} | said)  # type: ignore[arg-type]


def signals(article: Article) -> dict[str, str]:
    return {entry.field: entry.signal for entry in article.evidence.fields}


def last(article: Article, field: str) -> Candidate:
    proof = article.evidence.of(field)
    assert proof is not None
    return proof.candidates[-1]


def test_what_the_page_does_not_say_is_taken_from_the_listing_with_evidence_that_says_so() -> None:
    said = link(
        title="The wall", published=NOW - timedelta(hours=1), authors=("By Edda Marsh",), language="en-IE", keywords=("wall",),
        kind="news_sitemap",
    )  # fmt: skip
    found = with_listing(story(), said, NOW)
    assert (found.headline, found.authors, found.language, found.tags) == ("The wall", ("Edda Marsh",), "en", ("wall",))
    assert (found.published, found.published_precision) == (NOW - timedelta(hours=1), "second")
    assert signals(found) == dict.fromkeys(("headline", "authors", "language", "tags", "published"), "news_sitemap")


def test_what_the_page_says_stands_and_the_listing_beside_it() -> None:
    page = story(NOW.replace(day=5), "second", "json_ld:datePublished", headline="Sea wall to rise", authors=("Edda Marsh",), language="en")
    found = with_listing(page, link(title="Harbour votes", published=NOW.replace(day=3), authors=("Ann Lee",), language="de"), NOW)
    assert (found.headline, found.authors, found.language, found.published) == (page.headline, page.authors, "en", page.published)
    assert [last(found, field) for field in ("headline", "authors", "language", "published")] == [
        Candidate(value=value, signal="feed", reason="the listing says otherwise")
        for value in ("Harbour votes", "Ann Lee", "de", "2026-01-03T12:00:00+00:00")
    ]


@pytest.mark.parametrize(
    ("page", "listing", "same"),
    [
        ("Sea wall to rise", "SEA WALL — to rise!", True),
        ("Sea wall to rise", "Council: Sea wall to rise", True),
        ("Sea wall to rise", "Sea wall to fall", False),
        ("War", "Award goes to the harbour choir", False),
    ],
)
def test_a_headline_with_a_kicker_or_in_other_letters_is_the_same(page: str, listing: str, *, same: bool) -> None:
    reason = last(with_listing(story(headline=page), link(title=listing)), "headline").reason
    assert reason == ("the listing says the same" if same else "the listing says otherwise")


DAY, CLOCK = datetime(2026, 1, 5), datetime(2026, 1, 5, 16, 50)  # noqa: DTZ001 - as pages give them


@pytest.mark.parametrize(
    ("published", "precision", "listed", "settled"),
    [
        pytest.param(DAY, "day", CLOCK.replace(tzinfo=PLUS_TWO), CLOCK.replace(tzinfo=PLUS_TWO), id="the time of the day"),
        pytest.param(DAY, "day", DAY.replace(tzinfo=UTC), None, id="midnight is no time"),
        pytest.param(DAY, "day", CLOCK.replace(day=4), None, id="another day"),
        pytest.param(CLOCK, "minute", CLOCK.replace(hour=14, second=31, tzinfo=UTC), CLOCK.replace(tzinfo=PLUS_TWO), id="the zone, by UTC"),
        pytest.param(CLOCK, "minute", CLOCK.replace(tzinfo=PLUS_TWO), CLOCK.replace(tzinfo=PLUS_TWO), id="the zone, by the same clock"),
        pytest.param(CLOCK, "minute", CLOCK.replace(minute=37, tzinfo=UTC), None, id="another moment"),
        pytest.param(CLOCK.replace(month=5, day=1), "minute", CLOCK, CLOCK, id="day and month"),
        pytest.param(
            DAY.replace(month=5, day=1), "day", CLOCK.replace(tzinfo=UTC), CLOCK.replace(tzinfo=UTC), id="day and month, and the time"
        ),
        pytest.param(CLOCK.replace(tzinfo=UTC), "second", CLOCK.replace(hour=3, tzinfo=PLUS_TWO), None, id="the page's own time stands"),
    ],
)
def test_a_listing_settles_what_the_pages_date_leaves_open(
    published: datetime, precision: Precision, listed: datetime, settled: datetime | None
) -> None:
    found = with_listing(story(published, precision), link(published=listed), NOW)
    assert found.published == (settled or published)
    assert found.published is not None
    assert found.published.tzinfo == (settled or published).tzinfo
    assert signals(found)["published"] == ("visible:line+feed" if settled else "visible:line")


def test_the_order_of_day_and_month_is_settled_only_where_people_were_meant_to_read_it() -> None:
    page = story(DAY.replace(month=5, day=1), "day", "json_ld:datePublished")
    assert with_listing(page, link(published=DAY)).published == page.published


def test_a_date_after_the_fetch_a_name_of_nobody_and_a_teaser_are_not_believed() -> None:
    found = with_listing(story(), link(published=NOW + timedelta(days=3), authors=("admin", "a@b.example")), NOW)
    assert (found.published, found.authors) == (None, ())
    assert with_listing(story(), link(kind="section", title="Read this")).headline is None


def test_a_page_that_is_no_story_and_one_that_nobody_announced_stay_as_they_are() -> None:
    wall = Article(verdict="consent_wall")
    assert with_listing(wall, link(title="The wall")) is wall
    assert with_listing(story(), link(title="The wall", kind="direct")).headline is None


# --- in a run ---


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with newsroom() as site:
        site.answers["/robots.txt"] = Answer(status=404)
        yield site


def announced(room: Newsroom) -> str:
    page = STORY.format(headline="Sea wall of Pell to rise by two metres", place="Pell")
    page = page.replace('<meta property="article:published_time" content="2026-01-05T16:50:00+00:00">', "")
    room.answers["/wall"] = Answer(page.encode())
    item = f"<title>Harbour votes</title><link>{room.origin}/wall</link><pubDate>Mon, 05 Jan 2026 09:30:00 +0000</pubDate>"
    feed = f'<rss version="2.0"><channel><title>News</title><item>{item}</item></channel></rss>'
    room.answers["/rss"] = Answer(feed.encode(), type="application/rss+xml")
    return f"{room.origin}/rss"


def test_a_run_stores_both_witnesses_and_a_view_shows_where_they_differ(room: Newsroom, tmp_path: Path) -> None:
    db, policy = tmp_path / "news.db", Policy(delay_s=0, allow_private=True)
    quay = Source(id="quay", name="Quay", domain="127.0.0.1", policy=policy, feeds=(announced(room),))
    asyncio.run(crawl((quay,), db=db, now=lambda: NOW, log=LOG))
    with sqlite3.connect(db) as store:
        assert store.execute("SELECT published, headline FROM articles").fetchall() == [
            ("2026-01-05T09:30:00+00:00", "Sea wall of Pell to rise by two metres")
        ]
        assert store.execute("SELECT signal FROM evidence WHERE field = 'published'").fetchall() == [("feed",)]
        assert store.execute("SELECT field, on_the_page, in_the_listing, listing FROM listing_differences").fetchall() == [
            ("headline", "Sea wall of Pell to rise by two metres", "Harbour votes", "feed")
        ]


def test_a_story_scraped_again_by_hand_keeps_what_its_feed_said(room: Newsroom, tmp_path: Path) -> None:
    db, policy = tmp_path / "news.db", Policy(delay_s=0, allow_private=True)
    quay = Source(id="quay", name="Quay", domain="127.0.0.1", policy=policy, feeds=(announced(room),))
    asyncio.run(crawl((quay,), db=db, now=lambda: NOW, log=LOG))

    async def by_hand() -> list[str | None]:
        options = ScrapeOptions(sources=(quay,), db=db)
        return [done.saved async for done in scrape([f"{room.origin}/wall?utm_source=mail"], options=options, now=lambda: NOW, log=LOG)]

    room.answers["/wall?utm_source=mail"] = room.answers["/wall"]
    assert asyncio.run(by_hand()) == ["duplicate"]
    with sqlite3.connect(db) as store:
        assert store.execute("SELECT published FROM articles").fetchall() == [("2026-01-05T09:30:00+00:00",)]
