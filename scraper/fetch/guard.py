"""May this URL be asked for at all, and which of its addresses may be connected to? Pure: no packet is sent and no name is looked up here.

The rules follow the registries of special addresses (RFC 6890 and IANA's tables) and the lists of Advocate, smokescreen and ssrf_filter;
what was checked is what `client` connects to, so a name that answers differently the second time changes nothing.
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from scraper import urls
from scraper.errors import AddressDenied

__all__ = ["Target", "address_allowed", "checked", "target"]

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_DEFAULT_PORTS = {"http": 80, "https": 443}
_MAX_URL_CHARACTERS = 8_000  # what servers take at most (RFC 9110 4.1 asks them for that much)
# Special blocks that `is_global` of Python 3.11 lets through (16 of 158 cases in addresses.jsonl), and one host.
_DENIED = tuple(
    ipaddress.ip_network(block)
    for block in (
        "168.63.129.16/32",  # Azure's host: a public address that answers with credentials inside Azure
        "192.0.0.0/24",  # IETF protocol assignments, Oracle's metadata among them
        "192.88.99.0/24",  # 6to4 relays
        "224.0.0.0/4",  # multicast
        "::/96",  # IPv4-compatible: abandoned, and a way to write any IPv4 address
        "::ffff:0:0:0/96",  # IPv4-translated (RFC 7915)
        "64:ff9b:1::/48",  # local NAT64 (RFC 8215)
        "100::/63",  # discard-only and dummy prefixes
        "2001::/23",  # IETF protocol assignments: Teredo, ORCHID, benchmarks
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
        "fec0::/10",  # site-local, deprecated but routed by some
        "ff00::/8",  # multicast
    )
)
# What `allow_private` opens: this machine and its own networks. Link-local and metadata addresses hold no news site, and stay shut.
_PRIVATE = tuple(
    ipaddress.ip_network(block) for block in ("10.0.0.0/8", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
)
_METADATA = ipaddress.ip_address("fd00:ec2::254")  # Amazon's, inside fc00::/7
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # the last four octets are the IPv4 address really meant (RFC 6052)
# Names that mean this machine or this network (RFC 6761, 6762, 8375, and ICANN's list of those it will not delegate).
_PRIVATE_NAMES = (
    "corp",
    "home",
    "home.arpa",
    "internal",
    "intranet",
    "lan",
    "local",
    "localdomain",
    "localhost",
    "private",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A URL that may be asked for if its addresses pass, taken apart once. `url` is the standard's spelling, without user and fragment."""

    url: str
    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        """Give scheme, host and port as RFC 6454 writes them."""
        return f"{self.scheme}://{self.authority}"

    @property
    def authority(self) -> str:
        """Give what stands in the Host header (RFC 9110 7.2)."""
        return self.host if self.port == _DEFAULT_PORTS[self.scheme] else f"{self.host}:{self.port}"

    @property
    def neighbourhood(self) -> str:
        """Give the key under which requests are counted as going to one host: http and https of a site are one server."""
        return self.host if self.port in _DEFAULT_PORTS.values() else f"{self.host}:{self.port}"


@lru_cache(maxsize=1_000)  # a page's address is asked about three times on its way
def target(url: str, *, allow_private: bool) -> Target:
    """Take a URL apart; raise AddressDenied for what is no http(s) URL, and for hosts that are off limits by name or literal address."""
    href = urls.join(None, url) if len(url) <= _MAX_URL_CHARACTERS else None
    if href is None:
        hint = "" if "://" in url else " (it starts with http:// or https://)"
        raise AddressDenied(f"not a URL that can be asked for: {url[:200]!r}{hint}", code="bad_url", url=url)
    if not urls.is_http(href):
        raise AddressDenied(f"only http and https are fetched: {url[:200]}", code="scheme_denied", url=url)
    parts = urlsplit(href)  # safe here: the standard's parser has already settled what is host, port and path
    host = urls.host(href) or ""
    path = (parts.path or "/") + ("?" + parts.query if parts.query else "")
    found = Target(url="", scheme=parts.scheme, host=host, port=parts.port or _DEFAULT_PORTS[parts.scheme], path=path)
    if _off_limits(host, allow_private=allow_private):
        raise AddressDenied(f"{host} is not a public host", code="address_denied", url=url)
    return Target(url=found.origin + path, scheme=found.scheme, host=host, port=found.port, path=path)


@lru_cache(maxsize=1_000)  # every request asks, hosts have few addresses
def address_allowed(address: str, *, allow_private: bool = False) -> bool:
    """Tell whether an IP address is one of the public internet, also when it is an IPv4 address dressed up as IPv6.

    `allow_private` adds loopback and the networks of RFC 1918 and RFC 4193, never link-local, metadata or multicast addresses.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.scope_id is not None:
            return False
        embedded = ip.ipv4_mapped or (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None)
        if embedded is not None:
            return address_allowed(str(embedded), allow_private=allow_private)
    if _within(ip, _PRIVATE):
        return allow_private and ip != _METADATA
    return ip.is_global and not _within(ip, _DENIED)


def checked(url: str, addresses: Iterable[str], *, allow_private: bool) -> tuple[str, ...]:
    """Give the addresses of a host if every one of them may be connected to; one that may not is reason enough to refuse the host."""
    found = tuple(dict.fromkeys(addresses))
    for address in found:
        if not address_allowed(address, allow_private=allow_private):
            raise AddressDenied(f"{urls.host(url)} has the address {address}, which is not public", code="address_denied", url=url)
    return found


def _within(ip: ipaddress.IPv4Address | ipaddress.IPv6Address, blocks: Iterable[_Network]) -> bool:
    return any(ip in block for block in blocks if block.version == ip.version)


def _off_limits(host: str, *, allow_private: bool) -> bool:
    name = host.rstrip(".").lower()
    try:
        literal = ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return not allow_private and ("." not in name or any(name.endswith("." + suffix) for suffix in _PRIVATE_NAMES))
    return not address_allowed(str(literal), allow_private=allow_private)
