"""Which language: what the page declares, and what its text says when it declares nothing or something else."""

import pytest

from scraper.extract.fields import fields
from scraper.extract.language import tag
from scraper.extract.walk import walk_html

GERMAN = "Der Hafen ist nach dem Sturm wieder geöffnet worden, und die Schiffe laufen seit dem frühen Morgen wieder ein, sagte der Kapitän."
JAPANESE = "港は嵐のあとに再び開かれ、船は早朝から入港していると船長が記者団に語った。市長は夜を徹して働いた作業員に感謝の言葉を述べた。"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("en-GB", "en"),
        ("pt_BR", "pt"),
        ("zh-Hans-CN", "zh"),
        ("EN-us", "en"),
        ("iw", "he"),
        ("nb-NO", "no"),
        ("English", "en"),
        ("und", None),
        ("", None),
        ("{{lang}}", None),
    ],
)
def test_tags_are_read_as_pages_write_them(text: str, expected: str | None) -> None:
    assert tag(text) == expected


def language(html: str) -> str | None:
    return fields(walk_html(html), None, None).language


def test_the_declared_language_is_taken() -> None:
    assert language(f'<html lang="de-DE"><p>{GERMAN}</p>') == "de"
    assert language(f'<meta property="og:locale" content="de_DE"><p>{GERMAN}</p>') == "de"


def test_the_text_decides_where_nothing_is_declared_or_another_script_stands() -> None:
    assert language(f"<p>{GERMAN}</p>") == "de"
    assert language(f'<html lang="en"><p>{JAPANESE}</p>') == "ja"


def test_contradicting_declarations_are_settled_by_the_text() -> None:
    assert language(f'<html lang="en"><meta property="og:locale" content="de_DE"><p>{GERMAN}</p>') == "de"


@pytest.mark.parametrize(
    ("text", "expected", "signal"),
    [
        (GERMAN * 2, "de", "text:words"),
        ("The harbour was closed for the night, and the ships that had been waiting for it were led in by pilots.", "en", "text:words"),
        ("El puerto fue cerrado por la noche y los barcos que esperaban entraron con la marea.", "es", "text:words"),
        ("Il porto è stato chiuso nella notte e le navi che aspettavano sono entrate con la marea.", "it", "text:words"),
        ("De haven was de hele nacht gesloten en de schepen zijn met het tij binnengekomen.", "nl", "text:words"),
        ("Порт был закрыт на ночь, и суда, которые ждали прилива, вошли в гавань только утром.", "ru", "text:words"),
        ("Порт був закритий на ніч, і судна, які чекали припливу, увійшли до гавані лише вранці.", "uk", "text:words"),
        ("Il-port reġa' nfetaħ wara l-maltempata u l-vapuri daħlu kmieni filgħodu, qal il-kaptan tal-lanċa.", "mt", "text:py3langid"),
    ],
)  # fmt: skip
def test_common_words_decide_where_they_leave_no_doubt(text: str, expected: str, signal: str) -> None:
    found = fields(walk_html(f"<p>{text}</p>"), None, None)
    assert found.language == expected
    assert [proof.signal for proof in found.evidence if proof.field == "language"] == [signal]


def test_of_two_declared_languages_the_text_chooses_where_a_third_is_as_near() -> None:
    unsure = "(EFE).- El puerto cerró por una noche entera; barcos, prácticos, remolcadores y capitanes esperaban la marea alta."
    assert language(f'<html lang="en"><meta property="og:locale" content="es_ES"><p>{unsure}</p>') == "es"


def test_an_empty_page_has_no_language() -> None:
    assert language("") is None
