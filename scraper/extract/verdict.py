"""What sort of page is this: a story, or one of the things that stand where a story was expected? Decided from the document and the body.

The order is from the surest sign to the weakest. The reason is kept as the evidence of the verdict.
"""

import re
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple
from urllib.parse import urlsplit

from scraper.extract.body import Body
from scraper.extract.document import Document
from scraper.extract.fields import Fields
from scraper.extract.live_blog import says_live
from scraper.records import Verdict

__all__ = ["Judgement", "judge"]


class Judgement(NamedTuple):
    """The verdict and the sentence that explains it."""

    verdict: Verdict
    reason: str


# A page that asks for consent says so in several ways, a story about cookies in one.
# Pages that stand in a story's place are short; the bounds are generous guesses that the fixture pages hold to, not measurements.
SHORT_CHARS, STUB_CHARS, TOLD_CHARS = 2500, 200, 600
STAND_INS: tuple[tuple[Verdict, int, int, str], ...] = (
    # verdict, the most text on the page, the most story on it, what is said of it
    ("challenge", 10 * SHORT_CHARS, SHORT_CHARS, "asks whether the reader is a robot"),
    ("consent_wall", SHORT_CHARS, SHORT_CHARS, "asks for consent in place of the page"),
    ("removed", 10 * SHORT_CHARS, TOLD_CHARS, "says that the story is gone"),
    ("other", SHORT_CHARS, STUB_CHARS, "asks the reader to sign in"),
    ("js_shell", SHORT_CHARS, STUB_CHARS, "says that it needs scripts to be shown"),
)
OFFER_CHARS = 300  # an offer to subscribe is a line outside the story, not a paragraph of a story about newspapers
SENTENCE = re.compile(r"[.!?。！？؟।](?:[\"”’»)\]]|\s|$)|[。！？]")
MIN_SENTENCES = 2
OTHER_TYPES = frozenset("Product QAPage FAQPage JobPosting SoftwareApplication DiscussionForumPosting LocalBusiness Event Course".split())
LINK_SHARE, OWN_SHARE = 0.45, 0.25
TEASER_CHARS, MIN_TEASERS, LINKED = 30, 12, 0.8
# A body whose lines are linked headlines, each with a sentence below it: a section page that is well written.
LINKED_LINES, LINKED_LINES_SHARE = 4, 0.2


def judge(document: Document, body: Body, found: Fields, url: str | None) -> Judgement:
    """Decide what a page is."""
    text = "\n".join(block.text for block in document.blocks)
    if not text:
        if document.is_html and (document.scripts or document.has_scripts):
            return Judgement("js_shell", "no text outside the page's scripts")
        return Judgement("empty", "no text")
    return _stand_in(body, text, f"{document.title or ''}\n{found.headline or ''}\n{text}") or _kind(document, body, found, url)


def _stand_in(body: Body, text: str, said: str) -> Judgement | None:
    """Recognise the pages that stand in a story's place."""
    story = len(body.text or "")
    lines = said[: 2 * SHORT_CHARS].lower()
    for verdict, most_text, most_story, reason in STAND_INS:
        if len(text) <= most_text and story < most_story:
            said_here = len({found.group() for found in _phrases(verdict).finditer(lines)})
            if said_here > 1 or (said_here and (verdict != "consent_wall" or len(text) < STUB_CHARS)):
                return Judgement(verdict, reason)
    return None


def _kind(document: Document, body: Body, found: Fields, url: str | None) -> Judgement:
    story = len(body.text or "")
    sentences = len(SENTENCE.findall(body.text or ""))
    if _is_cut_off(document, body, found):
        return Judgement("paywall_stub", "ends in an offer to subscribe")
    if story < STUB_CHARS or sentences < MIN_SENTENCES:
        return _too_little(document)
    other = sorted(set(found.types) & OTHER_TYPES)
    if other and not any("Article" in name or "Posting" in name for name in found.types):
        return Judgement("other", f"says that it is a {other[0]}")
    if body.signal != "model" and found.published is None and not any("Article" in name for name in found.types):
        return Judgement("other", "text, but neither the model nor the markup takes it for a story")
    if _is_section(document, body):
        return Judgement("listing", "its lines are headlines that link to other pages")
    if found.published is None and (_is_home(url) or _is_list(document, story)):
        return Judgement("listing", "links to stories rather than telling one")
    if says_live(found.headline, found.types):
        return Judgement("live_blog", "says that it is a live blog")
    return Judgement("article", f"{sentences} sentences of story in {story} characters")


def _is_cut_off(document: Document, body: Body, found: Fields) -> bool:
    story = len(body.text or "")
    if found.paywalled and story < TOLD_CHARS:
        return True
    if story >= SHORT_CHARS or found.paywalled is False:
        return False
    told = set(body.blocks)
    offers = (block.text for index, block in enumerate(document.blocks) if index not in told and len(block.text) < OFFER_CHARS)
    return any(_phrases("paywall_stub").search(text.lower()) for text in offers)


def _too_little(document: Document) -> Judgement:
    chars = sum(len(block.text) for block in document.blocks)
    if document.is_html and (_link_share(document) >= LINK_SHARE or _teasers(document) >= MIN_TEASERS):
        return Judgement("listing", "links to stories rather than telling one")
    if document.is_html and (document.scripts or document.has_scripts) and chars < STUB_CHARS:
        return Judgement("js_shell", "next to no text outside the page's scripts")
    return Judgement("stub", "next to no text that could be a story")


def _is_section(document: Document, body: Body) -> bool:
    blocks = [document.blocks[index] for index in body.blocks]
    linked = sum(len(block.text) >= TEASER_CHARS and block.link_chars >= LINKED * len(block.text) for block in blocks)
    return linked >= max(LINKED_LINES, LINKED_LINES_SHARE * len(blocks))


def _is_list(document: Document, story: int) -> bool:
    chars = sum(len(block.text) for block in document.blocks)
    return (story < OWN_SHARE * chars and _link_share(document) >= LINK_SHARE) or _teasers(document) >= MIN_TEASERS * 2


def _link_share(document: Document) -> float:
    chars = sum(len(block.text) for block in document.blocks)
    return sum(min(block.link_chars, len(block.text)) for block in document.blocks) / max(1, chars)


def _teasers(document: Document) -> int:
    """Count the lines that are headlines of other pages: linked, and as long as a headline."""
    return sum(len(block.text) >= TEASER_CHARS and block.link_chars >= LINKED * len(block.text) for block in document.blocks)


def _is_home(url: str | None) -> bool:
    try:
        return bool(url) and urlsplit(url or "").path in ("", "/")
    except ValueError:
        return False


@lru_cache(maxsize=8)
def _phrases(verdict: Verdict) -> re.Pattern[str]:
    rows = files("scraper.extract").joinpath("stand_ins.tsv").read_text("utf-8").splitlines()
    phrases = [row.split("\t")[1] for row in rows if row.startswith(f"{verdict}\t")]
    return re.compile("|".join(re.escape(phrase).replace(r"\*", r".{0,60}") for phrase in phrases), re.DOTALL)
