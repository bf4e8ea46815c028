"""`scraper sources preview`: what the rules in the file change of the pages that were kept is shown before it holds, and stored nowhere."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from newsroom import Newsroom, newsroom
from test_archive_run import rows, run
from test_pipeline import NOW, source
from test_reextract import contents

from scraper.cli import main
from scraper.records import SiteRules

STORIES = 4


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with newsroom() as site:
        site.feed("/feed.xml", [site.story(f"/{number}", f"place {number} {'abcd'[number] * 9}") for number in range(STORIES)])
        yield site


@pytest.fixture
def collected(room: Newsroom, database: Path) -> Path:
    assert run(database, source(room)).total.new == STORIES
    return database


def preview(db: Path, rules: dict[str, Any], *options: str, code: int = 0, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """Run the command with these rules in the file; give its JSON, with what it said under `said`."""
    sites = [{"id": "coast", "domain": "127.0.0.1", "feeds": ["http://127.0.0.1/feed.xml"], **({"rules": rules} if rules else {})}]
    path = db.with_name("sources.yaml")
    path.write_text(json.dumps({"version": 1, "sources": sites}), encoding="utf-8")
    capsys.readouterr()
    assert main(["sources", "preview", "--json", "--db", str(db), "--sources", str(path), *options]) == code
    out, err = capsys.readouterr()
    return {**(json.loads(out) if out else {}), "said": err}


def test_each_rule_that_is_new_is_shown_on_the_pages_that_were_kept(
    collected: Path, room: Newsroom, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(collected)
    asked = len(room.requests)
    rules = {"title_trim": ["^Sea wall of "], "strip_text": ["^The cost, put at.*"], "author_drop": ["Marsh"]}
    told = preview(collected, rules, capsys=capsys)
    assert (told["pages"], told["outcomes"]) == (STORIES, {"changed": STORIES})
    assert told["fields"] == {"authors": STORIES, "body": STORIES, "headline": STORIES}
    assert (told["paragraphs_lost"], told["paragraphs_gained"]) == (STORIES, 0)
    assert (len(room.requests), contents(collected)) == (asked, before)


def test_rules_are_compared_with_those_of_the_last_run(collected: Path, room: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    trimmed = {"title_trim": ["^Sea wall of "]}
    run(collected, source(room, rules=SiteRules(title_trim=("^Sea wall of ",))), now=NOW)
    assert rows(collected, "SELECT rules FROM sources WHERE id = 'coast'") == [('{"title_trim": ["^Sea wall of "]}',)]
    same = preview(collected, trimmed, capsys=capsys)
    assert same["said"].startswith("scraper: the rules of no source are others than in its last run")
    assert preview(collected, trimmed, "coast", capsys=capsys)["outcomes"] == {"unchanged": STORIES}
    assert preview(collected, trimmed, "--whole", capsys=capsys)["fields"] == {"headline": STORIES}
    more = preview(collected, trimmed | {"author_drop": ["Marsh"]}, "--pages", "2", capsys=capsys)
    assert (more["pages"], more["fields"]) == (2, {"authors": 2})
    gone = preview(collected, {}, "--examples", "1", capsys=capsys)
    assert gone["fields"] == {"headline": STORIES}
    assert gone["examples"][0]["fields"][0]["after"].startswith("Sea wall of ")


def test_a_rule_that_leaves_no_story_is_seen(collected: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = preview(collected, {"strip": ["article"]}, capsys=capsys)
    assert told["outcomes"] == {"no_story": STORIES}
    assert told["examples"][0]["fields"][0]["field"] == "verdict"


def test_people_see_the_words_that_go(collected: Path, capsys: pytest.CaptureFixture[str]) -> None:
    preview(collected, {"title_trim": ["^Sea wall of "]}, capsys=capsys)
    assert main(["sources", "preview", "--db", str(collected), "--sources", str(collected.with_name("sources.yaml"))]) == 0
    told = capsys.readouterr().out
    assert "4 pages read again: what would come of it" in told
    assert "headline: [-Sea wall of-] place" in told


def test_pages_that_are_gone_are_counted_and_where_there_is_none_a_sentence_says_so(
    collected: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = {"author_drop": ["Marsh"]}
    elsewhere = preview(collected, rules, "--archive", str(collected.with_name("empty")), code=1, capsys=capsys)
    assert elsewhere["failures"] == {"archive_missing": STORIES}
    assert "scraper: 4 of the pages could not be read: archive_missing 4" in elsewhere["said"]
    assert "no source 'cost', did you mean 'coast'?" in preview(collected, rules, "cost", code=2, capsys=capsys)["said"]
    for path in (collected.parent / "archive").iterdir():
        path.unlink()
    run_of_none = collected.with_name("other.db")
    run(run_of_none)
    assert "no page of coast is in the archive" in preview(run_of_none, rules, code=2, capsys=capsys)["said"]
