"""Is what a source repeats learned as its stories come, kept beside them, and taken out of those that were stored before it was known?"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, nullcontext
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from test_store_samples import LESSON, NOW, article_of, link_of, opened, page_of, url_of
from test_templates import NOTE, STORIES, page

from scraper.extract.article import read
from scraper.extract.learning import learn, lesson_of
from scraper.records import Article, Template
from scraper.store import Saved, Store

PAGES = {f"story-{number}": page(*story, number=number + 1) for number, story in enumerate(STORIES.items())}


class Desk:
    """A store that is told of pages as the pipeline tells it: read with what the source has taught so far."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.store, self.run = opened(path)

    def save(self, name: str, html: str, *, hours: int = 0) -> tuple[Article, Saved]:
        url = url_of(name)
        found = page_of(url, at=NOW + timedelta(hours=hours))
        reading = read(html, url, template=self.store.template("harbour"), fetched_at=found.fetched_at)
        return reading.article, self.store.record_article(self.run, link_of(url), found, reading.article, lesson_of(reading))

    def rows(self, sql: str) -> list[sqlite3.Row]:
        with closing(sqlite3.connect(self.path)) as database:
            database.row_factory = sqlite3.Row
            return database.execute(sql).fetchall()

    def bodies(self) -> list[str]:
        return [row["body"] for row in self.rows("SELECT body FROM articles ORDER BY id")]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "news.db")
    try:
        yield desk
    finally:
        desk.store.close()


def names(count: int) -> list[str]:
    return list(PAGES)[:count]


def test_a_source_of_which_nothing_is_known_has_no_template(desk: Desk) -> None:
    assert desk.store.template("harbour") is None


def test_a_template_grows_with_each_new_story_and_outlives_the_program(desk: Desk, tmp_path: Path) -> None:
    for name in names(4):
        desk.save(name, PAGES[name])
    (row,) = desk.rows("SELECT * FROM templates")
    assert (row["source_id"], row["pages"], json.loads(row["memory"])["format"]) == ("harbour", 4, 2)
    template = desk.store.template("harbour")
    assert isinstance(template, Template)
    lessons = (lesson_of(read(PAGES[name], url_of(name), fetched_at=NOW)) for name in names(4))
    assert template == learn(lesson for lesson in lessons if lesson)
    desk.store.close()
    with Store.open(tmp_path / "news.db", read_only=True) as again:
        assert again.template("harbour") == template


def test_the_same_story_again_teaches_nothing(desk: Desk) -> None:
    for hours in range(5):
        desk.save("story-0", PAGES["story-0"].replace("nobody", f"nobody {hours}"), hours=hours)
    assert [row["pages"] for row in desk.rows("SELECT pages FROM templates")] == [1]


def test_what_proves_to_repeat_is_taken_out_of_the_stories_that_hold_it(desk: Desk) -> None:
    for name in names(2):
        desk.save(name, PAGES[name])
    assert all(NOTE in body for body in desk.bodies())
    before = desk.rows("SELECT text_hash, word_count FROM articles ORDER BY id")
    desk.save("story-2", PAGES["story-2"], hours=3)
    assert [NOTE in body for body in desk.bodies()] == [False, False, False]
    assert all(text.split(".")[0] in body for text, body in zip(STORIES.values(), desk.bodies(), strict=False))
    after = desk.rows("SELECT text_hash, word_count, content_changed_at, first_seen_at FROM articles ORDER BY id")
    assert all(old["text_hash"] != new["text_hash"] for old, new in zip(before, after, strict=False))
    assert all(old["word_count"] - new["word_count"] == len(NOTE.split()) for old, new in zip(before, after, strict=False))
    assert all(row["content_changed_at"] == row["first_seen_at"] for row in after)  # the story says what it said
    assert desk.rows("SELECT * FROM article_versions") == []


def test_the_evidence_and_the_search_index_know_what_was_taken(desk: Desk) -> None:
    for name in names(3):
        desk.save(name, PAGES[name])
    proofs = desk.rows("SELECT * FROM evidence WHERE field = 'removed' ORDER BY article_id")
    assert [(proof["article_id"], proof["signal"]) for proof in proofs] == [(number, "template:repeated") for number in (1, 2, 3)]
    (loser,) = json.loads(proofs[0]["candidates"])
    assert loser["value"] == NOTE
    assert "3 pages of the source" in loser["reason"]
    assert desk.store.search("newsroom") == ()
    assert len(desk.store.search("Marit")) == 3
    assert desk.rows("INSERT INTO articles_fts (articles_fts) VALUES ('integrity-check')") == []


def test_what_is_known_is_not_stored_again_and_nothing_is_taken_twice(desk: Desk) -> None:
    for name in names(3):
        desk.save(name, PAGES[name])
    bodies, proofs = desk.bodies(), [tuple(row) for row in desk.rows("SELECT * FROM evidence WHERE field = 'removed'")]
    article, _ = desk.save("story-3", PAGES["story-3"], hours=4)
    assert NOTE not in (article.body or "")
    assert desk.bodies()[:3] == bodies
    assert [tuple(row) for row in desk.rows("SELECT * FROM evidence WHERE field = 'removed'")] == proofs


def test_one_story_at_several_addresses_is_not_taken_for_what_a_site_repeats(desk: Desk) -> None:
    story = PAGES["story-0"]
    for number in range(5):
        desk.save(f"copy-{number}", story.replace("</h1>", f" {number}</h1>").replace(NOTE, f"{NOTE} It is the {'x' * number} edition."))
    assert all("wall above the railway" in body for body in desk.bodies())


def test_two_stories_that_come_to_say_the_same_both_stay(desk: Desk) -> None:
    for name in names(2):
        desk.save(name, PAGES[name])
    alike = PAGES["story-0"].replace("<h1 class='title'>", "<h1 class='title'>Again: ").replace(f"<p>{NOTE}</p>", "")
    desk.save("alike", alike)
    desk.save("story-2", PAGES["story-2"])
    hashes = [row["text_hash"] for row in desk.rows("SELECT text_hash FROM articles ORDER BY id")]
    assert len(hashes) == 4
    assert hashes.count(None) == 1


def test_another_source_keeps_its_own_words(desk: Desk) -> None:
    for name in names(2):
        desk.save(name, PAGES[name])
    url = "https://valley.example/one"
    other = read(page("The mill pond is drained for repairs", "The mill pond is empty. It is being dug out."), url)
    desk.store.record_article(desk.run, replace(link_of(url), source_id="valley"), page_of(url), other.article, lesson_of(other))
    desk.save("story-2", PAGES["story-2"])
    assert [NOTE in body for body in desk.bodies()] == [False, False, True, False]


def test_a_page_that_is_built_otherwise_is_counted_for_its_run_and_its_source(desk: Desk) -> None:
    for name in names(5):
        desk.save(name, PAGES[name])
    headline, text = list(STORIES.items())[5]
    desk.save("moved", page(headline, text, container="redesigned"))
    fits = [row["template_fit"] for row in desk.rows("SELECT template_fit FROM fetches ORDER BY id")]
    assert fits == [None, None, None, None, None, "template_misfit"]
    stats = desk.store.stats()
    assert (stats.runs[0].template_misfits, stats.sources[0].template_misfits, stats.sources[0].template_pages) == (1, 1, 6)


def test_a_memory_of_another_format_is_learned_anew(desk: Desk) -> None:
    desk.save("story-0", PAGES["story-0"])
    desk.store.close()
    with closing(sqlite3.connect(desk.path)) as database, database:
        database.execute("""UPDATE templates SET memory = '{"format": 0, "pages": {}}'""")
    desk.store, desk.run = opened(desk.path)
    assert desk.store.template("harbour") is None
    desk.save("story-1", PAGES["story-1"])
    assert [row["pages"] for row in desk.rows("SELECT pages FROM templates")] == [1]


def test_an_older_memory_is_written_every_few_pages_and_at_the_end_of_the_run(desk: Desk) -> None:
    article, found = article_of("ferry"), page_of(url_of("ferry"))
    written = []
    for number in range(23):
        url = url_of(f"story-of-{number}")
        told = replace(article, headline=f"Story {number}", body=article.body and article.body.replace("ferry", f"ferry {number}"))
        desk.store.record_article(desk.run, link_of(url), replace(found, url=url, requested_url=url), told, LESSON)
        written += [row["pages"] for row in desk.rows("SELECT pages FROM templates")]
    assert written == [*range(1, 11), *[10] * 9, *[20] * 4]
    template = desk.store.template("harbour")
    assert template is not None
    assert template.pages == 20, "what the next page is read with is made anew as often"
    desk.store.finish_run(desk.run, finished_at=NOW, status="ok", exit_code=0)
    assert [row["pages"] for row in desk.rows("SELECT pages FROM templates")] == [23]


@pytest.mark.parametrize("alone", [True, False])
def test_a_page_whose_storing_fails_has_taught_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch, *, alone: bool) -> None:
    def fails(*_: object) -> None:
        raise KeyError("a fault of ours")

    desk.save("story-0", PAGES["story-0"])
    before = desk.store.template("harbour")
    with monkeypatch.context() as broken, nullcontext() if alone else desk.store.together():
        broken.setattr("scraper.store.runs.add_fetch", fails)
        with pytest.raises(KeyError):
            desk.save("story-1", PAGES["story-1"])
        assert desk.store.template("harbour") == before
    desk.save("story-2", PAGES["story-2"])
    assert [row["pages"] for row in desk.rows("SELECT pages FROM templates")] == [2]
