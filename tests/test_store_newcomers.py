"""Pages that nobody has heard of wait with all their rows; what comes out is what storing one after the other, by look-ups, brings."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from test_store_samples import HARBOUR, LESSON, NOW, SITE, TOPICS, VALLEY, article_of, body_of, link_of, page_of, reject_of, url_of

from scraper.records import Article, Link, Page
from scraper.store import Saved, Store
from scraper.store.article_rows import Visit
from scraper.store.connection import Connection

Told = tuple[Link, Page, Article]
NOT_COMPARED = ("_fts", "_sqlite_migrations", "sqlite_", "long_words", "runs", "sources")


class Careful(Store):
    """A store that lets no story wait."""

    def _saved(self, store: Connection, visit: Visit) -> Saved:
        store.settle()
        return self._looked_up(store, visit)


def stored(path: Path, kind: type[Store], pages: list[Told], *, together: int) -> list[Saved]:
    """Store pages, so many in a transaction, behind a listing that has announced some of them."""
    with kind.open(path) as store:
        store.remember_sources((HARBOUR, VALLEY), NOW)
        run = store.begin_run("run", started_at=NOW)
        announced = [link for link, *_ in pages[::3]]
        store.record_listing(run, "harbour", HARBOUR.feeds[0], "feed", page_of(HARBOUR.feeds[0]), announced)
        saved = []
        for start in range(0, len(pages), together):
            with store.together():
                saved += [store.record_article(run, *told, LESSON) for told in pages[start : start + together]]
        store.finish_run(run, finished_at=NOW, status="ok", exit_code=0)
    return saved


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Give what stands in the tables, and see that the search index says the same as the stories."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        wanted = [name for name in names if not any(part in name for part in NOT_COMPARED)]
        found = {name: sorted(database.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in wanted}
        found["links"] = sorted(
            (row[1:] for row in found["links"]), key=repr
        )  # those that nobody announced are numbered as they are written
        return found | {"long_words": sorted(database.execute("SELECT word FROM long_words"))}


def pages(chance: random.Random) -> Iterator[Told]:
    """Invent pages that meet in every way: by address in any spelling, canonical link, text, number, redirect, as copies and as rejects."""
    names = [*TOPICS, *(f"affair-{number}" for number in range(16))]
    while True:
        name, other = chance.choice(names), chance.choice(names)
        url = chance.choice((url_of(name), url_of(name).replace("https://", "http://www."), f"{url_of(name)}?utm_source=feed"))
        asked = chance.choice((url, url, url, f"{SITE}/go/{name}", url_of(other)))
        source = chance.choice((HARBOUR, HARBOUR, VALLEY))
        number = chance.choice((None, None, None, name, other))
        link = replace(link_of(chance.choice((asked, asked, url)), source=source, title=name), source_article_id=number)
        headers = [("etag", f'"{name}"')] if chance.random() < 0.3 else []
        at = NOW + timedelta(minutes=chance.randrange(600))
        page = page_of(url, at=at, requested_url=asked, headers=headers)
        text = chance.choice(
            (body_of(name), body_of(name), body_of(name, extra=f"More about the {other} was to be heard."), body_of(other))
        )
        canonical = chance.choice((None, None, url, url_of(other), f"{SITE}/"))
        language = chance.choice(("en", "de"))
        story = article_of(name, body=text, canonical_url=canonical, language=language)
        yield link, page, reject_of("listing", "many links") if chance.random() < 0.15 else story


@pytest.mark.parametrize("seed", range(16))
def test_what_waits_ends_as_what_is_written_at_once(tmp_path: Path, seed: int) -> None:
    stream = pages(random.Random(seed))
    told = [next(stream) for _ in range(40)]
    expected = stored(tmp_path / "careful.db", Careful, told, together=1)
    outcomes = {saved.outcome for saved in expected}
    assert {"new", "rejected"} <= outcomes
    for together in (1, 7, 40):
        path = tmp_path / f"{together}.db"
        assert stored(path, Store, told, together=together) == expected
        assert rows(path) == rows(tmp_path / "careful.db")


def test_a_step_that_fails_takes_its_waiting_story_with_it(tmp_path: Path) -> None:
    class Failing(Store):
        def _saved(self, store: Connection, visit: Visit) -> Saved:
            saved = super()._saved(store, visit)
            if visit.link.title == "bad":
                raise KeyError("a fault of ours")
            return saved

    with Failing.open(tmp_path / "a.db") as store:
        run = store.begin_run("run", started_at=NOW)
        numbers = []
        with store.together():
            for topic in ("ferry", "bridge", "school"):
                link = replace(link_of(url_of(topic)), title="bad" if topic == "bridge" else None)
                if topic == "bridge":
                    with pytest.raises(KeyError):
                        store.record_article(run, link, page_of(url_of(topic)), article_of(topic))
                else:
                    numbers.append(store.record_article(run, link, page_of(url_of(topic)), article_of(topic)).article_id)
            again = store.record_article(run, link_of(url_of("bridge")), page_of(url_of("bridge")), article_of("bridge"))
        assert (numbers, again.outcome, again.article_id) == ([1, 2], "new", 3)
        assert [hit.headline for hit in store.search("ferry")] == ["What becomes of the ferry"]
