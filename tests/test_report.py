"""Is the report one page that needs nothing else, whole or not there, and is a complaint one sentence?"""

import re
import resource
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from looking import HOSTILE, environment, fill_richly, needs_look
from refusals import assert_refused
from test_store_samples import NOW, VALLEY

from scraper.cli.app import main
from scraper.errors import BadStatus
from scraper.store import Store

pytestmark = needs_look
DAYS = ("--since", "2025-11-01", "--until", "2026-02-01")


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "harbour.db"
    fill_richly(path)
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "report.html"


def written(db: Path, out: Path, *more: str) -> str:
    assert main(["report", "--db", str(db), "--out", str(out), *(more or DAYS)]) == 0
    return out.read_text(encoding="utf-8")


def test_the_page_needs_nothing_else(db: Path, out: Path) -> None:
    page = written(db, out)
    assert len(page) < 300_000
    assert page.count("<svg") == 10  # two of them in two widths
    assert re.findall(r"<(?:script|iframe|object|embed|img|base)\b", page) == []
    assert re.findall(r"(?:src|srcset|action|data)=", page) == []
    assert "@import" not in page
    assert "url(" not in page
    links = set(re.findall(r'href="([^"]*)"', page))
    assert {link for link in links if not link.startswith(("#", "https://harbour.example/", "https://valley.example/"))} == {"data:,"}
    assert "default-src &#39;none&#39;" in page


def test_what_pages_say_is_text(db: Path, out: Path) -> None:
    page = written(db, out)
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert HOSTILE not in page


def test_each_plot_has_a_caption_and_its_figures(db: Path, out: Path) -> None:
    page = written(db, out)
    sections = re.findall(r"<section.*?</section>", page, re.DOTALL)
    plotted = [section for section in sections if "<svg" in section]
    assert len(plotted) == 8
    for section in plotted:
        assert re.search(r"<figcaption>\S.+</figcaption>", section)
        assert re.search(r"<td[^>]*>\S+.*</td>", section)
        assert 'aria-hidden="true"' in section
    assert "2025-12-20" in page
    assert "nobody looked" in page


def test_dates_and_moments_say_what_they_are(db: Path, out: Path) -> None:
    assert re.search(r"Drawn at <time[^>]*>\d{4}-\d\d-\d\d</time> \d\d:\d\d UTC", written(db, out))


def test_days_and_sources_are_chosen(db: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = written(db, out, "--since", "2025-12-10", "--until", "2025-12-11", "--source", "harbour", "--source", "valley")
    assert re.search(r"\d articles? in 1 day, \d.0 a day. The busiest day: 2025-12-10", page)
    assert "of harbour, valley" in page
    assert re.fullmatch(rf"scraper: the report is written to {re.escape(str(out))}: \d+ KB\n", capsys.readouterr().err)


def test_days_without_an_article_say_which_there_are(db: Path, out: Path) -> None:
    page = written(db, out, "--since", "2020-01-01", "--until", "2020-02-01")
    assert "No article was published in these days." in page
    assert '<time datetime="2025-11-26">2025-11-26</time>' in page
    assert 'id="sources"' not in page


@pytest.mark.parametrize(("since", "unit"), [("2025-11-01", "day"), ("2025-01-01", "week"), ("1970-01-01", "month")])
def test_a_long_time_is_cut_into_weeks_and_months(db: Path, out: Path, since: str, unit: str) -> None:
    page = written(db, out, "--since", since, "--until", "2026-01-06")
    assert f"Articles by {unit}" in page
    assert len(page) < 1_000_000


def test_an_empty_database_has_a_page_that_says_so(tmp_path: Path, out: Path) -> None:
    Store.open(tmp_path / "empty.db").close()
    page = written(tmp_path / "empty.db", out, "--quiet")
    assert "Nothing is stored here yet." in page
    assert "<svg" not in page


def test_standard_output_takes_the_page(db: Path) -> None:
    done = run(["report", "--db", str(db), "--out", "-", *DAYS, "--quiet"])
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("<!doctype html>")
    assert done.stdout.endswith("</html>")


def test_a_file_that_exists_is_written_over_only_when_asked(db: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out.write_text("notes")
    assert main(["report", "--db", str(db), "--out", str(out), *DAYS]) == 2
    assert capsys.readouterr().err == f"scraper: {out} exists; --force writes over it\n"
    assert out.read_text() == "notes"
    assert "<svg" in written(db, out, "--force", *DAYS)
    assert [path.name for path in out.parent.iterdir()] == [out.name]


@pytest.mark.parametrize(
    "case",
    [
        (("--source", "harbor"), 2, "there is no source 'harbor' in the database; did you mean harbour?"),
        (("--since", "2026-01-02", "--until", "2026-01-02"), 2, "there is no day from 2026-01-02 to before 2026-01-02"),
        (("--out", "nowhere/report.html"), 2, "there is no directory nowhere"),
        (("--db", "missing.db"), 5, "there is no database at missing.db"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], case: tuple[tuple[str, ...], int, str]
) -> None:
    arguments, code, sentence = case
    monkeypatch.chdir(tmp_path)
    assert_refused(capsys, ["report", "--db", str(db), "--out", "report.html", *arguments], code, sentence)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_without_room_leaves_nothing_behind(db: Path, out: Path) -> None:
    limit = (40_000, 40_000)  # of which SQLite takes 32 KB to read beside a writer
    command = [sys.executable, "-m", "scraper", "report", "--db", str(db), "--out", str(out), *DAYS]
    before = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit)  # noqa: E731
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment(), preexec_fn=before)
    assert (done.returncode, done.stderr) == (5, f"scraper: {out} cannot grow: the disk is full\n")
    assert list(out.parent.iterdir()) == []


def test_without_the_library_it_says_what_to_install(
    db: Path, out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    assert main(["report", "--db", str(db), "--out", str(out)]) == 2
    assert capsys.readouterr().err == "scraper: there are no plots without vl_convert: pip install 'scraper[report]'\n"


def test_an_address_that_is_none_of_the_web_is_no_link(db: Path) -> None:
    from dataclasses import replace

    from scraper.look.page import Surroundings, rendered

    with Store.open(db, read_only=True) as store:
        figures = store.overview(today=date(2026, 1, 6))
    evil = replace(figures, shared=(replace(figures.shared[0], url="javascript:alert(1)", headline="A story"),))
    page = rendered(evil, Surroundings(database="news", at=datetime(2026, 1, 6, tzinfo=UTC)))
    assert "javascript:" not in page
    assert ">A story</td>" in page


def run(arguments: list[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-m", "scraper", *arguments], capture_output=True, text=True, check=False, env=environment())


def test_sources_in_trouble_are_shown_with_their_reason(tmp_path: Path, out: Path) -> None:
    db = tmp_path / "trouble.db"
    fill_richly(db, days=2)
    with Store.open(db) as store:
        for hours in (0, 6, 12):
            at, run = NOW + timedelta(hours=hours), store.begin_run("run", started_at=NOW)
            refused = BadStatus("refused", code="http_403", url=VALLEY.feeds[0], status=403)
            store.record_failure(run, refused, source_id=VALLEY.id, url=VALLEY.feeds[0], kind="feed", at=at)
            store.judge_health(run, at)
    page = written(db, out)
    (section,) = re.findall(r'<section[^>]*id="troubles".*?</section>', page, re.DOTALL)
    assert re.findall(r"<td[^>]*>\s*(.+?)\s*</td>", section)[:2] == ["Valley Courier", "blocked"]
    assert "no listing could be read in 3 looks: refused" in section
    assert '<a href="#troubles"><b>1</b> sources in trouble</a>' in page
