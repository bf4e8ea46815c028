"""Which words stand around names in bylines? The table byline_words.tsv, one word a line, and the patterns made of it.

Kinds: `introduction` ("by"), `role` (what somebody is), `brand` (in names of houses only), `nobody` (values that name no person), `desk`
(the newsroom, whatever the house), `agency`, `particle` (lower-case parts of names), `date_lead` (between a name and a date), `field` (what
an editor or correspondent is of). A new word is a line there and a case in the tests.
"""

import re
from collections import defaultdict
from importlib.resources import files
from typing import Final

__all__ = [
    "AGENCIES",
    "BRAND_WORDS",
    "COMMA",
    "CREDIT",
    "DATE_LEADS",
    "DESKS",
    "FIELDS",
    "FIRST_WORDS",
    "INNER",
    "INNER_WORDS",
    "INTRODUCTION",
    "JOINER",
    "LABELS",
    "LONE_INTRODUCTION",
    "NOBODY",
    "ORGANISATION",
    "PARTICLES",
    "PARTS",
    "ROLE_WORDS",
    "TITLES",
]


def _read() -> dict[str, frozenset[str]]:
    table: defaultdict[str, set[str]] = defaultdict(set)
    for line in files("scraper.extract").joinpath("byline_words.tsv").read_text("utf-8").split("\n"):
        kind, _, word = line.partition("\t")
        if word and not kind.startswith("#"):
            table[kind].add(word)
    return {kind: frozenset(words) for kind, words in table.items()}


_WORDS: Final = _read()
AGENCIES: Final = _WORDS["agency"]
BRAND_WORDS: Final = _WORDS["brand"]
DATE_LEADS: Final = _WORDS["date_lead"]
FIELDS: Final = _WORDS["field"]
DESKS: Final = _WORDS["desk"]
NOBODY: Final = _WORDS["nobody"] | DESKS
PARTICLES: Final = _WORDS["particle"]
ROLE_WORDS: Final = _WORDS["role"]

# What introduces a writer; longer introductions are tried first. "All posts by" stands for itself in many tongues.
_ALL_OF: Final = (
    r"(?:zeige|view|show|see|voir|ver)?\s*(?:all|alle|tous|todos)?\s*"
    r"(?:posts?|artikel|articles?|beiträge|stories|einträge)\s+(?:vom autor|von|by|of|from|de|par)"
)
_INTRODUCED: Final = "|".join(re.escape(word) for word in sorted(_WORDS["introduction"], key=len, reverse=True))
# The first words that any introduction may have.
FIRST_WORDS: Final = frozenset(re.split(r"[\s:：|/／﹕]", word)[0] for word in _WORDS["introduction"]) | frozenset(
    "zeige view show see voir ver all alle tous todos post posts artikel article articles beiträge stories einträge".split()
)
INTRODUCTION: Final = re.compile(
    rf"\s*(?:[(\[—–-]\s*)?(?:{_ALL_OF}|{_INTRODUCED})(?:\s*[:：|/／﹕]\s*|\s+(?![,.|])|(?<=[文者글/／])(?=\S))", re.IGNORECASE
)
# An introduction within a line of dates and counts: "Published August 7, 2023 by Ann Lee", "3 min read · By Ann Lee".
INNER_WORDS: Final = ("by", "von", "vom", "par", "por", "di", "door", "av", "oleh", "da", "przez", "author", "autor", "autorin")
INNER: Final = re.compile(
    r"(?:[\d·•|,–—-]\s*|\b(?:posted|published|written|created|updated|submitted|filed|veröffentlicht|eingetragen|gespeichert|erstellt|"
    r"verfasst|publié|publicado|escrito|uhr|am|pm)\b[^|]{0,40}?\s)"
    rf"(?:{'|'.join(INNER_WORDS)})[\s:]+(?=[^\W\d_])",
    re.IGNORECASE,
)
# A line that is nothing but an introduction and one word, which then is a nickname: "by annlee".
LONE_INTRODUCTION: Final = re.compile(
    r"(?:(?:posted |written |published |submitted )?by|von|par|por|author:|autor:)\s+[^\W_][\w.-]{2,20}", re.IGNORECASE
)
# Labels that stand by themselves above a name, in common form.
LABELS: Final = frozenset(
    "author,authors,written by,words by,article by,story by,by,posted by,about the author,about the authors,meet the author,autor,autoren,"
    "autorin,verfasser,von,über den autor,über die autorin,auteur,auteurs,autore,autori,autores,autora,par,por,di,door".split(",")
)
# Between the parts of a line of dates and counts.
PARTS: Final = re.compile(r"\s*[,;|、،•·⋅・∙◦●/\n]\s*|\s+[–—-]\s+|\s+(?:in|am|on|at|um)\s")
# Between a name and what follows it: another name, a role, a place, a house.
COMMA: Final = re.compile(r"\s*[,;|、،；／•·⋅・∙\n]\s*|\s+[–—‐-]\s+|\s*/\s*")
# Between two names.
JOINER: Final = re.compile(
    r"\s*[+&＋]\s*|\s+(?:and|und|y|et|e|en|og|och|ja|i|és|și|şi|ve|dan|và|и|та|και|with|mit|con|avec|med|with additional reporting by|w/|"
    r"&amp;|و|और|এবং)\s+",
    re.IGNORECASE,
)
# Somebody else's work: what follows is no writer.
CREDIT: Final = re.compile(
    r"(?:\b(?:photo(?:s|graph|graphy|graphs)?|fotos?|fotografie|bild(?:er)?|pictures?|images?|illustrations?|illustriert|video|grafik|graphic|"
    r"camera|translat\w+|übersetz\w*|traduction|traducción|(?:medically |fact[ -]?)?(?:reviewed|checked)|tested|edited|tags|schlagwörter|"
    r"kategorien?|categor\w+|copyright|quelle|source|credit)\s*(?:credit\s*)?(?:[:/：]|\bby\b|\bvon\b|\bpar\b|\bpor\b)|写真|撮影|図|©).*",
    re.IGNORECASE | re.DOTALL,
)
# Parts of words that only houses' names have, in any of the languages that write them as one word.
ORGANISATION: Final = re.compile(
    r"minister|verband|gesellschaft|feuerwehr|\bpartei|kirche\b|kirchen(?:kreis|gemeinde|amt)|stiftung|verein\b|redakti|redacci|redazion|rédaction|universit|hochschule|"
    r"institut|behörde|\bamt\b|zentrum|pressestelle|pressemit|kanzlei|department|abteilung|fundaci|associa|federa|bundes|\bunion\b|"
    r"\bbank\b|versicherung|krankenkasse|klinik|hospital|clinic|kitchens|team\b|\bstaff\b|"
    r"\.(?:com|de|org|net|info|ch|at|fr|io|tv|co|nl|be)\b|\bonline\b"
)
# Before a name. "Md" is none: it is how Bangladesh writes Mohammed.
TITLES: Final = re.compile(
    r"(?:(?:dr|prof|professor|mr|mrs|ms|mx|sir|dame|rev|ing|dipl|mag|herr|frau|sen|rep|gov|capt|lt|col|gen|med|phil|phd|msc|ph\.d|m\.d)"
    r"(?:\.\s*|\s+|\Z))+",
    re.IGNORECASE,
)
