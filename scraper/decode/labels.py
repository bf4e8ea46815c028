"""What does a charset's label mean? The WHATWG Encoding Standard's answer: `iso-8859-1` is windows-1252, `gb2312` is gbk, and so on.

Home of webencodings, which holds the standard's labels and the Python codec closest to each encoding. Which label to believe is
decided in `ladder`.
"""

import codecs
import re
from collections.abc import Iterable, Iterator

import webencodings

__all__ = ["as_text", "as_texts", "encoding_detected", "encoding_named"]

# Browsers show nothing at all for these (iso-2022-kr, hz-gb-2312 …), so that no script hides in them. Nothing runs here: they are read.
_REPLACEMENT = "replacement"
# In no browser, because nobody should use them: w3lib's cases (encoding.jsonl en103, en108) and old Windows tools do all the same.
_BEYOND_THE_STANDARD = {"utf-32": "utf-32", "utf-32be": "utf-32be", "utf-32le": "utf-32le"}
_STANDARD_NAMES = {"cp874": "windows-874", "cp932": "shift_jis", "cp949": "euc-kr"}
# The standard reads gbk with the larger gb18030.
_LARGER_CODEC = {"gbk": "gb18030", "utf-32": "utf-32-be", "utf-32be": "utf-32-be", "utf-32le": "utf-32-le"}
_UNDEFINED = re.compile("[\udc80-\udcff]")
_C1_CONTROLS = {chr(0xDC00 + byte): chr(byte) for byte in range(0x80, 0xA0)}


def encoding_named(label: str) -> str | None:
    """Give the standard's name, in lower case, for a label as found in the wild; `None` for what names no encoding."""
    label = label.strip("\t\n\f\r ").lower()
    if not label.isascii():
        return None
    found = webencodings.lookup(label)
    if found is None:
        return _BEYOND_THE_STANDARD.get(label.replace("_", "-"))
    return _python_name(label) if found.name == _REPLACEMENT else str(found.name)


def encoding_detected(name: str) -> str | None:
    """Give the standard's name for what a detector calls an encoding; Python's own name for one that the standard does not know."""
    return encoding_named(name) or _STANDARD_NAMES.get(name.lower()) or _python_name(name)


def as_text(content: bytes, encoding: str) -> str:
    """Decode with an encoding from `encoding_named`. What cannot be read becomes U+FFFD; the text never holds a surrogate."""
    codec = _codec(encoding)
    if _is_single_byte(codec):
        return _single_byte_text(content, codec)
    return codec.decode(content, "replace")[0]


def as_texts(pieces: Iterable[bytes], encoding: str) -> Iterator[str]:
    """Decode what comes in pieces, as `as_text` does; a character may begin in one piece and end in the next."""
    codec = _codec(encoding)
    if _is_single_byte(codec):
        yield from (_single_byte_text(piece, codec) for piece in pieces)
        return
    decoder = codecs.getincrementaldecoder(codec.name)("replace")
    yield from map(decoder.decode, pieces)
    yield decoder.decode(b"", final=True)


def _is_single_byte(codec: codecs.CodecInfo) -> bool:
    return codec.name.startswith(("cp125", "cp874", "iso8859", "koi8", "mac-"))


def _single_byte_text(content: bytes, codec: codecs.CodecInfo) -> str:
    """Decode as the standard's tables do: 0x80-0x9F that Python leaves undefined are C1 controls, the other gaps U+FFFD."""
    text = codec.decode(content, "surrogateescape")[0]
    return _UNDEFINED.sub(lambda match: _C1_CONTROLS.get(match[0], "\ufffd"), text)


def _codec(encoding: str) -> codecs.CodecInfo:
    if encoding in _LARGER_CODEC:
        return codecs.lookup(_LARGER_CODEC[encoding])
    found = webencodings.lookup(encoding)
    return codecs.lookup(encoding) if found is None or found.name == _REPLACEMENT else found.codec_info


def _python_name(label: str) -> str | None:
    try:
        return codecs.lookup(label).name
    except LookupError:
        return None
