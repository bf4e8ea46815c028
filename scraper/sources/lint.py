"""What will not work in a sources file that can be read? Patterns that find nothing or everything, sources that nobody can tell apart.

What makes a file unreadable is found by `catalogue`; both are told together, each by its path.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from scraper.records import Policy, Source
from scraper.sources.catalogue import examined
from scraper.sources.patterns import fault_of_text_pattern, fault_of_url_pattern

__all__ = ["findings"]

URL_KEYS: Final = ("allow", "deny")
TEXT_KEYS: Final = ("strip_text", "title_trim", "author_drop")
# A source has its patterns from the defaults more often than not: each is looked at once.
fault_of_url: Final[Callable[[str], str | None]] = lru_cache(maxsize=4096)(fault_of_url_pattern)
fault_of_text: Final[Callable[[str], str | None]] = lru_cache(maxsize=4096)(fault_of_text_pattern)


def findings(path: str | Path) -> tuple[str, ...]:
    """Give all that is wrong with a sources file, and all in it that cannot work as it is meant."""
    found = examined(path)
    defaults = found.defaults
    told = [*found.problems, *_of_urls(defaults, "defaults")]
    for number, source in enumerate(found.sources):
        if source is not None:
            own = {key: value for key in (*URL_KEYS, "article_id") if (value := getattr(source, key)) != defaults.get(key, ())}
            told += _of_urls(own, f"sources[{number}]")
            told += _of_rules(source, f"sources[{number}].rules")
    if any(source.enabled and source.policy.user_agent == Policy().user_agent for source in found.sources if source):
        told.append("defaults.contact: missing; set it to an e-mail address or URL, or no site can write to you")
    return (*told, *_twins(found.sources))


def _of_urls(values: Mapping[str, Any], path: str) -> Iterator[str]:
    for key in URL_KEYS:
        for number, pattern in enumerate(values.get(key) or ()):
            if fault := fault_of_url(pattern):
                yield f"{path}.{key}[{number}]: {fault}: {pattern!r}"
    pattern = values.get("article_id")
    if pattern and (fault := fault_of_url(pattern)):
        yield f"{path}.article_id: {fault}: {pattern!r}"


def _of_rules(source: Source, path: str) -> Iterator[str]:
    for key in TEXT_KEYS if source.rules else ():
        for number, pattern in enumerate(getattr(source.rules, key)):
            if fault := fault_of_text(pattern):
                yield f"{path}.{key}[{number}]: {fault}: {pattern!r}"


def _twins(sources: Sequence[Source | None]) -> Iterator[str]:
    """Report enabled sources of one domain that nothing tells apart: a page of it would belong to the first of them."""
    first: dict[str, int] = {}
    for number, source in enumerate(sources):
        if source is None or not source.enabled or source.allow:
            continue
        other = first.setdefault(source.domain, number)
        if other != number:
            yield f"sources[{number}].domain: the same domain as sources[{other}].domain, and no allow to tell their links apart"
