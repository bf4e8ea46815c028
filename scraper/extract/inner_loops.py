"""Which code goes from tag to tag and from character to character? Compiled code where a compiler was there when this was installed, and
the same in Python where none was.

    scan(page, written, cleaner, unescape, rows)             what a page's tags give; see `scanned.Scanned`
    rows(blocks, elements, layout, headline, ...)            the numbers that the body model weighs; see `plain_rows.py`
    tally(blocks, elements, kept, lines, names)              what is counted on a whole page; see `plain_tally.py`
    explain(texts, kept, scores, ...)                        why each block is not in the body; see `plain_reasons.py`
    witness(texts, descriptions, body)                       which texts the page's own markup quotes; see `witness.py`
    forward(matrix, weights, dilations)                      how likely each block is story; see `plain_network.py`
    common_form(text, slow)                                  how two spellings of one text are the same; see `plain.py`
    words(text), letters(text)                               the words of a text, as a list or run together
    paths(elements, signature)                               where elements stand; see `paths.py`
    shares(blocks, kept, first, end, paths, held)            how much of a story stands where; see `plain_shares.py`
    figures(text), leading_word(text)                          what a line shows at a glance; see `glance.py`
    utf8(text), is_sound_utf8(content)                       a page's bytes; see `plain_utf8.py`
    weigh_words(texts, weights, *tables)                     the weights of the words that texts begin with; see `story_words.py`
"""

__all__ = [
    "COMPILED",
    "common_form",
    "explain",
    "figures",
    "forward",
    "is_sound_utf8",
    "leading_word",
    "letters",
    "paths",
    "rows",
    "scan",
    "shares",
    "tally",
    "utf8",
    "weigh_words",
    "witness",
    "words",
]

try:
    from scraper.extract._speedups import (
        common_form,
        explain,
        figures,
        forward,
        is_sound_utf8,
        leading_word,
        letters,
        paths,
        rows,
        scan,
        shares,
        tally,
        utf8,
        weigh_words,
        witness,
        words,
    )

    COMPILED = True
except ImportError:
    from scraper.extract.plain_forms import common_form, letters, words
    from scraper.extract.plain_glance import figures, leading_word
    from scraper.extract.plain_network import forward
    from scraper.extract.plain_paths import paths
    from scraper.extract.plain_reasons import explain
    from scraper.extract.plain_rows import rows
    from scraper.extract.plain_scan import scan
    from scraper.extract.plain_shares import shares
    from scraper.extract.plain_tally import tally
    from scraper.extract.plain_utf8 import is_sound_utf8, utf8
    from scraper.extract.plain_witness import witness
    from scraper.extract.plain_words import weigh_words

    COMPILED = False
