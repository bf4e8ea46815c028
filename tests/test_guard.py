"""Nothing but http(s) to public addresses gets past the guard. Decided without a packet: no test here resolves or connects."""

import json
from pathlib import Path
from typing import Any

import pytest

from scraper.errors import AddressDenied
from scraper.fetch.guard import address_allowed, checked, target

CONFORMANCE = Path(__file__).parents[2] / "shared" / "conformance"
Case = dict[str, Any]


def cases(name: str, key: str) -> list[Any]:
    path = CONFORMANCE / name
    if not path.exists():
        return [pytest.param({}, marks=pytest.mark.skip(reason="the shared conformance cases are not on this machine"))]
    return [pytest.param(row, id=row[key]) for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())]


@pytest.mark.parametrize("case", cases("addresses.jsonl", "ip"))
def test_an_address_is_public_or_denied(case: Case) -> None:
    assert address_allowed(case["ip"]) is not case["deny"]


@pytest.mark.parametrize("case", cases("forbidden_urls.jsonl", "id"))
def test_a_forbidden_url_is_denied_before_anything_is_sent(case: Case) -> None:
    with pytest.raises(AddressDenied):
        target(case["url"], allow_private=False)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("file:///etc/passwd", "scheme_denied"),
        ("ftp://example.org/a", "scheme_denied"),
        ("gopher://example.org:25/_HELO", "scheme_denied"),
        ("javascript:alert(1)", "scheme_denied"),
        ("data:text/html,hello", "scheme_denied"),
        ("ws://example.org/", "scheme_denied"),
        ("", "bad_url"),
        ("news/story.html", "bad_url"),
        ("http://", "bad_url"),
        ("http://exa mple.org/", "bad_url"),
        ("http://[::1", "bad_url"),
        ("http://example.org:99999/", "bad_url"),
        ("http://example.org/" + "a" * 9_000, "bad_url"),
        ("http://10.0.0.1/", "address_denied"),
        ("http://router/", "address_denied"),
        ("http://printer.local/", "address_denied"),
        ("http://db.internal:5432/", "address_denied"),
        ("http://INTRANET/", "address_denied"),
        ("http://[::1]:8080/", "address_denied"),
        ("http://[fe80::1]/", "address_denied"),
    ],
)
def test_a_refusal_has_a_stable_code(url: str, code: str) -> None:
    with pytest.raises(AddressDenied) as caught:
        target(url, allow_private=False)
    assert (caught.value.code, caught.value.retryable, caught.value.url) == (code, False, url)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.1.1", "::1", "fd12::1", "::ffff:127.0.0.1"])
def test_private_networks_open_on_request(address: str) -> None:
    assert not address_allowed(address)
    assert address_allowed(address, allow_private=True)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "169.254.169.254",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "224.0.0.1",
        "255.255.255.255",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "ff02::1",
        "::",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "not an address",
    ],
)
def test_metadata_and_link_local_addresses_stay_shut_even_on_request(address: str) -> None:
    assert not address_allowed(address, allow_private=True)


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:4700::6810:85e5", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_pass_in_every_dress(address: str) -> None:
    assert address_allowed(address)


def test_one_bad_address_among_several_refuses_the_host() -> None:
    with pytest.raises(AddressDenied, match=r"10\.0\.0\.7"):
        checked("http://example.org/", ["93.184.216.34", "10.0.0.7"], allow_private=False)
    assert checked("http://example.org/", ["93.184.216.34", "93.184.216.34"], allow_private=False) == ("93.184.216.34",)


def test_a_target_is_spelled_as_the_url_standard_has_it() -> None:
    found = target("HTTP://user:secret@EXAMPLE.org:8080/a b/../c?q=ü#part", allow_private=False)
    assert found.url == "http://example.org:8080/c?q=%C3%BC"
    assert (found.origin, found.authority, found.path) == ("http://example.org:8080", "example.org:8080", "/c?q=%C3%BC")


def test_http_and_https_of_a_site_are_one_neighbourhood_and_other_ports_are_not() -> None:
    plain, secure, other = (target(f"{start}/x", allow_private=False) for start in ("http://a.org", "https://a.org", "http://a.org:81"))
    assert plain.neighbourhood == secure.neighbourhood != other.neighbourhood


def test_an_ipv6_host_keeps_its_brackets_where_they_belong() -> None:
    found = target("https://[2606:4700::1]:8443/", allow_private=False)
    assert (found.host, found.port, found.authority) == ("[2606:4700::1]", 8443, "[2606:4700::1]:8443")
