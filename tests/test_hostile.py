"""Every kind of hostile page gives a record, the same one twice; and so does every fixture page with its bytes disturbed."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.hostile import KINDS, measured
from benchmarks.hostile_pages import STORY, Kind
from fixtures.truth import content, expected
from scraper import extract
from scraper.records import Article

URL = "https://site.example/2025/05/21/lock"
SMALLER, LEAST, MOST = 2_000, 3, 3_000  # what is measured at full size by `make hostile` is only run here
PAGES = sorted(path for path in expected() if path.endswith(".html"))
BOUNDS = re.compile(rb"[<> \"'=&;/]")


def small(kind: Kind) -> str | bytes:
    return kind.make(min(kind.size, MOST, max(LEAST, kind.size // SMALLER)))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_hostile_page_gives_the_same_record_twice(kind: Kind) -> None:
    page = small(kind)
    record = extract(page, URL)
    assert isinstance(record, Article)
    assert record == extract(page, URL)
    record.to_dict()


def test_what_is_measured_is_a_process_of_its_own() -> None:
    found = measured(Kind("a story", 1, lambda n: STORY * n))
    assert (found.done, found.verdict) == (True, "article")
    broken = measured(Kind("one that cannot be made", 1, lambda n: STORY[n:].encode("no such codec")))
    assert (broken.done, broken.verdict[:13]) == (False, "!LookupError:")


@st.composite
def disturbed(draw: st.DrawFn) -> bytes:
    """Give a fixture page with some bytes flipped, pieces cut out, doubled, moved or swapped for those of another page."""
    page = bytearray(content(draw(st.sampled_from(PAGES))))
    other = content(draw(st.sampled_from(PAGES)))
    for _ in range(draw(st.integers(1, 12))):
        bounds = [found.start() for found in BOUNDS.finditer(page)] or [0]
        start, end = sorted((draw(st.sampled_from(bounds)), draw(st.sampled_from(bounds))))
        end = min(end, start + draw(st.sampled_from((1, 8, 60, 800, 20_000))))
        piece = bytes(page[start:end])
        page[start:end] = draw(
            st.sampled_from(
                (b"", piece * 2, piece * 30, piece[::-1], piece.upper(), other[start:end], bytes(byte ^ 0x80 for byte in piece))
            )
            | st.binary(max_size=6)
            | st.sampled_from((b"<", b">", b'"', b"'", b"&", b"\0", b"<!--", b"<script>", b"<table>", b"</div>", b"<b>", b"\xff\xfe"))
        )
    return bytes(page)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
@given(disturbed())
def test_a_disturbed_page_gives_the_same_record_twice(page: bytes) -> None:
    record = extract(page, URL)
    assert record == extract(page, URL)
    record.to_dict()


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300) | st.binary(max_size=300), st.none() | st.text(max_size=40))
def test_any_input_and_address_give_a_record(page: str | bytes, url: str | None) -> None:
    assert extract(page, url) == extract(page, url)
