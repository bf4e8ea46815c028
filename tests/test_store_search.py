"""Do the words a person types find the story, and is nonsense refused in one sentence?"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from test_store_samples import NOW, VALLEY, article_of, fill, link_of, opened, page_of, url_of

from scraper.errors import UsageError
from scraper.store import Filters, Store
from scraper.store import search as module
from scraper.store.excerpts import excerpt


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("search") / "news.db"
    fill(path)
    return path


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(path, read_only=True) as store:
        yield store


def topics(store: Store, query: str) -> list[str]:
    return sorted(hit.url.removesuffix(".html").rpartition("/")[2] for hit in store.search(query))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("ferry", ["ferry"]),
        ("FERRY", ["ferry"]),
        ("covid-19", ["covid-19"]),
        ("covid-19 ward", ["covid-19"]),
        ("don't", ["covid-19"]),
        ("don't mind", ["covid-19"]),
        ("C++", ["covid-19"]),
        ("c++ programmers", ["covid-19"]),
        ("night ferry: islands!", ["ferry"]),
        ("islands, ferry?", ["ferry"]),
        ("(ferry)", ["ferry"]),
        ("ferry :)", ["ferry"]),
        ("*ferry", ["ferry"]),
        ("-ferry", ["ferry"]),
        ("ferry & islands", ["ferry"]),
        ("What's \"night ferry\" - island's", []),
        ('"night ferry" islands', ["ferry"]),
        ("ferry OR bridge", ["bridge", "ferry"]),
        ("covid-19 OR rust", ["bridge", "covid-19"]),
        ("(covid-19 OR rust) NOT don't", ["bridge"]),
        ("council NOT ferry", ["budget"]),
        ("headline: bridge", ["bridge"]),
        ("headline:covid-19", ["covid-19"]),
        ("authors: parry", ["sheep"]),
        ("agencies: wire", ["ferry"]),
        ("school*", ["school"]),
        ("covid-1*", ["covid-19"]),
        ("covid-2*", []),
        ("NEAR(rust cables, 6)", ["bridge"]),
        ("rust NEAR cables", ["bridge"]),
        ("rust NEAR/1 council", []),
        ("(rust NEAR cables) OR covid-19 NEAR/20 ward*", ["bridge", "covid-19"]),
        ('"night ferry" NEAR islands', ["ferry"]),
        ("réadteacher", []),
        ("\0ferry", ["ferry"]),
        ("ferry \ud800", ["ferry"]),
    ],
)
def test_words_are_found_as_a_person_types_them(store: Store, query: str, expected: list[str]) -> None:
    assert topics(store, query) == expected


@pytest.mark.parametrize(
    "query", ["", "  ", "?!", '"', '"night ferry', "ferry AND", "AND", "(ferry OR bridge", "NOT ferry", "*", "OR OR", "()"]
)
def test_a_query_that_makes_no_sense_is_refused_in_one_sentence(store: Store, query: str) -> None:
    with pytest.raises(UsageError) as caught:
        store.search(query)
    assert caught.value.code == "bad_query"
    assert "\n" not in caught.value.message
    assert "fts5" not in caught.value.message


def test_the_refusal_says_what_is_wrong(store: Store) -> None:
    with pytest.raises(UsageError, match=r"^the search 'ferry AND' cannot be understood: it breaks off$"):
        store.search("ferry AND")
    with pytest.raises(UsageError, match="a quotation mark is not closed"):
        store.search('"night ferry')


def test_the_headline_weighs_more_than_the_text(tmp_path: Path) -> None:
    store, run = opened(tmp_path / "news.db")
    with store:
        for topic in ("ferry", "bridge"):
            article = article_of(topic, headline="About the bridge" if topic == "bridge" else "Nothing")
            body = f"{article.body}\n\nOnce more: the bridge." if topic == "ferry" else "Short, and about something else."
            store.record_article(
                run, link_of(url_of(topic)), page_of(url_of(topic)), article_of(topic, headline=article.headline, body=body)
            )
        hits = store.search("bridge")
    assert [hit.headline for hit in hits] == ["About the bridge", "Nothing"]
    assert hits[0].rank < hits[1].rank


def test_a_hit_says_where_it_is_from_and_shows_the_words(store: Store) -> None:
    (hit,) = store.search("zeppelins OR correction", mark=("<b>", "</b>"))
    assert (hit.source_id, hit.source, hit.url) == ("harbour", "The Harbour Post", url_of("ferry"))
    assert hit.authors == "Aoife Brennan"
    assert hit.published == "2026-01-05T12:00:00+00:00"
    assert "<b>Correction</b>" in hit.snippet


def test_accents_and_case_make_no_difference(tmp_path: Path) -> None:
    store, run = opened(tmp_path / "news.db")
    with store:
        store.record_article(run, link_of(url_of("a")), page_of(url_of("a")), article_of("a", headline="Çà et là, l'Élysée"))
        assert len(store.search("elysee")) == len(store.search("l'élysée")) == len(store.search("ÇÀ")) == 1


def test_a_search_is_narrowed_by_source_date_and_number(store: Store) -> None:
    assert [hit.source_id for hit in store.search("summer", Filters(source_id=VALLEY.id))] == ["valley"]
    everything = store.search("summer")
    assert len(everything) == 6
    assert store.search("summer", Filters(limit=2)) == everything[:2]
    recent = store.search("summer", Filters(since=date(2026, 1, 4)))
    assert {hit.url for hit in recent} == {url_of("ferry"), url_of("bridge"), "https://valley.example/2026/sheep"}
    assert store.search("summer", Filters(since=NOW - timedelta(hours=3))) == tuple(hit for hit in recent if "ferry" in hit.url)
    assert len(store.search("summer", Filters(since=datetime.fromisoformat("2026-01-05T20:00:00+08:00")))) == 1


def test_where_very_many_match_the_newest_are_ranked_and_each_hit_says_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = store.search("summer")
    assert {hit.newest for hit in everything} == {None}
    monkeypatch.setattr(module, "RANKED", 3)
    newest = store.search("summer", Filters(limit=2))
    last = sorted(hit.article_id for hit in everything)[-3:]
    assert [(hit.article_id, hit.newest) for hit in newest] == [(hit.article_id, 3) for hit in everything if hit.article_id in last][:2]
    assert len(store.search("summer", Filters(limit=5))) == 5
    assert len(store.search("summer", Filters(limit=None))) == 6


@pytest.mark.parametrize("word", ["summer", "ferry OR sheep"])
def test_what_options_leave_is_what_they_leave_of_all_that_match(store: Store, word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RANKED", 1)
    every = store.search(word, Filters(limit=99))
    for source_id in ("harbour", VALLEY.id):
        of_source = {hit.url for hit in every if hit.source_id == source_id}
        assert {hit.url for hit in store.search(word, Filters(source_id=source_id, limit=99))} == of_source
        assert len(store.search(word, Filters(source_id=source_id, until=date(2027, 1, 1), limit=99))) == len(of_source)
    before = store.search(word, Filters(until=date(2026, 1, 4), limit=99))
    after = store.search(word, Filters(since=date(2026, 1, 4), limit=99))
    assert {hit.url for hit in (*before, *after)} == {hit.url for hit in every}
    assert store.search(word, Filters(since=date(2030, 1, 1))) == ()


@pytest.mark.parametrize(
    ("body", "words", "cut"),
    [
        ("Die Bundesregierung tagt.", ["regierung", "bundesregierung"], "Die [Bundesregierung] tagt."),
        ("Une soirée à l'Élysée.", ["elysee"], "Une soirée à l'[Élysée]."),
        ("Der Präsident.", ["präsident"], "Der [Präsident]."),
        ("한국의 하늘", ["하늘"], "한국의 [하늘]"),
        ("東京の空", ["京"], "東[京]の空"),
        ("A préschool, two Schools.", ["school*"], "A préschool, two [Schools]."),
        ("Le préavis", ["prea*"], "Le [préavis]"),
        ("Nothing of it.", ["regierung"], "Nothing of it."),
        ("", ["regierung"], ""),
        (f"{'word ' * 60}regierung {'word ' * 60}", ["regierung"], f"…{'word ' * 10}[regierung] {'word ' * 19}word…"),
    ],
)
def test_an_excerpt_shows_the_forms_that_were_found(body: str, words: list[str], cut: str) -> None:
    assert excerpt(body, words, ("[", "]")) == cut


@pytest.mark.parametrize("query", ["schoo*", '"schoo" *', "schoo* NOT zeppelin", "(schoo* OR zeppelin)"])
def test_the_beginning_of_a_word_is_shown_where_it_was_found(store: Store, query: str) -> None:
    assert all("[school]" in hit.snippet.lower() for hit in store.search(query))
    assert topics(store, query) == ["school"]


def test_an_unknown_source_is_refused_with_the_nearest_known_one(store: Store) -> None:
    with pytest.raises(UsageError, match=r"no source 'harbor' in the database; did you mean harbour\?") as caught:
        store.search("ferry", Filters(source_id="harbor"))
    assert caught.value.code == "unknown_source"
    with pytest.raises(UsageError, match=r"no source 'zzz' in the database$"):
        store.search("ferry", Filters(source_id="zzz"))


def test_an_empty_database_has_no_hits(tmp_path: Path) -> None:
    with Store.open(tmp_path / "news.db") as store:
        assert store.search("covid-19") == ()
        assert store.stats().articles == 0
