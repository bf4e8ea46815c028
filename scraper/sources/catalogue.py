"""What does a sources file say as a whole? Defaults under each source, the contact in the User-Agent, and every problem by its path.

What a single value may be is in `fields`.
"""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from scraper import urls
from scraper.errors import SourcesError
from scraper.records import PRODUCT, ArchiveSettings, NoticeSettings, Policy, Source
from scraper.sources.checks import Wrong, names_contact
from scraper.sources.fields import ARCHIVE_KEYS, DEFAULT_KEYS, NOTICE_KEYS, POLICY_KEYS, SOURCE_KEYS, Field
from scraper.sources.reading import Unreadable, plain_data, text_of

__all__ = ["LISTINGS", "VERSION", "Catalogue", "Examined", "examined", "examined_text", "load", "load_all"]

VERSION = 1
GIGABYTE = 1_000_000_000
LISTINGS = ("feeds", "news_sitemaps", "sections")
_TOP_KEYS = ("version", "archive", "notify", "defaults", "sources")
_NEAR = 0.6  # difflib's own measure of a near miss: feed → feeds 0.9, sitemaps → news_sitemaps 0.8, rss → nothing

Values = dict[str, Any]
Problems = list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All that a sources file says: its sources, enabled and disabled, in the order of the file, and what it says of none of them."""

    sources: tuple[Source, ...] = ()
    archive: ArchiveSettings = field(default_factory=ArchiveSettings)
    notices: NoticeSettings = field(default_factory=NoticeSettings)


def load(path: str | Path) -> tuple[Source, ...]:
    """Read the sources of a `sources.yaml`, as `load_all` does."""
    return load_all(path).sources


def load_all(path: str | Path) -> Catalogue:
    """Read `sources.yaml`.

    Raises `SourcesError` whose `problems` name all that is wrong, each by its path (`sources[3].feeds[0]: not a URL: …`).
    """
    found = examined(path)
    if found.problems:
        raise SourcesError(str(path), found.problems)
    return Catalogue(sources=tuple(source for source in found.sources if source), archive=found.archive, notices=found.notices)


class Examined(NamedTuple):
    """What a file says: its sources in order (None for one that is not sound), its defaults, what is wrong, and what is for all of them."""

    sources: tuple[Source | None, ...]
    defaults: Values
    problems: Problems
    archive: ArchiveSettings = ArchiveSettings()
    notices: NoticeSettings = NoticeSettings()


def examined(path: str | Path) -> Examined:
    """Read a file that may be unsound."""
    try:
        return examined_text(text_of(Path(path)))
    except Unreadable as error:
        return Examined((), {}, [str(error)])


def examined_text(text: str) -> Examined:
    """Read what may be put into a file."""
    problems: Problems = []
    try:
        data = plain_data(text)
    except Unreadable as error:
        return Examined((), {}, [str(error)])
    top: Values = data if isinstance(data, dict) else {}
    archive = _archive(values_of(top.get("archive"), ARCHIVE_KEYS, "archive", problems))
    notices = NoticeSettings(**values_of(top.get("notify"), NOTICE_KEYS, "notify", problems))
    return Examined(*_sources(data, problems), problems, archive, notices)


def _archive(given: Values) -> ArchiveSettings:
    values: Values = {key: given[key] for key in ("enabled", "compression") if key in given}
    if "dir" in given:
        values["folder"] = Path(given["dir"])
    if "max_gb" in given:
        values["max_bytes"] = round(given["max_gb"] * GIGABYTE)
    return ArchiveSettings(**values)


def _sources(data: Any, problems: Problems) -> tuple[tuple[Source | None, ...], Values]:
    """Give the sources and the defaults, and add what is wrong with them to `problems`."""
    if not isinstance(data, dict):
        problems.append("the file is empty" if data is None else "not a mapping with the keys version, defaults and sources")
        return (), {}
    problems += _unknown_keys(data, _TOP_KEYS, "")
    if data.get("version") != VERSION or isinstance(data["version"], bool):
        problems.append(f"version: must be {VERSION}, the version of the format that this program reads")
    defaults = values_of(data.get("defaults"), DEFAULT_KEYS, "defaults", problems)
    entries = data.get("sources")
    if not isinstance(entries, list) or not entries:
        problems.append("sources: must be a list of at least one source")
        return (), defaults
    found = [_source(entry, defaults, f"sources[{index}]", problems) for index, entry in enumerate(entries)]
    problems += _doubles(found)
    return tuple(found), defaults


def _source(entry: Any, defaults: Values, path: str, problems: Problems) -> Source | None:
    before = len(problems)
    given = values_of({} if entry is None else entry, SOURCE_KEYS, path, problems)
    problems += [f"{path}.{key}: missing" for key in ("id", "domain") if isinstance(entry, dict | None) and (entry or {}).get(key) is None]
    values = defaults | given
    if values.get("enabled", True) and not any(values.get(key) for key in (*LISTINGS, "home")) and len(problems) == before:
        problems.append(f"{path}: enabled, but has neither feeds nor news_sitemaps nor sections nor home")
    if "poll_max" in values and values.get("poll_min", values["poll_max"]) > values["poll_max"]:
        problems.append(f"{path}.poll_min: longer than poll_max")
    agent = _user_agent(values, path, problems)
    if len(problems) > before:
        return None
    policy = Policy(**{key: values[key] for key in POLICY_KEYS if key in values} | {"user_agent": agent})
    about = {key: values[key] for key in SOURCE_KEYS if key in values and key not in POLICY_KEYS}
    return Source(**{"name": values["domain"]} | about, policy=policy)


def _user_agent(values: Values, path: str, problems: Problems) -> str:
    """Write the honest User-Agent: the product, and where its operator can be reached."""
    contact = values.get("contact")
    agent: str = values.get("user_agent") or (PRODUCT if contact else Policy().user_agent)
    if contact and contact not in agent:
        agent = f"{agent} (+{contact})"
    if not names_contact(agent):
        problems.append(f"{path}.user_agent: says nobody to write to; set defaults.contact to an e-mail address or URL")
    return agent


def values_of(given: Any, keys: Mapping[str, Field], path: str, problems: Problems) -> Values:
    """Clean the values of one mapping; a key without a value counts as not given."""
    if given is None:
        return {}
    if not isinstance(given, dict):
        problems.append(f"{path}: not a mapping of keys to values")
        return {}
    problems += _unknown_keys(given, keys, f"{path}.")
    cleaned = {key: _value(given[key], field, f"{path}.{key}", problems) for key, field in keys.items() if given.get(key) is not None}
    return {key: value for key, value in cleaned.items() if value is not None}


def _value(given: Any, field: Field, path: str, problems: Problems) -> Any:
    if field.keys is not None:
        return field.check(values_of(given, field.keys, path, problems))
    if not field.many:
        return _checked(given, field, path, problems)
    if not isinstance(given, list):
        problems.append(f"{path}: not a list")
        return None
    items = [_checked(item, field, f"{path}[{index}]", problems) for index, item in enumerate(given)]
    return tuple(item for item in items if item is not None)


def _checked(given: Any, field: Field, path: str, problems: Problems) -> Any:
    try:
        return field.check(given)
    except Wrong as wrong:
        problems.append(f"{path}: {wrong}")
        return None


def _unknown_keys(given: Mapping[Any, Any], known: Mapping[str, Field] | tuple[str, ...], prefix: str) -> Iterator[str]:
    for key in given:
        if key not in known:
            near = difflib.get_close_matches(str(key)[:100], known, n=1, cutoff=_NEAR)
            yield f"{prefix}{key}: unknown key" + (f"; did you mean {near[0]}?" if near else f"; known are {', '.join(known)}")


def _doubles(sources: list[Source | None]) -> Iterator[str]:
    """Report what only one source may have: its id, and each listing (whose links would otherwise belong to two sources)."""
    first: dict[tuple[str, str], str] = {}
    for index, source in enumerate(sources):
        for path, sort, value in _unique_values(source, index) if source else ():
            other = first.setdefault((sort, value), path)
            if other != path:
                yield f"{path}: the same {sort} as {other}"


def _unique_values(source: Source, index: int) -> Iterator[tuple[str, str, str]]:
    yield f"sources[{index}].id", "id", source.id
    for key in LISTINGS:
        for number, url in enumerate(getattr(source, key)):
            yield f"sources[{index}].{key}[{number}]", "listing", urls.join(None, url) or url
