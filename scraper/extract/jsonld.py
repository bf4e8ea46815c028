"""What objects does a page's JSON-LD hold? Reads scripts as they are found, broken ones included, and flattens every nesting.

Which object speaks of the page is decided in `structured`. Nothing recurses, and sizes are bounded: scripts are other people's input.
JSON-LD 1.1 (https://www.w3.org/TR/json-ld11/) is read for what schema.org pages use of it: @graph, @id, @type, @list, @value.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from scraper.decode import unescape
from scraper.extract.document import Script

__all__ = ["Graph", "Node", "graph", "text_of", "texts"]

# The largest JSON-LD script in the development sets has 0.4 million characters (a live blog); json reads a million in 10 ms.
MAX_SCRIPTS: Final = 40
MAX_SCRIPT_CHARS: Final = 1_500_000
MAX_NODES: Final = 4000
MAX_REPAIR_CHARS: Final = 300_000
HEAD_CHARS: Final = 400
# Not strict: line breaks and other control characters may stand inside strings.
DECODER: Final = json.JSONDecoder(strict=False)
LOOKS_LINKED: Final = re.compile('"@(?:context|graph)"')
# Objects below these keys are other stories or other things; what they say of dates and authors is not about this page.
ASIDE_KEYS: Final = frozenset(
    "itemListElement hasPart comment comments review reviews relatedLink relatedLinks suggestedAnswer acceptedAnswer mentions citation "
    "isBasedOn blogPost workExample associatedMedia video liveBlogUpdate significantLink potentialAction breadcrumb about".split()
)
WRAPPING: Final = re.compile(r"\A(?:\s|<!--|-->|<!\[CDATA\[|\]\]>|/\*.{0,40}?\*/|//[^\n{\[]{0,40})+")
# A string, a comment or a comma before a bracket. The string's closing quote is optional, so that no start is tried twice.
REPAIRS: Final = re.compile(r'("(?:[^"\\]|\\.)*+"?)|//[^\n]*+|/\*[^*]*+(?:\*(?!/)[^*]*+)*+(?:\*/)?|,(?=\s{0,200}[}\]])', re.DOTALL)
LOOSE: Final = re.compile(r'"(headline|datePublished|dateModified|name|@type)"\s{0,20}:\s{0,20}"([^"\n]{1,300})"')


class Node(NamedTuple):
    """One JSON object: its types, its members, and whether it stands below something that is not this page's story."""

    types: tuple[str, ...]
    members: Mapping[str, Any]
    aside: bool


class Graph(NamedTuple):
    """All objects of a page in document order, and those with an @id by it."""

    nodes: tuple[Node, ...]
    by_id: Mapping[str, Mapping[str, Any]]

    def resolve(self, value: Any) -> Any:
        """Follow a bare reference, an object with nothing but an @id, to the object it names."""
        if isinstance(value, dict) and "name" not in value and "url" not in value:
            known = self.by_id.get(str(value.get("@id")))
            return known if known is not None else value
        return value


def graph(scripts: Iterable[Script]) -> Graph:
    """Read every JSON-LD script of a page. What cannot be read is left out; nothing is raised."""
    nodes: list[Node] = []
    by_id: dict[str, Mapping[str, Any]] = {}
    read = 0
    for script in scripts:
        if "ld+json" not in script.kind and not LOOKS_LINKED.search(script.text, 0, HEAD_CHARS):
            continue
        read += 1
        if read <= MAX_SCRIPTS and len(script.text) <= MAX_SCRIPT_CHARS:
            _flatten(_load(script.text), nodes, by_id)
    return Graph(tuple(nodes), by_id)


def _load(text: str) -> Any:
    text = text.strip()
    for attempt in (_strictly, _unwrapped, _repaired):
        try:
            return attempt(text)
        except (ValueError, RecursionError):
            continue
    return _loosely(text)


def _strictly(text: str) -> Any:
    return DECODER.decode(text)


def _unwrapped(text: str) -> Any:
    text = WRAPPING.sub("", text[:MAX_SCRIPT_CHARS])
    if text.startswith("&quot;") or "{&quot;" in text[:20]:
        text = unescape(text)
    value, _ = DECODER.raw_decode(text)
    return value


def _repaired(text: str) -> Any:
    if len(text) > MAX_REPAIR_CHARS:
        raise ValueError
    return _unwrapped(REPAIRS.sub(lambda match: match.group(1) or "", WRAPPING.sub("", text)))


def _loosely(text: str) -> Any:
    """Read the few members that matter from JSON that is beyond repair, as long as each stands there once."""
    found: dict[str, list[str]] = {}
    for match in LOOSE.finditer(text[:MAX_REPAIR_CHARS]):
        found.setdefault(match.group(1), []).append(match.group(2))
    loose: dict[str, Any] = {key: values[0] for key, values in found.items() if len(values) == 1 and key != "name"}
    if "headline" in loose or "datePublished" in loose:
        loose["@type"] = "Article"
    return loose


def _flatten(value: Any, nodes: list[Node], by_id: dict[str, Mapping[str, Any]]) -> None:
    # The classes are json's own, so that they may be compared: nine members in ten are text.
    pending: list[tuple[Any, bool]] = [(value, False)]
    visited = 0
    while pending and visited < MAX_NODES:
        item, aside = pending.pop()
        visited += 1
        if item.__class__ is dict:
            kinds, identity = item.get("@type"), item.get("@id")
            if kinds.__class__ is str or kinds.__class__ is list:
                types = _types(kinds)
                if types:
                    nodes.append(Node(types, item, aside))
            if identity.__class__ is str and len(item) > 1 and identity not in by_id:
                by_id[identity] = item
            first = len(pending)
            for key, entry in item.items():
                if entry.__class__ is dict or entry.__class__ is list:
                    pending.append((entry, aside or key in ASIDE_KEYS))
            if len(pending) > first + 1:
                pending[first:] = pending[: first - 1 : -1] if first else pending[::-1]
        elif item.__class__ is list:
            pending.extend([(entry, aside) for entry in item[MAX_NODES - 1 :: -1] if entry.__class__ is dict or entry.__class__ is list])


def _types(kinds: str | list[Any]) -> tuple[str, ...]:
    if isinstance(kinds, str):
        return (_type(kinds),) if kinds else ()
    return tuple(_type(kind) for kind in kinds if isinstance(kind, str) and kind)


def _type(name: str) -> str:
    return name.rsplit("/", 1)[-1].rsplit(":", 1)[-1]


def text_of(value: Any) -> str | None:
    """Give a member as text: a string, the first string of a list, an @value or a name; entities are undone."""
    if value is None:
        return None
    if value.__class__ is str:
        return " ".join((unescape(value) if "&" in value else value).split()) or None
    for _ in range(4):
        if isinstance(value, list):
            value = value[0] if value else None
        elif isinstance(value, dict):
            value = next((value[key] for key in ("@value", "name", "url", "@id", "@list") if value.get(key)), None)
        else:
            break
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return None
    return " ".join((unescape(value) if "&" in value else value).split()) or None


def texts(value: Any, limit: int = 60) -> tuple[str, ...]:
    """Give a member that may be one text or a list of them as texts."""
    items = value[:limit] if isinstance(value, list) else [value]
    return tuple(text for text in map(text_of, items) if text)
