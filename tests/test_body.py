"""Compressed bodies are undone within their limits, or refused by name."""

import contextlib
import gzip
import os
import zlib
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.errors import BodyError
from scraper.fetch.body import Limit, content

URL = "http://example.org/"
ROOM = Limit(max_bytes=1_000_000)
BIG = 200_000_000


def raw_deflate(data: bytes) -> bytes:
    return zlib.compress(data)[2:-4]


def brotli_compress(data: bytes) -> bytes:
    compressed: bytes = brotli.compress(data, quality=5)
    return compressed


CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "Deflate ": raw_deflate,
    "br": brotli_compress,
    "zstd": zstandard.compress,
}


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("size", [1, 65_535, 65_536, 65_537, 131_072, 999_999])
def test_every_coding_is_undone_at_every_size(coding: str, size: int) -> None:
    zeros, noise = bytes(size), (os.urandom(1_000) * 1_000)[:size]
    assert content(CODINGS[coding](zeros), coding, limit=ROOM, url=URL) == zeros
    assert content(CODINGS[coding](noise), coding, limit=ROOM, url=URL) == noise


@settings(deadline=None)  # on a busy machine any example may take long
@given(data=st.binary(max_size=3_000), coding=st.sampled_from(sorted(CODINGS)))
def test_what_was_compressed_comes_back(data: bytes, coding: str) -> None:
    assert content(CODINGS[coding](data), coding, limit=ROOM, url=URL) == data


@settings(deadline=None)  # on a busy machine any example may take long
@given(raw=st.binary(max_size=300), coding=st.text(max_size=12) | st.sampled_from(["gzip", "br", "zstd", "deflate", "gzip, br"]))
def test_any_bytes_give_content_or_a_body_error(raw: bytes, coding: str) -> None:
    with contextlib.suppress(BodyError):
        content(raw, coding, limit=ROOM, url=URL)


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_all_members_of_a_stream_are_read(coding: str) -> None:
    compress = CODINGS[coding]
    assert content(compress(b"one ") + compress(b"") + compress(b"two"), coding, limit=ROOM, url=URL) == b"one two"


def test_padding_after_the_last_gzip_member_is_no_fault() -> None:
    assert content(gzip.compress(b"story") + b"\0\0\n", "gzip", limit=ROOM, url=URL) == b"story"


def test_codings_are_undone_from_the_last_to_the_first() -> None:
    assert content(gzip.compress(brotli_compress(b"story")), "br, gzip", limit=ROOM, url=URL) == b"story"


@pytest.mark.parametrize("coding", ["", None, "identity", "utf-8", "none"])
def test_what_names_no_coding_changes_nothing(coding: str | None) -> None:
    assert content(b"story", coding, limit=ROOM, url=URL) == b"story"


@pytest.mark.parametrize("coding", CODINGS)
def test_a_body_cut_short_is_truncated_and_worth_another_try(coding: str) -> None:
    with pytest.raises(BodyError) as caught:
        content(CODINGS[coding](os.urandom(5_000))[:3_000], coding, limit=ROOM, url=URL)
    assert (caught.value.code, caught.value.retryable) == ("truncated_body", True)


@pytest.mark.parametrize("coding", ["gzip", "zstd", "deflate"])
def test_text_that_claims_to_be_compressed_is_refused(coding: str) -> None:
    with pytest.raises(BodyError) as caught:
        content(b"<html><p>plain", coding, limit=ROOM, url=URL)
    assert caught.value.code == "bad_content_encoding"


@pytest.mark.parametrize("raw", [gzip.compress(b"") * 5_000, zstandard.compress(b"") * 5_000], ids=["gzip", "zstd"])
def test_thousands_of_empty_members_are_refused(raw: bytes) -> None:
    with pytest.raises(BodyError) as caught:
        content(raw, "gzip" if raw[:1] == b"\x1f" else "zstd", limit=ROOM, url=URL)
    assert caught.value.code == "bad_content_encoding"


def test_a_body_compressed_over_and_over_is_refused() -> None:
    with pytest.raises(BodyError) as caught:
        content(b"x", "gzip, gzip, gzip, gzip", limit=ROOM, url=URL)
    assert caught.value.code == "bad_content_encoding"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_bomb_stops_at_the_limit(coding: str) -> None:
    bomb = CODINGS[coding](bytes(BIG))
    assert len(bomb) < ROOM.max_bytes
    with pytest.raises(BodyError) as caught:
        content(bomb, coding, limit=ROOM, url=URL)
    assert (caught.value.code, caught.value.retryable) == ("too_large", False)


def test_a_bomb_within_a_bomb_stops_at_the_limit() -> None:
    with pytest.raises(BodyError) as caught:
        content(gzip.compress(gzip.compress(bytes(BIG))), "gzip, gzip", limit=ROOM, url=URL)
    assert caught.value.code == "too_large"


def test_a_limit_that_cuts_gives_the_beginning() -> None:
    cut = Limit(max_bytes=10, excess="cut")
    assert content(gzip.compress(b"abc" * 1_000), "gzip", limit=cut, url=URL) == b"abcabcabca"
    assert content(b"abc" * 1_000, None, limit=cut, url=URL) == b"abcabcabca"


def test_exactly_the_limit_is_not_too_much() -> None:
    assert len(content(gzip.compress(bytes(ROOM.max_bytes)), "gzip", limit=ROOM, url=URL)) == ROOM.max_bytes


def test_no_bytes_are_no_content_whatever_the_coding() -> None:
    assert content(b"", "gzip", limit=ROOM, url=URL) == b""
