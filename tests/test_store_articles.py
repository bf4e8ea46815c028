"""Is every story stored once, brought up to date in place, and never lost or mixed up with another?"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlite_utils
from test_store_samples import (
    HARBOUR,
    NOW,
    SITE,
    VALLEY,
    article_of,
    body_of,
    link_of,
    opened,
    page_of,
    reject_of,
    url_of,
)

from scraper.records import Article, Evidence, FieldEvidence, Link
from scraper.store import Saved


class Desk:
    """A store with a run, and a second pair of eyes on its file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.store, self.run = opened(path)

    def save(self, url: str, article: Article, *, at: datetime = NOW, link: Link | None = None, asked: str | None = None) -> Saved:
        return self.store.record_article(self.run, link or link_of(asked or url), page_of(url, at=at, requested_url=asked), article)

    def rows(self, sql: str, *parameters: object) -> list[dict[str, Any]]:
        with closing(sqlite_utils.Database(self.path)) as database:
            return list(database.query(sql, parameters))

    def row(self, sql: str, *parameters: object) -> dict[str, Any]:
        (only,) = self.rows(sql, *parameters)
        return only

    def count(self, table: str) -> int:
        return int(self.row(f"SELECT count(*) AS n FROM {table}")["n"])


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "news.db")
    with desk.store:
        yield desk


LATER = NOW + timedelta(hours=6)


def test_an_agency_that_is_the_only_author_is_kept_once_as_an_agency(desk: Desk) -> None:
    desk.save(url_of("ferry"), article_of("ferry", authors=("Island Wire",), agencies=("Island Wire",)))
    row = desk.row("SELECT authors, agencies FROM articles")
    assert (row["authors"], row["agencies"]) == (None, "Island Wire")
    assert [tuple(row.values()) for row in desk.rows("SELECT name, kind FROM article_authors")] == [("Island Wire", "agency")]


def test_a_story_is_stored_with_everything_its_page_says(desk: Desk) -> None:
    url = url_of("ferry")
    saved = desk.save(url, article_of("ferry", agencies=("Island Wire",), paywalled=False, image=f"{SITE}/f.jpg", modified=NOW))
    assert saved == Saved(outcome="new", article_id=1, matched_by="new")
    row = desk.row("SELECT * FROM articles")
    assert row["url"] == url
    assert row["headline"] == "What becomes of the ferry"
    assert row["body"] == body_of("ferry")
    assert (row["authors"], row["agencies"]) == ("Aoife Brennan", "Island Wire")
    assert (row["source_id"], row["run_id"], row["paywalled"], row["verdict"]) == ("harbour", desk.run, 0, "article")
    assert row["first_seen_at"] == row["last_seen_at"] == row["content_changed_at"] == "2026-01-05 12:00:00"
    assert row["word_count"] == 76
    people = desk.rows("SELECT position, name, kind FROM article_authors ORDER BY position")
    assert [tuple(person.values()) for person in people] == [(1, "Aoife Brennan", "person"), (2, "Island Wire", "agency")]
    assert [row["tag"] for row in desk.rows("SELECT tag FROM article_tags ORDER BY position")] == ["council", "ferry"]
    losers = desk.row("SELECT candidates FROM evidence WHERE field = 'headline'")["candidates"]
    assert losers == '[{"value": "The Harbour Post", "signal": "meta:og:title", "reason": "the name of the site"}]'
    fetch = desk.row("SELECT * FROM fetches")
    assert (fetch["kind"], fetch["outcome"], fetch["saved"], fetch["article_id"]) == ("page", "ok", "new", 1)
    assert desk.row("SELECT state, attempts FROM links") == {"state": "done", "attempts": 1}


@pytest.mark.parametrize(
    ("published", "precision", "expected"),
    [
        (datetime.fromisoformat("2026-01-05"), "day", ("2026-01-05", "2026-01-05 00:00:00", "2026-01-05")),
        (datetime.fromisoformat("2026-01-05T16:50"), "minute", ("2026-01-05T16:50:00", "2026-01-05 16:50:00", "2026-01-05")),
        (datetime.fromisoformat("2026-01-05T23:30:00-05:00"), "minute", ("2026-01-05T23:30:00-05:00", "2026-01-06 04:30:00", "2026-01-05")),
        (datetime.fromisoformat("9999-12-31T23:59:00-05:00"), "minute", ("9999-12-31T23:59:00-05:00", "9999-12-31 23:59:00", "9999-12-31")),
        (None, None, (None, None, None)),
    ],
    ids=["day only", "no zone stays unshifted", "zone kept and sortable", "beyond the calendar", "none"],
)
def test_dates_are_kept_as_the_page_gives_them_and_sortable_beside(desk: Desk, published: Any, precision: Any, expected: Any) -> None:
    desk.save(url_of("ferry"), article_of("ferry", published=published, published_precision=precision))
    assert tuple(desk.row("SELECT published, published_utc, published_day FROM articles").values()) == expected


def test_a_second_visit_without_change_adds_nothing_and_leaves_the_search_index_alone(desk: Desk) -> None:
    url, article = url_of("ferry"), article_of("ferry")
    desk.save(url, article)
    before = desk.rows("SELECT * FROM articles_fts_data"), desk.row("SELECT * FROM articles"), desk.rows("SELECT * FROM evidence")
    assert desk.save(url, replace(article, confidence=0.8), at=LATER) == Saved(outcome="unchanged", article_id=1, matched_by="url")
    after = desk.rows("SELECT * FROM articles_fts_data"), desk.row("SELECT * FROM articles"), desk.rows("SELECT * FROM evidence")
    assert after == (before[0], before[1] | {"last_seen_at": "2026-01-05 18:00:00"}, before[2])
    assert desk.count("article_urls") == 1


def test_a_changed_text_is_updated_in_place_and_searchable(desk: Desk) -> None:
    url = url_of("ferry")
    desk.save(url, article_of("ferry"))
    changed = article_of("ferry", headline="Ferry delayed", body=body_of("ferry", extra="Zeppelins were considered."), tags=("sea",))
    assert desk.save(url, changed, at=LATER) == Saved(outcome="updated", article_id=1, matched_by="url")
    row = desk.row("SELECT headline, first_seen_at, content_changed_at, last_seen_at FROM articles")
    assert tuple(row.values()) == ("Ferry delayed", "2026-01-05 12:00:00", "2026-01-05 18:00:00", "2026-01-05 18:00:00")
    assert [hit.article_id for hit in desk.store.search("zeppelins")] == [1]
    assert desk.store.search("becomes") == ()
    assert desk.row("SELECT group_concat(tag) AS tags FROM article_tags") == {"tags": "sea"}
    with closing(sqlite_utils.Database(desk.path)) as database:
        database.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")


def test_a_change_beside_the_text_is_stored_without_moving_content_changed_at(desk: Desk) -> None:
    url = url_of("ferry")
    desk.save(url, article_of("ferry"))
    assert desk.save(url, article_of("ferry", tags=("sea",)), at=LATER).outcome == "updated"
    assert desk.save(url, article_of("ferry", tags=("sea",), section="Islands"), at=LATER).outcome == "updated"
    assert desk.row("SELECT section, content_changed_at FROM articles") == {
        "section": "Islands",
        "content_changed_at": "2026-01-05 12:00:00",
    }


def test_a_clock_that_jumps_back_never_moves_last_seen_at_back(desk: Desk) -> None:
    desk.save(url_of("ferry"), article_of("ferry"))
    desk.save(url_of("ferry"), article_of("ferry"), at=NOW - timedelta(days=300))
    assert desk.row("SELECT last_seen_at FROM articles") == {"last_seen_at": "2026-01-05 12:00:00"}


def test_another_spelling_of_the_address_is_the_same_story(desk: Desk) -> None:
    desk.save(url_of("ferry"), article_of("ferry"))
    saved = desk.save(f"{url_of('ferry')}?utm_source=feed#top", article_of("ferry"))
    assert saved == Saved(outcome="duplicate", article_id=1, matched_by="url")
    assert desk.save(f"{url_of('ferry')}?utm_source=feed#top", article_of("ferry")).outcome == "unchanged"
    assert [row["matched_by"] for row in desk.rows("SELECT matched_by FROM article_urls ORDER BY rowid")] == ["new", "url"]


def test_the_same_text_at_another_site_is_one_article_with_two_addresses(desk: Desk) -> None:
    desk.save(url_of("ferry"), article_of("ferry"))
    other = "https://valley.example/ferry"
    copy = article_of("ferry", headline="Ferry news", body=body_of("ferry").upper())
    assert desk.save(other, copy, link=link_of(other, source=VALLEY)) == Saved(outcome="duplicate", article_id=1, matched_by="text")
    assert desk.count("articles") == 1
    assert desk.row("SELECT headline FROM articles") == {"headline": "What becomes of the ferry"}
    assert desk.row("SELECT source_id, matched_by FROM article_urls WHERE url = ?", other) == {"source_id": "valley", "matched_by": "text"}


def test_short_texts_are_not_taken_for_one_story(desk: Desk) -> None:
    short = "This story is for subscribers."
    assert desk.save(url_of("a"), article_of("a", body=short)).outcome == "new"
    assert desk.save(url_of("b"), article_of("b", body=short)).outcome == "new"


def test_a_canonical_link_joins_the_addresses_of_one_story(desk: Desk) -> None:
    canonical = url_of("ferry")
    desk.save(f"{SITE}/print?story=12", article_of("ferry", canonical_url=canonical))
    second = desk.save(f"{SITE}/app/12", article_of("ferry", canonical_url=canonical, body=body_of("ferry", extra="Read more in our app.")))
    assert second == Saved(outcome="duplicate", article_id=1, matched_by="canonical")
    assert desk.row("SELECT count(*) AS n, canonical_url FROM articles")["n"] == 1
    assert "app" not in desk.row("SELECT body FROM articles")["body"], "a second address never overwrites the story"
    own = desk.save(canonical, article_of("ferry", body=body_of("ferry", extra="It will carry cars.")))
    assert own == Saved(outcome="updated", article_id=1, matched_by="canonical")
    first = desk.save(f"{SITE}/print?story=12", article_of("ferry", canonical_url=canonical), at=LATER)
    assert first.outcome == "duplicate", "once the canonical address was seen, it alone speaks for the story: no to and fro"


@pytest.mark.parametrize(
    "canonical",
    [f"{SITE}/", SITE, f"{SITE}/index.html", "https://partner.example/news/ferry", "/news/ferry.html", "javascript:void(0)", "https://["],
    ids=["home page", "home page without slash", "index page", "another site", "not absolute", "no address", "broken"],
)
def test_a_canonical_link_that_cannot_be_believed_is_not_the_identity(desk: Desk, canonical: str) -> None:
    for topic in ("ferry", "bridge", "school"):
        assert desk.save(url_of(topic), article_of(topic, canonical_url=canonical)).outcome == "new"
    assert [row["canonical_url"] for row in desk.rows("SELECT canonical_url FROM articles ORDER BY id")] == [
        url_of(topic) for topic in ("ferry", "bridge", "school")
    ]


def test_one_wrong_canonical_link_on_every_page_merges_no_stories(desk: Desk) -> None:
    """A template's fault: each page names the section, or one fixed story, as its canonical address."""
    wrong = f"{SITE}/news/bridge.html"
    for topic in ("ferry", "school", "budget"):
        assert desk.save(url_of(topic), article_of(topic, canonical_url=wrong)).outcome == "new"
    assert desk.save(wrong, article_of("bridge", canonical_url=wrong)) == Saved(outcome="new", article_id=4, matched_by="new")
    keys = {row["url"]: row["canonical_url"] for row in desk.rows("SELECT url, canonical_url FROM articles")}
    assert keys == {url: url for url in (*map(url_of, ("ferry", "school", "budget")), wrong)}
    for topic in ("ferry", "school", "budget", "bridge"):
        assert desk.save(url_of(topic), article_of(topic, canonical_url=wrong), at=LATER).outcome == "unchanged"


def test_one_headline_and_one_canonical_link_for_every_page_still_lose_no_text(desk: Desk) -> None:
    same: dict[str, Any] = {"headline": "The Harbour Post", "canonical_url": f"{SITE}/news/today", "published": None}
    assert [desk.save(url_of(topic), article_of(topic, **same)).outcome for topic in ("ferry", "school", "budget")] == ["new"] * 3


def test_a_story_moves_off_an_address_that_proves_to_be_anothers_even_when_its_own_is_taken(desk: Desk) -> None:
    one, two, three = url_of("ferry"), url_of("school"), url_of("budget")
    desk.save(one, article_of("ferry", canonical_url=two))  # sits on two
    desk.save(three, article_of("budget", canonical_url=one))  # sits on one
    assert desk.save(two, article_of("school")).outcome == "new"
    assert [row["canonical_url"] for row in desk.rows("SELECT canonical_url FROM articles ORDER BY id")] == [f"{two}#1", one, two]


def test_an_address_once_taken_for_a_copy_gets_its_own_story_when_one_appears(desk: Desk) -> None:
    """Both pages showed the same long consent text, and the extractor took it for a story."""
    consent = article_of("consent", headline="We value your privacy")
    desk.save(url_of("ferry"), consent)
    assert desk.save(url_of("school"), consent).outcome == "duplicate"
    assert desk.save(url_of("school"), article_of("school"), at=LATER) == Saved(outcome="new", article_id=2, matched_by="new")
    assert desk.row("SELECT article_id, matched_by FROM article_urls WHERE url = ?", url_of("school")) == {
        "article_id": 2,
        "matched_by": "new",
    }
    assert desk.save(url_of("ferry"), article_of("ferry"), at=LATER) == Saved(outcome="updated", article_id=1, matched_by="url")
    assert desk.save(url_of("school"), article_of("school"), at=LATER).outcome == "unchanged"


def test_a_copy_that_is_edited_a_little_stays_a_copy_and_changes_nothing(desk: Desk) -> None:
    other = "https://valley.example/ferry"
    desk.save(url_of("ferry"), article_of("ferry"))
    desk.save(other, article_of("ferry"), link=link_of(other, source=VALLEY))
    edited = article_of("ferry", headline="Another headline", body=body_of("ferry", extra="Our reporter adds."))
    assert desk.save(other, edited, link=link_of(other, source=VALLEY)) == Saved(outcome="duplicate", article_id=1, matched_by="url")
    assert desk.row("SELECT headline FROM articles") == {"headline": "What becomes of the ferry"}


def test_two_stories_that_come_to_say_the_same_both_stay(desk: Desk) -> None:
    desk.save(url_of("ferry"), article_of("ferry"))
    desk.save(url_of("school"), article_of("school"))
    assert desk.save(url_of("school"), article_of("school", body=body_of("ferry"))).outcome == "updated"
    hashes = [row["text_hash"] for row in desk.rows("SELECT text_hash FROM articles ORDER BY id")]
    assert hashes[0] is not None
    assert hashes[1] is None
    assert desk.save(url_of("school"), article_of("school", body=body_of("ferry"))).outcome == "unchanged"
    assert desk.save(url_of("ferry"), article_of("ferry")).outcome == "unchanged"


def test_a_redirect_notes_both_addresses_and_an_old_address_keeps_its_story(desk: Desk) -> None:
    old, new = f"{SITE}/?p=17", url_of("ferry")
    assert desk.save(new, article_of("ferry"), asked=old).outcome == "new"
    urls = desk.rows("SELECT url, article_id, matched_by FROM article_urls ORDER BY rowid")
    assert [tuple(row.values()) for row in urls] == [(new, 1, "new"), (old, 1, "url")]
    assert desk.save(url_of("school"), article_of("school"), asked=old).article_id == 2
    assert desk.row("SELECT article_id FROM article_urls WHERE url = ?", old) == {"article_id": 1}
    assert desk.row("SELECT headline FROM articles WHERE id = 1") == {"headline": "What becomes of the ferry"}


def test_a_page_that_is_no_article_is_kept_apart_with_the_reason(desk: Desk) -> None:
    url = url_of("topics")
    saved = desk.save(url, reject_of("listing", "41 links and no paragraph", headline="Topics", body="A list"))
    assert saved == Saved(outcome="rejected", article_id=None, matched_by=None)
    desk.save(url, reject_of("listing", "43 links and no paragraph"), at=LATER)
    row = desk.row("SELECT * FROM rejects")
    assert (row["url"], row["verdict"], row["reason"], row["times_seen"]) == (url, "listing", "43 links and no paragraph", 2)
    assert (row["first_seen_at"], row["last_seen_at"]) == ("2026-01-05 12:00:00", "2026-01-05 18:00:00")
    assert desk.count("articles") == 0
    assert desk.row("SELECT state FROM links") == {"state": "done"}
    assert desk.store.search("Topics") == ()


def test_a_reject_without_evidence_has_no_reason(desk: Desk) -> None:
    desk.save(url_of("x"), Article(verdict="empty"))
    desk.save(
        url_of("y"), Article(verdict="other", evidence=Evidence(fields=(FieldEvidence(field="verdict", signal="shape", value="shop"),)))
    )
    assert [row["reason"] for row in desk.rows("SELECT reason FROM rejects ORDER BY url")] == [None, "shape: shop"]


def test_a_reject_that_becomes_a_story_leaves_the_rejects(desk: Desk) -> None:
    consent = "https://consent.example/?return=ferry"
    desk.save(consent, reject_of("consent_wall", "asks for consent"), asked=url_of("ferry"))
    assert desk.row("SELECT url, final_url FROM rejects") == {"url": url_of("ferry"), "final_url": consent}
    assert desk.save(url_of("ferry"), article_of("ferry"), at=LATER).outcome == "new"
    assert (desk.count("rejects"), desk.count("articles")) == (0, 1)


@pytest.mark.parametrize("verdict", ["consent_wall", "challenge", "paywall_stub", "removed", "empty"])
def test_a_story_survives_whatever_stands_at_its_address_later(desk: Desk, verdict: Any) -> None:
    desk.save(url_of("ferry"), article_of("ferry"))
    before = desk.row("SELECT * FROM articles")
    later = desk.save("https://consent.example/", reject_of(verdict, "no story"), at=LATER, asked=url_of("ferry"))
    assert later == Saved(outcome="rejected", article_id=1, matched_by=None)
    assert desk.row("SELECT * FROM articles") == before
    assert desk.count("rejects") == 0
    assert desk.row("SELECT verdict, saved FROM fetches WHERE id = 2") == {"verdict": verdict, "saved": "rejected"}


def test_a_live_blog_is_an_article(desk: Desk) -> None:
    assert desk.save(url_of("ferry"), article_of("ferry", verdict="live_blog")).outcome == "new"


def test_text_that_sqlite_cannot_hold_is_stored_without_the_broken_characters(desk: Desk) -> None:
    broken = article_of("ferry", headline="A \ud83d half", body=body_of("ferry") + "\n\nnul \0 here", tags=("\udc00",), authors=("A\0B",))
    assert desk.save(url_of("ferry"), broken).outcome == "new"
    assert desk.row("SELECT headline FROM articles") == {"headline": "A \ufffd half"}
    assert desk.save(url_of("ferry"), broken).outcome == "unchanged"


def test_a_page_of_no_configured_source_is_stored_under_its_host(desk: Desk) -> None:
    link = Link(url="https://elsewhere.example/story", source_id="")
    assert desk.save(link.url, article_of("ferry"), link=link).outcome == "new"
    assert desk.row("SELECT source_id FROM articles") == {"source_id": "elsewhere.example"}
    row = desk.row("SELECT name, domain, last_configured_at FROM sources WHERE id = 'elsewhere.example'")
    assert row == {"name": "elsewhere.example", "domain": "elsewhere.example", "last_configured_at": None}


def test_words_are_counted_in_scripts_without_spaces_too(desk: Desk) -> None:
    desk.save(url_of("a"), article_of("a", body="中央銀行は金利を上げた。", headline=None))
    desk.save(url_of("b"), article_of("b", body="The co-operative's boat, at last", headline=None))
    assert [row["word_count"] for row in desk.rows("SELECT word_count FROM articles ORDER BY id")] == [11, 5]


def test_a_story_is_all_or_nothing(tmp_path: Path) -> None:
    """A page whose last row cannot be written leaves no row at all."""
    store, run = opened(tmp_path / "news.db")
    with store:
        store._connection.db.execute("CREATE TEMP TRIGGER fails BEFORE INSERT ON fetches BEGIN SELECT raise(ABORT, 'no'); END")
        with pytest.raises(Exception, match="no"):
            store.record_article(run, link_of(url_of("ferry")), page_of(url_of("ferry")), article_of("ferry"))
        assert store.stats().articles == 0
        store._connection.db.execute("DROP TRIGGER fails")
        assert store.record_article(run, link_of(url_of("ferry")), page_of(url_of("ferry")), article_of("ferry")).outcome == "new"


def test_a_thousand_spellings_of_one_address_are_one_story(desk: Desk) -> None:
    outcomes = {desk.save(f"{url_of('ferry')}?utm_campaign={number}", article_of("ferry")).outcome for number in range(30)}
    assert outcomes == {"new", "duplicate"}
    assert desk.count("articles") == 1


def test_times_are_written_in_utc(desk: Desk) -> None:
    desk.save(url_of("ferry"), article_of("ferry"), at=datetime.fromisoformat("2026-01-05T20:00:00+08:00"))
    assert desk.row("SELECT at FROM fetches") == {"at": NOW.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")}


def test_the_source_of_a_story_is_the_one_that_had_it_first(desk: Desk) -> None:
    desk.save(url_of("ferry"), article_of("ferry"))
    other = "https://valley.example/ferry"
    desk.save(other, article_of("ferry"), link=link_of(other, source=VALLEY))
    assert desk.row("SELECT source_id FROM articles") == {"source_id": HARBOUR.id}
