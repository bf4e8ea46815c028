"""What sort of page is this: a story, or one of the things that stand where a story was expected? Decided from the document and the body.

What stands in a story's place is told by rules; shops, forums, manuals and lists are told from articles by what was learned of whole pages
(`page_kind`). The reason is kept as the evidence of the verdict.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from itertools import islice
from typing import Final, NamedTuple

from scraper.extract.body import Body
from scraper.extract.document import Document
from scraper.extract.fields import Fields
from scraper.extract.live_blog import says_live
from scraper.extract.page_kind import page_kind
from scraper.extract.page_measures import page_measures
from scraper.records import Verdict

__all__ = ["Judgement", "judge"]


class Judgement(NamedTuple):
    """The verdict and the sentence that explains it."""

    verdict: Verdict
    reason: str


# A page that asks for consent says so in several ways, a story about cookies in one.
SHORT_CHARS: Final = 2500
STUB_CHARS: Final = 200
TOLD_CHARS: Final = 600
STAND_INS: Final[tuple[tuple[Verdict, int, int, str], ...]] = (
    # verdict, the most text on the page, the most story on it, what is said of it
    ("challenge", 10 * SHORT_CHARS, SHORT_CHARS, "asks whether the reader is a robot"),
    ("consent_wall", SHORT_CHARS, SHORT_CHARS, "asks for consent in place of the page"),
    ("removed", 10 * SHORT_CHARS, TOLD_CHARS, "says that the story is gone"),
    ("other", SHORT_CHARS, STUB_CHARS, "asks the reader to sign in"),
    ("js_shell", SHORT_CHARS, STUB_CHARS, "says that it needs scripts to be shown"),
)
OFFER_CHARS: Final = 300  # an offer to subscribe is a line outside the story, not a paragraph of a story about newspapers
# WordPress offers a newsletter so below stories that are there in full.
NO_OFFER: Final = "full archive"
SENTENCE: Final = re.compile(r"[.!?。！？؟।](?:[\"”’»)\]]|\s|$)|[。！？]")
MIN_SENTENCES: Final = 2
# Where the markup says article, the page has a date and a story as long as this, and either it says news (301 pages of the corpora, all of
# them articles) or it has an author and a sure story (613 articles, 5 others, which weights that do not know them take for articles too),
# nothing is weighed: it would cost ten times as much.
SAID_CHARS: Final = 1000
SURE: Final = 0.9
ARTICLE_TYPES: Final = frozenset("Article BlogPosting".split())
LINK_SHARE: Final = 0.45
TEASER_CHARS: Final = 30
MIN_TEASERS: Final = 12
LINKED: Final = 0.8
SEEMS: Final[Mapping[str, tuple[Verdict, str]]] = {
    "forum": ("other", "a forum's thread"),
    "product": ("other", "a product"),
    "collection": ("listing", "a list of products or pages"),
    "listing": ("listing", "a list of other pages"),
    "documentation": ("other", "documentation"),
    "service": ("other", "a page about a service, a firm or a programme"),
}


def judge(document: Document, body: Body, found: Fields, url: str | None) -> Judgement:
    """Decide what a page is."""
    if not document.blocks:
        if document.is_html and (document.scripts or document.has_scripts):
            return Judgement("js_shell", "no text outside the page's scripts")
        return Judgement("empty", "no text")
    return _stand_in(document, body, found) or _no_story(document, body, found) or _kind(document, body, found, url)


def _stand_in(document: Document, body: Body, found: Fields) -> Judgement | None:
    """Recognise the pages that stand in a story's place."""
    story = len(body.text or "")
    if story >= SHORT_CHARS:
        return None
    texts = [block.text for block in document.blocks]
    chars = sum(map(len, texts)) + len(texts) - 1
    # Every line has a character and an end.
    lines = "\n".join([document.title or "", found.headline or "", *texts[:SHORT_CHARS]])[: 2 * SHORT_CHARS].lower()
    for verdict, most_text, most_story, reason in STAND_INS:
        if chars <= most_text and story < most_story:
            said_here = len(set(_places(verdict, lines)))
            if said_here > 1 or (said_here and (chars < STUB_CHARS or (verdict != "consent_wall" and story < TOLD_CHARS))):
                return Judgement(verdict, reason)
    return None


def _no_story(document: Document, body: Body, found: Fields) -> Judgement | None:
    """Recognise a story that is cut off, and a page with next to none."""
    if _is_cut_off(document, body, found):
        return Judgement("paywall_stub", "ends in an offer to subscribe")
    story = body.text or ""
    told = MIN_SENTENCES if len(story) < TOLD_CHARS else 0  # a longer text without a sentence is a table, a poem or a list of goods
    if len(story) < STUB_CHARS or len(list(islice(SENTENCE.finditer(story), told))) < told:
        return _too_little(document)
    return None


def _kind(document: Document, body: Body, found: Fields, url: str | None) -> Judgement:
    """Tell an article from the other kinds of pages that have text of their own."""
    story = len(body.text or "")
    live = Judgement("live_blog", "says that it is a live blog") if says_live(found.headline, found.types) else None
    if not document.is_html:
        return live or Judgement("article", f"a story of {story} characters in plain text")
    if _says_article(document, body, found):
        return live or Judgement("article", f"says that it is an article, with a date and {story} characters of story")
    seems = page_kind(page_measures(document, body, found, url))
    proofs = "; ".join(seems.reasons)
    if seems.kind == "article":
        return live or Judgement("article", f"reads as an article ({seems.article:.2f}): {proofs}")
    if live and found.published:
        return live
    verdict, name = SEEMS[seems.kind]
    return Judgement(verdict, f"reads as {name} (article {seems.article:.2f}): {proofs}")


def _says_article(document: Document, body: Body, found: Fields) -> bool:
    if len(body.text or "") < SAID_CHARS or not found.published:
        return False
    if any("NewsArticle" in name for name in found.types):
        return True
    if not found.authors or body.confidence < SURE:
        return False
    return not ARTICLE_TYPES.isdisjoint(found.types) or document.meta("og:type") == "article"


def _is_cut_off(document: Document, body: Body, found: Fields) -> bool:
    story = len(body.text or "")
    if found.paywalled and story < TOLD_CHARS:
        return True
    if story >= SHORT_CHARS or found.paywalled is False:
        return False
    told = set(body.blocks)
    lines = [block.text for index, block in enumerate(document.blocks) if index not in told and len(block.text) < OFFER_CHARS]
    offers = "\n".join(lines).lower()
    if NO_OFFER in offers:
        offers = "\n".join([line for line in map(str.lower, lines) if NO_OFFER not in line])
    return next(_places("paywall_stub", offers), None) is not None


def _too_little(document: Document) -> Judgement:
    chars = sum(len(block.text) for block in document.blocks)
    if document.is_html and (_link_share(document) >= LINK_SHARE or _teasers(document) >= MIN_TEASERS):
        return Judgement("listing", "links to stories rather than telling one")
    if document.is_html and (document.scripts or document.has_scripts) and chars < STUB_CHARS:
        return Judgement("js_shell", "next to no text outside the page's scripts")
    return Judgement("stub", "next to no text that could be a story")


def _link_share(document: Document) -> float:
    chars = sum(len(block.text) for block in document.blocks)
    return sum(min(block.link_chars, len(block.text)) for block in document.blocks) / max(1, chars)


def _teasers(document: Document) -> int:
    """Count the lines that are headlines of other pages: linked, and as long as a headline."""
    return sum(len(block.text) >= TEASER_CHARS and block.link_chars >= LINKED * len(block.text) for block in document.blocks)


def _places(verdict: Verdict, text: str) -> Iterator[int]:
    """Give where the text says what such pages say; phrases that begin at one place are one."""
    for literal, pattern in _phrases(verdict):
        at = text.find(literal)
        if at >= 0 and pattern is not None:
            match = pattern.search(text)
            at = match.start() if match else -1
        if at >= 0:
            yield at


@lru_cache(maxsize=8)
def _phrases(verdict: Verdict) -> tuple[tuple[str, re.Pattern[str] | None], ...]:
    """Give each phrase's beginning, and a pattern where it goes on after a gap."""
    rows = files("scraper.extract").joinpath("stand_ins.tsv").read_text("utf-8").splitlines()
    phrases = [row.split("\t")[1] for row in rows if row.startswith(f"{verdict}\t")]
    return tuple(
        (phrase.partition("*")[0], re.compile(re.escape(phrase).replace(r"\*", r".{0,60}"), re.DOTALL) if "*" in phrase else None)
        for phrase in phrases
    )
