"""Which blocks are the story? The model's probabilities, what the site is known to repeat, and a few decisions made once and for all.

In the body: paragraphs, subheads, lists, quotes and tables of the story, its correction notes, and the standfirst where the page shows it
as part of the story. Not in it: the headline, captions and credits, promotions between paragraphs, the writer's note, other stories.
"""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Final, NamedTuple

from scraper.extract.candidates import Claims
from scraper.extract.document import Block, Document
from scraper.extract.plain import plain, saying
from scraper.extract.reasons import CHROME, MAX_REASON_CHARS, dropped_blocks
from scraper.extract.ruled_page import BY_RULE, outside, weighed
from scraper.extract.second_look import KEEP, possible, second_look
from scraper.extract.subheads import idle_subheads
from scraper.extract.templates import Site
from scraper.extract.twice import second_copy
from scraper.extract.writer_notes import bylines, writer_notes
from scraper.records import Dropped

__all__ = ["MAX_REASON_CHARS", "Body", "Opinion", "story"]

# An opinion on the same page from elsewhere: the share of each block's text that it keeps, 0 to 1, or None where it has none.
Opinion = Callable[[], Sequence[float] | None]

TEXT_OF: Final = itemgetter(Block._fields.index("text"))
# A block between two that are kept is kept from here on: a story seldom has a hole of one line. On held-out articles .9543 to .9551 at
# this value, and nothing is lost on news, where .2 costs .002.
HOLE: Final = 0.35
# A line of fewer characters than LINE above the story's first paragraph of PARAGRAPH or below its last is a byline, a time or a credit as
# often as a subhead: it is story from SURE_LINE on. On held-out pages exact bodies of news .464 to .482, leaks of articles .028 to .026.
LINE: Final = 60
PARAGRAPH: Final = 80
SURE_LINE: Final = 0.6
NEARLY: Final = KEEP / 5
HALF: Final = 0.5
# Where less than TOO_LITTLE characters are taken from a page with PLENTY of unlinked text, the model is at a loss, and takes what is LOOSE
# and not mostly linked. 15 of the corpora's 2,710 pages: this keeps 20 of the 24 snippets of the articles' among them and leaks 0,
# trafilatura, asked at once at the price of ten pages, 20 and 1; shops and forums' mean F1 is .282, its .275, without .119. So it is asked
# where even that finds nothing. Asked wherever the model is merely unsure, it took news from .9727 to .9686 and articles from .9644 to
# .9598 (averaged with the model).
TOO_LITTLE: Final = 250
PLENTY: Final = 1000
LOOSE: Final = 0.2
LINKED: Final = 0.5
UNSURE: Final = 0.3
LOOSENED: Final = "model:loosened"
SECOND_HAND: Final = "trafilatura"
IDLE: Final = "a heading that no text of the story follows"
AGAIN: Final = "the story again"
ELSEWHERE: Final = "stands where the site's other pages hold no story"
# The longest page of the corpora has 6,219 blocks; what comes after these is not looked at, and the evidence says so.
MAX_BLOCKS = 20_000


class Body(NamedTuple):
    """The story of a page. `blocks` are the indexes kept, `span` their range (end excluded), `confidence` the mean certainty, 0 to 1.

    `unaided` are the blocks that are kept without a template: what a site's template is learned from, lest it should confirm itself.
    `aided` are the texts of those that are kept by the template's word alone.
    """

    blocks: tuple[int, ...] = ()
    span: tuple[int, int] | None = None
    text: str | None = None
    dropped: tuple[Dropped, ...] = ()
    confidence: float = 0.0
    signal: str = "model"
    unaided: tuple[int, ...] = ()
    aided: tuple[str, ...] = ()


def story(
    document: Document,
    headline: str | None,
    headline_block: int | None,
    *,
    claims: Claims | None = None,
    site: Site | None = None,
    opinion: Opinion | None = None,
) -> Body:
    """Choose the story's blocks. `claims` are what the markup says of the page, `site` what the site's other pages say.

    `opinion` is asked where the model is at a loss, and finds nothing when it lowers its bar.
    """
    if not document.blocks:
        return Body()
    beyond = len(document.blocks) - MAX_BLOCKS
    if beyond > 0:
        document = document.head(MAX_BLOCKS)
    texts = list(map(TEXT_OF, document.blocks))
    looks, chrome = _looks(document, headline, headline_block, claims)
    alone = weighed(document, second_look(document, looks, near := possible(looks), headline_block, claims))
    scores, signal = site.weighed(alone) if site else alone, "model" if document.inside is None else BY_RULE
    likely = _likely(scores, near := near if scores is alone and document.inside is None else possible(scores), texts)
    if document.is_html and document.inside is None and _finds_too_little(document, texts, likely):
        scores, likely, signal = _at_a_loss(document, texts, looks, opinion)
        alone = scores
    sure = UNSURE if signal in {LOOSENED, SECOND_HAND} else _certainty(texts, scores, near)
    title = plain(headline)
    reasons = outside(document, looks, KEEP) | _never(document, texts, likely, title, chrome)
    reasons |= dict.fromkeys(idle_subheads(document, [index for index in likely if index not in reasons]), IDLE)
    unaided = kept = tuple(index for index in likely if index not in reasons)
    if site:
        unaided = _unaided(document, alone, likely, reasons, title, chrome)
        reasons |= site.repeated(kept)
        reasons |= {index: ELSEWHERE for index in unaided if scores[index] < KEEP and index not in likely}
        kept = tuple(index for index in kept if index not in reasons)
    dropped = dropped_blocks(document, texts, kept, scores, reasons, chrome)
    if beyond > 0:
        dropped += (Dropped(text="", reason=f"{beyond} blocks after the first {MAX_BLOCKS} were not looked at"),)
    if not kept:
        return Body(dropped=dropped, confidence=sure, signal=signal, unaided=unaided)
    text = "\n\n".join([texts[index] for index in kept])
    return Body(kept, (kept[0], kept[-1] + 1), text, dropped, round(sure, 4), signal, unaided, _aided(texts, kept, unaided))


def _aided(texts: Sequence[str], kept: Sequence[int], unaided: Sequence[int]) -> tuple[str, ...]:
    return () if kept is unaided else tuple([texts[index] for index in sorted(set(kept).difference(unaided))])


def _unaided(
    document: Document, scores: Sequence[float], likely: Sequence[int], reasons: Mapping[int, str], title: str, chrome: bytes
) -> tuple[int, ...]:
    """Give the blocks that the model keeps without the site's word. `likely` are those it keeps with it, `reasons` what is said of them."""
    texts = list(map(TEXT_OF, document.blocks))
    alone, told = _likely(scores, possible(scores), texts), frozenset(likely)
    more = _never(document, texts, [index for index in alone if index not in told], title, chrome)
    return tuple(index for index in alone if index not in more and index not in reasons)


def _finds_too_little(document: Document, texts: Sequence[str], likely: Sequence[int]) -> bool:
    """Say whether next to nothing was taken from a page that has plenty of text outside its links."""
    if sum([len(texts[index]) for index in likely]) >= TOO_LITTLE:
        return False
    return sum(max(0, len(block.text) - block.link_chars) for block in document.blocks) >= PLENTY


def _at_a_loss(
    document: Document, texts: Sequence[str], looks: Sequence[float], opinion: Opinion | None
) -> tuple[Sequence[float], list[int], str]:
    """Score the blocks of a page of which the model makes next to nothing: give the scores, what is likely by them, and who says so."""
    scores: Sequence[float] = _loosened(document, looks)
    likely = _likely(scores, possible(scores), texts)
    if likely or opinion is None or (second := opinion()) is None:
        return scores, likely, LOOSENED
    scores = second[:MAX_BLOCKS]
    return scores, _likely(scores, possible(scores), texts), SECOND_HAND


def _loosened(document: Document, looks: Sequence[float]) -> list[float]:
    """Raise what is likely enough for a page where next to nothing is, and is no link, to what is kept; the rest is out of the question."""
    return [
        min(1.0, look * KEEP / LOOSE) if look >= LOOSE and block.link_chars < LINKED * len(block.text) else 0.0
        for look, block in zip(looks, document.blocks, strict=True)
    ]


def _likely(scores: Sequence[float], near: Sequence[int], texts: Sequence[str]) -> list[int]:
    last = len(scores) - 1
    found = [
        index
        for index in near
        if (score := scores[index]) >= KEEP or (score >= HOLE and 0 < index < last and scores[index - 1] >= KEEP <= scores[index + 1])
    ]
    paragraphs = [index for index in found if len(texts[index]) >= PARAGRAPH]
    if not paragraphs:
        return found
    begins, ends = paragraphs[0], paragraphs[-1]
    return [index for index in found if begins <= index <= ends or scores[index] >= SURE_LINE or len(texts[index]) >= LINE]


def _looks(document: Document, headline: str | None, headline_block: int | None, claims: Claims | None) -> tuple[list[float], bytes]:
    """Ask the model how likely each block is story, and say with a byte for each whether it is a phrase that sites write around stories.

    numpy is imported here, since it costs a command that extracts nothing 0.1 s.
    """
    from scraper.extract.features import page_rows, text_rows
    from scraper.extract.model import probabilities

    if document.is_html:
        found = page_rows(document, headline, headline_block, claims)
        return probabilities(found.table, "page"), found.phrases
    found = text_rows(document, headline, headline_block)
    return probabilities(found.table, "text"), found.phrases


def _certainty(texts: Sequence[str], scores: Sequence[float], near: Sequence[int]) -> float:
    """Give the mean of max(p, 1 - p) over the text that is kept or nearly kept, weighted by its length."""
    total, sure = 0, 0.0
    for index in near:
        score = scores[index]
        if score > NEARLY:
            size = len(texts[index])
            total += size
            sure += size * (score if score > HALF else 1 - score)
    return sure / total if total else 0.0


def _never(document: Document, texts: Sequence[str], likely: Sequence[int], title: str, chrome: bytes) -> dict[int, str]:
    """Give the blocks that are no story however likely they look, and why."""
    if not likely:
        return {}
    reasons = dict.fromkeys(second_copy(texts, likely), AGAIN)
    notes, below = writer_notes(document, likely)
    reasons |= dict.fromkeys(notes, "a note about the writer") | dict.fromkeys(below, "below a note about the writer")
    reasons |= dict.fromkeys(bylines(document, likely), "a byline")
    if title:
        lines = [index for index in likely if len(texts[index]) <= MAX_REASON_CHARS]
        reasons |= dict.fromkeys(saying(texts, lines, title), "the headline again")
    return reasons | dict.fromkeys([index for index in likely if chrome[index]], CHROME) if any(chrome) else reasons
