"""Does the search over many files and tasks find the clusters that one database finds, filled in the order of time?"""

import json
import random
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import fsspec
import numpy as np
import pyarrow.parquet as pq
import pytest
from pyarrow.fs import LocalFileSystem
from test_copies import FILLER, STORY, edited

from scraper.batch import copies_pairs, copies_plan, copies_texts
from scraper.batch.copies import find_copies, in_turn
from scraper.batch.copies_clusters import Leads, roots
from scraper.batch.dataset import Warc
from scraper.batch.dataset_layout import LAYOUT, Layout
from scraper.batch.dataset_place import Place
from scraper.batch.dataset_rows import page_row
from scraper.batch.dataset_writing import PartWriter
from scraper.batch.importing import Importing, import_batch
from scraper.records import Article, Link, Page
from scraper.store import Store, prepared

BEGIN = datetime(2026, 1, 5, 6, tzinfo=UTC)
STANDING = " The island's weather office will publish its next report at noon, and readers may write to the desk at any time of the day."
Told = tuple[str, str, datetime]  # address, text, moment


def text_of(dice: random.Random, words: int) -> str:
    syllables = "ba ce di fo gu la me ni po ru sa te vi zo".split()
    return " ".join("".join(dice.choices(syllables, k=dice.randint(1, 4))) for _ in range(words))


def generated(seed: int, originals: int = 40) -> list[Told]:
    """Give stories and copies of them, edited, cut, led anew and letter for letter, with a phrase that all of them share."""
    dice = random.Random(seed)
    texts: list[str] = []
    for number in range(originals):
        text = text_of(dice, dice.choice((25, 45, 120, 300))) + f" {number} {dice.randint(100, 999)}."
        texts.append(text + STANDING)
        for _ in range(dice.choice((0, 1, 1, 3))):
            base = dice.choice(texts[-3:])
            copies = (
                edited(base, 0.15, dice.randint(0, 99)),
                f"{text_of(dice, 12)}. {base}",
                " ".join(base.split()[: len(base.split()) // 2]),
                base,
            )
            texts.append(dice.choice(copies))
    return [(f"https://paper{place % 7}.example/{place}", text, BEGIN + timedelta(minutes=7 * place)) for place, text in enumerate(texts)]


def article_of(url: str, text: str) -> Article:
    return Article(url=url, headline=url[-9:], body=text, verdict="article", confidence=0.9)


def page_of(url: str, at: datetime) -> Page:
    return Page(url=url, requested_url=url, status=200, headers=(), content=b"", fetched_at=at)


def stored(path: Path, told: Sequence[Told]) -> dict[str, str]:
    """Store all in turn, and give for each address that of its original."""
    with Store.open(path) as store:
        run = store.begin_run("test", started_at=BEGIN)
        for url, text, at in told:
            store.record_article(run, Link(url=url, source_id=url.split("/")[2]), page_of(url, at), article_of(url, text))
    with closing(sqlite3.connect(path)) as database:
        return dict(
            database.execute(
                "SELECT article_urls.url, first.url FROM article_urls JOIN articles ON articles.id = article_id"
                " JOIN articles AS first ON first.id = coalesce(articles.original_id, articles.id)"
            )
        )


def batch_of(folder: Path, told: Sequence[Told], parts: int, seed: int = 0) -> Place:
    dice = random.Random(seed)
    (folder / LAYOUT).parent.mkdir(exist_ok=True)
    (folder / LAYOUT).write_text(Layout().to_json())
    writers = [PartWriter(LocalFileSystem(), str(folder), f"part-{number}", Layout(groups=3)) for number in range(parts)]
    for url, text, at in told:
        row = page_row(page_of(url, at), prepared(article_of(url, text)), Warc("a.warc", 0))
        dice.choice(writers).add(row)
    for writer in writers:
        writer.close()
    return Place.of(str(folder))


def found(place: Place) -> list[dict[str, Any]]:
    return [row for path in sorted(Path(place.root).glob("copies/*.parquet")) for row in pq.read_table(path).to_pylist()]


def clusters(place: Place, told: Sequence[Told]) -> dict[str, str]:
    """Give for each address that of its original, as the search has written it."""
    rows = found(place)
    address = {row["story"]: row["url"] for row in rows}
    return {url: url for url, _, _ in told} | {row["url"]: address[row["original"]] for row in rows}


@pytest.fixture
def tight(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make chunks, buckets and groups so small that there are several of each."""
    for module, name, value in (
        (copies_plan, "CHUNK_STORIES", 12),
        (copies_plan, "BUCKET_ROWS", 600),
        (copies_plan, "GROUP_STORIES", 25),
        (copies_pairs, "SLICE_ROWS", 40),
        (copies_pairs, "PASS_ROWS", 500),
        (copies_texts, "AT_ONCE", 5),
        (copies_texts, "PASS_TEXTS", 10),
    ):
        monkeypatch.setattr(module, name, value)


@pytest.mark.usefixtures("tight")
@pytest.mark.parametrize("seed", range(4))
def test_clusters_across_files_are_those_of_one_database(tmp_path: Path, seed: int) -> None:
    told = generated(seed)
    expected = stored(tmp_path / "news.db", told)
    place = batch_of(tmp_path / "out", told, parts=5, seed=seed)
    summary = find_copies(place, place.record_files())
    assert clusters(place, told) == expected
    copies = sum(url != original for url, original in expected.items())
    assert copies >= 20
    assert (summary.stories, summary.copies) == (len(told), copies)
    assert summary.clusters == len({original for url, original in expected.items() if url != original})


def test_in_one_chunk_and_bucket_they_are_the_same(tmp_path: Path) -> None:
    told = generated(9)
    place = batch_of(tmp_path / "out", told, parts=2)
    find_copies(place, place.record_files())
    assert clusters(place, told) == stored(tmp_path / "news.db", told)


@pytest.mark.usefixtures("tight")
def test_a_phrase_of_very_many_stories_leads_to_few_pairs_and_hides_no_copy(tmp_path: Path) -> None:
    dice = random.Random(3)
    phrase = text_of(dice, 200)
    told = [(f"https://paper.example/{place}", f"{phrase} {text_of(dice, 900)}", BEGIN + timedelta(minutes=place)) for place in range(90)]
    told.append(("https://other.example/copy", edited(told[70][1], 0.1), BEGIN + timedelta(days=1)))
    place = batch_of(tmp_path / "out", told, parts=4)
    find_copies(place, place.record_files())
    expected = stored(tmp_path / "news.db", told)
    assert clusters(place, told) == expected
    assert expected["https://other.example/copy"] == "https://paper.example/70"


def test_what_is_written_says_of_each_story_which_it_is_one_with_and_how(tmp_path: Path) -> None:
    told = [
        ("https://harbour.example/a", STORY, BEGIN),
        ("https://valley.example/b", STORY, BEGIN + timedelta(hours=1)),
        ("https://cape.example/c", edited(STORY, 0.2), BEGIN + timedelta(hours=2)),
        ("https://www.harbour.example/a?utm_source=x", STORY + " More soon.", BEGIN + timedelta(hours=3)),
        ("https://cape.example/d", " ".join(FILLER * 5), BEGIN),
    ]
    place = batch_of(tmp_path / "out", told, parts=2)
    assert find_copies(place, place.record_files())._asdict() | {"compared": 0} == {"stories": 5, "clusters": 1, "copies": 3, "compared": 0}
    rows = {row["url"]: row for row in found(place)}
    assert {url: row["kind"] for url, row in rows.items()} == {
        told[0][0]: "original", told[1][0]: "exact", told[2][0]: "near", told[3][0]: "address",
    }  # fmt: skip
    assert {row["original"] for row in rows.values()} == {rows[told[0][0]]["story"]}
    assert 0.5 <= rows[told[2][0]]["likeness"] < 1
    path, _, row = rows[told[1][0]]["story"].partition("#")
    assert pq.read_table(tmp_path / f"out/records/{path}.parquet").to_pylist()[int(row)]["url"] == told[1][0]
    assert json.loads((tmp_path / "out/copies/_found.json").read_text())["copies"] == 3
    assert not (tmp_path / "out/_copies").exists()


@pytest.mark.usefixtures("tight")
def test_tasks_that_are_called_twice_and_in_any_order_leave_the_same(tmp_path: Path) -> None:
    told = generated(5)
    dice = random.Random(1)

    def restless(function: Callable[[int], Any], items: Iterable[int]) -> list[Any]:
        order = [*items] * 2
        dice.shuffle(order)
        done = {item: function(item) for item in order}
        return [done[item] for item in sorted(done)]

    place = batch_of(tmp_path / "out", told, parts=4)
    find_copies(place, place.record_files(), restless)
    again = found(place)
    find_copies(place, place.record_files(), in_turn)
    assert found(place) == again


def test_a_batch_in_an_object_store_is_searched_and_imported_where_it_is(tmp_path: Path) -> None:
    told = generated(2, originals=12)
    batch_of(tmp_path / "out", told, parts=2)
    store = fsspec.filesystem("memory")
    store.put(f"{tmp_path}/out", "/copies-test", recursive=True)
    try:
        place = Place.of("memory://copies-test")
        summary = find_copies(place, place.record_files())
        expected = stored(tmp_path / "news.db", told)
        assert summary.copies == sum(url != original for url, original in expected.items())
        assert store.find("/copies-test/_copies") == []
        wanted = Importing(db=tmp_path / "imported.db", folder="memory://copies-test")
        assert import_batch(wanted, now=lambda: BEGIN).outcomes.keys() == {"new", "duplicate"}
        assert import_batch(wanted, now=lambda: BEGIN).outcomes == {"known": len(told)}
    finally:
        store.rm("/copies-test", recursive=True)


def test_a_batch_without_stories_or_without_copies_has_none(tmp_path: Path) -> None:
    place = batch_of(tmp_path / "empty", [], parts=1)
    assert find_copies(place, place.record_files()).copies == 0
    place = batch_of(tmp_path / "one", [("https://a.example/1", STORY, BEGIN)], parts=1)
    assert find_copies(place, place.record_files()).clusters == 0
    assert found(place) == []


def test_chains_are_followed_to_their_ends() -> None:
    numbers = np.arange(1, 1_001)
    leads = Leads(numbers, numbers - 1, np.zeros(1_000), np.ones(1_000))
    assert set(roots(leads).tolist()) == {0}
