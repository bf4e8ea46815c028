"""robots.txt is read as RFC 9309 says, and waits are what servers ask for, within reason."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scraper.errors import AddressDenied, BadStatus, BodyError, FetchError, NetworkError, RedirectError
from scraper.politeness import ALLOW_ALL, MAX_ROBOTS_BYTES, effective_delay_s, retry_after_s, robots_rules
from scraper.politeness.robots import parse
from scraper.records import Page

CONFORMANCE = Path(__file__).parents[2] / "shared" / "conformance"
URL = "https://news.example/robots.txt"
NOW = datetime(2026, 1, 5, 16, 0, tzinfo=UTC)
Case = dict[str, Any]


def cases(name: str) -> list[Any]:
    path = CONFORMANCE / name
    if not path.exists():
        return [pytest.param({}, marks=pytest.mark.skip(reason="the shared conformance cases are not on this machine"))]
    return [pytest.param(row, id=row["id"]) for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())]


def content(case: Case) -> bytes:
    return case["robots"].encode() if "robots" in case else base64.b64decode(case["robots_b64"])


@pytest.mark.parametrize("case", cases("robots.jsonl"))
def test_robots_txt_means_what_the_standard_and_the_big_crawlers_say(case: Case) -> None:
    rules, agent = parse(content(case)), case["ua"]
    found: object
    if case["kind"] == "allow":
        found = rules.allows(case["url"], agent)
    elif case["kind"] == "crawl_delay":
        found = rules.crawl_delay_s(agent)
    elif case["kind"] == "request_rate":
        rate = rules.request_rate(agent)
        found = list(rate) if rate else None
    else:  # crawler-commons gives sitemaps resolved, the others as written
        resolved = case["source"] == "crawler-commons"
        found = list(rules.sitemap_urls("http://domain.com/robots.txt") if resolved else rules.sitemaps)
    assert found == case["expect"]


def test_protego_agrees_except_where_it_is_known_to_be_wrong() -> None:
    """A cross-check by the best library there is: 9 of its 13 misses among these cases are refusals it does not see."""
    protego = pytest.importorskip("protego")
    if not (CONFORMANCE / "robots.jsonl").exists():
        pytest.skip("the shared conformance cases are not on this machine")
    rows = [json.loads(line) for line in (CONFORMANCE / "robots.jsonl").read_text(encoding="utf-8").splitlines()]
    allow = [row for row in rows if row["kind"] == "allow"]
    verdicts = [(protego.Protego.parse(content(row).decode("utf-8", "replace")).can_fetch(row["url"], row["ua"]), row) for row in allow]
    different = [row["id"] for verdict, row in verdicts if verdict != parse(content(row)).allows(row["url"], row["ua"])]
    assert len(different) <= 9


@pytest.mark.parametrize(
    ("robots", "url", "allowed"),
    [
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "https://x.org/a/b/c", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "https://x.org/a", True),
        ("User-agent: *\nDisallow: /*.pdf$", "https://x.org/a.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "https://x.org/a.pdf?x", True),
        ("User-agent: *\nDisallow: /a*b*c", "https://x.org/a-b-c-d", False),
        ("User-agent: *\nDisallow: /ab*b$", "https://x.org/ab", True),
        ("User-agent: *\nDisallow: /caf\u00e9", "https://x.org/caf%C3%A9/x", False),
        ("User-agent: *\nDisallow: /caf%c3%a9", "https://x.org/caf\u00e9/x", False),
        ("User-agent: *\nDisallow: /%7Ejoe", "https://x.org/~joe", False),
        ("User-agent: *\nDisallow: /a%2Fb", "https://x.org/a/b", True),
        ("User-agent: *\nDisallow: /file-%2A", "https://x.org/file-*", False),
        ("User-agent: *\nDisallow: /?s=", "https://x.org/?s=word", False),
        ("User-agent: *\nDisallow: /", "https://x.org/robots.txt", True),
        ("User-agent: *\nDisallow:", "https://x.org/", True),
        ("User-agent: scraper\nDisallow:\n\nUser-agent: *\nDisallow: /", "https://x.org/", True),
        ("User-agent: other\nDisallow: /\n\nUser-agent: scraper\nDisallow: /a", "https://x.org/b", True),
        ("User-agent: other\nUser-agent: scraper\nDisallow: /", "https://x.org/b", False),
        ("\ufeffUser-agent: *\r\nDisallow: /\r\n", "https://x.org/b", False),
        ("user-agent *\ndisallow /", "https://x.org/b", False),
        ("<html><body>Not found</body></html>", "https://x.org/b", True),
        ("", "https://x.org/b", True),
    ],
)
def test_a_rule_covers_a_path(robots: str, url: str, allowed: bool) -> None:
    assert parse(robots.encode()).allows(url, "scraper/0.1 (+https://example.org/about)") is allowed


@pytest.mark.parametrize("agent", ["OurBot", "ourbot/2.0", "Mozilla/5.0 (compatible; OurBot/1.0; +https://example.org)", "OurBot (x)"])
def test_an_agent_is_known_by_its_product_name(agent: str) -> None:
    assert not parse(b"User-agent: ourbot/9\nDisallow: /").allows("https://x.org/a", agent)


def test_every_group_that_names_the_agent_counts() -> None:
    rules = parse(b"User-agent: a\nDisallow: /x\n\nUser-agent: b\nDisallow: /\n\nUser-agent: a\nDisallow: /y\nCrawl-delay: 3")
    assert [rules.allows(f"https://x.org/{path}", "a") for path in "xyz"] == [False, False, True]
    assert rules.crawl_delay_s("a") == 3


def test_bytes_that_are_no_utf8_spoil_only_their_own_line() -> None:
    rules = parse("User-agent: *\nDisallow: /caf\u00e9\nDisallow: /x\n".encode("latin-1") + b"\0\0\nDisallow: /y")
    assert [rules.allows(f"https://x.org/{path}", "any") for path in "xyz"] == [False, False, True]


def test_sitemaps_are_given_as_absolute_urls() -> None:
    rules = parse(b"Sitemap: /news.xml\nSitemap: https://cdn.example/all.xml\nsitemap: http://[\n")
    assert rules.sitemap_urls(URL) == ("https://news.example/news.xml", "https://cdn.example/all.xml")


def test_what_follows_the_first_500_kib_is_not_read() -> None:
    late = b"User-agent: *\nDisallow: /early\n" + b"#" * MAX_ROBOTS_BYTES + b"\nDisallow: /late\n"
    assert [parse(late).allows(f"https://x.org/{path}", "any") for path in ("early", "late")] == [False, True]


@pytest.mark.parametrize(
    "hostile",
    [
        b"User-agent: *\nDisallow: /" + b"a*" * 240_000,
        b"User-agent: *\n" + b"Disallow: /*a*b\n" * 32_000,
        b"".join(b"User-agent: b%d\n" % number for number in range(12_000)) + b"Disallow: /x\n" * 20_000,
        b"User-agent: x\nCrawl-delay: 1\n" * 16_000,
        b"user-agent" + b" " * 500_000,
        b"a " * 250_000,
    ],
    ids=["stars", "rules", "agents", "delays", "spaces", "words"],
)
def test_a_hostile_file_is_read_in_linear_time(hostile: bytes) -> None:
    """Each takes 0.01 to 0.6 s; in quadratic time this test would not end."""
    assert parse(hostile).allows("https://x.org/b" + "a" * 8_000, "x")


def page(content: bytes) -> Page:
    return Page(url=URL, requested_url=URL, status=200, headers=(), content=content, fetched_at=NOW)


def test_a_robots_txt_that_was_fetched_gives_its_rules() -> None:
    rules = robots_rules(page(b"User-agent: *\nDisallow: /x\nRequest-rate: 1/20s\nCrawl-delay: 5"))
    assert rules is not None
    assert not rules.allows("https://news.example/x", "any")
    assert rules.asked_delay_s("any") == 20


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_a_robots_txt_that_is_not_there_allows_everything(status: int) -> None:
    assert robots_rules(BadStatus("no", code=f"http_{status}", url=URL, status=status)) is ALLOW_ALL


@pytest.mark.parametrize("code", ["too_many_redirects", "redirect_loop", "bad_redirect"])
def test_redirects_that_lead_nowhere_allow_everything(code: str) -> None:
    assert robots_rules(RedirectError("no", code=code, url=URL)) is ALLOW_ALL


@pytest.mark.parametrize(
    "error",
    [
        BadStatus("no", code="http_503", url=URL, status=503),
        BadStatus("no", code="http_429", url=URL, status=429),
        NetworkError("no", code="timeout", url=URL),
        BodyError("no", code="truncated_body", url=URL),
        AddressDenied("no", code="address_denied", url="http://169.254.169.254/"),
    ],
    ids=lambda error: error.code,
)
def test_a_robots_txt_that_cannot_be_read_means_wait(error: FetchError) -> None:
    assert robots_rules(error) is None


@pytest.mark.parametrize("case", cases("retry_after.jsonl"))
def test_retry_after_is_read_in_all_its_forms(case: Case) -> None:
    assert retry_after_s(case["value"], datetime.fromisoformat(case["now"])) == case["expect"]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("Mon, 05 Jan 2026 16:00:30 GMT", 30),
        ("Mon, 05 Jan 2026 18:00:30 +0200", 30),
        ("Mon, 05 Jan 2026 15:00:00 GMT", 0),
        ("9" * 400, None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("Mon, 99 Jan 2026 16:00:30 GMT", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_from_now_or_nothing(value: str | None, seconds: float | None) -> None:
    assert retry_after_s(value, NOW) == seconds


@pytest.mark.parametrize(
    ("own", "asked", "effective"), [(2, None, 2), (2, 10, 10), (5, 1, 5), (2, 86_400, 120), (300, 86_400, 300), (0, 0, 0)]
)
def test_the_larger_delay_counts_and_theirs_is_capped(own: float, asked: float | None, effective: float) -> None:
    assert effective_delay_s(own, asked) == effective
