"""Into which words does a text fall, and what does it say without how it is set? For the index of copies, fingerprints, and to be counted.

`plain` says it in Python, `c` the same in one pass over the characters; tests/test_words.py holds the two to one answer.
"""

from scraper.words.plain import Words, folds_of, sampled, taken_apart

try:
    from scraper.words._marks import count, has_unspaced, marks, said
except ImportError:
    from scraper.words.plain import count, has_unspaced, marks, said

__all__ = ["Words", "count", "folds_of", "has_unspaced", "marks", "said", "sampled", "taken_apart"]
