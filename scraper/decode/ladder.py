"""Which of all the witnesses to a document's encoding is believed? BOM, HTTP header, its own declaration, its bytes, a detector.

Home of chardet, imported only when everything else is silent (it costs 30-600 ms to import). The order is the WHATWG HTML
Standard's (13.2.3.2), with "is it valid UTF-8?" before the detector. Decision and figures: docs/decisions/0004-charset-ladder.md.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from scraper.decode.doubled import undoubled
from scraper.decode.gzipped import GZIP, gunzipped
from scraper.decode.kinds import kind, may_be_xml
from scraper.decode.labels import as_text, encoding_detected, encoding_named
from scraper.decode.prescan import meta_encoding, xml_encoding

__all__ = ["Decoded", "Headers", "decode", "undecoded"]

Headers = Iterable[tuple[str, str]] | Mapping[str, str]

# UTF-32 first: its little-endian mark starts with UTF-16's. (The standard knows no UTF-32; a page in it would be all NULs.)
_UTF8_BOM = b"\xef\xbb\xbf"
_BOMS = (
    (_UTF8_BOM, "utf-8"),
    (b"\x00\x00\xfe\xff", "utf-32be"),
    (b"\xff\xfe\x00\x00", "utf-32le"),
    (b"\xff\xfe", "utf-16le"),
    (b"\xfe\xff", "utf-16be"),
)
_NOT_AS_IT_STANDS = (*(bom for bom, _ in _BOMS), GZIP)
_XML_WITHOUT_BOM = ((b"<\x00?\x00x\x00", "utf-16le"), (b"\x00<\x00?\x00x", "utf-16be"))
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([^\"';,\s]+)", re.IGNORECASE)
_DEFAULT = "windows-1252"
_DETECTOR_BYTES = 100_000  # 5-15 ms of chardet 7.7, from the first byte that is not ASCII
# In the corpora 25 pages really are in the legacy encoding they declare, and none of them is valid UTF-8; 5 declare windows-1252 and are
# UTF-8, the shortest with 5 such characters. Four two-byte characters of GBK look like UTF-8 once in 1,500 times.
_REFUTING_UTF8 = 4
# Pages in UTF-8 with a few broken characters are common (4 in the corpora, 1-4 broken): those stay UTF-8. Mostly broken is another matter.
_REFUTING_BROKEN = 8
_FORGIVING = 20  # whole characters for each broken one: bytes of a legacy encoding seldom make one whole character by chance
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_SHIFTS_TO_JAPANESE = b"\x1b$"  # ISO-2022-JP is all ASCII bytes, and so "valid UTF-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """Text, the encoding it was in (WHATWG name, lower case) and the witness that was believed.

    Signals: `bom`, `http`, `meta`, `xml`, `utf8` (valid as such), `chardet`, `default` (windows-1252, the standard's last resort); and
    `utf8_despite_http`, `chardet_despite_meta` and so on where the bytes refute the label beyond doubt; with `_twice` behind it where the
    text had been encoded as UTF-8 twice (see `doubled`).
    """

    text: str
    encoding: str
    signal: str


def decode(content: bytes, headers: Headers | None = None) -> Decoded:
    """Turn a document into text, gzip and a second encoding as UTF-8 undone. Never raises; what cannot be read becomes U+FFFD."""
    content = gunzipped(content)
    found = _believed(content, headers)
    if found.encoding != "utf-8":
        return found
    once = undoubled(content)
    if once is content:
        return found
    return replace(found, text=as_text(once.removeprefix(_UTF8_BOM), "utf-8"), signal=f"{found.signal}_twice")


def undecoded(content: bytes, headers: Headers | None = None) -> bytes | None:
    """Give the document itself where `decode` would only turn it from UTF-8 into text, provided that it is UTF-8 and was not encoded twice.

    None where it does more. Who can read bytes, and tell these two faster than Python decodes them, need not decode a page.
    """
    if content.startswith(_NOT_AS_IT_STANDS):
        return None
    declared = _declared(content, headers)
    plain = _SHIFTS_TO_JAPANESE not in content if declared is None else declared[0] == "utf-8"
    return content if plain else None


def _believed(content: bytes, headers: Headers | None) -> Decoded:
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return Decoded(text=as_text(content[len(bom) :], encoding), encoding=encoding, signal="bom")
    declared = _declared(content, headers)
    if declared is None:
        return _by_bytes(content)
    return _checked(content, *declared)


def _declared(content: bytes, headers: Headers | None) -> tuple[str, str] | None:
    """Give the declared encoding and who declares it."""
    if named := _http_encoding(headers):
        return _byte_order(content, named), "http"
    for start, named in _XML_WITHOUT_BOM:
        if content.startswith(start):
            return named, "xml"
    if may_be_xml(content) and kind(content) == "xml":
        named = xml_encoding(content)
        return (named, "xml") if named else None
    if named := meta_encoding(content):
        return named, "meta"
    if named := xml_encoding(content):
        return named, "xml"
    return None


def _http_encoding(headers: Headers | None) -> str | None:
    if not headers:
        return None
    for name, value in headers.items() if isinstance(headers, Mapping) else headers:
        if name.lower() == "content-type" and (match := _HEADER_CHARSET.search(value)):
            return encoding_named(match[1])
    return None


def _byte_order(content: bytes, encoding: str) -> str:
    """Choose the order of wide characters that have no mark: the one that puts the zeros of ASCII markup where they belong."""
    if encoding == "utf-16le" and content[0:100:2].count(0) > content[1:100:2].count(0):
        return "utf-16be"
    if encoding == "utf-32":
        return "utf-32le" if content[3:100:4].count(0) > content[0:100:4].count(0) else "utf-32be"
    return encoding


def _checked(content: bytes, encoding: str, signal: str) -> Decoded:
    """Decode as declared, unless the bytes say beyond doubt that the label is wrong."""
    if encoding == "utf-8":
        return _checked_utf8(content, signal)
    if not encoding.startswith("utf-") and (text := _utf8(content)) is not None and _multibyte(text) >= _REFUTING_UTF8:
        return Decoded(text=text, encoding="utf-8", signal=f"utf8_despite_{signal}")
    return Decoded(text=as_text(content, encoding), encoding=encoding, signal=signal)


def _checked_utf8(content: bytes, signal: str) -> Decoded:
    try:
        return Decoded(text=content.decode("utf-8"), encoding="utf-8", signal=signal)
    except UnicodeDecodeError:
        text = content.decode("utf-8", "replace")
    broken = text.count("\ufffd") - content.count(b"\xef\xbf\xbd")
    if broken >= _REFUTING_BROKEN and broken * 2 > _multibyte(text):
        found = _by_detector(content)
        return Decoded(text=found.text, encoding=found.encoding, signal=f"{found.signal}_despite_{signal}")
    return Decoded(text=text, encoding="utf-8", signal=signal)


def _by_bytes(content: bytes) -> Decoded:
    """Decode what nobody labelled."""
    if _SHIFTS_TO_JAPANESE not in content and (text := _utf8(content)) is not None:
        return Decoded(text=text, encoding="utf-8", signal="utf8")
    return _mostly_utf8(content) or _by_detector(content)


def _mostly_utf8(content: bytes) -> Decoded | None:
    """Decode UTF-8 with a few bad bytes in it: one of them must not turn every accent of a page into two wrong letters."""
    text = content.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if not broken or _multibyte(text) - broken < _FORGIVING * broken:
        return None
    return Decoded(text=text, encoding="utf-8", signal="utf8_mostly")


def _utf8(content: bytes) -> str | None:
    """Give the text if it is UTF-8, the last character perhaps cut off (the end of a truncated download)."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        cut_off = error.end == len(content) and error.reason == "unexpected end of data"
        text = content[: error.start].decode("utf-8") if cut_off else ""
    return None if text.isascii() else text + "\ufffd"


def _multibyte(text: str) -> int:
    return 0 if text.isascii() else len(text) - len(text.encode("ascii", "ignore"))


def _by_detector(content: bytes) -> Decoded:
    import chardet

    first = _NOT_ASCII.search(content)
    start = max(first.start() - 1, 0) if first else 0  # never with the bad bytes themselves: \xff\xfe would be taken for UTF-16's mark
    guess = chardet.detect(content[start : start + _DETECTOR_BYTES])["encoding"]
    encoding = encoding_detected(guess) if guess else None
    if encoding is None:
        return Decoded(text=as_text(content, _DEFAULT), encoding=_DEFAULT, signal="default")
    return Decoded(text=as_text(content, encoding), encoding=encoding, signal="chardet")
