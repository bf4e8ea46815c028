"""Does the state that a page embeds for its scripts hold the story that its markup does not show? `__NEXT_DATA__`, Apollo, Fusion, JSON-LD.

Asked only where the page shows next to nothing. No framework's schema is known here: an object is the story when it bears the page's title,
or is the only one, and has a member that holds prose. Nothing recurses, and sizes are bounded: scripts are other people's input.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from scraper.decode import unescape
from scraper.extract.document import Document, Script
from scraper.extract.plain import plain
from scraper.extract.walk import walk_html

__all__ = ["State", "embedded_story"]

# json reads a million characters in 10 ms; a page that is all script has one state, and few have more than one script of data.
MAX_SCRIPT_CHARS, MAX_SCRIPTS, MAX_NODES, MAX_STRINGS, LEAST_CHARS, MAX_TITLE_CHARS, MAX_ROUNDS, MAX_RUNS = (
    2_000_000,
    12,
    60_000,
    4000,
    400,
    400,
    3,
    400,
)
MAX_TITLED = 40  # objects that bear the page's title; 440 of them, each inside the last, took more than a minute
TITLES = ("headline", "title", "name", "heading", "headlines", "seoTitle", "basic")
BODIES = (
    "articleBody", "content_elements", "bodyHtml", "body_html", "contentHtml", "bodyText", "body", "content", "contents", "text", "html",
    "story", "articleText", "paragraphs", "blocks", "rendered", "richText", "components", "main", "document", "json",
)  # fmt: skip
# Below these members of a body stand its paragraphs; whatever else a block of it has (its id, its links) is none.
PROSE = frozenset((*BODIES, "value", "paragraph", "children", "items", "nodes", "data", "model", "props", "attrs", "markup", "elements"))
PUBLISHED = (
    "datePublished", "publishedAt", "published_at", "publishDate", "publish_date", "publicationDate", "first_publish_date",
    "firstPublished", "datePublication", "published", "publishedDate", "display_date", "publicationTime", "published_time", "createdAt",
    "date",
)  # fmt: skip
AUTHORS = ("author", "authors", "byline", "writers", "creator", "credits")
NAMES = ("name", "fullName", "displayName", "byline", "text", "title")
OTHER = re.compile(
    r"image|photo|video|gallery|promo|related|advert|\bad\b|newsletter|caption|embed|widget|link_list|teaser|recommend", re.IGNORECASE
)
ENDS = '.!?…:;"”’»)。！？'
ASSIGNED = re.compile(r"\A\s*(?:window\s*\.\s*|var\s+|let\s+|const\s+)?[\w.$\[\]\"']{1,80}\s*=\s*(?:JSON\.parse\(\s*)?")


class State(NamedTuple):
    """A story found in a script: its paragraphs, separated by blank lines, what the object says of it, and the kind of script."""

    text: str
    headline: str | None
    authors: tuple[str, ...]
    published: str | None
    signal: str


def embedded_story(document: Document) -> State | None:
    """Find the story in a page's scripts of data: that of the object which bears the page's title, the longest of several."""
    titles = tuple(filter(None, (plain(document.title), plain(document.meta("og:title", "twitter:title")))))
    best: State | None = None
    for script in sorted(document.scripts, key=lambda script: -len(script.text))[:MAX_SCRIPTS]:
        if LEAST_CHARS <= len(script.text) <= MAX_SCRIPT_CHARS:
            for story in _stories(script, titles):
                if best is None or len(story.text) > len(best.text):
                    best = story
    return best


def _stories(script: Script, titles: tuple[str, ...]) -> Iterator[State]:
    told = [(item, _headline(item)) for item in _objects(_value(script.text)) if any(name in item for name in BODIES)]
    titled = [(item, title) for item, title in told if title and any(_same(plain(title), known) for known in titles)]
    # Without a title to know it by, the story is the one object that calls its text that of an article.
    alone = [(item, title) for item, title in told if "articleBody" in item or "content_elements" in item]
    for item, title in titled[:MAX_TITLED] or (alone if len(alone) == 1 else []):
        text = max((_prose(item[name]) for name in BODIES if item.get(name)), key=len, default="")
        if len(text) >= LEAST_CHARS:
            yield State(text, title, tuple(_authors(item)), _first(item, PUBLISHED), f"state:{script.kind[:40]}")


def _same(title: str, known: str) -> bool:
    return bool(title) and (title == known or (len(title) >= len(known) // 2 and title in known))


def _value(text: str) -> Any:
    """Read a script of data: JSON, a variable that JSON is assigned to, or JSON written as a string."""
    text = text.strip()
    start = ASSIGNED.match(text[:200]) if text[:1] not in "{[" else None
    for _ in range(MAX_ROUNDS):
        try:
            value, _ = json.JSONDecoder(strict=False).raw_decode(text, start.end() if start else 0)
        except (ValueError, RecursionError):
            return None
        if not isinstance(value, str):
            return value
        text, start = value.strip(), None
    return None


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    pending, visited = [value], 0
    while pending and visited < MAX_NODES:
        item = pending.pop()
        visited += 1
        if isinstance(item, dict):
            yield item
            pending.extend(reversed([entry for entry in item.values() if isinstance(entry, (dict, list))]))
        elif isinstance(item, list):
            pending.extend(entry for entry in reversed(item[:MAX_NODES]) if isinstance(entry, (dict, list)))


def _headline(item: dict[str, Any]) -> str | None:
    return _first(item, TITLES)


def _first(item: dict[str, Any], names: Iterable[str]) -> str | None:
    """Give the first of these members that is a text, or an object that holds one under such a name: `headlines.basic`."""
    for name in names:
        value = item.get(name)
        if isinstance(value, dict):
            value = next(
                (value[inner] for inner in ("basic", "rendered", "text", "iso", *TITLES) if isinstance(value.get(inner), str)), None
            )
        if isinstance(value, str) and 0 < len(value) <= MAX_TITLE_CHARS:
            return " ".join(unescape(value).split()) or None
    return None


def _authors(item: dict[str, Any]) -> Iterator[str]:
    for value in (item[name] for name in AUTHORS if item.get(name)):
        entries = value.get("by", [value]) if isinstance(value, dict) else value if isinstance(value, list) else [value]
        names = [entry if isinstance(entry, str) else _first(entry, NAMES) if isinstance(entry, dict) else None for entry in entries[:25]]
        found = [name for name in names if name and len(name) <= MAX_TITLE_CHARS]
        if found:
            yield from found
            return


def _prose(value: Any) -> str:
    """Give the paragraphs below a member, in order; those of pictures, promotions and other stories are left out."""
    paragraphs: list[str] = []
    pending, visited = [value], 0
    while pending and visited < MAX_NODES and len(paragraphs) < MAX_STRINGS:
        item = pending.pop()
        visited += 1
        if isinstance(item, str):
            paragraphs.extend(_paragraphs(item))
        elif isinstance(item, list):
            inline = _inline(item)
            pending.extend([inline] if inline else reversed(item[:MAX_NODES]))
        elif isinstance(item, dict) and not OTHER.search(str(item.get("type") or item.get("__typename") or item.get("_type") or "")):
            pending.extend(reversed([entry for name, entry in item.items() if name in PROSE]))
    return "\n\n".join(paragraphs)


def _inline(items: list[Any]) -> str | None:
    """Join the runs of one paragraph, as rich text keeps them: `[{"text": "A "}, {"type": "link", "children": [{"text": "word"}]}]`."""
    if len(items) <= 1 or not any(_run(item) for item in items):
        return None
    runs: list[str] = []
    pending, visited = items[::-1], 0
    while pending and visited < MAX_RUNS:
        item = pending.pop()
        visited += 1
        text = _run(item)
        if text is not None:
            runs.append(text)
        elif isinstance(item, list):
            pending.extend(reversed(item[:MAX_RUNS]))
        elif isinstance(item, dict):
            pending.extend(reversed([entry for name, entry in item.items() if name in PROSE and isinstance(entry, (dict, list))]))
    # Runs meet in the middle of a sentence, paragraphs do not.
    within = any(run.strip() and run.strip()[-1] not in ENDS for run in runs[:-1])
    return "".join(runs) if within and any(run[:1].isspace() or run[-1:].isspace() for run in runs) else None


def _run(item: Any) -> str | None:
    text = item.get("text", item.get("value")) if isinstance(item, dict) else item
    return text if isinstance(text, str) else None


def _paragraphs(text: str) -> Iterator[str]:
    if "<" in text:
        yield from (block.text for block in walk_html(text).blocks)
    else:
        yield from (" ".join(unescape(line).split()) for line in text.split("\n") if " " in line.strip())
