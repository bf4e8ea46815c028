"""Which charset does a document declare inside itself? The WHATWG prescan of `<meta>` elements, and the XML declaration.

Standard: https://html.spec.whatwg.org/multipage/parsing.html#prescan-a-byte-stream-to-determine-its-encoding. Whether the declaration
is believed is decided in `ladder`.
"""

import re

from scraper.decode.labels import encoding_named

__all__ = ["meta_encoding", "xml_encoding"]

# The standard scans 1,024 bytes and lets the parser find later declarations; this reads on instead (html5lib's tests want 8,193 bytes).
_FIRST_BYTES = 1_024
_LIMIT = 65_536
_NEAR = 2_048  # what is found here stands, whatever follows; of the corpora's 2,597 declarations 2,454 are
_MARK = re.compile(rb"<(?:(?P<comment>!--)|(?P<meta>meta(?=[\t\n\f\r /]))|(?P<closing>/)?(?P<tag>[a-z][^\t\n\f\r >]*)|[!/?])")
_NAME = re.compile(rb"[\t\n\f\r /]*(?:(?P<end>>)|(?P<name>[^\t\n\f\r />][^\t\n\f\r />=]*)(?P<equals>[\t\n\f\r ]*=[\t\n\f\r ]*)?)")
# A tag whose quotes all stand around values, which nearly all are: it ends here, whatever its attributes say.
_PLAIN_TAG = re.compile(rb"(?:[^\"'>=]++|=[\t\n\f\r ]*+(?:\"[^\"]*+\"|'[^']*+'|[^\"'>=\t\n\f\r ][^\"'>\t\n\f\r ]*+))*+>")
_VALUE = re.compile(rb"\"([^\"]*)\"|'([^']*)'|(?![\"'])([^\t\n\f\r >]*)(?=[\t\n\f\r >])")
_CHARSET = re.compile(rb"charset[\t\n\f\r ]*=[\t\n\f\r ]*(?:\"([^\"]*)\"|'([^']*)'|([^\t\n\f\r ;\"'][^\t\n\f\r ;]*))")
_RAW_TEXT = {b"script": b"</script", b"style": b"</style"}
_XML = re.compile(rb"<\?xml[^>]*?encoding[\t\n\r ]*=[\t\n\r ]*(?:\"([^\"\x00-\x20]+)\"|'([^'\x00-\x20]+)')")
_NEVER_IN_A_DECLARATION = {"utf-16be": "utf-8", "utf-16le": "utf-8", "x-user-defined": "windows-1252"}


def meta_encoding(content: bytes) -> str | None:
    """Give the encoding that an HTML document's first usable `<meta>` names, by the standard's name."""
    return _meta_encoding(content[:_NEAR]) or (_meta_encoding(content[:_LIMIT]) if len(content) > _NEAR else None)


def _meta_encoding(head: bytes) -> str | None:
    head = head.lower()
    last_meta = head.rfind(b"<meta") if b"charset" in head else -1
    at = 0
    while at <= last_meta and (mark := _MARK.search(head, at)):
        found, after = _look_at(head, mark)
        if found or after is None:
            return found
        at = after
    return None


def xml_encoding(content: bytes) -> str | None:
    """Give the encoding that an XML declaration at the very start names (XML 1.0, 4.3.3)."""
    match = _XML.match(content.removeprefix(b"\xef\xbb\xbf").lstrip()[:_FIRST_BYTES])
    return _declared(match[match.lastindex or 0]) if match else None


def _look_at(head: bytes, mark: re.Match[bytes]) -> tuple[str | None, int | None]:
    """Give the encoding, if this piece of markup names one, and where to go on (`None`: the data ended inside it)."""
    if mark["comment"]:
        return None, _behind(head, b"-->", mark.start() + 2)
    if not mark["meta"] and not mark["tag"]:
        return None, _behind(head, b">", mark.end())
    tag = _PLAIN_TAG.match(head, mark.end())
    if mark["meta"]:
        if tag is not None and b"charset" not in tag[0]:
            return None, tag.end()
        attributes, after = _attributes(head, mark.end())
        return (None, None) if after is None else (_encoding_of(attributes), after)
    end = tag.end() if tag is not None else _attributes(head, mark.end())[1]
    return None, end if end is None or mark["closing"] else _behind_raw_text(head, mark["tag"], end)


def _behind(head: bytes, end: bytes, start: int) -> int | None:
    at = head.find(end, start)
    return None if at < 0 else at + len(end)


def _behind_raw_text(head: bytes, tag: bytes, at: int) -> int:
    """Step over scripts and styles where a parser would. Inside the standard's 1,024 bytes its prescan does not, so this does not."""
    closing = _RAW_TEXT.get(tag)
    if closing is None or at < _FIRST_BYTES:
        return at
    end = head.find(closing, at)
    return len(head) if end < 0 else end


def _attributes(head: bytes, at: int) -> tuple[dict[bytes, bytes], int | None]:
    """Read a tag's attributes, the first of each name; and where the tag ends (`None`: nowhere)."""
    attributes: dict[bytes, bytes] = {}
    while match := _NAME.match(head, at):
        at = match.end()
        if match["end"]:
            return attributes, at
        value = b""
        if match["equals"]:
            given = _VALUE.match(head, at)
            if given is None:
                break
            value, at = given[given.lastindex or 0], given.end()
        attributes.setdefault(match["name"], value)
    return attributes, None


def _encoding_of(attributes: dict[bytes, bytes]) -> str | None:
    if b"charset" in attributes:
        return _declared(attributes[b"charset"])
    match = _CHARSET.search(attributes.get(b"content", b""))
    if match and attributes.get(b"http-equiv") == b"content-type":
        return _declared(match[match.lastindex or 0])
    return None


def _declared(label: bytes) -> str | None:
    """Name the encoding; one that the declaration itself contradicts (it was readable as ASCII) becomes what browsers take it for."""
    name = encoding_named(label.decode("ascii", "replace"))
    return _NEVER_IN_A_DECLARATION.get(name, name) if name else None
