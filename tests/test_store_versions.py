"""Is what a story said before kept when it changes, and nothing when it does not?"""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from test_store_articles import Desk
from test_store_samples import NOW, VALLEY, article_of, body_of, link_of, url_of

from scraper.errors import UsageError
from scraper.records import Candidate, Dropped, Evidence, FieldEvidence

URL = url_of("ferry")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "news.db")


def told(desk: Desk, hours: int, **changes: object) -> None:
    desk.save(URL, article_of("ferry", **changes), at=NOW + timedelta(hours=hours))


def test_each_change_keeps_what_was_said_until_then(desk: Desk) -> None:
    with desk.store:
        told(desk, 0)
        told(desk, 1, headline="Ferry: it sails")
        told(desk, 2, headline="Ferry: it sails", body=body_of("ferry", extra="Correction: not in March."))
        first, second, third = desk.store.history("1")
    assert [version.kinds for version in (first, second, third)] == [(), ("headline",), ("correction", "small_edit")]
    assert (first.telling.headline, second.telling.headline) == ("What becomes of the ferry", "Ferry: it sails")
    assert (second.telling.body, third.telling.body) == (body_of("ferry"), body_of("ferry", extra="Correction: not in March."))
    assert [version.seen_at for version in (first, second, third)] == [NOW + timedelta(hours=hours) for hours in range(3)]
    rows = desk.rows("SELECT number, seen_at, replaced_at, change, kinds, cause, run_id FROM article_versions ORDER BY number")
    assert [(row["number"], row["seen_at"][11:13], row["replaced_at"][11:13], row["change"]) for row in rows] == [
        (1, "12", "13", "headline"),
        (2, "13", "14", "correction"),
    ]
    assert json.loads(rows[1]["kinds"]) == ["correction", "small_edit"]
    assert desk.row("SELECT content_changed_at FROM articles")["content_changed_at"].endswith("14:00:00")
    changes = desk.rows("SELECT version, headline_before, headline_after FROM changes ORDER BY version")
    assert [tuple(row.values()) for row in changes] == [
        (2, "What becomes of the ferry", "Ferry: it sails"),
        (3, "Ferry: it sails", "Ferry: it sails"),
    ]
    assert [row["number"] for row in desk.rows("SELECT number FROM versions WHERE is_current")] == [3]


def test_other_fields_keep_a_version_and_do_not_move_the_date_of_the_content(desk: Desk) -> None:
    with desk.store:
        told(desk, 0)
        told(desk, 1, authors=("Aoife Brennan", "Huw Parry"))
    assert desk.row("SELECT change, authors FROM article_versions") == {"change": "details", "authors": "Aoife Brennan"}
    assert desk.row("SELECT content_changed_at FROM articles")["content_changed_at"].endswith("12:00:00")


def test_the_setting_of_a_text_is_no_change_and_neither_is_what_the_site_writes_around_it(desk: Desk) -> None:
    with desk.store:
        told(desk, 0, body=body_of("ferry", extra="Read more"))
        told(desk, 1, body=body_of("ferry"))
        told(desk, 2, body=body_of("ferry").replace("meeting.", "meeting…"))
        told(desk, 3, body=body_of("ferry").replace("meeting.", "meeting…"))
    assert desk.count("article_versions") == 0
    row = desk.row("SELECT content_changed_at, last_seen_at, body FROM articles")
    assert (row["content_changed_at"][11:13], row["last_seen_at"][11:13]) == ("12", "15")
    assert "meeting…" in row["body"]


def test_what_only_our_reading_has_changed_is_no_change_of_the_storys(desk: Desk) -> None:
    """Other pages teach what a site repeats and where it keeps its fields, and the same page is then read otherwise."""
    promotion = "Our newsletter of the islands comes each Friday, and costs nothing."
    placed = FieldEvidence(field="authors", signal="template:place", value="Aoife Brennan, Huw Parry")
    evidence = Evidence(fields=(placed,), dropped=(Dropped(text=promotion, reason="no story here"),))
    with desk.store:
        told(desk, 0, body=body_of("ferry", extra=promotion))
        outcomes = [
            desk.save(URL, article_of("ferry", evidence=Evidence(dropped=evidence.dropped)), at=NOW + timedelta(hours=1)).outcome,
            desk.save(URL, article_of("ferry", authors=("Aoife Brennan", "Huw Parry"), evidence=evidence), at=NOW).outcome,
        ]
    assert outcomes == ["unchanged", "unchanged"]
    assert desk.count("article_versions") == 0
    row = desk.row("SELECT body, authors FROM articles")
    assert (row["body"], row["authors"]) == (body_of("ferry"), "Aoife Brennan, Huw Parry")


@pytest.mark.parametrize(
    ("opening", "modified", "versions"), [("", None, 0), ("Correction: ", None, 1), ("", NOW + timedelta(minutes=30), 1)]
)
def test_a_paragraph_that_only_the_template_finds_is_news_where_the_page_says_so(
    desk: Desk, opening: str, modified: datetime | None, versions: int
) -> None:
    line = f"{opening}The islands have asked for a second ferry in each of the last four summers."
    found = FieldEvidence(field="added", signal="template:places", value="one", candidates=(Candidate(line, "template:places", "there"),))
    with desk.store:
        told(desk, 0)
        told(desk, 1, body=body_of("ferry", extra=line), modified=modified, evidence=Evidence(fields=(found,)))
    assert desk.count("article_versions") == versions
    assert desk.row("SELECT body FROM articles")["body"] == body_of("ferry", extra=line)


def test_a_copy_found_elsewhere_changes_nothing(desk: Desk) -> None:
    with desk.store:
        told(desk, 0)
        copy = "https://valley.example/ferry"
        desk.save(copy, article_of("ferry", headline="Another one"), at=NOW, link=link_of(copy, source=VALLEY))
        assert len(desk.store.history(copy)) == 1


def test_a_history_is_found_by_number_and_by_any_spelling_of_an_address(desk: Desk) -> None:
    with desk.store:
        told(desk, 0)
        asked = ("1", URL, f"{URL}?utm_source=mail#top", URL.replace("https://", "http://www."))
        assert {desk.store.history(article)[0].article_id for article in asked} == {1}


@pytest.mark.parametrize("article", ["7", "0", "9" * 30, "https://nowhere.example/x", "ferry", ""])
def test_an_unknown_article_is_refused(desk: Desk, article: str) -> None:
    with desk.store, pytest.raises(UsageError) as caught:
        desk.store.history(article)
    assert caught.value.code == "unknown_article"
