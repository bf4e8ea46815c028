"""`scraper sources test`: saved pages are read by their source's rules, and what they do not say as they should is said in a sentence."""

import gzip
from pathlib import Path

import pytest
from newsroom import STORY
from refusals import assert_refused

from scraper.cli.app import main
from scraper.pipeline.preview import difference
from scraper.records import VERDICTS, Article
from scraper.sources.expectations import COMPARED, EXPECTATION_KEYS

FILE = """version: 1
defaults: {contact: desk@example.org}
sources:
  - id: harbour
    domain: harbour.example
    feeds: [https://harbour.example/rss]
    rules: {title_trim: [' \\| The Post$'], strip_text: ['^The cost, put at.*'], author_drop: [Marsh]}
  - id: coast
    domain: coast.example
    enabled: false
"""
PAGE = STORY.format(headline="Sea wall of Pell to rise | The Post", place="Pell")
EXPECTED = """url: https://harbour.example/wall
fetched_at: 2026-01-06T00:00:00Z
verdict: article
headline: Sea wall of Pell  to rise
authors:
published: 2026-01-05T17:50:00+01:00
language: en
must_contain:
  - raise the eastern sea
    wall by two metres
must_not_contain:
  - nine million crowns
"""


AROUND = "ll that the old wall had been overtopped four times in three years, twice at ordi"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder of a source's pages, with one page that is read as it is to be."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sources.yaml").write_text(FILE, encoding="utf-8")
    pages = tmp_path / "sources" / "harbour"
    pages.mkdir(parents=True)
    (pages / "wall.html").write_text(PAGE, encoding="utf-8")
    (pages / "wall.yaml").write_text(EXPECTED, encoding="utf-8")
    return pages


def expect(folder: Path, text: str) -> None:
    (folder / "wall.yaml").write_text(text, encoding="utf-8")


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int) -> list[str]:
    assert main(["sources", "test", *arguments]) == code
    out, err = capsys.readouterr()
    assert out == ""
    return err.splitlines()


def test_pages_that_say_what_they_are_to_say_are_counted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "packed.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    assert said(capsys, code=0) == ["scraper: 2 of 2 pages are read as expected"]
    assert said(capsys, "harbour", "--quiet", code=0) == []


def test_each_difference_is_a_sentence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expect(
        folder,
        """
verdict: live_blog
headline: Ferry sails
authors: [Edda Marsh, Nora Quay]
published: 2026-01-05T16:50:00+01:00
standfirst: Once upon a time
must_contain: [the moon]
must_not_contain: ['overtopped four times']
""",
    )
    first, *failures, last = said(capsys, "harbour", code=1)
    assert first == "scraper: harbour: sources/harbour/wall.html"
    assert failures == [
        "  verdict: expected 'live_blog', found 'article'",
        "  headline: expected 'Ferry sails', found 'Sea wall of Pell to rise'",
        "  standfirst: expected 'Once upon a time', found nothing",
        "  authors: expected 'Edda Marsh, Nora Quay', found nothing",
        "  published: expected '2026-01-05T16:50:00+01:00', found '2026-01-05T16:50:00+00:00'",
        "  body: must contain 'the moon', and does not",
        f"  body: must not contain 'overtopped four times', and does: {AROUND!r}",
    ]
    assert last == "scraper: 0 of 1 page is read as expected"


@pytest.mark.parametrize("published", ["2026-01-05", "2026-01-05T16:50:00Z", "2026-01-05T16:50:00+00:00"])
def test_a_date_is_compared_as_finely_as_it_is_expected(published: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expect(folder, f"published: {published}\n")
    said(capsys, code=0)


@pytest.mark.parametrize("published", ["2026-01-06", "2026-01-05T16:51:00Z", "2026-01-05T16:50:00"])
def test_a_date_that_is_another_is_none(published: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expect(folder, f"published: {published}\n")
    assert "published: expected" in said(capsys, code=1)[1]


def test_a_page_of_which_nothing_is_expected_is_to_be_a_story(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "index.html").write_text("<html><body></body></html>", encoding="utf-8")
    lines = said(capsys, code=1)
    assert "  verdict: expected a story, found empty" in lines
    assert lines[-1] == "scraper: 1 of 2 pages are read as expected"


def test_a_page_that_cannot_be_read_is_a_failure(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "torn.html.gz").write_bytes(gzip.compress(PAGE.encode())[:-20])
    assert said(capsys, code=1)[0] == "scraper: harbour: sources/harbour/torn.html.gz: cannot be read: gzip that is damaged or cut short"


def test_the_file_beside_a_page_is_checked_like_a_sources_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expect(folder, "headlin: x\npublished: yesterday\nfetched_at: 2026-01-05\nverdict: good\nmust_contain: x\n")
    assert said(capsys, code=2) == [
        "scraper: sources/harbour/wall.yaml: 5 problems",
        "  headlin: unknown key; did you mean headline?",
        "  fetched_at: without a zone: '2026-01-05' (such as 2026-01-31T18:00:00Z)",
        "  published: not a date: 'yesterday' (such as 2026-01-31 or 2026-01-31T18:00:00+01:00)",
        f"  verdict: not {', '.join(VERDICTS[:-1])} or other: 'good'",
        "  must_contain: not a list",
    ]
    expect(folder, "[x]")
    assert said(capsys, code=2)[1] == "  not a mapping of keys to values"
    expect(folder, "a: [")
    assert "not valid YAML" in said(capsys, code=2)[1]


def test_what_the_rules_change_is_shown_on_request(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "--preview", "--quiet", code=0) == [
        "scraper: harbour: what the rules change of sources/harbour/wall.html",
        "  headline: 'Sea wall of Pell to rise | The Post' becomes 'Sea wall of Pell to rise'",
        "  authors: 'Edda Marsh' becomes nothing",
        "  - 'The cost, put at nine million crowns, will be shared between the town of Pell and the coas…'",
    ]


def test_what_a_page_says_now_is_written_down_on_request_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "wall.yaml").unlink()
    assert "look at it, and add what must and must not stand in the text" in said(capsys, "--accept", code=0)[0]
    text = (folder / "wall.yaml").read_text(encoding="utf-8")
    assert text.splitlines()[:4] == [
        "verdict: article",
        "headline: Sea wall of Pell to rise",
        "authors: []",
        "published: '2026-01-05T16:50:00+00:00'",
    ]
    assert said(capsys, "--accept", code=0) == ["scraper: 1 of 1 page is read as expected"]
    expect(folder, "headline: other\n")
    said(capsys, "--accept", code=1)
    assert (folder / "wall.yaml").read_text(encoding="utf-8") == "headline: other\n"


def test_pages_may_be_kept_elsewhere(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder.parent.rename(tmp_path / "kept")
    said(capsys, "--pages", str(tmp_path / "kept"), code=0)
    sentence = "there is no saved page to test: put one under sources/coast (docs/sources.md)"
    assert_refused(capsys, ["sources", "test", "coast"], 2, sentence)
    assert_refused(capsys, ["sources", "test"], 2, sentence.replace("coast", "SOURCE"))
    assert_refused(capsys, ["sources", "test", "cost"], 2, "there is no source 'cost', did you mean 'coast'?")


def test_the_document_names_all_that_can_be_expected() -> None:
    text = (
        (Path(__file__).parents[1] / "docs" / "sources.md").read_text(encoding="utf-8").partition("## Saved pages")[2].partition("\n## ")[0]
    )
    assert {key for key in EXPECTATION_KEYS if f"`{key}`" not in text} == set()
    assert "body" not in COMPARED


def test_the_difference_of_two_records_names_fields_and_paragraphs() -> None:
    before = Article(headline="One", authors=("A", "B"), body="first\n\nsecond\n\nthird")
    after = Article(headline="One", authors=(), body="first\n\nthird\n\nfourth")
    found = difference(before, after)
    assert found.fields == (("authors", "A, B", None),)
    assert (found.lost, found.gained) == (("second",), ("fourth",))
    assert not difference(before, before).is_any
