"""References resolve as browsers resolve them, and all addresses of one story have one key."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper import urls
from scraper.urls import canonical_url, host, is_http, join, origin, without_tracking

CONFORMANCE = Path(__file__).parents[2] / "shared" / "conformance"
TABLE = Path(urls.__file__).with_name("tracking_parameters.txt")
Case = dict[str, Any]


def cases(name: str) -> list[Any]:
    path = CONFORMANCE / name
    if not path.exists():
        return [pytest.param(None, marks=pytest.mark.skip(reason="the shared conformance cases are not on this machine"))]
    return [pytest.param(row, id=row["id"]) for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())]


@pytest.mark.parametrize("case", cases("urls_resolve.jsonl"))
def test_references_are_joined_or_refused_as_the_url_standard_says(case: Case) -> None:
    assert join(case["base"], case["input"]) == case["href"]
    if not case["failure"]:
        assert host(case["href"]) == case["hostname"]


@pytest.mark.parametrize("case", cases("urls_tracking.jsonl"))
def test_tracking_goes_and_content_stays(case: Case) -> None:
    assert without_tracking(case["input"]) == case["expect"]
    assert canonical_url(case["input"]) == canonical_url(case["expect"])


@pytest.mark.parametrize(
    "name",
    [
        "a",
        "article",
        "category",
        "cid",
        "date",
        "doc",
        "from",
        "id",
        "lang",
        "m",
        "n",
        "p",
        "page",
        "q",
        "s",
        "sid",
        "source",
        "story",
        "type",
        "v",
    ],
)
def test_parameters_that_choose_the_content_are_part_of_the_identity(name: str) -> None:
    url = f"https://example.org/news?{name}=42"
    assert without_tracking(url) == canonical_url(url) == url
    assert canonical_url(url) != canonical_url(f"https://example.org/news?{name}=43")


def test_the_order_and_spelling_of_what_stays_is_left_alone() -> None:
    url = "https://example.org/?b=%7e+x&a=1&a=2&empty="
    assert without_tracking(url + "&utm_source=x") == url


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/story?UTM_Medium=email",
        "https://example.org/story?utm%5Fsource=x",
        "https://example.org/story?id=1&amp;utm_source=rss&amp;utm_medium=feed",
        "https://example.org/story?fbclid",
        "https://example.org/story?ref=home&&gclid=1&",
        "https://example.org/story#utm_source=rss",
        "https://example.org/story#xtor=RSS-1",
    ],
)
def test_tracking_is_recognised_in_every_spelling(url: str) -> None:
    assert without_tracking(url) in {"https://example.org/story", "https://example.org/story?id=1"}


def test_the_table_of_tracking_parameters_is_sorted_unique_and_says_whose_each_is() -> None:
    rows = [line.split(maxsplit=1) for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    names = [name for name, _ in rows]
    assert names == sorted(set(names))
    assert all(name == name.lower() for name in names)
    families = tuple(name[:-1] for name in names if name.endswith("*"))
    assert not [name for name in names if not name.endswith("*") and name.startswith(families)]


STORY = "https://example.org/2026/story"


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://example.org/2026/story", id="scheme"),
        pytest.param("HTTPS://EXAMPLE.org/2026/story", id="case of the host"),
        pytest.param("https://example.org./2026/story", id="dot behind the host"),
        pytest.param("https://example.org:443/2026/story", id="default port"),
        pytest.param("http://example.org:80/2026/story", id="default port of http"),
        pytest.param("https://reader:secret@example.org/2026/story", id="user name"),
        pytest.param("https://www.example.org/2026/story", id="www"),
        pytest.param("https://m.example.org/2026/story", id="mobile host"),
        pytest.param("https://mobile.example.org/2026/story", id="mobile host, spelt out"),
        pytest.param("https://www.m.example.org/2026/story", id="www and mobile host"),
        pytest.param("https://example.org/2026/story/", id="trailing slash"),
        pytest.param("https://example.org/2026/story//", id="trailing slashes"),
        pytest.param("https://example.org/2026/story%20", id="trailing space"),
        pytest.param("https://example.org//2026//story", id="doubled slashes"),
        pytest.param("https://example.org/2026/./x/../story", id="dots"),
        pytest.param("https://example.org/2026/story/index.html", id="index page"),
        pytest.param("https://example.org/2026/story#comments", id="fragment"),
        pytest.param("https://example.org/2026/story?", id="empty query"),
        pytest.param("https://example.org/2026/story?utm_campaign=x&ref=y", id="tracking"),
        pytest.param("https://amp.example.org/2026/story", id="AMP host"),
        pytest.param("https://example.org/2026/story/amp", id="AMP path"),
        pytest.param("https://example.org/2026/story/amp/", id="AMP path with a slash"),
        pytest.param("https://example.org/2026/story.amp", id="AMP ending"),
        pytest.param("https://example.org/2026/story?amp=1", id="AMP query"),
        pytest.param("https://example.org/2026/story?amp", id="AMP query without a value"),
        pytest.param("https://example.org/2026/story?outputType=amp", id="AMP query of Arc"),
        pytest.param("https://www.google.com/amp/s/amp.example.org/2026/story", id="AMP viewer of Google"),
        pytest.param("https://www.google.co.uk/amp/s/example.org/2026/story", id="AMP viewer of another Google"),
        pytest.param("https://www-example-org.cdn.ampproject.org/c/s/www.example.org/2026/story?amp=1", id="AMP cache"),
        pytest.param("https://example-org.cdn.ampproject.org/v/example.org/2026/story", id="AMP cache of an http page"),
        pytest.param("https://example.org/2026/story;jsessionid=0A1B2C?PHPSESSID=1a2b", id="session in path and query"),
        pytest.param("https://example.org/2026/story?sid=0123456789abcdef0123456789abcdef", id="session id that is clearly one"),
        pytest.param("  https://example.org/2026/story\n", id="space around"),
    ],
)
def test_addresses_of_one_story_have_one_key(url: str) -> None:
    assert canonical_url(url) == STORY


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/2026/story", "https://example.org/2026/Story"),
        ("https://example.org/story?sid=42", "https://example.org/story?sid=43"),
        ("https://example.org/story?id=1", "https://example.org/story?id=2"),
        ("https://example.org/#!/story/1", "https://example.org/#!/story/2"),
        ("https://example.org/#/story/1", "https://example.org/#/story/2"),
        ("https://sport.example.org/1", "https://news.example.org/1"),
        ("https://m.co.uk/1", "https://www.co.uk/2"),
        ("https://m.org/1", "https://mobile.org/1"),
        ("https://example.org/amp", "https://example.org/"),
        ("https://example.org/champ", "https://example.org/ch"),
        ("http://127.0.0.1:8001/1", "http://127.0.0.1:8002/1"),
        ("https://example.org/?output=amplify", "https://example.org/"),
        ("https://archive.example/web/http://example.org/1", "https://archive.example/web/https://example.org/1"),
    ],
)
def test_different_stories_keep_different_keys(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


def test_a_key_with_a_port_keeps_its_scheme_so_that_it_still_works_as_a_link() -> None:
    assert canonical_url("http://127.0.0.1:8000/a/") == "http://127.0.0.1:8000/a"


def test_both_spellings_of_a_percent_escape_are_one() -> None:
    assert (
        canonical_url("https://example.org/%d0%b0") == canonical_url("https://example.org/%D0%B0") == canonical_url("https://example.org/а")
    )


def test_names_in_other_scripts_and_their_ascii_form_are_one() -> None:
    assert canonical_url("https://bücher.example/1") == canonical_url("https://xn--bcher-kva.example/1")


@pytest.mark.parametrize("url", ["", "not a url", "mailto:desk@example.org", "http://", "http://[::1", "/relative"])
def test_what_is_no_web_address_comes_back_as_it_is(url: str) -> None:
    assert canonical_url(url) == url


def test_a_host_that_is_none_without_the_dots_at_its_end_keeps_them() -> None:
    assert canonical_url("https://a.0../x") == "https://a.0../x"


def test_hosts_and_origins() -> None:
    assert host("https://Example.ORG:8443/x") == "example.org"
    assert origin("https://Example.ORG:8443/x") == "https://example.org:8443"
    assert origin("https://example.org:443/x") == "https://example.org"
    assert (host("nonsense"), origin("nonsense"), origin("ftp://example.org/")) == (None, None, None)


def test_only_http_and_https_are_web_addresses() -> None:
    assert is_http("http://example.org")
    assert is_http("HTTPS://example.org/x")
    assert not any(map(is_http, ["ftp://example.org", "javascript:alert(1)", "//example.org", "example.org", "http://", "\ud800"]))


pieces = st.sampled_from(
    [
        *(
            "http://",
            "https://",
            "HTTP:",
            "//",
            "/",
            "\\",
            "..",
            "/./",
            "?",
            "&",
            "=",
            "#",
            "#!/",
            "#/",
            "@",
            ":",
            ":80",
            ":8080",
            " ",
            "\n",
            "\x00",
        ),
        *("example.org", "co.uk", ".", "m.", "www.", "mobile.", "127.0.0.1", "[::1]", "xn--a", "。", "é", "💥", "\ud800", "u:p@", "1"),
        *(
            "amp",
            "/amp",
            ".amp",
            ".html",
            "index.html",
            "/index.php",
            "google.com/amp/s/",
            "x.cdn.ampproject.org/c/s/",
            "amp=1",
            ";jsessionid=1",
        ),
        *(
            "utm_source=x",
            "phpsessid=2",
            "sid=0123456789abcdef0123456789",
            "id=3",
            "ref=a",
            "%20",
            "%2f",
            "%",
            "%41",
            "%4",
            "%u",
            "amp;ref=1",
        ),
    ]
)
built = st.lists(pieces, max_size=14).map("".join)
addresses = st.text() | built | built.map("http://{}".format)


@given(addresses)
def test_the_key_of_a_key_is_itself_and_nothing_raises(url: str) -> None:
    key = canonical_url(url)
    assert canonical_url(key) == key
    key.encode("utf-8")


@given(addresses, addresses)
def test_no_text_makes_any_question_raise(base: str, reference: str) -> None:
    join(base, reference)
    bare = without_tracking(reference)
    assert without_tracking(bare) == bare
    host(reference)
    origin(reference)
    is_http(reference)
