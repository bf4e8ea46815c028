"""One page in, one record out: the cascade, top to bottom. Each step is a function of what stands before it; nothing here reads a clock."""

import gc
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from scraper.decode import decode, kind, undecoded
from scraper.extract.body import Body, story
from scraper.extract.document import Document
from scraper.extract.fields import Fields, Opening, fields, opening
from scraper.extract.inner_loops import is_sound_utf8
from scraper.extract.learned_fields import completed, with_own_headline
from scraper.extract.live_blog import says_live, with_entries
from scraper.extract.opinion import second_opinion
from scraper.extract.plaintext import characters, looks_like_html, read_text
from scraper.extract.ruled_page import STRIPPED, Ruled, ruled
from scraper.extract.shell import told
from scraper.extract.site_rules import with_rules, with_trimmed_headline, without_authors, without_text
from scraper.extract.standfirst import standfirst
from scraper.extract.templates import Site
from scraper.extract.verdict import Judgement, judge
from scraper.extract.walk import walk_html
from scraper.records import STORIES, Article, Candidate, Dropped, Evidence, FieldEvidence, SiteRules, Template

__all__ = ["Reading", "document_of", "extract", "read"]

Headers = Mapping[str, str] | Iterable[tuple[str, str]]
# A page is read up to here: 50 MB of paragraphs cost lexbor 1.1 GB, and stories run to some ten thousand characters.
MAX_CHARS: Final = 10_000_000
PLACES: Final = "template:places"
NO_RULES: Final = SiteRules()
PAGE_KINDS: Final = frozenset(("html", "xml", "text", "empty"))


class Reading(NamedTuple):
    """A page's record, and what it was made of: what a site's template is learned from. Bytes that are no page have only the record."""

    article: Article
    document: Document | None = None
    body: Body | None = None
    fields: Fields | None = None


def extract(
    content: bytes | str,
    url: str | None = None,
    *,
    headers: Headers | None = None,
    template: Template | None = None,
    fetched_at: datetime | None = None,
    rules: SiteRules | None = None,
) -> Article:
    """Turn one page, HTML or plain text, into its record.

    `url` is the page's address, `headers` are the response's (for the charset), `template` is what the site repeats, `rules` are what a
    person has said of the site's pages, and no date later than `fetched_at` is believed. The same arguments give the same record always; no
    argument makes it raise: bytes that are no page come back with the verdict `not_a_page`.

    Python does not look for garbage meanwhile: a page's thousands of rows would make it do so again and again, and leave none.
    """
    looking = gc.isenabled()
    gc.disable()
    try:
        return with_rules(read(content, url, headers=headers, template=template, fetched_at=fetched_at, rules=rules).article, rules)
    finally:
        if looking:
            gc.enable()


def read(
    content: bytes | str,
    url: str | None = None,
    *,
    headers: Headers | None = None,
    template: Template | None = None,
    fetched_at: datetime | None = None,
    rules: SiteRules | None = None,
) -> Reading:
    """Do what `extract` does, and keep what the record was made of. The rules that come last are left to `with_rules`."""
    unreadable = kind(content) if isinstance(content, bytes) else "text"
    if unreadable not in PAGE_KINDS:
        return Reading(_no_page(url, unreadable))
    whole = _text(content, headers)
    rules = rules or NO_RULES
    view = _view(whole[:MAX_CHARS], rules)
    document = view.document
    site = Site(document, template) if template is not None and document.is_html else None
    known = opening(document, url)
    known = with_trimmed_headline(with_own_headline(known, site) if site else known, rules)
    body = _body(view, known, site)
    shell = told(document, known, body)
    if shell:
        (document, known, body), site = shell, None
    if len(whole) > MAX_CHARS:
        cut = Dropped(text="", reason=f"{len(whole) - MAX_CHARS} characters after the first {MAX_CHARS} were not read")
        body = body._replace(dropped=(*body.dropped, cut))
    if view.dropped:
        body = body._replace(dropped=(*body.dropped, *view.dropped), signal=body.signal + STRIPPED)
    if says_live(known.headline.choice.winner.value if known.headline.choice.winner else None, known.claims.types):
        body = with_entries(document, body)
    body = without_text(body, document, rules)
    found = fields(document, url, fetched_at, story=body.span, known=known)
    found = without_authors(completed(found, site, known.names, fetched_at) if site else found, rules)
    judgement = judge(document, body, found, url)
    fit = site.fit(body.blocks) if site and judgement.verdict in STORIES else None
    notes = tuple(note for note in (fit, view.note) if note is not None)
    return Reading(_record(url, document, body, found, judgement, notes), document, body, found)


def _view(text: str | bytes, rules: SiteRules) -> Ruled:
    """Give the page as the rules' selectors leave it; nearly always there are none."""
    selected = (rules.body is not None or rules.strip) and looks_like_html(text)
    return ruled(characters(text), rules) if selected else Ruled(text, document_of(text))


def _text(content: bytes | str, headers: Headers | None) -> str | bytes:
    """Give the page's text, or the page itself where it is that text in UTF-8, so that nothing has to be decoded."""
    if isinstance(content, str):
        return content
    page = undecoded(content, headers) if len(content) <= MAX_CHARS else None
    return page if page is not None and is_sound_utf8(page) else decode(content, headers).text


def document_of(text: str | bytes) -> Document:
    """Read markup or plain text, whichever this is: characters, or the same in UTF-8."""
    return walk_html(text) if looks_like_html(text) else read_text(characters(text))


def _body(view: Ruled, known: Opening, site: Site | None) -> Body:
    document, by_rule = view.document, view.document.inside is not None
    title = known.headline.choice.winner.value if known.headline.choice.winner else None
    return story(
        document,
        title,
        known.headline.block,
        claims=known.claims,
        site=site,
        opinion=(lambda: second_opinion(characters(view.text), document)) if document.is_html and not by_rule else None,
    )


def _record(
    url: str | None, document: Document, body: Body, found: Fields, judgement: Judgement, notes: tuple[FieldEvidence, ...]
) -> Article:
    first = standfirst(document, found, body.span)
    proofs = [*found.evidence]
    if first:
        proofs.append(FieldEvidence(field="standfirst", signal=first.signal, value=first.value[:300]))
    if body.text:
        proofs.append(FieldEvidence(field="body", signal=body.signal, value=f"{len(body.blocks)} of {len(document.blocks)} blocks"))
    if body.aided:
        proofs.append(_aided(body.aided))
    proofs.extend(notes)
    proofs.append(FieldEvidence(field="verdict", signal=judgement.reason, value=judgement.verdict))
    return Article(
        url=url,
        canonical_url=found.canonical_url,
        headline=found.headline,
        standfirst=first.value if first else None,
        authors=found.authors,
        agencies=found.agencies,
        published=found.published,
        published_precision=found.published_precision,
        modified=found.modified,
        body=body.text,
        language=found.language,
        publisher=found.publisher,
        section=found.section,
        tags=found.tags,
        image=found.image,
        paywalled=found.paywalled,
        verdict=judgement.verdict,
        confidence=body.confidence,
        evidence=Evidence(fields=tuple(proofs), dropped=body.dropped),
    )


def _aided(texts: Sequence[str]) -> FieldEvidence:
    shown = tuple(Candidate(text[:300], PLACES, "stands where the site's other pages hold their stories") for text in texts)
    return FieldEvidence(field="added", signal=PLACES, value=f"{len(texts)} that the model alone would have left out", candidates=shown)


def _no_page(url: str | None, kind_name: str) -> Article:
    proof = FieldEvidence(field="verdict", signal=f"the bytes are {kind_name}, not a page", value="not_a_page")
    return Article(url=url, verdict="not_a_page", evidence=Evidence(fields=(proof,)))
