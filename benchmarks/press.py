"""Twenty papers that never were: front pages, feeds, news sitemaps and stories, all drawn from the word lists below, the same each time.

A page weighs what news pages weigh (some 150 kB, most of it menus, cards of other stories, styles and scripts), since that is what a
crawler spends its time on. Nothing is copied from anywhere.
"""

import json
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property

__all__ = ["DAY", "PAPERS", "Paper"]

DAY = datetime(2026, 1, 5, 18, 0, tzinfo=UTC)
PAPERS = 20
FEED_ITEMS = 50
CARDS = 60
PLACES = "Ostvik Varde Hamra Brenna Tolsund Eikholm Marstad Lindefjord Skarnes Averoy Kvalby Rognan Stavik Holmen Fauske Dalsjo".split()
PEOPLE = "Edda Marsh|Ivo Brandt|Sunniva Holt|Mateus Rey|Anneke Vos|Tarek Odell|Lina Ferro|Osk Halvor|Pia Renner|Joao Lund".split("|")
BODIES = "council|harbour board|school committee|road office|coast guard|water company|ferry line|planning court|union|museum".split("|")
THINGS = (
    "sea wall|night ferry|old bridge|grain store|bus route|library roof|fish market|tidal barrier|flood map|wind park|clinic|ice rink|"
    "railway tunnel|lighthouse|swimming hall|refuse plant|post office|timber yard|rates bill|boat register"
).split("|")
DEEDS = "repair|sell|close|extend|rebuild|survey|move|open|insure|paint|lease|measure|defend|abandon|finish".split("|")
TIMES = "before the winter|by midsummer|within two years|after the election|at the end of March|once the ice is gone|in the autumn".split(
    "|"
)
REASONS = (
    "the money was set aside three years ago|nobody had looked at the drawings since they were made|the insurers asked for it twice|"
    "two storms had done more harm than anyone expected|the neighbours went to court|a survey found rust in every second beam|"
    "the old contract runs out|there is no other way across the fjord in bad weather"
).split("|")
SENTENCES = (
    "The {body} of {place} wants to {deed} the {thing} {time}, because {reason}.",
    "{person} told the meeting that the {thing} would cost {number} million crowns, a third more than was said in the spring.",
    "“We have waited long enough, and so has everyone in {place}”, said {person}, who has led the {body} since 20{small:02d}.",
    "Only {small} of the {number} members voted against it, and none of them would say why after the meeting.",
    "In {place} people remember that the {body} promised to {deed} the {thing} once before, and that nothing came of it.",
    "The work is to begin {time}; until then the {thing} stays open on weekdays between {small} and 18 hours.",
    "Engineers who were asked by the {body} say that {reason}, and that waiting for another year would double the bill.",
    "A decision about the {thing} in {place} is expected {time}, and may still be appealed against.",
    "Last year {number} households in {place} signed a letter in which they asked the {body} to {deed} the {thing}.",
    "It is not the first time: in {other} a {thing} was given up {time}, although {reason}.",
    "“Ask me again when the tide is out”, {person} answered when the question of the {thing} came up.",
    "The figures were laid before the {body} on Monday; they cover {number} pages and {small} maps.",
)
HEADLINES = (
    "{place} is to {deed} its {thing} {time}",
    "{body} of {place} divided over the {thing}",
    "Why {place} may {deed} the {thing} after all",
    "{number} million crowns for the {thing} in {place}",
    "Storm leaves {place} without its {thing}",
)
SECTIONS = "coast|politics|money|culture|sport|weather|letters|science".split("|")
MENU = "Home News Local Coast Politics Money Culture Sport Weather Letters Science Video Archive Jobs Notices Tides Shop Help".split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One story: what its page and the listings say of it."""

    path: str
    headline: str
    author: str
    published: datetime
    section: str
    paragraphs: tuple[str, ...]


@dataclass
class Paper:
    """One paper and its `count` stories, the newest first; every answer is bytes, ready to be sent. `origin` is known once it is served."""

    number: int
    count: int
    origin: str = ""
    _stories: dict[int, Story] = field(default_factory=dict)

    def answer(self, path: str) -> tuple[bytes, str] | None:
        """Give what stands at a path and its media type, or None."""
        if path == "/robots.txt":
            return f"User-agent: *\nDisallow: /search\nSitemap: {self.origin}/news.xml\n".encode(), "text/plain"
        if path == "/feed.xml":
            return self._feed, "application/rss+xml"
        if path == "/news.xml":
            return self._sitemap, "application/xml"
        number = path.rpartition("-")[2].removesuffix(".html")
        if number.isdecimal() and int(number) < self.count and path == self.story(int(number)).path:
            return self._page(int(number)), "text/html; charset=utf-8"
        return None

    def story(self, number: int) -> Story:
        """Give a story; drawn once."""
        if number not in self._stories:
            self._stories[number] = self._drawn(random.Random(f"{self.number}/{number}"), number)
        return self._stories[number]

    def _drawn(self, chance: random.Random, number: int) -> Story:
        place, thing = chance.choice(PLACES), chance.choice(THINGS)
        headline = _filled(chance, chance.choice(HEADLINES), place, thing)
        headline = headline[0].upper() + headline[1:]
        paragraphs = tuple(
            " ".join(_filled(chance, chance.choice(SENTENCES), place, thing) for _ in range(chance.randint(1, 4)))
            for _ in range(chance.randint(6, 16))
        )
        section, at = chance.choice(SECTIONS), DAY - timedelta(minutes=7 * number)
        slug = "-".join(word for word in headline.lower().split() if word.isalnum())
        path = f"/{section}/{at:%Y/%m}/{slug}-{number}.html"
        return Story(path=path, headline=headline, author=chance.choice(PEOPLE), published=at, section=section, paragraphs=paragraphs)

    @cached_property
    def _feed(self) -> bytes:
        items = "".join(
            f"<item><title>{story.headline}</title><link>{self.origin}{story.path}</link><guid>{self.origin}{story.path}</guid>"
            f"<pubDate>{story.published:%a, %d %b %Y %H:%M:%S} GMT</pubDate><description>{story.paragraphs[0]}</description></item>"
            for story in map(self.story, range(min(self.count, FEED_ITEMS)))
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{self._name}</title>{items}</channel></rss>'.encode()

    @cached_property
    def _sitemap(self) -> bytes:
        urls = "".join(
            f"<url><loc>{self.origin}{story.path}</loc><news:news><news:publication><news:name>{self._name}</news:name>"
            f"<news:language>en</news:language></news:publication><news:publication_date>{story.published.isoformat()}"
            f"</news:publication_date><news:title>{story.headline}</news:title></news:news></url>"
            for story in map(self.story, range(self.count))
        )
        spaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
        return f'<?xml version="1.0" encoding="UTF-8"?><urlset {spaces}>{urls}</urlset>'.encode()

    @cached_property
    def _name(self) -> str:
        return f"The {PLACES[self.number % len(PLACES)]} {('Post', 'Courier', 'Ledger', 'Mercury')[self.number % 4]}"

    def _page(self, number: int) -> bytes:
        story = self.story(number)
        cards = self._cards
        beside = b"".join(cards[(number * 7 + step) % CARDS] for step in range(24))
        return b"".join((self._head(story), self._menu, self._article(story), b"<aside>", beside, b"</aside>", self._foot))

    def _head(self, story: Story) -> bytes:
        data = {
            "@context": "https://schema.org", "@type": "NewsArticle", "headline": story.headline,
            "datePublished": story.published.isoformat(), "author": {"@type": "Person", "name": story.author},
            "publisher": {"@type": "Organization", "name": self._name}, "articleSection": story.section,
        }  # fmt: skip
        script = f'<script type="application/ld+json">{json.dumps(data)}</script>' if self.number % 3 else ""
        return (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{story.headline} | {self._name}</title>'
            f'<link rel="canonical" href="{self.origin}{story.path}"><meta property="og:title" content="{story.headline}">'
            f'<meta property="og:type" content="article"><meta name="description" content="{story.paragraphs[0][:150]}">'
            f'<meta property="article:published_time" content="{story.published.isoformat()}">{script}'
        ).encode() + self._styles

    def _article(self, story: Story) -> bytes:
        tag = ("article", "div", "section", "main")[self.number % 4]
        name = ("story", "css-1x9ka7", "entry-content", "c-text prose")[self.number % 4]
        lines = [f"<p>{paragraph}</p>" for paragraph in story.paragraphs]
        lines.insert(3, '<div class="ad" data-slot="mid"><span>Advertisement</span></div>')
        lines.insert(5, '<figure><img src="/i/1.jpg" alt=""><figcaption>The quay, seen from the pier.</figcaption></figure>')
        head = f'<h1>{story.headline}</h1><p class="by">By <a href="/people">{story.author}</a></p>'
        when = f'<time datetime="{story.published.isoformat()}">{story.published:%d %B %Y, %H:%M}</time>'
        return f'<{tag} class="{name}">{head}{when}{"".join(lines)}</{tag}>'.encode()

    @cached_property
    def _cards(self) -> tuple[bytes, ...]:
        chance = random.Random(f"cards {self.number}")
        found = []
        for number in range(CARDS):
            story = self.story(chance.randrange(self.count))
            found.append(
                f'<div class="card card-{number % 5}" data-id="{chance.getrandbits(60):x}"><a href="{story.path}"><picture><source '
                f'srcset="/i/{number}-400.webp 400w, /i/{number}-800.webp 800w"><img loading="lazy" src="/i/{number}.jpg" alt=""></picture>'
                f'<span class="kicker">{story.section}</span><h3>{story.headline}</h3></a>'
                f"<p>What {story.author} heard, and what it means for the months to come</p>"
                f'<ul><li><button aria-label="save">Save</button></li><li><button>Share</button></li></ul></div>'.encode()
            )
        return tuple(found)

    @cached_property
    def _menu(self) -> bytes:
        chance = random.Random(f"menu {self.number}")
        links = "".join(
            f'<li class="m{chance.randrange(9)}"><a href="/{word.lower()}" data-t="{chance.getrandbits(40):x}"><span>{word}</span></a><ul>'
            + "".join(f'<li><a href="/{word.lower()}/{place.lower()}">{place}</a></li>' for place in chance.sample(PLACES, 9))
            + "</ul></li>"
            for word in MENU
        )
        return f'<body><header><a href="/">{self._name}</a><nav><ul>{links}</ul></nav></header>'.encode()

    @cached_property
    def _styles(self) -> bytes:
        chance = random.Random(f"styles {self.number}")
        rules = "".join(
            f".c{chance.getrandbits(24):x}{{margin:{chance.randrange(40)}px;color:#{chance.getrandbits(24):06x};display:flex}}"
            for _ in range(600)
        )
        state = json.dumps({f"k{chance.getrandbits(32):x}": [chance.getrandbits(50) for _ in range(6)] for _ in range(260)})
        return f"<style>{rules}</style><script>window.__state={state};</script></head>".encode()

    @cached_property
    def _foot(self) -> bytes:
        chance = random.Random(f"foot {self.number}")
        links = "".join(f'<li><a href="/about/{place.lower()}">Notices from {place}</a></li>' for place in PLACES * 4)
        code = "".join(f"q.push({{id:{chance.getrandbits(50)},slot:'{chance.getrandbits(70):x}'}});" for _ in range(500))
        return (
            f"<footer><ul>{links}</ul><p>All rights with {self._name}.</p></footer><script>var q=[];{code}</script></body></html>".encode()
        )


def _filled(chance: random.Random, pattern: str, place: str, thing: str) -> str:
    return pattern.format(
        body=chance.choice(BODIES), place=place, other=chance.choice(PLACES), person=chance.choice(PEOPLE), thing=thing,
        deed=chance.choice(DEEDS), time=chance.choice(TIMES), reason=chance.choice(REASONS), number=chance.randint(11, 97),
        small=chance.randint(2, 9),
    )  # fmt: skip
