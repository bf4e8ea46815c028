"""May this agent ask for this URL, and how fast? A robots.txt is read and matched as RFC 9309 says; getting it is left to `fetch`.

Everything is bytes: a file that is Latin-1, half UTF-8 or HTML keeps the rules that can be read. docs/decisions/0007-robots.md has the
measurements behind doing this ourselves.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from scraper import urls

__all__ = ["ALLOW_ALL", "MAX_ROBOTS_BYTES", "Group", "Rule", "Rules", "parse"]

MAX_ROBOTS_BYTES = 500 * 1024  # RFC 9309 2.5: at least 500 KiB must be read; what follows is ignored

_LINE_END = re.compile(rb"[\r\n]+")
_KEYS = {  # as seen in the wild
    b"user-agent": "agent",
    b"useragent": "agent",
    b"user agent": "agent",
    b"allow": "allow",
    b"disallow": "disallow",
    b"dissallow": "disallow",
    b"dissalow": "disallow",
    b"disalow": "disallow",
    b"diasllow": "disallow",
    b"disallaw": "disallow",
    b"crawl-delay": "delay",
    b"crawldelay": "delay",
    b"request-rate": "rate",
    b"sitemap": "sitemap",
    b"site-map": "sitemap",
}
# A key, a colon (or, as some write it, only white space) and a value.
_LINE = re.compile(rb"(" + rb"|".join(sorted(_KEYS, reverse=True)) + rb")(?:\s*:|\s)\s*(.*)", re.IGNORECASE | re.DOTALL)
_BARE_SITEMAP = re.compile(rb"https?://\S+\.xml(?:\.gz)?$", re.IGNORECASE)
_TOKEN = re.compile(rb"[^\s/;,(<]+")  # the product token (RFC 9309 2.2.1), without version and comment
_DRESSED = re.compile(rb"mozilla/\S*\s*\(compatible;\s*", re.IGNORECASE)  # "Mozilla/5.0 (compatible; OurBot/1.0; +https://…)" is OurBot
_NUMBER = re.compile(rb"(\d+(?:\.\d+)?|\.\d+)(?![\w.])")
_INDEX = re.compile(rb"/index\.html?$")
_RATE = re.compile(rb"(\d+)\s*/\s*(\d+)\s*([smhd]?)", re.IGNORECASE)
_SECONDS = {b"": 1, b"s": 1, b"m": 60, b"h": 3600, b"d": 86400}
_AUTHORITY = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#]*", re.IGNORECASE)
_UNRESERVED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
_PLAIN = _UNRESERVED + b"/:?@!&'()+,;=[]"  # not * and $: in a URL they are only themselves, in a rule they are written %2A and %24
_OCTET = re.compile(rb"%([0-9a-fA-F]{2})|([^" + re.escape(_PLAIN) + rb"])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One Allow or Disallow line: the pieces of its path between the stars, whether `$` ends it, and its length in octets."""

    allow: bool
    pieces: tuple[bytes, ...]
    anchored: bool
    length: int

    def matches(self, path: bytes) -> bool:
        """Tell whether the rule covers a normalised path, in time linear in both: the first fit of each piece is as good as any."""
        if not path.startswith(self.pieces[0]):
            return False
        at = len(self.pieces[0])
        if len(self.pieces) == 1:
            return not self.anchored or at == len(path)
        for piece in self.pieces[1:-1]:
            at = path.find(piece, at)
            if at < 0:
                return False
            at += len(piece)
        last = self.pieces[-1]
        return path.endswith(last) and len(path) - len(last) >= at if self.anchored else path.find(last, at) >= 0


@dataclass(frozen=True, slots=True)
class Group:
    """What one group of lines says to the agents it names. Groups are shared between agents, so that a file cannot multiply its size."""

    rules: list[Rule] = field(default_factory=list)
    delays_s: list[float] = field(default_factory=list)
    rates: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """A robots.txt as read: the groups that name each agent (RFC 9309 2.2.1: all of them count), and the sitemaps, as written."""

    groups: Mapping[bytes, list[Group]] = field(default_factory=dict)
    sitemaps: tuple[str, ...] = ()

    def allows(self, url: str, user_agent: str) -> bool:
        """Say whether the agent may ask for the URL: the longest rule that matches decides, Allow wins a tie, no rule allows."""
        path = _path(url)
        matching = [(rule.length, rule.allow) for group in self._of(user_agent) for rule in group.rules if rule.matches(path)]
        return path == b"/robots.txt" or max(matching, default=(0, True))[1]

    def crawl_delay_s(self, user_agent: str) -> float | None:
        """Give the Crawl-delay in seconds that the agent is asked for, an extension that most crawlers honour."""
        return max((delay for group in self._of(user_agent) for delay in group.delays_s), default=None)

    def request_rate(self, user_agent: str) -> tuple[int, int] | None:
        """Give the Request-rate asked for as (requests, seconds)."""
        return next((rate for group in self._of(user_agent) for rate in group.rates), None)

    def asked_delay_s(self, user_agent: str) -> float | None:
        """Give the larger of the two ways to ask for time between requests, in seconds."""
        requests, seconds = self.request_rate(user_agent) or (0, 0)
        delays = [self.crawl_delay_s(user_agent), seconds / requests if requests else None]
        return max((delay for delay in delays if delay is not None), default=None)

    def sitemap_urls(self, base: str) -> tuple[str, ...]:
        """Give the sitemaps as absolute URLs, those that can be resolved."""
        return tuple(url for url in (urls.join(base, written) for written in self.sitemaps) if url)

    def _of(self, user_agent: str) -> list[Group]:
        ours = _token(_DRESSED.sub(b"", user_agent.encode(), count=1))
        return self.groups.get(ours) or self.groups.get(b"*") or []


ALLOW_ALL = Rules()


def parse(content: bytes) -> Rules:
    """Read a robots.txt (RFC 9309 2.2), at most its first 500 KiB; never raises, what cannot be read is left out.

    Rules apply to every agent named since the last rule, delays only to the agents named right above them, as crawler-commons has it.
    """
    groups: dict[bytes, list[Group]] = defaultdict(list)
    sitemaps: list[str] = []
    ruled, paced = Group(), Group()  # what the lines being read add rules and delays to
    closed = True  # whether the next User-agent line opens a group of its own
    last = ""
    for kind, value in _directives(content[:MAX_ROBOTS_BYTES]):
        if kind == "sitemap":
            sitemaps.append(value.decode("utf-8", "replace"))
            continue
        if kind == "agent":
            ruled, closed = (Group(), False) if closed else (ruled, False)
            paced = paced if last == "agent" else Group()
            mine = groups[_token(value)]
            mine.extend(group for group in (ruled, paced) if all(group is not known for known in mine[-2:]))
        elif kind in {"allow", "disallow"}:
            ruled.rules.extend(_rules(value, allow=kind == "allow"))
            closed = True
        elif kind == "delay":
            paced.delays_s.extend(float(number[1]) for number in [_NUMBER.match(value)] if number)
        elif rate := _RATE.match(value):
            paced.rates.append((int(rate[1]), int(rate[2]) * _SECONDS[rate[3].lower()]))
        last = kind
    return Rules(groups=dict(groups), sitemaps=tuple(sitemaps))


def _directives(content: bytes) -> Iterator[tuple[str, bytes]]:
    for raw in _LINE_END.split(content.removeprefix(b"\xef\xbb\xbf")):
        line = raw.partition(b"#")[0].strip(b" \t\0")
        if _BARE_SITEMAP.match(line):
            yield "sitemap", line
        elif (found := _LINE.match(line)) and (kind := _KEYS.get(found[1].lower())):
            yield kind, found[2].strip()


def _rules(value: bytes, *, allow: bool) -> Iterator[Rule]:
    """Give the rules of one line: none if it is empty, and for an allowed index page also the folder it stands for, as Google has it."""
    if value:
        yield _rule(value, allow=allow)
    if allow and _INDEX.search(value):
        yield _rule(_INDEX.sub(b"/$", value), allow=True)


def _rule(value: bytes, *, allow: bool) -> Rule:
    anchored = value.endswith(b"$")
    pieces = tuple(_normal(piece) for piece in value.removesuffix(b"$").split(b"*"))
    return Rule(allow=allow, pieces=pieces, anchored=anchored, length=sum(map(len, pieces)) + len(pieces) - 1 + anchored)


def _token(agent: bytes) -> bytes:
    found = _TOKEN.match(agent.strip())
    return found[0].lower() if found else b""


def _path(url: str) -> bytes:
    rest = _AUTHORITY.sub("", url, count=1).partition("#")[0]
    return _normal((rest if rest.startswith("/") else "/" + rest).encode("utf-8", "surrogatepass"))


def _normal(octets: bytes) -> bytes:
    """Write every octet in one way (RFC 9309 2.2.2): unreserved ones plain, the others that are not a URL's own signs as %XX."""

    def one_way(found: re.Match[bytes]) -> bytes:
        octet = bytes.fromhex(found[1].decode()) if found[1] else found[2]
        return octet if octet in _UNRESERVED else b"%%%02X" % octet[0]

    return _OCTET.sub(one_way, octets)
