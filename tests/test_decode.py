"""Bytes and headers become the text that was meant, whatever the server, the page and the wire did to them."""

import base64
import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.decode import decode, gunzipped, kind, undecoded
from scraper.decode.labels import as_text, encoding_named
from scraper.decode.ladder import Headers
from scraper.decode.prescan import meta_encoding, xml_encoding
from scraper.extract.inner_loops import is_sound_utf8

Case = dict[str, Any]
CASES = Path(__file__).parents[2] / "shared" / "conformance" / "encoding.jsonl"
GERMAN = "Die Behörde prüft die Pläne für die Straße. "
NO_DECLARATION = "windows-1252"  # what a browser falls back to, and so what html5lib's cases say when the prescan finds nothing


def cases(key: str) -> list[Any]:
    if not CASES.exists():
        return [pytest.param(None, marks=pytest.mark.skip(reason="the shared conformance cases are not on this machine"))]
    rows = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    return [pytest.param(row, id=row["id"]) for row in rows if key in row]


def labelled(charset: str) -> dict[str, str]:
    return {"content-type": f"text/html; charset={charset}"}


@pytest.mark.parametrize("case", cases("expect_encoding"))
def test_the_declaration_inside_a_page_is_found_as_the_standard_finds_it(case: Case) -> None:
    content = base64.b64decode(case["b64"])
    assert (meta_encoding(content) or NO_DECLARATION) == case["expect_encoding"]
    if case["expect_encoding"] != NO_DECLARATION:
        assert decode(content).encoding == case["expect_encoding"]


@pytest.mark.parametrize("case", cases("expect_text"))
def test_header_mark_and_bytes_give_the_expected_text(case: Case) -> None:
    # en103 and en108 (UTF-32) go beyond the standard, which knows no UTF-32 and would show NULs; both pass all the same.
    headers = [tuple(case["content_type"].split(": ", 1))] if case["content_type"] else None
    assert decode(base64.b64decode(case["b64"]), headers).text == case["expect_text"]


@pytest.mark.parametrize(
    ("mark", "codec", "name"),
    [
        (b"\xef\xbb\xbf", "utf-8", "utf-8"),
        (b"\xff\xfe", "utf-16-le", "utf-16le"),
        (b"\xfe\xff", "utf-16-be", "utf-16be"),
        (b"\xff\xfe\x00\x00", "utf-32-le", "utf-32le"),
        (b"\x00\x00\xfe\xff", "utf-32-be", "utf-32be"),
    ],
)
def test_a_byte_order_mark_beats_every_label_and_is_not_part_of_the_text(mark: bytes, codec: str, name: str) -> None:
    found = decode(mark + GERMAN.encode(codec), labelled("koi8-r"))
    assert (found.text, found.encoding, found.signal) == (GERMAN, name, "bom")


def test_the_header_beats_the_page_and_the_page_beats_the_bytes() -> None:
    page = '<meta charset="windows-1251"><p>Новости'.encode("koi8-r")
    assert decode(page, labelled("koi8-r")).signal == "http"
    assert decode('<meta charset="koi8-r"><p>Новости'.encode("koi8-r")).text.endswith("Новости")


@pytest.mark.parametrize("value", ["text/html;charset=UTF-8", 'text/html; Charset="utf-8"', "text/html; charset = 'utf8' ; q=1"])
def test_the_charset_of_a_header_is_read_in_every_spelling(value: str) -> None:
    assert decode(b"x", [("Content-Type", value)]).signal == "http"


@pytest.mark.parametrize("value", ["text/html", "text/html; charset=", "text/html; charset=none", "text/html; charset=ütf", ""])
def test_a_header_without_a_usable_charset_leaves_the_decision_to_the_document(value: str) -> None:
    assert decode(GERMAN.encode(), [("content-type", value)]).signal == "utf8"


def test_labels_mean_what_the_encoding_standard_says() -> None:
    meanings = {"ISO-8859-1": "windows-1252", "latin1": "windows-1252", "us-ascii": "windows-1252", "gb2312": "gbk", "x-sjis": "shift_jis"}
    assert {label: encoding_named(label) for label in meanings} == meanings
    assert encoding_named("utf8mb4") is None
    assert encoding_named("ＵＴＦ-8") is None


def test_every_label_of_the_standard_can_be_read() -> None:
    from webencodings.labels import LABELS

    unread = {label for label in LABELS if encoding_named(label) is None}
    assert unread <= {"replacement", "iso-2022-cn", "iso-2022-cn-ext"}  # Python has no codec for these
    for label in LABELS.keys() - unread:
        assert as_text(b"\x00a\x81\xfe\xff", encoding_named(label) or "")


def test_bytes_that_windows_leaves_undefined_become_controls_as_in_browsers() -> None:
    assert as_text(b"a\x81b\x80", "windows-1252") == "a\x81b€"
    assert as_text(b"\xd2", "windows-1253") == "\ufffd"


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [("shift_jis", "cp932", "①髙"), ("euc-kr", "cp949", "똠방"), ("gb2312", "gb18030", "镕€"), ("big5", "big5hkscs", "嘅咗")],
)
def test_asian_labels_are_read_with_the_larger_set_that_browsers_use(label: str, codec: str, text: str) -> None:
    assert decode(text.encode(codec), labelled(label)).text == text


def test_a_declaration_in_utf16_that_could_be_read_as_ascii_is_a_lie() -> None:
    assert decode(b"<meta charset=utf-16><p>x").encoding == "utf-8"
    assert decode(b"<meta charset=x-user-defined><p>x").encoding == "windows-1252"


def test_a_declaration_far_down_is_found_but_not_one_inside_a_script_there() -> None:
    far = b"<!-- " + b"x" * 20_000 + b" -->"
    assert meta_encoding(far + b"<script>'<meta charset=koi8-r>'</script><meta charset=euc-jp>") == "euc-jp"


@pytest.mark.parametrize("start", [b"", b"\n ", b"\xef\xbb\xbf"])
def test_an_xml_declaration_is_read_where_it_stands_at_the_start(start: bytes) -> None:
    assert xml_encoding(start + b"<?xml version='1.0' encoding = 'ISO-8859-2' ?><rss/>") == "iso-8859-2"


def test_a_feed_believes_its_own_declaration_and_not_a_page_quoted_in_it() -> None:
    feed = '<?xml version="1.0" encoding="windows-1251"?><rss><description>&lt;b&gt;<![CDATA[<meta charset="koi8-r">Новости]]>'
    found = decode(feed.encode("cp1251"))
    assert (found.text, found.signal) == (feed, "xml")


def test_wide_characters_without_a_mark_are_recognised() -> None:
    page = "<?xml version='1.0'?><p>Grüße</p>"
    assert decode(page.encode("utf-16-le")).text == page
    assert decode(page.encode("utf-16-be")).text == page
    assert decode(page.encode("utf-16-be"), labelled("utf-16")).text == page
    assert decode(page.encode("utf-32-le"), labelled("utf-32")).text == page


def test_a_legacy_label_on_utf8_is_refuted_by_the_bytes() -> None:
    page = f'<meta charset="iso-8859-1"><p>{GERMAN}'
    found = decode(page.encode())
    assert (found.text, found.encoding, found.signal) == (page, "utf-8", "utf8_despite_meta")


def test_a_true_legacy_label_is_believed() -> None:
    found = decode((GERMAN * 3).encode("cp1252"), labelled("iso-8859-1"))
    assert (found.text, found.signal) == (GERMAN * 3, "http")


def test_a_utf8_label_on_a_legacy_page_is_refuted_by_the_bytes() -> None:
    text = "Президент заявил, что правительство готово обсудить новый закон о бюджете. " * 3
    found = decode(text.encode("cp1251"), labelled("utf-8"))
    assert (found.text, found.signal) == (text, "chardet_despite_http")


def test_a_few_broken_characters_do_not_cost_a_page_its_encoding() -> None:
    found = decode((GERMAN * 4).encode() + b"\xfe<b>x</b>", labelled("utf-8"))
    assert found.text == GERMAN * 4 + "\ufffd<b>x</b>"
    assert found.encoding == "utf-8"


def test_utf8_that_was_cut_in_the_middle_of_a_character_stays_utf8() -> None:
    found = decode((GERMAN + "ß").encode()[:-1])
    assert (found.text, found.encoding) == (GERMAN + "\ufffd", "utf-8")
    assert decode(b"caf\xe9").text == "café"


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("cp1251", "Президент заявил, что правительство готово обсудить новый закон о бюджете. "),
        ("koi8-r", "Президент заявил, что правительство готово обсудить новый закон о бюджете. "),
        ("cp932", "政府は来年度の予算案について、国会で審議を始めると発表しました。"),
        ("euc_jp", "政府は来年度の予算案について、国会で審議を始めると発表しました。"),
        ("iso2022_jp", "政府は来年度の予算案について、国会で審議を始めると発表しました。"),
        ("gb18030", "政府宣布将于明年开始实施新的预算法案，各地代表对此表示欢迎。"),
        ("big5", "政府宣布將於明年開始實施新的預算法案，各地代表對此表示歡迎。"),
        ("cp949", "정부는 내년부터 새로운 예산안을 시행하겠다고 발표했다. "),
        ("cp1256", "أعلنت الحكومة أنها ستبدأ في تنفيذ الميزانية الجديدة اعتبارا من العام المقبل. "),
        ("iso8859-7", "Η κυβέρνηση ανακοίνωσε ότι ο νέος προϋπολογισμός θα εφαρμοστεί από το επόμενο έτος. "),
        ("cp874", "รัฐบาลประกาศว่าจะเริ่มใช้งบประมาณใหม่ในปีหน้า "),
        ("cp1250", "Rząd ogłosił, że nowy budżet wejdzie w życie w przyszłym roku. "),
        ("cp1252", GERMAN),
    ],
)
def test_a_page_that_nobody_labelled_is_recognised_by_its_bytes(codec: str, text: str) -> None:
    page = f"<html><head><title>-</title></head><body>{'<p>' * 20}{text * 6}</body></html>"
    found = decode(page.encode(codec))
    assert (found.text, found.signal) == (page, "chardet")


def test_the_detector_is_not_even_imported_for_a_page_that_says_what_it_is() -> None:
    program = "import sys; from scraper.decode import decode; decode('<meta charset=utf-8>ü'.encode()); decode('ü'.encode())"
    check = f"{program}; sys.exit('chardet' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


def test_gzip_given_as_content_is_undone() -> None:
    assert decode(gzip.compress(GERMAN.encode())).text == GERMAN
    assert gunzipped(gzip.compress(b"a" * 10) + gzip.compress(b"b" * 10)) == b"a" * 10 + b"b" * 10
    assert gunzipped(gzip.compress(gzip.compress(b"twice"))) == b"twice"
    assert gunzipped(gzip.compress(b"padded") + b"\x00" * 20) == b"padded"


def test_damaged_gzip_gives_what_could_be_read() -> None:
    packed = gzip.compress(bytes(range(256)) * 50)
    assert gunzipped(packed[:-8]) == bytes(range(256)) * 50
    half = gunzipped(packed[: len(packed) // 2])
    assert half
    assert (bytes(range(256)) * 50).startswith(half)
    assert gunzipped(b"\x1f\x8bnot gzip at all") == b"\x1f\x8bnot gzip at all"


def test_a_gzip_bomb_is_opened_up_to_the_cap() -> None:
    assert len(gunzipped(gzip.compress(b"\x00" * 3_000_000), max_bytes=100_000)) == 100_000
    assert len(gunzipped(gzip.compress(b"x" * 60) * 5, max_bytes=100)) == 100


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "empty"),
        (b" \n\xef\xbb\xbf", "empty"),
        (b"<!DOCTYPE html><html>", "html"),
        (b"\xef\xbb\xbf\n<HTML lang=en>", "html"),
        (b"<?xml version='1.0'?><!DOCTYPE html PUBLIC '-//W3C'><html>", "html"),
        (b"Warning: x on line 3 <div class=a>", "html"),
        ("<p>Grüße".encode("utf-16-le"), "html"),
        (b"<?xml version='1.0'?><rss version='2.0'>", "xml"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'>", "xml"),
        (b"<urlset xmlns='x'>", "xml"),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "json"),
        (b"[Reuters] Markets fell < 3 % on Monday", "text"),
        ("Новости дня".encode("koi8-r"), "text"),
        ("\ufeffНовости".encode("utf-16-le"), "text"),
        (b"%PDF-1.7\n%\xe2\xe3", "pdf"),
        (b"\x89PNG\r\n\x1a\n\x00", "image"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image"),
        (b"\x00\x00\x00\x1cftypavif", "image"),
        (b"\x00\x00\x00\x1cftypisom", "video"),
        (b"PK\x03\x04\x14", "archive"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"MZ\x90\x00\x03", "program"),
        (b"MZ is short for a name", "text"),
        (b"BM: a headline", "text"),
        (bytes(range(256)), "binary"),
    ],
)
def test_the_kind_of_a_document_is_told_from_its_first_bytes(content: bytes, expected: str) -> None:
    assert kind(content) == expected


pieces = st.sampled_from(
    [
        *(b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff", b"\x1f\x8b\x08", gzip.compress(b"\x80abc"), b"\x1b$B", b"\x00"),
        *(b"<meta charset=", b"<!--", b"<script ", b"<a ", b'"', b"'", b"=", b">", b"<?xml encoding='", b"charset"),
        *(b"utf-16", b"gbk", b"hz-gb-2312", b"x-user-defined", b"iso-8859-8-i", b"\xed\xa0\x80", b"\xe3\x81", b"\x81\x8d\xd2"),
    ]
)
contents: st.SearchStrategy[bytes] = st.binary() | st.lists(pieces | st.binary(max_size=6), max_size=14).map(b"".join)
charsets = st.sampled_from(["utf-16", "utf-32", "utf-7", "gbk", "big5", "x-mac-cyrillic", "iso-2022-kr", "replacement", "\ud800"])
values = st.text() | charsets.map("text/html; charset={}".format)
header_lists = st.lists(st.tuples(st.just("Content-Type") | st.text(), values))
headers: st.SearchStrategy[Any] = st.none() | header_lists | st.dictionaries(st.just("content-type"), values)


@given(contents, headers)
def test_nothing_makes_decoding_raise_and_its_text_can_always_be_stored(content: bytes, given_headers: Headers | None) -> None:
    decode(content, given_headers).text.encode("utf-8")
    kind(content)


@pytest.mark.parametrize("marks", [b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\x00\x00"])
def test_bytes_like_a_mark_in_the_middle_of_a_page_are_no_mark(marks: bytes) -> None:
    assert decode(b"<p>The council voted on Monday.</p>" + marks).text.startswith("<p>The council voted on Monday.</p>")


def test_one_bad_byte_does_not_turn_unlabelled_utf8_into_mojibake() -> None:
    decoded = decode(
        "<p>Größe, Straße, Übermut, Äpfel, Möhren, Süßes, Nüsse, Öl, Fähre, Höfe, Küste, Müll</p>".encode() * 2 + b"\xff<p>Ende</p>"
    )
    assert decoded.encoding == "utf-8"
    assert "Größe" in decoded.text
    assert decoded.text.endswith("Ende</p>")


PIECES = [
    b"<meta charset=utf-8>",
    b"<meta charset=koi8-r>",
    b"\xef\xbb\xbf",
    b"\x1f\x8b",
    b"\x1b$",
    b"\xff\xfe",
    b"\xc3\x83\xc2\xa9",
    b"\xe4",
    b"<p>",
]


@given(
    st.lists(st.sampled_from([*PIECES, "Größe".encode()]), max_size=6),
    st.sampled_from([None, {"Content-Type": "text/html; charset=utf-8"}, {"Content-Type": "text/html; charset=iso-8859-1"}]),
)
def test_what_needs_no_decoding_is_what_decoding_gives(parts: list[bytes], headers: dict[str, str] | None) -> None:
    content = b"".join(parts)
    page = undecoded(content, headers)
    if page is not None and is_sound_utf8(page):
        assert page.decode() == decode(content, headers).text


def test_an_ordinary_page_needs_no_decoding() -> None:
    page = f"<meta charset=utf-8><p>{GERMAN}".encode()
    assert undecoded(page) is page
    assert undecoded(GERMAN.encode()) is not None
    assert undecoded(GERMAN.encode("cp1252"), labelled("iso-8859-1")) is None
