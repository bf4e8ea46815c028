"""UTF-8 encoded twice is undone where it certainly was, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.decode import decode
from scraper.decode.doubled import undoubled

TEXT = "Frühling am Fluß: „schön“, sagt die Müllerin – Ärger gab’s nicht. "


def twice(text: str, codec: str = "windows-1252") -> str:
    """Encode once more than needed; the five bytes that windows-1252 leaves undefined stay controls, as in browsers."""
    return "".join(bytes((byte,)).decode(codec, "ignore") or chr(byte) for byte in text.encode())


@pytest.mark.parametrize("codec", ["windows-1252", "iso-8859-1"])
@pytest.mark.parametrize("text", [TEXT, "Гавань снова открыта после шторма", "港は嵐のあと再び開いた。", "Ο λιμένας άνοιξε ξανά"])
def test_a_second_encoding_is_undone(text: str, codec: str) -> None:
    assert undoubled(twice(text, codec).encode()) == text.encode()
    assert decode(twice(text, codec).encode()).text == text
    assert decode(twice(text, codec).encode()).signal == "utf8_twice"


def test_a_third_encoding_is_undone() -> None:
    assert undoubled(twice(twice(TEXT)).encode()) == TEXT.encode()


def test_a_part_that_was_encoded_twice_is_mended_and_the_rest_is_left() -> None:
    assert undoubled(f"Menü, Größe. {twice(TEXT)} Über uns".encode()) == f"Menü, Größe. {TEXT} Über uns".encode()


@pytest.mark.parametrize(
    "text",
    [
        TEXT * 3,
        "NESCAFÉ® und NESCAFÉ™, immer wieder NESCAFÉ® und NESCAFÉ™",
        "Die Straß\u00ade, der Fuß\u00adball, das Groß\u00admaul und die Gruß\u00adkarte",
        "« Désormais fermé\xa0», dit-il, « et oublié\xa0». « Passé\xa0», « raté\xa0», « gagné\xa0».",
        "“A MINHA IRMÔ, disse. São João, coração, não, então, irmãos, mãe, ações, órgão",
        "Ein Leser schreibt: Ã¼ statt ü.",
    ],
)
def test_what_only_looks_like_it_is_left(text: str) -> None:
    content = text.encode()
    assert undoubled(content) is content
    assert decode(text.encode()).text == text


@given(st.binary() | st.text("Ã¼â€™Ð\x9f").map(str.encode))
def test_any_bytes_are_taken(content: bytes) -> None:
    assert isinstance(undoubled(content), bytes)
