"""How do records look to programs and to people, and is the explanation complete?"""

import json
from datetime import UTC, datetime

import pytest

from scraper.export import explain, printable, render
from scraper.records import Article, Candidate, Dropped, Evidence, FieldEvidence

ARTICLE = Article(
    url="https://coast.example/sea-wall?utm_source=x",
    canonical_url="https://coast.example/sea-wall",
    headline="Sea wall to rise",
    standfirst="Two metres by winter",
    authors=("Edda Marsh", "Olav Renn"),
    agencies=("Coastal Wire",),
    published=datetime(2026, 1, 5, 16, 50, tzinfo=UTC),
    published_precision="minute",
    body="The council voted.\n\nThe crews objected.",
    publisher="The Coast",
    tags=("Harbour", "Storms"),
    verdict="article",
    confidence=0.914,
    evidence=Evidence(
        fields=(
            FieldEvidence(
                field="headline",
                signal="json_ld:headline",
                value="Sea wall to rise",
                candidates=(Candidate(value="Sea wall to rise | The Coast", signal="og:title", reason="site name at the end"),),
            ),
        ),
        dropped=(Dropped(text="Read  more\nabout storms", reason="link_density"), Dropped(text="x" * 300, reason="repeated")),
    ),
)


def test_json_is_the_record_without_its_evidence() -> None:
    record = json.loads(render(ARTICLE, "json"))
    assert record["headline"] == "Sea wall to rise"
    assert record["published"] == "2026-01-05T16:50:00+00:00"
    assert record["standfirst"] == "Two metres by winter"
    assert "evidence" not in record
    assert "\n" not in render(ARTICLE, "json")


def test_json_holds_the_evidence_when_asked() -> None:
    evidence = json.loads(render(ARTICLE, "json", evidence=True))["evidence"]
    assert evidence["fields"][0]["candidates"][0]["reason"] == "site name at the end"
    assert evidence["dropped"][0]["reason"] == "link_density"


def test_markdown_is_headed_credited_and_addressed() -> None:
    assert render(ARTICLE, "markdown") == (
        "# Sea wall to rise\n\n*Two metres by winter*\n\nEdda Marsh, Olav Renn, Coastal Wire · 2026-01-05T16:50:00+00:00 · The Coast\n\n"
        "<https://coast.example/sea-wall>\n\nThe council voted.\n\nThe crews objected.\n\nTopics: Harbour, Storms"
    )


def test_text_leaves_out_what_the_page_does_not_say() -> None:
    assert render(Article(headline="Sea wall", body="It rises."), "text") == "Sea wall\n\nIt rises."


@pytest.mark.parametrize("form", ["markdown", "text"])
def test_a_standfirst_that_opens_the_body_is_not_told_twice(form: str) -> None:
    article = Article(standfirst="Two metres.", body="Two metres.\n\nThe council voted.")
    assert render(article, form).count("Two metres.") == 1  # type: ignore[arg-type]


@pytest.mark.parametrize("form", ["json", "markdown", "text"])
def test_a_page_cannot_speak_to_the_terminal(form: str) -> None:
    shown = render(Article(headline="Sea \x1b[2Jwall", body="a\x9bb\x07c\ud800"), form)  # type: ignore[arg-type]
    assert not set("\x1b\x9b\x07\ud800") & set(shown)


def test_json_loses_nothing_of_what_it_escapes() -> None:
    assert json.loads(render(Article(body="a\x9bb\x07c \ud800\n\n日本"), "json"))["body"] == "a\x9bb\x07c \ud800\n\n日本"


def test_printable_keeps_lines_and_text_of_every_script() -> None:
    assert printable("a\tb\nعربي 日本語 é\u200d\x00\x7f\ud800") == "a\tb\nعربي 日本語 é\u200d"


def test_the_explanation_names_winner_losers_and_every_dropped_block() -> None:
    lines = explain(ARTICLE).splitlines()
    assert lines[0] == "verdict article, confidence 0.91"
    assert "headline       json_ld:headline  Sea wall to rise" in lines[3]
    assert "lost: og:title" in lines[4]
    assert "(site name at the end)" in lines[4]
    assert "Dropped (2 blocks of text):" in lines
    assert "link_density" in lines[-2]
    assert lines[-2].endswith("Read more about storms")
    assert lines[-1].endswith("x…")
    assert len(lines[-1]) < 140
    assert lines[-2].index("Read more") == lines[-1].index("xxx")
