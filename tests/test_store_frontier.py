"""Does the list of pages still to be fetched survive everything, in the right order, with patience that ends?"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from test_store_samples import HARBOUR, NOW, SITE, VALLEY, article_of, link_of, opened, page_of, reject_of, url_of

from scraper.errors import BadStatus, ExtractionError, NetworkError, ScraperError
from scraper.records import Link, NotModified, Page, Validators
from scraper.store import Store

FEED = HARBOUR.feeds[0]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store, _ = opened(tmp_path / "news.db")
    with store:
        yield store


def listing(*, etag: str | None = '"one"', modified: str | None = None, at: datetime = NOW) -> Page:
    headers = [(name, value) for name, value in (("etag", etag), ("last-modified", modified)) if value]
    return page_of(FEED, headers=headers, at=at)


def announce(store: Store, *links: Link) -> int:
    return store.record_listing(1, "harbour", FEED, "feed", listing(), links)


def due(store: Store, *, now: datetime = NOW, limit: int = 50) -> list[str]:
    return [link.url for link in store.pending_links("harbour", now=now, limit=limit)]


def fail(store: Store, url: str, error: ScraperError, *, at: datetime = NOW) -> None:
    store.record_failure(1, error, source_id="harbour", url=url, kind="page", at=at)


def status_error(url: str, status: int, *, retryable: bool, retry_after_s: float | None = None) -> BadStatus:
    return BadStatus(f"the server answered {status}", code=f"http_{status}", url=url, retryable=retryable, retry_after_s=retry_after_s)


def test_links_come_newest_first_then_as_they_were_found(store: Store) -> None:
    undated = [link_of(f"{SITE}/u{number}") for number in (1, 2)]
    old, new = link_of(f"{SITE}/old", published=NOW - timedelta(days=2)), link_of(f"{SITE}/new", published=NOW)
    zoned = link_of(f"{SITE}/zoned", published=datetime.fromisoformat("2026-01-05T03:00:00-08:00"))
    assert announce(store, undated[0], old, new, zoned, undated[1]) == 5
    assert due(store) == [f"{SITE}/{name}" for name in ("new", "zoned", "old", "u1", "u2")]
    assert due(store, limit=2) == [f"{SITE}/new", f"{SITE}/zoned"]


def test_all_that_a_listing_says_comes_back_with_the_link(store: Store) -> None:
    link = Link(
        url=f"{SITE}/a?b=c&id=ü", source_id="harbour", kind="news_sitemap", found_in=f"{SITE}/map.xml", title="Ärger \N{EM DASH} “x”",
        published=datetime.fromisoformat("2026-01-05T16:50:00+05:30"), authors=("A. B.", "C"), language="de", keywords=("x, y", "z"),
    )  # fmt: skip
    announce(store, link)
    assert store.pending_links("harbour", now=NOW, limit=9) == (link,)
    assert store.pending_links("valley", now=NOW, limit=9) == ()


def test_a_link_announced_twice_or_in_two_spellings_is_one(store: Store) -> None:
    assert announce(store, link_of(url_of("ferry")), link_of(f"{url_of('ferry')}?utm_source=rss"), link_of(url_of("ferry"))) == 1
    assert announce(store, link_of(url_of("ferry"), title="A better title", published=NOW)) == 0
    (link,) = store.pending_links("harbour", now=NOW, limit=9)
    assert (link.title, link.published) == ("A better title", NOW)


def test_a_stored_page_leaves_the_frontier_for_good(store: Store) -> None:
    announce(store, link_of(url_of("ferry")), link_of(url_of("wall")))
    store.record_article(1, link_of(url_of("ferry")), page_of(url_of("ferry")), article_of("ferry"))
    store.record_article(1, link_of(url_of("wall")), page_of(url_of("wall")), reject_of("consent_wall", "asks for consent"))
    assert due(store) == []
    assert announce(store, link_of(url_of("ferry")), link_of(url_of("wall"))) == 0
    assert due(store, now=NOW + timedelta(days=30)) == []


def test_a_story_stored_on_request_is_not_fetched_again_when_a_feed_announces_it(store: Store) -> None:
    direct = Link(url=url_of("ferry"), source_id="harbour")
    store.record_article(1, direct, page_of(direct.url), article_of("ferry"))
    assert announce(store, link_of(url_of("ferry"))) == 0
    assert due(store) == []


def test_the_frontier_survives_closing_and_opening(tmp_path: Path) -> None:
    store, _ = opened(tmp_path / "news.db")
    with store:
        announce(store, link_of(url_of("ferry")), link_of(url_of("bridge")))
    with Store.open(tmp_path / "news.db") as store:
        assert due(store) == [url_of("ferry"), url_of("bridge")]
        assert store.validators(FEED) == Validators(etag='"one"')


def test_a_retryable_failure_is_tried_again_after_growing_pauses(store: Store) -> None:
    url = url_of("later")
    announce(store, link_of(url))
    at, pauses = NOW, []
    for _ in range(9):
        fail(store, url, NetworkError("no answer", code="timeout", url=url, retryable=True), at=at)
        assert due(store, now=at) == []
        wait = next(minutes for minutes in range(1, 2000) if due(store, now=at + timedelta(minutes=minutes)))
        pauses.append(wait)
        at += timedelta(minutes=wait)
    assert pauses == [15, 45, 135, 405, 1215, 1440, 1440, 1440, 1440]
    fail(store, url, NetworkError("no answer", code="timeout", url=url, retryable=True), at=at)
    assert due(store, now=at + timedelta(days=365)) == [], "after ten attempts in six days the link is given up"
    assert store.stats().links_failed == 1


def test_a_server_that_names_a_wait_gets_it(store: Store) -> None:
    url = url_of("busy")
    announce(store, link_of(url))
    fail(store, url, status_error(url, 429, retryable=True, retry_after_s=7200))
    assert due(store, now=NOW + timedelta(seconds=7199)) == []
    assert due(store, now=NOW + timedelta(seconds=7200)) == [url]
    fail(store, url, status_error(url, 429, retryable=True, retry_after_s=1e12))
    assert due(store, now=NOW + timedelta(days=8)) == [url], "a wait of 30,000 years is a fault of the server's"


@pytest.mark.parametrize("status", [404, 410, 403])
def test_what_cannot_succeed_is_given_up_and_its_reason_kept(store: Store, tmp_path: Path, status: int) -> None:
    url = url_of("gone")
    announce(store, link_of(url))
    fail(store, url, status_error(url, status, retryable=False))
    assert due(store, now=NOW + timedelta(days=30)) == []
    row = store._connection.row("SELECT state, attempts, next_attempt_at, last_outcome, last_message FROM links")
    assert row is not None
    assert tuple(row) == ("failed", 1, None, f"http_{status}", f"the server answered {status}")


def test_a_failure_of_the_extractor_is_one_of_the_page(store: Store) -> None:
    """The pipeline passes the kind of listing that a page was found in."""
    url = url_of("bomb")
    announce(store, link_of(url))
    error = ExtractionError("it took longer than 15 s", code="extract_timeout", url=url)
    store.record_failure(1, error, source_id="harbour", url=url, kind="feed", at=NOW)
    assert due(store) == []
    row = store._connection.row("SELECT kind, outcome, message, status FROM fetches WHERE url = ?", (url,))
    assert row is not None
    assert tuple(row) == ("page", "extract_timeout", "it took longer than 15 s", None)


def test_a_failure_of_a_stored_page_takes_nothing_away(store: Store) -> None:
    url = url_of("ferry")
    store.record_article(1, link_of(url), page_of(url), article_of("ferry"))
    fail(store, url, status_error(url, 404, retryable=False))
    assert store.stats().links_failed == 0
    assert store.stats().articles == 1


def test_a_failing_feed_is_a_fetch_and_no_link(store: Store) -> None:
    store.record_failure(1, status_error(FEED, 503, retryable=True), source_id="harbour", url=FEED, kind="feed", at=NOW)
    assert store.stats().links_pending == 0
    assert store.stats().failures == 1


def test_validators_stand_only_beside_the_links_they_came_with(store: Store) -> None:
    assert store.validators(FEED) is None
    store._connection.db.execute("CREATE TEMP TRIGGER fails BEFORE INSERT ON links BEGIN SELECT raise(ABORT, 'no'); END")
    with pytest.raises(ScraperError):
        announce(store, link_of(url_of("ferry")))
    assert store.validators(FEED) is None
    store._connection.db.execute("DROP TRIGGER fails")
    announce(store, link_of(url_of("ferry")))
    assert store.validators(FEED) == Validators(etag='"one"')


def test_validators_follow_what_the_server_gives(store: Store) -> None:
    store.record_listing(1, "harbour", FEED, "feed", listing(modified="Mon, 05 Jan 2026 12:00:00 GMT"), ())
    assert store.validators(FEED) == Validators(etag='"one"', last_modified="Mon, 05 Jan 2026 12:00:00 GMT")
    assert store.record_listing(1, "harbour", FEED, "feed", NotModified(url=FEED, fetched_at=NOW), ()) == 0
    assert store.validators(FEED) is not None
    store.record_listing(1, "harbour", FEED, "feed", listing(etag=None), ())
    assert store.validators(FEED) is None


def test_validators_are_kept_under_the_address_that_is_asked_for(store: Store) -> None:
    moved = Page(url="https://cdn.example/rss", requested_url=FEED, status=200, headers=(("etag", "x"),), content=b"", fetched_at=NOW)
    store.record_listing(1, "harbour", FEED, "feed", moved, ())
    assert store.validators(FEED) == Validators(etag="x")


def test_a_link_of_an_unknown_source_is_kept(store: Store) -> None:
    link = Link(url="https://new.example/a", source_id="newcomer", kind="feed")
    assert store.record_listing(1, "newcomer", "https://new.example/rss", "feed", page_of("https://new.example/rss"), [link]) == 1
    assert store.pending_links("newcomer", now=NOW, limit=9) == (link,)
    assert VALLEY.id in {source.source_id for source in store.stats().sources}


def test_times_without_a_zone_are_taken_as_they_are(store: Store) -> None:
    naive = datetime.fromisoformat("2026-01-05T16:50")
    announce(store, link_of(f"{SITE}/a", published=naive))
    (link,) = store.pending_links("harbour", now=NOW, limit=9)
    assert link.published == naive
