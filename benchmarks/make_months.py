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
# Of these the names only, not the abbreviations: a short Latin word that few read so is another language's word.
RARER = "am ti om so ha ig zu mg rw ckb or as ug uz-Cyrl fy eo".split()
LEAST_RARER = 5
MONTHS = "january february march april may june july august september october november december".split()
# Spoken of in Arabic news of the Levant and Iraq, the Maghreb, in Persian and Urdu news, languages that dateparser has no data of, and
# forms that its data lacks: inflected ones, and abbreviations of Austria and Québec.
EXTRA = {
    "ar": "كانون الثاني|شباط|آذار|نيسان|أيار|حزيران|تموز|آب|أيلول|تشرين الأول|تشرين الثاني|كانون الأول",
    "ar-ma": "جانفي|فيفري|مارس|أفريل|ماي|جوان|جويلية|أوت|سبتمبر|أكتوبر|نوفمبر|ديسمبر",
    "ar-morocco": "يناير|فبراير|مارس|أبريل|ماي|يونيو|يوليوز|غشت|شتنبر|أكتوبر|نونبر|دجنبر",
    "en": "jan|feb|mar|apr|may|jun|jul|aug|sept|oct|nov|dec",
    "de-at": "jän|feb|mär|apr|mai|jun|jul|aug|sept|okt|nov|dez",
    "fr": "janv|févr|mars|avr|mai|juin|juill|août|sept|oct|nov|déc",
    "de": "jänner|feber|märz|april|mai|juni|juli|august|september|oktober|november|dezember",
    "id": "jan|peb|mar|apr|mei|jun|jul|agt|sep|okt|nop|des",
    "cs": "led|úno|bře|dub|kvě|čvn|čvc|srp|zář|říj|lis|pro",
    "fa": "ژانویه|فوریه|مارس|آوریل|مه|ژوئن|ژوئیه|اوت|سپتامبر|اکتبر|نوامبر|دسامبر",
    "eu": "urtarrilaren|otsailaren|martxoaren|apirilaren|maiatzaren|ekainaren|"
    "uztailaren|abuztuaren|irailaren|urriaren|azaroaren|abenduaren",
    "eu-eko": "urtarrilak|otsailak|martxoak|apirilak|maiatzak|ekainak|uztailak|abuztuak|irailak|urriak|azaroak|abenduak",
    "tk": "ýanwar|fewral|mart|aprel|maý|iýun|iýul|awgust|sentýabr|oktýabr|noýabr|dekabr",
    "tg": "январ|феврал|март|апрел|май|июн|июл|август|сентябр|октябр|ноябр|декабр",
    "tt": "гыйнвар|февраль|март|апрель|май|июнь|июль|август|сентябрь|октябрь|ноябрь|декабрь",
    "sd": "جنوري|فيبروري|مارچ|اپريل|مئي|جون|جولاءِ|آگسٽ|سيپٽمبر|آڪٽوبر|نومبر|ڊسمبر",
    "ku": "rêbendan|sibat|adar|nîsan|gulan|hezîran|tîrmeh|tebax|îlon|cotmeh|mijdar|berfanbar",
    "ckb": "کانوونی دووەم|شوبات|ئازار|نیسان|ئایار|حوزەیران|تەمووز|ئاب|ئەیلوول|تشرینی یەکەم|تشرینی دووەم|کانوونی یەکەم",
    "ckb-ezafe": "کانوونی دووەمی|شوباتی|ئازاری|نیسانی|ئایاری|حوزەیرانی|تەمووزی|ئابی|ئەیلوولی|تشرینی یەکەمی|تشرینی دووەمی|کانوونی یەکەمی",
    "so": "janaayo|febraayo|maarso|abriil|maayo|juun|luulyo|agosto|sebtembar|oktoobar|noofeembar|diseembar",
    "ha": "janairu|faburairu|maris|afirilu|mayu|yuni|yuli|agusta|satumba|oktoba|nuwamba|disamba",
    "zu": "januwari|februwari|mashi|ephreli|meyi|juni|julayi|agasti|septhemba|okthoba|novemba|disemba",
    "oc": "genièr|febrièr|març|abril|mai|junh|julhet|agost|setembre|octòbre|novembre|decembre",
    "he": "בינו|בפבר|במרץ|באפר|במאי|ביוני|ביולי|באוג|בספט|באוק|בנוב|בדצמ",
    "hi": "जन|फ़र|मार्च|अप्रैल|मई|जून|जुल|अग|सित|अक्टू|नव|दिस",
    "el": "ιανουαρίου|φεβρουαρίου|μαρτίου|απριλίου|μαΐου|ιουνίου|ιουλίου|αυγούστου|σεπτεμβρίου|οκτωβρίου|νοεμβρίου|δεκεμβρίου",
}


def bare(name: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", name) if unicodedata.category(char) != "Mn")


def forms(name: str) -> set[str]:
    name = unicodedata.normalize("NFKC", name).casefold().strip(" .\u0970\u05f3").removeprefix("d'")
    alphabetic = all(ord(char) < 0x530 for char in name)
    return {name, bare(name)} if alphabetic else {name, name.replace(".", "")}


def usable(form: str, language: str) -> bool:
    """Say whether a form can be told from other words: no number, at most two words, and not too short."""
    least = 2 if not form.isascii() else LEAST_RARER if language in RARER else 3
    return len(form) >= least and not any(char.isdigit() for char in form) and form.count(" ") < 2


def main() -> None:
    table: dict[tuple[str, int], set[str]] = defaultdict(set)
    for language in (*LANGUAGES, *RARER):
        info = importlib.import_module(f"dateparser.data.date_translation_data.{language}").info
        for month, key in enumerate(MONTHS, 1):
            for form in {form for name in info.get(key, []) for form in forms(name) if usable(form, language)}:
                table[form, month].add(language.partition("-")[0])
    for language, names in EXTRA.items():
        for month, name in enumerate(names.split("|"), 1):
            for form in forms(name):
                table[form, month].add(language.partition("-")[0])
    path = Path(__file__).parent.parent / "scraper" / "extract" / "months.tsv"
    lines = [f"{name}\t{month}\t{' '.join(sorted(languages))}\n" for (name, month), languages in sorted(table.items())]
    path.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
