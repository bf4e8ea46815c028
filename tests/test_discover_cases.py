"""Other projects' feeds and sitemaps, read at least as well as they were: floors that are raised, never lowered."""

import json
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from scraper import urls
from scraper.discover.dates import listed_date
from scraper.discover.links import read
from scraper.discover.listing import Entry, Listing, plain_text
from scraper.errors import ListingError
from scraper.records import Page

CONFORMANCE = Path(__file__).parents[2] / "shared" / "conformance"
Case = dict[str, Any]

FEED_FLOORS = {"title": 324, "link": 127, "n_entries": 77, "published": 64, "id": 38, "author": 37, "updated": 12}  # 679 of 691
# The feed fields read otherwise, and why we stay with it.
FEEDS_OTHERWISE = {
    ("fd0308", "entries[0].id"): "feedparser lays a relative id on the feed's address, and the case has none; it leaves the reader nowhere",
    ("fd0514", "entries[0].link"): "FeedBurner notes the story's own address beside its detour, and that is the one to fetch",
    ("fd0568", "entries[0].link"): "as fd0514",
    ("fd0577", "entries[0].title"): "an address is no title: a witness of the headline that says nothing is better than one that says that",
    ("fd0619", "entries[0].title"): "as fd0577",
    ("fd0627", "entries[0].title"): "as fd0577",
    ("fd0703", "entries[0].title"): "neither is a summary; JSON Feed 1.1 has items without a title on purpose",
    ("fd0588", "entries[0].link"): "an entry without a link is not told at the site's home page, which is no story",
    ("fd0672", "entries[0].link"): "nor an RDF item, whose rdf:about is its own address (RSS 1.0)",
    ("fd0618", "feed.link"): "a feed that names no site is not told to be about itself: relative links are moved to the site that is named",
    ("fd0693", "feed.link"): "as fd0618",
    ("fd0700", "entries[0].author"): "authors stand in the feed's order, as on the page; the case wants them sorted",
}  # fmt: skip
SITEMAP_FLOOR = 33  # of 35
SITEMAPS_OTHERWISE = {
    "sm011": "an RSS date without a zone is none to crawler-commons, and a naive one to us: the day is worth having",
    "sm033": "it is a case of filtered addresses, without their fragments; ours lose them in `canonical_url`, which stories are known by",
}


def rows(name: str) -> list[Case]:
    path = CONFORMANCE / name
    if not path.exists():
        pytest.skip("the shared conformance cases are not on this machine")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def listing_of(folder: str, case: Case) -> Listing | None:
    headers = tuple(case.get("headers", {}).items())
    content = (CONFORMANCE / folder / "files" / case["file"]).read_bytes()
    now = datetime(2026, 1, 6, tzinfo=UTC)
    try:
        return read(Page(url=case["url"], requested_url=case["url"], status=200, headers=headers, content=content, fetched_at=now))
    except ListingError:
        return None


def in_utc(when: datetime | None) -> str | None:
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC).isoformat() if when else None


def said(listing: Listing, key: str) -> object:
    """Give what a listing says under a key of the cases, such as `entries[0].link`."""
    if key == "n_entries":
        return len(listing.entries)
    place, name = key.split(".")
    number = re.search(r"\d+", place)
    if number and int(number[0]) >= len(listing.entries):
        return None
    subject: Any = listing.entries[int(number[0])] if number else listing
    value = getattr(subject, {"link": "url", "author": "authors"}.get(name, name), None)
    if name == "author":
        return ", ".join(value or ())
    return in_utc(value) if name in {"published", "updated"} else value


def is_right(listing: Listing | None, key: str, expected: object) -> bool:
    if listing is None:
        return False
    given = said(listing, key)
    if key.endswith(".link"):
        return given == urls.join(None, str(expected))
    if key.endswith(".title"):
        return expected in {given, plain_text(str(given))}  # references of HTML are resolved in the Link, one step later
    if key.endswith(".author"):
        return given in {expected, re.sub(r" \(.*@.*\)", "", str(expected))}  # a name; the address is left out
    return bool(given == (int(str(expected)) if key == "n_entries" else expected))


def test_feeds_are_read_at_least_as_well_as_they_were() -> None:
    right: Counter[str] = Counter()
    for case in rows("feeds.jsonl"):
        listing = listing_of("feeds", case)
        right.update(key.split(".")[-1] for key, expected in case["expect"].items() if is_right(listing, key, expected))
    assert {name: right[name] for name, floor in FEED_FLOORS.items() if right[name] < floor} == {}


def test_the_feed_fields_read_otherwise_are_those_with_a_reason() -> None:
    cases = {case["id"]: case for case in rows("feeds.jsonl")}
    known = [(name, key) for name, key in FEEDS_OTHERWISE if name in cases]
    agreeing = [(name, key) for name, key in known if is_right(listing_of("feeds", cases[name]), key, cases[name]["expect"][key])]
    assert agreeing == [], "then the floor of that field rises"


def lies_under(url: str, sitemap: str) -> bool:
    """Tell whether a place is within the sitemap's own host and folder, the rule that crawler-commons can be asked to enforce."""
    return urlsplit(url).netloc == urlsplit(sitemap).netloc and url.startswith(sitemap.rpartition("/")[0])


def as_expected(case: Case) -> bool:
    listing, expect = listing_of("sitemaps", case), case["expect"]
    if listing is None or expect.get("error"):
        return listing is None and bool(expect.get("error"))
    if "min_urls" in expect:
        return len(listing.entries) + len(listing.sitemaps) >= int(expect["min_urls"])
    if expect["type"] == "index":
        return list(listing.sitemaps) == [place["loc"] for place in expect["sitemaps"]]
    entries = [entry for entry in listing.entries if not case["strict_host_and_path"] or lies_under(entry.url or "", case["url"])]
    return len(entries) == len(expect["urls"]) and all(map(says, entries, expect["urls"]))


def says(entry: Entry, place: Case) -> bool:
    changed = entry.updated if entry.updated or "news_title" in place else entry.published  # a feed's date is taken for its change
    facts = {
        "loc": entry.url,
        "lastmod": in_utc(changed),
        "lastmod_raw": in_utc(changed),
        "news_title": entry.title,
        "news_date": in_utc(entry.published),
        "news_lang": entry.language,
    }
    dates: dict[str, str | None] = {
        name: in_utc(listed_date(place[name])) for name in ("lastmod", "lastmod_raw", "news_date") if name in place
    }
    return all(facts[name] == dates.get(name, expected) for name, expected in place.items() if name in facts)


def test_sitemaps_are_read_at_least_as_well_as_they_were() -> None:
    assert sum(as_expected(case) for case in rows("sitemaps.jsonl")) >= SITEMAP_FLOOR


def test_the_sitemaps_read_otherwise_are_those_with_a_reason() -> None:
    assert [case["id"] for case in rows("sitemaps.jsonl") if case["id"] in SITEMAPS_OTHERWISE and as_expected(case)] == []
