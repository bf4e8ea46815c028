"""What is a sound value of each sort that sources.yaml holds? Every check gives the clean value or raises `Wrong` with the reason.

Which key holds which sort is in `fields`, what CSS is in `selectors`.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from scraper import urls
from scraper.sources.selectors import fault

__all__ = [
    "Wrong",
    "contact",
    "country",
    "domain",
    "expression",
    "headers",
    "identifier",
    "language",
    "names_contact",
    "number",
    "one_group",
    "one_of",
    "pattern",
    "selector",
    "span",
    "switch",
    "text",
    "timezone",
    "url",
    "user_agent",
]

_COUNTRIES = files("scraper.sources") / "countries.txt"
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_HOST = re.compile(r"(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?::\d{1,5})?")
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|\d{3}))?", re.IGNORECASE)  # the part of BCP 47 that news sites need
_CONTACT = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>()]+|https?://[^\s<>()]+")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110 5.6.2
_PRINTABLE = re.compile(r"[\x20-\x7e]+")
_DURATION = re.compile(r"(\d{1,5})\s*([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_SHOWN = 60  # characters of a wrong value in a message
_AGENT_LENGTH = 256
# Set by the fetcher itself: a source that set them would break compression, revalidation or the honest name.
_RESERVED_HEADERS = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "host",
        "if-modified-since",
        "if-none-match",
        "te",
        "transfer-encoding",
        "upgrade",
        "user-agent",
    }
)


class Wrong(ValueError):  # noqa: N818 - the name says what is the matter
    """A value that its key cannot hold."""


def _shown(value: object) -> str:
    """Quote a value in a message: scalars cut to a readable length, the rest by its sort (a nested alias would print for ever)."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (str, int, float)):
        quoted = repr(value)
        return quoted if len(quoted) <= _SHOWN else f"{quoted[:_SHOWN]}…"
    if value is None:
        return "nothing"
    names: dict[type, str] = {dict: "a mapping", list: "a list"}
    return names.get(type(value), f"a {type(value).__name__}")


def text(value: Any) -> str:
    """Accept text that is not blank."""
    if not isinstance(value, str):
        raise Wrong(f"not text: {_shown(value)}" + (" (put it in quotes)" if isinstance(value, (int, float)) else ""))
    if not value.strip():
        raise Wrong("empty")
    return value.strip()


def identifier(value: Any) -> str:
    """Accept what can stand in a database and on a command line for years."""
    if not _ID.fullmatch(text(value)):
        raise Wrong(f"not an id: {_shown(value)} (lower-case letters, digits, - and _, at most 64)")
    return text(value)


def url(value: Any) -> str:
    """Accept an absolute http or https URL without a password in it."""
    found = text(value)
    if not urls.is_http(found) or not re.match(r"https?://", found, re.IGNORECASE):
        raise Wrong(f"not a URL: {_shown(value)}" + ("" if "://" in found else " (it starts with http:// or https://)"))
    if "@" in found.split("/")[2]:
        raise Wrong("has a user name or password in it")
    return found


def domain(value: Any) -> str:
    """Accept a host name, with a port if need be, or a URL whose host is meant; `www.` is left out, for a domain includes its hosts."""
    found = text(value)
    if not urls.is_http(found):
        found = f"https://{found}" if not set(found) & set("/@?#") else ""
    found = (urls.origin(found) or "").partition("://")[2]
    if not _HOST.fullmatch(found):
        raise Wrong(f"not a domain: {_shown(value)} (such as example.org)")
    return found.removeprefix("www.")


def country(value: Any) -> str:
    """Accept an ISO 3166-1 alpha-2 code."""
    code = text(value).upper()
    if code not in _countries():
        raise Wrong(f"not a country code: {_shown(value)} (ISO 3166-1 alpha-2{', GB for the United Kingdom' if code == 'UK' else ''})")
    return code


@cache
def _countries() -> frozenset[str]:
    lines = _COUNTRIES.read_text(encoding="ascii").splitlines()
    return frozenset(code for line in lines if not line.startswith("#") for code in line.split())


def language(value: Any) -> str:
    """Accept a BCP 47 tag of language, script and region, and write it as is customary: `pt-BR`, `zh-Hant`."""
    match = _LANGUAGE.fullmatch(text(value))
    if not match:
        raise Wrong(f"not a language tag: {_shown(value)} (such as de, pt-BR or zh-Hant)")
    parts = (match[1].lower(), (match[2] or "").title(), (match[3] or "").upper())
    return "-".join(filter(None, parts))


def switch(value: Any) -> bool:
    """Accept true and false, and not `yes`: YAML 1.2."""
    if not isinstance(value, bool):
        raise Wrong(f"neither true nor false: {_shown(value)}")
    return value


def pattern(value: Any) -> str:
    """Accept a regular expression that Python can compile; it is searched for in a link's URL."""
    return expression(text(value))


def expression(value: Any) -> str:
    """Accept a regular expression that is searched for in a text: the spaces around it are part of it."""
    text(value)
    try:
        re.compile(value)
    except (re.error, OverflowError, RecursionError) as error:
        raise Wrong(f"not a regular expression: {_shown(value)}: {error}") from error
    return str(value)


def one_group(value: Any) -> str:
    """Accept a regular expression with exactly one group, which finds a story's number in its address."""
    found = pattern(value)
    groups = re.compile(found).groups
    if groups != 1:
        raise Wrong(f"needs one group around the story's number, as in '/(\\d{{6,}})-', and has {groups or 'none'}: {_shown(value)}")
    return found


def selector(value: Any) -> str:
    """Accept a CSS selector."""
    found = text(value)
    if wrong := fault(found):
        raise Wrong(f"not a CSS selector: {_shown(value)}: {wrong}")
    return found


def timezone(value: Any) -> str:
    """Accept the IANA name of a time zone. An offset such as +01:00 is none: it would be wrong for half of the year in most places."""
    found = text(value)
    try:
        ZoneInfo(found)
    except (ValueError, OSError, KeyError) as error:  # KeyError: the zoneinfo module's own for a name that is not there
        raise Wrong(f"not a time zone: {_shown(value)} (such as Europe/Berlin)") from error
    return found


def number(low: float, high: float, *, whole: bool = False) -> Callable[[Any], Any]:
    """Make a check for numbers from `low` to `high`, without fractions if `whole`."""

    def check(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise Wrong(f"not a number: {_shown(value)}")
        if whole and not isinstance(value, int):
            raise Wrong(f"not a whole number: {_shown(value)}")
        if not low <= value <= high:
            raise Wrong(f"not between {low:,} and {high:,}: {_shown(value)}")
        return value if whole else float(value)

    return check


def span(shortest: str, longest: str) -> Callable[[Any], timedelta]:
    """Make a check for time spans, such as 30m, 6h or 3d, from the shortest to the longest."""
    low, high = _span(shortest), _span(longest)

    def check(value: Any) -> timedelta:
        found = _span(text(value))
        if not low <= found <= high:
            raise Wrong(f"not between {shortest} and {longest}: {_shown(value)}")
        return found

    return check


def _span(value: str) -> timedelta:
    match = _DURATION.fullmatch(value)
    if not match:
        raise Wrong(f"not a time span: {_shown(value)} (such as 30m, 6h or 3d)")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def one_of(*words: str) -> Callable[[Any], Any]:
    """Make a check for one of a few words."""

    def check(value: Any) -> str:
        if text(value) not in words:
            raise Wrong(f"not {', '.join(words[:-1])} or {words[-1]}: {_shown(value)}")
        return text(value)

    return check


def contact(value: Any) -> str:
    """Accept an e-mail address or a URL where the operator of this scraper can be reached."""
    if not _CONTACT.fullmatch(text(value)) or not _PRINTABLE.fullmatch(text(value)):
        raise Wrong(f"neither an e-mail address nor a URL: {_shown(value)}")
    return text(value)


def user_agent(value: Any) -> str:
    """Accept one line of ASCII. That somebody can be reached by it is checked in `catalogue`, where the contact is known."""
    found = text(value)
    if not _PRINTABLE.fullmatch(found) or len(found) > _AGENT_LENGTH:
        raise Wrong(f"not one line of at most {_AGENT_LENGTH} ASCII characters: {_shown(value)}")
    return found


def names_contact(agent: str) -> bool:
    """Tell whether a User-Agent says where its operator can be reached."""
    return _CONTACT.search(agent) is not None


def headers(value: Any) -> tuple[tuple[str, str], ...]:
    """Accept a mapping of header names to values that cannot break a request apart."""
    if not isinstance(value, dict):
        raise Wrong(f"not a mapping of names to values: {_shown(value)}")
    return tuple(_header(name, content) for name, content in value.items())


def _header(name: Any, content: Any) -> tuple[str, str]:
    if not isinstance(name, str) or not _HEADER_NAME.fullmatch(name):
        raise Wrong(f"not a header name: {_shown(name)}")
    if name.lower() in _RESERVED_HEADERS:
        raise Wrong(f"{name} is set by the scraper" + (": use the key user_agent" if name.lower() == "user-agent" else ""))
    if not isinstance(content, str) or not _PRINTABLE.fullmatch(content):
        raise Wrong(f"{name}: not one line of ASCII text: {_shown(content)}")
    return name, content
