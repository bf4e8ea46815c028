"""What goes into sources.yaml of a site that was looked at: its domain and name, the languages of its stories, the zone of its clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from scraper.pipeline.proposal import clocks, domain_of, entry_of, id_of
from scraper.pipeline.survey import Looked, Sample, Survey
from scraper.records import Article, Candidate, Evidence, FieldEvidence, Link
from scraper.sources import zones
from scraper.sources.zones import zone_at, zones_of

WINTER = datetime(2026, 1, 5, 16, 50)  # noqa: DTZ001 - a clock without a zone
SUMMER = datetime(2026, 7, 5, 16, 50)  # noqa: DTZ001


def story(when: datetime, offset_h: float | None = None, **fields: object) -> Article:
    """Give a story whose clock says this; with an offset, the listing has said in which zone."""
    proof = FieldEvidence(field="published", signal="visible:line")
    if offset_h is not None:
        when = when.replace(tzinfo=timezone(timedelta(hours=offset_h)))
        proof = replace(proof, candidates=(Candidate(value="", signal="visible:line", reason="the listing gives the zone"),))
    article = Article(
        headline="x", body="y", language="pt", publisher="Post", published=when, published_precision="minute", verdict="article"
    )
    return replace(article, evidence=Evidence(fields=(proof,)), **fields)  # type: ignore[arg-type]


def survey(*stories: Article, url: str = "https://www.post.example/", links: tuple[str, ...] = ()) -> Survey:
    found = tuple(Link(url=link, source_id="x") for link in links or ("https://post.example/1",))
    listing = Looked(url="https://post.example/rss", kind="feed", links=found)
    empty = Looked(url="https://post.example/old", kind="feed")
    return Survey(url=url, listings=(empty, listing), samples=tuple(Sample(url="u", article=one) for one in stories))


@pytest.mark.parametrize(
    ("domain", "name"),
    [
        ("harbourpost.example", "harbourpost"),
        ("news.coast.co.uk", "news-coast"),
        ("co.uk", "co"),
        ("post.com", "post"),
        ("localhost", "localhost"),
        ("127.0.0.1:8001", "127-0-0-1-8001"),
        ("xn--bcher-kva.example", "xn--bcher-kva"),
    ],
)
def test_an_id_is_made_of_the_domain(domain: str, name: str) -> None:
    assert id_of(domain) == name


@pytest.mark.parametrize(
    ("url", "links", "domain"),
    [
        ("https://www.post.example/", ("https://post.example/1", "https://sport.post.example/2"), "post.example"),
        ("https://feeds.host.example/post", ("https://www.post.example/1", "https://www.post.example/2"), "post.example"),
        ("https://post.example/", ("https://post.example/1", "https://other.example/2"), "post.example"),
    ],
)
def test_the_domain_is_that_of_the_stories(url: str, links: tuple[str, ...], domain: str) -> None:
    assert domain_of(survey(url=url, links=links)) == domain


def test_only_what_was_seen_more_than_once_is_written_down() -> None:
    one, other = story(WINTER, publisher="Post"), story(WINTER, language="en", publisher="Guest")
    entry = entry_of(survey(one, one, other), source_id="post", domain="post.example")
    assert entry == {"id": "post", "name": "Post", "domain": "post.example", "languages": ["pt"], "feeds": ["https://post.example/rss"]}
    assert entry_of(survey(one, other), source_id="p", domain="post.example").get("languages") is None
    assert entry_of(survey(one), source_id="p", domain="post.example")["languages"] == ["pt"]


def test_the_zone_of_a_clock_without_one_is_found_by_the_listings_moments() -> None:
    found = survey(story(WINTER, 0), story(SUMMER, 1))
    assert entry_of(found, source_id="p", domain="post.pt")["rules"] == {"timezone": "Europe/Lisbon"}
    assert "rules" not in entry_of(found, source_id="p", domain="post.example")


def test_no_zone_is_written_where_pages_give_it_or_moments_disagree() -> None:
    own = story(WINTER.replace(tzinfo=UTC))
    assert "rules" not in entry_of(survey(own, own), source_id="p", domain="post.pt")
    assert "rules" not in entry_of(survey(story(WINTER, 0), story(WINTER, 5)), source_id="p", domain="post.pt")
    assert "rules" not in entry_of(survey(story(WINTER)), source_id="p", domain="post.pt")


def test_how_the_times_are_told_is_counted() -> None:
    day = story(WINTER, published_precision="day")
    assert clocks([story(WINTER), story(WINTER, 1), story(WINTER.replace(tzinfo=UTC)), day]) == {"no zone": 2, "+00:00": 1, "no time": 1}


def test_a_country_s_zones_are_known_by_its_code_and_its_domain() -> None:
    assert zones_of("uk") == zones_of("GB") == ("Europe/London",)
    assert zones_of("eu") == zones_of("zz") == ()
    assert zone_at("pt", SUMMER, timedelta(0)) == "Atlantic/Azores"
    assert zone_at("de", SUMMER, timedelta(hours=2)) == "Europe/Berlin"
    assert zone_at("de", SUMMER, timedelta(hours=9)) is None


def test_without_zones_of_the_system_those_of_the_library_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zoneinfo.TZPATH", ())
    zones._table.cache_clear()
    assert zones_of("pt") == ("Europe/Lisbon", "Atlantic/Madeira", "Atlantic/Azores")
    zones._table.cache_clear()
