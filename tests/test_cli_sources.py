"""`scraper sources`: the list, what is wrong with it, and one source put on or off it."""

import json
from pathlib import Path

import pytest
from refusals import assert_refused
from test_store_samples import article_of, link_of, opened, page_of, url_of

from scraper.cli.app import main

FILE = """version: 1
defaults: {contact: desk@example.org}
sources:
  - id: harbour   # the paper
    name: Harbour Post
    domain: harbour.example
    feeds: [https://harbour.example/rss, https://harbour.example/b]
    news_sitemaps: [https://harbour.example/news.xml]
  - id: coast
    domain: coast.example
    home: https://coast.example/
    enabled: false
  - id: bare
    domain: bare.example
    enabled: false
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "sources.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


# --- list


@pytest.mark.usefixtures("file")
def test_the_list_shows_a_line_a_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sources", "list"]) == 0
    out = capsys.readouterr().out
    rows = [line.split() for line in out.splitlines() if "example" in line]
    assert rows == [
        ["harbour", "Harbour", "Post", "harbour.example", "3", "yes"],
        ["coast", "coast.example", "coast.example", "home", "no"],
        ["bare", "bare.example", "bare.example", "0", "no"],
    ]
    assert max(map(len, out.splitlines())) <= 80


def test_the_list_says_when_each_source_gave_its_last_article(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store, run = opened(tmp_path / "news.db")
    with store:
        link = link_of(url_of("ferry"))
        store.record_article(run, link, page_of(link.url), article_of("ferry"))
    file.write_text(FILE.replace("harbour ", f"{link.source_id} "), encoding="utf-8")
    assert main(["sources", "list", "--db", str(tmp_path / "news.db"), "--json"]) == 0
    first, second, _ = json.loads(capsys.readouterr().out)
    assert (first["articles"], first["last_article_at"][:10]) == (1, "2026-01-05")
    assert (second["articles"], second["last_article_at"], second["enabled"]) == (None, None, False)
    assert main(["sources", "list", "--db", str(tmp_path / "news.db")]) == 0
    assert "2026-01-05" in capsys.readouterr().out


def test_a_list_of_a_file_that_cannot_be_used_is_refused(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(FILE.replace("feeds", "fedes"), encoding="utf-8")
    assert main(["sources", "list"]) == 2
    assert "sources[0].fedes: unknown key; did you mean feeds?" in capsys.readouterr().err


# --- lint


def test_a_sound_file_is_said_to_be(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert_refused(capsys, ["sources", "lint"], 0, "sources.yaml: 3 sources, 1 enabled, nothing wrong")
    assert main(["sources", "lint", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


def test_all_that_is_wrong_is_said_at_once(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(
        """
version: 1
defaults: {allow: ['^/news/'], deny: ['.*']}
sources:
  - {id: one, domain: one.example, feeds: [https://one.example/rss], deny: ['(?:[a-z]+-?)+/$'], article_id: '(\\d+) x'}
  - {id: two, domain: one.example, feeds: [https://two.example/rss], allow: []}
  - {id: one, domain: one.example, feeds: [https://one.example/rss], allow: [], rules: {strip_text: ['x^'], title_trim: ['(a+)+$']}}
  - {id: Four, domain: one.example, langauges: [en]}
  - {id: five, domain: one.example, feeds: [https://five.example/rss], allow: ['/five/']}
""",
        encoding="utf-8",
    )
    assert main(["sources", "lint"]) == 2
    first, *found = capsys.readouterr().err.splitlines()
    assert first == f"scraper: sources.yaml: {len(found)} problems"
    assert [line.strip().partition(": ")[0] for line in found] == [
        "sources[3].langauges",
        "sources[3].id",
        "sources[2].id",
        "sources[2].feeds[0]",
        "defaults.allow[0]",
        "defaults.deny[0]",
        "sources[0].deny[0]",
        "sources[0].article_id",
        "sources[2].rules.strip_text[0]",
        "sources[2].rules.title_trim[0]",
        "defaults.contact",
        "sources[2].domain",
    ]
    assert "  sources[0].deny[0]: may take for ever over some texts" in "\n".join(found)
    assert "  sources[0].article_id: finds nothing in any address: '(\\\\d+) x'" in "\n".join(found)


def test_a_missing_file_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["sources", "lint"]) == 2
    assert "no such file" in capsys.readouterr().err


# --- enable, disable


def test_a_source_is_disabled_and_enabled_again(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert_refused(capsys, ["sources", "disable", "harbour"], 0, "harbour is disabled in sources.yaml")
    assert file.read_text(encoding="utf-8") == FILE.replace("domain: harbour.example\n", "domain: harbour.example\n    enabled: false\n")
    assert_refused(capsys, ["sources", "disable", "harbour"], 0, "harbour is disabled already; nothing was changed")
    assert main(["sources", "enable", "harbour", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")
    assert "enabled: true" in file.read_text(encoding="utf-8")


def test_a_source_that_is_not_there_is_refused_with_the_nearest(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert_refused(capsys, ["sources", "disable", "habour"], 2, "there is no source 'habour', did you mean 'harbour'?")


def test_a_source_with_nothing_to_read_is_not_enabled(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sentence = "bare cannot be enabled: enabled, but has neither feeds nor news_sitemaps nor sections nor home"
    assert_refused(capsys, ["sources", "enable", "bare"], 2, sentence)
    assert file.read_text(encoding="utf-8") == FILE
