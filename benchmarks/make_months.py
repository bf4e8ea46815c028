"""Write scraper/extract/months.tsv: the month names of the world's news, from the CLDR data that dateparser ships.

    python benchmarks/make_months.py

One line a name: name, month, and the languages that use it so; a name that means different months in different languages has several
lines. Names are case folded, without closing dots, once as written and once without accents, since pages drop them. Run it again when
dateparser brings new data; the result is committed.
"""

import importlib
import unicodedata
from collections import defaultdict
from pathlib import Path

LANGUAGES = (
    "en de fr es pt it nl sv nb nn da fi is et lv lt pl cs sk hu ro bg mk sr hr bs sl sq el tr az ru uk be kk ky uz hy ka he ar fa ur ps "
    "hi bn mr gu pa ta te kn ml si ne th lo km my vi id ms fil sw ca eu gl cy ga mt lb af mn"
).split()
MONTHS = "january february march april may june july august september october november december".split()
# Spoken of in Arabic news of the Levant and Iraq, the Maghreb, in Persian and Urdu news, and abbreviations that CLDR does not hold.
EXTRA = {
    "ar": "كانون الثاني|شباط|آذار|نيسان|أيار|حزيران|تموز|آب|أيلول|تشرين الأول|تشرين الثاني|كانون الأول",
    "ar-ma": "جانفي|فيفري|مارس|أفريل|ماي|جوان|جويلية|أوت|سبتمبر|أكتوبر|نوفمبر|ديسمبر",
    "en": "jan|feb|mar|apr|may|jun|jul|aug|sept|oct|nov|dec",
    "de": "jänner|feber|märz|april|mai|juni|juli|august|september|oktober|november|dezember",
    "id": "jan|peb|mar|apr|mei|jun|jul|agt|sep|okt|nop|des",
    "cs": "led|úno|bře|dub|kvě|čvn|čvc|srp|zář|říj|lis|pro",
    "fa": "ژانویه|فوریه|مارس|آوریل|مه|ژوئن|ژوئیه|اوت|سپتامبر|اکتبر|نوامبر|دسامبر",
    "el": "ιανουαρίου|φεβρουαρίου|μαρτίου|απριλίου|μαΐου|ιουνίου|ιουλίου|αυγούστου|σεπτεμβρίου|οκτωβρίου|νοεμβρίου|δεκεμβρίου",
}


def bare(name: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", name) if unicodedata.category(char) != "Mn")


def forms(name: str) -> set[str]:
    name = unicodedata.normalize("NFKC", name).casefold().strip(" .")
    alphabetic = all(ord(char) < 0x530 for char in name)
    return {name, bare(name)} if alphabetic else {name}


def main() -> None:
    table: dict[tuple[str, int], set[str]] = defaultdict(set)
    for language in LANGUAGES:
        info = importlib.import_module(f"dateparser.data.date_translation_data.{language}").info
        for month, key in enumerate(MONTHS, 1):
            for name in info.get(key, []):
                for form in forms(name):
                    if (
                        (len(form) > 2 or (len(form) == 2 and not form.isascii()))
                        and not any(char.isdigit() for char in form)
                        and form.count(" ") < 2
                    ):
                        table[form, month].add(language)
    for language, names in EXTRA.items():
        for month, name in enumerate(names.split("|"), 1):
            for form in forms(name):
                table[form, month].add(language.partition("-")[0])
    path = Path(__file__).parent.parent / "scraper" / "extract" / "months.tsv"
    lines = [f"{name}\t{month}\t{' '.join(sorted(languages))}\n" for (name, month), languages in sorted(table.items())]
    path.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
