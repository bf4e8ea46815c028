"""Dates as they are written in the languages of the world's news: the forms of the Unicode CLDR, and those that blogs and clocks have."""

import pytest

from scraper.extract.dates import reading_of
from scraper.extract.moments import Reading, moment

# The language, the month, and how the 21st of that month of 2024 is written there: CLDR's long and middle-sized forms.
WRITTEN = """
af | 1 | 21 Januarie 2024
am | 6 | 21 ጁን 2024
am | 6 | 21 ጁን 2024
ar | 11 | 21 نوفمبر 2024
ar_LB | 4 | 21 نيسان 2024
ar_MA | 9 | 21 شتنبر 2024
as | 2 | 21 ফেব্ৰুৱাৰী, 2024
as | 2 | 21-02-2024
az | 7 | 21 iyul 2024
be | 12 | 21 снежня 2024 г.
be | 12 | 21 сне 2024 г.
bg | 5 | 21 май 2024 г.
bn | 10 | 21 অক্টোবর, 2024
bn | 10 | 21 অক্টো, 2024
bs | 3 | 21. mart 2024.
ckb | 1 | 21ی کانوونی دووەمی 2024
cs | 6 | 21. června 2024
cs | 6 | 21. 6. 2024
cy | 11 | 21 Tachwedd 2024
da | 4 | 21. april 2024
da | 4 | 21. apr. 2024
de | 9 | 21. September 2024
de_AT | 2 | 21. Februar 2024
de_AT | 2 | 21.02.2024
el | 7 | 21 Ιουλίου 2024
en | 12 | December 21, 2024
en | 12 | Dec 21, 2024
en_GB | 5 | 21 May 2024
eo | 10 | 2024-Oktobro-21
eo | 10 | 2024-Okt-21
es | 3 | 21 de marzo de 2024
et | 8 | 21. august 2024
et | 8 | 21. aug 2024
eu | 1 | 2024(e)ko urtarrilaren 21(a)
fa | 6 | 21 ژوئن 2024
fa | 6 | 21 ژوئن 2024
fi | 11 | 21. marraskuuta 2024
fil | 4 | Abril 21, 2024
fil | 4 | Abr 21, 2024
fr | 9 | 21 septembre 2024
fr_CA | 2 | 21 février 2024
fr_CA | 2 | 21 févr. 2024
fy | 7 | 21 July 2024
ga | 12 | 21 Nollaig 2024
ga | 12 | 21 Noll 2024
gl | 5 | 21 de maio de 2024
gu | 10 | 21 ઑક્ટોબર, 2024
gu | 10 | 21 ઑક્ટો, 2024
ha | 3 | 21 Maris, 2024
he | 8 | 21 באוגוסט 2024
he | 8 | 21 באוג׳ 2024
hi | 1 | 21 जनवरी 2024
hr | 6 | 21. lipnja 2024.
hr | 6 | 21. lip 2024.
hu | 11 | 2024. november 21.
hy | 4 | 21 ապրիլի, 2024 թ.
hy | 4 | 21 ապր, 2024 թ.
id | 9 | 21 September 2024
ig | 2 | 21 Febrụwarị 2024
ig | 2 | 21 Feb 2024
is | 7 | 21. júlí 2024
it | 12 | 21 dicembre 2024
it | 12 | 21 dic 2024
ja | 5 | 2024年5月21日
ka | 10 | 21 ოქტომბერი, 2024
ka | 10 | 21 ოქტ. 2024
kk | 3 | 2024 ж. 21 наурыз
km | 8 | 21 សីហា 2024
km | 8 | 21 សីហា 2024
kn | 1 | ಜನವರಿ 21, 2024
ko | 6 | 2024년 6월 21일
ko | 6 | 2024. 6. 21.
ky | 11 | 2024-ж., 21-ноябрь
lb | 4 | 21. Abrëll 2024
lb | 4 | 21. Abr. 2024
lo | 9 | 21 ກັນຍາ 2024
lt | 2 | 2024 m. vasario 21 d.
lt | 2 | 2024-02-21
lv | 7 | 2024. gada 21. jūlijs
mk | 12 | 21 декември 2024 г.
mk | 12 | 21.12.2024 г.
ml | 5 | 2024, മേയ് 21
mr | 10 | 21 ऑक्टोबर, 2024
mr | 10 | 21 ऑक्टो, 2024
ms | 3 | 21 Mac 2024
mt | 8 | 21 ta’ Awwissu 2024
mt | 8 | 21 Aww 2024
my | 1 | 2024 ဇန်နဝါရီ 21
nb | 6 | 21. juni 2024
nb | 6 | 21. juni 2024
ne | 11 | 2024 नोभेम्बर 21
nl | 4 | 21 april 2024
nl | 4 | 21 apr 2024
nn | 9 | 21. september 2024
or | 2 | ଫେବୃଆରୀ 21, 2024
or | 2 | ଫେବୃଆରୀ 21, 2024
pa | 7 | 21 ਜੁਲਾਈ 2024
pl | 12 | 21 grudnia 2024
pl | 12 | 21 gru 2024
ps | 5 | 2024 مۍ 21
pt | 10 | 21 de outubro de 2024
pt | 10 | 21 de out. de 2024
ro | 3 | 21 martie 2024
ru | 8 | 21 августа 2024 г.
ru | 8 | 21 авг. 2024 г.
si | 1 | 2024 ජනවාරි 21
sk | 6 | 21. júna 2024
sk | 6 | 21. 6. 2024
sl | 11 | 21. november 2024
so | 4 | Abriil 21, 2024
so | 4 | 21-Abr-2024
sq | 9 | 21 shtator 2024
sr | 2 | 21. фебруар 2024.
sr | 2 | 21. 2. 2024.
sr_Latn | 7 | 21. jul 2024.
sv | 12 | 21 december 2024
sv | 12 | 21 dec. 2024
sw | 5 | 21 Mei 2024
ta | 10 | 21 அக்டோபர், 2024
ta | 10 | 21 அக்., 2024
te | 3 | 21 మార్చి, 2024
tg | 8 | 21 Август 2024
tg | 8 | 21 Авг 2024
th | 1 | 21 มกราคม ค.ศ. 2024
ti | 6 | ሰነ 21, 2024
ti | 6 | ሰነ 21, 2024
tk | 11 | 21 noýabr 2024
tr | 4 | 21 Nisan 2024
tr | 4 | 21 Nis 2024
ug | 9 | 21-سېنتەبىر، 2024
uk | 2 | 21 лютого 2024 р.
uk | 2 | 21 лют. 2024 р.
ur | 7 | 21 جولائی، 2024
uz | 12 | 21-dekabr, 2024
uz | 12 | 21-dek, 2024
vi | 5 | 21 tháng 5, 2024
zh | 10 | 2024年10月21日
zh | 10 | 2024年10月21日
zu | 3 | Mashi 21, 2024"""
LINES = [tuple(part.strip() for part in row.split("|")) for row in WRITTEN.strip().splitlines()]


@pytest.mark.parametrize(("tag", "month", "text"), LINES)
def test_a_written_date_is_read_in_its_language(tag: str, month: str, text: str) -> None:
    language, _, country = tag.partition("_")
    reading = reading_of(language, country if len(country) == 2 else None, None)
    for line in (text, text.upper() if language in ("en", "de", "pl", "ru", "es") else text, f"Dora Wend · {text} · 5 min"):
        found = moment(line, reading)
        assert found is not None
        assert found.day.isoformat() == f"2024-{int(month):02}-21"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("五月 21, 2025", "2025-05-21T00:00"),
        ("5月 21, 2025", "2025-05-21T00:00"),
        ("21 十二月, 2025", "2025-12-21T00:00"),
        ("21 Tháng Mười Một, 2025", "2025-11-21T00:00"),
        ("Tháng Năm 21, 2025", "2025-05-21T00:00"),
        ("2024 оны 5-р сарын 21", "2024-05-21T00:00"),
        ("๒๑ พ.ค. ๒๕๖๘ 15:07 น.", "2025-05-21T15:07"),
        ("21 مايو 2025، 3:07 م", "2025-05-21T15:07"),
        ("21 Μαΐου 2025, 3:07 μ.μ.", "2025-05-21T15:07"),
        ("21 Μαΐου 2025, 3:07 π.μ.", "2025-05-21T03:07"),
        ("21 Mei 2025 3:07 PTG", "2025-05-21T15:07"),
        ("2025. 5. 21. PM 3:07", "2025-05-21T15:07"),
        ("2025年5月21日 下午3:07", "2025-05-21T15:07"),
        ("\u200f21\u200f/05\u200f/2025", "2025-05-21T00:00"),
        ("2024-yil 21-yanvar", "2024-01-21T00:00"),
    ],
)
def test_what_stands_around_a_date_is_understood(text: str, expected: str) -> None:
    found = moment(text, Reading())
    assert found is not None
    assert found.when.replace(tzinfo=None).isoformat(timespec="minutes") == expected


@pytest.mark.parametrize("text", ["We met here 21 times in 2024", "room 5 of 2024 seats", "Elba 21 2024", "tháng trước 21, 2025"])
def test_words_that_are_no_months_make_no_date(text: str) -> None:
    assert moment(text, Reading()) is None
