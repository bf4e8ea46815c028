"""What do the words around a date call it? The day of publication, that of a change, or that of something else altogether.

Words in some sixty languages, as parts of words: patterns are matched against lower case, since a pattern that minds no case is several
times dearer. Labels repeat on every page of a site, and most are read once.
"""

import re
from functools import lru_cache
from typing import Final, Literal

__all__ = ["LABEL_CHARS", "Said", "called", "foreign", "hinted", "labelled", "of_something_else", "speaks_of_change"]

Said = Literal["issued", "changed", ""]
LABEL_CHARS: Final = 40

# Words of change and of publication, in plain letters and in others: a text that is all ASCII is not asked for the latter.
CHANGED: Final = (
    re.compile(
        r"updat|modifi|edited|revis|changed|aktuali|stand\s?[:–-]|actualiz|actualitza|aggiornat|atualiza|bijgewerkt|gewijzigd|oppdater|uppdater|"
        r"opdater|diperbarui|dikemas kini|lastmod|bygewerk|uuendat|muudetud|posodob|yangilan|nuashon|diweddar|eguneratu|imesasish|zmenen|"
        r"izmjena|izmena|zmodyfik|atnaujin|labots|aggiornamen"
    ),
    re.compile(
        r"geändert|änderung:|mise? à jour|mis à jour|päivit|обновл|изменен|оновлен|змінен|актуализ|обновен|промен[ае]н|ажурир|измењен|"
        r"абноўл|жаңарт|янгилан|更新|修改|编辑|編輯|수정|변경|güncelle|yenilən|cập nhật|frissít|módosít|změněn|ažurir|"
        r"atjaunin|uppfær|përditës|ενημέρ|ενημερ|τροποποι|تحديث|تعديل|به.?روز|اپ ڈیٹ|עודכן|עדכון|अपडेट|"
        r"अद्यतन|संशोधित|আপডেট|হালনাগাদ|புதுப்பி|అప్.?డేట్|ನವೀಕರ|അപ്ഡേറ്റ്|අවසන් යාවත්|อัปเดต|อัพเดท|ปรับปรุง|แก้ไข|განახლ|թարմաց"
    ),
)
ISSUED: Final = (
    re.compile(
        r"publi[sce]|publikov|publikuo|publikua|opublik|pubblicat|posted|geschrieben|gepostet|geplaatst|written on|created|issued|"
        r"first |erschienen|erstellt|udgivet|offentliggjort|julkaistu|diterbitkan|disiarkan|entry-date|pubdate|"
        r"objavljen|avaldatud|vydan|zverejnen|argitarat|imechapish|"
        r"paskelbt|botuar|postat|paru le|mis en ligne"
    ),
    re.compile(
        r"publié|veröffentlicht|vydán|zveřejn|опублик|опублік|размещ|розміщ|публикуван|објављ|објаве|апублік|жарияла|公開|掲載|配信|发布|發布|"
        r"發佈|发表|發表|입력|등록|게시|yayın|dərc|đăng|közzé|megjelen|نشر|منتشر|شائع|פורסם|פרסום|δημοσ|ανάρτ|प्रकाशित|पब्लिश|প্রকাশ|வெளியிட|"
        r"பதிவு|ప్రచురి|పబ్లిష్|ಪ್ರಕಟ|പ്രസിദ്ധ|เผยแพร่|โพสต์|გამოქვეყნ|հրապարակ|birt "
    ),
)
# In a class name "publication" names a kind of paper, and links to one.
ISSUED_HINT: Final = re.compile(r"publish|pubdate|pub-date|posted|entry-date|issued|created|publié|publicado|first-")
FOREIGN: Final = re.compile(
    r"comment|related|sidebar|footer|copyright|teaser|promo|archive|calendar|event|expire|birth|upcoming|most-?read|popular|recommend|"
    r"widget|ticker"
)
# An offer, an event, a version, a founding; a comment or a post of a forum, and since when its writer is there; the day of a citation.
OTHER: Final = re.compile(
    r"\b(?:sale|offer|ends?|ending|deadline|register|valid|until|bis zum|expires?|version|release|founded|gegründet|born|geboren|coupon|"
    r"copyright|webinar|session|conference|termin|veranstaltung|stammtisch|rights reserved|effective|since|seit|"
    r"reply|replied|commented|antworte?n?|schreibt|sagte?|says|said|répondre|a écrit|responder|rispondi|scrive|"
    r"registr\w+|joined|member since|mitglied|beigetreten|accessed|retrieved|abgerufen)\b|©"
)


def called(text: str, start: int, end: int) -> Said:
    """Say what a text calls the date that stands in it: by the words before it, or behind it, as verbs do in German."""
    before, behind = text[max(0, start - LABEL_CHARS) : start].strip(), text[end : end + LABEL_CHARS].strip()
    return (labelled(before) if before else "") or (labelled(behind) if behind else "")


@lru_cache(maxsize=8192)
def labelled(text: str) -> Said:
    """Say what a label calls its date; the last word counts ("First published 3 May, updated 5 May")."""
    lower = text.lower()
    return _later(_last(CHANGED, lower), _last(ISSUED, lower))


@lru_cache(maxsize=8192)
def hinted(hint: str) -> Said:
    """Say what class names call their date: of publication, whatever else they say ("entry-date published updated")."""
    if ISSUED_HINT.search(hint):
        return "issued"
    return "changed" if CHANGED[0].search(hint) else ""


@lru_cache(maxsize=8192)
def foreign(hint: str) -> bool:
    """Say whether class names speak of comments, teasers, events."""
    return FOREIGN.search(hint) is not None


def speaks_of_change(text: str) -> bool:
    """Say whether a text speaks of a change at all."""
    lower = text.lower()
    return any(pattern.search(lower) for pattern in (CHANGED[:1] if lower.isascii() else CHANGED))


def of_something_else(text: str) -> bool:
    """Say whether a line's date is that of an offer, an event, a version, a comment."""
    return OTHER.search(text.lower()) is not None


def _later(changed: int, issued: int) -> Said:
    if changed == issued:
        return ""
    return "changed" if changed > issued else "issued"


def _last(patterns: tuple[re.Pattern[str], ...], text: str) -> int:
    starts = (match.start() for pattern in (patterns[:1] if text.isascii() else patterns) for match in pattern.finditer(text))
    return max(starts, default=-1)
