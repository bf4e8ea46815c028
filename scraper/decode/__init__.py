"""Bytes and headers in, text out: which characters a server meant, and what sort of document the bytes are.

    kinds     what is this: HTML, XML, text, a PDF, an image …?
    gzipped   undo gzip that was given as content (`page.html.gz`, a sitemap's `.gz`)
    prescan   the charset a document declares inside itself
    labels    what a charset's name means
    ladder    the order in which these are believed
    entities  what an entity stands for
    doubled   undo UTF-8 that was encoded twice, where it certainly was

Trees are built elsewhere; HTTP's own Content-Encoding is undone in `fetch`.
"""

from scraper.decode.doubled import first_sign
from scraper.decode.entities import unescape
from scraper.decode.gzipped import gunzipped, gunzipped_pieces
from scraper.decode.kinds import Kind, kind
from scraper.decode.labels import as_texts
from scraper.decode.ladder import Decoded, Headers, decode, undecoded

__all__ = [
    "Decoded",
    "Headers",
    "Kind",
    "as_texts",
    "decode",
    "first_sign",
    "gunzipped",
    "gunzipped_pieces",
    "kind",
    "undecoded",
    "unescape",
]
