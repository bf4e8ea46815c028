"""Which of a page's requests are answered, and with what? Asked without a browser."""

from dataclasses import replace

import pytest
from fetching import NOW, ONCE, POLICY, fetcher_with, names
from newsroom import Answer, newsroom

from scraper.fetch.parts import Asked, Bounds, Parts, Reply, Shelf, is_tracker
from scraper.records import Page, Policy

BOUNDS = Bounds(pause_s=0.0)


def page(url: str, content: bytes = b"<p>told</p>", kind: str = "text/html") -> Page:
    return Page(url=url, requested_url=url, status=200, headers=(("content-type", kind),), content=content, fetched_at=NOW)


async def replies(url: str, *asked: Asked, policy: Policy = POLICY, bounds: Bounds = BOUNDS) -> list[Reply | None]:
    async with fetcher_with(patience=ONCE, surroundings=names({"near.example": ["127.0.0.1"]})) as fetcher:
        parts = Parts(fetcher, page(url), policy, bounds=bounds, shelf=Shelf())
        return [await parts.reply(one) for one in asked]


@pytest.mark.parametrize(
    ("url", "tracks"),
    [
        ("https://www.google-analytics.com/collect", True),
        ("https://stats.g.doubleclick.net/x", True),
        ("https://notdoubleclick.net/x", False),
        ("https://harbour.example/doubleclick.net/app.js", False),
        ("https://127.0.0.1/x", False),
        ("not a url", False),
    ],
)
def test_trackers_are_known_by_their_host(url: str, tracks: bool) -> None:
    assert is_tracker(url) is tracks


async def test_the_page_is_given_once_as_text_in_utf_8_and_what_would_replace_it_never() -> None:
    async with fetcher_with() as fetcher:
        old = page("https://coast.example/a", "<p>Möwe</p>".encode("latin-1"), "text/html; charset=latin1")
        parts = Parts(fetcher, old, POLICY, bounds=BOUNDS, shelf=Shelf())
        away = Asked(url="https://coast.example/a", kind="document", leads_away=True)
        first, second = await parts.reply(away), await parts.reply(away)
    assert first is not None
    assert (first.body.decode(), first.headers["content-type"]) == ("<p>Möwe</p>", "text/html; charset=utf-8")
    assert second == Reply(status=204)


@pytest.mark.parametrize("kind", ["image", "font", "media", "document", "websocket", "eventsource", "manifest", "ping", "other"])
async def test_what_no_story_needs_is_refused_unasked(kind: str) -> None:
    with newsroom() as room:
        assert await replies(room.origin + "/a", Asked(url=room.origin + "/b", kind=kind)) == [None]
        assert room.requests == []


async def test_nothing_is_sent_and_a_style_sheet_is_empty() -> None:
    with newsroom() as room:
        posted = Asked(url=room.origin + "/b", kind="fetch", method="POST")
        style = Asked(url=room.origin + "/c.css", kind="stylesheet")
        assert await replies(room.origin, posted, style) == [None, Reply(headers={"content-type": "text/css"})]
        assert room.requests == []


async def test_forbidden_places_are_decided_by_the_guard() -> None:
    urls = (
        "http://127.0.0.1:9/x",
        "http://near.example/x",
        "http://[::1]/x",
        "http://169.254.169.254/x",
        "file:///etc/passwd",
        "http://2130706433/",
    )
    asked = [Asked(url=url, kind="fetch") for url in urls]
    assert await replies("https://coast.example/a", *asked, policy=replace(POLICY, allow_private=False)) == [None] * len(urls)


async def test_a_scripts_own_headers_go_along_and_no_others() -> None:
    headers = {
        "accept": "application/json",
        "x-key": "k",
        "cookie": "a=b",
        "user-agent": "Mozilla",
        "host": "elsewhere",
        "referer": "http://r/",
    }
    with newsroom() as room:
        room.answers["/b"] = Answer(b"{}", type="application/json")
        answers = await replies(room.origin, Asked(url=room.origin + "/b", kind="xhr", headers=headers))
        assert answers == [Reply(headers={"content-type": "application/json"}, body=b"{}")]
        seen = room.requests[-1][1]
    assert (seen["accept"], seen["x-key"], seen["referer"], seen["user-agent"]) == ("application/json", "k", "http://r/", POLICY.user_agent)
    assert "cookie" not in seen


async def test_a_failure_of_the_server_is_told_and_one_of_the_network_is_not() -> None:
    with newsroom() as room:
        missing = Asked(url=room.origin + "/missing", kind="fetch")
        assert await replies(room.origin, missing, Asked(url="http://127.0.0.1:9/", kind="fetch")) == [Reply(status=404), None]


async def test_parts_and_bytes_are_bounded() -> None:
    with newsroom() as room:
        for path in ("/1", "/2", "/3"):
            room.answers[path] = Answer(b"x" * 600, type="text/plain")
        asked = [Asked(url=room.origin + path, kind="fetch") for path in ("/1", "/2", "/3")]
        for bounds in (replace(BOUNDS, parts=2), replace(BOUNDS, total_bytes=1_000)):
            assert [reply is not None for reply in await replies(room.origin, *asked, bounds=bounds)] == [True, True, False]
        assert await replies(room.origin, *asked, bounds=replace(BOUNDS, part_bytes=500)) == [None, None, None]


def test_the_shelf_keeps_what_was_asked_for_last() -> None:
    shelf = Shelf(max_bytes=10)
    for name in ("a", "b"):
        shelf.keep(name, Reply(body=b"1234"))
    assert shelf.get("a") is not None
    shelf.keep("c", Reply(body=b"1234"))
    assert [shelf.get(name) is not None for name in ("a", "b", "c")] == [True, False, True]
    shelf.keep("large", Reply(body=b"x" * 11))
    assert [shelf.get(name) is not None for name in ("a", "c", "large")] == [False, False, False]
