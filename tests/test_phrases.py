"""The phrase table: what it matches, and that it stays sorted enough to review."""

from importlib.resources import files

import pytest

from scraper.extract.phrases import phrase_kind


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Related Articles", "end"),
        ("RELATED ARTICLES:", "end"),
        ("Mehr zum Thema", "end"),
        ("関連記事", "end"),
        ("Advertisement", "line"),
        ("Read More", "more"),
        ("Lesen Sie auch: Streik an der Küste", "line"),
        ("Join our Telegram channel and hear it first", "line"),
        ("The board met on Tuesday.", None),
        ("", None),
        ("Subscribe to the view that prices fall, and you will be poor: " + "so the minister said on Monday. " * 5, None),
    ],
)
def test_lines_are_told_by_their_phrase(line: str, kind: str | None) -> None:
    assert phrase_kind(line) == kind


def test_every_row_of_the_table_is_well_formed_and_stands_once() -> None:
    rows = [row for row in files("scraper.extract").joinpath("phrases.tsv").read_text("utf-8").splitlines() if not row.startswith("#")]
    parts = [tuple(row.split("\t")) for row in rows]
    assert all(len(part) == 3 and part[0] in ("end", "line", "more") and part[2] == part[2].lower().strip() for part in parts)
    assert len(set(parts)) == len(parts)
