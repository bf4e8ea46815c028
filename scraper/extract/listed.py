"""What does the listing that announced a page say of the story, and does the page agree? A feed or sitemap is a second witness.

The page's own word stands. The listing fills in what the page does not say, and settles what the page leaves open about its date
(`listed_dates`); whatever else it says stands in the evidence, as agreeing or as saying otherwise. Which listing announced what is
`discover`'s answer.
"""

from dataclasses import replace
from datetime import datetime

from scraper.extract.candidates import evidence
from scraper.extract.language import tag
from scraper.extract.listed_dates import from_listing, possible, same_moment, settled
from scraper.extract.names import people
from scraper.extract.plain import plain
from scraper.records import STORIES, Article, Candidate, Evidence, FieldEvidence, Link, iso_date

__all__ = ["OTHERWISE", "with_listing"]

AGREES, OTHERWISE = "the listing says the same", "the listing says otherwise"
MAX_CANDIDATES = 9  # the page's own eight, and the listing's
MAX_TAGS = 20
# Signals of dates that are written for people; a `time` element's is written for machines too.
SHOWN = frozenset(("visible:mark", "visible:line", "visible:dateline", "visible:far"))
PART_LETTERS = 12  # a headline within the other: two short words inside a long one say nothing
TITLED = frozenset(("feed", "news_sitemap"))  # a section page shows teasers, which name a story but are not always its headline


def with_listing(article: Article, link: Link, fetched_at: datetime | None = None) -> Article:
    """Complete a story's record from its link, and note in the evidence what the listing says.

    A page that is no story stays as it is, and so does one that no listing announced. No date later than `fetched_at` is believed.
    """
    if article.verdict not in STORIES or link.kind == "direct":
        return article
    for compared in (_headline, _authors, _language, _tags):
        article = compared(article, link)
    return _published(article, link, link.published) if link.published and possible(link.published, fetched_at) else article


def _headline(article: Article, link: Link) -> Article:
    if link.title is None:
        return article
    if article.headline is None:
        return _filled(article, link, "headline", link.title) if link.kind in TITLED else article
    return _noted(article, link, "headline", link.title, same=_same_words(article.headline, link.title))


def _authors(article: Article, link: Link) -> Article:
    site = frozenset((plain(article.publisher),)) if article.publisher else frozenset[str]()
    persons = tuple(dict.fromkeys(name for written in link.authors for name in people(written, site, lone=False).persons))
    if not persons:
        return article
    said = ", ".join(persons)
    if not article.authors and not article.agencies:
        return replace(_filled(article, link, "authors", said), authors=persons)
    own = {plain(name) for name in (*article.authors, *article.agencies)}
    return _noted(article, link, "authors", said, same=not own.isdisjoint(map(plain, persons))) if article.authors else article


def _published(article: Article, link: Link, listed: datetime) -> Article:
    if article.published is None:
        when, precision = from_listing(listed)
        proof = evidence("published", link.kind, iso_date(when, precision) or "")
        return replace(article, published=when, published_precision=precision, evidence=_proven(article, proof))
    own = article.evidence.of("published") or FieldEvidence(field="published", signal="")
    said = iso_date(*from_listing(listed)) or ""
    found = settled(article.published, article.published_precision or "day", listed, shown=own.signal in SHOWN)
    if found is None:
        return _noted(article, link, "published", said, same=same_moment(article.published, listed))
    before = Candidate(value=own.value or "", signal=own.signal, reason=f"the listing gives {found.added}")
    proof = FieldEvidence(
        field="published",
        signal=f"{own.signal}+{link.kind}",
        value=iso_date(found.when, found.precision),
        candidates=(before, *own.candidates[: MAX_CANDIDATES - 1]),
    )
    return replace(article, published=found.when, published_precision=found.precision, evidence=_proven(article, proof))


def _language(article: Article, link: Link) -> Article:
    code = tag(link.language)
    if code is None:
        return article
    if article.language is None:
        return _filled(article, link, "language", code)
    return _noted(article, link, "language", code, same=code == article.language)


def _tags(article: Article, link: Link) -> Article:
    if article.tags or not link.keywords:
        return article
    tags = link.keywords[:MAX_TAGS]
    return replace(_filled(article, link, "tags", ", ".join(tags)), tags=tags)


def _filled(article: Article, link: Link, field: str, value: str) -> Article:
    """Set a text field that the page leaves empty; the signal is the kind of listing."""
    proven = replace(article, evidence=_proven(article, evidence(field, link.kind, value)))
    if field == "headline":
        return replace(proven, headline=value)
    return replace(proven, language=value) if field == "language" else proven


def _proven(article: Article, proof: FieldEvidence) -> Evidence:
    """Give the evidence with this entry in place of the one of its field, or before all others."""
    entries = article.evidence.fields
    if article.evidence.of(proof.field) is None:
        return replace(article.evidence, fields=(proof, *entries))
    return replace(article.evidence, fields=tuple(proof if entry.field == proof.field else entry for entry in entries))


def _noted(article: Article, link: Link, field: str, value: str, *, same: bool) -> Article:
    """Add what the listing says to the evidence of a field that the page's own word decided."""
    said = Candidate(value=value[:300], signal=link.kind, reason=AGREES if same else OTHERWISE)
    entries = tuple(_with(entry, said) if entry.field == field else entry for entry in article.evidence.fields)
    return replace(article, evidence=replace(article.evidence, fields=entries))


def _with(entry: FieldEvidence, said: Candidate) -> FieldEvidence:
    return replace(entry, candidates=(*entry.candidates[: MAX_CANDIDATES - 1], said))


def _same_words(one: str, other: str) -> bool:
    """Tell whether two headlines are one: the same letters, or one within the other, which has a kicker or the site's name with it."""
    first, second = sorted((_letters(one), _letters(other)), key=len)
    return first == second or (len(first) >= PART_LETTERS and first in second)


def _letters(text: str) -> str:
    return "".join(character for character in plain(text) if character.isalnum())
