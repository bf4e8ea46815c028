"""Which line is the headline: what the page shows, without the site's name."""

import json
from pathlib import Path

import pytest

from scraper.extract.document import Block, Document
from scraper.extract.fields import opening
from scraper.extract.plaintext import read_text
from scraper.extract.walk import walk_html

SEEDS = Path(__file__).parent.parent.parent / "shared" / "seeds"


def headline(html: str, url: str | None = "https://www.example.org/news/harbour-opens-after-storm") -> str | None:
    winner = opening(walk_html(html), url).headline.choice.winner
    return winner.value if winner else None


def test_the_sites_name_is_taken_off() -> None:
    assert headline("<title>Harbour opens after storm | Example</title>") == "Harbour opens after storm"
    assert headline("<title>Example: Harbour opens after storm - example.org</title>") != "Harbour opens after storm - example.org"
    site = '<meta property="og:site_name" content="The Daily Fish">'
    assert headline(f"{site}<title>Harbour opens after storm - The Daily Fish</title>") == "Harbour opens after storm"


def test_the_sites_motto_goes_with_its_name_and_hosts_spell_umlauts_out() -> None:
    site = '<meta property="og:site_name" content="The Daily Fish">'
    motto = "<title>Harbour opens after storm - The Daily Fish | News from the coast</title>"
    assert headline(site + motto) == "Harbour opens after storm"
    assert headline("<title>Hafen wieder offen - Küsten-Jäger</title>", "https://kuestenjaeger.example/a/b") == "Hafen wieder offen"


def test_a_line_that_shows_a_part_of_the_title_says_where_it_ends() -> None:
    title, menu = "<title>Harbour opens after storm | Coast and Sea</title>", '<a href="/c">Coast and Sea</a>'
    line = "<div class=t>Harbour opens after storm</div>"
    assert headline(f"{title}{menu}{line}<p>Ships came in.</p>") == "Harbour opens after storm"
    assert headline(f"{title}{menu}<h1>Fish of the day</h1>{line}<p>Ships came in.</p>") == "Harbour opens after storm"
    assert headline(f"{title}{menu}<p>Ships came in.</p>") == "Harbour opens after storm | Coast and Sea"
    behind = "<title>Press - The harbour of Quay opens after storm</title><div>The harbour of Quay opens after storm</div>"
    assert headline(behind) == "The harbour of Quay opens after storm"


def test_a_hyphen_inside_the_headline_stays() -> None:
    html = "<title>Two-thirds agree - a first | Example</title><h1>Two-thirds agree - a first</h1>"
    assert headline(html) == "Two-thirds agree - a first"


def test_curly_quotes_stay_and_entities_are_undone() -> None:
    quoted = "&ldquo;It&rsquo;s open,&rdquo; says captain"
    html = f'<meta property="og:title" content="{quoted}"><h1>{quoted}</h1>'
    assert headline(html) == "“It’s open,” says captain"


BARE = "<div>Harbour opens again after the long winter storm</div>"
STORY = f"<div>Post by : Ann Lee</div><div>{'Ships came in, and the harbour was open. ' * 6}</div>"


@pytest.mark.parametrize(
    "head", ["", "<title>Quay Post - Latest news</title>", "<h1>Quay Post</h1>", "<title>Quay Post</title><h2>More</h2>"]
)
def test_where_no_heading_and_no_title_says_so_the_headline_is_the_line_said_twice_or_by_the_address(head: str) -> None:
    menu = "<div>Subscribe to the newsletter of the whole coast</div>"
    opens = "Harbour opens again after the long winter storm"
    assert headline(f"{head}{menu}{BARE}{BARE}{STORY}", "https://quay.example/story/1251") == opens
    assert headline(f"{head}{menu}<nav>Home World {opens}</nav>{BARE}{STORY}", None) == opens
    assert headline(f"{head}{menu}{BARE}{STORY}", "https://quay.example/harbour-opens-after-long-winter-storm") == opens
    assert headline(f"{head}{menu}{BARE}{STORY}", "https://quay.example/story/1251") != menu


def test_links_to_another_story_that_stand_twice_are_no_headline() -> None:
    link = "<p><a href='/1'>Fish is dear in every town of the coast</a></p>"
    assert headline(f"{link}{link}<h1>Harbour opens</h1>{STORY}", "https://quay.example/1") == "Harbour opens"


def test_a_heading_of_the_sites_name_stands_behind_the_heading_that_the_title_repeats() -> None:
    page = "<title>Harbour opens after storm</title><h1>Quay Post</h1><h3>Harbour opens after storm</h3>"
    assert headline(page, "https://example.org/1") == "Harbour opens after storm"


def test_a_heading_that_is_the_sites_name_is_no_headline() -> None:
    html = "<title>Harbour opens after storm - Example</title><h1>Example</h1><h2>Harbour opens after storm</h2>"
    assert headline(html) == "Harbour opens after storm"


def test_the_heading_the_titles_confirm_beats_another_heading() -> None:
    html = "<title>Harbour opens after storm | Example</title><h1>Subscribe to our letter</h1><h1>Harbour opens after storm</h1>"
    assert headline(html) == "Harbour opens after storm"


def test_the_block_that_shows_the_headline_is_found() -> None:
    document = walk_html("<title>Harbour opens after storm</title><p>Menu</p><h1>Harbour <span>opens</span> after storm</h1><p>Text.</p>")
    assert opening(document, None).headline.block == 1


def test_in_plain_text_the_repeated_line_above_the_story_is_the_headline() -> None:
    story = (
        "The harbour has been opened again by the mayor, who thanked the crews for their work through the night and through the storm. " * 2
    )
    lines = ["Menu", "Harbour opens again after storm", "Harbour opens again after storm", "Post by : Ann Lee", story]
    found = opening(Document(blocks=tuple(Block(line, -1, "p") for line in lines), is_html=False), None).headline
    assert found.choice.winner is not None
    assert found.choice.winner.value == "Harbour opens again after storm"
    assert found.block == 2


def test_a_teaser_s_heading_below_the_story_is_not_the_headline_that_a_line_above_it_repeats() -> None:
    wanted, other = "Harbour opens again after the storm", "Fish market closes for a week of repairs"
    line, teaser = f"<div>{wanted}</div>", f"<h1>{other}</h1><p>It needs a roof.</p>"
    story = "".join(f"<p>{f'The harbour has been opened, said crew {number}, and ships came in. ' * 3}</p>" for number in range(4))
    assert headline(line + line + story + teaser, None) == wanted
    assert headline(line + story + teaser, "https://example.org/harbour-opens-storm") == wanted
    assert headline(line + story + teaser, None) == other
    assert headline(f"<title>{other}</title>{line}{line}{story}{teaser}", None) == other


def test_a_page_without_any_title_has_none() -> None:
    assert headline("<p>Text.</p>", None) is None
    assert headline("", None) is None


@pytest.mark.skipif(not SEEDS.exists(), reason="the seed pages are not on this machine")
def test_the_seed_pages_give_their_headlines() -> None:
    for name, expected in json.loads((SEEDS / "expected.json").read_text("utf-8")).items():
        winner = opening(read_text((SEEDS / name).read_text("utf-8")), None).headline.choice.winner
        assert winner is not None
        assert winner.value == expected["headline"]


def test_a_kicker_in_the_heading_is_told_from_the_headline() -> None:
    heading = "<h1><div>Storm on the coast</div><div>Harbour opens after a week of waiting</div></h1>"
    title = "Harbour opens after a week of waiting"
    assert headline(f'<title>{title} | Example</title><meta property="og:title" content="{title}">{heading}') == title


def test_a_logo_is_no_headline_and_not_its_place() -> None:
    html = (
        '<meta property="og:title" content="Harbour opens after the storm">'
        '<h1 class="site-logo"><a href="/">The Quay Magazine</a></h1><p>Menu</p><h1>Harbour open again after storm</h1><p>By Ann Lee</p>'
    )
    found = opening(walk_html(html), "https://www.example.org/news/harbour-opens-after-storm").headline
    assert found.choice.winner is not None
    assert found.choice.winner.value != "The Quay Magazine"
    assert found.block == 2


def test_entities_that_were_escaped_twice_are_undone_in_headings() -> None:
    assert headline("<h1>Boats &amp;#x26; harbours</h1>") == "Boats & harbours"


def test_the_heading_readers_see_beats_one_kept_for_search_engines() -> None:
    head = '<title>Harbour: storm, boats, mayor</title><meta property="og:title" content="The boats are out again">'
    search = '<div class="breadcrumb"><h1>Harbour: storm, boats, mayor</h1></div>'
    assert headline(f"{head}{search}<h2>The boats are out again</h2><p>Text.</p>", None) == "The boats are out again"
    assert headline(f"{head}{search}<h2><span>Storm</span> The boats are out again</h2><p>Text.</p>", None) == "The boats are out again"
    assert headline(f"{head}<h1>Harbour: storm, boats, mayor</h1><p>Text.</p>", None) == "Harbour: storm, boats, mayor"


def test_a_claim_that_stops_inside_the_headline_is_none() -> None:
    whole = "The harbour of the town is opened again after the storm, and the mayor thanks the crews who worked on it all week long"
    data = f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{whole[:110]}"}}</script>'
    assert headline(f"{data}<title>{whole} | Example</title><h1>{whole}</h1>") == whole
    assert headline("<meta property='og:title' content='The captain said'><h1>The captain said \"no\" to the mayor</h1>", None) == (
        'The captain said "no" to the mayor'
    )


def test_a_kicker_that_runs_into_the_headline_is_told_by_what_the_page_claims() -> None:
    title = "Quay opens after nine years of work"
    heading = f"<h1><span>Harbour works</span> <span>{title}</span></h1>"
    assert headline(f'<title>{title} - Bay News</title><meta property="og:title" content="{title}">{heading}') == title
    article = title.replace("Quay", "Best quay")
    assert headline(f'<meta property="og:title" content="{article}"><title>{article}</title><h1>The {article}</h1>') == f"The {article}"
