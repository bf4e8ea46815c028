"""Where on a page do dates stand that speak of its story? Beside the headline, below the story, at the head of its first paragraph, and in
the address.

Dates of teasers, comments and events stand elsewhere, or in elements that say so. Which date wins is decided in `dates`.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from scraper.extract.candidates import Frame
from scraper.extract.document import Document, Mark
from scraper.extract.moments import Moment, Reading, moment, moments
from scraper.extract.names import introduced

__all__ = ["CHANGED", "Claim", "from_address", "visible"]

URL_DAY = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?:[/_-](0?[1-9]|1[0-2])[/_-](0?[1-9]|[12]\d|3[01])|(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01]))(?!\d)"
)
URL_TURNED = re.compile(r"(?<!\d)(0[1-9]|[12]\d|3[01])[-._](0[1-9]|1[0-2])[-._](20\d\d)(?!\d)")
URL_NAMED = re.compile(r"/((?:19|20)\d\d)/([a-z]{3,9})/(\d{1,2})(?!\d)")
CHANGED = re.compile(
    r"updat|modifi|edited|revis|changed|aktuali|geändert|stand:|mise? à jour|mis à jour|actualiza|aggiornat|atualiza|bijgewerkt|gewijzigd|"
    r"oppdater|uppdater|opdater|päivit|zaktualiz|aktualiz|обновл|изменен|оновлен|更新|수정|güncelle|diperbarui|cập nhật|frissít|"
    r"تحديث|به روز|lastmod",
    re.IGNORECASE,
)
ISSUED = re.compile(
    r"publi[sceé]|posted|geschrieben|gepostet|geplaatst|written on|created|issued|first |veröffentlicht|erschienen|erstellt|"
    r"gepubliceerd|pubblicat|"
    r"publisert|publicerad|udgivet|julkaistu|опубликован|размещен|公開|掲載|发布|發布|입력|등록|yayın|diterbitkan|đăng|közzé|نشر|منتشر|entry-date|pubdate",
    re.IGNORECASE,
)
FOREIGN = re.compile(
    r"comment|related|sidebar|footer|copyright|teaser|promo|archive|calendar|event|expire|birth|upcoming|most-?read|popular|recommend|widget"
)
# Dates of something else: an offer, an event, a version, a founding.
OTHER = re.compile(
    r"\b(?:sale|offer|ends?|ending|deadline|register|valid|until|bis zum|expires?|version|release|founded|gegründet|born|geboren|coupon|"
    r"copyright|webinar|session|conference|termin|veranstaltung|stammtisch|rights reserved|effective|since|seit)\b|©",
    re.IGNORECASE,
)
DATEISH = re.compile(r"\d(?:\d{3}|\s?[./-]\s?\d|\s?[年月년월])")
MAX_MARKS, MAX_BLOCK_CHARS, REACH_BEFORE, REACH_AFTER, REACH_BELOW = 200, 220, 8, 14, 6
DATELINE = re.compile(r"\W{0,2}\d{1,4}[./-]\s?\d|\W{0,2}\d{1,2}\.? [^\W\d_]{3,12}\.? (?:19|20)\d\d")
LOWER, MAX_LOWER = re.compile(r"(?<![^\s])[^\W\d_A-Z][^\W\d_]{2,}"), 4
LABEL_CHARS, NEAR, NEAR_ABOVE, BELOW, FAR, MAX_FAR, MAX_LONE_CHARS, LINE_CHARS = 40, 5, 3, 25.5, 90.0, 8, 45, 100


class Claim(NamedTuple):
    """A moment somebody claims. `near`: a reader sees it beside the headline; `changed`: its label speaks of an update."""

    moment: Moment
    signal: str
    near: bool = False
    changed: bool = False
    distance: float = 0.0


class _Place(NamedTuple):
    distance: float
    text: str
    hint: str
    signal: str
    near: bool


def from_address(url: str | None) -> Claim | None:
    """Read the day an address names: /2025/05/21/, /2025/may/21/, /20250521/."""
    path = (url or "").partition("?")[0]
    match = URL_DAY.search(path)
    if match:
        found = moment(f"{match[1]}-{(match[2] or match[4]).zfill(2)}-{(match[3] or match[5]).zfill(2)}")
        return Claim(found, "url") if found else None
    turned = URL_TURNED.search(path)
    if turned:
        found = moment(f"{turned[3]}-{turned[2]}-{turned[1]}")
        return Claim(found, "url") if found else None
    named = URL_NAMED.search(path.lower())
    found = moment(f"{named[3]} {named[2]} {named[1]}") if named else None
    return Claim(found, "url") if found else None


def visible(document: Document, reading: Reading, frame: Frame, *, near_only: bool = False) -> list[Claim]:
    """Read the dates that stand where a story's date stands, the best placed first; with `near_only` those beside the headline."""
    ranked: list[tuple[float, Claim]] = []
    read: dict[str, tuple[Moment, ...]] = {}
    for place in _places(document, frame, near_only=near_only):
        text = place.text
        found = read.get(text)
        if found is None:
            found = read[text] = tuple(moments(text, reading))
        ranked.extend((place.distance, _claim(place, moment)) for moment in found)
    ranked.sort(key=lambda entry: entry[0] - (20 if entry[1].signal.endswith(":published") else 0))
    # Below a story stand the dates of teasers and comments too: several days there are theirs.
    below = {claim.moment.day for _, claim in ranked if claim.distance >= BELOW and not claim.signal.endswith(":published")}
    if len(below) <= 1:
        return [claim for _, claim in ranked]
    return [claim for _, claim in ranked if claim.distance < BELOW or claim.signal.endswith(":published")]


def _claim(place: _Place, found: Moment) -> Claim:
    label = place.text[max(0, found.start - LABEL_CHARS) : found.start]
    changed, issued = _last(CHANGED, label), _last(ISSUED, label)
    if changed < 0 and issued < 0:
        # "This entry was posted on Monday, 5 May": the verb may follow, in German always.
        following = place.text[found.end : found.end + LABEL_CHARS]
        changed, issued = _last(CHANGED, following), _last(ISSUED, following)
    if changed < 0 and issued < 0 and place.hint:
        changed, issued = _last(CHANGED, place.hint), _last(ISSUED, place.hint)
        if issued >= 0:
            changed = -1
    signal = place.signal + (":published" if issued > changed else "")
    return Claim(found, signal, near=place.near, changed=changed > issued, distance=place.distance)


def _last(pattern: re.Pattern[str], text: str) -> int:
    position = -1
    for match in pattern.finditer(text):
        position = match.start()
    return position


def _places(document: Document, frame: Frame, *, near_only: bool) -> Iterator[_Place]:
    """Give the texts that may hold the story's date, and how far they stand from where it belongs."""
    top, story = frame.top or 0, frame.story
    far: list[_Place] = []
    for mark in document.marks[:MAX_MARKS]:
        near = -NEAR_ABOVE <= mark.block - top <= NEAR
        if not near and (near_only or len(far) > MAX_FAR):
            continue
        text = mark.value if mark.value and DATEISH.search(mark.value) else mark.text
        if len(text) > MAX_BLOCK_CHARS or not DATEISH.search(text) or _is_foreign(mark.hint):
            continue
        signal = "visible:time" if mark.tag == "time" else "visible:mark"
        gap = _gap(mark.block, top, story)
        if gap is not None:
            yield _Place(gap - (5 if mark.tag == "time" else 2), text, f"{mark.hint} {_label(document, mark)}".strip(), signal, near)
        elif mark.block > top and ISSUED.search(text):
            far.append(_Place(FAR, text, mark.hint, "visible:far", near=False))
    yield from _lines(document, top, story, near_only=near_only)
    # Away from the story a date counts when the page has no other such.
    if 0 < len(far) <= MAX_FAR and len({found.day for place in far for found in moments(place.text)}) == 1:
        yield far[0]


def _label(document: Document, mark: Mark) -> str:
    """Give what stands before a mark in its line: the mark may be the date, and "Last updated" the line's own text."""
    text = document.blocks[mark.block].text if mark.block < len(document.blocks) else ""
    position = text.find(mark.text) if len(text) <= MAX_BLOCK_CHARS else -1
    return text[max(0, position - LABEL_CHARS) : position] if position > 0 else ""


@lru_cache(maxsize=4096)
def _is_foreign(hint: str) -> bool:
    # Cached: the same few hints stand on every page of a site.
    return FOREIGN.search(hint) is not None


def _lines(document: Document, top: int, story: tuple[int, int] | None, *, near_only: bool) -> Iterator[_Place]:
    blocks = document.blocks
    for index in range(max(0, top - 1), min(len(blocks), top + NEAR + 1)) if near_only else _near(len(blocks), top, story):
        text = blocks[index].text
        if len(text) <= MAX_BLOCK_CHARS and DATEISH.search(text):
            gap = _gap(index, top, story)
            if gap is not None and _is_dateline(text, gap) and not OTHER.search(text):
                yield _Place(gap, text, "", "visible:line", -1 <= index - top <= NEAR and len(text) <= MAX_LONE_CHARS)
    if story and not near_only:
        for index in range(story[0], min(story[0] + 4, len(blocks))):
            if DATELINE.match(blocks[index].text):
                yield _Place(25.0, blocks[index].text[:40], "", "visible:dateline", near=False)
        # A line that is nothing but a date ends a story, even where the body is thought to go on; one among several is an event's.
        alone = [index for index in range(story[0], min(story[1], len(blocks))) if _is_date_alone(blocks[index].text)]
        if len(alone) == 1:
            yield _Place(24.0, blocks[alone[0]].text, "", "visible:line", near=False)


def _is_date_alone(text: str) -> bool:
    return len(text) <= MAX_LONE_CHARS and DATEISH.search(text) is not None and any(found.start == 0 for found in moments(text))


def _is_dateline(text: str, gap: float) -> bool:
    """Say whether a line is about its date: short, or labelled, or begun by it; the stricter the further from the headline."""
    if len(text) <= LINE_CHARS and (DATELINE.match(text) or introduced(text)):
        return True
    if len(text) <= (LINE_CHARS if gap <= NEAR else LINE_CHARS // 2):
        # A caption ends with its date: what stands before the date is a sentence then, and no name, place or section.
        found = next(iter(moments(text)), None)
        if found is None or len(LOWER.findall(text[: found.start])) < MAX_LOWER:
            return True
    return ISSUED.search(text) is not None or CHANGED.search(text) is not None


def _near(count: int, top: int, story: tuple[int, int] | None) -> Iterator[int]:
    yield from range(max(0, top - REACH_BEFORE), min(count, top + REACH_AFTER))
    if story:
        yield from range(max(top + REACH_AFTER, story[0] - REACH_BEFORE), min(count, story[0] + 4))
        yield from range(max(story[1] - 2, story[0] + 4, top + REACH_AFTER), min(count, story[1] + REACH_BELOW))


def _gap(block: int, top: int, story: tuple[int, int] | None) -> float | None:
    """Say how far a block stands from the headline, or from the story's end; None where a date there says nothing of the story."""
    if top <= block <= top + REACH_AFTER:
        return float(block - top)
    if top - REACH_BEFORE <= block < top:
        return 5.0 + top - block
    if story and story[0] - REACH_BEFORE <= block <= story[0] + 3:
        return 12.0 + abs(block - story[0])
    if story and story[1] - 2 <= block < story[1] + REACH_BELOW:
        return 30.0 + block - story[1]
    return None
