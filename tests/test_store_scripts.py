"""Words that no space sets apart are found: in Chinese, Japanese and Thai, in German compounds, and with Arabic's particles."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_store_samples import NOW, SITE, article_of, link_of, opened, page_of

from scraper.errors import UsageError
from scraper.store import Filters, Store
from scraper.store.scripts import is_unspaced, spaced

STORIES = {
    "zh": ("zh", "港务局关闭旧桥", "港务局星期二宣布关闭旧桥,因为潜水员发现轴承有裂缝。经济损失尚不清楚。"),
    "ja": ("ja", "古い橋が閉鎖", "市議会は経済成長の見通しを発表した。東京都の橋は火曜日に閉鎖された。"),
    "th": ("th", "ปิดสะพานเก่า", "การท่าเรือประกาศปิดสะพานเก่าเมื่อวันอังคาร"),
    "de": ("de-AT", "Krise im Bund", "Die Bundesregierung berät am Montag über die Regierungskrise in der Landeshauptstadt."),
    "en": ("en", "Regime and rain", "The government met on Monday; no bridgekeeping was spoken of."),
    "ar": ("ar", "اجتماع", "قالت الحكومة إن الجسر القديم مغلق، وبالميناء سفن كثيرة."),
}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scripts") / "news.db"
    store, run = opened(path)
    with store:
        for name, (language, headline, body) in STORIES.items():
            url = f"{SITE}/{name}"
            article = article_of(name, language=language, headline=headline, body=body, standfirst=None, tags=(name,))
            store.record_article(run, link_of(url), page_of(url), article)
    return path


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(path, read_only=True) as store:
        yield store


def found(store: Store, query: str, **narrow: str) -> list[str]:
    return sorted(hit.url.rpartition("/")[2] for hit in store.search(query, Filters(**narrow)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("经济", ["zh"]),
        ("経済", ["ja"]),
        ("経済成長", ["ja"]),
        ("成長経済", []),
        ("橋", ["ja"]),
        ("旧桥 轴承", ["zh"]),
        ("桥 OR 橋", ["ja", "zh"]),
        ("東京 NOT 火曜日", []),
        ('"東京都の橋"', ["ja"]),
        ("headline:橋", ["ja"]),
        ("สะพาน", ["th"]),
        ("regierung", ["de"]),
        ("Regierung Montag", ["de"]),
        ("hauptstadt", ["de"]),
        ("(regierung OR rain) montag", ["de"]),
        ("rain NOT regierung", ["en"]),
        ("keeping", []),
        ('"regierung"', []),
        ("gier", ["de"]),
        ("حكومة", ["ar"]),
        ("ميناء", ["ar"]),
        ("الجسر", ["ar"]),
        ("جسر", ["ar"]),
    ],
)
def test_a_word_is_found_where_no_space_sets_it_apart(store: Store, query: str, names: list[str]) -> None:
    assert found(store, query) == names


def test_the_snippet_shows_the_characters_that_were_found(store: Store) -> None:
    (hit,) = store.search("経済", mark=("<", ">"))
    assert hit.snippet == "市議会は<経済>成長の見通しを発表した。東京都の橋は火曜日に閉鎖された。"


@pytest.mark.parametrize(
    ("narrow", "names"),
    [
        ({"language": "de"}, ["de"]),
        ({"language": "en"}, []),
        ({"tag": "DE"}, ["de"]),
        ({"author": "brennan"}, ["de"]),
        ({"author": "br%n"}, []),
    ],
)
def test_a_search_is_narrowed_by_language_tag_and_author(store: Store, narrow: dict[str, str], names: list[str]) -> None:
    assert found(store, "regierung", **narrow) == names


def test_until_is_the_first_moment_left_out(store: Store) -> None:
    published = NOW - timedelta(hours=9, minutes=30)  # as test_store_samples has it
    assert store.search("regierung", Filters(until=published)) == ()
    assert len(store.search("regierung", Filters(until=published + timedelta(seconds=1)))) == 1


def test_what_a_story_no_longer_says_is_no_longer_found(tmp_path: Path) -> None:
    store, run = opened(tmp_path / "news.db")
    url = f"{SITE}/ja"
    with store:
        for hour, body in enumerate(("東京都の橋は火曜日に閉鎖された。", "大阪府の駅は水曜日に開業した。")):
            page = page_of(url, at=NOW + timedelta(hours=hour))
            store.record_article(run, link_of(url), page, article_of("ja", language="ja", body=body, standfirst=None))
        assert found(store, "橋") == []
        assert found(store, "駅") == ["ja"]


def test_a_database_from_before_these_indexes_gets_them_once(tmp_path: Path, path: Path) -> None:
    copy = tmp_path / "copy.db"
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        target.executescript(
            "DROP TABLE articles_unspaced_fts; DROP TABLE long_words_fts; DROP TABLE long_words;"
            "DELETE FROM _sqlite_migrations WHERE name = '0014_scripts';"
        )
    with Store.open(copy) as store:
        assert found(store, "橋") == ["ja"]
        assert found(store, "regierung") == ["de"]


@settings(max_examples=60, deadline=None)
@given(query=st.text(alphabet='橋ab الح"()*: ANDORT', max_size=20))
def test_any_query_is_answered_or_refused(path: Path, query: str) -> None:
    with Store.open(path, read_only=True) as store, suppress(UsageError):
        assert all(hit.rank < 0 for hit in store.search(query))


@given(st.text())
def test_setting_apart_changes_spaces_only(text: str) -> None:
    assert spaced(text).replace(" ", "") == text.replace(" ", "")
    assert is_unspaced(text) or spaced(text) == text
