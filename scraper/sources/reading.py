"""What does a YAML file hold, as plain data? Home of PyYAML; knows nothing of sources.

Scalars are read by the YAML 1.2 core schema, so that Norway (`NO`), `yes`, `012` and `2026-01-01` stay the text they look like. Why not
ruamel.yaml: docs/decisions/0005-yaml.md.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

__all__ = ["Unreadable", "node_of", "plain_data", "text_of"]

_MAX_BYTES = 20_000_000  # 2,000 sources are 0.6 MB
_MAX_DEPTH = 20  # a sources file needs 4. libyaml takes 80 s over 200,000 brackets, and PyYAML overflows the stack
_SCALARS = (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?|[-+]?[0-9]+[eE][-+]?[0-9]+", "-+.0123456789"),
    ("null", r"~|null|Null|NULL", "~nN"),
    ("null", r"", ""),  # a key with nothing behind it
)
_READERS: Mapping[str, Callable[[str], Any]] = {"bool": lambda text: text[0] in "tT", "int": int, "float": float, "null": lambda _: None}
_READ = tuple((frozenset(first) or {""}, re.compile(pattern), _READERS[tag]) for tag, pattern, first in _SCALARS)
_NO_KEY = object()


class Unreadable(Exception):  # noqa: N818 - the name says what is the matter
    """The file is no YAML document; the message says where and why."""


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """PyYAML's safe loader with YAML 1.2 scalars."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - overrides the parent's, filled once below


for _tag, _pattern, _first in _SCALARS:
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern})$"), list(_first) or [""])


def plain_data(text: str) -> Any:
    """Read YAML into dicts, lists and scalars. Raises `Unreadable` with a message that names the line."""
    try:
        return _Builder().built(text)
    except yaml.MarkedYAMLError as error:
        raise Unreadable(_place(error)) from error
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a number of more than 4,300 digits
        raise Unreadable(f"not valid YAML: {' '.join(str(error).split())}") from error


def node_of(text: str) -> Any:
    """Give the tree of a document that `plain_data` reads, with the place of each node in the text."""
    return yaml.compose(text, Loader=_Loader)


def text_of(path: Path) -> str:
    """Read a UTF-8 file, its byte order mark left out. Raises `Unreadable`."""
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise Unreadable("no such file; docs/sources.md shows how to write one, --sources names another") from error
    except OSError as error:
        raise Unreadable(error.strerror or str(error)) from error
    if len(content) > _MAX_BYTES:
        raise Unreadable(f"larger than {_MAX_BYTES // 1_000_000} MB")
    try:
        return content.decode("utf-8-sig")  # line ends stay as they are: who changes the file puts them back
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(f"line {line}: not UTF-8 text") from error


class _Builder:
    """Builds the data from the parser's events: a third of what PyYAML's nodes and constructors take, and nothing deep is ever begun.

    Refused is what a plain document has no use for: deep nesting, tags, which could ask for any type, and a key that stands twice, of
    which PyYAML would silently keep the last. Merge keys mean nothing (they can be nested into a bomb).
    """

    def __init__(self) -> None:
        self._open: list[tuple[Any, set[str]]] = []  # collections that have not ended, and the keys of each as they are written
        self._keys: list[Any] = [_NO_KEY]  # of each, and of the document, the key whose value comes next
        self._anchors: dict[str, Any] = {}
        self._documents: list[Any] = []

    def built(self, text: str) -> Any:
        """Give what the one document of a text holds; None where there is none."""
        for event in yaml.parse(text, Loader=_Loader):
            if isinstance(event, yaml.ScalarEvent):
                self._put(_scalar(event), event)
            elif isinstance(event, yaml.CollectionStartEvent):
                self._begin(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._open.pop()
                self._keys.pop()
            elif isinstance(event, yaml.AliasEvent):
                self._put(self._anchored(event), event)
        return self._documents[0] if self._documents else None

    def _begin(self, event: Any) -> None:
        if len(self._open) >= _MAX_DEPTH:
            raise Unreadable(f"line {event.start_mark.line + 1}: nested more than {_MAX_DEPTH} deep")
        value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        self._put(value, event)
        self._open.append((value, set()))
        self._keys.append(_NO_KEY)

    def _put(self, value: Any, event: Any) -> None:
        """Put a value where it belongs: into the list, under its key, or as the next key."""
        if getattr(event, "tag", None):
            raise Unreadable(f"line {event.start_mark.line + 1}: not valid YAML here: the tag {event.tag}")
        if event.anchor and not isinstance(event, yaml.AliasEvent):
            self._anchors[event.anchor] = value
        if not self._open:
            self._documents.append(value)
            if len(self._documents) > 1:
                raise yaml.MarkedYAMLError(problem="there is a second document", problem_mark=event.start_mark)
            return
        inside, written = self._open[-1]
        if isinstance(inside, list):
            inside.append(value)
        elif self._keys[-1] is _NO_KEY:
            self._keys[-1] = self._key(value, event, written)
        else:
            inside[self._keys[-1]], self._keys[-1] = value, _NO_KEY

    def _key(self, value: Any, event: Any, written: set[str]) -> Any:
        if isinstance(value, (dict, list)):
            raise yaml.MarkedYAMLError(problem="a list or a mapping is no key", problem_mark=event.start_mark)
        text = getattr(event, "value", str(value))
        if text in written:
            raise yaml.MarkedYAMLError(problem=f"the key {text!r} stands twice", problem_mark=event.start_mark)
        written.add(text)
        return value

    def _anchored(self, event: Any) -> Any:
        value = self._anchors.get(event.anchor, _NO_KEY)
        if value is _NO_KEY or any(value is inside for inside, _ in self._open):
            raise yaml.MarkedYAMLError(problem=f"the alias {event.anchor!r} leads nowhere", problem_mark=event.start_mark)
        return value


def _scalar(event: Any) -> Any:
    """Read what is written plainly by the core schema; what stands in quotes is text."""
    text = event.value
    if event.implicit[0]:
        for first, pattern, read in _READ:
            if text[:1] in first and pattern.fullmatch(text):
                return read(text)
    return text


def _place(error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    context = f" ({error.context})" if error.context else ""
    return f"{place}not valid YAML: {error.problem}{context}"
