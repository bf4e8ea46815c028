"""The compiled inner loops: the same answers as the Python that they stand for, and no memory but their own."""

import subprocess
import sys
import sysconfig
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scraper.decode import decode
from scraper.extract import markup_columns, measures, plain_measures, plain_scan, sorts, walk
from scraper.extract.document import Document
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
    "<meta name=author content='A &quot;B&quot;'><link rel=canonical href=/x><meta itemprop=datePublished content=2025-01-02>",
]  # fmt: skip


def written(text: str) -> bytes:
    tree = LexborHTMLParser(safe_markup(text))
    tree.strip_tags(walk.REMOVED)
    return (tree.html or "").encode("utf-8", "replace")


def rows(found: Any) -> dict[str, Any]:
    """Give a scan's answer with its numbers as lists, whichever way they came."""
    assert found is not None
    lists = {"texts", "names", "hints", "heads", "spans", "witnesses", "scopes"}
    return {key: value if key in lists else np.frombuffer(value, dtype=np.int32).tolist() for key, value in found.items()}


def assert_same_scan(page: bytes) -> None:
    assert rows(speedups.scan(page, True, clean, unescape)) == rows(plain_scan.scan(page, True, clean, unescape))


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


def test_a_page_whose_elements_pair_is_the_same_document_as_a_browser_makes_of_it() -> None:
    same = 0
    for page in PAGES:
        text = decode(page.read_bytes()).text
        data = written(text)
        mended = speedups.scan(data, True, clean, unescape)
        if speedups.scan(text.encode(), False, clean, unescape) is not None:
            same += 1
            assert comparable(walk.walk_html(text)) == comparable(walk._document(data, mended))
    assert same >= 20


def comparable(document: Document) -> tuple[Any, ...]:
    """Give what a page says; a browser adds a <tbody> to tables that have none."""
    texts = [block.text for block in document.blocks]
    return (texts, document.marks, document.metas, document.properties, document.scripts, document.title)


@pytest.mark.parametrize(
    "page",
    [
        "<div><p>a</div>", "<div>a", "a</div>", "<b><i>a</b></i>", "<p>a<p>b</p>", "<!-- a", "<script>a", "<svg><svg></svg></svg>", "<div",
        "<div class='a>", "<script><!-- <script></script></script>", "<div>" * 600 + "</div>" * 600,
    ],
)  # fmt: skip
def test_a_page_whose_elements_do_not_pair_is_left_to_the_parser(page: str) -> None:
    assert speedups.scan(page.encode(), False, clean, unescape) is None


TEXTS = st.text(alphabet=st.one_of(st.sampled_from("aZ09 .,:/\n!?\u2019\u00c9\u4e2d\u3002\u2014|\u00a9"), st.characters()), max_size=300)


@settings(max_examples=200)
@given(st.lists(TEXTS, max_size=6), TEXTS)
def test_both_ways_measure_texts_alike(texts: list[str], headline: str) -> None:
    given_ = (texts, headline, measures.CREDITS, *sorts.tables())
    assert measured(speedups.measure(*given_)) == measured(plain_measures.measure(*given_))


def test_both_ways_measure_long_texts_alike() -> None:
    texts = ["In 1987 \u201cx\u201d 10:45. " * 900, "/" * 6000, "Photo: Reuters", "\U0001f600" * 10, "x"]
    given_ = (texts, "Reuters photo of the day", measures.CREDITS, *sorts.tables())
    assert measured(speedups.measure(*given_)) == measured(plain_measures.measure(*given_))


def measured(rows_: bytes) -> list[list[int]]:
    table: list[list[int]] = np.frombuffer(rows_, dtype=np.int32).reshape(-1, len(sorts.MEASURES)).tolist()
    return table


@settings(max_examples=200)
@given(st.lists(st.text(alphabet="abcdefgrtiol-_ 0\u00e9", max_size=60), max_size=5))
def test_both_ways_weigh_hints_alike(hints: list[str]) -> None:
    hints = [*hints, "article-body entry-content", "sidebar related footer", " ".join(markup_columns.class_weights())]
    weights = markup_columns.class_weights()
    assert speedups.weigh(hints, weights) == plain_measures.weigh(hints, weights)


FUZZ = """
import random, sys
sys.path.insert(0, sys.argv[1])
import _speedups
from html import unescape
from scraper.extract.measures import CREDITS
from scraper.extract.sorts import tables
from scraper.extract.scanned import clean
chance = random.Random(7)
pages = [open(path, "rb").read() for path in sys.argv[2:]]
signs = b"< > </ <!-- --> \\" ' = & <script> </p> <br> <a> <p/itemprop=a/itemscope> \\xe2 \\x00".split(b" ")
for turn in range(1500):
    page = bytearray(chance.choice(pages))
    for _ in range(chance.randrange(1, 12)):
        at = chance.randrange(len(page) + 1)
        page[at : at + chance.randrange(3)] = chance.choice(signs) * chance.choice((1, 1, 1, 40))
    page = bytes(page[: chance.randrange(len(page) + 1)] if turn % 3 == 0 else page)
    for written in (False, True):
        found = _speedups.scan(page, written, clean, unescape)
        if found and turn % 10 == 0:
            _speedups.measure(found["texts"], "A headline", CREDITS, *tables())
            _speedups.weigh(found["hints"], {"article": 1.5, "footer": -2.0})
print("done")
"""


def test_the_compiled_code_touches_no_memory_but_its_own(tmp_path: Path) -> None:
    """A copy that checks every access reads 1,500 damaged pages."""
    sanitizers = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-Wall", "-Wextra", "-Werror", "-g", "-O1"]
    source = ROOT / "scraper" / "extract" / "_speedups.c"
    includes = f"-I{sysconfig.get_paths()['include']}"
    try:
        built = subprocess.run(
            ["gcc", *sanitizers, "-shared", "-fPIC", includes, str(source), "-o", str(tmp_path / "_speedups.so")],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        runtime = subprocess.run(["gcc", "-print-file-name=libasan.so"], capture_output=True, text=True, check=False).stdout.strip()
    except FileNotFoundError:
        pytest.skip("gcc is not on this machine")
    if not Path(runtime).is_absolute() or "cannot find" in built.stderr:
        pytest.skip("gcc's sanitizers are not on this machine")
    assert not built.returncode, built.stderr
    pages = [str(page) for page in PAGES[::4]]
    done = subprocess.run(
        [sys.executable, "-c", FUZZ, str(tmp_path), *pages],
        env={"LD_PRELOAD": runtime, "ASAN_OPTIONS": "detect_leaks=0", "PYTHONPATH": str(ROOT), "PYTHONMALLOC": "malloc"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.strip() == "done", done.stderr[-3000:]
