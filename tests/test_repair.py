"""Markup that would cost the parser minutes or gigabytes is rewritten; a page's story survives that, and ordinary pages are left alone."""

import subprocess
import sys

import pytest

from fixtures.truth import content, expected
from scraper.extract.repair import safe_markup
from scraper.extract.rewrite import MAX_NAMES
from scraper.extract.walk import walk_html

STORY = "".join(
    f"<p>The harbour board voted on Tuesday to reopen lock {name}, eleven months after a barge tore its gate.</p>" for name in "abcdef"
)
HOSTILE = {
    "nested elements": "<div>" * 60_000 + STORY + "</div>" * 60_000,
    "nested elements, never closed": "<div>" * 60_000 + STORY,
    "nested formatting": "<p>" + "".join(f"<b id=b{number}><i><font color=c{number}>" for number in range(1500)) + "<p>" * 4000 + STORY,
    "attributes": "<div " + " ".join(f"a{number}={number}" for number in range(60_000)) + ">" + STORY,
    "attributes without values": "<div " + " ".join(f"a{number}" for number in range(60_000)) + ">" + STORY,
    "paragraphs": "<p>" * 3_000_000 + STORY,
    "nested tables": "<table><tr><td>" * 20_000 + STORY,
    "custom elements": "<x-a>" * 50_000 + STORY,
    "line breaks": STORY + "<br>" * 500_000,
    "unclosed quotes": STORY + '<a href="' * 100_000,
    "unclosed comments": STORY + "<!--" * 200_000,
    "less-than signs": STORY + "<" * 500_000,
    "headings": STORY + "<h1>Number one</h1>" * 50_000,
    "bylines": STORY + '<span class="byline author">By Ann Lee and</span>' * 50_000,
    "formatting closed by other ends": "<p>" + "".join(f"<b id=b{number}></i>" for number in range(4500)) + "<p>x" * 500 + STORY,
    "formatting and stray ends": "<p>" + "".join(f"<b id=b{number}>" for number in range(4500)) + "</zz>" * 3100 + "<p>x" * 500 + STORY,
    "end tags of formatting": "".join(f"<font id=f{number}><div>" for number in range(400)) + "</font>" * 4000 + STORY,
    "sixty open tags and many paragraphs": "<p>" + "".join(f"<b id=b{number}>" for number in range(60)) + "<p>x" * 90_000 + STORY,
    "attributes on the second html": "".join(f"<html a{number}>" for number in range(80_000)) + STORY,
    "attributes on the second body": "".join(f"<body a{number} b{number} c{number}>" for number in range(9_000)) + STORY,
    "distinct attributes, one a tag": "".join(f"<i a{number}>x</i>" for number in range(30_000)) + STORY,
    "distinct attributes on few tags": "".join(f"<div {' '.join(f'a{tag}x{number}' for number in range(50))}></div>" for tag in range(1000))
    + STORY,
    "attributes that hold tags": "<div " + " ".join(f'a{number}="<>"' for number in range(60_000)) + ">" + STORY,
    "distinct elements": "".join(f"<x-{number}></x-{number}>" for number in range(45_000)) + STORY,
    "options": "<select>" + "<option>x" * 90_000 + "</select>" + STORY,
    "JSON-LD": '<script type="application/ld+json">' + "[" * 500_000 + "</script>" + STORY,
}
MEMORY_BYTES = 1 << 30
GUARD_S = 120  # not a measurement: without the rewriting the first kind alone takes minutes


@pytest.mark.parametrize("path", sorted(path for path in expected() if path.endswith(".html")))
def test_ordinary_markup_is_left_alone(path: str) -> None:
    text = content(path).decode("utf-8", "replace")
    assert safe_markup(text) is text


def test_a_script_full_of_less_than_signs_is_no_crowded_tag() -> None:
    text = f"<script>{'if(i<n){a=b;c=d;e=f}' * 5000}</script>{STORY}"
    assert safe_markup(text) is text


def test_one_long_attribute_is_harmless() -> None:
    text = f'<img src="data:image/png;base64,{"QUJD" * 20_000}">{STORY}'
    assert safe_markup(text) is text


def test_the_text_behind_a_tag_of_many_attributes_is_kept() -> None:
    text = " ".join(block.text for block in walk_html(f"<div {' '.join(f'a{number}' for number in range(400))}>{STORY}").blocks)
    assert "reopen lock a, eleven months" in text


def test_titles_scripts_and_styles_of_a_rewritten_page_end_where_they_ended() -> None:
    head = "<title>Lock a opens</title><style>p {}</style><script>if (a</b/.test(c)) {}</script >"
    page = f"{head}{STORY}<TEXTAREA>Say it</TEXTAREA><svg><title>boat</title></svg>{STORY}" + "<br>" * 2 + f"{'<div>' * 2000}Below"
    written = safe_markup(page)
    assert written != page
    document = walk_html(written)
    assert document.title == "Lock a opens"
    assert [block.text for block in document.blocks] == [block.text for block in walk_html(f"{STORY}{STORY}<div>Below").blocks]


def test_of_a_crowded_tag_the_first_attributes_stay() -> None:
    text = safe_markup(HOSTILE["attributes"])
    assert f"a{MAX_NAMES - 1}=" in text
    assert f" a{MAX_NAMES}=" not in text


@pytest.mark.parametrize("kind", sorted(kind for kind in HOSTILE if not kind.startswith("unclosed")))
def test_the_text_of_hostile_markup_is_kept(kind: str) -> None:
    text = " ".join(block.text for block in walk_html(HOSTILE[kind]).blocks)
    assert all(f"reopen lock {name}, eleven months" in text for name in "abcdef")


def test_every_hostile_page_gives_a_record_within_a_gibibyte() -> None:
    program = (
        "import sys, resource\n"
        "from test_repair import HOSTILE\n"
        "from scraper import extract\n"
        "for kind, page in HOSTILE.items(): print(extract(page, 'https://site.example/a').verdict)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=GUARD_S, check=False, env={"PYTHONPATH": "tests:."}
    )
    assert done.returncode == 0, done.stderr
    *verdicts, peak = done.stdout.split()
    assert len(verdicts) == len(HOSTILE)
    assert int(peak) < MEMORY_BYTES
