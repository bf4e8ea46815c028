"""What sort of document are these bytes, whatever the header says? Told from the first bytes, after the WHATWG MIME Sniffing Standard.

The answer serves to name a refusal ("a PDF") and to choose between the readings of markup; it is no security decision.
"""

import re
from typing import Literal

__all__ = ["Kind", "kind"]

Kind = Literal[
    "empty", "html", "xml", "json", "text", "pdf", "document", "image", "audio", "video", "font", "archive", "gzip", "program", "binary"
]

_HEAD_BYTES, _GLANCE_BYTES = 4_096, 256
_BEFORE = b"\xef\xbb\xbf\xff\xfe\t\n\f\r "
_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"%!PS", "document"),
    (b"%PDF-", "pdf"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"BZh91AY&SY", "archive"),
    (b"FLV\x01", "video"),
    (b"GIF87a", "image"),
    (b"GIF89a", "image"),
    (b"ID3", "audio"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"OTTO\x00", "font"),
    (b"OggS\x00", "audio"),
    (b"PK\x03\x04", "archive"),
    (b"Rar!\x1a\x07", "archive"),
    (b"\x00\x00\x01\x00", "image"),
    (b"\x00\x01\x00\x00\x00", "font"),
    (b"\x00asm", "program"),
    (b"\x1aE\xdf\xa3", "video"),
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "archive"),
    (b"\x7fELF", "program"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "document"),
    (b"\xfd7zXZ\x00", "archive"),
    (b"\xff\xd8\xff", "image"),
    (b"\xff\xf3", "audio"),
    (b"\xff\xfb", "audio"),
    (b"fLaC\x00", "audio"),
    (b"wOF2", "font"),
    (b"wOFF", "font"),
    (b"{\\rtf", "document"),
)
_MAGICS = tuple(magic for magic, _ in _MAGIC)
_RIFF: dict[bytes, Kind] = {b"AVI ": "video", b"WAVE": "audio", b"WEBP": "image"}
_FTYP: dict[bytes, Kind] = {b"M4A ": "audio", b"avif": "image", b"heic": "image", b"heix": "image", b"mif1": "image"}
_WIDE = re.compile(rb"\xff\xfe|\xfe\xff|\x00\x00\xfe\xff|<\x00|\x00<|\x00\x00\x00<")
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_HTML = re.compile(
    rb"<(?:!doctype\s+html|a|article|aside|b|base|body|br|center|div|em|font|form|h[1-6]|head|header|html|i|iframe|img|input|li|link|main|meta"
    rb"|nav|ol|p|script|section|span|strong|style|table|title|ul)(?=[\s/>])",
    re.IGNORECASE,
)
_XHTML = re.compile(rb"<(?:!doctype\s+html|html)(?=[\s/>])", re.IGNORECASE)
_XML = re.compile(rb"<(?:\?xml|!doctype\s+(?!html)|(?:[a-z]\w*:)?(?:rss|feed|rdf|urlset|sitemapindex|opml)(?=[\s/>]))", re.IGNORECASE)
_JSON = re.compile(rb"\{\s*(?:\"|\})|\[\s*(?:[\[{\"\]\d-]|true|false|null)")


def may_be_xml(content: bytes) -> bool:
    """Say in a glance whether `kind` may call this "xml"."""
    head = content[:_GLANCE_BYTES]
    return _WIDE.match(head) is not None or _XML.match(head.lstrip(_BEFORE)) is not None or not head.lstrip(_BEFORE)


def kind(content: bytes) -> Kind:
    """Name what the bytes are. Text in any encoding is `text`, `html`, `xml` or `json`; the unknown with control bytes is `binary`."""
    head = content[:_HEAD_BYTES]
    wide = _WIDE.match(head) is not None
    if not wide and (known := _by_magic(head)):
        return known
    if wide:
        head = head.replace(b"\x00", b"")
    head = head.lstrip(_BEFORE)
    if not head:
        return "empty"
    return _markup(head) or ("binary" if not wide and _is_binary(head) else "text")


def _by_magic(head: bytes) -> Kind | None:
    if head.startswith(_MAGICS):
        return next(name for magic, name in _MAGIC if head.startswith(magic))
    if head[4:8] == b"ftyp":
        return _FTYP.get(head[8:12], "video")
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12])
    if head.startswith(b"BM") and head[6:10] == b"\x00\x00\x00\x00":
        return "image"
    if head.startswith(b"MZ") and b"\x00" in head:
        return "program"
    return "archive" if head[257:262] == b"ustar" else None


def _markup(head: bytes) -> Kind | None:
    if _XML.match(head):
        return "html" if _XHTML.search(head) and head[:2] == b"<?" else "xml"
    if _HTML.search(head):
        return "html"
    if _JSON.match(head):
        return "json"
    return "html" if re.match(rb"<[!?a-z]", head, re.IGNORECASE) else None


def _is_binary(head: bytes) -> bool:
    """Tell binary data from text with a stray NUL or two in it: one control byte in a hundred."""
    return len(_BINARY.findall(head)) * 100 > len(head)
