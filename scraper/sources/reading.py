"""What does a YAML file hold, as plain data? Home of PyYAML; knows nothing of sources.

Scalars are read by the YAML 1.2 core schema, so that Norway (`NO`), `yes`, `012` and `2026-01-01` stay the text they look like. Why not
ruamel.yaml: docs/decisions/0005-yaml.md.
"""

import re
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


class Unreadable(Exception):  # noqa: N818 - the name says what is the matter
    """The file is no YAML document; the message says where and why."""


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """PyYAML's safe loader with YAML 1.2 scalars, without merge keys (they can be nested into a bomb) and refusing doubled keys."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - overrides the parent's, filled once below

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Leave `<<` alone."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Refuse a key that stands twice, where PyYAML would silently keep the last."""
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue  # the parent says that a list is no key
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"the key {key.value!r} stands twice", key.start_mark)
            seen.add(key.value)
        return dict(super().construct_mapping(node, deep=deep))


for _tag, _pattern, _first in _SCALARS:
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern})$"), list(_first) or [""])


def plain_data(text: str) -> Any:
    """Read YAML into dicts, lists and scalars. Raises `Unreadable` with a message that names the line."""
    try:
        _check_shape(text)
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a subclass of the safe loader
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


def _check_shape(text: str) -> None:
    """Refuse, before anything is built, what a plain document has no use for: deep nesting, and tags, which could ask for any type."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _MAX_DEPTH:
            raise Unreadable(f"line {event.start_mark.line + 1}: nested more than {_MAX_DEPTH} deep")
        if tag := getattr(event, "tag", None):
            raise Unreadable(f"line {event.start_mark.line + 1}: not valid YAML here: the tag {tag}")


def _place(error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    context = f" ({error.context})" if error.context else ""
    return f"{place}not valid YAML: {error.problem}{context}"
