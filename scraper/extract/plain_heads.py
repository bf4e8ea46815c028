"""What do a page's metas, links and scripts say, where no compiler built the scanner? The compiled way gives the same."""

import re

__all__ = ["Head", "Span", "language_of", "links_of", "metas_of", "scripts_of"]

Head = tuple[str, int, dict[str, str]]  # html, meta or link: kind, order, attributes
Span = tuple[str, dict[str, str], int, int]  # script or title: name, attributes, where in the page their inside begins and ends

DATA_SCRIPT = re.compile(r"ld\+json|application/json", re.IGNORECASE | re.ASCII)
STATE_SCRIPT = re.compile(rb"__NEXT_DATA__|__NUXT|__INITIAL_STATE__|__PRELOADED_STATE__|__APOLLO_STATE__|Fusion\.globalContent")
MAX_SCRIPT_BYTES, STATE_HEAD_BYTES = 3_000_000, 2000
META_NAMES = ("property", "name", "itemprop", "http-equiv")


def metas_of(heads: list[Head]) -> list[tuple[str, str]]:
    """Give the names and contents of the metas; one that bears several names stands there under each."""
    metas: list[tuple[str, str]] = []
    for kind, _, values in heads:
        if kind == "meta" and (content := values.get("content")) is not None:
            metas.extend((name.strip().lower(), content) for key in META_NAMES if (name := values.get(key)))
    return metas


def links_of(heads: list[Head]) -> list[tuple[str, str, str]]:
    """Give rel, address and type of the links."""
    return [(values.get("rel", "").lower(), values.get("href", ""), values.get("type", "")) for kind, _, values in heads if kind == "link"]


def language_of(heads: list[Head]) -> str | None:
    """Give the language that the page is said to be in."""
    given = (values.get("lang") or values.get("xml:lang") for kind, _, values in heads if kind == "html")
    return next(filter(None, given), None)


def scripts_of(page: bytes, spans: list[Span]) -> list[tuple[str, str]]:
    """Give the scripts that hold data, each with its id, its type or its state's name."""
    scripts = []
    for name, values, start, end in spans:
        if name != "script" or "src" in values or end - start > MAX_SCRIPT_BYTES:
            continue
        kind = values.get("type", "")
        if DATA_SCRIPT.search(kind):
            scripts.append((values.get("id") or kind.strip().lower(), page[start:end].decode("utf-8", "replace")))
        elif state := STATE_SCRIPT.search(page, start, min(end, start + STATE_HEAD_BYTES)):
            scripts.append((state.group().decode(), page[start:end].decode("utf-8", "replace")))
    return scripts
