"""Made-up pages around real stories, to train on what the corpora hold too little of: related stories with their whole text, teasers after
the story, promotions between its paragraphs, headlines set twice, in markup that gives nothing away.

`page(stories, rng)` returns HTML and the set of its lines that are the first story's body. The words of the stories come from the
corpora at training time and are never written to disk; everything else is drawn from the lists below.
"""

import html
import random
import re
import string
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.boxes import Line, after_story, in_story

__all__ = ["Story", "page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A headline and the paragraphs below it."""

    headline: str
    paragraphs: tuple[str, ...]


NAMES = (
    "Maria Oduya|John Kessler|Anna Lindqvist|Pedro Salas|Wei Zhang|Fatima Noor|Lars Holm|Ivy Tan|Kofi Mensah|Sara Cohen|Tom Reilly"
).split("|")
PAPERS = (
    "Harbour Times|The Daily Ledger|CNX|AsiaWire|Morgenblatt|El Faro|Gulf Report|The Courier|NewsToday|Metro Post|Business Herald"
).split("|")
MONTHS = "Jan. Feb. March April May June July Aug. Sept. Oct. Nov. Dec.".split()
NAV = (
    "Home|World|Politics|Business|Sport|Culture|Opinion|Video|Tech|Health|Search|Menu|Sign in|Subscribe|My account|Weather|"
    "E-paper|Jobs|Saved articles|Podcasts|Lifestyle|Travel|Science|Markets|Contact us|About|Log in|Newsletters|Startseite|"
    "Politik|Inicio|Deportes"
).split("|")
ABOVE = (
    "Your reading list is empty for now.|newsletter picture|Get our newsletter|"
    "More than 25,000 readers hear from us first, be one of them.|We will never share your address.|logo|Skip to content|"
    "Advertisement|We use cookies to improve your experience.|Listen to this article|Breaking|Live|"
    "Get the best of our journalism in your inbox every morning.|Advertisement - Scroll to continue|Share|Copy link|"
    "3 min read"
).split("|")
BETWEEN = (
    "Advertisement|Read more: {}|Also read: {}|Story continues below this ad|{}|SEE ALSO: {}|Subscribe to our newsletter|"
    "Sign up for our daily briefing|Lesen Sie auch: {}|Lea también: {}|A NEWSLETTER FOR YOU|Sign Up|Recommended: {}|"
    "Don't miss: {}|ADVERTISEMENT"
).split("|")
BELOW = (
    "Follow {} on Telegram to have the day's headlines sent to your phone.|"
    "Follow us on WhatsApp for the latest news.|blue shape|Try our AI features|Ask {} AI about this story:|"
    "Comments|No comments yet...|Summarise this article|Ask a question about this story|Share this article|"
    "Was this article helpful?|Thank you for your feedback|Like this story? Share it|Download the {} app|"
    "Add {} as a preferred source|Report an error|Leave a comment|"
    "Your email address will not be published. Required fields are marked *|Tags|Topics in this story|Print|"
    "Trust our reporting? Support it."
).split("|")
RELATED = (
    "Related Articles|Related Stories|More from {}|You may also like|Read next|Trending News|Latest stories|"
    "Recommended for you|Most read|More on this|Mehr zum Thema|Más noticias|À lire aussi|関連記事|Latest News|More Stories|"
    "Editor's picks|From our network|Keep reading"
).split("|")
FOOT = (
    "GET THE APP|Start now: get our app|"
    "All the news of the day in your pocket: install our free app for phone and tablet and never miss a story again.|"
    "google-playapp-store|© 2025 {}. All rights reserved.|Privacy Policy|Terms of Use|About us|Contact|Advertise with us|"
    "Do not sell my personal information|Made with care in the harbour district|"
    "This site is protected by copyright. Reproduction without permission is prohibited.|Careers|RSS|Cookie settings"
).split("|")
ROLES = (
    "energy correspondent|business editor|political reporter|a staff writer|science correspondent|Europe bureau chief|"
    "a freelance journalist"
).split("|")
NOTES = (
    "He covers politics, technology and trade.|She has an interest in law, defence and science.|Send a message to the newsroom.|"
    "Write to him with tips.|She joined the paper in 2014.|Follow her on social media.|"
).split("|")
MORE = "Read More|Read more|Continue reading|More|Weiterlesen|Leer más|Lire la suite|Read full story|Details".split("|")
ALSO = "Read also|Also read|See also|Related|Read next|Lesen Sie auch|Lea también|À lire aussi|Don't miss|Recommended".split("|")
UTILITIES = (
    "flex grid mt-4 mb-2 px-6 text-sm text-lg font-bold leading-7 w-full max-w-2xl mx-auto border-t gap-3 items-center hidden "
    "md:block prose"
).split()
SENTENCE_END = re.compile(r"[.!?] ")
LIST_RUN = re.compile(r"<li.*?</li>(?:\n<li.*?</li>)*", re.DOTALL)
SUBHEAD_CHARS, STOPS, BULLETS = 70, '.!?。…:;,"”»', "-•*–·"
STORY_CLASSES = ("article-body", "entry-content", "post-content", "story", "content", "text", "article__body", "body-text", "story-body")
CHROME_CLASSES = ("related", "sidebar", "widget", "teaser", "promo", "newsletter", "card", "list", "more-stories", "recommended")


class _Markup:
    """One page's manner of writing markup, drawn once: which tags, which class names, how paragraphs are set."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.naming = rng.choice(("none", "utility", "hashed", "hashed", "speaking", "speaking", "misleading"))
        self.paragraph = rng.choice(("p", "p", "p", "p", "div", "br", "span-div", "td", "x-para"))
        self.wrapper = rng.choice(("div", "div", "section", "article", "x-block"))
        self.semantic = rng.random() < 0.35
        self.flat = rng.random() < 0.3
        # one tag for every line of the page leaves only the words to tell lines apart
        self.uniform = rng.choice(("p", "div", "span-div")) if rng.random() < 0.25 else None
        self.subhead = rng.choice(("h2", "h2", "h3", "h3", "p", "h4"))
        self.box_tag = rng.choice(("div", "div", "aside", "section", "figure", "x-box"))
        self.tags: dict[str, str] = {}
        self.hashes: dict[str, str] = {}

    def names(self, role: str) -> str:
        rng = self.rng
        if self.naming == "none":
            return ""
        if self.naming == "utility":
            return f' class="{" ".join(rng.sample(UTILITIES, rng.randint(1, 5)))}"'
        if self.naming == "hashed":
            alphabet = string.ascii_letters + string.digits
            return f' class="{self.hashes.setdefault(role, "css-" + "".join(rng.choices(alphabet, k=7)))}"'
        pool = STORY_CLASSES if (role == "story") != (self.naming == "misleading") else CHROME_CLASSES
        return f' class="{self.hashes.setdefault(role, rng.choice(pool))}"'

    def line(self, text: str, role: str, tag: str | None = None, *, link: bool = False) -> str:
        body = html.escape(text, quote=False)
        if link:
            body = f'<a href="/{zlib.crc32(text.encode()) % 9999}">{body}</a>'
        tag = self.uniform or tag or self.rng.choice(("p", "div", "div", "span-div"))
        if tag == "span-div":
            return f"<div{self.names(role)}><span>{body}</span></div>"
        return f"<{tag}{self.names(role)}>{body}</{tag}>"

    def box(self, lines: Iterable[Line], name: str) -> str:
        """Set a box of the site's: its lines by their kind, in an element of its own unless the page is flat."""
        inner = "\n".join(self.line(text, f"{name}-{kind}", self._tag(kind), link=kind == "link-li") for text, kind in lines)
        if self.uniform is None:
            inner = LIST_RUN.sub(r"<ul>\g<0></ul>", inner)
        return inner if self.flat else f"<{self.box_tag}{self.names(name)}>{inner}</{self.box_tag}>"

    def _in_run(self, text: str, kind: str, role: str) -> str:
        if kind == "markup":
            return text
        tag = self._story_tag(text) if kind in ("story", "related") else self.paragraph
        return self.line(text, "para-" + role if self.naming != "hashed" else "para", tag)

    def _tag(self, kind: str) -> str | None:
        if kind not in self.tags:
            choices = {"h": ("h2", "h3", "h4", "p", "div"), "p": ("p", "p", "div"), "caption": ("figcaption", "p", "div", "div")}
            self.tags[kind] = self.rng.choice(
                choices.get(kind, ("li", "li", "div", "p") if kind.endswith("li") else ("div", "span-div", "p"))
            )
        return self.tags[kind]

    def _story_tag(self, text: str) -> str:
        """Give a paragraph's tag: a short line without a stop is a subhead, one that opens with a dot is an item of a list."""
        if self.paragraph not in ("p", "div") or len(text) > SUBHEAD_CHARS or text[-1] in STOPS:
            return self.paragraph
        return "li" if text[0] in BULLETS else self.subhead

    def paragraphs(self, lines: list[tuple[str, str]], role: str) -> str:
        """Set a run of (text, role) lines in this page's manner, in one container unless the page is flat."""
        if self.paragraph == "br":
            inner = "<br><br>\n".join(text if kind == "markup" else html.escape(text, quote=False) for text, kind in lines)
        elif self.paragraph == "td":
            inner = (
                "<table>"
                + "".join(f"<tr><td>{text if kind == 'markup' else html.escape(text, quote=False)}</td></tr>" for text, kind in lines)
                + "</table>"
            )
        else:
            inner = "\n".join(self._in_run(text, kind, role) for text, kind in lines)
        return inner if self.flat and self.paragraph != "br" else f"<{self.wrapper}{self.names(role)}>{inner}</{self.wrapper}>"


def page(stories: list[Story], rng: random.Random) -> tuple[str, set[str], str]:
    """Make one page: its HTML, the lines of its story's body, its headline. The first story is the page's own, the others are related."""
    markup, main = _Markup(rng), stories[0]
    lead = main.paragraphs[:1] if rng.random() < 0.15 else ()  # the standfirst, set with the headline
    paper = rng.choice(PAPERS)
    parts = {
        "above": _above(markup, rng),
        "head": _head(markup, rng, main, paper, lead),
        "story": _story(markup, rng, stories, len(lead)),
        "below": _below(markup, rng, paper) + _boxes(markup, rng, stories),
        "related": _related(markup, rng, stories[1:], paper),
        "foot": _lines(markup, rng, FOOT, "foot", paper, most=8),
    }
    order = ["above", "head", "story", "below", "related", "foot"]
    if rng.random() < 0.15:  # the related stories stand before the story in the document
        order = ["above", "related", "head", "story", "below", "foot"]
    inner = "\n".join(_wrap(markup, name, parts[name]) for name in order)
    title = rng.choice((main.headline, f"{main.headline} | {paper}", f"{main.headline} - {paper}"))
    head = f"<title>{html.escape(title)}</title>"
    if rng.random() < 0.5:
        head += f'<meta property="og:title" content="{html.escape(main.headline)}">'
    if rng.random() < 0.6:  # the site's own summary is the story's first paragraph, its first sentence, or words that no reader sees
        told = rng.choice((main.paragraphs[0], _summary(rng, main), f"{main.headline}: all about it on {paper}."))
        head += f'<meta property="og:description" content="{html.escape(told)}">'
    return f"<!doctype html><html><head>{head}</head><body>{inner}</body></html>", set(main.paragraphs), main.headline


def _wrap(markup: _Markup, name: str, inner: str) -> str:
    if markup.flat:
        return inner
    if markup.semantic:
        tag = {"above": "header", "foot": "footer", "related": "aside", "story": "article"}.get(name, "div")
        return f"<{tag}>{inner}</{tag}>"
    return f"<div{markup.names(name)}>{inner}</div>"


def _lines(markup: _Markup, rng: random.Random, pool: list[str], role: str, paper: str, *, most: int) -> str:
    chosen = [text for text in pool if rng.random() < most / len(pool)]
    return "\n".join(markup.line(text.format(paper), role, link=len(text) < 25 and rng.random() < 0.4) for text in chosen)


def _above(markup: _Markup, rng: random.Random) -> str:
    items = "".join(f'<li><a href="/{index}">{text}</a></li>' for index, text in enumerate(rng.sample(NAV, rng.randint(0, 14))))
    return f"<ul{markup.names('nav')}>{items}</ul>" + _lines(markup, rng, ABOVE, "above", "", most=5)


def _date(rng: random.Random) -> str:
    day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(2019, 2026)
    clock = f"{rng.randint(1, 12)}:{rng.randint(0, 59):02d} {rng.choice(('a.m.', 'p.m.'))}"
    forms = (
        f"{MONTHS[month - 1]} {day}, {year} {clock}",
        f"{day:02d}-{month:02d}-{year}",
        f"{day} {MONTHS[month - 1]} {year}",
        f"{year}-{month:02d}-{day:02d}",
    )
    return rng.choice(forms)


def _head(markup: _Markup, rng: random.Random, main: Story, paper: str, lead: tuple[str, ...]) -> str:
    lines = [markup.line(main.headline, "title", rng.choice(("h1", "h1", "h2", "div", "p"))) for _ in range(rng.choice((1, 1, 2)))]
    lines += [markup.line(text, "lead", rng.choice(("p", "h2", "div", "div"))) for text in lead]
    by = [markup.line(text, "by") for text in rng.sample(_bylines(rng, paper), rng.randint(0, 3))]
    lines = lines + by if rng.random() < 0.8 else by + lines
    return "\n".join(lines)


def _bylines(rng: random.Random, paper: str) -> list[str]:
    name = rng.choice(NAMES)
    return [
        f"Post by : {name}",
        f"By {name}",
        f"{paper}{_date(rng)}",
        paper,
        _date(rng),
        f"{rng.randint(2, 9)} min read",
        f"Von {name}",
        f"{name}, {paper}",
    ]


def _story(markup: _Markup, rng: random.Random, stories: list[Story], start: int) -> str:
    lines: list[tuple[str, str]] = []
    often, boxes = rng.choice((0.0, 0.0, 0.06, 0.15)), rng.choice((0.0, 0.0, 0.08, 0.16))
    own, others = stories[0].paragraphs, [(story.headline, story.paragraphs) for story in stories[1:]]
    for number, text in enumerate(own[start:]):
        if number and rng.random() < often:
            lines += _between(rng, rng.choice(stories[1:] or stories).headline)
        if number and rng.random() < boxes:
            lines.append((markup.box(_strange(in_story(rng, own, others), own), "box"), "markup"))
        lines.append((text, "story"))
    return markup.paragraphs(lines, "story")


def _strange(lines: list[Line], own: tuple[str, ...]) -> list[Line]:
    """Leave out the lines that are a paragraph of the story too: their label could not be told."""
    return [line for line in lines if line[0] not in own]


def _between(rng: random.Random, other: str) -> list[tuple[str, str]]:
    """Give what stands between two paragraphs: a promotion in one line or two, or a picture's caption."""
    kind = rng.random()
    if kind < 0.4:
        return [(rng.choice(BETWEEN).format(other), "between")]
    if kind < 0.7:
        return [(rng.choice(ALSO), "between"), (other, "between-title")]
    credit = f"{rng.choice(('Photo: ', 'PHOTO: ', '', 'Image: ', '© '))}{rng.choice(NAMES)} / {rng.choice(PAPERS)}"
    return [
        (
            rng.choice((credit, f"{other}. {credit}", f"{rng.choice(NAMES)} in {rng.randint(2010, 2026)}. {credit}", rng.choice(NAMES))),
            "caption",
        )
    ]


def _below(markup: _Markup, rng: random.Random, paper: str) -> str:
    lines = []
    if rng.random() < 0.4:
        lines.append(
            f"{rng.choice(NAMES)} is {rng.choice(ROLES)} at {paper}. {rng.choice(('He', 'She'))} covers politics, technology and trade."
        )
    if rng.random() < 0.4:
        lines.append(f"{_date(rng)} {rng.randint(3, 9000)}")
    if rng.random() < 0.4:
        lines.append(" ".join(f"#{word} News" for word in rng.sample(NAV, 3)))
    return "\n".join(markup.line(text, "below") for text in lines) + _lines(markup, rng, BELOW, "below", paper, most=6)


def _boxes(markup: _Markup, rng: random.Random, stories: list[Story]) -> str:
    own, others = stories[0].paragraphs, [(story.headline, story.paragraphs) for story in stories[1:]]
    return "\n".join(
        markup.box(_strange(after_story(rng, own, others), own), f"after{number}") for number in range(rng.choice((0, 0, 1, 1, 2)))
    )


def _related(markup: _Markup, rng: random.Random, others: list[Story], paper: str) -> str:
    heading = (
        markup.line(rng.choice(RELATED).format(paper), "related-title", rng.choice(("h2", "h3", "div", "p"))) if rng.random() < 0.8 else ""
    )
    kind = rng.choice(("whole", "whole", "teasers", "teasers", "teasers", "none"))
    if kind == "none":
        return ""
    items = [_whole(markup, rng, story) if kind == "whole" else _teaser(markup, rng, story) for story in others]
    return heading + "\n".join(items)


def _whole(markup: _Markup, rng: random.Random, story: Story) -> str:
    paper, same = rng.choice(PAPERS), rng.random() < 0.5
    tag = rng.choice(("h2", "h3", "div", "p"))
    head = [markup.line(story.headline, "title" if same else "r-title", tag) for _ in range(rng.choice((1, 2)))]
    head += [markup.line(text, "by") for text in (paper, f"time{rng.randint(2, 50)} minutes ago", f"• {paper}")[: rng.randint(1, 3)]]
    if rng.random() < 0.5:
        return "\n".join([*head, markup.paragraphs([(" ".join(story.paragraphs), "related")], "story" if same else "related")])
    return "\n".join([*head, markup.paragraphs([(text, "related") for text in story.paragraphs], "story" if same else "related")])


def _teaser(markup: _Markup, rng: random.Random, story: Story) -> str:
    lines = [markup.line(story.headline, "t-title", rng.choice(("h3", "h4", "div", "p")), link=rng.random() < 0.6)]
    if rng.random() < 0.7:
        lines.append(markup.line(_date(rng), "t-date"))
    if rng.random() < 0.8:
        lines.append(markup.line(_summary(rng, story), "t-text"))
    if rng.random() < 0.7:
        lines.append(markup.line(rng.choice(MORE), "t-more", link=rng.random() < 0.6))
    return "\n".join(lines)


def _summary(rng: random.Random, story: Story) -> str:
    """Sum a story up as teasers do: a sentence or two, a whole paragraph, or one cut off."""
    first = story.paragraphs[0]
    sentences = SENTENCE_END.split(first)
    return rng.choice((sentences[0] + ".", ". ".join(sentences[:2]) + ".", first, first[:160] + "…", first[:120]))
