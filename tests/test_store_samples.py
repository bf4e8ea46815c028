"""Which values do the store's tests store? Stories of our own, and a small database filled through the Store as a run fills it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from scraper.errors import BadStatus, NetworkError, StoreError
from scraper.extract.listed import with_listing
from scraper.extract.taught import Lesson, Place
from scraper.politeness import RobotsCopy, Trouble
from scraper.records import Article, Candidate, Evidence, FieldEvidence, Kept, Link, NotModified, Page, Source, Validators, Verdict
from scraper.store import Store

NOW = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
SITE = "https://harbour.example"
HARBOUR = Source(
    id="harbour",
    name="The Harbour Post",
    domain="harbour.example",
    country="IE",
    languages=("en",),
    feeds=(f"{SITE}/rss",),
    tags=("local",),
)
VALLEY = Source(id="valley", name="Valley Courier", domain="valley.example", languages=("en", "cy"), feeds=("https://valley.example/rss",))
QUIET = Source(id="quiet", name="The Quiet Times", domain="quiet.example", enabled=False)

LESSON = Lesson(blocks={}, paths={"1a2b3c4d": (900, 40)}, places={"body": Place("1a2b3c4d", "div", "article > div.story")})

TOPICS = {
    "ferry": "The night ferry to the islands will sail again from March",
    "bridge": "Engineers found rust in eleven of the forty cables of the old road bridge",
    "school": "Two village schools will share one headteacher from the autumn",
    "budget": "The council wants to raise the rates by four per cent and close a library",
    "covid-19": "The covid-19 ward closes after five years, and C++ programmers moved in next door; locals don't mind",
}


def body_of(topic: str, *, extra: str = "") -> str:
    """Write a story of four paragraphs, long enough to be known by its text."""
    lead = TOPICS.get(topic, f"A short report about {topic}")
    paragraphs = [
        f"{lead}, as was made known on Monday evening.",
        f"People who live nearby had waited for news of the {topic} for most of the winter, and many of them came to the meeting.",
        f"Nobody wanted to say what the {topic} will cost in the end, but the figures are to be laid before the public in June.",
        f"A decision about the {topic} is expected before the summer.",
    ]
    return "\n\n".join(paragraphs + ([extra] if extra else []))


def url_of(topic: str, site: str = SITE) -> str:
    return f"{site}/news/{topic}.html"


def link_of(url: str, *, source: Source = HARBOUR, published: datetime | None = None, **more: Any) -> Link:
    return Link(url=url, source_id=source.id, kind="feed", found_in=source.feeds[0] if source.feeds else None, published=published, **more)


def page_of(url: str, *, at: datetime = NOW, requested_url: str | None = None, headers: Sequence[tuple[str, str]] = ()) -> Page:
    return Page(
        url=url,
        requested_url=requested_url or url,
        status=200,
        headers=tuple(headers),
        content=b"<html></html>",
        fetched_at=at,
        elapsed_ms=40,
    )


def article_of(topic: str, **changes: Any) -> Article:
    body = changes.pop("body", body_of(topic))
    values: dict[str, Any] = {
        "headline": f"What becomes of the {topic}",
        "standfirst": TOPICS.get(topic),
        "authors": ("Aoife Brennan",),
        "published": datetime(2026, 1, 4, 21, 30, tzinfo=timezone(timedelta(hours=-5))),
        "published_precision": "minute",
        "body": body,
        "language": "en",
        "publisher": "The Harbour Post",
        "section": "News",
        "tags": ("council", topic),
        "verdict": "article",
        "confidence": 0.9,
        "evidence": Evidence(
            fields=(
                FieldEvidence(
                    field="headline", signal="json_ld:headline", value=f"What becomes of the {topic}",
                    candidates=(Candidate(value="The Harbour Post", signal="meta:og:title", reason="the name of the site"),),
                ),
                FieldEvidence(field="verdict", signal="a story of four paragraphs", value="article"),
            )
        ),
    }  # fmt: skip
    return Article(**values | changes)


def reject_of(verdict: Verdict, reason: str, **changes: Any) -> Article:
    evidence = Evidence(fields=(FieldEvidence(field="verdict", signal=reason, value=verdict),))
    return Article(**{"verdict": verdict, "confidence": 0.8, "evidence": evidence, **changes})


def opened(path: Path, **options: Any) -> tuple[Store, int]:
    """Open a store, remember the sources and begin a run."""
    store = Store.open(path, **options)
    store.remember_sources((HARBOUR, VALLEY, QUIET), NOW)
    return store, store.begin_run("run", started_at=NOW)


def fill(path: Path) -> None:
    """Fill a database as two runs would: listings, stories, a copy, an update, rejects and failures."""
    store, run = opened(path)
    with store:
        links = [link_of(url_of(topic), title=topic, published=NOW - timedelta(hours=hour)) for hour, topic in enumerate(TOPICS)]
        links += [link_of(f"{SITE}/news/{name}.html") for name in ("gone", "later", "wall", "waiting")]
        store.record_listing(run, "harbour", HARBOUR.feeds[0], "feed", page_of(HARBOUR.feeds[0], headers=[("etag", '"one"')]), links)
        for day, topic in enumerate(TOPICS):
            page = replace(page_of(url_of(topic)), kept=Kept("pages-20260105165000-3f9c01.warc.zst", 250 + 900 * day, 900))
            article = article_of(topic, published=NOW - timedelta(days=day), agencies=("Island Wire",) if day == 0 else ())
            link = link_of(url_of(topic), title=f"Council votes on the {topic}")
            store.record_article(run, link, page, with_listing(article, link), LESSON)
        _copies_and_rejects(store, run)
        _failures(store, run)
        store.finish_run(run, finished_at=NOW + timedelta(minutes=3), status="ok", exit_code=1)
        later = NOW + timedelta(hours=1)
        run = store.begin_run("run", started_at=later)
        store.record_listing(run, "harbour", HARBOUR.feeds[0], "feed", NotModified(url=HARBOUR.feeds[0], fetched_at=later), ())
        changed = article_of(
            "ferry",
            published=NOW,
            agencies=("Island Wire",),
            body=body_of("ferry", extra="Correction: an earlier version named the wrong month."),
        )
        store.record_article(run, link_of(url_of("ferry")), page_of(url_of("ferry"), at=later), changed)
        trouble = Trouble(failures=5, code="http_503", resting_until=later + timedelta(minutes=15))
        store.remember_troubles({"valley.example": trouble}, later)
        store.remember_robots("https://valley.example", RobotsCopy(b"User-agent: *\nDisallow: /search", Validators(etag='"7"'), later))
        store.finish_run(run, finished_at=later + timedelta(seconds=20), status="ok", exit_code=0)


def _copies_and_rejects(store: Store, run: int) -> None:
    copy = "https://valley.example/2026/bridge"
    store.record_article(run, link_of(copy, source=VALLEY), page_of(copy), article_of("bridge", published=NOW))
    own = "https://valley.example/2026/sheep"
    store.record_article(
        run,
        link_of(own, source=VALLEY),
        replace(page_of(own), rendering="rendered"),
        article_of("sheep", authors=("Huw Parry", "Aoife Brennan")),
    )
    wall = f"{SITE}/news/wall.html"
    tried = replace(page_of(wall), rendering="render_timeout")
    store.record_article(run, link_of(wall), tried, reject_of("consent_wall", "asks for consent and shows no story"))


def _failures(store: Store, run: int) -> None:
    gone, later = f"{SITE}/news/gone.html", f"{SITE}/news/later.html"
    not_found = BadStatus("the server answered 404", code="http_404", url=gone, status=404)
    store.record_failure(run, not_found, source_id="harbour", url=gone, kind="page", at=NOW)
    timeout = NetworkError("no answer within 30 s", code="timeout", url=later, retryable=True)
    store.record_failure(run, timeout, source_id="harbour", url=later, kind="page", at=NOW)
    feed = BadStatus("the server answered 503", code="http_503", url=VALLEY.feeds[0], status=503, retryable=True)
    store.record_failure(run, feed, source_id="valley", url=VALLEY.feeds[0], kind="feed", at=NOW)


def refusal(open_it: Callable[[], Store]) -> StoreError:
    with pytest.raises(StoreError) as caught:
        open_it().close()
    assert "\n" not in caught.value.message
    return caught.value


def test_the_sample_stories_are_long_enough_to_be_known_by_their_text() -> None:
    assert all(len(body_of(topic)) > 300 for topic in TOPICS)
