"""What does a reference point at, and when do two URLs mean one story? Joining, taking apart, and the identity key.

Home of ada_url, the WHATWG URL Standard's parser; why is in docs/decisions/0003-urls-ada.md. Whether an address may be connected to is the
guard's question (`fetch`), whether it looks like a story's is `discover`'s.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from functools import cache, lru_cache
from importlib.resources import files
from urllib.parse import unquote

import ada_url

__all__ = ["canonical_url", "host", "is_http", "join", "origin", "without_tracking"]

_TABLE = files("scraper") / "tracking_parameters.txt"
_PASSES = 8  # each pass takes off one layer (an AMP cache's link to a mobile host …); real URLs need two
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_SLASHES = re.compile(r"(?<!:)/{2,}")  # not the ones of a URL inside the path, as web archives have them
_TRAILING = re.compile(r"(?:%20|/)+$")
_INDEX = re.compile(r"/index\.(?:html?|php|aspx?|jsp)$", re.IGNORECASE)
_AMP_PATH = re.compile(r"(?<=.)(?:/amp|\.amp)(?=/?$|\.html?$)", re.IGNORECASE)
_AMP_QUERY = re.compile(r"(?:_?amp(?:=(?:1|true)?)?|output(?:type)?=amp)$", re.IGNORECASE)
_GOOGLE_AMP = re.compile(r"https?://(?:www\.)?google\.[a-z.]{2,6}/amp/(s/)?(.+)", re.IGNORECASE)
_AMP_CACHE = re.compile(r"https?://[^/]+\.(?:cdn\.ampproject\.org|bing-amp\.com)/[cv]/(s/)?(.+)", re.IGNORECASE)
_VARIANT_HOST = re.compile(r"(?:www|m|mobile|amp)\.(?=[^.]+\.[^.]+)")
_TWO_LABEL_SUFFIX = re.compile(r"(?:ac|co|com|edu|gob|gov|gouv|ne|net|or|org)\.[a-z]{2}$")  # m.co.uk is a name, not the mobile side of one
_SESSION_PATH = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*", re.IGNORECASE)
_SESSION_QUERY = re.compile(r"(?:phpsessid|jsessionid|aspsessionid\w*|asp\.net_sessionid|cfid|cftoken)=", re.IGNORECASE)
_SESSION_SID = re.compile(r"s(?:ess)?id=(?=[a-z]*\d)[0-9a-z]{26,64}$", re.IGNORECASE)  # as PHP makes them; `sid=42` is a story
# An address that only its scheme and `www.` keep from being its own key, as most stories' are: told by one pattern, in a tenth of the time.
_PLAIN = re.compile(
    r"https?://(www\.)?((?!(?:www|m|mobile|amp)\.)(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,})(?!.*(?:amp|/index\.))((?:/[\w~-][\w.~-]*)+)/?",
    re.ASCII | re.IGNORECASE,
)
_ROUTE = re.compile(r"#!?/.|#!.")


def join(base: str | None, reference: str) -> str | None:
    """Resolve a reference against a base (WHATWG URL Standard); `None` where the standard refuses. Any scheme: ask `is_http`."""
    try:
        return ada_url.join_url(base, reference) if base else ada_url.normalize_url(reference)
    except ValueError:  # UnicodeEncodeError, for a lone surrogate, is one
        return None


def is_http(url: str) -> bool:
    """Tell whether this is an absolute http or https URL that can be parsed."""
    parts = _parsed(url)
    return parts is not None and parts.protocol in {"http:", "https:"}


def host(url: str) -> str | None:
    """Give the host in its ASCII form, without the port; `None` if there is none."""
    parts = _parsed(url)
    return (parts.hostname or None) if parts else None


def origin(url: str) -> str | None:
    """Give scheme, host and port as one string (`https://example.org:8443`), for http and https only."""
    parts = _parsed(url)
    return parts.origin if parts and parts.protocol in {"http:", "https:"} else None


def without_tracking(url: str) -> str:
    """Take the tracking parameters off query and fragment, and leave all else as the standard writes it. Never raises."""
    parts = _parsed(url)
    if parts is None:
        return url
    parts.search = _kept(parts.search, _is_tracking)
    if "=" in parts.hash:
        parts.hash = _kept(parts.hash, _is_tracking)
    return parts.href


@lru_cache(maxsize=2_000)  # a page's address is asked about eight times on its way into the database
def canonical_url(url: str) -> str:
    """Give the key under which all addresses of one story fall together; it mostly works as a link, but is meant to be compared.

    Takes off what is known to be no part of the identity: tracking, session ids, AMP and mobile variants, `www.`, fragments, the default
    port, user names, `index.html`, doubled and trailing slashes, and the difference between http and https (where no port is given).
    The result is a fixed point. What cannot be parsed comes back trimmed; never raises.
    """
    plain = _PLAIN.fullmatch(url)
    if plain and plain[2].islower() and not (plain[1] and _TWO_LABEL_SUFFIX.fullmatch(plain[2])):
        return f"https://{plain[2]}{plain[3]}"
    for _ in range(_PASSES):
        before, url = url, _canonical_pass(url)
        if url == before:
            break
    return url


def _canonical_pass(url: str) -> str:
    url = _behind_amp_cache(url)
    parts = _parsed(url)
    if parts is None or (scheme := parts.protocol) not in {"http:", "https:"}:
        return url.strip().encode("utf-8", "replace").decode()
    if scheme == "http:" and not parts.port:
        parts.protocol = "https:"
    name, path, query, fragment = parts.hostname, parts.pathname, parts.search, parts.hash
    _change(parts, "hostname", name, _plain_host(name))
    _change(parts, "pathname", path, _plain_path(path))
    _change(parts, "search", query or "?", _kept(query, _is_no_content))  # "" is also what a lone `?` reads as
    _change(parts, "hash", fragment or "#", fragment if _ROUTE.match(fragment) else "")
    if "@" in url:
        parts.username = parts.password = ""
    return _ESCAPE.sub(lambda match: match[0].upper(), parts.href)


def _change(parts: ada_url.URL, name: str, old: str, new: str) -> None:
    """Set a part that has changed; setting and getting through the binding are what costs the time here."""
    if new != old:
        with suppress(ValueError):  # `a.0..` is a host, and `a.0` none
            setattr(parts, name, new)


def _parsed(url: str) -> ada_url.URL | None:
    try:
        return ada_url.URL(url)
    except ValueError:
        return None


def _behind_amp_cache(url: str) -> str:
    """Give the publisher's URL that an AMP cache's address holds (`/amp/s/example.org/…`, `/c/s/…`; `s` means https)."""
    for cache_url in (_GOOGLE_AMP, _AMP_CACHE):
        if match := cache_url.match(url):
            return f"http{'s' if match[1] else ''}://{match[2]}"
    return url


def _plain_host(name: str) -> str:
    name = name.rstrip(".") or name
    bare = _VARIANT_HOST.sub("", name, count=1) if _VARIANT_HOST.match(name) else name
    return name if _TWO_LABEL_SUFFIX.fullmatch(bare) else bare


def _plain_path(path: str) -> str:
    path = _SESSION_PATH.sub("", _SLASHES.sub("/", path))
    path = _AMP_PATH.sub("", _TRAILING.sub("", path))
    return _INDEX.sub("", path) or "/"


def _kept(part: str, unwanted: Callable[[str], bool]) -> str:
    """Give a query or fragment, its mark included, with only the wanted pairs; nothing if none is."""
    pairs = "&".join(pair for pair in part[1:].split("&") if pair and not unwanted(pair))
    return part[:1] + pairs if pairs else ""


def _is_no_content(pair: str) -> bool:
    return bool(_is_tracking(pair) or _AMP_QUERY.match(pair) or _SESSION_QUERY.match(pair) or _SESSION_SID.match(pair))


def _is_tracking(pair: str) -> bool:
    name = pair.partition("=")[0]
    name = (unquote(name) if "%" in name else name).lower().removeprefix("amp;").strip("?")
    exact, families = _tracking_parameters()
    return name in exact or name.startswith(families)


@cache
def _tracking_parameters() -> tuple[frozenset[str], tuple[str, ...]]:
    """Read the reviewed table: whole names, and the beginnings of families."""
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    names = [line.split()[0] for line in lines if line and not line.startswith("#")]
    return frozenset(name for name in names if not name.endswith("*")), tuple(name[:-1] for name in names if name.endswith("*"))
