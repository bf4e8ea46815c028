"""What do the words around a date call it? The day of publication, that of a change, or that of something else altogether.

Words in twenty-odd languages, as parts of words: patterns are matched against lower case, since a pattern that minds no case is several
times dearer. Labels repeat on every page of a site, and most are read once.
"""

import re
from functools import lru_cache
from typing import Literal

__all__ = ["Said", "foreign", "hinted", "labelled", "of_something_else", "speaks_of_change"]

Said = Literal["issued", "changed", ""]

CHANGED = re.compile(
    r"updat|modifi|edited|revis|changed|aktuali|geändert|änderung:|stand\s?[:–-]|mise? à jour|mis à jour|actualiza|aggiornat|atualiza|"
    r"bijgewerkt|gewijzigd|oppdater|uppdater|opdater|päivit|zaktualiz|обновл|изменен|оновлен|更新|수정|güncelle|diperbarui|cập nhật|"
    r"frissít|تحديث|به روز|lastmod"
)
ISSUED = re.compile(
    r"publi[sceé]|posted|geschrieben|gepostet|geplaatst|written on|created|issued|first |veröffentlicht|veröffentlichung:|erschienen|"
    r"erstellt|gepubliceerd|pubblicat|publisert|publicerad|udgivet|julkaistu|опубликован|размещен|公開|掲載|发布|發布|입력|등록|yayın|"
    r"diterbitkan|đăng|közzé|نشر|منتشر|entry-date|pubdate"
)
# In a class name "publication" names a kind of paper, and links to one.
ISSUED_HINT = re.compile(r"publish|pubdate|pub-date|posted|entry-date|issued|created|publié|publicado|first-")
FOREIGN = re.compile(
    r"comment|related|sidebar|footer|copyright|teaser|promo|archive|calendar|event|expire|birth|upcoming|most-?read|popular|recommend|"
    r"widget|ticker"
)
# An offer, an event, a version, a founding; a comment or a post of a forum, and since when its writer is there; the day of a citation.
OTHER = re.compile(
    r"\b(?:sale|offer|ends?|ending|deadline|register|valid|until|bis zum|expires?|version|release|founded|gegründet|born|geboren|coupon|"
    r"copyright|webinar|session|conference|termin|veranstaltung|stammtisch|rights reserved|effective|since|seit|"
    r"reply|replied|commented|antworte?n?|schreibt|sagte?|says|said|répondre|a écrit|responder|rispondi|scrive|"
    r"registr\w+|joined|member since|mitglied|beigetreten|accessed|retrieved|abgerufen)\b|©"
)


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
    return "changed" if CHANGED.search(hint) else ""


@lru_cache(maxsize=8192)
def foreign(hint: str) -> bool:
    """Say whether class names speak of comments, teasers, events."""
    return FOREIGN.search(hint) is not None


def speaks_of_change(text: str) -> bool:
    """Say whether a text speaks of a change at all."""
    return CHANGED.search(text.lower()) is not None


def of_something_else(text: str) -> bool:
    """Say whether a line's date is that of an offer, an event, a version, a comment."""
    return OTHER.search(text.lower()) is not None


def _later(changed: int, issued: int) -> Said:
    if changed == issued:
        return ""
    return "changed" if changed > issued else "issued"


def _last(pattern: re.Pattern[str], text: str) -> int:
    position = -1
    for match in pattern.finditer(text):
        position = match.start()
    return position
