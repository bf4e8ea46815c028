"""What stands where a story was expected, and what only looks like it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scraper import extract

STORY = "".join(
    f"<p>{line}</p>"
    for line in (
        "Half of the county's libraries will ask visitors to accept cookies on their new catalogue from Monday, the board said.",
        "Nobody will be asked whether they are a robot, said the head of the reading rooms, Ilse Maron, though one applied for a card.",
        "The page that listed the old opening hours has been removed; a page not found is, she said, a page not missed.",
        "Readers who want to continue reading at home may still take out forty books, as they have been able to since 1974.",
        "The new catalogue cost 310,000 crowns, which is less than planned, and needs two people instead of five to run it.",
        "A vote on longer hours is to be held in the spring, when the money that was saved has been counted once more.",
    )
)


def test_a_story_about_cookies_robots_and_missing_pages_is_a_story() -> None:
    page = f"<title>Libraries ask for consent</title><h1>Libraries ask for consent</h1><article>{STORY}</article>"
    assert extract(page, "https://news.example/libraries").verdict == "article"


@pytest.mark.parametrize(
    ("page", "verdict"),
    [
        (
            "<h1>We value your privacy</h1><p>We and our partners store information on a device. Choose Accept all cookies to go on.</p>",
            "consent_wall",
        ),
        ("<title>Just a moment...</title><p>Checking your browser before accessing the site. Ray ID: 8a1</p>", "challenge"),
        ("<h1>Seite nicht gefunden</h1><p>Diesen Artikel gibt es nicht mehr.</p>", "removed"),
        ("<h1>Sign in</h1><p>E-mail</p><p>Forgot your password?</p>", "other"),
        ("<p>You need to enable JavaScript to run this app.</p><script>run()</script>", "js_shell"),
        ("<h1>Bridge closed</h1><p>The old bridge is closed.</p>", "stub"),
        (
            "<ul>" + "".join(f'<li><a href="/{n}">Council meets for the {n}th time about the bridge</a></li>' for n in range(20)) + "</ul>",
            "listing",
        ),
    ],
)
def test_what_stands_in_a_storys_place_is_told(page: str, verdict: str) -> None:
    assert extract(f"<html><body>{page}</body></html>", "https://news.example/x/y").verdict == verdict


def test_a_cut_off_story_with_an_offer_is_a_paywall_stub() -> None:
    start = STORY.split("</p>")[4] + "</p>"
    page = f"<h1>Libraries</h1>{start}<p>It will cost less.</p><p>Subscribe to continue reading</p>"
    assert extract(page).verdict == "paywall_stub"


def test_a_live_blog_is_told_by_its_headline() -> None:
    assert extract(f"<h1>Election night live blog: the count goes on</h1><article>{STORY}</article>").verdict == "live_blog"


def test_the_reason_is_kept() -> None:
    proof = extract("<html><body></body></html>").evidence.of("verdict")
    assert proof is not None
    assert (proof.value, proof.signal) == ("empty", "no text")


def test_the_same_page_has_the_same_record_in_every_process() -> None:
    folder = Path(__file__).parents[1] / "fixtures" / "sites"
    pages = sorted(folder.rglob("*.html"))[::9]
    assert len(pages) > 4
    command = "import sys, scraper; [print(scraper.extract(open(name, 'rb').read()).to_dict()) for name in sys.argv[1:]]"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", command, *map(str, pages)],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
