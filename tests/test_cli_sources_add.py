"""`scraper sources add`: a site on loopback is looked at, politely, and put on the list, or not, with a sentence that says why."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from newsroom import STORY, Answer, Newsroom, newsroom, wait_until
from refusals import assert_refused

from scraper.cli.app import main
from scraper.sources import load

HEAD = "version: 1\n# ours\ndefaults: {contact: desk@example.org, delay_s: 0, max_age_days: 3650}\nsources:   # none yet\n"
PLACES = ["Pell", "Corran", "Skarn", "Mirran", "Tarn", "Ost", "Vell"]


@pytest.fixture
def room() -> Iterator[Newsroom]:
    """Give a site with a home page that declares a feed, one of comments and one that is gone, and a robots.txt that names sitemaps."""
    with newsroom() as site:
        for place in PLACES:
            page = STORY.format(headline=f"Sea wall of {place} to rise", place=place)
            site.answers[f"/{place}"] = Answer(
                page.replace("<title>", '<meta property="og:site_name" content="Harbour Post"><title>').encode()
            )
        urls = [f"{site.origin}/{place}" for place in PLACES]
        site.feed("/rss", urls)
        feeds = "".join(f'<link rel="alternate" type="application/rss+xml" href="{path}">' for path in ("/rss", "/comments/rss", "/gone"))
        site.answers["/"] = Answer(f"<html><head>{feeds}</head><body><p>Welcome</p></body></html>".encode())
        named = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
        xmlns = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        site.answers["/news.xml"] = Answer(f"<urlset {xmlns}>{named}</urlset>".encode(), type="application/xml")
        sitemaps = f"Sitemap: {site.origin}/all.xml\nSitemap: {site.origin}/news.xml\n"
        site.answers["/robots.txt"] = Answer(f"User-agent: *\nDisallow: /Corran\n{sitemaps}".encode(), type="text/plain")
        yield site


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "sources.yaml"
    path.write_text(HEAD, encoding="utf-8")
    return path


def add(*arguments: str) -> int:
    return main(["sources", "add", "--allow-private", *arguments])


def test_a_site_is_looked_at_and_added(room: Newsroom, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert add(f"{room.origin}/", "--id", "harbour") == 0
    out, err = capsys.readouterr()
    host = room.origin.removeprefix("http://")
    assert out.splitlines() == [
        "  - id: harbour",
        "    name: Harbour Post",
        f"    domain: {host}",
        "    languages: [en]",
        "    feeds:",
        f"      - {room.origin}/rss",
        "    news_sitemaps:",
        f"      - {room.origin}/news.xml",
        "    allow_private: true",
    ]
    assert file.read_text(encoding="utf-8") == HEAD + out
    assert [(source.id, source.enabled) for source in load(file)] == [("harbour", True)]
    assert "harbour was added to sources.yaml" in err
    assert "http_404" in err  # the feed that is gone
    assert "robots_denied" in err
    assert "times are told with: +00:00 (4)" in err


def test_five_pages_are_asked_for_and_what_robots_txt_forbids_is_not(room: Newsroom, file: Path) -> None:
    assert add(room.origin, "--quiet") == 0
    paths = [path for path, _ in room.requests]
    assert paths == ["/robots.txt", "/", "/rss", "/gone", "/news.xml", "/Pell", "/Skarn", "/Mirran", "/Tarn"]
    assert all("desk@example.org" in headers["user-agent"] for _, headers in room.requests)


def test_a_feed_is_as_good_as_a_home_page_and_asked_for_once(room: Newsroom, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert add(f"{room.origin}/rss", "--dry-run", "--name", "The: Post") == 0
    out, err = capsys.readouterr()
    assert "    name: 'The: Post'" in out
    assert "nothing was written" in err
    assert file.read_text(encoding="utf-8") == HEAD
    assert room.asked("/rss") == 1


def test_a_site_without_feeds_is_read_from_its_home_page(room: Newsroom, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    items = "".join(f'<li><h2><a href="/{place}">Sea wall of {place} to rise by two metres</a></h2></li>' for place in PLACES)
    room.answers |= {"/": Answer(f"<html><body><main><ul>{items}</ul></main></body></html>".encode()), "/robots.txt": Answer(status=404)}
    assert add(room.origin) == 0
    assert f"    sections:\n      - {room.origin}/\n" in capsys.readouterr().out


def test_an_index_of_sitemaps_is_followed_and_named(room: Newsroom, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    index = f"<sitemapindex><sitemap><loc>{room.origin}/news.xml</loc></sitemap></sitemapindex>"
    room.answers["/news-index.xml"] = Answer(index.encode(), type="application/xml")
    assert add(f"{room.origin}/news-index.xml", "--quiet") == 0
    assert f"      - {room.origin}/news-index.xml\n" in capsys.readouterr().out


def test_a_file_is_made_where_there_is_none(room: Newsroom, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.unlink()
    room.answers["/robots.txt"] = Answer(b"User-agent: *\nCrawl-delay: 0\n", type="text/plain")
    assert main(["sources", "add", room.origin, "--sources", str(file)]) == 1  # nobody has allowed a private address
    assert not file.exists()
    assert "is not a public host" in capsys.readouterr().err


def test_a_site_that_is_on_the_list_is_refused_before_it_is_asked(room: Newsroom, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    host = room.origin.removeprefix("http://")
    file.write_text(f"{HEAD}  - {{id: harbour, domain: '{host}', enabled: false}}\n", encoding="utf-8")
    sentence = (
        f"{host} is on the list as harbour; `scraper sources enable harbour` lets it be collected. "
        "Another source of the same site needs an --id of its own"
    )
    assert_refused(capsys, ["sources", "add", f"{room.origin}/rss"], 2, sentence)
    assert room.requests == []


def test_an_id_or_a_listing_that_is_taken_is_refused(room: Newsroom, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert add(room.origin, "--id", "harbour", "--quiet") == 0
    before = file.read_text(encoding="utf-8")
    assert add(room.origin, "--id", "harbour", "--quiet") == 2
    assert "harbour cannot be added: the same id as sources[0].id" in capsys.readouterr().err
    assert add(room.origin, "--id", "other", "--quiet") == 2
    assert "other cannot be added: the same listing as sources[0].feeds[0]" in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == before


@pytest.mark.parametrize("url", ["", "mailto:desk@example.org", "two words", "ftp://harbour.example/"])
def test_what_is_no_address_is_refused(url: str, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert_refused(capsys, ["sources", "add", url], 2, f"{url!r} is no address of a site, such as https://harbourpost.example/")


def test_a_site_with_nothing_to_collect_is_not_added(room: Newsroom, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    room.answers = {"/": Answer(b"<html><body><p>Welcome</p></body></html>")}
    assert add(room.origin) == 1
    said = capsys.readouterr().err
    assert f"nothing to collect was found at {room.origin}/; stories older than 30 days do not count, and sections can be written" in said
    assert file.read_text(encoding="utf-8") == HEAD


def test_a_site_whose_pages_are_no_articles_is_not_added(room: Newsroom, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for place in PLACES:
        room.answers[f"/{place}"] = Answer(b"<html><body></body></html>")
    assert add(room.origin) == 1
    assert "none of the 5 pages that were read is an article; nothing was written" in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == HEAD


def test_a_file_with_problems_is_not_added_to(room: Newsroom, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(HEAD.replace("contact", "contcat"), encoding="utf-8")
    assert add(room.origin) == 2
    assert "defaults.contcat: unknown key; did you mean contact?" in capsys.readouterr().err
    assert room.requests == []


def test_the_pages_that_were_read_are_kept_on_request(room: Newsroom, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = STORY.format(headline="Caf\u00e9 of Pell to rise", place="Pell").encode("latin-1")
    room.answers["/Pell"] = Answer(page, type="text/html; charset=iso-8859-1")
    assert add(room.origin, "--id", "harbour", "--save-pages") == 0
    assert "4 pages saved in sources/harbour" in capsys.readouterr().err
    folder = file.parent / "sources" / "harbour"
    assert sorted(path.name for path in folder.iterdir())[:3] == ["mirran.html", "mirran.yaml", "pell.html"]
    assert f"url: {room.origin}/Pell\n" in (folder / "pell.yaml").read_text(encoding="utf-8")
    assert "headline: Caf\u00e9 of Pell to rise\n" in (folder / "pell.yaml").read_text(encoding="utf-8")
    assert main(["sources", "test"]) == 0
    assert "4 of 4 pages are read as expected" in capsys.readouterr().err


def test_a_page_that_its_scripts_make_is_said_to_be_one(room: Newsroom, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shell = b'<html><head><title>x</title></head><body><div id="root"></div><script src="/app.js"></script></body></html>'
    for place in PLACES:
        room.answers[f"/{place}"] = Answer(shell)
    assert add(room.origin) == 1
    assert "they are made by their scripts: write the source by hand, with `render: auto`" in capsys.readouterr().err


def test_ctrl_c_leaves_the_file_as_it_was(room: Newsroom, file: Path) -> None:
    room.answers["/rss"].wait_s = 60
    command = [sys.executable, "-m", "scraper", "sources", "add", room.origin, "--allow-private"]
    with subprocess.Popen(command, cwd=file.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        wait_until(lambda: room.asked("/rss") == 1, timeout_s=60)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err.splitlines()[-1]) == (130, "", "scraper: interrupted")
    assert file.read_text(encoding="utf-8") == HEAD
