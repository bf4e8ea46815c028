"""How does the page look to those who look at it? In a real Chromium: wide and narrow, light and dark, with nothing asked for elsewhere."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from looking import Served, fill_richly, needs_look, served
from rendering import needs_browser

from scraper.store import Store

pytestmark = [needs_look, needs_browser]
SCREENS = [(1280, "light"), (1280, "dark"), (360, "light"), (360, "dark")]
SPAN = {"since": date(2025, 11, 1), "until": date(2026, 2, 1)}
# The relative luminance of WCAG, and the contrast of two colours, as the browser computes them.
CONTRAST = """() => {
  const light = colour => {
    const linear = v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map(v => linear(v / 255));
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const under = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = getComputedStyle(e).backgroundColor;
      if (colour !== 'rgba(0, 0, 0, 0)') return colour;
    }
    return getComputedStyle(document.documentElement).backgroundColor;
  };
  const texts = [...document.querySelectorAll('h1, h2, p, figcaption, a, summary, td, th, .tiles b, label, svg text')]
    .filter(e => e.getClientRects().length && e.textContent.trim());
  return Math.min(...texts.map(e => {
    const style = getComputedStyle(e);
    const pair = [light(e.closest('svg') ? style.fill : style.color), light(under(e))].sort((a, b) => b - a);
    return (pair[0] + .05) / (pair[1] + .05);
  }));
}"""
OUTSIDE = """() => [...document.querySelectorAll('svg text')].filter(e => e.getClientRects().length).filter(e => {
  const text = e.getBoundingClientRect(), box = e.closest('svg').getBoundingClientRect();
  return text.left < box.left - 1 || text.right > box.right + 1 || text.top < box.top - 1 || text.bottom > box.bottom + 1;
}).map(e => e.textContent)"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    from scraper.fetch.chromium import program, wants_sandbox

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), chromium_sandbox=wants_sandbox())
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("look") / "news.db"
    fill_richly(path)
    return path


@pytest.fixture(scope="module")
def server(db: Path) -> Iterator[Served]:
    with served(db) as server:
        yield server


class Seen:
    """A page as a browser has it, and what it complained of and asked for on the way."""

    def __init__(self, browser: Any, url: str, width: int, scheme: str) -> None:
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.set_default_timeout(60_000)
        self.page.goto(url)

    def is_too_wide(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))

    def plots(self) -> int:
        return int(self.page.evaluate("[...document.querySelectorAll('svg')].filter(e => e.getClientRects().length).length"))

    def background(self) -> str:
        return str(self.page.evaluate("getComputedStyle(document.body).backgroundColor"))


def written(tmp_path: Path, db: Path, **span: Any) -> str:
    from scraper.look.report import Asked, report

    target = tmp_path / "report.html"
    report(db, target, Asked(**span), now=datetime(2026, 1, 6, tzinfo=UTC))
    return target.as_uri()


def looked_at(browser: Any, url: str, width: int, scheme: str, plots: int = 8) -> Seen:
    seen = Seen(browser, url, width, scheme)
    assert seen.complaints == []
    assert all(asked.startswith((url.partition("?")[0], "data:")) for asked in seen.asked)
    assert not seen.is_too_wide()
    assert seen.plots() == plots
    assert seen.page.evaluate(OUTSIDE) == []
    return seen


@needs_browser
@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_the_report_is_readable(browser: Any, db: Path, tmp_path: Path, width: int, scheme: str) -> None:
    seen = looked_at(browser, written(tmp_path, db, **SPAN), width, scheme)
    assert seen.page.evaluate(CONTRAST) >= 4.5
    assert seen.background() == {"light": "rgb(255, 255, 255)", "dark": "rgb(17, 21, 26)"}[scheme]
    assert seen.page.evaluate("getComputedStyle(document.querySelector('#days svg path[fill^=var], #days svg [fill^=var]')).fill") != "none"
    assert seen.page.evaluate("(e => e.scrollWidth - e.clientWidth)(document.querySelector('#shared .scroll'))") == 0
    for summary in seen.page.query_selector_all("summary"):
        summary.click()
    assert not seen.is_too_wide()
    assert seen.complaints == []
    seen.page.close()


@needs_browser
@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_the_first_page_of_serve_is_readable(browser: Any, server: Served, width: int, scheme: str) -> None:
    seen = looked_at(browser, f"{server.url}?since=2025-11-01&to=2026-01-31", width, scheme)
    assert seen.page.evaluate(CONTRAST) >= 4.5
    seen.page.close()


def follow(seen: Seen, what: str) -> None:
    with seen.page.expect_navigation():
        seen.page.click(what)


def test_a_reader_gets_from_the_first_page_to_a_source_and_a_table(browser: Any, server: Served) -> None:
    seen = Seen(browser, server.url, 1280, "light")
    seen.page.fill("input[name=since]", "2025-12-01")
    seen.page.select_option("select[name=source]", "valley")
    follow(seen, "button")
    assert "of valley" in seen.page.inner_text("header")
    follow(seen, "text=More in failures")
    assert seen.page.inner_text("h1") == "failures (view)"
    follow(seen, "text=home")
    assert seen.page.inner_text("h1") == "news"
    seen.page.goto(f"{server.url}?since=2025-12-01&to=2026-01-31")
    seen.page.click("#authors summary")
    follow(seen, "#authors td a >> text=Huw Parry")
    assert '1 row where name = "Huw Parry"' in seen.page.inner_text("body")
    assert all(asked.startswith(server.url) for asked in seen.asked)
    assert seen.complaints == []
    seen.page.close()


@pytest.mark.parametrize("path", ["news", "news/article_list", "news/search?words=ferry", "news?sql=select+1", "-/versions"])
def test_datasettes_own_pages_ask_for_nothing_elsewhere(browser: Any, server: Served, path: str) -> None:
    seen = Seen(browser, server.url + path, 1280, "light")
    assert seen.complaints == []
    assert all(asked.startswith(server.url) for asked in seen.asked)
    seen.page.close()


def test_what_the_columns_mean_leaves_room_for_the_rows(browser: Any, server: Served) -> None:
    seen = Seen(browser, f"{server.url}news/article_list", 1280, "light")
    assert 50 < seen.page.query_selector("dl.column-descriptions").bounding_box()["height"] < 200
    seen.page.close()


@pytest.mark.parametrize("width", [1280, 360])
def test_a_single_day_is_a_page_too(browser: Any, db: Path, tmp_path: Path, width: int) -> None:
    url = written(tmp_path, db, since=date(2025, 12, 20), until=date(2025, 12, 21))
    looked_at(browser, url, width, "light", plots=4).page.close()


def test_an_empty_database_says_so(browser: Any, tmp_path: Path) -> None:
    Store.open(tmp_path / "empty.db").close()
    seen = looked_at(browser, written(tmp_path, tmp_path / "empty.db"), 360, "dark", plots=0)
    assert "Nothing is stored here yet." in seen.page.inner_text("main")
    seen.page.close()
