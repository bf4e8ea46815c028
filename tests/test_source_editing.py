"""A sources file is changed at one place; every other letter of it stays. A form that is not understood is left alone."""

import difflib
from pathlib import Path

import pytest

from scraper.errors import UsageError
from scraper.sources import load
from scraper.sources.editing import switched, with_source, written

ROOT = Path(__file__).parents[1]
NEW = {"id": "new", "domain": "new.example", "feeds": ["https://new.example/rss"]}
LINES = """# mine
version: 1
sources:
- id: post   # the first
  domain: post.example
  feeds:
  - https://post.example/rss

# the second
- id: coast
  domain: coast.example
  enabled:   True   # for now
  tags:
# the end
"""
WIDE = """version: 1
sources:
    -   id: post
        domain: post.example
        allow: ['/a',
                '/b']
        name: >-
          The harbour
          post
"""
FLOW = "version: 1\nsources:\n  - {id: post,   domain: post.example, feeds: [ https://post.example/rss ]}   # mine\n"
JSON = '{"version": 1, "sources": [{"id": "post", "domain": "post.example"}]}'


def changes(before: str, after: str) -> list[str]:
    """Give the lines that went (-) and came (+)."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in lines if line[0] in "+-" and line[:3] not in {"+++", "---"}]


@pytest.mark.parametrize(
    ("text", "source_id", "wanted"),
    [
        (LINES, "coast", ["-  enabled:   True   # for now", "+  enabled: false   # for now"]),
        (LINES, "post", ["+  enabled: false"]),
        (WIDE, "post", ["+        enabled: false"]),
        (FLOW, "post", [f"-{FLOW.splitlines()[2]}", f"+{FLOW.splitlines()[2].replace(' ]}', ' ], enabled: false}')}"]),
        (JSON, "post", [f"-{JSON}", "+" + JSON.replace('example"}', 'example", "enabled": false}')]),
        (LINES.replace("   True   #", " #"), "coast", ["-  enabled: # for now", "+  enabled: false # for now"]),
        (LINES.replace("\n", "\r\n"), "post", ["+  enabled: false"]),
        (f"{LINES}x: \u8a9e", "coast", ["-  enabled:   True   # for now", "+  enabled: false   # for now"]),
    ],
)
def test_one_source_is_disabled_and_nothing_else_moves(text: str, source_id: str, wanted: list[str]) -> None:
    assert changes(text, switched(text, source_id, enabled=False)) == wanted


def test_line_ends_stay_what_they_are() -> None:
    assert "\r\n  enabled: false\r\n" in switched(LINES.replace("\n", "\r\n"), "post", enabled=False)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (LINES, ["+- id: new", "+  domain: new.example", "+  feeds:", "+    - https://new.example/rss"]),
        (WIDE, ["+    -   id: new", "+        domain: new.example", "+        feeds:", "+          - https://new.example/rss"]),
        (FLOW, ["+  - id: new", "+    domain: new.example", "+    feeds:", "+      - https://new.example/rss"]),
        (
            "version: 1\nsources: # none yet\n",
            ["+  - id: new", "+    domain: new.example", "+    feeds:", "+      - https://new.example/rss"],
        ),
    ],
)
def test_a_source_is_added_at_the_end_in_the_indentation_of_the_others(text: str, wanted: list[str]) -> None:
    after, lines = with_source(text, NEW)
    assert changes(text, after) == wanted
    assert lines.splitlines() == [line[1:] for line in wanted]


def test_a_source_is_added_to_a_list_in_brackets(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text(with_source(JSON.replace("}]}", ', "enabled": false}]}'), NEW)[0], encoding="utf-8")
    assert [source.id for source in load(path)] == ["post", "new"]
    path.write_text(with_source("version: 1\nsources: []\n", NEW)[0], encoding="utf-8")
    assert [source.id for source in load(path)] == ["new"]


def test_what_stands_behind_the_list_stays_behind_it() -> None:
    after, _ = with_source(LINES, NEW)
    assert after.endswith("https://new.example/rss\n# the end\n")


def test_a_first_source_makes_a_file_that_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    written(path, with_source(None, NEW)[0], before=None)
    assert [source.id for source in load(path)] == ["new"]
    assert "set it before you collect anything" in path.read_text(encoding="utf-8")


def test_the_shipped_catalogue_can_be_changed() -> None:
    text = (ROOT / "sources.yaml").read_text(encoding="utf-8")
    assert changes(text, switched(text, "orf", enabled=True)) == ["-    enabled: false", "+    enabled: true"]
    assert len(changes(text, with_source(text, NEW)[0])) == 4


@pytest.mark.parametrize(
    "value", ["no", "yes", "012", "2026-01-01", "a: b", "a #b", "1.5", "\u00d6sterreich", "'x'", "- x", "~", "", "null", " x"]
)
def test_what_is_written_is_read_as_it_was_meant(value: str, tmp_path: Path) -> None:
    text, _ = with_source(None, {**NEW, "name": value or "x", "tags": [value or "x"]})
    (tmp_path / "s.yaml").write_text(text, encoding="utf-8")
    (source,) = load(tmp_path / "s.yaml")
    assert (source.name, source.tags) == ((value or "x").strip(), ((value or "x").strip(),))


def test_a_form_that_cannot_be_changed_in_one_place_is_left_alone() -> None:
    shared = "version: 1\nsources:\n  - {id: a, domain: a.example, enabled: &e true}\n  - {id: b, domain: b.example, enabled: *e}\n"
    with pytest.raises(UsageError, match="write `enabled: false` under b by hand"):
        switched(shared, "b", enabled=False)


def test_a_file_that_somebody_else_has_changed_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text(FLOW, encoding="utf-8")
    with pytest.raises(UsageError, match="changed by somebody else just now"):
        written(path, JSON, before=LINES)
    assert path.read_text(encoding="utf-8") == FLOW
    assert [entry.name for entry in tmp_path.iterdir()] == ["sources.yaml"]


def test_a_file_keeps_its_mode_its_link_and_its_mark(tmp_path: Path) -> None:
    real = tmp_path / "real.yaml"
    real.write_bytes(b"\xef\xbb\xbf" + FLOW.encode())
    real.chmod(0o640)
    link = tmp_path / "sources.yaml"
    link.symlink_to(real)
    written(link, switched(FLOW, "post", enabled=False), before=FLOW)
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert real.read_bytes().startswith(b"\xef\xbb\xbfversion")
    assert b"enabled: false" in real.read_bytes()
