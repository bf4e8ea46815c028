"""How is a sources file changed without touching what else stands in it? At the very place, found by the parser's own marks.

Comments, order, indentation, quotes and line ends stay as they are, letter for letter. What comes out is read again before it is written: a
file whose form is not understood is left alone, with a sentence that says what to write by hand.
"""

import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import yaml

from scraper.errors import UsageError
from scraper.sources.catalogue import VERSION
from scraper.sources.reading import Unreadable, node_of, plain_data

__all__ = ["switched", "with_source", "written"]

NEW_FILE: Final = (
    "# Which sites are collected. Every key is explained in docs/sources.md.\n"
    f"version: {VERSION}\n\n"
    "defaults:\n"
    "  # contact: you@example.org    (it goes into the User-Agent: set it before you collect anything)\n\n"
    "sources:\n"
)
FOLDED: Final = frozenset(("|", ">"))


def switched(text: str, source_id: str, *, enabled: bool) -> str:
    """Give the text of a file with one source enabled or disabled. Raises UsageError where its form does not allow that."""
    wanted = plain_data(text)
    place = next(number for number, entry in enumerate(wanted["sources"]) if (entry or {}).get("id") == source_id)
    wanted["sources"][place]["enabled"] = enabled
    node = _under(node_of(text), "sources").value[place]
    word = str(enabled).lower()
    value = _under(node, "enabled")
    if value is not None and isinstance(value, yaml.ScalarNode):
        begin, end = value.start_mark.index, value.end_mark.index
        changed = f"{text[:begin].rstrip(' ')} {word}{text[end:]}"
    elif node.flow_style:
        name = '"enabled"' if node.value[0][0].style == '"' else "enabled"
        changed = _within_brackets(text, node, f"{name}: {word}")
    else:
        at = _line_end(text, _last_plain(node))
        changed = f"{text[:at]}{_newline(text)}{' ' * node.start_mark.column}enabled: {word}{text[at:]}"
    return _checked(changed, wanted, f"write `enabled: {word}` under {source_id} by hand")


def with_source(text: str | None, entry: Mapping[str, Any]) -> tuple[str, str]:
    """Give the text of a file with one more source at the end of its list, and the lines that were added. None stands for no file.

    Raises UsageError where the file's form does not allow that.
    """
    before = NEW_FILE if text is None else text
    wanted = plain_data(before)
    known = wanted.get("sources") or []
    wanted["sources"] = [*known, dict(entry)]
    node = _under(node_of(before), "sources")
    if isinstance(node, yaml.SequenceNode) and node.flow_style:
        line = json.dumps(entry, ensure_ascii=False)
        return _checked(_within_brackets(before, node, line), wanted, f"write the source into the file by hand: {line}"), line
    dash, inner = (node.start_mark.column, node.value[-1].start_mark.column) if known else (2, 4)
    lines = _lines(entry, dash, inner)
    at = _line_end(before, node if known else _key(node_of(before), "sources"))
    newline = _newline(before)
    changed = before[:at] + "".join(newline + line for line in lines) + before[at:]
    if not changed.endswith("\n"):
        changed += newline
    return _checked(changed, wanted, "write the source into the file by hand:\n" + "\n".join(lines)), "\n".join(lines)


def written(path: Path, text: str, *, before: str | None) -> None:
    """Put the text in the place of the file in one step. Raises UsageError when somebody else has changed the file in the meantime."""
    target = path.resolve()
    now = _bytes(target)
    if now != (None if before is None else before.encode("utf-8")) and now != (before or "").encode("utf-8-sig"):
        raise UsageError(f"{path} was changed by somebody else just now; nothing was written")
    mark = "utf-8-sig" if now is not None and now.startswith(b"\xef\xbb\xbf") else "utf-8"
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode(mark))
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(target.stat().st_mode & 0o7777 if now is not None else 0o644)
        Path(name).replace(target)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _checked(text: str, wanted: Any, instead: str) -> str:
    """Give the text if it says what it is to say, all else as it was."""
    try:
        if plain_data(text) == wanted:
            return text
    except Unreadable:
        pass
    raise UsageError(f"the file is written in a form that cannot be changed safely; {instead}")


def _within_brackets(text: str, node: Any, more: str) -> str:
    """Put one thing more before a closing bracket."""
    end = node.end_mark.index - 1
    return f"{text[:end].rstrip()}{', ' if node.value else ''}{more}{text[end:]}"


def _key(node: Any, name: str) -> Any:
    return next((key for key, _ in node.value if key.value == name), None)


def _under(node: Any, name: str) -> Any:
    return next((value for key, value in node.value if key.value == name), None)


def _last_plain(node: Any) -> Any:
    """Give the last of a mapping's values that stands on the line of its key, as `id: post` does."""
    plain = [value for _, value in node.value if isinstance(value, yaml.ScalarNode) and value.style not in FOLDED and value.value]
    return plain[-1]


def _line_end(text: str, node: Any) -> int:
    """Give where the last line of a node ends, a comment behind it included and the line break not."""
    end = len(text[: _end(node)].rstrip())
    break_at = text.find("\n", end)
    stop = len(text) if break_at < 0 else break_at
    return stop - 1 if text[:stop].endswith("\r") else stop


def _end(node: Any) -> int:
    """Give where a node's last letter stands: the parser lets one that is written in lines end where the next one begins."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        inner = last if isinstance(node, yaml.SequenceNode) else last[1]
        key_end = 0 if isinstance(node, yaml.SequenceNode) else last[0].end_mark.index
        return max(key_end, _end(inner))
    return int(node.end_mark.index)


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _lines(entry: Mapping[str, Any], dash: int, inner: int) -> list[str]:
    """Write a source as people do: one key a line, lists of addresses one a line, other lists in brackets."""
    lines: list[str] = []
    for key, value in entry.items():
        if isinstance(value, (list, tuple)) and any("/" in str(item) for item in value):
            lines += [f"{key}:", *(f"  - {_scalar(item)}" for item in value)]
        elif isinstance(value, (list, tuple)):
            lines.append(f"{key}: [{', '.join(map(_scalar, value))}]")
        elif isinstance(value, Mapping):
            lines += [f"{key}:", *(f"  {name}: {_scalar(item)}" for name, item in value.items())]
        else:
            lines.append(f"{key}: {_scalar(value)}")
    first = " " * dash + "-" + " " * (inner - dash - 1)
    return [(first if number == 0 else " " * inner) + line for number, line in enumerate(lines)]


def _scalar(value: Any) -> str:
    """Write one value; what YAML would take for something else than text, or PyYAML's older rules would, is put in quotes."""
    written: str = yaml.safe_dump(value, allow_unicode=True, width=float("inf"))
    return written.removesuffix("\n").removesuffix("\n...").strip()
