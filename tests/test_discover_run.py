"""`scraper run` finds what a site announces, however it does: each way of announcing, in the real command against a site on loopback."""

import gzip
import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from newsroom import Answer, Newsroom, newsroom

PLACES = ("Pell", "Saltmere", "Corran", "Ebis", "Talau", "Quay")


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with newsroom() as site:
        site.answers["/robots.txt"] = Answer(status=404)
        yield site


def run(folder: Path, room: Newsroom, entry: str, *more: str) -> dict[str, Any]:
    """Run the command for one source, whose listings are given as YAML with `~` for the site's address, and give its summary."""
    text = "version: 1\ndefaults: {contact: desk@example.org, delay_s: 0, allow_private: true, max_age_days: 36500}\nsources:\n"
    text += f"  - {{id: room, domain: '127.0.0.1', {entry.replace('~', room.origin)}}}\n"
    (folder / "sources.yaml").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "scraper", "run", "--db", "news.db", "--log", "run.log", "--json", *more]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode in {0, 1}, done.stderr
    total: dict[str, Any] = json.loads(done.stdout)["total"]
    return total


def rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(folder / "news.db")) as store:
        return store.execute(query).fetchall()


def stories(room: Newsroom, folder: str, places: tuple[str, ...] = PLACES) -> list[str]:
    return [room.story(f"/{folder}/sea-wall-of-{place.lower()}-to-rise", place) for place in places]


def sitemap(room: Newsroom, path: str, urls: list[str], *, pack: bool = False, dates: str = "") -> str:
    news = "<news:news><news:title>{}</news:title><news:keywords>sea, wall</news:keywords><news:publication_date>{}</news:publication_date>"
    said = "".join(
        f"<url><loc>{url}</loc>{news.format(f'Wall {number}', '2026-01-05T08:00:00Z')}</news:news>{dates}</url>"
        for number, url in enumerate(urls)
    )
    return xml(room, path, f'<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{said}</urlset>', pack=pack)


def index(room: Newsroom, path: str, *entries: str) -> str:
    return xml(room, path, f"<sitemapindex>{''.join(f'<sitemap><loc>{entry}</sitemap>' for entry in entries)}</sitemapindex>")


def xml(room: Newsroom, path: str, text: str, *, pack: bool = False) -> str:
    body = text.replace("<sitemap><loc>", "<sitemap><loc>").encode()
    room.answers[path] = Answer(gzip.compress(body) if pack else body, type="application/gzip" if pack else "application/xml")
    return room.origin + path


def test_a_home_page_and_robots_txt_lead_to_feeds_and_news_sitemaps(room: Newsroom, tmp_path: Path) -> None:
    room.feed("/rss.xml", stories(room, "feed", PLACES[:3]), ETag='"1"')
    room.feed("/comments/feed.xml", stories(room, "comments", PLACES[5:]))
    sitemap(room, "/news-sitemap.xml", stories(room, "map", PLACES[3:5]))
    sitemap(room, "/archive.xml", stories(room, "old", PLACES[5:]))
    robots = f"User-agent: *\nDisallow: /private\nSitemap: {room.origin}/archive.xml\nSitemap: {room.origin}/news-sitemap.xml\n"
    room.answers["/robots.txt"] = Answer(robots.encode(), type="text/plain")
    head = '<link rel="alternate" type="application/rss+xml" href="/rss.xml">'
    head += '<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed.xml">'
    room.answers["/"] = Answer(f"<html><head>{head}</head><body><a href='/feed/'>Feed</a></body></html>".encode())
    total = run(tmp_path, room, "home: ~/")
    assert (total["new"], total["failed"], total["links_found"]) == (5, 0, 5)
    assert {room.asked(path) for path in ("/comments/feed.xml", "/archive.xml", "/feed/")} == {0}
    assert "event=home source=room" in (tmp_path / "run.log").read_text()
    again = run(tmp_path, room, "home: ~/")
    assert (again["new"], again["not_modified"], again["failed"]) == (0, 1, 0)


def test_a_home_page_that_announces_nothing_is_read_as_a_section(room: Newsroom, tmp_path: Path) -> None:
    cards = "".join(f'<li><h3><a href="{url}">The old sea wall is to rise {url[-9:]}</a></h3></li>' for url in stories(room, "news"))
    room.answers["/"] = Answer(f"<html><body><ul>{cards}</ul></body></html>".encode())
    assert run(tmp_path, room, "home: ~/")["new"] == 6
    assert rows(tmp_path, "SELECT DISTINCT kind, found_in FROM links") == [("section", f"{room.origin}/")]


def test_a_home_page_that_leads_nowhere_is_a_failure_with_its_reason(room: Newsroom, tmp_path: Path) -> None:
    room.answers["/"] = Answer(b"<html><body><p>Under construction</p></body></html>")
    assert run(tmp_path, room, "home: ~/")["failures"] == {"not_a_listing": 1}


def test_an_index_of_indexes_of_packed_news_sitemaps_is_read_and_one_level_more_is_refused(room: Newsroom, tmp_path: Path) -> None:
    leaf = sitemap(room, "/news-1.xml.gz", stories(room, "map"), pack=True)
    deep = index(room, "/deep.xml", index(room, "/middle.xml", f"{leaf}</loc>") + "</loc>")
    total = run(tmp_path, room, "news_sitemaps: [~/deep.xml]")
    assert (total["new"], total["failed"]) == (6, 0)
    said = rows(tmp_path, "SELECT DISTINCT kind, found_in, keywords, published FROM links")
    assert said == [("news_sitemap", leaf, '["sea", "wall"]', "2026-01-05T08:00:00+00:00")]
    index(room, "/deeper.xml", f"{deep}</loc>")
    assert run(tmp_path, room, "news_sitemaps: [~/deeper.xml]")["failures"] == {"not_a_listing": 1}


def test_a_sitemap_larger_than_a_page_may_be_is_read_to_its_end(room: Newsroom, tmp_path: Path) -> None:
    old = "<lastmod>1925-01-01</lastmod>"
    places = "".join(f"<url><loc>{room.origin}/{'long-' * 60}{number}</loc>{old}</url>" for number in range(40_000))
    urls = "".join(f"<url><loc>{url}</loc></url>" for url in stories(room, "map"))
    xml(room, "/sitemap-news.xml", f"<urlset>{places}{urls}</urlset>")
    assert len(room.answers["/sitemap-news.xml"].body) > 10_000_000
    total = run(tmp_path, room, "news_sitemaps: [~/sitemap-news.xml]")
    assert (total["links_found"], total["new"], total["failed"]) == (6, 6, 0)


def test_a_broken_feed_loses_no_other_story_and_no_entity_is_asked_for(room: Newsroom, tmp_path: Path) -> None:
    first, second, third = stories(room, "news", PLACES[:3])
    items = f"<item><title>A \x0b &nosuch; <b>wall</title><link>{first}?a=1&b=2</link></item><item><link>{second}</link>"
    doctype = f'<!DOCTYPE rss [<!ENTITY out SYSTEM "{room.origin}/secret">]>'
    body = f'<?xml version="1.0"?>{doctype}<rss version="2.0"><channel><title>&out;</title>{items}</item><item><link>{third}</link></item>'
    room.answers["/rss"] = Answer(body.encode() + b"\xff\xfe", type="application/rss+xml")
    room.answers["/news/sea-wall-of-pell-to-rise?a=1&b=2"] = room.answers["/news/sea-wall-of-pell-to-rise"]
    total = run(tmp_path, room, "feeds: [~/rss]")
    assert (total["links_found"], total["new"], room.asked("/secret")) == (3, 3, 0)


def test_since_pages_back_through_a_feed_and_an_index(room: Newsroom, tmp_path: Path) -> None:
    first, second, third, fourth, fifth, _ = stories(room, "news")

    def feed(path: str, url: str, day: str, following: str) -> None:
        item = f"<entry><title>Wall</title><link href='{url}'/><published>{day}T10:00:00Z</published></entry>"
        link = f"<link rel='next' href='{following}'/>"
        room.answers[path] = Answer(f"<feed xmlns='http://www.w3.org/2005/Atom'>{link}{item}</feed>".encode(), type="application/atom+xml")

    feed("/atom", first, "2026-01-05", "/atom?page=2")
    feed("/atom?page=2", second, "2025-12-05", "/atom?page=3")
    feed("/atom?page=3", third, "2025-10-05", "/atom?page=4")
    feed("/atom?page=4", fifth, "2025-09-05", "/atom?page=5")
    new, old = sitemap(room, "/jan.xml", [fourth]), sitemap(room, "/oct.xml", [fifth])
    index(room, "/index.xml", f"{new}</loc><lastmod>2026-01-05</lastmod>", f"{old}</loc><lastmod>2025-10-30</lastmod>")
    entry = "feeds: [~/atom], news_sitemaps: [~/index.xml]"
    total = run(tmp_path, room, entry, "--since", "2025-12-01")
    assert (total["new"], total["failed"]) == (3, 0)
    assert (room.asked("/atom?page=3"), room.asked("/atom?page=4"), room.asked("/oct.xml")) == (1, 0, 0)
