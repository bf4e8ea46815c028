"""What do a source's own rules make of text and fields? Lines are cut, the headline trimmed, names dropped, a zone assumed.

Each is written down in the evidence, with what stood there before. The rules that select places of the page are `ruled_page`.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Final
from zoneinfo import ZoneInfo

from scraper.extract.body import MAX_REASON_CHARS, Body
from scraper.extract.candidates import Found
from scraper.extract.document import Document
from scraper.extract.fields import Fields, Opening
from scraper.records import Article, Candidate, Dropped, FieldEvidence, Precision, SiteRules, iso_date

__all__ = ["with_rules", "with_trimmed_headline", "without_authors", "without_text"]

TRIMMED, LEFT_OUT, ASSUMED, CUT = "+rules:title_trim", "+rules:author_drop", "+rules:timezone", "+rules:strip_text"
SEAM_MARK: Final = "\ufdd0"  # a noncharacter: no text has it
SEAM: Final = re.compile(rf"(?<=[ \t])(?:{SEAM_MARK}[ \t]*)+|{SEAM_MARK}")
MAX_CANDIDATES: Final = 9  # as many as a listing's word leaves (`listed`)


def with_trimmed_headline(known: Opening, rules: SiteRules) -> Opening:
    """Cut from the headline what `title_trim` finds in it. One of which nothing would be left stays."""
    winner, losers = known.headline.choice
    if winner is None or not rules.title_trim:
        return known
    value, found = _without(winner.value, rules.title_trim)
    if not found or not value:
        return known
    before = Candidate(value=winner.value, signal=winner.signal, reason=f"cut by the source's rule title_trim: {', '.join(found)}")
    choice = known.headline.choice._replace(winner=Found(value, winner.signal + TRIMMED), losers=(before, *losers))
    return known._replace(headline=known.headline._replace(choice=choice))


def without_text(body: Body, document: Document, rules: SiteRules) -> Body:
    """Cut from each paragraph of the body what `strip_text` finds in it; a paragraph of which nothing is left is none."""
    if not rules.strip_text or body.text is None:
        return body
    kept: dict[int, str] = {}
    dropped = list(body.dropped)
    for index in body.blocks:
        text = document.blocks[index].text
        left, found = _without(text, rules.strip_text)
        if found:
            dropped.append(Dropped(text=text[:MAX_REASON_CHARS], reason=f"cut by the source's rule strip_text: {', '.join(found)}"))
        if left:
            kept[index] = left
    if len(dropped) == len(body.dropped):
        return body
    blocks = tuple(kept)
    unaided = tuple(index for index in body.unaided if index in kept or index not in body.blocks)
    span, text = ((blocks[0], blocks[-1] + 1), "\n\n".join(kept.values())) if blocks else (None, "")
    return body._replace(blocks=blocks, span=span, text=text or None, dropped=tuple(dropped), unaided=unaided, signal=body.signal + CUT)


def without_authors(found: Fields, rules: SiteRules) -> Fields:
    """Leave out the authors and agencies whose names `author_drop` finds."""
    gone = _named([*found.authors, *found.agencies], rules.author_drop)
    if not gone:
        return found
    authors, agencies = (tuple(name for name in names if name not in gone) for names in (found.authors, found.agencies))
    proofs = _left_out(found.evidence, authors, agencies, gone)
    return replace(found, authors=authors, agencies=agencies, evidence=proofs)


def with_rules(article: Article, rules: SiteRules | None) -> Article:
    """Apply to a record that is complete, its listing's word included, what has to come last: names to drop, and the zone to assume."""
    if rules is None:
        return article
    gone = _named([*article.authors, *article.agencies], rules.author_drop)
    if gone:
        authors, agencies = (tuple(name for name in names if name not in gone) for names in (article.authors, article.agencies))
        proofs = _left_out(article.evidence.fields, authors, agencies, gone)
        article = replace(article, authors=authors, agencies=agencies, evidence=replace(article.evidence, fields=proofs))
    if rules.timezone is None:
        return article
    zone = ZoneInfo(rules.timezone)
    return _in_zone(_in_zone(article, "published", zone), "modified", zone)


def _in_zone(article: Article, field: str, zone: ZoneInfo) -> Article:
    """Give a moment without a zone the one that is assumed for its site. A day has none, and one that the page gives stands."""
    when: datetime | None = getattr(article, field)
    precision: Precision | None = article.published_precision if field == "published" else None
    if when is None or when.tzinfo is not None or precision == "day":
        return article
    own = article.evidence.of(field) or FieldEvidence(field=field, signal="")
    if field == "modified" and "T" not in (own.value or ""):
        return article
    then = when.replace(tzinfo=timezone(when.replace(tzinfo=zone).utcoffset() or timedelta()))
    reason = f"without a zone; {zone.key} is assumed by the source's rule timezone"
    before = Candidate(value=own.value or "", signal=own.signal, reason=reason)
    candidates = (before, *own.candidates[: MAX_CANDIDATES - 1])
    proof = FieldEvidence(field=field, signal=own.signal + ASSUMED, value=iso_date(then), candidates=candidates)
    proofs = tuple(proof if entry.field == field else entry for entry in article.evidence.fields)
    proven = replace(article, evidence=replace(article.evidence, fields=proofs))
    return replace(proven, published=then) if field == "published" else replace(proven, modified=then)


def _named(names: Iterable[str], patterns: Iterable[str]) -> dict[str, str]:
    """Give those of the names that a pattern finds, each with its pattern."""
    return {name: pattern for pattern in patterns for name in names if re.search(pattern, name)}


def _left_out(
    proofs: tuple[FieldEvidence, ...], authors: tuple[str, ...], agencies: tuple[str, ...], gone: dict[str, str]
) -> tuple[FieldEvidence, ...]:
    """Write down which names went and by which pattern; a field that has no value left keeps the entry that says so."""
    left = {"authors": authors, "agencies": agencies}
    return tuple(_fewer(entry, left[entry.field], gone) if entry.field in left else entry for entry in proofs)


def _fewer(entry: FieldEvidence, names: tuple[str, ...], gone: dict[str, str]) -> FieldEvidence:
    lost = [
        Candidate(value=name, signal=entry.signal, reason=f"left out by the source's rule author_drop: {pattern}")
        for name, pattern in gone.items()
        if name in (entry.value or "")
    ]
    if not lost:
        return entry
    candidates = (*lost, *entry.candidates)[:MAX_CANDIDATES]
    return replace(entry, signal=entry.signal + LEFT_OUT, value=", ".join(names) or None, candidates=candidates)


def _without(text: str, patterns: Iterable[str]) -> tuple[str, list[str]]:
    """Give the text without what the patterns find, and those that found something. What is cut between two spaces leaves one."""
    found = []
    for pattern in patterns:
        left = SEAM.sub("", re.sub(pattern, lambda match: SEAM_MARK if match[0] else "", text))
        if left != text:
            found.append(pattern)
            text = left.strip()
    return text, found
