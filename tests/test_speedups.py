"""The compiled inner loops: the same answers as the Python that they stand for, and no memory but their own."""

import json
import subprocess
import sys
from collections.abc import Sequence
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sanitizing import assert_runs_sanitized
from selectolax.lexbor import LexborHTMLParser

from scraper import extract
from scraper.decode import decode
from scraper.extract import (
    class_kinds,
    features,
    model,
    phrases,
    plain,
    plain_forms,
    plain_network,
    plain_rows,
    plain_scan,
    plain_shares,
    plain_utf8,
    plain_witness,
    walk,
)
from scraper.extract.candidates import Claims, Found
from scraper.extract.document import ROWS, Block, Document, Element, Layout
from scraper.extract.repair import safe_markup
from scraper.extract.scanned import clean

speedups: Any = pytest.importorskip("scraper.extract._speedups", reason="no compiler was there when this was installed")

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted((ROOT / "fixtures" / "sites").rglob("*.html"))
ODD = [
    "",
    "only text",
    "a < b <3 <> </> <!x> <?y?> &amp; &nbsp;c",
    "<p>one<p>two<ul><li>a<li>b</ul></div></span>",
    "<b><p>x</b></p><a href=1>y<a href=2>z</a>",
    "<table>lost<tr><td>cell<table><tr><td>inner</table></table>after",
    "<div class='a \"b\"' id=c data-x='>'>d</div><img alt='5 > 3'><br/><br / >e<hr>f",
    "<p>a<br>b<br><br>c<br> \u00a0<br/>d<br><span> </span><br>e</p></br></br>g",
    "<p itemscope itemtype='https://schema.org/Person'><span itemprop=name>N\u00e9 <b>o</b></span></p>",
    "<p class=byline>By <span>A\u00adB</span>, <i>C</i></p><time datetime=2025-01-02>2 <b>Jan</b></time><address>x<p>y</p>z</address>",
    "<DIV CLASS='Author \u00c9t\u00e9 &amp; Co' HIDDEN>a</DIV><p style='color:red; DISPLAY : none'>b</p><p aria-hidden=true>c</p>",
    "<title> A &amp; <b>b </title><svg><title>t</title><path/></svg><svg/>x<math><mi>y</mi></math>",
    "<script type=application/ld+json>{\"a\": \"</p>\"}</script><script>var x = '<p>';</script><style>p>a{}</style>y",
    "<script><!-- <script> </script> --></script><noscript><p>n</p></noscript><template><p>t</p></template>z",
    "<x-story class=writer><x-line>one</x-line><x-line>two</x-line></x-story><template-x>kept</template-x>",
    "<p>" + "<span class=date>" * 9 + "deep" + "</span>" * 9 + "</p>",
    "\u4e2d\u6587 \u3000 \u2009 \u200b\u2028 \ufeff \x1c\x85 text\x02more\x00",
    "a &amp; b&nbsp;c &#8217;&#x2019;&#128;&#0;&#xd800;&#xfffe; &rsquo; &unknown; &amp &copy &#39 & &; &#;",
    "&#x; AT&T &hellip;&frac12;&#32;&#x1F600;",
    "<p>&amp;amp; &nbsp; </p><p>&nbsp;</p><p>x &lt;p&gt; y&#2;z</p>",
    "<meta name=author content='A &quot;B&quot;'><link rel=canonical href=/x><meta itemprop=datePublished content=2025-01-02>",
]  # fmt: skip


def written(text: str) -> bytes:
    tree = LexborHTMLParser(safe_markup(text))
    tree.strip_tags(walk.REMOVED)
    return (tree.html or "").encode("utf-8", "replace")


def rows(found: Any) -> dict[str, Any]:
    """Give a scan's answer with its numbers as lists, whichever way they came."""
    assert found is not None
    numbers = {*Layout._fields, "headings"}
    return {key: np.frombuffer(value, dtype=np.int32).tolist() if key in numbers else value for key, value in found.items()}


def assert_same_scan(page: bytes) -> None:
    assert rows(speedups.scan(page, True, clean, unescape, ROWS)) == rows(plain_scan.scan(page, True, clean, unescape, ROWS))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT / "fixtures" / "sites")))
def test_both_scanners_read_the_invented_sites_alike(page: Path) -> None:
    assert_same_scan(written(decode(page.read_bytes()).text))


@pytest.mark.parametrize("page", ODD)
def test_both_scanners_read_odd_markup_alike(page: str) -> None:
    assert_same_scan(written(page))


@settings(max_examples=150)
@given(st.lists(st.sampled_from([*ODD, *"<div> </div> <p> </p> <a> </a> <br> <b> </b> x \u00a0 &".split(" ")]), max_size=8))
def test_both_scanners_read_any_mixture_alike(parts: list[str]) -> None:
    assert_same_scan(written("".join(parts)))


def test_a_page_read_as_it_stands_is_the_same_document_as_a_parser_makes_of_it() -> None:
    same = 0
    for page in PAGES:
        text = decode(page.read_bytes()).text
        if speedups.scan(text.encode(), False, clean, unescape, ROWS) is not None:
            same += 1
            assert comparable(walk.walk_html(text)) == comparable(parsed(text))
    assert same >= 20


UNWRITTEN = [
    "<p>a<p>b<div>c</div>d",
    "<ul><li>a<li>b<ul><li>c</ul><li>d</ul>e",
    "<dl><dt>a<dd>b<dt>c</dl>",
    "<p>a</div></section>b</span></p>c</p>d",
    "<table><tr><td>a<td>b<tr><th>c<td><table><tr><td>d</table>e</table>f",
    "<table><thead><tr><th>a<tbody><tr><td>b<tfoot><tr><td>c</table>",
    "<h2>a</h3>b<h2>c<h3>d</h2>e",
    "<div><span>a</div>b</span>c",
    "<p><span>a<p>b",
    "<div>a",
    "a</div>b",
    "<body><p>a</body>b</html>c",
    "<html><head><title>t</title><body class=x>a<body>b",
    "<div><p>a<hr>b</p>c</div>",
    "<li>a<div><li>b</div>c",
    "<p>a<table><tr><td><p>b</table>c",
    "<x-y>a<div>b</x-y>c</div>d",
    "<form>a<form>b</form>c</form>d",
    "<a>x<div>y</div></a>z",
    "a</b></a>b",
    "<div><a>x</a></b></div>y",
    "<section><header>a</section>b</header>c",
    "<address><li>a<li>b</address>c",
    "<blockquote>a<dd>b<p>c<dd>d</blockquote>e",
]


LEFT_OPEN = [
    "<b><i>a</b>b</i>c",
    "<p><b>a<p>b<p>c</b>d<p>e",
    "<b><div>a</b>b</div>c",
    "<div><a>x</div>y<div>z<a>u</a>v</div>",
    "<a>x<div>y<section>z</a>u</section></div>v",
    "<a>x<div>y<a>z</a>u</div>v",
    "<a> <div><p><b>x<a>y</p>z",
    "<div><i><b>a</div> <ul><li>b<li>c</b>d</ul>e",
    "<p><b>a<div><svg><svg>n</svg></svg>b</div>c</b>d",
    "<table><tr><td><b>a</td><td>b</table>c",
    "<p><strong>a<h2>b</h2><br>c<hr>d</strong>e",
    "<template><div><template>n</template></div></template>a",
]


@pytest.mark.parametrize("page", [*UNWRITTEN, *LEFT_OPEN])
def test_ends_that_html_leaves_unwritten_are_found_as_a_parser_finds_them(page: str) -> None:
    page = f"<!doctype html>{page}"
    found = speedups.scan(page.encode(), False, clean, unescape, ROWS)
    assert found is not None
    assert formatted(found["blocks"]) == formatted(parsed(page).blocks)


def test_a_script_ends_where_a_browser_ends_it() -> None:
    page = b"<script><!-- <script> </script> --></script>a<script><!--></script>b<script><!-- </script>c"
    assert [block.text for block in speedups.scan(page, False, clean, unescape, ROWS)["blocks"]] == ["abc"]


TAGS = "<div> </div> <p> </p> <a> </a> <b> </b> <i> </i> <span> </span> <li> <ul> </ul> <br> x y"


@settings(max_examples=300)
@given(st.lists(st.sampled_from(TAGS.split()), max_size=14))
def test_what_formats_text_and_is_left_open_goes_on_as_in_a_parser(parts: list[str]) -> None:
    page = f"<!doctype html><body>{''.join(parts)}"
    found = speedups.scan(page.encode(), False, clean, unescape, ROWS)
    assert found is None or formatted(found["blocks"]) == formatted(parsed(page).blocks)


def formatted(blocks: Sequence[Block]) -> list[tuple[str, str, bool, bool]]:
    """Give texts, and whether they are linked and strong. White space may be counted with either of two neighbours."""
    return [(block.text, block.tag, block.link_chars > 0, block.strong_chars > 0) for block in blocks]


def parsed(text: str) -> Document:
    data = written(text)
    return walk._document(data, speedups.scan(data, True, clean, unescape, ROWS))


def comparable(document: Document) -> tuple[Any, ...]:
    """Give what a page says; a browser adds a <tbody> to tables that have none."""
    texts = [(block.text, block.tag) for block in document.blocks]
    return (texts, document.marks, document.metas, document.properties, document.scripts, document.title)


@pytest.mark.parametrize(
    "page",
    [
        "<b><span><div>a</b>b</div></span>",
        "<p>" + "<b>" * 9 + "a<p>b",
        f"<p><b class='{'x' * 3000}'>a<p>b",
        "<p><b>a<table><tr><td>b</table>",
        "<!-- a",
        "<script>a",
        "<svg><svg></svg>",
        "<button>a<button>b</button>",
        "<div",
        "<div class='a>",
        "<script><!-- <script></script>",
        "<div>" * 600 + "</div>" * 600,
    ],
)
def test_a_page_that_takes_a_parser_to_mend_is_left_to_it(page: str) -> None:
    assert speedups.scan(page.encode(), False, clean, unescape, ROWS) is None


TEXTS = st.text(alphabet=st.one_of(st.sampled_from("aZ09 .,:/\n!?\u2019\u00c9\u4e2d\u3002\u2014|\u00a9"), st.characters()), max_size=300)


@settings(max_examples=200)
@given(st.lists(TEXTS.filter(bool), min_size=1, max_size=6), TEXTS)
def test_both_ways_measure_texts_alike(texts: list[str], headline: str) -> None:
    assert_same_matrices(lines(texts), headline, None)


def test_both_ways_measure_long_texts_alike() -> None:
    texts = ["In 1987 \u201cx\u201d 10:45. " * 900, "/" * 6000, "Photo: Reuters", "\U0001f600" * 10, "x"]
    assert_same_matrices(lines(texts), "Reuters photo of the day", 2)


def lines(texts: list[str]) -> Document:
    return Document(tuple(Block(text, -1, "p") for text in texts), is_html=False)


def test_both_ways_know_phrases() -> None:
    rows = phrases.phrase_rows()
    texts = [
        *(text for text, _, _ in rows),
        *(f"\u00bb {text.upper()} and so on: {' '.join(rest or ())}" for text, rest, _ in rows),
        "no",
        "...",
        "\u0395\u03a0\u0399\u03a3\u0397\u03a3",
        "R\u0130ad more",
        "x" * 161,
        rows[0][0] + " " * 160,
    ]
    found = features.text_rows(lines(texts), None, None).phrases
    assert list(found) == [phrases.phrase_number(text) for text in texts]
    assert {0, 1, 2, 3} == set(found)


@pytest.mark.parametrize("page", [*ODD, *UNWRITTEN, *(str(path) for path in PAGES[::3])])
def test_both_ways_compute_the_same_columns(page: str) -> None:
    document = walk.walk_html(decode(Path(page).read_bytes()).text if page.endswith(".html") else page)
    if not document.blocks:
        return
    assert_same_matrices(document, document.title or "A headline", 1)


def test_arrays_that_do_not_fit_each_other_are_refused() -> None:
    document = walk.walk_html("<div><p>One.</p><p>Two.</p></div>")
    assert document.layout is not None
    for wrong in (
        document.layout._replace(element=document.layout.element + 9),
        document.layout._replace(parent=document.layout.parent + 5),
        document.layout._replace(end=document.layout.end + 1),
        document.layout._replace(links=document.layout.links[:1]),
    ):
        with pytest.raises(ValueError, match="do not fit"):
            features.page_matrix(document._replace(layout=wrong), None, None)


def assert_same_matrices(document: Document, headline: str | None, block: int | None) -> None:
    found = both_matrices(document, headline, block)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(features, "rows", plain_rows.rows)
        plain = both_matrices(document, headline, block)
    for (one, marks), (other, plain_marks) in zip(found, plain, strict=True):
        assert marks == plain_marks
        np.testing.assert_allclose(one, other, rtol=0, atol=4e-6)


def both_matrices(document: Document, headline: str | None, block: int | None) -> list[tuple[Any, bytes]]:
    told = Claims(descriptions=(Found(SAID[0], "meta"),), bodies=(Found(SAID[0] * 9, "json_ld"),))
    found = [features.text_rows(document, headline, None)]
    if document.layout:
        found += [features.page_rows(document, headline, block), features.page_rows(document, headline, block, told)]
    return [(np.frombuffer(table, dtype=np.float32).reshape(len(document.blocks), -1), marks) for table, marks in found]


def named(hints: list[str]) -> Document:
    """Make a page of one block an element; every third element stands inside the one before it."""
    count = len(hints)
    parents = [number - 1 if number % 3 else -1 for number in range(count)]
    columns = {"parent": parents, "depth": [number % 3 for number in range(count)], "element": list(range(count))}
    columns |= {"first": list(range(count)), "end": [number + 3 - number % 3 if number % 3 == 0 else number + 1 for number in range(count)]}
    columns["end"] = [min(count, end) for end in columns["end"]]
    rows = {name: np.asarray(columns.get(name, [0] * count), dtype=np.int32) for name in Layout._fields}
    elements = tuple(
        Element("div", parent, depth, hint, hidden=False) for parent, depth, hint in zip(parents, columns["depth"], hints, strict=True)
    )
    blocks = tuple(Block(f"It is said here for the {number % 4}th time.", number, "div") for number in range(count))
    return Document(blocks, elements, layout=Layout(**rows))


@settings(max_examples=200)
@given(st.lists(st.text(alphabet="abcdefgimnoprstuty-_ 0\u00e9", max_size=90), max_size=5))
def test_both_ways_know_what_class_names_say(hints: list[str]) -> None:
    table = class_kinds.kind_table()
    stems = [text for text, _ in (*table[0], *table[1])]
    hints = [*hints, *stems, "-".join(stems[:9]), " ".join(f"x_{stem}__y" for stem in stems[:30]), "\u00e9" * 70 + "caption"]
    hints += ["article-body entry-content", "sidebar related footer", " ".join(features.class_weights())]
    assert_same_matrices(named(hints), None, 1)


SAID = [
    "The ferry to the outer islands will sail twice a day from May, the board said.",
    "the ferry to the outer islands will sail twice a day",
    "Menu",
    "a",
    "It is the first new timetable in eleven years \u2013 and nobody asked for it.\nOr so it seems.",
    "\u0130STANBUL \u039f\u0394\u039f\u03a3 \u00c9T\u00c9 " * 3,
    "\u4e2d\u6587\u65b0\u95fb\u3002" * 9,
    "\U0001f600 boats \U00010400 " * 4,
    "ab" * 300,
]


@settings(max_examples=300)
@given(
    st.lists(st.one_of(st.sampled_from(SAID), st.text(max_size=60)), max_size=8),
    st.lists(st.one_of(st.sampled_from(SAID), st.text(min_size=25, max_size=60)), max_size=3),
    st.lists(st.one_of(st.sampled_from(SAID), st.text(max_size=90)), max_size=6),
)
def test_both_ways_find_what_the_markup_quotes(texts: list[str], descriptions: list[str], bodies: list[str]) -> None:
    texts = [text for text in texts if text]
    given_ = (texts, tuple(text.lower() for text in descriptions if len(text) >= 25), " \n ".join(bodies))
    one, other = (np.frombuffer(way.witness(*given_), dtype=np.float32) for way in (speedups, plain_witness))
    np.testing.assert_allclose(one, other, rtol=0, atol=1e-6)


def test_both_ways_find_quotes_in_long_bodies_of_many_repeats() -> None:
    body = "".join(f"{number % 97} boats and {number % 89} piers. " for number in range(6000))
    texts = [body[at : at + 40 + at % 60] for at in range(0, 90_000, 977)] + ["x" * 30, "boats", "piers. 7"] + ["a"] * 2000 + ["boats"]
    one, other = (np.frombuffer(way.witness(texts, (), body), dtype=np.float32) for way in (speedups, plain_witness))
    np.testing.assert_allclose(one, other, rtol=0, atol=1e-5)


SHAPES = {"dense": (5, 9), "down": (9, 27), "page": (54, 27), "conv0": (81, 27), "conv1": (81, 27)}


FORMED = "aZ0 \t\n\x1c`_'’“…–«\xa0\xad\u200béßİµﬁ\u0301\u3000\u4e2d€"
FORMS = st.text(alphabet=st.one_of(st.sampled_from(FORMED), st.characters()), max_size=80)


@settings(max_examples=400)
@given(FORMS)
def test_both_ways_give_a_text_the_same_form_and_words(text: str) -> None:
    assert speedups.common_form(text, plain._any_form) == plain._any_form(text)
    assert speedups.words(text) == plain_forms.words(text)
    assert speedups.letters(text) == plain_forms.letters(text)


def test_long_texts_and_other_things_have_forms_too() -> None:
    for text in ("A b " * 5000, "Ä … " * 5000, "中 A" * 5000):
        assert speedups.common_form(text, plain._any_form) == plain._any_form(text)
        assert (speedups.words(text), speedups.letters(text)) == (plain_forms.words(text), plain_forms.letters(text))
    for wrong in (None, b"x", 3):
        with pytest.raises(TypeError):
            speedups.common_form(wrong, plain._any_form)
        with pytest.raises(TypeError):
            speedups.words(wrong)
        with pytest.raises(TypeError):
            speedups.letters(wrong)


def network(seed: int) -> dict[str, Any]:
    """Make weights of odd widths, so that lanes and edges are both summed up."""
    rng = np.random.default_rng(seed)
    made = {f"{name}.weight": rng.normal(size=shape) / 3 for name, shape in SHAPES.items()}
    made |= {f"{name}.bias": rng.normal(size=shape[1]) for name, shape in SHAPES.items()}
    made |= {"out.hidden": rng.normal(size=(9, 1)), "out.signal": rng.normal(size=(27, 1)), "out.bias": rng.normal(size=1)}
    return {name: array.astype(np.float32) for name, array in made.items()}


@pytest.mark.parametrize("rows", [1, 2, 3, 4, 7, 33, 200])
def test_both_ways_run_the_network_alike(rows: int) -> None:
    matrix = np.random.default_rng(rows).normal(size=(rows, 5)).astype(np.float32)
    weights = network(rows)
    one, other = (np.frombuffer(way.forward(matrix, weights, (1, 8)), dtype=np.float32) for way in (speedups, plain_network))
    np.testing.assert_allclose(one, other, rtol=0, atol=2e-6)


@pytest.mark.parametrize("kind", ["page", "text"])
def test_both_ways_run_the_shipped_network_alike(kind: str) -> None:
    weights = model._weights(kind)
    matrix = np.random.default_rng(1).random(size=(90, len(weights["dense.weight"])), dtype=np.float32)
    one, other = (np.frombuffer(way.forward(matrix, weights, model.DILATIONS), dtype=np.float32) for way in (speedups, plain_network))
    np.testing.assert_allclose(one, other, rtol=0, atol=2e-6)


def test_weights_that_do_not_fit_each_other_are_refused() -> None:
    weights, matrix = network(1), np.zeros((3, 5), dtype=np.float32)
    wrong: Any
    for name, array in weights.items():
        for wrong in (array[:-1], array.astype(np.float64), np.concatenate([array, array])):
            if name in {"out.bias", "dense.weight"} and wrong.dtype == np.float32 and len(wrong):
                continue  # a longer bias is not looked at, other inputs are another page's
            with pytest.raises(ValueError, match="do not fit"):
                speedups.forward(matrix, {**weights, name: np.ascontiguousarray(wrong)}, (1, 8))
        with pytest.raises(ValueError, match="do not fit"):
            speedups.forward(matrix, {key: weights[key] for key in weights if key != name}, (1, 8))
    for dilations in ((1, 0), (1, 8, 2), (1, 5000)):
        with pytest.raises(ValueError, match="do not fit"):
            speedups.forward(matrix, weights, dilations)
    for wrong in (b"", b"12345678", np.zeros((3, 6), dtype=np.float32)):
        with pytest.raises(ValueError, match="do not fit"):
            speedups.forward(wrong, weights, (1, 8))


FUZZ = """
import random, sys
sys.path.insert(0, sys.argv[1])
import _speedups
sys.modules["scraper.extract._speedups"] = _speedups
from html import unescape
from scraper import extract
from scraper.extract.document import ROWS
from scraper.extract.paths import _signature
from scraper.extract.reasons import WORDS
from scraper.extract.scanned import clean
import numpy as np
from scraper.extract.model import DILATIONS, _weights
from scraper.records import Dropped
chance = random.Random(7)
for rows in (1, 2, 5, 30, 4000):
    _speedups.forward(np.ones((rows, len(_weights("page")["dense.weight"])), dtype=np.float32), _weights("page"), DILATIONS)
pages = [open(path, "rb").read() for path in sys.argv[2:]]
signs = b"< > </ <!-- --> \\" ' = & <script> </p> <br> <a> <p/itemprop=a/itemscope> \\xe2 \\x00".split(b" ")
for turn in range(1500):
    page = bytearray(chance.choice(pages))
    for _ in range(chance.randrange(1, 12)):
        at = chance.randrange(len(page) + 1)
        page[at : at + chance.randrange(3)] = chance.choice(signs) * chance.choice((1, 1, 1, 40))
    page = bytes(page[: chance.randrange(len(page) + 1)] if turn % 3 == 0 else page)
    for written in (False, True):
        found = _speedups.scan(page, written, clean, unescape, ROWS)
        _speedups.utf8(page.decode("utf-8" if _speedups.is_sound_utf8(page) else "latin-1"))
        if found and turn % 10 == 0:
            extract(page)
            texts, elements = [block.text for block in found["blocks"]], found["elements"]
            arrays = tuple(found[name] for name in ("element", "link_chars", "parent", "hidden"))
            kept = tuple(sorted(chance.sample(range(len(texts)), len(texts) // 2)))
            scores = [chance.random() for _ in texts]
            _speedups.paths(elements, _signature)
            held = tuple(np.frombuffer(found[name], dtype=np.int32) for name in ("first", "end"))
            _speedups.shares(found["blocks"], kept, *held, _speedups.paths(elements, _signature), 0.85)
            _speedups.tally(found["blocks"], elements, kept, {"menu": 1, "read more": 1}, {"post": 1, "nav": 1})
            _speedups.explain(texts, kept, scores, {0: "known"}, bytes(len(texts)), elements, arrays, WORDS, Dropped)
print("done")
"""


@given(st.data())
def test_both_say_alike_how_much_of_a_story_stands_where(data: st.DataObject) -> None:
    sizes = data.draw(st.lists(st.integers(0, 700), max_size=12))
    blocks = tuple(Block(text="é" * size, element=0, tag="p") for size in sizes)
    kept = tuple(sorted(data.draw(st.sets(st.sampled_from(range(len(blocks))))))) if blocks else ()
    spans = [sorted(pair) for pair in data.draw(st.lists(st.tuples(*[st.integers(0, len(blocks))] * 2), max_size=8))]
    first, end = (np.array([span[side] for span in spans], dtype=np.int32) for side in (0, 1))
    paths = tuple(data.draw(st.sampled_from(("0000000a", "1234abcd", "ffffffff"))) for _ in spans)
    found = speedups.shares(blocks, kept, first, end, paths, 0.85)
    assert found == plain_shares.shares(blocks, kept, first, end, paths, 0.85)
    assert [*found[0]] == [*dict.fromkeys(path for path, (start, last) in zip(paths, spans, strict=True) if last > start)]


def test_shares_of_what_is_no_page_are_refused() -> None:
    none, one = np.zeros(0, dtype=np.int32), np.zeros(1, dtype=np.int32)
    blocks = (Block(text="a", element=0, tag="p"),)
    for wrong in (
        (blocks, (1,), none, none, (), 0.85),
        (blocks, (-1,), none, none, (), 0.85),
        (blocks, (), one, one + 2, ("0000000a",), 0.85),
        (blocks, (), one, one + 1, ("short",), 0.85),
        (blocks, (), one, none, ("0000000a",), 0.85),
        (("no block",), (), none, none, (), 0.85),
    ):
        with pytest.raises((IndexError, ValueError, TypeError)):
            speedups.shares(*wrong)


@settings(max_examples=300)
@given(st.text(st.sampled_from("aé€𝄞\ud800\udfff\x00") | st.characters(), max_size=150), st.integers(0, 70))
def test_both_write_a_text_in_utf8_alike(text: str, ahead: int) -> None:
    for sample in (text, "a" * ahead + text + "b" * 40, text.encode("latin-1", "replace").decode("latin-1")):
        assert speedups.utf8(sample) == plain_utf8.utf8(sample)


@settings(max_examples=300)
@given(st.binary(max_size=12) | st.text(max_size=12).map(str.encode), st.integers(0, 140), st.integers(0, 3))
@example("\ud800".encode("utf-8", "surrogatepass"), 0, 0)
@example(b"\xf4\x90\x80\x80", 127, 0)
@example(b"\xe0\x80\x80", 0, 0)
@example("Ã¼".encode(), 100, 0)
@example("â€™".encode(), 0, 0)
@example("Ã".encode(), 0, 0)
def test_both_know_utf8_when_they_see_it(content: bytes, ahead: int, cut: int) -> None:
    for sample in (content, b"a" * ahead + content, b"a" * ahead + content + b"b" * 140, content[: len(content) - cut]):
        assert speedups.is_sound_utf8(sample) == plain_utf8.is_sound_utf8(sample)


def test_the_compiled_code_touches_no_memory_but_its_own(tmp_path: Path) -> None:
    """A copy that checks every access reads 1,500 damaged pages."""
    sources = sorted((ROOT / "scraper" / "extract" / "c").glob("*.c"))
    assert_runs_sanitized(tmp_path, "_speedups", sources, FUZZ, *map(str, PAGES[::4]))


WITHOUT = """
import json, sys
sys.modules["scraper.extract._speedups"] = None
from scraper import extract
from scraper.extract.inner_loops import COMPILED
assert not COMPILED
for path in sys.argv[1:]:
    record = extract(open(path, "rb").read())
    print(json.dumps([record.headline, record.body, record.authors, str(record.published), record.verdict]))
"""


def test_records_are_the_same_where_nothing_is_compiled() -> None:
    pages = [str(page) for page in PAGES[::3]]
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, *pages], env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    )
    for path, line in zip(pages, done.stdout.splitlines(), strict=True):
        record = extract(Path(path).read_bytes())
        assert json.loads(line) == [record.headline, record.body, list(record.authors), str(record.published), record.verdict], path
